# Everything from nothing: each target makes the virtual environment that it needs.
#
#   make lab            open JupyterLab at the first lesson     (ARGS="--no-browser --port 8889" passes flags)
#   make test           unit tests, peers, notebooks, lint, types
#   make field          how many reports from the field get the right answer
#   make check          make test, the notebooks in a real browser, the site, and the wheel
#   make test-python    unit tests and notebooks on another Python   (SECOND=/path/to/python3)
#   make dist           build the wheel and the source archive of a release, into build/dist
#   make site           build the course as a static site, into build/site
#   make serve-site     the same, and serve it on this machine  (PORT=8000)
#   make update-site    pin the newest packages that run in the site
#   make update-constraints   pin the newest packages that everything else runs with; needs the oldest Python supported
#   make screenshots    every panel in light, dark, narrow, wide and in high contrast, into build/screenshots
#   make notebooks      run the notebooks and store their outputs
#   make run-notebooks  run them with your own credentials; writes nothing
#   make clean          remove the virtual environment and what the tests left (then PYTHON=… counts again)

PYTHON ?= python3
ARGS ?=
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
NBVAL := $(BIN)/python -m pytest -p tests.notebook_times --nbval --nbval-current-env --nbval-cell-timeout=60
PARALLEL := --numprocesses auto --dist worksteal
UNIT := "not browser and not dist" $(PARALLEL)
NPM := $(shell command -v npm 2>/dev/null)
UNIT_NPM := tests/peers benchmarks/express examples/express
BROWSER_NPM := tests/browser/sdk examples/playwright_js
NODE_PEERS := $(if $(NPM),$(UNIT_NPM:%=%/node_modules/.stamp))
AGORA_SDKS := $(if $(NPM),$(BROWSER_NPM:%=%/node_modules/.stamp))

.PHONY: lab test test-python unit nbval lint field browser screenshots check notebooks run-notebooks bench site serve-site site-test dist dist-test update-site update-constraints clean

lab: $(VENV)/.stamp-lab
	@$(BIN)/python tools/open_lab.py $(ARGS)

test: lint unit nbval

unit: $(VENV)/.stamp-test $(NODE_PEERS)
	@echo "Unit tests, vectors and peers"
	AGORA_HELPERS_DEMO=1 $(BIN)/python -m pytest -m $(UNIT)

nbval: $(VENV)/.stamp-test
	@echo "Notebooks: every stored output compared, then once more with zlib-ng in place of zlib"
	AGORA_HELPERS_DEMO=1 $(NBVAL) notebooks
	AGORA_HELPERS_DEMO=1 PYTHONPATH=tests/zlib_ng $(NBVAL) notebooks

test-python: $(NODE_PEERS)
	@echo "Unit tests, vectors, peers and notebooks on $(SECOND)"
	@mkdir -p build
	$(SECOND) -m venv --clear build/second-python
	build/second-python/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[lab,test]"
	AGORA_HELPERS_DEMO=1 build/second-python/bin/python -m pytest -m $(UNIT)
	AGORA_HELPERS_DEMO=1 $(NBVAL:$(BIN)/%=build/second-python/bin/%) notebooks

lint: $(VENV)/.stamp-test
	@echo "Lint and types"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

field: $(VENV)/.stamp-test
	@$(BIN)/python -m tools.field

browser: $(VENV)/.stamp-lab $(VENV)/.stamp-test $(VENV)/.stamp-browser $(AGORA_SDKS)
	@echo "The notebooks in a real JupyterLab, the pages, and Agora's own SDKs, in headless Chromium"
	AGORA_HELPERS_DEMO=1 $(BIN)/python -m pytest -m "browser and not site" $(PARALLEL) tests/browser

screenshots: $(VENV)/.stamp-lab $(VENV)/.stamp-test $(VENV)/.stamp-browser
	@echo "Every panel and drawing in every form, into build/screenshots"
	@mkdir -p build/screenshots
	AGORA_HELPERS_DEMO=1 SCREENSHOTS=build/screenshots $(BIN)/python -m pytest -m browser tests/browser/test_gallery.py \
	  tests/browser/test_pictures.py tests/browser/test_timeline.py \
	  tests/browser/test_pages.py::test_what_is_inspected_can_be_read tests/browser/test_exercises_in_lab.py

# What `make browser` and `make site-test` run, in one go: the lessons of the site fill the gaps of the others.
check: test dist-test site $(VENV)/.stamp-lab $(VENV)/.stamp-browser $(AGORA_SDKS)
	@echo "The notebooks in a real JupyterLab and in a browser tab, the pages, and Agora's own SDKs, in headless Chromium"
	AGORA_HELPERS_DEMO=1 $(BIN)/python -m pytest -m browser $(PARALLEL) tests/browser

dist: $(VENV)/.stamp-dist
	@echo "Building wheel and source archive, into build/dist"
	@rm -rf build/dist && mkdir -p build
	$(BIN)/python -m build --outdir build/dist . >build/dist.log || { cat build/dist.log; exit 1; }

dist-test: dist $(VENV)/.stamp-test
	@echo "The wheel with each extra, in environments that have nothing else"
	$(BIN)/python -m pytest -m dist $(PARALLEL) tests/test_distribution.py

site: $(VENV)/.stamp-site
	@echo "Building the course as a static site"
	$(BIN)/python -m tools.build_site

serve-site: site
	@echo "Open http://127.0.0.1:$(PORT)/ in a browser; stop it with Ctrl-C."
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory build/site $(PORT)

site-test: site $(VENV)/.stamp-test $(VENV)/.stamp-browser
	@echo "Every lesson in a browser tab, with no network but the site's own address"
	$(BIN)/python -m pytest -m site $(PARALLEL) tests/browser/test_site.py

update-site: $(VENV)/.stamp-site
	$(BIN)/python -m tools.build_site --update

update-constraints:
	@echo "Pinning the newest versions in constraints.txt; this takes some minutes"
	$(PYTHON) tools/update_constraints.py

notebooks: $(VENV)/.stamp-test
	AGORA_HELPERS_DEMO=1 $(BIN)/python tools/run_notebooks.py --write

run-notebooks: $(VENV)/.stamp-test
	$(BIN)/python tools/run_notebooks.py

bench: $(VENV)/.stamp-test
	$(BIN)/python benchmarks/tokens.py
	$(BIN)/python benchmarks/server.py

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis $(UNIT_NPM:%=%/node_modules) $(BROWSER_NPM:%=%/node_modules)

# The virtual environment. A stamp is written last, so that an interrupted installation is taken up again; the first one
# holds the folder's name, since a virtual environment does not survive a move.
ifneq ($(shell cat $(VENV)/.stamp-venv 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/.stamp-venv
endif

$(VENV)/.stamp-venv:
	@sh tools/make_venv.sh '$(PYTHON)' $(VENV) '$(MAKECMDGOALS)'

$(VENV)/.stamp-lab $(VENV)/.stamp-test $(VENV)/.stamp-browser $(VENV)/.stamp-site $(VENV)/.stamp-dist: $(VENV)/.stamp-%: $(VENV)/.stamp-venv pyproject.toml constraints.txt tools/overrides.json
	@echo "Installing what 'make $*' needs; this takes a minute or so the first time"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[$*]"
	@mkdir -p $(VENV)/share/jupyter/lab/settings
	@cp tools/overrides.json $(VENV)/share/jupyter/lab/settings/overrides.json
	@touch $@

$(UNIT_NPM:%=%/node_modules/.stamp) $(BROWSER_NPM:%=%/node_modules/.stamp): %/node_modules/.stamp: %/package.json %/package-lock.json
	@echo "Installing the npm packages of $*"
	cd $* && npm ci --silent --no-audit --no-fund
	@touch $@

"""Measure how long a full inspector takes to redraw after an edit.

    PYTHONPATH=. python benchmarks/panels.py            about 10 s; prints milliseconds

The kernel's share is the new HTML. The browser's share is to parse it, apply the style sheet and lay it out, in
headless Chromium: without the transport between them. It needs ``make .venv/.stamp-browser``; without that, only the
first is printed.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable

from agora_helpers import Credentials, build_rtc_token, decode
from agora_helpers.constants import TokenVersion
from agora_helpers.display.linked import linked_html
from agora_helpers.display.style import sheet
from agora_helpers.panels import TokenInspector

CREDENTIALS = Credentials.demo()
ROUNDS = 50
REDRAW = """html => {
  const place = document.getElementById('place');
  const start = performance.now();
  place.innerHTML = html;
  place.getBoundingClientRect();
  return performance.now() - start;
}"""


def token(uid: int, version: TokenVersion) -> str:
    return build_rtc_token(CREDENTIALS, "lobby", uid=uid, role="publisher", version=version, now=1_700_000_000)


def median(measure: Callable[[int], float]) -> float:
    return statistics.median(measure(number) for number in range(1, ROUNDS + 1))


def in_kernel(version: TokenVersion) -> float:
    inspector = TokenInspector(token(1, version), CREDENTIALS, now=1_700_000_060)
    tokens = itertools.cycle([token(uid, version) for uid in range(2, 12)])

    def edit(_: int) -> float:
        text = next(tokens)
        start = time.perf_counter()
        inspector.token = text
        return (time.perf_counter() - start) * 1000

    return median(edit)


def in_browser(version: TokenVersion) -> float:
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import chromium

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_content(f'{sheet()}<div class="agora" id="place"></div>')

        def redraw(uid: int) -> float:
            text = token(uid, version)
            return float(page.evaluate(REDRAW, linked_html(text, decode(text))))

        result = median(redraw)
        browser.close()
    return result


def main() -> None:
    versions: tuple[TokenVersion, ...] = ("006", "007")
    for version in versions:
        print(f"{version}  kernel {in_kernel(version):5.1f} ms", end="")
        try:
            print(f"  browser {in_browser(version):5.1f} ms")
        except ImportError:
            print()


if __name__ == "__main__":
    main()

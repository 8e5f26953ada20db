"""``examples/web_client`` and lesson 06, which explains it piece by piece."""

from __future__ import annotations

import json
import re

from tests.support import ROOT


def test_the_pieces_in_the_lesson_are_the_whole_client() -> None:
    notebook = json.loads((ROOT / "notebooks/06_the_client.ipynb").read_text(encoding="utf-8"))
    text = "\n\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    pieces = re.findall(r"```js\n(.*?)```", text.partition("### Exercise")[0], re.S)
    client = (ROOT / "examples/web_client/client.js").read_text(encoding="utf-8")
    assert "\n".join(pieces) == client
    assert len(client.splitlines()) <= 60


def test_the_page_loads_the_client_after_the_sdk() -> None:
    page = (ROOT / "examples/web_client/index.html").read_text(encoding="utf-8")
    sdk, client = re.findall(r'<script src="([^"]+)">', page)
    assert "AgoraRTC_N" in sdk
    assert client == "client.js"

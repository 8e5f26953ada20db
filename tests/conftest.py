from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import settings

from agora_helpers.server.settings import VARIABLES

settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=150)
settings.load_profile("repeatable")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Where everything must be there (CI=true), a test that was skipped counts as failed."""
    report = yield
    if os.environ.get("CI") == "true" and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, and CI=true allows no skipping: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AGORA_APP_ID", "AGORA_APP_CERTIFICATE", "AGORA_HELPERS_DEMO", "FORCE_COLOR", *VARIABLES):
        monkeypatch.delenv(name, raising=False)

"""A pytest plugin (``-p tests.notebook_times``): how long each notebook took, all its cells together."""

from __future__ import annotations

from collections import defaultdict

import pytest

_seconds: defaultdict[str, float] = defaultdict(float)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _seconds[report.location[0]] += report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("time per notebook")
    for path, seconds in sorted(_seconds.items()):
        terminalreporter.line(f"{seconds:6.1f} s  {path}")

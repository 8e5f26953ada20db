"""Answers to the exercises of lesson 06."""

from __future__ import annotations

WRONG: dict[str, dict[str, str]] = {}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {}
"""Parts of right answers, which no feedback on a wrong one contains."""

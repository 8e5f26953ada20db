"""Exercises of lesson 06: the client, from joining to renewing."""

from __future__ import annotations

from .exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()

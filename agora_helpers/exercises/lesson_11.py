"""Exercises of lesson 11: a capstone that joins server, client and diagnosis."""

from __future__ import annotations

from .exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()

"""Exercises of lesson 10: an endpoint of your own, and its test."""

from __future__ import annotations

from .exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()

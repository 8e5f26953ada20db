"""Times and durations in words, always in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def format_utc(unix_time: int) -> str:
    """Return a Unix time as date and time.

    >>> format_utc(1_700_000_000)
    '2023-11-14 22:13:20 UTC'
    """
    return (_EPOCH + timedelta(seconds=unix_time)).strftime("%Y-%m-%d %H:%M:%S UTC")


def format_duration(seconds: int) -> str:
    """Return a duration in whole units, the largest unit that is precise enough.

    >>> format_duration(45), format_duration(3600), format_duration(90_000)
    ('45 s', '60 min', '25 h')
    """
    for limit, size, unit in (
        (120, 1, "s"),
        (7200, 60, "min"),
        (48 * 3600, 3600, "h"),
        (730 * 86400, 86400, "days"),
    ):
        if seconds < limit:
            return f"{seconds // size} {unit}"
    return f"{seconds // (365 * 86400)} years"


def format_relative(unix_time: int, now: int) -> str:
    """Return how far a Unix time is from ``now``.

    >>> format_relative(1000, now=1180), format_relative(1000, now=400)
    ('3 min ago', 'in 10 min')
    """
    return f"{format_duration(now - unix_time)} ago" if unix_time <= now else f"in {format_duration(unix_time - now)}"


def format_range(start: int, end: int) -> str:
    """Return a range of bytes or characters, counted from 0, by its first and last; ``end`` is not included.

    >>> format_range(2, 34), format_range(119, 120), format_range(7, 7)
    ('2-33', '119', 'none')
    """
    return "none" if start == end else str(start) if end == start + 1 else f"{start}-{end - 1}"


def join_some(names: list[str]) -> str:
    """Return the first three names, and how many more there are.

    >>> join_some(["a", "b"]), join_some(list("abcde"))
    ('a, b', 'a, b, c and 2 more')
    """
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")

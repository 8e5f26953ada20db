"""A test kit: test an app's Agora authentication in its own test suite, with the real SDKs and no account.

Needs the extra ``testing``, and Playwright where pages are tested. ``kit`` is a practice Agora for the pages of a test,
``bridge`` leads to it what Agora's SDKs send, and ``report`` tells what it saw. ``assertions`` checks tokens.
``plugin`` has the fixtures, which pytest finds by itself. pytest imports this package in every suite, so the names
below are loaded on first use.

May import: base, tokens, verification, sdk_errors, practice, display, server, practice_server.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .assertions import assert_admitted, assert_token
    from .kit import PracticeAgora

__all__ = [
    "PracticeAgora",
    "assert_admitted",
    "assert_token",
]
_MODULES = {"PracticeAgora": "kit", "assert_admitted": "assertions", "assert_token": "assertions"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)

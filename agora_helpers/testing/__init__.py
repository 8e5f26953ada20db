"""A test kit: test an app's Agora authentication in its own test suite. Needs the extra ``testing``.

``assertions`` checks tokens.

May import: base, ``tokens``, ``verification``, ``sdk_errors``, ``practice``, ``display``.
"""

from .assertions import assert_admitted, assert_token

__all__ = [
    "assert_admitted",
    "assert_token",
]

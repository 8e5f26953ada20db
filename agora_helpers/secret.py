"""Certificates and keys, held so that no ``repr`` and no traceback with local variables shows them.

Error reporters, debuggers and test runners print the ``repr`` of every local variable. So each function that takes a
certificate or key passes it to :func:`hide` first and keeps only the result. An encoded or stripped copy is a plain
value again: never keep one in a variable.
"""

from __future__ import annotations

from typing import NoReturn, Self, SupportsIndex, overload


class Secret(str):
    """A string whose ``repr`` hides it, and which cannot be pickled. It is otherwise the string itself.

    >>> key = Secret("0123456789abcdef")
    >>> key, key[:4], [key], f"{key}"
    (<hidden>, <hidden>, [<hidden>], '0123456789abcdef')
    """

    __slots__ = ()
    kind: type = str
    """The type of the value that is hidden."""

    def __getitem__(self, index: SupportsIndex | slice) -> Secret:
        return Secret(super().__getitem__(index))

    def __repr__(self) -> str:
        return "<hidden>"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("Certificates and keys are not pickled: a pickle would contain them in plain text.")


class Hidden:
    """Stands in for a value that should have been a string, but may contain a secret. Only its type is kept."""

    __slots__ = ("kind",)

    def __init__(self, value: object) -> None:
        self.kind = type(value)

    def __repr__(self) -> str:
        return "<hidden>"


@overload
def hide(value: str) -> Secret: ...
@overload
def hide(value: None) -> None: ...
@overload
def hide(value: object) -> Secret | Hidden | None: ...
def hide(value: object) -> Secret | Hidden | None:
    """Return a string as a :class:`Secret`, None as it is, and anything else as :class:`Hidden`.

    >>> hide("0123456789abcdef"), hide(b"0123456789abcdef"), hide(None)
    (<hidden>, <hidden>, None)
    """
    if value is None or isinstance(value, Secret | Hidden):
        return value
    return Secret(str.__str__(value)) if isinstance(value, str) else Hidden(value)

"""Agora's Web SDK for the client page: a local copy, or an address to load it from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from starlette.responses import Response
from starlette.routing import Route

from ...errors import InputError
from ..requests import HEADERS, constant_route
from ..settings import SDK_VARIABLE

DOWNLOAD = "https://download.agora.io/sdk/release/AgoraRTC_N-4.24.8.js"
"""Agora's download address, from the README of its npm package ``agora-rtc-sdk-ng``."""
_LOCAL_ADDRESS = "pages/agora-rtc-sdk.js"
_FILE_HINT = "Use AgoraRTC_N-production.js of the npm package agora-rtc-sdk-ng, or a file from Agora's downloads."


@dataclass(frozen=True, slots=True)
class WebSdk:
    """Where the client page loads ``agora-rtc-sdk-ng`` from.

    >>> WebSdk.load("").address
    'https://download.agora.io/sdk/release/AgoraRTC_N-4.24.8.js'
    """

    address: str
    """As the page names it."""
    content: bytes = b""
    """The local copy; empty if there is none."""

    @classmethod
    def load(cls, source: str) -> Self:
        """Find the SDK.

        Args:
            source: a file, which is read now, or an ``https`` address; empty for Agora's own address.

        Raises:
            InputError: the address is not an ``https`` one, or the file cannot be read or is not the SDK.
        """
        if not source or "://" in source:
            if not re.fullmatch(r"https://[a-z0-9.\-]+(:[0-9]{1,5})?/[\w.~%@:/+\-]*", source or DOWNLOAD, re.ASCII):
                hint = f"Write an address such as {DOWNLOAD}, or the path of a file."
                raise InputError(SDK_VARIABLE, "is not an https address.", hint)
            return cls(source or DOWNLOAD)
        return cls(
            _LOCAL_ADDRESS, read_sdk(SDK_VARIABLE, source, "Agora's Web SDK", ("AgoraRTC", "createClient"), _FILE_HINT)
        )

    @property
    def external_address(self) -> str:
        """The address on another host, for a content security policy; empty for a local copy."""
        return "" if self.content else self.address

    def routes(self) -> list[Route]:
        """Return the route of the local copy, if there is one."""
        return [script_route(f"/{_LOCAL_ADDRESS}", self.content)] if self.content else []


def read_sdk(variable: str, path: str, name: str, words: Iterable[str], hint: str) -> bytes:
    """Read a copy of one of Agora's SDKs.

    Args:
        variable: the setting that names the file.
        path: the file.
        name: of the SDK, for the error message.
        words: what the SDK's file contains.
        hint: which file to use.

    Raises:
        InputError: the file cannot be read or does not contain the words.
    """
    try:
        content = Path(path).expanduser().read_bytes()
    except OSError:
        raise InputError(variable, "names a file that cannot be read.", hint) from None
    if not all(word.encode() in content for word in words):
        raise InputError(variable, f"names a file that is not {name}.", hint)
    return content


def script_route(path: str, content: bytes) -> Route:
    """Return the route of an SDK's file."""
    return constant_route(path, Response(content, media_type="text/javascript", headers=HEADERS))

"""Agora's Web SDK for the client page: the reader's own copy, or an address to load it from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from starlette.responses import Response
from starlette.routing import Route

from ...errors import InputError
from ..requests import HEADERS, constant_route
from ..settings import SDK_VARIABLE

DOWNLOAD = "https://download.agora.io/sdk/release/AgoraRTC_N-4.24.8.js"
"""Agora's own address for it, from the README of its npm package ``agora-rtc-sdk-ng``."""
_OWN_ADDRESS = "pages/agora-rtc-sdk.js"


@dataclass(frozen=True, slots=True)
class WebSdk:
    """Where the page finds ``agora-rtc-sdk-ng``.

    >>> WebSdk.load("").address
    'https://download.agora.io/sdk/release/AgoraRTC_N-4.24.8.js'
    """

    address: str
    content: bytes = b""
    """The copy, if there is one."""

    @classmethod
    def load(cls, source: str) -> Self:
        """From a file, which is read now, or an ``https`` address; empty: Agora's own.

        Raises:
            InputError: the address is no ``https`` one, or the file cannot be read or holds something else.
        """
        if not source or "://" in source:
            if not re.fullmatch(r"https://[a-z0-9.\-]+(:[0-9]{1,5})?/[\w.~%@:/+\-]*", source or DOWNLOAD, re.ASCII):
                hint = f"Write an address such as {DOWNLOAD}, or the path of a file."
                raise InputError(SDK_VARIABLE, "is no https address.", hint)
            return cls(source or DOWNLOAD)
        try:
            content = Path(source).expanduser().read_bytes()
        except OSError:
            hint = (
                "Name AgoraRTC_N-production.js of the npm package agora-rtc-sdk-ng, or a file from Agora's downloads."
            )
            raise InputError(SDK_VARIABLE, "names no file that can be read.", hint) from None
        if b"AgoraRTC" not in content or b"createClient" not in content:
            hint = "Name AgoraRTC_N-production.js of the npm package agora-rtc-sdk-ng."
            raise InputError(SDK_VARIABLE, "names a file that is not Agora's Web SDK.", hint)
        return cls(_OWN_ADDRESS, content)

    @property
    def elsewhere(self) -> str:
        """The address on another host that it comes from, for a content security policy; empty for a copy."""
        return "" if self.content else self.address

    def routes(self) -> list[Route]:
        """The copy, from memory."""
        response = Response(self.content, media_type="text/javascript", headers=HEADERS)
        return [constant_route(f"/{_OWN_ADDRESS}", response)] if self.content else []

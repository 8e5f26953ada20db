"""Agora's Web SDK for the client page: a local copy, or an address to load it from."""

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
        try:
            content = Path(source).expanduser().read_bytes()
        except OSError:
            raise InputError(SDK_VARIABLE, "names a file that cannot be read.", _FILE_HINT) from None
        if b"AgoraRTC" not in content or b"createClient" not in content:
            raise InputError(SDK_VARIABLE, "names a file that is not Agora's Web SDK.", _FILE_HINT)
        return cls(_LOCAL_ADDRESS, content)

    @property
    def external_address(self) -> str:
        """The address on another host, for a content security policy; empty for a local copy."""
        return "" if self.content else self.address

    def routes(self) -> list[Route]:
        """Return the route of the local copy, if there is one."""
        response = Response(self.content, media_type="text/javascript", headers=HEADERS)
        return [constant_route(f"/{_LOCAL_ADDRESS}", response)] if self.content else []

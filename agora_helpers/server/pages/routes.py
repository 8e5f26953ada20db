"""The browser pages beside a token server: ``/try`` makes a request, ``/client`` joins a channel with Agora's Web SDK.

Everything comes from memory and from this server; only the SDK may come from Agora's download address, if no copy of it
is named. No page has an inline script or style, and the browser is told to allow none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from ..endpoints import ENDPOINTS
from ..requests import HEADERS, Body, RequestError, constant_route, receive_json, refuse, send_json
from ..settings import Settings
from .explain import explain_sdk_error, explain_try
from .web_sdk import WebSdk

_FOLDER = files(__package__)
_TYPES = {"css": "text/css", "html": "text/html", "js": "text/javascript", "svg": "image/svg+xml"}
_AGORA = "https://*.agora.io:* wss://*.agora.io:* https://*.sd-rtn.com:* wss://*.sd-rtn.com:*"
ONLY_THIS_SERVER = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
"""A content security policy: nothing but files of this server runs, shows or is asked."""


def page_routes(settings: Settings) -> list[Route]:
    """The pages, what they are made of, and the two questions that they ask.

    Args:
        settings: whose App ID the client uses, and where the SDK comes from.

    Raises:
        InputError: the copy of the SDK cannot be used.
    """
    sdk = WebSdk.load(settings.web_sdk)
    return [
        *try_routes(settings),
        *client_routes(settings, sdk),
        *asset_routes(_FOLDER, "/pages", ("style.css", "icon.svg", "shared.js", "try.js", "client.js")),
    ]


def try_routes(settings: Settings) -> list[Route]:
    """``GET /try``, and ``POST /try/explain``, which says what was asked and what came."""
    options = "".join(
        f'<option value="{path}">{path}: {escape(endpoint.summary)}</option>' for path, endpoint in ENDPOINTS.items()
    )
    policy = ONLY_THIS_SERVER | {"require-trusted-types-for": "'script'"}
    explain = partial(explain_try, paths=tuple(ENDPOINTS), now=settings.now)
    return [
        page_route("/try", page(_FOLDER, "try.html", options=options), policy),
        json_route("/try/explain", explain),
    ]


def client_routes(settings: Settings, sdk: WebSdk) -> list[Route]:
    """``GET /client``, ``POST /client/explain-error``, and the copy of the SDK, if there is one."""
    policy = ONLY_THIS_SERVER | {
        "connect-src": f"'self' {_AGORA}",
        "script-src": f"'self' {sdk.elsewhere}".strip(),
        "media-src": "'self' blob:",
        "worker-src": "'self' blob:",
    }
    notice = _DEMO if settings.credentials.is_demo else ""
    return [
        page_route("/client", client_page(settings, sdk.address, [sdk.address], notice=notice), policy),
        json_route("/client/explain-error", explain_sdk_error),
        *sdk.routes(),
    ]


def client_page(
    settings: Settings, sdk: str, scripts: Iterable[str], *, notice: str = "", project: str = "", brings: str = ""
) -> str:
    """The client's page.

    Args:
        settings: whose App ID the client uses.
        sdk: where its SDK comes from.
        scripts: addresses of the scripts that run before its own.
        notice: HTML on top.
        project: HTML above the client.
        brings: HTML at the top of the client's form.
    """
    lines = "\n".join(f'<script defer src="{escape(address)}"></script>' for address in scripts)
    values = {"app_id": escape(settings.credentials.app_id), "sdk": escape(sdk), "scripts": lines}
    return page(_FOLDER, "client.html", **values, notice=notice, project=project, brings=brings)


_DEMO = (
    '<p class="note across">This server uses the sample credentials that Agora publishes: Agora knows no such project, '
    "and refuses. Start it with your own App ID and App Certificate, or see Agora's SDK admitted and refused without "
    "an account: <code>agora-helpers serve --practice</code></p>"
)


def page(folder: Traversable, name: str, **values: str) -> str:
    """A page of ``folder/templates``, with its ``$names`` filled in; the values are HTML."""
    return Template((folder / "templates" / name).read_text(encoding="utf-8")).substitute(values)


def page_route(path: str, html: str, policy: Mapping[str, str]) -> Route:
    """A page under a content security policy."""
    header = "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
    return _static(path, html.encode(), "html", {"content-security-policy": header})


def asset_routes(folder: Traversable, path: str, names: Iterable[str]) -> list[Route]:
    """Files of ``folder/static`` under ``path``, read once."""
    found = {name: (folder / "static" / name).read_bytes() for name in names}
    return [_static(f"{path}/{name}", body, name.rpartition(".")[2]) for name, body in found.items()]


def _static(path: str, body: bytes, kind: str, headers: Mapping[str, str] | None = None) -> Route:
    return constant_route(path, Response(body, media_type=_TYPES[kind], headers=HEADERS | dict(headers or {})))


_MAX_BODY_BYTES = 32 * 1024


def json_route(path: str, answer: Callable[[Body], Body]) -> Route:
    """``POST path``: what ``answer`` makes of the JSON object that was sent."""
    return Route(path, _Endpoint(answer), methods=["POST"])


class _Endpoint:
    def __init__(self, answer: Callable[[Body], Body]) -> None:
        self._answer = answer

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            answered = self._answer(await receive_json(Headers(scope=scope), receive, _MAX_BODY_BYTES))
        except RequestError as error:
            await refuse(send, error)
        except ClientDisconnect:
            pass  # nobody reads an answer
        else:
            await send_json(send, answered)

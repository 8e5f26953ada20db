"""The browser pages of a token server: ``/try`` sends a request, ``/client`` joins a channel with Agora's Web SDK.

Everything comes from memory and from this server. Only the SDK comes from Agora's download address, unless the settings
name a copy of it. No page has an inline script or style, and the content security policy allows none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template

from starlette.responses import Response
from starlette.routing import Route

from ...display.style import CSS
from ..access import Gate
from ..endpoints import ENDPOINTS
from ..json_endpoint import JsonEndpoint
from ..requests import HEADERS, Body, constant_route
from ..settings import Settings
from .explain import explain_request, explain_sdk_error
from .form import endpoint_options, form_fields
from .web_sdk import WebSdk

MAX_BODY_BYTES = 8 * 1024
"""A question of a page contains a request and its token, or an error message: usually less than 2000 bytes."""
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
"""A content security policy: a page runs, shows and requests only what this server sends."""
_FOLDER = files(__package__)
_TYPES = {"css": "text/css", "html": "text/html", "js": "text/javascript", "svg": "image/svg+xml"}
_AGORA = "https://*.agora.io:* wss://*.agora.io:* https://*.sd-rtn.com:* wss://*.sd-rtn.com:*"
_DEMO = (
    '<p class="note across">This server uses the sample credentials that Agora publishes. Agora has no such project '
    "and rejects its tokens. Start the server with your own App ID and App Certificate. Or see how Agora's SDK is "
    "admitted and rejected without an account: <code>agora-helpers serve --practice</code></p>"
)


def page_routes(settings: Settings, gate: Gate) -> list[Route]:
    """Return the routes of the pages, their files and their questions.

    Args:
        settings: with the App ID for the client, and the source of the SDK.
        gate: of the token server. Questions need the same access as tokens, and count towards the same limit.

    Raises:
        InputError: the copy of the SDK cannot be used.
    """
    sdk = WebSdk.load(settings.web_sdk)
    return [
        *try_routes(settings, gate),
        *client_routes(settings, gate, sdk),
        _static("/pages/language.css", CSS.encode(), "css"),
        *asset_routes(_FOLDER, "/pages", ("style.css", "icon.svg", "shared.js", "try.js", "client.js")),
    ]


def try_routes(settings: Settings, gate: Gate) -> list[Route]:
    """Return ``GET /try``, and ``POST /try/explain``, which explains a request and its token."""
    html = page(_FOLDER, "try.html", options=endpoint_options(), fields=form_fields(settings.max_expires_in))
    policy = ONLY_THIS_SERVER | {"require-trusted-types-for": "'script'"}

    def explain(question: Body) -> Body:
        return explain_request(question, paths=tuple(ENDPOINTS), now=settings.current_time())

    return [page_route("/try", html, policy), json_route("/try/explain", explain, gate)]


def client_routes(settings: Settings, gate: Gate, sdk: WebSdk) -> list[Route]:
    """Return ``GET /client``, ``POST /client/explain-error``, and the copy of the SDK, if there is one."""
    policy = ONLY_THIS_SERVER | {
        "connect-src": f"'self' {_AGORA}",
        "script-src": f"'self' {sdk.external_address}".strip(),
        "media-src": "'self' blob:",
        "worker-src": "'self' blob:",
    }
    notice = _DEMO if settings.credentials.is_demo else ""
    return [
        page_route("/client", client_page(settings, sdk.address, [sdk.address], notice=notice), policy),
        json_route("/client/explain-error", explain_sdk_error, gate),
        *sdk.routes(),
    ]


def client_page(
    settings: Settings, sdk: str, scripts: Iterable[str], *, notice: str = "", project: str = "", joins_with: str = ""
) -> str:
    """Return the client's page.

    Args:
        settings: with the App ID for the client.
        sdk: address of Agora's SDK.
        scripts: addresses of the scripts that run before the page's own.
        notice: HTML on top.
        project: HTML above the client.
        joins_with: HTML at the top of the client's form.
    """
    elements = "\n".join(f'<script defer src="{escape(address)}"></script>' for address in scripts)
    values = {"app_id": escape(settings.credentials.app_id), "sdk": escape(sdk), "scripts": elements}
    return page(_FOLDER, "client.html", **values, notice=notice, project=project, joins_with=joins_with)


def page(folder: Traversable, name: str, **values: str) -> str:
    """Return a page of ``folder/templates`` with its ``$names`` replaced by ``values``, which are HTML."""
    return Template((folder / "templates" / name).read_text(encoding="utf-8")).substitute(values)


def page_route(path: str, html: str, policy: Mapping[str, str]) -> Route:
    """Return the route of a page under a content security policy."""
    header = "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
    return _static(path, html.encode(), "html", {"content-security-policy": header})


def asset_routes(folder: Traversable, path: str, names: Iterable[str]) -> list[Route]:
    """Return the routes of files of ``folder/static``, which are read now, under ``path``."""
    contents = {name: (folder / "static" / name).read_bytes() for name in names}
    return [_static(f"{path}/{name}", content, name.rpartition(".")[2]) for name, content in contents.items()]


def json_route(path: str, answer: Callable[[Body], Body], gate: Gate | None = None) -> Route:
    """Return the route ``POST path``, for a question of a page."""
    return Route(path, JsonEndpoint(answer, gate=gate, max_body_bytes=MAX_BODY_BYTES), methods=["POST"])


def _static(path: str, content: bytes, suffix: str, headers: Mapping[str, str] | None = None) -> Route:
    return constant_route(path, Response(content, media_type=_TYPES[suffix], headers=HEADERS | dict(headers or {})))

"""The browser pages of a token server.

``/try`` sends a request, ``/inspect`` explains a token or an error message, ``/client`` joins a channel with
Agora's Web SDK.

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

from ...display.inspection import MAX_CHARACTERS, examples_html
from ...display.style import css
from ..access import ANYONE, Gate
from ..endpoints import ENDPOINTS
from ..json_endpoint import JsonEndpoint
from ..requests import HEADERS, Body, constant_route
from ..settings import Settings
from .explain import explain_request, explain_sdk_error, inspect_text
from .form import endpoint_options, form_fields
from .web_sdk import WebSdk

MAX_BODY_BYTES = 8 * 1024
"""A question of a page contains a request and its token, or an error message: usually less than 2000 bytes."""
MAX_TEXT_BYTES = 64 * 1024
"""A text to inspect, of which 10,000 characters are read: JSON needs up to six bytes for a character."""
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
_SCRIPTS = ("shared.js", "try.js", "inspection.js", "inspect.js", "client.js")
_FOLDER = files(__package__)
_KEY = (_FOLDER / "templates/key.html").read_text(encoding="utf-8").strip()
_NAV = '<a href="try">Try a request</a><a href="inspect">Inspect</a><a href="client">Join a channel</a>'
_TRUSTED_TYPES = {"require-trusted-types-for": "'script'"}
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
        *inspect_routes(settings, gate),
        *client_routes(settings, gate, sdk),
        _static("/pages/language.css", css().encode(), "css"),
        *asset_routes(_FOLDER, "/pages", ("style.css", "icon.svg", *_SCRIPTS)),
    ]


def try_routes(settings: Settings, gate: Gate) -> list[Route]:
    """Return ``GET /try``, and ``POST /try/explain``, which explains a request and its token."""
    fields = form_fields(settings.max_expires_in)
    html = page(_FOLDER, "try.html", options=endpoint_options(), fields=fields, key=_KEY, nav=_nav("try"))

    def explain(question: Body) -> Body:
        return explain_request(question, paths=tuple(ENDPOINTS), now=settings.current_time())

    return [page_route("/try", html, ONLY_THIS_SERVER | _TRUSTED_TYPES), json_route("/try/explain", explain, gate)]


def inspect_routes(settings: Settings, gate: Gate) -> list[Route]:
    """Return ``GET /inspect``, and ``POST /inspect/explain``, which explains a pasted text."""
    values = {
        "title": "Agora token server",
        "policy": "",
        "script": "inspect.js",
        "nav": _nav("inspect"),
        "limit": str(MAX_CHARACTERS),
        "promise": "It goes to this server, which does not log or keep it, and nowhere else.",
        "key": "" if settings.access is ANYONE else _KEY,
        "examples": examples_html(),
        "progress": "",
    }
    policy = ONLY_THIS_SERVER | _TRUSTED_TYPES | {"trusted-types": "agora-inspection"}

    def explain(question: Body) -> Body:
        return inspect_text(question, now=settings.current_time())

    return [
        page_route("/inspect", page(_FOLDER, "inspect.html", **values), policy),
        json_route("/inspect/explain", explain, gate, max_body_bytes=MAX_TEXT_BYTES),
    ]


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
    values |= {"notice": notice, "project": project, "joins_with": joins_with, "key": _KEY, "nav": _nav("client")}
    return page(_FOLDER, "client.html", **values)


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


def json_route(
    path: str, answer: Callable[[Body], Body], gate: Gate | None = None, *, max_body_bytes: int = MAX_BODY_BYTES
) -> Route:
    """Return the route ``POST path``, for a question of a page."""
    return Route(path, JsonEndpoint(answer, gate=gate, max_body_bytes=max_body_bytes), methods=["POST"])


def _nav(name: str) -> str:
    """Return the links to the pages; ``name`` is the one that they stand on."""
    return _NAV.replace(f'"{name}"', f'"{name}" aria-current="page"')


def _static(path: str, content: bytes, suffix: str, headers: Mapping[str, str] | None = None) -> Route:
    return constant_route(path, Response(content, media_type=_TYPES[suffix], headers=HEADERS | dict(headers or {})))

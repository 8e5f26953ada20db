"""Code that requests a token from a token server: the same request with ``curl``, in JavaScript and in Python."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any

SERVER = "TOKEN_SERVER"
"""The variable for the address of the token server, where it is not known."""
KEY = "API_KEY"
"""The variable for the API key, which itself never appears in a call."""


def curl_call(path: str, body: Mapping[str, Any], *, server: str = "", with_key: bool = False) -> str:
    """Return the ``curl`` call.

    Args:
        path: for instance ``/rtctoken``.
        body: the request's body, sent as JSON.
        server: the server's address; by default the call reads it from the shell variable ``TOKEN_SERVER``.
        with_key: send an API key, which the call reads from the shell variable ``API_KEY``.

    >>> print(curl_call("/rtmtoken", {"user": "alice"}, server="http://localhost:3000"))
    curl -sS http://localhost:3000/rtmtoken -H 'Content-Type: application/json' -d '{"user": "alice"}'
    """
    url = shlex.quote(server + path) if server else f'"${SERVER}{path}"'
    key = f' -H "Authorization: Bearer ${KEY}"' if with_key else ""
    return f"curl -sS {url} -H 'Content-Type: application/json'{key} -d {shlex.quote(json.dumps(body))}"


def javascript_call(path: str, body: Mapping[str, Any], *, server: str = "", with_key: bool = False) -> str:
    """Return the JavaScript statement. Arguments as in :func:`curl_call`, with JavaScript variables.

    In a browser the server must allow the page's origin.

    >>> javascript_call("/rtmtoken", {"user": "alice"})[:63]
    'const { token } = await (await fetch(TOKEN_SERVER + "/rtmtoken"'
    """
    client = ["userAccount" if "userAccount" in body else "uid"] if path in ("/rtctoken", "/token") else []
    names = [*client, "token"]
    url = json.dumps(server + path) if server else f"{SERVER} + {json.dumps(path)}"
    key = f', Authorization: "Bearer " + {KEY}' if with_key else ""
    return (
        f'const {{ {", ".join(names)} }} = await (await fetch({url}, {{ method: "POST", '
        f'headers: {{ "Content-Type": "application/json"{key} }}, body: JSON.stringify({json.dumps(body)}) }})).json();'
    )


def python_call(path: str, body: Mapping[str, Any], *, server: str = "", with_key: bool = False) -> str:
    """Return the Python statement, for the package ``httpx2``. Arguments as in :func:`curl_call`.

    >>> python_call("/rtctoken", {"channel": "lobby", "isPublisher": True}, with_key=True)[:77]
    "answer = httpx2.post(TOKEN_SERVER + '/rtctoken', json={'channel': 'lobby', 'i"
    """
    url = repr(server + path) if server else f"{SERVER} + {path!r}"
    key = f', headers={{"Authorization": f"Bearer {{{KEY}}}"}}' if with_key else ""
    return f"answer = httpx2.post({url}, json={dict(body)!r}{key}).json()"

"""The calls that ask a token server for a token: the same request with ``curl``, in JavaScript and in Python."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any

SERVER = "TOKEN_SERVER"
"""Stands for the address of the token server where it is not known."""
KEY = "API_KEY"
"""Stands for the API key, which never appears in a call."""


def curl_call(path: str, body: Mapping[str, Any], *, server: str = "", with_key: bool = False) -> str:
    """The ``curl`` call.

    Args:
        path: such as ``/rtctoken``.
        body: what is sent as JSON.
        server: the server's address; empty: it is in the shell variable ``TOKEN_SERVER``.
        with_key: send the API key that is in the shell variable ``API_KEY``.

    >>> print(curl_call("/rtmtoken", {"user": "alice"}, server="http://localhost:3000"))
    curl -sS http://localhost:3000/rtmtoken -H 'Content-Type: application/json' -d '{"user": "alice"}'
    """
    url = shlex.quote(server + path) if server else f'"${SERVER}{path}"'
    key = f' -H "Authorization: Bearer ${KEY}"' if with_key else ""
    return f"curl -sS {url} -H 'Content-Type: application/json'{key} -d {shlex.quote(json.dumps(body))}"


def javascript_call(path: str, body: Mapping[str, Any], *, server: str = "", with_key: bool = False) -> str:
    """The JavaScript statement; the arguments are those of :func:`curl_call`, the variables JavaScript's.

    In a browser the page's origin must be one that the server allows.

    >>> javascript_call("/rtmtoken", {"user": "alice"})[:63]
    'const { token } = await (await fetch(TOKEN_SERVER + "/rtmtoken"'
    """
    wanted = ["token"] if path == "/rtmtoken" else ["userAccount" if "userAccount" in body else "uid", "token"]
    url = json.dumps(server + path) if server else f"{SERVER} + {json.dumps(path)}"
    key = f', Authorization: "Bearer " + {KEY}' if with_key else ""
    return (
        f'const {{ {", ".join(wanted)} }} = await (await fetch({url}, {{ method: "POST", '
        f'headers: {{ "Content-Type": "application/json"{key} }}, body: JSON.stringify({json.dumps(body)}) }})).json();'
    )


def python_call(path: str, body: Mapping[str, Any], *, server: str = "", with_key: bool = False) -> str:
    """The Python statement, for the package ``httpx2``; the arguments are those of :func:`curl_call`.

    >>> python_call("/rtctoken", {"channel": "lobby", "isPublisher": True}, with_key=True)[:77]
    "answer = httpx2.post(TOKEN_SERVER + '/rtctoken', json={'channel': 'lobby', 'i"
    """
    url = repr(server + path) if server else f"{SERVER} + {path!r}"
    key = f', headers={{"Authorization": f"Bearer {{{KEY}}}"}}' if with_key else ""
    return f"answer = httpx2.post({url}, json={dict(body)!r}{key}).json()"

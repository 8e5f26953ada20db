"""Calls of Agora's own token builders, for people who build tokens in another language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..constants import TokenVersion

_GO = "github.com/AgoraIO/Tools/DynamicKey/AgoraDynamicKey/go/src"


def builder_calls(kind: str, version: TokenVersion, values: Mapping[str, Any]) -> dict[str, str]:
    """Return calls of Agora's builders that build such a token, by language.

    Args:
        kind: ``"rtc"``, ``"rtm"``, ``"both"``, ``"chat"`` or ``"convoai"``.
        version: the token's version; only Agora's packages for Node.js are called for 006.
        values: what the token contains: ``channel``, ``uid`` or ``account``, ``role``, ``user``, and ``expires_in``
            in seconds.

    Source: the npm packages ``agora-token`` and ``agora-access-token``, and AgoraIO/Tools, ``DynamicKey``.

    >>> calls = builder_calls("rtm", "007", {"user": "alice", "expires_in": 3600})
    >>> list(calls)
    ['Node.js', 'Go', 'PHP']
    >>> print(calls["PHP"])
    require_once 'RtmTokenBuilder2.php';
    $token = RtmTokenBuilder2::buildToken($appId, $appCertificate, 'alice', 3600);
    """
    calls = {"Node.js": _node_006(kind, values) if version == "006" else _node_007(kind, values)}
    if version == "007" and kind in ("rtc", "rtm", "chat"):
        calls |= {"Go": _go(kind, values), "PHP": _php(kind, values)}
    return calls


def _node_007(kind: str, values: Mapping[str, Any]) -> str:
    lifetime = values["expires_in"]
    if kind == "rtm":
        return _node("agora-token", "RtmTokenBuilder", "buildToken", *_arguments(values))
    if kind == "chat":
        return _node("agora-token", "ChatTokenBuilder", "buildUserToken", *_arguments(values))
    role = f"RtcRole.{values.get('role', 'publisher').upper()}"
    if kind == "rtc":
        method = f"buildToken{_with_client(values)}"
        return _node("agora-token", "RtcTokenBuilder", method, *_arguments(values, role=role), role="RtcRole")
    convoai = ("ConvoAITokenBuilder", "buildToken")
    builder, method = convoai if kind == "convoai" else ("RtcTokenBuilder", "buildTokenWithRtm2")
    client = json.dumps(str(_client(values)))
    names = (json.dumps(values["channel"]), client, role)
    lifetimes = [lifetime] * 5  # the token's own, then join, and publish audio, video and data
    user = json.dumps(values["user"]) if "user" in values else client
    return _node("agora-token", builder, method, *names, *lifetimes, user, lifetime, role="RtcRole")


def _node_006(kind: str, values: Mapping[str, Any]) -> str:
    expires_at = f"Math.floor(Date.now() / 1000) + {values['expires_in']}"
    if kind == "rtm":
        arguments = (json.dumps(values["user"]), "RtmRole.Rtm_User", expires_at)
        return _node("agora-access-token", "RtmTokenBuilder", "buildToken", *arguments, role="RtmRole")
    method = "buildTokenWithUid" if "uid" in values else "buildTokenWithAccount"
    role = f"RtcRole.{values['role'].upper()}"
    names = (json.dumps(values["channel"]), json.dumps(_client(values)))
    return _node("agora-access-token", "RtcTokenBuilder", method, *names, role, expires_at, role="RtcRole")


def _node(package: str, builder: str, method: str, *arguments: object, role: str = "") -> str:
    names = f"{builder}, {role}" if role else builder
    call = f"{builder}.{method}(appId, appCertificate, {', '.join(map(str, arguments))})"
    return f'const {{ {names} }} = require("{package}");\nconst token = {call};'


def _go(kind: str, values: Mapping[str, Any]) -> str:
    package, function = {
        "rtc": ("rtctokenbuilder2", f"BuildToken{_with_client(values)}"),
        "rtm": ("rtmtokenbuilder2", "BuildToken"),
        "chat": ("chatTokenBuilder", "BuildChatUserToken"),
    }[kind]
    arguments = ", ".join(_arguments(values, role=f"builder.Role{values.get('role', '').capitalize()}"))
    return f'import builder "{_GO}/{package}"\n\ntoken, err := builder.{function}(appId, appCertificate, {arguments})'


def _php(kind: str, values: Mapping[str, Any]) -> str:
    builder, method = {
        "rtc": ("RtcTokenBuilder2", f"buildToken{_with_client(values)}"),
        "rtm": ("RtmTokenBuilder2", "buildToken"),
        "chat": ("ChatTokenBuilder2", "buildUserToken"),
    }[kind]
    role = f"{builder}::ROLE_{values.get('role', '').upper()}"
    arguments = ", ".join(_arguments(values, role=role, quote="'"))
    return f"require_once '{builder}.php';\n$token = {builder}::{method}($appId, $appCertificate, {arguments});"


def _arguments(values: Mapping[str, Any], *, role: str = "", quote: str = '"') -> list[str]:
    """Return the arguments that the builders of all languages have in common, after the credentials.

    Agora's names contain neither quotes nor backslashes. They may contain ``$``, to which PHP's double quotes react.
    """
    lifetime = str(values["expires_in"])
    if "channel" not in values:
        return [f"{quote}{values['user']}{quote}", lifetime]
    client = str(values["uid"]) if "uid" in values else f"{quote}{values['account']}{quote}"
    return [f"{quote}{values['channel']}{quote}", client, role, lifetime, lifetime]


def _with_client(values: Mapping[str, Any]) -> str:
    return "WithUid" if "uid" in values else "WithUserAccount"


def _client(values: Mapping[str, Any]) -> int | str:
    client: int | str = values["uid"] if "uid" in values else values["account"]
    return client

"""Building tokens: validation, then signing.

Lifetimes are durations in seconds in every function and version. Time and salt can be passed in, so that the
same token can be built again.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from time import time

from ..constants import (
    CHAT_APP,
    DAY,
    MAX_ENTRIES,
    MAX_PAYLOAD_BYTES,
    MAX_SERVICES,
    ROLE_PRIVILEGES,
    RTM_LOGIN_006,
    UINT32_MAX,
    USER_MAX_BYTES,
    Role,
    RoleName,
    TokenVersion,
)
from ..credentials import Credentials, wrong_credentials
from ..errors import ErrorCode, InputError, TokenFormatError
from ..secret import hide
from ..validation import (
    check_account,
    check_channel,
    check_chat_user,
    check_expires_in,
    check_name,
    check_role,
    check_uid,
    check_uint32,
    check_user,
    plain_str,
    refuse_placeholder,
    type_name,
)
from . import v006, v007
from .services import ChatService, ConvoAiService, RtcService, RtmService, Service, check_service


def build_rtc_token(
    credentials: Credentials,
    channel: str,
    *,
    uid: int | None = None,
    account: str | None = None,
    role: Role | RoleName = "subscriber",
    expires_in: int = 3600,
    version: TokenVersion = "007",
    allow_any_uid: bool = False,
    allow_placeholder_names: bool = False,
    now: int | None = None,
    salt: int | None = None,
) -> str:
    """Build a token with which one client may join one channel.

    Args:
        credentials: the project's App ID and App Certificate.
        channel: 1 to 63 bytes of Agora's 89 characters.
        uid: the client's integer uid, 1 to 2**32-1. Exactly one of ``uid`` and ``account``.
        account: the client's user account, 1 to 255 bytes of Agora's 89 characters.
        role: ``"publisher"`` (sends and receives) or ``"subscriber"`` (receives).
        expires_in: lifetime in seconds, 1 to 86400.
        version: ``"007"``, or ``"006"`` as in the classic tutorial.
        allow_any_uid: with ``uid=0``, build a token that any client may use.
        allow_placeholder_names: accept names that look like a variable without a value, such as ``"undefined"``.
        now: Unix time of issue, uint32; by default the current time.
        salt: uint32; random by default.

    Raises:
        InputError: an argument breaks one of Agora's rules. It names the argument and says what to do.

    Returns:
        The token.

    Sources: rules of names and lifetimes from Agora's documentation of token authentication, formats from
    its official builders (github.com/AgoraIO/Tools).

    >>> from agora_helpers import Credentials, build_rtc_token, decode
    >>> token = build_rtc_token(Credentials.demo(), "lobby", uid=7, role="publisher", now=1_700_000_000, salt=1)
    >>> decode(token).services[0].privileges
    {1: 3600, 2: 3600, 3: 3600, 4: 3600}
    """
    if not isinstance(credentials, Credentials):
        raise wrong_credentials(credentials := hide(credentials))
    channel = check_channel(channel)
    signed_uid = _signed_uid(uid, account, allow_any_uid)
    if not allow_placeholder_names:
        refuse_placeholder("channel", channel)
        refuse_placeholder("account", signed_uid)
    privileges = ROLE_PRIVILEGES[check_role(role)]
    times = _check_times(expires_in, now, salt)
    if version != v007.VERSION and _check_version(version) == v006.VERSION:
        return _encode_006(credentials, channel, signed_uid, privileges, *times)
    return _encode_007(credentials, (RtcService(channel, signed_uid, privileges),), *times)


def build_rtm_token(
    credentials: Credentials,
    user: str,
    *,
    expires_in: int = 3600,
    version: TokenVersion = "007",
    allow_placeholder_names: bool = False,
    now: int | None = None,
    salt: int | None = None,
) -> str:
    """Build a token with which one user may log in to messaging (RTM, Signaling). It names no channel.

    Args:
        credentials: the project's App ID and App Certificate.
        user: the RTM user id, 1 to 64 bytes of Agora's 89 characters.
        expires_in: lifetime in seconds, 1 to 86400. Agora ignores it in a 006 RTM token, which always
            lives 24 hours.
        version: ``"007"`` or ``"006"``.
        allow_placeholder_names: accept a name that looks like a variable without a value, such as ``"undefined"``.
        now: Unix time of issue, uint32; by default the current time.
        salt: uint32; random by default.

    Raises:
        InputError: an argument breaks one of Agora's rules. It names the argument and says what to do.

    Returns:
        The token.

    >>> from agora_helpers import Credentials, build_rtm_token, decode
    >>> decode(build_rtm_token(Credentials.demo(), "alice")).services[0].user
    'alice'
    """
    if not isinstance(credentials, Credentials):
        raise wrong_credentials(credentials := hide(credentials))
    user = check_user(user)
    if not allow_placeholder_names:
        refuse_placeholder("user", user)
    times = _check_times(expires_in, now, salt)
    if version != v007.VERSION and _check_version(version) == v006.VERSION:
        return _encode_006(credentials, user, "", (RTM_LOGIN_006,), *times)
    return _encode_007(credentials, (RtmService(user),), *times)


def build_rtc_rtm_token(
    credentials: Credentials,
    channel: str,
    *,
    uid: int | None = None,
    account: str | None = None,
    user: str | None = None,
    role: Role | RoleName = "subscriber",
    expires_in: int = 3600,
    allow_placeholder_names: bool = False,
    now: int | None = None,
    salt: int | None = None,
) -> str:
    """Build one 007 token with which one client may join one channel and log in to messaging (RTM, Signaling).

    Args:
        credentials: the project's App ID and App Certificate.
        channel: 1 to 63 bytes of Agora's 89 characters.
        uid: the client's integer uid, 1 to 2**32-1. Exactly one of ``uid`` and ``account``.
        account: the client's user account, 1 to 255 bytes of Agora's 89 characters.
        user: the RTM user id, 1 to 64 bytes of the same characters; by default the account, or the uid as a string.
        role: ``"publisher"`` (sends and receives) or ``"subscriber"`` (receives).
        expires_in: lifetime in seconds, 1 to 86400.
        allow_placeholder_names: accept names that look like a variable without a value, such as ``"undefined"``.
        now: Unix time of issue, uint32; by default the current time.
        salt: uint32; random by default.

    Raises:
        InputError: an argument breaks one of Agora's rules. It names the argument and says what to do.

    Returns:
        The token.

    Source: Agora's documentation, "How can I generate a token with both RTC and Signaling privileges?"

    >>> from agora_helpers import Credentials, build_rtc_rtm_token, decode
    >>> channel, messaging = decode(build_rtc_rtm_token(Credentials.demo(), "lobby", uid=7)).services
    >>> channel.uid, messaging.user
    ('7', '7')
    """
    if not isinstance(credentials, Credentials):
        raise wrong_credentials(credentials := hide(credentials))
    services = _rtc_and_rtm(channel, uid, account, user, check_role(role), allow_placeholder_names)
    return _encode_007(credentials, services, *_check_times(expires_in, now, salt))


def build_chat_token(
    credentials: Credentials,
    user: str,
    *,
    expires_in: int = 3600,
    allow_placeholder_names: bool = False,
    now: int | None = None,
    salt: int | None = None,
) -> str:
    """Build a 007 token with which one user may log in to Chat.

    Args:
        credentials: the project's App ID and App Certificate.
        user: the Chat user id, 1 to 64 of the characters a-z, 0-9, ``_``, ``-`` and ``.``.
        expires_in: lifetime in seconds, 1 to 86400.
        allow_placeholder_names: accept names that look like a variable without a value, such as ``"undefined"``.
        now: Unix time of issue, uint32; by default the current time.
        salt: uint32; random by default.

    Raises:
        InputError: an argument breaks one of Agora's rules. It names the argument and says what to do.

    Returns:
        The token.

    Sources: Agora's documentation of Chat, "Secure authentication with tokens" and "User system registration".

    >>> from agora_helpers import Credentials, build_chat_token, decode
    >>> decode(build_chat_token(Credentials.demo(), "alice")).services[0].user
    'alice'
    >>> build_chat_token(Credentials.demo(), "Alice")
    Traceback (most recent call last):
    agora_helpers.errors.InputError: user: contains a character that Chat does not allow (U+0041, position 1). ...
    """
    if not isinstance(credentials, Credentials):
        raise wrong_credentials(credentials := hide(credentials))
    user = check_chat_user(user)
    if not allow_placeholder_names:
        refuse_placeholder("user", user)
    return _encode_007(credentials, (ChatService(user),), *_check_times(expires_in, now, salt))


def build_chat_app_token(
    credentials: Credentials,
    *,
    expires_in: int = 3600,
    now: int | None = None,
    salt: int | None = None,
) -> str:
    """Build a 007 token for Chat's RESTful APIs. It may manage every user and group, so it never leaves your backend.

    Args:
        credentials: the project's App ID and App Certificate.
        expires_in: lifetime in seconds, 1 to 86400.
        now: Unix time of issue, uint32; by default the current time.
        salt: uint32; random by default.

    Raises:
        InputError: an argument breaks one of Agora's rules. It names the argument and says what to do.

    Returns:
        The token.

    Source: Agora's documentation of Chat, "Secure authentication with tokens".

    >>> from agora_helpers import Credentials, build_chat_app_token, decode
    >>> decode(build_chat_app_token(Credentials.demo(), now=1_700_000_000)).services[0]
    ChatService(user='', privileges={2: 3600})
    """
    if not isinstance(credentials, Credentials):
        raise wrong_credentials(credentials := hide(credentials))
    return _encode_007(credentials, (ChatService("", (CHAT_APP,)),), *_check_times(expires_in, now, salt))


def build_convoai_token(
    credentials: Credentials,
    channel: str,
    *,
    uid: int | None = None,
    account: str | None = None,
    expires_in: int = 3600,
    allow_placeholder_names: bool = False,
    now: int | None = None,
    salt: int | None = None,
) -> str:
    """Build a 007 token for an agent of Conversational AI: it joins a channel as a publisher and logs in to messaging.

    Your backend sends it when it starts the agent (``properties.token``), and may authenticate its own requests to the
    RESTful API with it: ``Authorization: agora token=…``.

    Args:
        credentials: the project's App ID and App Certificate.
        channel: as in ``properties.channel``; 1 to 63 bytes of Agora's 89 characters.
        uid: as in ``properties.agent_rtc_uid``, 1 to 2**32-1. Exactly one of ``uid`` and ``account``.
        account: the same where ``enable_string_uid`` is true. It is the RTM user id, too, so it has 1 to 64 bytes.
        expires_in: lifetime in seconds, 1 to 86400.
        allow_placeholder_names: accept names that look like a variable without a value, such as ``"undefined"``.
        now: Unix time of issue, uint32; by default the current time.
        salt: uint32; random by default.

    Raises:
        InputError: an argument breaks one of Agora's rules. It names the argument and says what to do.

    Returns:
        The token.

    Sources: Agora's documentation of Conversational AI, "RESTful authentication" and "Start a conversational AI agent";
    the services are those of the official ``ConvoAITokenBuilder`` (npm package ``agora-token``).

    >>> from agora_helpers import Credentials, build_convoai_token, decode
    >>> [service.name for service in decode(build_convoai_token(Credentials.demo(), "lobby", uid=1001)).services]
    ['rtc', 'rtm', 'convoai']
    """
    if not isinstance(credentials, Credentials):
        raise wrong_credentials(credentials := hide(credentials))
    if isinstance(account, str):
        account = check_name("account", account, USER_MAX_BYTES)
    services = _rtc_and_rtm(channel, uid, account, None, Role.PUBLISHER, allow_placeholder_names)
    return _encode_007(credentials, (*services, ConvoAiService()), *_check_times(expires_in, now, salt))


def build_token(
    credentials: Credentials,
    services: Iterable[Service],
    *,
    expires_in: int = 3600,
    allow_placeholder_names: bool = False,
    now: int | None = None,
    salt: int | None = None,
) -> str:
    """Build a 007 token with any mix of services; the same service may occur more than once.

    Args:
        credentials: the project's App ID and App Certificate.
        services: 1 to 64 of the service classes, such as :class:`RtcService`. Their ``privileges`` are a
            tuple of numbers, which then end with the token, or a mapping to seconds, 1 to ``expires_in``.
        expires_in: lifetime in seconds, 1 to 86400.
        allow_placeholder_names: accept names that look like a variable without a value, such as ``"undefined"``.
        now: Unix time of issue, uint32; by default the current time.
        salt: uint32; random by default.

    Raises:
        InputError: an argument breaks one of Agora's rules. It names the argument and says what to do.

    Returns:
        The token.

    >>> from agora_helpers import Credentials, RtcService, RtmService, build_token, decode
    >>> token = build_token(Credentials.demo(), [RtcService("lobby", 7), RtmService("alice")])
    >>> [service.name for service in decode(token).services]
    ['rtc', 'rtm']
    """
    if not isinstance(credentials, Credentials):
        raise wrong_credentials(credentials := hide(credentials))
    expires_in = check_expires_in(expires_in)
    checked = [
        check_service(f"services[{index}]", service, expires_in, allow_placeholder_names=allow_placeholder_names)
        for index, service in enumerate(_listed(services))
    ]
    token = _encode_007(credentials, checked, *_check_times(expires_in, now, salt))
    try:
        v007.decode(token)
    except TokenFormatError:  # larger than any reader of this package accepts
        problem = f"need more than {MAX_PAYLOAD_BYTES} bytes, or have more than {MAX_ENTRIES} privileges and names."
        hint = "Spread them over several tokens."
        raise InputError("services", problem, hint, code=ErrorCode.TOO_LONG) from None
    return token


def _listed(services: object) -> list[object]:
    hint = "Pass at least one service, for instance [RtmService('alice')]."
    if isinstance(services, str | bytes) or not isinstance(services, Iterable):
        problem = f"must be a list of services, not {type_name(services)}."
        raise InputError("services", problem, hint, code=ErrorCode.WRONG_TYPE)
    listed = list(islice(services, MAX_SERVICES + 1))
    if not listed:
        raise InputError("services", "is empty: the token would grant nothing.", hint, code=ErrorCode.EMPTY)
    if len(listed) > MAX_SERVICES:
        problem, hint = f"has more than {MAX_SERVICES} entries.", "Spread them over several tokens."
        raise InputError("services", problem, hint, code=ErrorCode.TOO_LONG)
    return listed


def _check_version(version: object) -> str:
    hint = 'Use "007", or "006" for the format of the classic tutorial.'
    version = plain_str(version)
    if type(version) is not str:
        problem = f"must be a string (str), not {type_name(version)}."
        raise InputError("version", problem, hint, code=ErrorCode.WRONG_TYPE)
    if version in (v006.VERSION, v007.VERSION):
        return version
    problem = "is not a token version that this package can build."
    raise InputError("version", problem, hint, code=ErrorCode.UNKNOWN_CHOICE)


def _signed_uid(uid: object, account: object, allow_any_uid: bool) -> str:
    """Return the string that is signed for the client; empty for any client."""
    if account is None and uid is not None:
        return str(check_uid(uid, allow_any=allow_any_uid) or "")
    if uid is None and account is not None:
        return check_account(account)
    problem, code = "and account are both passed.", ErrorCode.UID_AND_ACCOUNT
    if uid is None:
        problem, code = "is missing, and so is account.", ErrorCode.NO_CLIENT
    raise InputError("uid", problem, "Pass exactly one: uid=… for an integer, account=… for a string.", code=code)


def _rtc_and_rtm(
    channel: object, uid: object, account: object, user: object, role: Role, allow_placeholder_names: bool
) -> tuple[RtcService, RtmService]:
    channel = check_channel(channel)
    try:
        client = _signed_uid(uid, account, allow_any_uid=False)
    except InputError as error:
        if error.code != ErrorCode.UID_FOR_ANYONE:
            raise
        raise InputError(error.field, error.problem, "Pass the client's own uid.", code=error.code) from None
    user_id = check_user(client if user is None else user)
    if not allow_placeholder_names:
        refuse_placeholder("channel", channel)
        refuse_placeholder("account", client)
        refuse_placeholder("user", user_id)
    return RtcService(channel, client, ROLE_PRIVILEGES[role]), RtmService(user_id)


def _check_times(expires_in: object, now: object, salt: object) -> tuple[int, int, int | None]:
    """Return lifetime, time of issue and salt, all of them valid."""
    expires_in = check_expires_in(expires_in)
    now = int(time()) if now is None else check_uint32("now", now)
    return expires_in, now, None if salt is None else check_uint32("salt", salt)


def _encode_007(
    credentials: Credentials, services: Iterable[Service], expires_in: int, now: int, salt: int | None
) -> str:
    app_id, key = credentials.app_id, credentials.app_certificate
    return v007.encode(app_id, key, services, issued_at=now, expire=expires_in, salt=salt)


def _encode_006(
    credentials: Credentials,
    channel: str,
    uid: str,
    privileges: Iterable[int],
    expires_in: int,
    now: int,
    salt: int | None,
) -> str:
    if now + DAY > UINT32_MAX:
        problem = "is too large: the end of a 006 token, 24 hours later, would not fit into 32 bits."
        raise InputError("now", problem, "Use version 007.", code=ErrorCode.OUT_OF_RANGE)
    ends = dict.fromkeys(privileges, now + expires_in)
    app_id, key = credentials.app_id, credentials.app_certificate
    return v006.encode(app_id, key, channel, uid, ends, ts=now + DAY, salt=salt)

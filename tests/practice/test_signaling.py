"""The Signaling server's model, frame by frame. tests/browser/test_signaling.py puts Agora's own SDK in front of it."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers import InputError, Project, RtmService, build_token
from agora_helpers.practice import gateway, signaling
from agora_helpers.practice.clock import Clock
from agora_helpers.practice.protobuf import Message, Value, encode
from agora_helpers.practice.signaling import ServerCode, SignalingLink, SignalingServer, Uri, write_ticket
from tests.support import DEMO, NOW, rtm
from tests.verification.samples import OTHER_CERTIFICATE, OTHER_SIGNER

HOUR = 3600


@pytest.fixture
def server() -> SignalingServer:
    """The server of a project that requires a token, an hour before the token of ``rtm()`` ends."""
    return server_of()


def server_of(**options: Any) -> SignalingServer:
    return SignalingServer(Project(DEMO, clock=Clock(NOW), **options))


class Client:
    """What the SDK does with one WebSocket."""

    def __init__(self, server: SignalingServer, user: str = "alice", instance: int = 1) -> None:
        self.user, self.instance = user, instance
        self.link: SignalingLink = server.connect()

    def request(self, uri: int, fields: dict[int, Value | str]) -> list[tuple[int, dict[int, Value]]]:
        """Send a message, and return what comes back: each message's kind and fields."""
        self.link.receive(encode([(1, uri), (2, encode(fields.items()))]))
        return self.received()

    def received(self) -> list[tuple[int, dict[int, Value]]]:
        frames = [Message(frame) for frame in self.link.take()]
        return [(frame.integer(1), Message(frame.content(2)).fields) for frame in frames]

    def log_in(self, token: str) -> int:
        """Log in with a token, and return the server's code."""
        ticket = write_ticket(token)
        ((uri, fields),) = self.request(Uri.LOG_IN, {1: 5, 3: self.instance, 4: self.user, 5: ticket})
        assert (uri, fields[1], fields[2]) == (Uri.LOGIN_RESULT, 5, self.user.encode())
        assert isinstance(fields[3], int)
        return fields[3]

    def renew(self, token: str) -> int:
        """Renew with a token, and return the server's code."""
        ticket = write_ticket(token)
        ((uri, fields),) = self.request(Uri.RENEW, {1: self.instance, 2: 6, 3: self.user, 4: ticket})
        assert (uri, fields[1], fields[3]) == (Uri.RENEW_RESULT, 6, b'{"messageChannels": []}')
        assert isinstance(fields[2], int)
        return fields[2]


def pass_time(server: SignalingServer, seconds: int) -> None:
    server.project.clock.advance(seconds)


def log_in(server: SignalingServer, token: str = "", user: str = "alice", instance: int = 1) -> Client:
    client = Client(server, user, instance)
    assert client.log_in(token or rtm(user)) == ServerCode.OK
    return client


def events(server: SignalingServer, index: int = 0) -> list[tuple[int, str]]:
    return [(event.time - NOW, str(event)) for event in server.sessions[index].events]


def state(server: SignalingServer, index: int = 0) -> tuple[str, str | None]:
    return server.sessions[index].state, server.sessions[index].reason


def test_a_client_logs_in(server: SignalingServer) -> None:
    client = Client(server)
    ((_, fields),) = client.request(Uri.LOG_IN, {1: 5, 3: 1, 4: "alice", 5: write_ticket(rtm())})
    assert fields[4] == NOW * 1000
    assert isinstance(fields[5], bytes)
    settings = Message(fields[5])
    assert settings.integer(1) == 1
    assert json.loads(settings.string(2)) == dict.fromkeys(
        ("storage.enabled", "lock.enabled", "history.enabled"), "false"
    )
    (session,) = server.sessions
    assert (session.surface, session.user, session.state, session.reason) == ("RTM 2.x", "alice", "in", None)
    assert (session.ends_at, session.connected) == (NOW + HOUR, True)
    (event,) = session.events
    assert event.source.documented
    assert event.admission == server.project.login("alice", token=rtm())


def test_a_lesson_logs_in_and_renews_without_frames(server: SignalingServer) -> None:
    link = server.log_in("alice", token=rtm())
    pass_time(server, HOUR - 30)
    link.renew(rtm())
    assert events(server) == [(0, "log in"), (HOUR - 30, "token will expire: tokenPrivilegeWillExpire")]
    link.renew(rtm(now=NOW + HOUR - 30))
    assert events(server)[2:] == [(HOUR - 30, "renew token")]
    pass_time(server, HOUR - 31)
    assert state(server) == ("in", None)


def test_who_is_not_logged_in_cannot_renew(server: SignalingServer) -> None:
    link = server.log_in("alice", token=rtm("bob"))
    link.renew(rtm())
    assert (link.session, link.closed) == (None, True)


def test_both_websockets_of_a_client_are_one_session(server: SignalingServer) -> None:
    first, second = log_in(server), log_in(server)
    assert first.link.session is second.link.session is server.sessions[0]
    first.link.close()
    pass_time(server, 60)
    assert events(server) == [(0, "log in")]
    second.link.close()
    assert not server.sessions[0].connected
    assert events(server)[1:] == [(60, "connection lost [not documented]")]


@pytest.mark.parametrize(
    ("user", "token", "code"),
    [
        ("bob", rtm(), ServerCode.INVALID_TICKET),
        ("alice", rtm(credentials=OTHER_SIGNER), ServerCode.INVALID_TICKET),
        ("alice", rtm(now=NOW - 2 * HOUR), ServerCode.EXPIRED),
        ("alice", "", ServerCode.INVALID_TICKET),
        ("alice", DEMO.app_id, ServerCode.INVALID_TICKET),
    ],
)
def test_a_ticket_is_only_as_good_as_its_token(
    server: SignalingServer, user: str, token: str, code: ServerCode
) -> None:
    client = Client(server, user)
    assert client.log_in(token) == code
    assert not server.sessions
    assert client.link.session is None


@pytest.mark.parametrize("ticket", ["", "*", "/w=="])
def test_a_string_that_is_no_ticket(server: SignalingServer, ticket: str) -> None:
    ((_, fields),) = Client(server).request(Uri.LOG_IN, {1: 1, 3: 1, 4: "alice", 5: ticket})
    assert fields[3] == ServerCode.INVALID_TICKET


def test_signaling_that_is_disabled() -> None:
    assert Client(server_of(rtm_enabled=False)).log_in(rtm()) == ServerCode.NOT_ENABLED


def test_a_client_without_a_token_stays() -> None:
    server = server_of(mechanism="app_id")
    client = log_in(server, DEMO.app_id)
    assert server.seconds_until_due() == math.inf
    pass_time(server, 30 * 24 * HOUR)
    assert client.received() == []
    assert state(server) == ("in", None)


def test_warned_and_put_out(server: SignalingServer) -> None:
    client, second = log_in(server), log_in(server)
    pass_time(server, HOUR - 31)
    assert client.received() == []
    pass_time(server, 1)
    warning = (Uri.WILL_EXPIRE, {1: NOW + HOUR, 2: write_ticket(rtm()).encode(), 3: b'{"messageChannels": []}'})
    assert client.received() == second.received() == [warning]
    pass_time(server, 29)
    assert client.received() == []
    pass_time(server, 1)
    assert client.received() == second.received() == [(Uri.DROP, {1: ServerCode.EXPIRED})]
    assert events(server) == [
        (0, "log in"),
        (3570, "token will expire: tokenPrivilegeWillExpire"),
        (3600, "token expired: TOKEN_EXPIRED"),
    ]
    assert state(server) == ("out", "TOKEN_EXPIRED")
    pass_time(server, HOUR)
    assert client.received() == []


def test_time_passes_by_itself(server: SignalingServer) -> None:
    log_in(server)
    clock = server.project.clock
    clock.resume()
    assert HOUR - 35 < server.seconds_until_due() <= HOUR - 30
    clock.set(NOW + HOUR - 30)
    assert 25 < server.seconds_until_due() <= 30
    clock.set(NOW + HOUR)
    assert server.seconds_until_due() == math.inf


def test_a_token_that_ends_at_once_is_warned_of_after_the_answer(server: SignalingServer) -> None:
    client = Client(server)
    answers = client.request(Uri.LOG_IN, {1: 1, 3: 1, 4: "alice", 5: write_ticket(rtm(expires_in=20))})
    assert [uri for uri, _ in answers] == [Uri.LOGIN_RESULT, Uri.WILL_EXPIRE]


def test_renewed_in_time(server: SignalingServer) -> None:
    client = log_in(server)
    pass_time(server, HOUR - 30)
    assert client.received()
    new = rtm(now=NOW + HOUR - 30)
    assert client.renew(new) == ServerCode.OK
    pass_time(server, HOUR - 31)
    assert client.received() == []
    pass_time(server, 1)
    ((uri, fields),) = client.received()
    assert (uri, fields[2]) == (Uri.WILL_EXPIRE, write_ticket(new).encode())


def test_the_same_renewal_over_both_websockets_is_one_event(server: SignalingServer) -> None:
    clients = log_in(server), log_in(server)
    new = rtm(expires_in=2 * HOUR)
    assert [client.renew(new) for client in clients] == [ServerCode.OK] * 2
    assert events(server) == [(0, "log in"), (0, "renew token")]


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (rtm("bob"), ServerCode.INVALID_TICKET),
        (rtm(credentials=OTHER_SIGNER), ServerCode.INVALID_TICKET),
        (rtm(now=NOW - 2 * HOUR), ServerCode.EXPIRED),
    ],
)
def test_a_renewal_that_is_rejected_changes_nothing(server: SignalingServer, token: str, code: ServerCode) -> None:
    client = log_in(server)
    assert client.renew(token) == code
    assert server.sessions[0].ends_at == NOW + HOUR
    pass_time(server, HOUR - 30)
    ((_, fields),) = client.received()
    assert fields[2] == write_ticket(rtm()).encode()


def test_a_certificate_that_is_disabled_matters_at_renewal_and_when_the_client_comes_back(
    server: SignalingServer,
) -> None:
    certificates = server.project.certificates
    certificates.add_secondary(OTHER_CERTIFICATE)
    client = log_in(server, rtm(credentials=OTHER_SIGNER))
    certificates.disable_secondary()
    pass_time(server, 60)
    assert client.renew(rtm(credentials=OTHER_SIGNER, now=NOW + 60)) == ServerCode.INVALID_TICKET
    assert state(server) == ("in", None)
    client.link.close()
    assert Client(server).log_in(rtm(credentials=OTHER_SIGNER)) == ServerCode.INVALID_TICKET
    assert state(server) == ("out", "UNKNOWN")
    event = server.sessions[0].events[-1]
    assert (str(event), event.source.documented) == ("rejoin: UNKNOWN [not documented]", False)


def test_a_lost_connection_and_back(server: SignalingServer) -> None:
    log_in(server).link.close()
    pass_time(server, 19)
    client = log_in(server)
    assert state(server) == ("in", None)
    client.link.close()
    pass_time(server, 19)
    assert state(server) == ("in", None)
    pass_time(server, 1)
    assert state(server) == ("out", "KEEP_ALIVE_TIMEOUT")
    assert events(server) == [
        (0, "log in"),
        (0, "connection lost [not documented]"),
        (19, "rejoin"),
        (19, "connection lost [not documented]"),
    ]
    log_in(server)
    assert [session.state for session in server.sessions] == ["out", "in"]


def test_how_long_a_client_may_be_gone(server: SignalingServer) -> None:
    client = log_in(server)
    server.project.clock.resume()
    client.link.close()
    assert 15 < server.seconds_until_due() <= 20


def test_a_token_that_expires_while_the_connection_is_lost(server: SignalingServer) -> None:
    client = log_in(server)
    pass_time(server, HOUR - 10)
    client.link.close()
    pass_time(server, 10)
    assert state(server) == ("out", "TOKEN_EXPIRED")
    assert events(server)[-1] == (3600, "token expired")
    assert Client(server).log_in(rtm()) == ServerCode.EXPIRED


def test_one_websocket_that_is_rejected_ends_the_session(server: SignalingServer) -> None:
    """So does the SDK: it gives up when one of them is rejected."""
    server.project.certificates.add_secondary(OTHER_CERTIFICATE)
    log_in(server, rtm(credentials=OTHER_SIGNER))
    server.project.certificates.disable_secondary()
    assert Client(server).log_in(rtm(credentials=OTHER_SIGNER)) == ServerCode.INVALID_TICKET
    assert state(server) == ("out", "UNKNOWN")


def test_the_same_user_twice(server: SignalingServer) -> None:
    first = log_in(server)
    second = log_in(server, instance=2)
    assert first.received() == [(Uri.DROP, {1: ServerCode.SAME_USER})]
    assert second.received() == []
    assert [state(server, index) for index in (0, 1)] == [("out", "SAME_UID_LOGIN"), ("in", None)]
    assert events(server)[-1] == (0, "uid conflict: SAME_UID_LOGIN")


def test_logged_out(server: SignalingServer) -> None:
    client, second = log_in(server), log_in(server)
    assert client.request(Uri.LOG_OUT, {1: 0}) == []
    assert (client.link.closed, client.link.problem, second.link.closed) == (True, "", True)
    assert state(server) == ("out", "LOGOUT")
    client.link.close()
    second.link.close()
    pass_time(server, 60)
    assert state(server) == ("out", "LOGOUT")


def test_banned_and_back(server: SignalingServer) -> None:
    client = log_in(server)
    client.request(Uri.SUBSCRIBE, {1: 1, 2: "lobby"})
    for _ in range(2):
        server.ban(server.sessions[0])
    assert not server.sessions[0].channels
    assert client.received() == [(Uri.DROP, {1: ServerCode.BANNED})]
    assert state(server) == ("out", "KICKED_OUT_BY_SERVER")
    assert events(server)[1:] == [(0, "banned: KICKED_OUT_BY_SERVER [not documented]")]
    log_in(server)
    assert state(server, 1) == ("in", None)


def test_the_login_privilege_ends_before_the_token(server: SignalingServer) -> None:
    token = build_token(DEMO, [RtmService("alice", {1: 600})], expires_in=HOUR, now=NOW, salt=1)
    log_in(server, token)
    assert server.sessions[0].ends_at == NOW + 600
    pass_time(server, 600)
    assert state(server) == ("out", "TOKEN_EXPIRED")
    assert Client(server).log_in(token) == ServerCode.EXPIRED


def test_ping(server: SignalingServer) -> None:
    client = log_in(server)
    pass_time(server, 7)
    assert client.request(Uri.PING, {1: 8, 2: 123, 3: 3}) == [(Uri.PONG, {1: 8, 2: 123, 3: (NOW + 7) * 1000})]


def test_a_warning_is_repeated_with_each_answer_to_a_ping(server: SignalingServer) -> None:
    client = log_in(server)
    pass_time(server, HOUR - 30)
    (warning,) = client.received()
    assert client.request(Uri.PING, {1: 1})[1:] == [warning]
    assert len(events(server)) == 2
    client.renew(rtm(now=NOW + 60))
    assert client.request(Uri.PING, {1: 2})[1:] == []


def test_messages_reach_those_who_subscribed(server: SignalingServer) -> None:
    alice, bob, carol = (log_in(server, user=user) for user in ("alice", "bob", "carol"))
    for client in (alice, bob):
        result = client.request(Uri.SUBSCRIBE, {1: 9, 2: "lobby"})
        assert result == [(Uri.SUBSCRIBE_RESULT, {1: 9, 2: b"lobby", 3: ServerCode.OK})]
    message: dict[int, Value | str] = {1: 1, 2: 2, 3: 3, 4: 1, 5: "alice", 6: "lobby", 7: "hello", 9: 4}
    assert alice.request(Uri.PUBLISH, message) == [(Uri.PUBLISH_RESULT, {1: 1, 2: 2, 3: 3, 4: 0})]
    ((uri, fields),) = bob.received()
    assert (uri, fields[5], fields[7]) == (Uri.PUBLISH, b"alice", b"hello")
    assert carol.received() == []
    assert bob.request(Uri.UNSUBSCRIBE, {1: "lobby"}) == []
    alice.request(Uri.PUBLISH, message)
    assert bob.received() == []


def test_messages_to_a_user(server: SignalingServer) -> None:
    alice, bob = log_in(server), log_in(server, user="bob")
    message: dict[int, Value | str] = {1: 1, 2: 2, 3: 3, 4: 0, 5: "alice", 6: "bob", 7: "hello"}
    assert alice.request(Uri.PUBLISH, message)[0][1][4] == 0
    assert len(bob.received()) == 1
    bob.request(Uri.LOG_OUT, {1: 0})
    assert alice.request(Uri.PUBLISH, message)[0][1][4] == 8


@pytest.mark.parametrize("channel", ["x" * 65, "\u00e9" * 33])
def test_a_channel_name_that_is_too_long(server: SignalingServer, channel: str) -> None:
    client = log_in(server)
    assert client.request(Uri.SUBSCRIBE, {1: 1, 2: channel})[0][1][3] == ServerCode.FAILED
    assert not server.sessions[0].channels


def test_there_is_a_limit_to_channels(server: SignalingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signaling, "MAX_CHANNELS", 2)
    client = log_in(server)
    codes = [client.request(Uri.SUBSCRIBE, {1: 1, 2: channel})[0][1][3] for channel in ("a", "b", "a", "c")]
    assert codes == [ServerCode.OK] * 3 + [ServerCode.FAILED]


def test_there_is_a_limit_to_websockets(server: SignalingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "MAX_CONNECTIONS", 1)
    link = server.connect()
    with pytest.raises(InputError, match="are limited to 1"):
        server.connect()
    link.close()
    server.connect()


def test_the_oldest_sessions_are_forgotten(server: SignalingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "MAX_SESSIONS", 2)
    for user in ("alice", "bob"):
        log_in(server, user=user).request(Uri.LOG_OUT, {1: 0})
    log_in(server, user="carol")
    assert [session.user for session in server.sessions] == ["bob", "carol"]


def test_a_client_that_does_not_read(server: SignalingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "MAX_QUEUED", 2)
    client = log_in(server)
    for _ in range(3):
        client.link.receive(encode([(1, Uri.PING), (2, b"")]))
    assert (client.link.closed, client.link.problem) == (True, "The client does not read what it is sent.")
    assert len(client.link.take()) == 2


@pytest.mark.parametrize(
    ("frame", "problem"),
    [
        (b"\xff", "an integer is cut off or too long"),
        (b"x" * 65_537, "it is larger than 65536 bytes"),
        (encode([(1, Uri.LOG_IN), (2, encode([(4, b"\xff")]))]), "field 4 is not UTF-8"),
        (encode([(1, Uri.LOG_IN), (2, encode([(4, 1)]))]), "field 4 is an integer"),
        (encode([(1, Uri.PING), (2, b"")]), "the client is not logged in"),
    ],
)
def test_frames_that_the_sdk_does_not_send(server: SignalingServer, frame: bytes, problem: str) -> None:
    link = server.connect()
    link.receive(frame)
    assert (link.closed, link.problem) == (True, f"Invalid frame: {problem}.")
    link.receive(encode([(1, Uri.LOG_IN), (2, encode([(4, "alice"), (5, write_ticket(rtm()))]))]))
    assert (link.take(), server.sessions) == ([], ())


@pytest.mark.parametrize("uri", [0, 754])  # none, and SyncInit2: presence is not here
def test_frames_for_another_server_are_ignored(server: SignalingServer, uri: int) -> None:
    client = log_in(server)
    assert client.request(uri, {1: 1}) == []
    assert not client.link.closed


def test_a_websocket_belongs_to_one_client(server: SignalingServer) -> None:
    client = log_in(server)
    assert client.request(Uri.LOG_IN, {1: 1, 3: 2, 4: "bob", 5: write_ticket(rtm("bob"))}) == []
    assert client.link.problem == "Invalid frame: the client is logged in already."
    assert [session.user for session in server.sessions] == ["alice"]


def test_a_client_that_was_put_out_is_not_served(server: SignalingServer) -> None:
    client = log_in(server)
    server.ban(server.sessions[0])
    client.received()
    assert client.request(Uri.SUBSCRIBE, {1: 1, 2: "lobby"}) == []
    assert client.link.problem == "Invalid frame: the client is not logged in."


@given(st.lists(st.binary(max_size=80), max_size=4), st.sampled_from(list(Uri)), st.booleans())
def test_no_frame_raises(frames: list[bytes], uri: Uri, logged_in: bool) -> None:
    server = server_of()
    client = log_in(server) if logged_in else Client(server)
    for frame in frames:
        client.link.receive(frame)
        client.link.receive(encode([(1, uri), (2, frame)]))
    server.tick()
    for frame in client.link.take():
        Message(Message(frame).content(2))


def test_whoever_waits_for_frames_is_woken(server: SignalingServer) -> None:
    calls: list[str] = []
    client = Client(server)
    client.link = server.connect(lambda: calls.append("wake"))
    client.log_in(rtm())
    assert calls == ["wake"]
    pass_time(server, HOUR - 30)
    assert calls == ["wake"] * 2
    client.request(Uri.LOG_OUT, {1: 0})
    assert calls == ["wake"] * 3


def test_a_login_without_a_browser(server: SignalingServer) -> None:
    assert server.log_in("bob", token=rtm()).session is None
    link = server.log_in("alice", token=rtm())
    assert link.session is server.sessions[0]
    assert server.log_in("alice", token=rtm()).session is link.session
    assert server.log_in("alice", token=rtm(), instance=2).session is server.sessions[1]


def test_nothing_shows_a_token(server: SignalingServer) -> None:
    client = log_in(server)
    for shown in (repr(server), repr(server.sessions), repr(client.link), repr(server.sessions[0].events)):
        assert rtm() not in shown and write_ticket(rtm()) not in shown

"""The Signaling server's model, frame by frame. tests/browser/test_signaling.py puts Agora's own SDK in front of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers import Project, RtmService, build_token
from agora_helpers.practice import signaling
from agora_helpers.practice.clock import Clock
from agora_helpers.practice.protobuf import Message, Value, encode
from agora_helpers.practice.signaling import ServerCode, SignalingLink, SignalingServer, Uri, write_ticket
from tests.support import DEMO, NOW, rtm
from tests.verification.samples import OTHER_CERTIFICATE, OTHER_SIGNER

HOUR = 3600


@pytest.fixture
def server() -> SignalingServer:
    """The server of a project that requires a token, an hour before the token of ``rtm()`` ends."""
    return SignalingServer(Project(DEMO, clock=Clock(NOW)))


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
    server.tick()


def log_in(server: SignalingServer, token: str = "", user: str = "alice", instance: int = 1) -> Client:
    client = Client(server, user, instance)
    assert client.log_in(token or rtm(user)) == ServerCode.OK
    return client


def names(server: SignalingServer, index: int = 0) -> list[tuple[int, str]]:
    return [(event.time - NOW, event.name) for event in server.sessions[index].events]


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
    assert (session.surface, session.user, session.state, session.reason) == ("RTM 2.x", "alice", "in", "")
    assert session.ends_at == NOW + HOUR
    assert session.events[0].source.documented


def test_both_websockets_of_a_client_are_one_session(server: SignalingServer) -> None:
    first, second = log_in(server), log_in(server)
    (session,) = server.sessions
    assert session.links == [first.link, second.link]
    assert names(server) == [(0, "login")]
    first.link.close()
    assert session.state == "in"
    second.link.close()
    assert (session.state, session.reason) == ("out", "KEEP_ALIVE_TIMEOUT")


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
    assert Client(server, user).log_in(token) == code
    assert not server.sessions


def test_a_ticket_that_is_none(server: SignalingServer) -> None:
    for ticket in ("", "*", "/w=="):
        client = Client(server)
        ((_, fields),) = client.request(Uri.LOG_IN, {1: 1, 3: 1, 4: "alice", 5: ticket})
        assert fields[3] == ServerCode.INVALID_TICKET


def test_signaling_that_is_disabled() -> None:
    server = SignalingServer(Project(DEMO, rtm_enabled=False, clock=Clock(NOW)))
    assert Client(server).log_in(rtm()) == ServerCode.NOT_ENABLED


def test_a_client_without_a_token_stays() -> None:
    server = SignalingServer(Project(DEMO, mechanism="app_id", clock=Clock(NOW)))
    client = log_in(server, DEMO.app_id)
    assert server.next_moment() is None
    pass_time(server, 30 * 24 * HOUR)
    assert client.received() == []
    assert server.sessions[0].state == "in"


def test_warned_and_put_out(server: SignalingServer) -> None:
    client, second = log_in(server), log_in(server)
    assert server.next_moment() == NOW + HOUR - 30
    pass_time(server, HOUR - 31)
    assert client.received() == []
    pass_time(server, 1)
    warning = (Uri.WILL_EXPIRE, {1: NOW + HOUR, 2: write_ticket(rtm()).encode(), 3: b'{"messageChannels": []}'})
    assert client.received() == second.received() == [warning]
    assert server.next_moment() == NOW + HOUR
    pass_time(server, 29)
    assert client.received() == []
    pass_time(server, 1)
    assert client.received() == second.received() == [(Uri.DROP, {1: ServerCode.EXPIRED})]
    assert names(server) == [(0, "login"), (3570, "tokenPrivilegeWillExpire"), (3600, "linkState TOKEN_EXPIRED")]
    assert (server.sessions[0].state, server.sessions[0].reason) == ("out", "TOKEN_EXPIRED")
    assert server.next_moment() is None
    pass_time(server, HOUR)
    assert client.received() == []


def test_renewed_in_time(server: SignalingServer) -> None:
    client = log_in(server)
    pass_time(server, HOUR - 30)
    assert client.received()
    new = rtm(now=NOW + HOUR - 30)
    assert client.renew(new) == ServerCode.OK
    assert server.next_moment() == NOW + 2 * HOUR - 60
    pass_time(server, HOUR - 30)
    ((uri, fields),) = client.received()
    assert (uri, fields[2]) == (Uri.WILL_EXPIRE, write_ticket(new).encode())


def test_the_same_renewal_over_both_websockets_is_one_event(server: SignalingServer) -> None:
    clients = log_in(server), log_in(server)
    new = rtm(expires_in=2 * HOUR)
    assert [client.renew(new) for client in clients] == [ServerCode.OK] * 2
    assert names(server) == [(0, "login"), (0, "renewToken")]


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


def test_a_certificate_that_is_disabled_matters_at_renewal_and_at_the_next_login(server: SignalingServer) -> None:
    server.project.certificates.add_secondary(OTHER_CERTIFICATE)
    client = log_in(server, rtm(credentials=OTHER_SIGNER))
    server.project.certificates.disable_secondary()
    pass_time(server, 60)
    assert server.sessions[0].state == "in"
    assert client.renew(rtm(credentials=OTHER_SIGNER, now=NOW + 60)) == ServerCode.INVALID_TICKET
    assert [session.state for session in server.sessions] == ["in"]
    client.link.close()
    assert Client(server).log_in(rtm(credentials=OTHER_SIGNER)) == ServerCode.INVALID_TICKET
    assert [session.state for session in server.sessions] == ["out"]


def test_a_lost_connection_and_back(server: SignalingServer) -> None:
    log_in(server).link.close(1006)
    pass_time(server, 60)
    client = log_in(server)
    assert [session.state for session in server.sessions] == ["in"]
    client.link.close(1006)
    pass_time(server, HOUR)
    assert Client(server).log_in(rtm()) == ServerCode.EXPIRED
    assert names(server) == [
        (0, "login"),
        (0, "linkState KEEP_ALIVE_TIMEOUT"),
        (60, "login"),
        (60, "linkState KEEP_ALIVE_TIMEOUT"),
        (3660, "linkState TOKEN_EXPIRED"),
    ]
    assert server.sessions[0].reason == "TOKEN_EXPIRED"


def test_one_link_that_is_rejected_ends_the_session(server: SignalingServer) -> None:
    """So does the SDK: it gives up when one of its WebSockets is rejected."""
    log_in(server)
    server.project.clock.advance(HOUR)
    assert Client(server).log_in(rtm()) == ServerCode.EXPIRED
    assert (server.sessions[0].state, server.sessions[0].reason) == ("out", "TOKEN_EXPIRED")


def test_the_same_user_twice(server: SignalingServer) -> None:
    first = log_in(server)
    second = log_in(server, instance=2)
    assert first.received() == [(Uri.DROP, {1: ServerCode.SAME_USER})]
    assert second.received() == []
    assert [(session.state, session.reason) for session in server.sessions] == [("out", "SAME_UID_LOGIN"), ("in", "")]
    assert names(server)[-1] == (0, "linkState SAME_UID_LOGIN")


def test_logged_out(server: SignalingServer) -> None:
    client = log_in(server)
    assert client.request(Uri.LOG_OUT, {1: 0}) == []
    assert client.link.closed == (1000, "")
    assert (server.sessions[0].state, server.sessions[0].reason) == ("out", "LOGOUT")


def test_banned_and_back(server: SignalingServer) -> None:
    client = log_in(server)
    server.sessions[0].ban()
    assert client.received() == [(Uri.DROP, {1: ServerCode.BANNED})]
    assert server.sessions[0].reason == "KICKED_OUT_BY_SERVER"
    assert not server.sessions[0].events[-1].source.documented
    server.sessions[0].ban()
    assert client.received() == []
    client.link.close()
    log_in(server)
    assert server.sessions[0].state == "in"


def test_the_login_privilege_ends_before_the_token(server: SignalingServer) -> None:
    token = build_token(DEMO, [RtmService("alice", {1: 600})], expires_in=HOUR, now=NOW, salt=1)
    log_in(server, token)
    assert server.sessions[0].ends_at == NOW + 600
    pass_time(server, 600)
    assert server.sessions[0].state == "out"
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
    assert names(server)[1:] == [(3570, "tokenPrivilegeWillExpire")]
    client.renew(rtm(now=NOW + 60))
    assert client.request(Uri.PING, {1: 2})[1:] == []


def test_messages_reach_those_who_subscribed(server: SignalingServer) -> None:
    alice, bob, carol = (log_in(server, user=user) for user in ("alice", "bob", "carol"))
    for client in (alice, bob):
        result = client.request(Uri.SUBSCRIBE, {1: 9, 2: "lobby"})
        assert result == [(Uri.SUBSCRIBE_RESULT, {1: 9, 2: b"lobby", 3: ServerCode.OK})]
    message: dict[int, Value | str] = {1: 1, 2: 2, 3: 3, 4: 1, 5: "alice", 6: "lobby", 7: "hello", 9: 4}
    assert alice.request(Uri.PUBLISH, message) == [(Uri.PUBLISH_RESULT, {1: 1, 2: 2, 3: 3, 4: ServerCode.OK})]
    ((uri, fields),) = bob.received()
    assert (uri, fields[5], fields[7]) == (Uri.PUBLISH, b"alice", b"hello")
    assert carol.received() == []
    assert bob.request(Uri.UNSUBSCRIBE, {1: "lobby"}) == []
    alice.request(Uri.PUBLISH, message)
    assert bob.received() == []


def test_messages_to_a_user(server: SignalingServer) -> None:
    alice, bob = log_in(server), log_in(server, user="bob")
    message: dict[int, Value | str] = {1: 1, 2: 2, 3: 3, 4: 0, 5: "alice", 6: "bob", 7: "hello"}
    assert alice.request(Uri.PUBLISH, message)[0][1][4] == ServerCode.OK
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


def test_there_is_a_limit_to_clients(server: SignalingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signaling, "MAX_SESSIONS", 2)
    alice = log_in(server)
    log_in(server, user="bob")
    assert Client(server, "carol").log_in(rtm("carol")) == ServerCode.TOO_BUSY
    alice.link.close()
    log_in(server, user="carol")
    assert [session.user for session in server.sessions] == ["bob", "carol"]


def test_there_is_a_limit_to_events(server: SignalingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signaling, "MAX_EVENTS", 2)
    log_in(server).link.close()
    log_in(server)
    assert [name for _, name in names(server)] == ["linkState KEEP_ALIVE_TIMEOUT", "login"]


@pytest.mark.parametrize(
    ("send", "closed"),
    [
        (lambda client: client.link.receive(b"\xff"), (1002, "Malformed frame: an integer is cut off or too long.")),
        (lambda client: client.link.receive(b""), None),  # uri 0: not for this server
        (lambda client: client.link.receive(b"x" * 65_537), (1009, "A frame is larger than 65536 bytes.")),
        (lambda client: client.request(Uri.LOG_IN, {4: b"\xff"}), (1002, "Malformed frame: field 4 is not UTF-8.")),
        (lambda client: client.request(Uri.LOG_IN, {4: 1}), (1002, "Malformed frame: field 4 is an integer.")),
        (lambda client: client.request(Uri.PING, {1: 1}), (1008, "The client is not logged in.")),
        (lambda client: client.request(754, {1: 1}), None),  # SyncInit2: presence is not here
    ],
)
def test_frames_that_the_sdk_does_not_send(
    server: SignalingServer, send: Callable[[Client], object], closed: tuple[int, str] | None
) -> None:
    client = Client(server)
    send(client)
    assert client.link.closed == closed


def test_a_websocket_belongs_to_one_client(server: SignalingServer) -> None:
    client = log_in(server)
    assert client.request(Uri.LOG_IN, {1: 1, 3: 2, 4: "bob", 5: write_ticket(rtm("bob"))}) == []
    assert client.link.closed == (1008, "The client is logged in already.")
    assert [session.user for session in server.sessions] == ["alice"]
    client.link.receive(b"\xff")
    client.link.close()
    assert client.link.closed == (1008, "The client is logged in already.")


def test_a_client_that_was_put_out_is_not_served(server: SignalingServer) -> None:
    client = log_in(server)
    server.sessions[0].ban()
    client.received()
    assert client.request(Uri.SUBSCRIBE, {1: 1, 2: "lobby"}) == []
    assert client.link.closed == (1008, "The client is not logged in.")


@given(st.lists(st.binary(max_size=80), max_size=4), st.sampled_from(list(Uri)), st.booleans())
def test_no_frame_raises(frames: list[bytes], uri: Uri, logged_in: bool) -> None:
    server = SignalingServer(Project(DEMO, clock=Clock(NOW)))
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
    pass_time(server, HOUR)
    assert calls == ["wake"] * 2
    client.link.close()
    assert calls == ["wake"] * 3


def test_nothing_shows_a_token(server: SignalingServer) -> None:
    client = log_in(server)
    ticket = write_ticket(rtm())
    for shown in (repr(server), repr(server.sessions), repr(client.link), repr(server.sessions[0].events)):
        assert rtm() not in shown and ticket not in shown

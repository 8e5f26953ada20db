from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers import Credentials, InputError, Project, RtcPrivilege, RtcService
from agora_helpers.practice import Clock, MediaServer, Session
from agora_helpers.practice.gateway import (
    LOST_SECONDS,
    MAX_CONNECTIONS,
    MAX_QUEUED,
    MAX_SESSIONS,
    EventKind,
    SessionState,
)
from agora_helpers.practice.session import MAX_MESSAGE_CHARACTERS, Connection, OutReason
from agora_helpers.tokens import v007
from tests.support import DEMO, NOW, rtc

Json = dict[str, Any]
HOUR = 3600
SECONDARY = Credentials(DEMO.app_id, "0123456789abcdef" * 2)


class Client:
    """A client's side of a connection."""

    def __init__(self, server: MediaServer, *, sid: str = "sid") -> None:
        self.server, self.sid = server, sid
        self.connection: Connection = server.connect()

    def ask(self, kind: str, **message: Any) -> Json:
        """Return the answer; what came before it is dropped."""
        self.connection.receive(json.dumps({"_id": "1", "_type": kind, "_message": message}))
        messages = [json.loads(text) for text in self.connection.take()]
        (answer,) = [message for message in messages if "_id" in message]
        assert isinstance(answer, dict)
        self.told = [message for message in messages if "_id" not in message]
        return answer

    def join(self, token: str | None = None, *, uid: int = 7, channel: str = "lobby", **message: Any) -> Json:
        usual: Json = {"app_id": DEMO.app_id, "channel_key": token or rtc(channel, uid=uid), "channel_name": channel}
        usual |= {"session_id": self.sid, "ap_response": {"uid": uid}, "ortc": {"rtpCapabilities": {"a": [1]}}}
        return self.ask("join_v3", **(usual | {"mode": "rtc", "role": "host"} | message))

    def news(self) -> list[tuple[str, Json]]:
        """What the server has told since the last answer."""
        messages = [json.loads(text) for text in self.connection.take()]
        return [(message["_type"], message["_message"]) for message in messages]

    @property
    def session(self) -> Session:
        assert self.connection.session
        return self.connection.session


def server_of(**options: Any) -> MediaServer:
    return MediaServer(Project(DEMO, clock=Clock(NOW), **options))


def error_of(answer: Json) -> tuple[int, str]:
    assert answer["_result"] == "failed"
    return answer["_message"]["error_code"], answer["_message"]["error_str"]


def succeeded(answer: Json) -> bool:
    return bool(answer["_result"] == "success")


def kinds_of(session: Session) -> list[EventKind]:
    return [event.kind for event in session.events]


def test_the_answer_to_a_client_that_joins() -> None:
    client = Client(server_of())
    answer = client.join()
    assert (answer["_id"], answer["_result"]) == ("1", "success")
    entrance = answer["_message"]
    assert entrance["uid"] == 7
    assert entrance["server_ts"] == NOW * 1000
    assert entrance["attributes"] == {"userAttributes": {}}, "without which the SDK fails silently"
    assert entrance["ortc"]["rtpCapabilities"] == {"a": [1]}, "the client's own"
    session = client.session
    assert (session.state, session.channel, session.uid, session.reason) == ("in", "lobby", 7, None)
    assert session.privileges == {RtcPrivilege.JOIN_CHANNEL: NOW + HOUR}
    assert kinds_of(session) == [EventKind.JOIN]


@pytest.mark.parametrize(
    ("options", "number", "text"),
    [
        ({"token": rtc("stage")}, 110, "invalid token, authorized failed"),
        ({"token": rtc(uid=8)}, 110, "invalid token, authorized failed"),
        ({"token": rtc(credentials=SECONDARY)}, 110, "invalid token, authorized failed"),
        ({"token": rtc(now=NOW - HOUR)}, 110, "dynamic key or token timeout"),
        ({"token": DEMO.app_id}, 120, "dynamic use static key"),
        ({"app_id": "f" * 32}, 2013, "invalid vendor key, can not find appid"),
        ({"channel": "x" * 64}, 2014, "invalid channel name"),
    ],
)
def test_the_token_is_checked_again(options: Json, number: int, text: str) -> None:
    client = Client(server := server_of())
    arguments: Json = {"token": rtc()} | options
    assert error_of(client.join(**arguments)) == (number, text)
    assert server.sessions == ()
    assert error_of(client.ask("publish"))[0] == 2011


def test_the_app_id_alone() -> None:
    client = Client(server_of(mechanism="app_id"))
    assert succeeded(client.join(DEMO.app_id))
    client.server.project.clock.advance(30 * HOUR)
    assert client.session.state == SessionState.IN
    assert client.session.ends_at is None
    assert succeeded(client.ask("renew_token", token=DEMO.app_id))


def test_a_user_account() -> None:
    client = Client(server_of())
    token = rtc(account="alice")
    assert succeeded(client.join(token, uid=12, details={"6": "alice"}))
    assert client.session.account == "alice"
    assert error_of(Client(client.server).join(token, uid=12, details={"6": "bob"}))[0] == 110
    assert error_of(Client(client.server).join(token, uid=12, details={"6": 7}))[0] == 2022


def test_warned_once_30_seconds_before_the_end() -> None:
    client = Client(server_of())
    client.join()
    clock = client.server.project.clock
    clock.advance(HOUR - 31)
    assert client.news() == []
    clock.advance(1)
    assert client.news() == [("on_token_privilege_will_expire", {})]
    clock.advance(29)
    assert client.news() == []
    clock.advance(1)
    assert client.news() == [("on_token_privilege_did_expire", {})]
    assert kinds_of(client.connection.session or client.server.sessions[0])[1:] == [
        EventKind.WARNING,
        EventKind.EXPIRED,
    ]
    session = client.server.sessions[0]
    assert (session.state, session.reason) == (SessionState.OUT, OutReason.TOKEN_EXPIRED)
    assert session.events[1].sdk == "token-privilege-will-expire"


def test_a_clock_that_jumps_over_the_end_does_not_skip_the_warning() -> None:
    client = Client(server_of())
    client.join()
    client.server.project.clock.advance(2 * HOUR)
    assert [kind for kind, _ in client.news()] == ["on_token_privilege_will_expire", "on_token_privilege_did_expire"]


def test_a_token_of_less_than_30_seconds_is_warned_about_after_the_answer() -> None:
    client = Client(server_of())
    assert succeeded(client.join(rtc(expires_in=20)))
    assert [message["_type"] for message in client.told] == ["on_token_privilege_will_expire"]


def test_a_day_without_a_browser() -> None:
    clock = Clock(NOW)
    server = MediaServer(Project(DEMO, clock=clock))
    connection = server.join("lobby", uid=7, token=rtc())
    assert connection.session
    clock.advance(3570)
    connection.renew(rtc("stage"))
    assert connection.session.events[-1].refused
    assert connection.session.ends_at == NOW + 3600
    connection.renew(rtc(now=clock.now()))
    assert not connection.session.events[-1].refused
    assert connection.session.ends_at == NOW + 3570 + 3600
    assert server.join("lobby", uid=8, token=rtc()).session is None


def test_renewed_in_time() -> None:
    client = Client(server_of())
    client.join()
    clock = client.server.project.clock
    for hour in range(1, 25):
        clock.set(NOW + hour * HOUR - 30)
        assert client.news() == [("on_token_privilege_will_expire", {})]
        assert succeeded(client.ask("renew_token", token=rtc(now=NOW + hour * HOUR - 60, expires_in=HOUR + 60)))
    assert client.session.state == SessionState.IN


@pytest.mark.parametrize(
    ("token", "number"),
    [
        (rtc("stage"), 110),
        (rtc(uid=8), 110),
        (rtc(credentials=SECONDARY), 110),
        (rtc(now=NOW - HOUR), 109),
        ("", 110),
        ("hello", 110),
        (DEMO.app_id, 120),
    ],
)
def test_a_renewal_that_is_refused_changes_nothing(token: str, number: int) -> None:
    client = Client(server_of())
    client.join()
    code, text = error_of(client.ask("renew_token", token=token))
    assert code == number
    event = client.session.events[-1]
    assert event.sdk.endswith(text)
    assert event.refused
    assert not event.source.documented
    assert event.admission
    assert not event.admission.admitted
    assert client.session.ends_at == NOW + HOUR
    assert client.session.state == SessionState.IN


def test_the_same_token_again_changes_nothing() -> None:
    """Not even the warning comes again, as developers report."""
    client = Client(server_of())
    client.join(token := rtc())
    clock = client.server.project.clock
    clock.advance(HOUR - 30)
    client.news()
    assert succeeded(client.ask("renew_token", token=token))
    assert client.told == []
    event = client.session.events[-1]
    assert str(event) == "renew with the same token [not documented]"
    assert event.admission
    assert event.admission.admitted
    assert client.session.ends_at == NOW + HOUR
    clock.advance(30)
    assert client.news() == [("on_token_privilege_did_expire", {})]


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_privilege_that_ends_before_the_token(version: str) -> None:
    keys = (DEMO.app_id, DEMO.app_certificate)
    if version == "006":
        token = rtc(version="006", expires_in=600)  # the token itself ends after 24 hours
    else:
        token = v007.encode(*keys, [RtcService("lobby", 7, {1: 600})], issued_at=NOW, expire=HOUR, salt=1)
    client = Client(server_of())
    client.join(token)
    client.server.project.clock.advance(600)
    assert client.server.sessions[0].reason == OutReason.TOKEN_EXPIRED


def test_a_token_that_ends_before_the_privilege() -> None:
    """The client stays, is told nothing, and cannot come back."""
    service = RtcService("lobby", 7, {1: 0, 2: 0})
    token = v007.encode(DEMO.app_id, DEMO.app_certificate, [service], issued_at=NOW, expire=600, salt=1)
    client = Client(server_of(co_host_authentication=True))
    client.join(token)
    client.server.project.clock.advance(30 * HOUR)
    assert client.news() == []
    assert succeeded(client.ask("publish", ortc=[{"stream_type": "audio", "ssrcs": [{"ssrcId": 5}]}]))
    assert error_of(client.ask("renew_token", token=token))[0] == 109
    assert error_of(Client(client.server, sid="other").join(token))[0] == 110


def test_co_host_authentication_checks_the_privileges_at_that_moment() -> None:
    client = Client(server_of(co_host_authentication=True))
    service = RtcService("lobby", 7, {1: HOUR, 2: 600})
    token = v007.encode(DEMO.app_id, DEMO.app_certificate, [service], issued_at=NOW, expire=HOUR, salt=1)
    client.join(token, mode="live", role="audience")
    audio, video = [{"stream_type": "audio"}], [{"stream_type": "high"}]
    assert error_of(client.ask("publish", ortc=audio)) == (110, "the client is an audience.")
    assert succeeded(client.ask("set_client_role", role="host"))
    assert succeeded(client.ask("publish", ortc=audio))
    assert error_of(client.ask("publish", ortc=video)) == (110, "the token has no privilege to publish video.")
    client.server.project.clock.advance(600)
    assert error_of(client.ask("publish", ortc=audio))[0] == 110
    assert error_of(client.ask("set_client_role", role="host"))[0] == 2018
    client.server.project.co_host_authentication = False
    assert succeeded(client.ask("publish", ortc=audio))
    assert error_of(client.ask("set_client_role", role="admin"))[0] == 2022


def test_two_clients_see_each_other() -> None:
    alice, bob = Client(server := server_of(), sid="a"), Client(server, sid="b")
    alice.join()
    alice.ask("publish", ortc=[{"stream_type": "audio", "ssrcs": [{"ssrcId": 5}]}, {"stream_type": "high"}])
    bob.join(uid=8)
    stream = {"uid": 7, "uint_id": 7, "cname": "x"}
    video = ("on_add_video_stream", stream | {"video": True, "ssrcId": 1})
    assert [(message["_type"], message["_message"]) for message in bob.told] == [
        ("on_user_online", {"uid": 7}),
        ("on_add_audio_stream", stream | {"audio": True, "ssrcId": 5}),
        video,
    ]
    assert alice.news() == [("on_user_online", {"uid": 8})]
    alice.ask("unpublish", ortc=[{"stream_type": "audio"}])
    assert bob.news() == [("on_remove_stream", {"uid": 7, "uint_id": 7}), video]
    alice.ask("leave")
    assert bob.news() == [("on_user_offline", {"uid": 7, "reason": "Quit"})]
    assert server.sessions[0].reason == OutReason.LEFT


def test_an_audience_is_not_seen() -> None:
    host, audience = Client(server := server_of(), sid="a"), Client(server, sid="b")
    host.join(mode="live")
    audience.join(uid=8, mode="live", role="audience")
    assert host.news() == []
    audience.ask("set_client_role", role="host")
    assert host.news() == [("on_user_online", {"uid": 8})]
    audience.ask("set_client_role", role="audience")
    assert host.news() == [("on_user_offline", {"uid": 8, "reason": "BecomeAudience"})]


def test_other_channels_hear_nothing() -> None:
    lobby, stage = Client(server := server_of(), sid="a"), Client(server, sid="b")
    lobby.join()
    stage.join(channel="stage")
    stage.ask("publish", ortc=[{"stream_type": "audio"}])
    stage.ask("leave")
    assert lobby.news() == []
    assert lobby.session.state == SessionState.IN, "the same uid in another channel is no conflict"


def test_the_same_uid_twice() -> None:
    first, second = Client(server := server_of(), sid="a"), Client(server, sid="b")
    first.join()
    assert succeeded(second.join())
    assert first.news() == [("on_notification", {"code": 2003})]
    assert [session.reason for session in server.sessions] == [OutReason.UID_CONFLICT, None]
    assert error_of(first.ask("publish"))[0] == 2011


def test_a_banned_client() -> None:
    client, other = Client(server := server_of(), sid="a"), Client(server, sid="b")
    client.join()
    other.join(uid=8)
    client.news()
    server.ban(client.session)
    server.ban(client.session)
    assert client.news() == [("on_user_banned", {"error_code": 14})]
    assert other.news() == [("on_user_offline", {"uid": 7, "reason": "Quit"})]
    assert server.sessions[0].reason == OutReason.BANNED
    assert succeeded(Client(server, sid="a").join()), "a kicking rule without duration"


def test_a_client_that_comes_back() -> None:
    client, other = Client(server := server_of(), sid="a"), Client(server, sid="b")
    rejoin_token = client.join()["_message"]["rejoin_token"]
    other.join(uid=8)
    client.connection.close()
    assert not server.sessions[0].connected
    back = Client(server)
    answer = back.ask("rejoin_v3", token=rejoin_token)
    assert answer["_message"]["uid"] == 7
    assert [message["_message"] for message in back.told] == [{"uid": 8}]
    assert other.news() == [], "it was not gone for long"
    assert kinds_of(back.session) == [EventKind.JOIN, EventKind.CONNECTION_LOST, EventKind.REJOIN]
    assert error_of(back.ask("rejoin_v3", token=rejoin_token))[0] == 2012
    assert error_of(Client(server).ask("rejoin_v3", token="?\u00e9"))[0] == 2025


def test_a_client_that_joins_again_is_the_same_session() -> None:
    """The Web SDK does so after a lost connection; the old connection may still be there."""
    client = Client(server := server_of())
    client.join()
    again = Client(server)
    assert succeeded(again.join())
    assert client.news() == []
    (session,) = server.sessions
    assert kinds_of(session) == [EventKind.JOIN, EventKind.JOIN]
    client.connection.close()
    assert session.connected


def test_a_client_that_does_not_come_back() -> None:
    client, other = Client(server := server_of(), sid="a"), Client(server, sid="b")
    rejoin_token = client.join()["_message"]["rejoin_token"]
    other.join(uid=8)
    client.connection.close()
    server.project.clock.advance(LOST_SECONDS - 1)
    assert other.news() == []
    server.project.clock.advance(1)
    assert other.news() == [("on_user_offline", {"uid": 7, "reason": "ServerTimeOut"})]
    assert server.sessions[0].reason == OutReason.CONNECTION_LOST
    assert error_of(Client(server).ask("rejoin_v3", token=rejoin_token))[0] == 2025


@pytest.mark.parametrize("how", ["rejoin_v3", "join_v3"])
def test_a_certificate_that_is_disabled_counts_at_the_next_rejoin_or_renewal(how: str) -> None:
    server = server_of()
    server.project.certificates.add_secondary(SECONDARY.app_certificate)
    client, token = Client(server), rtc(credentials=SECONDARY)
    rejoin_token = client.join(token)["_message"]["rejoin_token"]
    server.project.certificates.disable_secondary()
    server.tick()
    assert succeeded(client.ask("publish", ortc=[{"stream_type": "audio"}])), "nothing happens until then"
    assert error_of(client.ask("renew_token", token=token))[0] == 110
    client.connection.close()
    back = Client(server)
    answer = back.join(token) if how == "join_v3" else back.ask("rejoin_v3", token=rejoin_token)
    assert error_of(answer)[0] == 110
    (session,) = server.sessions
    assert session.reason == OutReason.REJECTED
    assert session.events[-1].sdk == ("TOKEN_EXPIRE" if how == "join_v3" else "")
    assert session.events[-1].admission == server.project.join("lobby", uid=7, token=token)


def test_no_certificate_that_is_disabled_counts_at_the_next_renewal() -> None:
    client = Client(server_of(mechanism="app_id_or_token"))
    client.join(DEMO.app_id)
    client.server.project.certificates.disable_no_certificate()
    assert succeeded(client.ask("ping"))
    assert error_of(client.ask("renew_token", token=DEMO.app_id))[0] == 120
    client.server.project.certificates.enable_no_certificate()
    assert succeeded(client.ask("renew_token", token=DEMO.app_id))


def test_what_is_only_confirmed() -> None:
    client = Client(server_of())
    client.join()
    for kind in ("ping", "subscribe", "unsubscribe", "control", "set_parameter"):
        assert client.ask(kind) == {"_id": "1", "_result": "success", "_message": {}}
    assert client.ask("traffic_stats")["_message"] == {"peer_delay": []}
    for kind in ("restart_ice", "connect_pc"):
        answer = client.ask(kind)["_message"]
        assert answer["iceParameters"] == answer["ortc"]["iceParameters"]
    for kind in ("ping_back", "wrtc_stats"):
        client.connection.receive(json.dumps({"_type": kind, "_message": {}}))
    assert client.connection.take() == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "message: is not JSON."),
        ("{", "message: is not JSON."),
        ("[" * 100_000, "message: is not JSON."),
        ("[]", "message: must be a JSON object."),
        ('{"_id": "1", "_type": NaN}', "message: is not JSON."),
        ('{"_id": "\\ud800", "_type": "ping"}', "message: is not JSON."),
        ("{}", "_type: is missing."),
        ('{"_type": "ping"}', "_id: is missing."),
        ('{"_type": "ping", "_id": 7}', "_id: must be a string."),
        ('{"_type": 7, "_id": "1"}', "_type: must be a string."),
        (json.dumps({"_type": "ping", "_id": "x" * 65}), "_id: is longer than 64 characters."),
        ('{"_type": "ping", "_id": "1", "_message": []}', "_message: must be an object."),
        ('{"_type": "dance", "_id": "1"}', "the client is not in a channel. Send join_v3 first."),
        ('{"_type": "join_v3", "_id": "1"}', "channel_key: is missing."),
        ('{"_type": "rejoin_v3", "_id": "1", "_message": {"token": 7}}', "token: must be a string."),
        (" " * MAX_MESSAGE_CHARACTERS + "{}", "message: is longer than 131072 characters."),
    ],
)
def test_a_malformed_message_gets_an_answer(text: str, problem: str) -> None:
    connection = server_of().connect()
    connection.receive(text)
    (answer,) = connection.take()
    assert error_of(json.loads(answer))[1] == problem


@pytest.mark.parametrize("uid", [0, -1, 2**32, True, 1.5, "7", None])
def test_a_uid_that_no_access_point_assigns(uid: Any) -> None:
    client = Client(server_of(mechanism="app_id"))
    code, text = error_of(client.join(DEMO.app_id, ap_response={"uid": uid}))
    assert (code, "uid: must be" in text) == (2022, True)


def test_a_request_that_is_not_known() -> None:
    client = Client(server_of())
    client.join()
    assert error_of(client.ask("dance")) == (2022, "_type: is not a request that this model knows.")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KINDS = ("join_v3", "rejoin_v3", "renew_token", "publish", "unpublish", "set_client_role", "leave", "control", "ping")
FIELDS = ("token", "role", "ortc", "channel_key", "channel_name", "app_id", "session_id", "ap_response", "details")


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(FIELDS), JSON)), max_size=5))
def test_no_message_raises(requests: list[tuple[str, Json]]) -> None:
    client = Client(server_of())
    client.join()
    for kind, message in requests:
        client.connection.receive(json.dumps({"_id": "1", "_type": kind, "_message": message}))
        assert len([text for text in client.connection.take() if '"_id"' in text]) == 1


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    connection = server_of().connect()
    connection.receive(text)
    assert len(connection.take()) == 1


def test_when_something_is_due() -> None:
    client = Client(server := server_of())
    assert server.seconds_until_due() == math.inf
    client.join()
    assert server.seconds_until_due() == math.inf, "the clock stands still"
    server.project.clock.resume()
    assert HOUR - 32 < server.seconds_until_due() <= HOUR - 30
    client.connection.close()
    assert LOST_SECONDS - 2 < server.seconds_until_due() <= LOST_SECONDS


def test_a_move_of_the_clock_wakes_the_connection() -> None:
    server, calls = server_of(), list[int]()
    connection = server.connect(lambda: calls.append(1))
    message: Json = {"app_id": DEMO.app_id, "channel_key": rtc(), "channel_name": "lobby", "session_id": "s"}
    message |= {"ap_response": {"uid": 7}, "ortc": {}}
    connection.receive(json.dumps({"_id": "1", "_type": "join_v3", "_message": message}))
    calls.clear()
    server.project.clock.advance(HOUR - 30)
    assert calls == [1]


def test_the_bounds() -> None:
    server = server_of()
    connections = [server.connect() for _ in range(MAX_CONNECTIONS)]
    with pytest.raises(InputError, match=r"^connections: are limited to 200\."):
        server.connect()
    connections[0].close()
    server.connect()


def test_old_sessions_are_forgotten() -> None:
    server = server_of()
    for number in range(MAX_SESSIONS + 5):
        client = Client(server, sid=str(number))
        client.join()
        client.ask("leave")
        client.connection.close()
    assert len(server.sessions) == MAX_SESSIONS


def test_a_client_that_does_not_read_is_cut_off() -> None:
    connection = server_of().connect()
    for _ in range(MAX_QUEUED + 5):
        connection.receive("{}")
    assert connection.closed
    assert len(connection.take()) == MAX_QUEUED


def test_no_token_is_shown() -> None:
    client = Client(server_of())
    client.join(token := rtc())
    client.ask("renew_token", token=rtc("stage"))
    output = f"{client.session!r} {client.session.events} {client.server.sessions}"
    assert token not in output
    assert rtc("stage") not in output
    assert client.session._rejoin_token not in output


def test_without_a_browser() -> None:
    server = server_of()
    connection = server.join("lobby", uid=7, token=rtc())
    assert connection.session
    assert connection.session.state == "in"
    refused = server.join("lobby", uid=8, token=rtc())
    assert refused.session is None
    assert error_of(json.loads(refused.take()[0]))[0] == 110

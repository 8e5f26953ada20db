from __future__ import annotations

from typing import Any

import pytest

from agora_helpers import (
    Admission,
    Credentials,
    InputError,
    Project,
    RtcService,
    RtmService,
    build_rtc_token,
    build_rtm_token,
    build_token,
    verify,
)
from agora_helpers.constants import TokenVersion
from agora_helpers.tokens import v007
from tests.support import DEMO, NOW

SECOND = "0123456789abcdef" * 2
OTHER = Credentials(DEMO.app_id, SECOND)
HOUR = 3600


def rtc(credentials: Credentials = DEMO, **options: Any) -> str:
    return build_rtc_token(credentials, "lobby", **{"uid": 7, "role": "publisher", "now": NOW, **options})


def join(project: Project, channel: str = "lobby", **options: Any) -> Admission:
    return project.join(channel, **{"uid": 7, "now": NOW + 60, **options})


@pytest.mark.parametrize(
    ("mechanism", "without", "with_token", "with_a_bad_one"),
    [("app_id", 0, 14, 14), ("token", 15, 0, 9), ("app_id_or_token", 0, 0, 9)],
)
@pytest.mark.parametrize("version", ["006", "007"])
def test_the_three_mechanisms(
    version: TokenVersion, mechanism: str, without: int, with_token: int, with_a_bad_one: int
) -> None:
    project = Project(DEMO, mechanism=mechanism)
    assert project.mechanism == mechanism
    assert join(project).code == without
    assert join(project, token=rtc(version=version)).code == with_token
    assert join(project, token=rtc(OTHER, version=version)).code == with_a_bad_one
    login: dict[str, Any] = {"now": NOW + 60}
    assert project.login("alice", **login).code == without
    good, bad = (build_rtm_token(who, "alice", version=version, now=NOW) for who in (DEMO, OTHER))
    assert project.login("alice", token=good, **login).code == with_token
    assert project.login("alice", token=bad, **login).code == with_a_bad_one


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        ({"app_id": "0" * 32}, 5, "invalid vendor key, can not find appid"),
        ({"channel": "x" * 64}, 7, "invalid channel name"),
        ({"token": None}, 15, "dynamic use static key"),
        ({"token": DEMO.app_id}, 15, "dynamic use static key"),
        ({"channel": "Lobby"}, 9, "invalid token, authorized failed"),
        ({"uid": 8}, 9, "invalid token, authorized failed"),
        ({"uid": None}, 9, "invalid token, authorized failed"),
        ({"uid": None, "account": "alice"}, 9, "invalid token, authorized failed"),
        ({"token": "007"}, 9, "invalid token, authorized failed"),
        ({"token": build_rtm_token(DEMO, "alice", now=NOW)}, 9, "invalid token, authorized failed"),
        ({"now": NOW + HOUR}, 10, "dynamic key or token timeout"),
    ],
)
def test_who_does_not_get_into_a_channel(options: dict[str, Any], code: int, text: str) -> None:
    answer = join(Project(DEMO), **{"token": rtc(), **options})
    assert (answer.code, answer.text, answer.error) == (code, text, str(2_010_000 + code))
    assert not answer.admitted and answer.may == ()
    assert str(answer).removesuffix(" [not documented]") == f"refused: {text} ({2_010_000 + code})"
    assert bool(answer.reasons) == (code in (7, 9, 10))


@pytest.mark.parametrize(
    ("options", "code", "error"),
    [
        ({"app_id": "0" * 32, "token": None}, 5, "-10003"),
        ({"token": None}, 15, "-10005"),
        ({"token": build_rtm_token(OTHER, "alice", now=NOW)}, 9, "-10005"),
        ({"token": build_rtm_token(Credentials("0" * 32, SECOND), "alice", now=NOW)}, None, "-10016"),
        ({"token": "hello"}, None, "-10005"),
        ({"token": rtc()}, 21, "-10015"),
        ({"user": "bob"}, 7, "-10005"),
        ({"user": "bob", "token": build_rtm_token(DEMO, "alice", version="006", now=NOW)}, 7, "-10005"),
        ({"user": "a/b"}, None, "-10006"),
        ({"user": "_a"}, None, "-10006"),
        ({"app_id": "x"}, None, "-10003"),
        ({"token": ""}, 15, "-10005"),
        ({"token": DEMO.app_id}, 15, "-10005"),
        ({"token": build_rtm_token(DEMO, "alice", version="006", now=NOW)[:90]}, 9, "-10005"),
        ({"token": "006" + "-" * 40}, None, "-10005"),
        ({"now": NOW + HOUR}, 13, "-10009"),
    ],
)
def test_who_does_not_get_into_messaging(options: dict[str, Any], code: int | None, error: str) -> None:
    asked = {"user": "alice", "now": NOW + 60, "token": build_rtm_token(DEMO, "alice", now=NOW), **options}
    answer = Project(DEMO).login(asked.pop("user"), **asked)
    assert (answer.code, answer.error) == (code, error) and answer.text and not answer.admitted


def test_a_project_that_is_switched_off() -> None:
    assert join(Project(DEMO, active=False), token=rtc()).code == 11
    project = Project(DEMO, rtm_enabled=False)
    answer = project.login("alice", token=build_rtm_token(DEMO, "alice", now=NOW), now=NOW)
    assert (answer.code, answer.error) == (26, "-10015")
    assert Project(DEMO, active=False).login("alice", now=NOW).code == 11
    assert join(project, token=rtc()).admitted


def test_certificates_decide_which_tokens_are_genuine() -> None:
    project = Project(DEMO)
    old, new = rtc(), rtc(OTHER)
    assert [join(project, token=token).code for token in (old, new)] == [0, 9]
    project.certificates.add_secondary(SECOND)
    assert [join(project, token=token).code for token in (old, new)] == [0, 0]
    project.certificates.swap()
    assert [join(project, token=token).code for token in (old, new)] == [0, 0]
    project.certificates.disable_secondary()
    assert [join(project, token=token).code for token in (old, new)] == [9, 0]


def test_what_a_client_may_do() -> None:
    app_id = join(Project(DEMO, mechanism="app_id"))
    assert [name for name, _ in app_id.may] == ["stay in the channel", "publish audio", "publish video", "publish data"]
    assert {until for _, until in app_id.may} == {NOW + 60 + 86_400}
    listener = rtc(role="subscriber")
    assert len(join(Project(DEMO), token=listener).may) == 4, "anyone may publish"
    strict = Project(DEMO, co_host_authentication=True)
    assert join(strict, token=listener).may == (("stay in the channel", NOW + HOUR),)
    service = RtcService("lobby", 7, {1: HOUR, 2: 600})
    partly = build_token(DEMO, [service], expires_in=HOUR, now=NOW)
    assert join(strict, token=partly).may == (("stay in the channel", NOW + HOUR), ("publish audio", NOW + 600))
    old = rtc(version="006")
    assert join(strict, token=old).may[0] == ("stay in the channel", NOW + HOUR)
    assert join(strict, token=partly, now=NOW + 600).may == (("stay in the channel", NOW + HOUR),), "audio is over"
    login = Project(DEMO).login("alice", token=build_rtm_token(DEMO, "alice", expires_in=60, now=NOW), now=NOW)
    assert login.may == (("log in", NOW + 60),)


def test_no_token_outlives_a_day() -> None:
    long = v007.encode(
        DEMO.app_id, DEMO.app_certificate, [RtcService("lobby", "7", {1: 0})], issued_at=NOW, expire=10**6, salt=1
    )
    assert join(Project(DEMO), token=long).may[0] == ("stay in the channel", NOW + 86_400)
    assert join(Project(DEMO), token=long, now=NOW + 86_400).code == 10


def test_agora_chooses_a_uid_for_who_brings_none() -> None:
    anyone = rtc(uid=0, allow_any_uid=True)
    for uid in (None, 0, 7):
        answer = join(Project(DEMO), uid=uid, token=anyone)
        assert answer.admitted and "uid 0 is anyone's" in answer.source.text


def test_temporary_tokens_of_the_older_console_and_of_the_newest() -> None:
    project = Project(DEMO)
    older = project.temporary_token("lobby", now=NOW, salt=1)
    assert join(project, uid=99, token=older, now=NOW + 86_399).admitted
    assert not project.login("99", token=older, now=NOW).admitted
    assert join(project, uid=99, token=older, now=NOW + 86_400).code == 10
    newest = project.temporary_token("lobby", uid=7, now=NOW, salt=1)
    assert join(project, token=newest).admitted and not join(project, uid=8, token=newest).admitted
    assert project.login("7", token=newest, now=NOW).admitted
    assert verify(newest, DEMO, channel="lobby", uid=7, user="7", now=NOW).ok
    with pytest.raises(InputError, match="primary: is disabled"):
        Project(DEMO, mechanism="app_id").temporary_token("lobby")
    with pytest.raises(InputError, match="uid: 0 makes"):
        project.temporary_token("lobby", uid=0)


def test_one_token_for_two_doors() -> None:
    both = build_token(DEMO, [RtcService("lobby", 7), RtmService("alice")], now=NOW)
    project = Project(DEMO)
    assert join(project, token=both).admitted and project.login("alice", token=both, now=NOW).admitted


def test_what_is_not_documented_is_marked() -> None:
    assert join(Project(DEMO), token=rtc(OTHER)).documented
    assert not join(Project(DEMO, mechanism="app_id_or_token"), token=rtc(OTHER)).documented
    assert not join(Project(DEMO), token=rtc(), now=NOW + HOUR).documented
    assert not join(Project(DEMO, active=False)).documented
    assert not join(Project(DEMO), token=rtc(now=NOW + HOUR)).documented, "a clock that is ahead"
    assert not join(Project(DEMO), channel="x" * 64).documented


def test_when_several_things_are_wrong_the_order_is_not_documented() -> None:
    late = {"token": rtc(), "now": NOW + HOUR}
    assert join(Project(DEMO), channel="stage", **late).source.text.startswith("which one Agora names when several")
    assert join(Project(DEMO, active=False), token=None).source == join(Project(DEMO), channel="stage", **late).source
    assert "several" not in join(Project(DEMO), uid=8, channel="stage", token=rtc()).source.text, "one answer for both"


def test_what_the_sdk_refuses_the_access_point_never_sees() -> None:
    answer = join(Project(DEMO), token="")
    assert (answer.code, answer.error, answer.admitted) == (None, "INVALID_PARAMS", False)
    assert "Invalid token" in answer.text and answer.documented and "agora-rtc-sdk-ng" in answer.source.text
    raw: dict[str, Any] = {"app_id": DEMO.app_id, "now": NOW}
    assert Project(DEMO).answer_join("lobby", token="", **raw).code == 9
    assert Project(DEMO).answer_join("caf\u00e9", **raw).code == 7
    assert Project(DEMO).answer_login("a.b", token="hello", **raw).code == 9


def test_arguments_that_cannot_be_used() -> None:
    project = Project(DEMO)
    for ask in (project.join, project.login):
        for field in ("token", "app_id"):
            wrong: Any = {field: 7}
            with pytest.raises(InputError, match=f"{field}: must be a text"):
                ask("lobby", **wrong)
        with pytest.raises(InputError, match=r"(channel|user): must be a text"):
            ask(None)  # type: ignore[arg-type]
        with pytest.raises(InputError, match="now: "):
            ask("lobby", now=-1)
    for uid in ("7", 7.0, True):
        with pytest.raises(InputError, match="uid: must be an integer"):
            project.join("lobby", uid=uid)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="account: must be a text"):
        project.join("lobby", account=7)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="account: is given, and so is uid"):
        project.join("lobby", uid=7, account="alice")
    with pytest.raises(InputError, match="credentials: must be Credentials"):
        Project("id")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="mechanism: is none"):
        Project(DEMO, mechanism="either")


def test_the_certificate_is_not_shown() -> None:
    project = Project(DEMO)
    shown = f"{project!r} {project} {join(project, token=rtc())!r} {vars(project)}"
    assert DEMO.app_certificate not in shown and repr(project) == f"<Project {DEMO.app_id}: token>"

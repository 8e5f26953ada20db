from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agora_helpers import (
    Admission,
    Credentials,
    InputError,
    Project,
    RtcService,
    RtmService,
    build_token,
    verify,
)
from agora_helpers.errors import ErrorCode
from agora_helpers.practice import Clock
from agora_helpers.practice.certificates import MechanismLike
from tests.support import DEMO, NOW
from tests.verification.samples import OTHER_CERTIFICATE, OTHER_SIGNER, lobby, rtc, rtm, sign_007

HOUR, DAY = 3600, 86_400
OTHER_PROJECT = Credentials("0" * 32, OTHER_CERTIFICATE)
PUBLISHER = rtc(role="publisher")


@pytest.fixture
def project() -> Project:
    """A project that requires a token."""
    return Project(DEMO)


def join(project: Project, channel: str = "lobby", **options: Any) -> Admission:
    """Join the lobby as uid 7, a minute after the tokens were issued."""
    return project.join(channel, **{"uid": 7, "now": NOW + 60, **options})


def login(project: Project, user: str = "alice", **options: Any) -> Admission:
    """Log in as alice, a minute after the tokens were issued."""
    return project.login(user, **{"now": NOW + 60, **options})


@pytest.mark.parametrize(
    ("mechanism", "without", "valid", "wrong"),
    [("app_id", 0, 14, 14), ("token", 15, 0, 9), ("app_id_or_token", 0, 0, 9)],
)
@pytest.mark.parametrize("version", ["006", "007"])
@pytest.mark.parametrize(("enter", "build"), [(join, rtc), (login, rtm)])
def test_the_three_mechanisms(
    enter: Callable[..., Admission],
    build: Callable[..., str],
    version: str,
    mechanism: MechanismLike,
    without: int,
    valid: int,
    wrong: int,
) -> None:
    project = Project(DEMO, mechanism=mechanism)
    assert project.mechanism == mechanism
    assert enter(project).code == without
    assert enter(project, token=build(version=version)).code == valid
    assert enter(project, token=build(OTHER_SIGNER, version=version)).code == wrong


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
        ({"token": rtm()}, 9, "invalid token, authorized failed"),
        ({"now": NOW + HOUR}, 10, "dynamic key or token timeout"),
    ],
)
def test_a_client_that_may_not_join(project: Project, options: dict[str, Any], code: int, text: str) -> None:
    admission = join(project, **{"token": PUBLISHER, **options})
    assert (admission.code, admission.text, admission.error) == (code, text, str(2_010_000 + code))
    assert not admission.admitted
    assert admission.may == ()
    assert str(admission).removesuffix(" [not documented]") == f"rejected: {text} ({2_010_000 + code})"
    assert bool(admission.reasons) == (code in (7, 9, 10)), "if the token was verified"


@pytest.mark.parametrize(
    ("options", "code", "error"),
    [
        ({"app_id": "0" * 32, "token": None}, 5, "-10003"),
        ({"token": None}, 15, "-10005"),
        ({"token": rtm(OTHER_SIGNER)}, 9, "-10005"),
        ({"token": rtm(OTHER_PROJECT)}, None, "-10016"),
        ({"token": "hello"}, None, "-10005"),
        ({"token": PUBLISHER}, 21, "-10015"),
        ({"user": "bob"}, 7, "-10005"),
        ({"user": "bob", "token": rtm(version="006")}, 7, "-10005"),
        ({"user": "a/b"}, None, "-10006"),
        ({"user": "_a"}, None, "-10006"),
        ({"app_id": "x"}, None, "-10003"),
        ({"token": ""}, 15, "-10005"),
        ({"token": DEMO.app_id}, 15, "-10005"),
        ({"token": rtm(version="006")[:90]}, 9, "-10005"),
        ({"token": "006" + "-" * 40}, None, "-10005"),
        ({"now": NOW + HOUR}, 13, "-10009"),
    ],
)
def test_a_client_that_may_not_log_in(project: Project, options: dict[str, Any], code: int | None, error: str) -> None:
    admission = login(project, **{"token": rtm(), **options})
    assert (admission.code, admission.error) == (code, error)
    assert admission.text
    assert not admission.admitted


def test_an_inactive_project() -> None:
    project = Project(DEMO, active=False)
    assert join(project, token=PUBLISHER).code == 11
    assert login(project).code == 11


def test_a_project_without_signaling() -> None:
    project = Project(DEMO, rtm_enabled=False)
    admission = login(project, token=rtm())
    assert (admission.code, admission.error) == (26, "-10015")
    assert join(project, token=PUBLISHER).admitted


def test_certificates_decide_which_tokens_are_valid(project: Project) -> None:
    def codes() -> list[int | None]:
        return [join(project, token=token).code for token in (rtc(), rtc(OTHER_SIGNER))]

    assert codes() == [0, 9]
    project.certificates.add_secondary(OTHER_CERTIFICATE)
    assert codes() == [0, 0]
    project.certificates.swap()
    assert codes() == [0, 0]
    project.certificates.disable_secondary()
    assert codes() == [9, 0]


def test_what_a_client_may_do_with_the_app_id_alone() -> None:
    until = NOW + 60 + DAY
    assert join(Project(DEMO, mechanism="app_id")).may == (
        ("stay in the channel", until),
        ("publish audio", until),
        ("publish video", until),
        ("publish data", until),
    )


def test_a_subscriber_may_publish_without_co_host_authentication(project: Project) -> None:
    actions = [action for action, _ in join(project, token=rtc(role="subscriber")).may]
    assert actions == ["stay in the channel", "publish audio", "publish video", "publish data"]


PARTLY = build_token(DEMO, [RtcService("lobby", 7, {1: HOUR, 2: 600})], expires_in=HOUR, now=NOW)
STAY = ("stay in the channel", NOW + HOUR)


@pytest.mark.parametrize(
    ("token", "now", "may"),
    [
        (rtc(role="subscriber"), NOW + 60, (STAY,)),
        (PARTLY, NOW + 60, (STAY, ("publish audio", NOW + 600))),
        (PARTLY, NOW + 600, (STAY,)),
        (rtc(version="006", role="subscriber"), NOW + 60, (STAY,)),
    ],
)
def test_what_a_client_may_do_with_co_host_authentication(
    token: str, now: int, may: tuple[tuple[str, int], ...]
) -> None:
    assert join(Project(DEMO, co_host_authentication=True), token=token, now=now).may == may


def test_a_login_ends_with_its_token(project: Project) -> None:
    assert login(project, token=rtm(expires_in=60), now=NOW).may == (("log in", NOW + 60),)


def test_a_login_ends_with_its_privilege_if_that_is_sooner(project: Project) -> None:
    token = build_token(DEMO, [RtmService("alice", {1: 60})], expires_in=HOUR, now=NOW)
    assert login(project, token=token, now=NOW).may == (("log in", NOW + 60),)
    assert login(project, token=token, now=NOW + 60).text == "TOKEN_EXPIRED, The token has expired."


def test_no_token_outlives_a_day(project: Project) -> None:
    token = sign_007(lobby({1: 0}), expire=10**6)
    assert join(project, token=token).may[0] == ("stay in the channel", NOW + DAY)
    assert join(project, token=token, now=NOW + DAY).code == 10


@pytest.mark.parametrize("uid", [None, 0, 7])
def test_any_client_may_use_a_token_for_uid_0(project: Project, uid: int | None) -> None:
    admission = join(project, uid=uid, token=rtc(uid=0, allow_any_uid=True))
    assert admission.admitted
    assert admission.source.text.endswith("any client may use a token for uid 0. Basic-Video-Call#283.")


def test_a_temporary_token_from_the_older_console(project: Project) -> None:
    token = project.temporary_token("lobby", now=NOW, salt=1)
    assert join(project, uid=99, token=token, now=NOW + DAY - 1).admitted
    assert join(project, uid=99, token=token, now=NOW + DAY).code == 10
    assert not login(project, "99", token=token).admitted


def test_a_temporary_token_from_the_newest_console(project: Project) -> None:
    token = project.temporary_token("lobby", uid=7, now=NOW, salt=1)
    assert join(project, token=token).admitted
    assert not join(project, uid=8, token=token).admitted
    assert login(project, "7", token=token).admitted
    assert verify(token, DEMO, channel="lobby", uid=7, user="7", now=NOW).ok


def test_a_temporary_token_needs_an_enabled_certificate() -> None:
    with pytest.raises(InputError) as caught:
        Project(DEMO, mechanism="app_id").temporary_token("lobby")
    assert str(caught.value) == "primary: is disabled, and the console signs with it. Enable it first."


def test_a_temporary_token_for_uid_0_is_rejected(project: Project) -> None:
    with pytest.raises(InputError) as caught:
        project.temporary_token("lobby", uid=0)
    assert caught.value.code == ErrorCode.UID_FOR_ANYONE


def test_one_token_for_joining_and_logging_in(project: Project) -> None:
    token = build_token(DEMO, [RtcService("lobby", 7), RtmService("alice")], now=NOW)
    assert join(project, token=token).admitted
    assert login(project, token=token).admitted


@pytest.mark.parametrize(
    ("settings", "client", "documented"),
    [
        ({}, {"token": rtc(OTHER_SIGNER)}, True),
        ({"mechanism": "app_id_or_token"}, {"token": rtc(OTHER_SIGNER)}, False),
        ({}, {"token": PUBLISHER, "now": NOW + HOUR}, False),
        ({"active": False}, {}, False),
        ({}, {"token": rtc(now=NOW + HOUR)}, False),
        ({}, {"channel": "x" * 64}, False),
    ],
)
def test_what_is_documented(settings: dict[str, Any], client: dict[str, Any], documented: bool) -> None:
    assert join(Project(DEMO, **settings), **client).documented == documented


@pytest.mark.parametrize(
    ("settings", "client"),
    [({}, {"channel": "stage", "token": PUBLISHER, "now": NOW + HOUR}), ({"active": False}, {"token": None})],
)
def test_which_of_several_errors_agora_reports_is_not_documented(
    settings: dict[str, Any], client: dict[str, Any]
) -> None:
    source = join(Project(DEMO, **settings), **client).source
    assert str(source) == "Not documented: which error Agora reports when several things are wrong."


def test_two_problems_with_the_same_error_are_documented(project: Project) -> None:
    assert join(project, uid=8, channel="stage", token=PUBLISHER).documented


def test_what_the_sdk_rejects_does_not_reach_the_access_point(project: Project) -> None:
    admission = join(project, token="")
    assert (admission.code, admission.error) == (None, "INVALID_PARAMS")
    assert admission.text == "Invalid token: . If you don not use token, set it to null"
    assert admission.source.text.startswith("Observed by running agora-rtc-sdk-ng 4.24.8")
    assert admission.documented
    assert not admission.admitted


RAW: dict[str, Any] = {"app_id": DEMO.app_id, "now": NOW}


def test_the_access_point_answers_what_the_sdk_would_reject(project: Project) -> None:
    assert project.answer_join("lobby", token="", **RAW).code == 9
    assert project.answer_join("caf\u00e9", **RAW).code == 7
    assert project.answer_login("a.b", token="hello", **RAW).code == 9


@pytest.mark.parametrize("method", ["join", "login"])
@pytest.mark.parametrize("field", ["token", "app_id"])
def test_a_string_of_another_type(project: Project, method: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        getattr(project, method)("lobby", **{field: 7})
    assert str(caught.value) == f"{field}: must be a string (str), not int. Pass it as the client does."
    assert caught.value.code == ErrorCode.WRONG_TYPE


@pytest.mark.parametrize(("method", "field"), [("join", "channel"), ("login", "user")])
def test_a_missing_name(project: Project, method: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        getattr(project, method)(None)
    assert str(caught.value) == f"{field}: must be a string (str), not None. Pass it as the client does."


@pytest.mark.parametrize("method", ["join", "login"])
def test_a_time_that_cannot_be(project: Project, method: str) -> None:
    with pytest.raises(InputError) as caught:
        getattr(project, method)("lobby", now=-1)
    assert caught.value.field == "now"


@pytest.mark.parametrize(("uid", "kind"), [("7", "str"), (7.0, "float"), (True, "bool")])
def test_a_uid_of_another_type(project: Project, uid: Any, kind: str) -> None:
    with pytest.raises(InputError) as caught:
        project.join("lobby", uid=uid)
    assert str(caught.value) == f"uid: must be an integer, not {kind}. Pass the uid that the client joins with."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"account": 7}, "account: must be a string (str), not int. Pass it as the client does."),
        (
            {"uid": 7, "account": "alice"},
            "account: cannot be combined with uid. A client joins with one of the two.",
        ),
    ],
)
def test_an_account_that_cannot_join(project: Project, arguments: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        project.join("lobby", **arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"credentials": "id"},
            "credentials: must be Credentials, not str. "
            "Pass Credentials(app_id, app_certificate) or Credentials.from_env().",
        ),
        (
            {"credentials": DEMO, "mechanism": "either"},
            'mechanism: must be "app_id", "token" or "app_id_or_token".',
        ),
    ],
)
def test_a_project_that_cannot_be(arguments: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        Project(**arguments)
    assert str(caught.value) == message


def test_the_certificate_is_not_shown(project: Project) -> None:
    output = f"{project!r} {project} {join(project, token=PUBLISHER)!r} {vars(project)}"
    assert DEMO.app_certificate not in output
    assert repr(project) == f"<Project {DEMO.app_id}: token>"


def test_a_project_verifies_with_its_certificates_and_its_clock() -> None:
    project = Project(DEMO, clock=Clock(NOW + 2 * HOUR))
    project.certificates.add_secondary(OTHER_CERTIFICATE)
    verdict = project.verify(rtc(), channel="lobby", uid=8)
    assert [check.status for check in verdict.checks] == ["ok", "ok", "wrong", "wrong"]
    assert project.verify(rtc(OTHER_SIGNER), channel="lobby", now=NOW).ok


def test_without_a_certificate_nothing_can_be_verified() -> None:
    with pytest.raises(
        InputError, match=r"^certificates: are disabled, so no token can be verified\. Enable one first"
    ):
        Project(DEMO, mechanism="app_id").verify(rtc())

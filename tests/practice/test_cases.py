from __future__ import annotations

import json

import pytest

from agora_helpers import Admission, Mechanism, decode, verify
from agora_helpers.practice.admission import Surface
from agora_helpers.practice.cases import CASES, Case, rehearse
from agora_helpers.practice.certificates import MechanismLike
from tests.support import DEMO, NOW

# The access point's answer to each client: with App ID, with token, with either.
# None: the SDK itself fails and sends no request.
CODES: dict[Surface, dict[str, tuple[int | None, ...]]] = {
    Surface.RTC: {
        "no token": (0, 15, 0),
        "a good token (006)": (14, 0, 0),
        "a good token (007)": (14, 0, 0),
        "a temporary token from the older console": (14, 0, 0),
        "a token signed with the secondary certificate": (14, 0, 0),
        "a token signed with the secondary certificate, which is disabled": (14, 9, 9),
        "a token signed with another certificate": (14, 9, 9),
        "a token for another channel": (14, 9, 9),
        "a token for another uid": (14, 9, 9),
        "an expired token": (14, 10, 10),
        "an expired token for another channel": (14, 9, 9),
        "a token from a server whose clock is an hour ahead": (14, 0, 0),
        "a token without the privilege to join": (14, 9, 9),
        "a token of another project": (14, 9, 9),
        "an RTM token": (14, 9, 9),
        "the App ID of another project": (5, 5, 5),
        "a project that is not active": (11, 11, 11),
        "a channel name of 64 bytes": (7, 7, 7),
        "a channel name with an accent": (None, None, None),
        "a uid of more than 32 bits": (None, None, None),
        "an empty string as a token": (None, None, None),
    },
    Surface.RTM: {
        "no token": (0, 15, 0),
        "a good token (006)": (14, 0, 0),
        "a good token (007)": (14, 0, 0),
        "a token signed with the secondary certificate": (14, 0, 0),
        "a token signed with another certificate": (14, 9, 9),
        "a token for another user": (14, 7, 7),
        "an expired token": (14, 13, 13),
        "a token from a server whose clock is an hour ahead": (14, 0, 0),
        "a token without the privilege to log in": (14, 21, 21),
        "an RTC token": (14, 21, 21),
        "a damaged token": (14, 9, 9),
        "the App ID of another project, with a token for it": (5, 5, 5),
        "a project that is not active": (11, 11, 11),
        "a project without messaging": (26, 26, 26),
        "a token of another project": (None, None, None),
        "a string that is not a token": (None, None, None),
        "an empty string as a token": (0, 15, 0),
        "a user id with a full stop": (None, None, None),
    },
}
MECHANISMS: tuple[MechanismLike, ...] = ("app_id", "token", "app_id_or_token")
BY_NAME = {(case.surface, case.name): case for case in CASES}
each_case = pytest.mark.parametrize("case", CASES, ids=[f"{case.surface}: {case.name}" for case in CASES])


def answer(case: Case, mechanism: MechanismLike = "token") -> Admission:
    return rehearse(case, mechanism, DEMO, now=NOW, salt=1)


@each_case
def test_the_answer_under_each_mechanism(case: Case) -> None:
    assert tuple(answer(case, mechanism).code for mechanism in MECHANISMS) == CODES[case.surface][case.name]


def test_the_matrix_is_complete() -> None:
    assert set(MECHANISMS) == set(Mechanism)
    assert len(BY_NAME) == len({(case.surface, case.short) for case in CASES}) == len(CASES)
    assert max(len(case.short) for case in CASES) < 25
    assert {(surface, name) for surface, names in CODES.items() for name in names} == BY_NAME.keys()


# Where Agora does not document its answer: with App ID, with token, with either.
UNDOCUMENTED = {
    (Surface.RTC, "an expired token"): (False, True, True),
    (Surface.RTC, "an expired token for another channel"): (False, True, True),
    (Surface.RTC, "a token from a server whose clock is an hour ahead"): (False, True, True),
    (Surface.RTC, "a token without the privilege to join"): (False, True, True),
    (Surface.RTC, "a token of another project"): (False, True, True),
    (Surface.RTC, "an RTM token"): (False, True, True),
    (Surface.RTC, "a project that is not active"): (True, True, True),
    (Surface.RTC, "a channel name of 64 bytes"): (True, True, True),
    (Surface.RTM, "a good token (006)"): (False, True, True),
    (Surface.RTM, "an expired token"): (False, True, True),
    (Surface.RTM, "a token from a server whose clock is an hour ahead"): (False, True, True),
    (Surface.RTM, "a token without the privilege to log in"): (False, True, True),
    (Surface.RTM, "an RTC token"): (False, True, True),
    (Surface.RTM, "a damaged token"): (False, True, True),
    (Surface.RTM, "a project that is not active"): (True, True, True),
    (Surface.RTM, "a project without messaging"): (True, True, True),
}
WRONG_WHERE_NONE_IS_NEEDED = (
    "a token signed with the secondary certificate, which is disabled",
    "a token signed with another certificate",
    "a token for another channel",
    "a token for another uid",
    "a token for another user",
)


@each_case
def test_what_is_not_documented(case: Case) -> None:
    by_default = (False, False, case.name in WRONG_WHERE_NONE_IS_NEEDED)
    undocumented = tuple(not answer(case, mechanism).documented for mechanism in MECHANISMS)
    assert undocumented == UNDOCUMENTED.get((case.surface, case.name), by_default)


@each_case
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_answer_names_its_source(case: Case, mechanism: MechanismLike) -> None:
    admission = answer(case, mechanism)
    source = str(admission.source)
    assert len(source) > 20
    assert source.endswith((".", ")"))
    assert source.startswith("Not documented: ") != admission.documented
    assert str(admission).endswith("[not documented]") != admission.documented


@each_case
def test_a_case_is_deterministic(case: Case) -> None:
    assert case.arguments(DEMO, NOW, 1) == case.arguments(DEMO, NOW, 1)
    assert answer(case) == answer(case)
    assert answer(case).surface == case.surface


@each_case
def test_what_a_client_passes(case: Case) -> None:
    arguments = case.arguments(DEMO, NOW, 1)
    who = {"channel", "uid"} if case.surface == Surface.RTC else {"user"}
    assert arguments.keys() == who | {"app_id", "token"}
    assert (arguments["app_id"] == DEMO.app_id) == (not case.name.startswith("the App ID of another project"))
    assert DEMO.app_certificate not in json.dumps(arguments)


@pytest.mark.parametrize("version", ["006", "007"])
@pytest.mark.parametrize("surface", Surface)
def test_a_good_token_is_valid(surface: Surface, version: str) -> None:
    token = BY_NAME[surface, f"a good token ({version})"].arguments(DEMO, NOW, 1)["token"]
    assert decode(token).version == version
    if surface == Surface.RTC:
        assert verify(token, DEMO, channel="lobby", uid=7, now=NOW).ok
    else:
        assert verify(token, DEMO, user="alice", now=NOW).ok


def test_a_case_prepares_its_project() -> None:
    rotation = BY_NAME[Surface.RTC, "a token signed with the secondary certificate"]
    assert rotation.project("token", DEMO).certificates.entries == {"primary": "enabled", "secondary": "enabled"}


def test_each_attempt_has_its_own_project() -> None:
    assert answer(BY_NAME[Surface.RTC, "a token signed with the secondary certificate"]).admitted
    assert answer(BY_NAME[Surface.RTC, "a token signed with another certificate"]).code == 9

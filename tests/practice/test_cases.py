from __future__ import annotations

import json
from typing import Any

import pytest

from agora_helpers import Admission, Mechanism, decode, verify
from agora_helpers.practice.admission import Surface
from agora_helpers.practice.cases import CASES, Case, rehearse
from tests.support import DEMO, NOW

# What the access point answers to whom: under App ID alone, under token alone, under either.
# None: the SDK does not even ask.
CODES: dict[Surface, dict[str, tuple[int | None, ...]]] = {
    Surface.RTC: {
        "no token": (0, 15, 0),
        "a good token (006)": (14, 0, 0),
        "a good token (007)": (14, 0, 0),
        "a temporary token of the older console": (14, 0, 0),
        "a token signed with the secondary certificate": (14, 0, 0),
        "a token signed with the secondary certificate, which is disabled": (14, 9, 9),
        "a token signed with another certificate": (14, 9, 9),
        "a token for another channel": (14, 9, 9),
        "a token for another uid": (14, 9, 9),
        "an expired token": (14, 10, 10),
        "an expired token for another channel": (14, 9, 9),
        "a token of a server whose clock is an hour ahead": (14, 0, 0),
        "a token without the privilege to join": (14, 9, 9),
        "a token of another project": (14, 9, 9),
        "an RTM token": (14, 9, 9),
        "the App ID of another project": (5, 5, 5),
        "a project that is not active": (11, 11, 11),
        "a channel name of 64 bytes": (7, 7, 7),
        "a channel name with an accent": (None, None, None),
        "a uid beyond 32 bits": (None, None, None),
        "an empty text for a token": (None, None, None),
    },
    Surface.RTM: {
        "no token": (0, 15, 0),
        "a good token (006)": (14, 0, 0),
        "a good token (007)": (14, 0, 0),
        "a token signed with the secondary certificate": (14, 0, 0),
        "a token signed with another certificate": (14, 9, 9),
        "a token for another user": (14, 7, 7),
        "an expired token": (14, 13, 13),
        "a token of a server whose clock is an hour ahead": (14, 0, 0),
        "a token without the privilege to log in": (14, 21, 21),
        "an RTC token": (14, 21, 21),
        "a damaged token": (14, 9, 9),
        "the App ID of another project, with a token of that one": (5, 5, 5),
        "a project that is not active": (11, 11, 11),
        "a project without messaging": (26, 26, 26),
        "a token of another project": (None, None, None),
        "a text that is no token": (None, None, None),
        "an empty text for a token": (0, 15, 0),
        "a user id with a full stop": (None, None, None),
    },
}
MECHANISMS = ("app_id", "token", "app_id_or_token")
BY_NAME = {(case.surface, case.name): case for case in CASES}
each_case = pytest.mark.parametrize("case", CASES, ids=[f"{case.surface}: {case.name}" for case in CASES])


def answer(case: Case, mechanism: str = "token") -> Admission:
    return rehearse(case, mechanism, DEMO, now=NOW, salt=1)


def test_the_whole_matrix() -> None:
    assert set(MECHANISMS) == set(Mechanism)
    found: dict[Surface, dict[str, Any]] = {Surface.RTC: {}, Surface.RTM: {}}
    for case in CASES:
        found[case.surface][case.name] = tuple(answer(case, mechanism).code for mechanism in MECHANISMS)
    assert found == CODES and len(BY_NAME) == len(CASES)


# Where no page of Agora's says which answer it is: under App ID alone, under token alone, under either.
OPEN = {
    (Surface.RTC, "an expired token"): (False, True, True),
    (Surface.RTC, "an expired token for another channel"): (False, True, True),
    (Surface.RTC, "a token of a server whose clock is an hour ahead"): (False, True, True),
    (Surface.RTC, "a token without the privilege to join"): (False, True, True),
    (Surface.RTC, "a token of another project"): (False, True, True),
    (Surface.RTC, "an RTM token"): (False, True, True),
    (Surface.RTC, "a project that is not active"): (True, True, True),
    (Surface.RTC, "a channel name of 64 bytes"): (True, True, True),
    (Surface.RTM, "a good token (006)"): (False, True, True),
    (Surface.RTM, "an expired token"): (False, True, True),
    (Surface.RTM, "a token of a server whose clock is an hour ahead"): (False, True, True),
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
def test_every_answer_says_what_it_rests_on(case: Case) -> None:
    answers = [answer(case, mechanism) for mechanism in MECHANISMS]
    wrong = case.name in WRONG_WHERE_NONE_IS_NEEDED
    assert tuple(not one.documented for one in answers) == OPEN.get((case.surface, case.name), (False, False, wrong))
    for one in answers:
        said = str(one.source)
        assert len(said) > 20 and said.endswith((".", ")")) and said.startswith("Not documented: ") != one.documented
        assert str(one).endswith("[not documented]") != one.documented


@each_case
def test_the_same_again_is_the_same(case: Case) -> None:
    assert case.arguments(DEMO, NOW, 1) == case.arguments(DEMO, NOW, 1)
    assert answer(case) == answer(case) and answer(case).surface == case.surface


@each_case
def test_what_a_client_passes(case: Case) -> None:
    arguments = case.arguments(DEMO, NOW, 1)
    who = {"channel", "uid"} if case.surface == Surface.RTC else {"user"}
    assert arguments.keys() == who | {"app_id", "token"}
    assert (arguments["app_id"] == DEMO.app_id) == (not case.name.startswith("the App ID of another project"))
    assert DEMO.app_certificate not in json.dumps(arguments)


def test_good_tokens_are_good() -> None:
    for surface, names in ((Surface.RTC, {"channel": "lobby", "uid": 7}), (Surface.RTM, {"user": "alice"})):
        for version in ("006", "007"):
            case = BY_NAME[surface, f"a good token ({version})"]
            token = case.arguments(DEMO, NOW, 1)["token"]
            assert decode(token).version == version and verify(token, DEMO, now=NOW, **names).ok


def test_each_try_has_a_project_of_its_own() -> None:
    rotated = BY_NAME[Surface.RTC, "a token signed with the secondary certificate"]
    assert rotated.project("token", DEMO).certificates.entries == {"primary": "enabled", "secondary": "enabled"}
    assert answer(rotated).admitted and answer(rotated).admitted
    assert answer(BY_NAME[Surface.RTC, "a token signed with another certificate"]).code == 9

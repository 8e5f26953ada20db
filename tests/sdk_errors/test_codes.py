from __future__ import annotations

import pytest

from agora_helpers.sdk_errors.codes import Code, find_codes
from agora_helpers.sdk_errors.table import Place

KNOWN = {"5", "9", "0", "17", "-17", "110", "-10005", "600001-1", "600001", "401"}


@pytest.mark.parametrize(
    "text",
    [
        *("error 110", "error: 110", "(110)", "110", "onerror(110, null)", '"code":110', "errcode=110", "110 error"),
        *("error is 110", "rawvalue: 110 error", "agoraerrorcode(rawvalue: 110)", "a `110` error", '"110" error'),
        *(
            "错误码 110",
            "错误码110",
            "错误代码 110",
            "报错 110",
            "エラーコード 110",
            "エラー: 110",
            "에러 코드 110",
            "오류 110",
        ),
        *(
            "código de error 110",
            "código 110",
            "code d'erreur 110",
            "erreur 110",
            "fehlercode 110",
            "fehler 110",
            "ошибка 110",
        ),
    ],
)
def test_a_number_that_is_announced_is_a_code(text: str) -> None:
    assert find_codes(text, KNOWN) == (Code("110"),)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "uid 110",
            "error on line 110",
            "warning 110",
            "onwarning: 110",
            "warning code 110",
            "exit code 110",
            "110 users",
            "stat_code:110",
        ),
        *(
            "error: 110 packets",
            "error 110.5",
            "error 1,110",
            "error 10:110",
            "0x110",
            "error 20110",
            "is 110",
            "[error] 110",
        ),
    ],
)
def test_a_number_that_is_something_else(text: str) -> None:
    assert find_codes(text, KNOWN) == ()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("error 5", ""),
        ("reason: 5", "reason"),
        ("onconnectionstatechanged(1, 5)", "reason"),
        ("link 5", "reason"),
        ("renewtoken error 5", "renew"),
        ("join channel error 5", "join"),
        ("joined, then renew, then login error 5", ""),
        ('{"reason": "x", "code": 5}', ""),
        ("renew " + " " * 300 + "error 5", ""),
    ],
)
def test_what_a_code_belongs_to(text: str, place: Place) -> None:
    assert find_codes(text, KNOWN) == (Code("5", place),)


def test_a_native_method_returns_negative_numbers() -> None:
    assert find_codes("joinchannelex returned -17", KNOWN) == (Code("-17", "join"),)
    assert find_codes("call response is -17", KNOWN) == (Code("-17"),)
    assert find_codes("ret -17", KNOWN) == (Code("-17"),) and find_codes("ret 17", KNOWN) == ()


def test_a_number_of_three_digits_in_parentheses_is_a_code() -> None:
    assert find_codes("invalid (110)", KNOWN) == (Code("110"),)
    assert find_codes("invalid (5)", KNOWN) == find_codes("invalid ( 110)", KNOWN) == ()


def test_an_http_status_is_a_code_where_the_text_names_an_http_api() -> None:
    assert find_codes("post x 401", KNOWN) == ()
    assert find_codes("post x 401", KNOWN, statuses=True) == (Code("401"),)


@pytest.mark.parametrize(
    "text", ["110 的错误", "110错误", "109 (expired)", "110: the error", "lỗi 110", "hata kodu 110"]
)
def test_what_stands_after_a_number_may_call_it_a_code(text: str) -> None:
    assert len(find_codes(text.lower(), {"109", "110"})) == (0 if text == "110: the error" else 1)


def test_what_a_server_answers_if_all_is_well_is_no_code() -> None:
    known = {"200", "201", "206"}
    assert find_codes("response code: 200", known) == find_codes("status code 201", known) == ()
    assert find_codes("login error 206, chat error code 201", known) == (Code("206"), Code("201"))


def test_the_answer_of_the_access_point_has_its_own_codes() -> None:
    for text in ("[vocs/u] with error: 5", "[ap/t] with error: 5"):
        assert find_codes(text, KNOWN) == (Code("5", "access point"),)


def test_codes_come_in_their_order_and_once() -> None:
    text = "error 9, error 110, error 9, 600001-1 and -10005"
    assert [code.text for code in find_codes(text, KNOWN)] == ["9", "110", "600001-1", "-10005"]
    assert [code.unique for code in find_codes(text, KNOWN)] == [False, False, True, True]
    assert Code("401").is_status and not Code("401").is_small and Code("-17").is_small

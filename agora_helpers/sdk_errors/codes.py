"""Error codes in a text: which of its numbers are codes, and what each belongs to."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

from .table import Place

_LATIN = r"a-z\u00df-\u024f\u1e00-\u1eff"
_TOKEN = re.compile(
    r"(?P<number>(?<![0-9a-z_.])-?[0-9]{1,8}(?=code|(?![0-9a-z_%]|[.:/-][0-9]|,[0-9]{3}))|(?<![0-9])600001-1(?![0-9]))"
    rf"|(?P<word>[{_LATIN}][{_LATIN}0-9_]*|[^\W\d_{_LATIN}]+)"
    r"|(?P<other>[0-9])"  # of a time, a date, a version, a token
)
_ALONE = re.compile(r"[^\w]*[0-9]+(-1)?[^\w]*")
_GAP = re.compile(r"[^\]\n]{0,5}")  # without "]": what follows "[ERROR]" is a message
_ANNOUNCING = (
    *(
        "error",
        "err",
        "code",
        "reason",
        "login",
        "fail",
        "failed",
        "failure",
        "exception",
        "rejected",
        "status",
        "errno",
    ),
    *(
        "código",
        "codigo",
        "erreur",
        "erro",
        "fehler",
        "fehlercode",
        "fehlernummer",
        "código",
        "codice",
        "errore",
        *("hata", "kodu", "lỗi", "kesalahan", "fout", "błąd", "خطأ"),
    ),
)
_ANNOUNCING_PART = re.compile(
    r"joinchannel(?!success)|renew|err_|error_|changed_|reason_|_key_"
    r"|失败|失敗|실패|错|報錯|报错|代码|代碼|码|エラー|コード|오류|에러|코드|ошибк|код"
)
_ANNOUNCING_AFTER = {"code", "error", "err", "invalid", "expired", "token", "エラー", "错误", "에러", "오류"}
_RETURNED = {"return", "returns", "returned", "ret", "result", "response", "返回"}
"""Words before what a native method returns: a negative number."""
_PRODUCTS = {"rtm", "rtc", "agora", "web", "native", "signaling", "gateway", "link", "join", "chat"}
_BETWEEN = {
    *(
        "is",
        "was",
        "with",
        "no",
        "nr",
        "number",
        "type",
        "returned",
        "returns",
        "token",
        "value",
        "the",
        "rawvalue",
        "of",
    ),
    *("es", "est", "ist", "número", "numéro", "nummer", "d", "是", "为", "は", "が"),
}
_SOMETHING_ELSE = {
    *("id", "user", "account", "port", "line", "col", "column", "channel", "cname", "room", "version", "state", "sdk"),
    *("attempt", "retry", "retries", "step", "elapsed", "after", "at", "encode", "decode", "unicode", "barcode"),
    *("versioncode", "keycode", "stderr", "statecode", "stat_code"),
}
_OTHER_PROGRAMS = {"exit", "exited", "npm", "warning", "warn", "onwarning"}  # "exit code 1" is none of Agora's errors
_REPLIES = {"http", "response", "responsecode", "status", "statuscode", "respcode"}
_COUNTED = {
    *("times", "user", "users", "people", "participants", "attempts", "retries", "connections", "channels", "streams"),
    *("s", "sec", "seconds", "ms", "min", "minutes", "h", "hours", "days", "bytes", "kb", "mb", "fps", "of", "out"),
    *("errors", "warnings", "tests", "files", "items", "rows", "lines", "packets", "frames", "messages"),
    *("more", "passed"),
}
_STATE_AND_REASON = re.compile(r"state[a-z_]{0,20}[^0-9a-z]{1,3}[0-9]{1,2}[^0-9a-z]{1,3}([0-9]{1,2})(?![0-9])")
_PLACES: dict[str, Place] = {
    **{"renew": "renew", "join": "join", "vocs": "access point", "[ap": "access point"},
    **{"login": "", "log in": ""},
}
_PLACE_DISTANCE = 200  # characters before a code in which one of these words may stand


@dataclass(frozen=True, slots=True)
class Code:
    """A code in a text.

    Attributes:
        text: the number as it stands there.
        place: what the words before it say that it belongs to.
    """

    text: str
    place: Place = ""

    @property
    def size(self) -> int:
        """The number without its sign."""
        return int(self.text.strip("-").partition("-")[0])

    @property
    def unique(self) -> bool:
        """Whether it is so large that it is a code of one SDK, with or without words beside it."""
        return self.size >= 10_000

    @property
    def is_status(self) -> bool:
        """Whether it may be the HTTP status of any server."""
        return 400 <= self.size < 600

    @property
    def is_small(self) -> bool:
        """Whether it is a number that every program prints."""
        return self.size < 100


def find_codes(lower: str, known: Container[str], *, statuses: bool = False) -> tuple[Code, ...]:
    """Return the known codes that occur in a text, in the order in which they occur.

    A short number is a code only if it is the whole text, or if a word such as error, code or reason stands beside it.

    Args:
        lower: the text, in lower case.
        known: the numbers that are codes.
        statuses: HTTP statuses need no such word: the text names an HTTP API.

    >>> find_codes("login error 5, uid 101", known={"5", "101"})
    (Code(text='5', place=''),)
    """
    if _ALONE.fullmatch(lower):
        number = lower.strip(" \t\n\r.,;:!?'\"()[]{}«»`*")
        return (Code(number),) if number in known else ()
    codes = {match.start(1): Code(match[1], "reason") for match in _STATE_AND_REASON.finditer(lower)}
    tokens = list(_TOKEN.finditer(lower))
    for index, token in enumerate(tokens):
        number = token.group()
        if token.lastgroup != "number" or number not in known or token.start() in codes:
            continue
        code = Code(number)
        before = _words_before(tokens[max(0, index - 5) : index], token.start(), lower)
        announced = code.unique or _is_announced(before, number) or (statuses and code.is_status)
        announced = announced or (
            100 <= code.size < 1000 and lower[token.start() - 1 : token.end() + 1] == f"({number})"
        )
        if (code.is_small and not announced) or _is_something_else(before, number):
            continue
        after = _word_after(tokens[index + 1 : index + 2], token.end(), lower)
        if after.removeprefix("的") in _ANNOUNCING_AFTER or (announced and after not in _COUNTED):
            codes[token.start()] = Code(number, _place(before, lower, token.start()))
    return tuple(dict.fromkeys(code for _, code in sorted(codes.items())))


def _place(before: list[str], lower: str, start: int) -> Place:
    """Return what the words before a number say that it belongs to; the nearest one counts."""
    if any("reason" in word or word == "link" for word in before[:2]):
        return "reason"
    nearest = {lower.rfind(word, max(0, start - _PLACE_DISTANCE), start): place for word, place in _PLACES.items()}
    return nearest[max(nearest)] if max(nearest) >= 0 else ""


def _words_before(tokens: list[re.Match[str]], end: int, lower: str) -> list[str]:
    """Return the words close before a number, the nearest first."""
    words: list[str] = []
    for token in reversed(tokens):
        if token.lastgroup != "word" or not _GAP.fullmatch(lower, token.end(), end):
            break
        words.append(token.group())
        end = token.start()
    return words


def _word_after(tokens: list[re.Match[str]], start: int, lower: str) -> str:
    """Return the word that follows a number at once, after space or a quotation mark, or in parentheses."""
    return next((token.group() for token in tokens if not lower[start : token.start()].strip(" \n(`'\"")), "")


def _is_announced(before: list[str], number: str) -> bool:
    """Return whether the words before a number say that it is a code."""
    if number == "0" and not (_mention(before, "renew") and _mention(before, "result", "code", "err", "reason")):
        return False  # elsewhere, and as what a method returns, it means that all is well
    for word in before:
        if word in _PRODUCTS or word.endswith(_ANNOUNCING) or _ANNOUNCING_PART.search(word):
            return True
        if word in _RETURNED and number.startswith("-"):
            return True
        if word not in _BETWEEN:
            return False
    return False


def _mention(words: list[str], *parts: str) -> bool:
    return any(part in word for word in words for part in parts)


def _is_something_else(before: list[str], number: str) -> bool:
    """Return whether the words before a number say what else it is."""
    nearest = before[0] if before else ""
    if re.fullmatch("2[0-9][0-9]", number) and not _REPLIES.isdisjoint(before):
        return True  # a server answered, and all is well
    return (
        nearest in _SOMETHING_ELSE
        or nearest.endswith(("uid", "userid", "_id"))
        or not _OTHER_PROGRAMS.isdisjoint(before)
        or (nearest in _PRODUCTS and number in ("1", "2", "3", "4"))  # a version: RTM 2
    )

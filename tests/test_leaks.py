"""No traceback with local variables, ``repr`` or pickle shows a certificate or key."""

from __future__ import annotations

import copy
import importlib
import inspect
import io
import pickle
import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from IPython.core.ultratb import VerboseTB
from rich.console import Console
from rich.traceback import Traceback

from agora_helpers import (
    Credentials,
    RtcService,
    build_chat_app_token,
    build_chat_token,
    build_convoai_token,
    build_rtc_rtm_token,
    build_rtc_token,
    build_rtm_token,
    build_token,
    verify,
)
from agora_helpers.audit import ClassicServer, audit
from agora_helpers.credentials import disabled_from_env, project_from_env, secondary_from_env
from agora_helpers.exercises import sign_unchecked
from agora_helpers.panels import TokenBuilder, TokenVerifier
from agora_helpers.practice import CASES, Certificates, Project, Surface, rehearse
from agora_helpers.practice_server import PracticeServer
from agora_helpers.server import ANYONE, ApiKeys, Settings, TokenServer
from agora_helpers.server.endpoints import ENDPOINTS
from agora_helpers.tokens import v006, v007
from agora_helpers.verification import verifier

APP_ID = "0123456789abcdef0123456789ABCDEF"
CERTIFICATE, SECOND = "d41d8cd98f00B204e9800998ecf8427e", "9e107d9d372bb6826bd81D3542a419d6"
DASHED = "d41d8cd9-8f00-B204-e980-0998ecf8427e"
KEY = "Zk3rT9vXw1QpLm7sHd5uJy2e"
OWN = Credentials(APP_ID, CERTIFICATE)
TOKEN = build_rtc_token(OWN, "lobby", uid=7, now=1_700_000_000, salt=1)
PIECE = 8
"""A traceback may not contain this many successive characters of a secret. Groups of a dashed one are that long."""
PIECES = {secret[at : at + PIECE] for secret in (CERTIFICATE, SECOND, KEY) for at in range(len(secret) - PIECE + 1)}


def with_traceback_module(error: Exception) -> str:
    return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


def with_rich(error: Exception) -> str:
    console = Console(file=io.StringIO(), width=400)
    console.print(Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True, max_frames=0))
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def with_pytest(error: Exception) -> str:
    return str(
        pytest.ExceptionInfo.from_exception(error).getrepr(showlocals=True, funcargs=True, truncate_locals=False)
    )


def with_ipython(error: Exception) -> str:
    text: str = VerboseTB().text(type(error), error, error.__traceback__)
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


RENDERERS = (with_traceback_module, with_rich, with_pytest, with_ipython)


def error_of(provoke: Callable[[], object]) -> Exception:
    """Return the error, without the frames of this file: what a caller keeps in variables is the caller's own."""
    try:
        provoke()
    except Exception as error:
        frames = error.__traceback__
        while frames and frames.tb_frame.f_code.co_filename == __file__:
            frames = frames.tb_next
        assert frames, "it was not the package that raised it"
        return error.with_traceback(frames)
    raise AssertionError("nothing was raised")


def leaks(text: str) -> list[str]:
    return [piece for piece in sorted(PIECES) if piece in text]


@pytest.mark.parametrize("render", RENDERERS)
def test_each_renderer_shows_local_variables(render: Callable[[Exception], str]) -> None:
    assert leaks(render(error_of(lambda: re.sub("(", "", CERTIFICATE))))


class Twisted(dict[str, str]):
    def get(self, *_: object) -> Any:
        raise KeyError("authorization")


def service(privileges: Any) -> RtcService:
    return RtcService("lobby", 7, privileges)


def keys_of(*keys: Any) -> Settings:
    return Settings(credentials=OWN, access=ApiKeys(keys), now=-1)


def rotated() -> Certificates:
    certificates = Certificates(CERTIFICATE)
    certificates.add_secondary(SECOND)
    return certificates


PAIR: Any = (APP_ID, CERTIFICATE)
WRONG: Any = CERTIFICATE
FAILURES: dict[str, Callable[[], object]] = {
    # credentials
    "quotes": lambda: Credentials(APP_ID, f'"{CERTIFICATE}"'),
    "space": lambda: Credentials(APP_ID, f" {CERTIFICATE}"),
    "line break": lambda: Credentials(APP_ID, f"{CERTIFICATE}\n"),
    "dashes": lambda: Credentials(APP_ID, DASHED),
    "too short": lambda: Credentials(APP_ID, CERTIFICATE[1:]),
    "too long": lambda: Credentials(APP_ID, CERTIFICATE * 4),
    "not hexadecimal": lambda: Credentials(APP_ID, CERTIFICATE[:-1] + "g"),
    "bytes": lambda: Credentials(APP_ID, CERTIFICATE.encode()),  # type: ignore[arg-type]
    "a list": lambda: Credentials(APP_ID, [CERTIFICATE]),  # type: ignore[arg-type]
    "only the App ID is wrong": lambda: Credentials("x", CERTIFICATE),
    "swapped, with quotes": lambda: Credentials(f"'{CERTIFICATE}'", APP_ID),
    # building
    "channel": lambda: build_rtc_token(OWN, "café", uid=7),
    "now of a 006 token": lambda: build_rtc_token(OWN, "lobby", uid=7, version="006", now=2**32 - 1),
    "user": lambda: build_rtm_token(OWN, ""),
    "services": lambda: build_token(OWN, [service({1: 7200})]),
    "no credentials for RTC": lambda: build_rtc_token(PAIR, "lobby", uid=7),
    "no credentials for RTM": lambda: build_rtm_token(WRONG, "alice"),
    "no credentials for both": lambda: build_rtc_rtm_token(WRONG, "lobby", uid=7),
    "no credentials for Chat": lambda: build_chat_token(WRONG, "alice"),
    "no credentials for a Chat app": lambda: build_chat_app_token(WRONG),
    "no credentials for an agent": lambda: build_convoai_token(WRONG, "lobby", uid=7),
    "Chat user": lambda: build_chat_token(OWN, "Alice"),
    "agent": lambda: build_convoai_token(OWN, "lobby", uid=0),
    "no credentials for services": lambda: build_token(PAIR, []),
    "expire that cannot be packed": lambda: sign_unchecked(OWN, service({}), issued_at=1, expire=-1),
    "privilege that cannot be packed": lambda: sign_unchecked(OWN, service({-1: 1}), issued_at=1, expire=1),
    "006 that cannot be packed": lambda: v006.encode(APP_ID, OWN.app_certificate, "lobby", "7", {1: -1}, ts=1),
    "salt that cannot be packed": lambda: v007.sign(OWN.app_certificate, 1, -1, b""),
    # verifying
    "no credentials": lambda: verify(TOKEN, PAIR, secondary_certificate=SECOND),
    "secondary with quotes": lambda: verify(TOKEN, OWN, secondary_certificate=f'"{SECOND}"'),
    "secondary of bytes": lambda: verify(TOKEN, OWN, secondary_certificate=SECOND.encode()),  # type: ignore[arg-type]
    "uid and account": lambda: verify(TOKEN, OWN, secondary_certificate=SECOND, uid=7, account="alice"),
    "time": lambda: verify(TOKEN, OWN, secondary_certificate=SECOND, now=-1),
    "panel": lambda: TokenVerifier(OWN, TOKEN, secondary_certificate=SECOND, uid=7, account="alice"),
    # the practice project
    "primary": lambda: Certificates(f"{CERTIFICATE} "),
    "mechanism": lambda: Certificates(CERTIFICATE, "either"),  # type: ignore[arg-type]
    "secondary": lambda: Certificates(CERTIFICATE).add_secondary(f"'{SECOND}'"),
    "the same twice": lambda: Certificates(CERTIFICATE).add_secondary(CERTIFICATE),
    "a third": lambda: rotated().add_secondary(SECOND[::-1]),
    "enabled": lambda: rotated().delete_secondary(),
    "no credentials for a project": lambda: Project(WRONG),
    "mechanism of a project": lambda: Project(OWN, mechanism="either"),  # type: ignore[arg-type]
    "temporary token": lambda: Project(OWN).temporary_token("café"),
    "join": lambda: Project(OWN).join("lobby", uid=7, token=TOKEN, now=-1),
    "rehearse": lambda: rehearse(CASES[-1], "token", OWN, now=-1, salt=1),
    # audits
    "header": lambda: audit("http://localhost:9/", headers={"X-Key": f"{KEY}\n"}, credentials=OWN),
    "no token": lambda: audit(ClassicServer(OWN), "/", headers={"X-Key": KEY}, secondary_certificate=SECOND),
    "version of the classic server": lambda: ClassicServer(OWN, "008"),  # type: ignore[arg-type]
    # the token server
    "one key in place of a list": lambda: ApiKeys(KEY),
    "keys of bytes": lambda: ApiKeys(KEY.encode()),  # type: ignore[arg-type]
    "one key of bytes": lambda: ApiKeys([KEY, KEY.encode()]),  # type: ignore[list-item]
    "short key": lambda: ApiKeys([KEY, "short"]),
    "long key, of which rich shows the start": lambda: ApiKeys([KEY * 6, "short"]),
    "key with a space": lambda: ApiKeys([f" {KEY}"]),
    "headers": lambda: ApiKeys([KEY])(Twisted()),
    "settings": lambda: keys_of(KEY),
    "server": lambda: TokenServer(OWN, access=ApiKeys([KEY]), port=-1),
    "practice server": lambda: PracticeServer(OWN, web_sdk="https://sdk.example"),
    "request": lambda: ENDPOINTS["/rtctoken"].answer(Settings(credentials=OWN, access=ApiKeys([KEY])), {"uid": "7"}),
}


@pytest.mark.parametrize("provoke", FAILURES.values(), ids=FAILURES)
def test_no_traceback_with_local_variables_shows_a_secret(provoke: Callable[[], object]) -> None:
    error = error_of(provoke)
    for render in RENDERERS:
        assert not leaks(render(error)), render.__name__


PUBLIC = ("", ".audit", ".server", ".practice", ".practice_server", ".display", ".testing", ".panels", ".exercises")
SECRETS = re.compile("credentials|.*certificates?|primary|keys|access|store|rate_limit_store").fullmatch
MISUSES: dict[str, Any] = {
    "a string": f"{CERTIFICATE}{KEY} ",
    "bytes": f"{CERTIFICATE}{KEY}".encode(),
    "a tuple": (APP_ID, f"{CERTIFICATE} ", KEY),
    "a list": [f"{CERTIFICATE} ", KEY],
    "a dict": {"certificate": CERTIFICATE, "key": KEY},
}
OTHERS: dict[str, Any] = {
    "access": ANYONE,
    "app_id": APP_ID,
    "case": CASES[0],
    "channel": "lobby",
    "credentials": OWN,
    "expire": 1,
    "issued_at": 1,
    "limit": "1/minute",
    "mechanism": "token",
    "now": 1_700_000_000,
    "salt": 1,
    "services": (),
    "surface": Surface.RTC,
    "target": "http://localhost:9/",
    "token": TOKEN,
    "user": "alice",
}
"""A value for each required parameter that is not the one in question."""
VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
INSTANCES: dict[str, object] = {"Certificates": Certificates(CERTIFICATE), "Case": CASES[0]}


def functions_that_take_a_secret() -> dict[str, tuple[Callable[..., object], str, dict[str, Any]]]:
    """Find them in the public API: the function, the name of the parameter, and its other arguments."""
    functions: dict[str, Callable[..., object]] = {}
    for module in PUBLIC:
        package = importlib.import_module(f"agora_helpers{module}")
        for name in package.__all__:
            functions[name] = value = getattr(package, name)
            members = vars(value) if inspect.isclass(value) else {}
            own = [method for method, member in members.items() if method[0] != "_" and inspect.isroutine(member)]
            functions |= {f"{name}.{method}": getattr(INSTANCES.get(name, value), method) for method in own}
    cases: dict[str, tuple[Callable[..., object], str, dict[str, Any]]] = {}
    for name, function in functions.items():
        if not inspect.isclass(function) and not inspect.isroutine(function):
            continue
        parameters = inspect.signature(function).parameters.values()
        required = [
            p.name for p in parameters if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
        ]
        for secret in filter(SECRETS, [parameter.name for parameter in parameters]):
            others = {other: OTHERS[other] for other in required if other != secret}
            cases[f"{name}({secret})"] = (function, secret, others)
    return cases


TAKE_A_SECRET = functions_that_take_a_secret()


def test_the_functions_that_take_a_secret_are_seen() -> None:
    assert {"verify(disabled_certificates)", "Settings(credentials)", "TokenServer(access)"} <= TAKE_A_SECRET.keys()
    assert len(TAKE_A_SECRET) >= 20


@pytest.mark.parametrize("misuse", MISUSES.values(), ids=MISUSES)
@pytest.mark.parametrize(("function", "secret", "others"), TAKE_A_SECRET.values(), ids=TAKE_A_SECRET)
def test_no_public_function_shows_a_secret_of_the_wrong_kind(
    function: Callable[..., object], secret: str, others: dict[str, Any], misuse: object
) -> None:
    error = error_of(lambda: function(**others, **{secret: misuse}))
    for render in RENDERERS:
        assert not leaks(render(error)), render.__name__


@pytest.mark.parametrize("broken", ["decode", "compare", "check_signature", "check_match"])
def test_nor_does_one_of_a_mistake_in_the_package(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Any:
        raise KeyError(broken)

    monkeypatch.setattr(verifier, broken, fail)
    project = Project(OWN)
    project.certificates.add_secondary(SECOND)
    error = error_of(lambda: project.join("lobby", uid=7, token=TOKEN, now=1_700_000_060))
    assert type(error) is KeyError
    for render in RENDERERS:
        assert not leaks(render(error)), render.__name__


ENVIRONMENTS: dict[str, tuple[Callable[[], object], dict[str, str]]] = {
    "quotes": (Credentials.from_env, {"AGORA_APP_ID": APP_ID, "AGORA_APP_CERTIFICATE": f"'{CERTIFICATE}'"}),
    "no App ID": (Credentials.for_lessons, {"AGORA_APP_CERTIFICATE": CERTIFICATE}),
    "secondary": (secondary_from_env, {"AGORA_SECONDARY_CERTIFICATE": f"{SECOND}x"}),
    "disabled": (disabled_from_env, {"AGORA_DISABLED_CERTIFICATES": f"{SECOND},{SECOND}x"}),
    "project": (project_from_env, {"AGORA_APP_ID": f"{SECOND}x"}),
    "key": (Settings.from_env, {"AGORA_ACCESS": "keys", "AGORA_API_KEYS": f"{KEY},short"}),
    "policy": (Settings.from_env, {"AGORA_ACCESS": "maybe", "AGORA_API_KEYS": KEY}),
    "log": (Settings.from_env, {"AGORA_ACCESS_LOG": "maybe", "AGORA_API_KEYS": KEY}),
    "server without an App ID": (
        Settings.from_env,
        {"AGORA_ACCESS": "keys", "AGORA_API_KEYS": KEY, "AGORA_APP_CERTIFICATE": CERTIFICATE},
    ),
}


@pytest.mark.parametrize("in_file", [False, True], ids=["environment", "file"])
@pytest.mark.parametrize(("read", "values"), ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_nor_does_one_of_a_wrong_environment(
    read: Callable[[], object],
    values: dict[str, str],
    in_file: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AGORA_HELPERS_DEMO", raising=False)
    if in_file:
        Path(".env").write_text("".join(f'{name}="{value}"\n' for name, value in values.items()), encoding="utf-8")
    else:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
    error = error_of(read)
    for render in RENDERERS:
        assert not leaks(render(error)), render.__name__


def test_nor_does_one_of_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", CERTIFICATE)
    Path(".env").write_bytes(f"AGORA_API_KEYS={KEY}\n".encode() + b"\xff")
    error = error_of(Credentials.from_env)
    for render in RENDERERS:
        assert not leaks(render(error)), render.__name__


def project_in_rotation() -> Project:
    project = Project(OWN)
    project.certificates.add_secondary(SECOND)
    return project


HOLDERS: dict[str, Callable[[], object]] = {
    "Credentials": lambda: OWN,
    "Certificates": rotated,
    "Project": project_in_rotation,
    "ApiKeys": lambda: ApiKeys([KEY]),
    "Settings": lambda: Settings(credentials=OWN, access=ApiKeys([KEY])),
}


@pytest.mark.parametrize("create", HOLDERS.values(), ids=HOLDERS)
def test_no_attribute_of_a_holder_shows_a_secret(create: Callable[[], object]) -> None:
    holder = create()
    attributes = [getattr(holder, name, None) for name in dir(holder)]
    assert not leaks(f"{holder!r} {holder} {getattr(holder, '__dict__', None)} {attributes}")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("create", HOLDERS.values(), ids=HOLDERS)
def test_no_holder_is_pickled(create: Callable[[], object], protocol: int) -> None:
    file = io.BytesIO()
    with pytest.raises((TypeError, pickle.PicklingError)):
        pickle.Pickler(file, protocol).dump(create())
    assert not leaks(file.getvalue().decode("latin-1"))


def test_a_copy_of_a_project_works_and_hides_its_certificates() -> None:
    original = project_in_rotation()
    double = copy.deepcopy(original)
    original.certificates.disable_secondary()
    assert double.certificates.accepted == (CERTIFICATE, SECOND)
    assert not leaks(repr(vars(double)))


def test_a_panel_hides_the_secondary_certificate() -> None:
    panel = TokenVerifier(OWN, TOKEN, secondary_certificate=SECOND, channel="lobby", uid=7)
    assert not leaks(repr(vars(panel)))


@pytest.mark.parametrize(
    ("create", "shown"),
    [
        (lambda: ApiKeys([KEY, "short"]), "<ApiKeys: 0 hidden>"),
        (lambda: Credentials("x", CERTIFICATE), "Credentials(app_id=None, app_certificate=<hidden>)"),
        (lambda: Certificates("x"), "<Certificates: primary enabled>"),
        (lambda: Project(OWN, mechanism="either"), "<Project>"),  # type: ignore[arg-type]
        (lambda: TokenServer(OWN, port=-1), "<TokenServer: stopped>"),
        (lambda: TokenBuilder(OWN, chanel="lobby"), "<TokenBuilder>"),
    ],
    ids=["ApiKeys", "Credentials", "Certificates", "Project", "TokenServer", "TokenBuilder"],
)
def test_what_was_rejected_has_a_repr(create: Callable[[], object], shown: str) -> None:
    error = error_of(create)
    assert error.__traceback__
    assert repr(error.__traceback__.tb_frame.f_locals["self"]) == shown

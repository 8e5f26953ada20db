from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from agora_helpers import DecodedToken, InputError, Project, RtcService, decode
from agora_helpers.practice import Clock
from agora_helpers.practice_server.app import PracticeServer, create_practice_app
from agora_helpers.practice_server.stage import LIFETIMES, _changes
from agora_helpers.server.access import ANYONE
from agora_helpers.server.app import create_app
from agora_helpers.server.settings import Settings
from tests.support import DEMO, NOW, rtc, rtm

SECOND = "0123456789abcdef" * 2
SETTINGS = Settings(credentials=DEMO, access=ANYONE, now=NOW, salt=1, pages=True)


def client(project: Project) -> TestClient:
    return TestClient(create_practice_app(SETTINGS, project), base_url="http://127.0.0.1:3000")


def test_the_life_of_a_certificate() -> None:
    here = client(project := Project(DEMO, clock=Clock(NOW)))
    entries = {}
    for change in (
        "Add a secondary certificate",
        "Swap primary and secondary",
        "Disable the secondary certificate",
        "Enable the secondary certificate",
        "Disable the secondary certificate",
        "Delete the secondary certificate",
    ):
        entries = here.post("/practice/change", json={"change": change}).json()["certificates"]
        assert entries == project.certificates.entries == here.get("/practice/project").json()["certificates"]
    assert entries == {"primary": "enabled"}
    assert not project.join("lobby", uid=7, token=rtc()).admitted, "signed with the deleted one"


def test_the_entry_no_certificate() -> None:
    here = client(project := Project(DEMO, mechanism="app_id_or_token"))
    for change, entry in (("Disable", "disabled"), ("Enable", "enabled"), ("Disable", "disabled"), ("Delete", None)):
        here.post("/practice/change", json={"change": f"{change} No certificate"})
        assert project.certificates.entries.get("no certificate") == entry


def token(here: TestClient, **body: Any) -> DecodedToken:
    """Return a token of the stage's token server."""
    answer = here.post("/practice/token", json={"lasts": "1 hour"} | body)
    assert answer.status_code == 200, answer.text
    return decode(answer.json()["token"])


def test_the_token_server_signs_with_the_same_certificate_until_it_is_changed() -> None:
    here = client(project := Project(DEMO, clock=Clock(NOW)))

    def admitted() -> bool:
        answer = here.post("/practice/token", json={"lasts": "1 hour", "uid": 7, "isPublisher": True})
        return project.join("lobby", uid=7, token=answer.json()["token"]).admitted

    def signer() -> str:
        return str(here.get("/practice/project").json()["signer"])

    assert here.post("/practice/signer", json={"certificate": "secondary"}).json()["error"]["message"] == (
        "certificate: secondary: does not exist. Add one first."
    )
    assert (signer(), admitted()) == ("primary", True)
    project.certificates.add_secondary(SECOND)
    project.certificates.swap()
    assert (signer(), admitted()) == ("secondary", True)
    project.certificates.disable_secondary()
    assert (signer(), admitted()) == ("secondary", False)
    project.certificates.delete_secondary()
    assert (signer(), admitted()) == ("deleted", False)
    assert here.post("/practice/signer", json={"certificate": "primary"}).json()["signer"] == "primary"
    assert admitted()


@pytest.mark.parametrize(("lasts", "ends"), LIFETIMES.items())
def test_the_lifetimes_of_its_tokens(lasts: str, ends: tuple[int, int]) -> None:
    here = client(Project(DEMO, clock=Clock(NOW)))
    for publisher, privileges in ((True, {1, 2, 3, 4}), (False, {1})):
        decoded = token(here, uid=7, isPublisher=publisher, lasts=lasts)
        assert (decoded.issued_at, decoded.expire) == (NOW, ends[0])
        assert decoded.services == (RtcService("lobby", "7", dict.fromkeys(privileges, ends[1])),)
    assert token(here, user="alice", lasts=lasts).expire == ends[0]


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("token", {}, "lasts: must be one of: 1 minute; 10 minutes; 1 hour; "),
        ("token", {"lasts": []}, "lasts: must be one of: "),
        ("token", {"lasts": "1 hour"}, "uid: must be an integer, 1 to 4294967295."),
        ("token", {"lasts": "1 hour", "user": ""}, "user: "),
        ("token", {"lasts": "1 hour", "user": 7}, "user: "),
        ("signer", {}, 'certificate: must be "primary" or "secondary".'),
        ("signer", {"certificate": []}, 'certificate: must be "primary" or "secondary".'),
    ],
)
def test_requests_that_are_invalid(path: str, body: Any, message: str) -> None:
    answer = client(Project(DEMO)).post(f"/practice/{path}", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith(message)


def test_the_meanings_name_their_sources() -> None:
    meanings = client(Project(DEMO)).get("/practice/meanings").json()
    assert meanings.keys() == {"RTC Web", "RTM 2.x"}, "the names that stage.js uses"
    warning = meanings["RTC Web"]["token-privilege-will-expire"]
    assert warning["text"].startswith("Its privilege to join ends within 30 seconds.")
    assert "deploy-token-server" in warning["source"]
    assert meanings["RTC Web"]["renewToken: the same token"]["source"].startswith("Not documented: ")


def test_co_host_authentication_is_switched() -> None:
    here = client(project := Project(DEMO))
    for word, state in (("on", True), ("off", False)):
        answer = here.post("/practice/change", json={"change": f"Turn co-host authentication {word}"}).json()
        assert answer["coHostAuthentication"] is project.co_host_authentication is state


@pytest.mark.parametrize("change", [None, 7, [], "swap", "__init__"])
def test_changes_that_do_not_exist(change: Any) -> None:
    answer = client(Project(DEMO)).post("/practice/change", json={"change": change})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("change: must be one of: Turn co-host authentication on, ")


def test_the_page_offers_exactly_what_changes_something() -> None:
    """From each state of the certificates that the page can reach, every change is tried on a project of its own."""
    ways: list[tuple[str, ...]] = [()]
    seen = set()
    for way in ways:
        for mechanism in ("app_id", "app_id_or_token", "token"):

            def walk(mechanism: Any = mechanism, way: tuple[str, ...] = way) -> TestClient:
                here = client(Project(DEMO, mechanism=mechanism))
                for change in way:
                    here.post("/practice/change", json={"change": change})
                return here

            before = walk().get("/practice/project").json()
            if f"{before}" in seen:
                continue
            seen.add(f"{before}")
            for change in _changes(Project(DEMO)):
                answer = walk().post("/practice/change", json={"change": change})
                after = answer.json()
                changed = change.startswith("Swap") or after != before
                assert (answer.status_code == 200 and changed) is (change in before["changes"]), (before, change)
                if change in before["changes"]:
                    ways.append((*way, change))
    assert len(seen) > 10


def test_a_change_that_the_project_refuses() -> None:
    answer = client(Project(DEMO)).post("/practice/change", json={"change": "Swap primary and secondary"})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "change: secondary: does not exist. Add one first."


def test_a_ban() -> None:
    with PracticeServer(DEMO, Project(DEMO, clock=Clock(NOW)), web_sdk="") as server:
        sessions = [server.media_server.join("lobby", uid=uid, token=rtc(uid=uid)).session for uid in (7, 8)]
        assert server.client.post("/practice/ban", json={"uid": 7}).json() == {"banned": 1}
        assert [session.reason for session in sessions if session] == ["UID_BANNED", None]
        assert server.client.post("/practice/ban", json={"uid": 7}).json() == {"banned": 0}


def test_a_signaling_client_is_banned_by_its_name() -> None:
    with PracticeServer(DEMO, Project(DEMO, clock=Clock(NOW)), web_sdk="", rtm_sdk="") as server:
        for name in ("alice", "bob"):
            server.signaling_server.log_in(name, token=rtm(name))
        assert server.client.post("/practice/ban", json={"user": "alice"}).json() == {"banned": 1}
        known = server.client.get("/practice").json()["signaling"]
        reasons = [(each["user"], each["reason"], each["endsAt"]) for each in known]
        assert reasons == [("alice", "KICKED_OUT_BY_SERVER", NOW + 3600), ("bob", None, NOW + 3600)]
        nobody: list[Any] = ["alice", None, 7, []]
        for user in nobody:
            assert server.client.post("/practice/ban", json={"user": user}).json() == {"banned": 0}


def test_the_signaling_sdk_comes_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing, other, sdk = (tmp_path / name for name in ("missing.js", "other.js", "rtm.js"))
    other.write_text("const AgoraRTC = {};", encoding="utf-8")
    sdk.write_text("const AgoraRTM = {};", encoding="utf-8")
    for path, problem in ((missing, "names a file that cannot be read."), (other, "is not Agora's Signaling SDK.")):
        with pytest.raises(InputError, match=problem) as caught:
            create_practice_app(SETTINGS, rtm_sdk=str(path))
        assert caught.value.field == "AGORA_RTM_SDK"
    monkeypatch.setenv("AGORA_RTM_SDK", str(sdk))
    with PracticeServer(DEMO, web_sdk="") as server:
        page = server.client.get("/stage").text
        assert 'src="practice/agora-rtm-sdk.js"' in page
        assert "of Signaling, the stage needs" not in page
        assert server.client.get("/practice/agora-rtm-sdk.js").text == "const AgoraRTM = {};"
    assert "AGORA_RTM_SDK=package/agora-rtm.js" in client(Project(DEMO)).get("/stage").text


@pytest.mark.parametrize("uid", [None, "7", True, 0, -1, 2**32])
def test_only_a_uid_is_banned(uid: Any) -> None:
    answer = client(Project(DEMO)).post("/practice/ban", json={"uid": uid})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "uid: must be an integer, 1 to 4294967295."


def test_the_page_and_its_files() -> None:
    here = client(Project(DEMO))
    answer = here.get("/stage")
    assert not re.search("http|wss:|unsafe", answer.headers["content-security-policy"])
    assert not re.search(r"<script(?![^>]* src=)|<style| style=|\$[a-z_]", answer.text)
    assert "A copy of Agora's Web SDK is missing." in answer.text
    named = re.findall(r'(?:src|href)="([^":]*)"', answer.text)
    assert {"practice/redirect.js", "practice/stage.js", "practice/stage.css"} < set(named)
    for name in named:
        assert here.get(name).status_code == 200, name
    assert here.get("/stage", headers={"host": "evil.example"}).status_code == 421


def test_the_token_server_alone_has_no_stage() -> None:
    production = TestClient(create_app(SETTINGS))
    for path in ("/stage", "/practice/project", "/practice/stage.js"):
        assert production.get(path).status_code == 404
    for path in ("/practice/change", "/practice/ban"):
        assert production.post(path, json={}).status_code == 404


def test_a_renewal_handler_is_a_script_of_this_server() -> None:
    """The page's policy stays as strict as without one, and nobody can put a script there over the web."""
    handler = 'client.on("token-privilege-will-expire", () => client.renewToken("</script>\ud800"));'
    here = TestClient(create_practice_app(SETTINGS, renewal_handler=handler), base_url="http://127.0.0.1:3000")
    page, without = here.get("/stage"), client(Project(DEMO)).get("/stage")
    assert page.headers["content-security-policy"] == without.headers["content-security-policy"]
    assert 'data-renewal="practice/renewal.js"' in page.text
    assert "renewToken" not in page.text
    script = here.get("/practice/renewal.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.text.splitlines()[1] == handler.replace("\ud800", "?")
    assert here.post("/practice/renewal.js", json={}).status_code == 404
    assert here.get("/practice/renewal.js", headers={"host": "evil.example"}).status_code == 421


def test_without_a_renewal_handler_there_is_no_script() -> None:
    here = client(Project(DEMO))
    assert 'data-renewal=""' in here.get("/stage").text
    assert here.get("/practice/renewal.js").status_code == 404


def test_a_renewal_handler_is_a_string() -> None:
    handler: Any = lambda: None  # noqa: E731
    with pytest.raises(InputError, match=r"^renewal_handler: must be a string of JavaScript \(str\), not function\."):
        PracticeServer(DEMO, web_sdk="", rtm_sdk="", renewal_handler=handler)

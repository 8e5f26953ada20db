from __future__ import annotations

import os
import shutil
import subprocess
from typing import Any

import pytest

from agora_helpers import decode, verify
from agora_helpers.panels.form import TokenForm
from agora_helpers.tokens.services import privilege_times
from tests.support import DEMO, ROOT

PACKAGES = ROOT / "tests/peers/node_modules"
FORMS = [
    TokenForm(),
    TokenForm(role="subscriber", expires_in="60"),
    TokenForm(who="account", account="al ice!#$%&()+-:;<=.>?@[]^_{}|~,", channel="a b!$()~"),
    TokenForm(version="006"),
    TokenForm(version="006", who="account", role="subscriber", expires_in="60"),
    TokenForm(kind="rtm", user="bob~$(x)!", expires_in="600"),
    TokenForm(kind="rtm", version="006"),
    TokenForm(kind="both", user="carol", role="subscriber", expires_in="60"),
    TokenForm(kind="both", who="account"),
    TokenForm(kind="chat", user="a.b-c_9"),
    TokenForm(kind="convoai"),
    TokenForm(kind="convoai", who="account", expires_in="60"),
]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_agora_s_packages_for_node_js_build_the_token_of_the_form(form: TokenForm) -> None:
    if not shutil.which("node") or not PACKAGES.is_dir():
        pytest.skip("node and the packages of tests/peers are not installed")
    values = f'const appId = "{DEMO.app_id}", appCertificate = "{DEMO.app_certificate}";'
    program = f"{values}\n{form.agora_calls()['Node.js']}\nprocess.stdout.write(token);"
    env = {"PATH": os.environ["PATH"], "NODE_PATH": str(PACKAGES)}
    done = subprocess.run(["node", "-e", program], env=env, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    theirs = decode(done.stdout)
    ours = decode(form.build(DEMO, now=theirs.issued_at if theirs.version == "007" else None))
    user = {"user": form.user} if form.kind == "rtm" else {"channel": form.channel}
    client = {} if form.kind == "rtm" else {"uid": int(form.uid)} if form.who == "uid" else {"account": form.account}
    expected: dict[str, Any] = user | client if theirs.version == "006" else {}  # its signature covers the names
    assert verify(done.stdout, DEMO, **expected).signature.status == "ok"
    if theirs.version == "007":
        assert (theirs.services, theirs.expire) == (ours.services, ours.expire)
    else:
        (service,), (our_service,) = theirs.services, ours.services
        their_times, our_times = privilege_times(service), privilege_times(our_service)
        assert their_times.keys() == our_times.keys()
        for privilege, expires_at in their_times.items():
            assert abs(expires_at - our_times[privilege]) <= 5, "built within five seconds"


@pytest.mark.parametrize(
    ("form", "go", "php"),
    [
        (
            TokenForm(channel="a $b", uid="7", expires_in="60"),
            'BuildTokenWithUid(appId, appCertificate, "a $b", 7, builder.RolePublisher, 60, 60)',
            "buildTokenWithUid($appId, $appCertificate, 'a $b', 7, RtcTokenBuilder2::ROLE_PUBLISHER, 60, 60)",
        ),
        (
            TokenForm(who="account", role="subscriber"),
            'BuildTokenWithUserAccount(appId, appCertificate, "lobby", "alice", builder.RoleSubscriber, 3600, 3600)',
            "($appId, $appCertificate, 'lobby', 'alice', RtcTokenBuilder2::ROLE_SUBSCRIBER, 3600, 3600)",
        ),
        (
            TokenForm(kind="chat"),
            'BuildChatUserToken(appId, appCertificate, "alice", 3600)',
            "ChatTokenBuilder2::buildUserToken($appId, $appCertificate, 'alice', 3600)",
        ),
    ],
    ids=str,
)
def test_go_and_php(form: TokenForm, go: str, php: str) -> None:
    calls = form.agora_calls()
    assert go in calls["Go"]
    assert php in calls["PHP"]


@pytest.mark.parametrize("form", [TokenForm(kind="both"), TokenForm(kind="convoai"), TokenForm(version="006")], ids=str)
def test_where_the_languages_differ_there_is_node_js_alone(form: TokenForm) -> None:
    assert list(form.agora_calls()) == ["Node.js"]

"""The report's forms: nothing in them is markup of the server's, and no secret."""

from __future__ import annotations

import json

import pytest

from agora_helpers.audit import AuditReport, Finding, audit
from agora_helpers.audit.checks import CHECKS
from agora_helpers.audit.rules import RULES
from tests.audit.servers import HEADERS, KEY, NO_UID, Server, rtc_007
from tests.support import DEMO, table_cells


def report_of(*evidence: str) -> AuditReport:
    finding = Finding("CACHEABLE", "warning", "A title", evidence, "It happens.", "Do it.", "notebooks/x.ipynb")
    return AuditReport("GET http://localhost/", 41, (finding,), ("ANY_UID",), {"OLD_FORMAT": "Why <not>."})


def test_what_a_server_says_is_escaped() -> None:
    report = report_of("<img src=x onerror=alert(1)> `code` *bold* [link](x)", "second")
    html = report._repr_html_()
    assert "<img" not in html
    assert "Why &lt;not&gt;." in html
    markdown = report.to_markdown()
    assert r"\<img src=x onerror=alert(1)\> \`code\` \*bold\* \[link\](x)" in markdown
    assert ["warning", "A title", "CACHEABLE"] in table_cells(html.replace("<br>", ""))


def test_the_text_says_what_matters() -> None:
    text = str(report_of("first", "second"))
    assert "1 warning, found with 41 requests." in text
    assert "  Seen:\n    - first\n    - second\n  What can happen: It happens.\n  What to do: Do it.\n" in text
    assert "Checked, and not found:\n  - A token is not bound to one user [ANY_UID]" in text


@pytest.mark.parametrize("width", [40, 60])
def test_the_text_fits_into_a_terminal(width: int) -> None:
    report = report_of("the string false " * 9, "a token with the privileges to publish " * 9)
    text = report.to_text(width)
    assert max(map(len, text.splitlines())) <= width
    assert text.split() == str(report).split()
    assert max(map(len, str(report).splitlines())) <= 100


def test_no_finding() -> None:
    report = AuditReport("GET http://localhost/", 60, (), (), {})
    assert report.summary == "No fault was found with 60 requests."
    assert not report.has("note")
    assert report.to_dict() == {"target": "GET http://localhost/", "requests": 60, "findings": [], "passed": []}


@pytest.mark.parametrize("secret", [KEY, DEMO.app_certificate, f"Bearer {KEY}"])
def test_a_server_that_signs_secrets_gets_none_into_the_report(secret: str) -> None:
    server = Server(
        rtc=lambda channel, uid, *rest: rtc_007(secret, secret, *rest), uid=lambda value: "7", channel=lambda value: "x"
    )
    report = audit(server, "/rtc", json_body=NO_UID, headers=HEADERS, credentials=DEMO)
    assert {"WRONG_CHANNEL", "CHANNEL_NOT_CHECKED"} <= {finding.code for finding in report.findings}
    forms = [str(report), repr(report), report.to_markdown(), report._repr_html_(), json.dumps(report.to_dict())]
    assert not [form for form in forms if secret.lower() in form.lower()]


def test_a_token_as_a_name_is_redacted() -> None:
    token = rtc_007("lobby", "7", False, 600)
    server = Server(channel=lambda value: token, limit=99)
    report = audit(server, "/rtc", json_body='{"channel": "{channel}", "uid": {uid}}', headers=HEADERS)
    assert token[:60] not in str(report)


def test_every_code_has_a_check_and_a_rule() -> None:
    assert {*CHECKS} == {*RULES}
    for rule in RULES.values():
        for text in (rule.consequence, rule.remedy):
            assert text.endswith(".")
        assert not rule.title.endswith(".")

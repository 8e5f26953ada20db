"""Say how many of the texts and tokens that people really have get the right answer: python -m tools.field.

Exit status 0 if all are right, 1 if not.
"""

from __future__ import annotations

import sys

from tests.field.cases import CASES
from tests.field.clients import CLIENTS
from tests.field.errors import first_answer, read_reports
from tests.field.texts import TEXTS


def print_errors() -> bool:
    """Print a line for each error text, and the totals. Return whether all are right."""
    reports = read_reports()
    for report in reports:
        answer = first_answer(report.text)
        words = "nothing" if answer is None else f"{answer.surface} {answer.code} {answer.name}".replace("  ", " ")
        print(f"{'right' if report.is_right else 'WRONG'}  {report.id:4} {report.meaning[:60]:60}  {words}")
    for title, foreign in (("Agora's", False), ("not Agora's", True)):
        group = [report for report in reports if (report.right["surface"] == "not Agora") == foreign]
        print(f"Error texts, {title}: {sum(report.is_right for report in group)} of {len(group)} right")
    return all(report.is_right for report in reports)


def print_cases() -> bool:
    """Print a line for each case, and the total. Return whether all are right."""
    for case in CASES:
        words = ", ".join(reason.code for reason in case.answer.reasons) or "the token is good"
        print(f"{'right' if case.is_right else 'WRONG'}  {case.id:4} {case.source[:60]:60}  {words}")
    print(f"Cases: {sum(case.is_right for case in CASES)} of {len(CASES)} right")
    return all(case.is_right for case in CASES)


def print_clients() -> bool:
    """Print a line for each token with its client, and the total. Return whether all are right."""
    for client in CLIENTS:
        words = next((str(reason.code) for reason in client.answer.reasons), "the token is good")
        print(f"{'right' if client.is_right else 'WRONG'}  {client.mistake[:65]:65}  {words}")
    print(f"Tokens and clients: {sum(client.is_right for client in CLIENTS)} of {len(CLIENTS)} right")
    return all(client.is_right for client in CLIENTS)


def print_texts() -> bool:
    """Print a line for each string that is passed as a token, and the total. Return whether all are right."""
    for text in TEXTS:
        print(f"{'right' if text.is_right else 'WRONG'}  {text.what[:60]:60}  {text.answer}")
    print(f"Strings in place of a token: {sum(text.is_right for text in TEXTS)} of {len(TEXTS)} right")
    return all(text.is_right for text in TEXTS)


if __name__ == "__main__":
    sys.exit(0 if all([print_errors(), print_cases(), print_clients(), print_texts()]) else 1)

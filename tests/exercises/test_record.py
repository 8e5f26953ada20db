"""What is remembered of solved exercises: nothing without consent, and no more than their ids."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agora_helpers import InputError, exercises
from agora_helpers.errors import ErrorCode
from agora_helpers.exercises import record
from tests.support import ROOT

RIGHT = {"time", "match"}
HEAD = "# Solved exercises of the course on Agora authentication. Delete this file to forget them."


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and a kernel in which nothing has been solved."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(record, "_solved", set())
    return tmp_path


def new_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "_solved", set())


def lines_of(folder: Path) -> list[str]:
    return (folder / record.FILE).read_text(encoding="utf-8").splitlines()


def test_without_consent_nothing_is_written(folder: Path) -> None:
    assert exercises.check("00.1", RIGHT).right
    assert exercises.progress().solved == {"00.1"}
    assert [*folder.iterdir()] == []
    assert "Counted until this kernel stops. To keep it, run exercises.progress(remember=True)" in repr(
        exercises.progress()
    )


def test_with_consent_ids_are_written_and_nothing_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exercises.check("00.1", RIGHT)
    course = exercises.progress(remember=True)
    assert course.problem == ""
    assert "Kept in the file my-progress.txt" in course.kept
    assert lines_of(folder) == [HEAD, "00.1"]
    new_kernel(monkeypatch)
    assert exercises.progress().solved == {"00.1"}
    assert exercises.check("01.2", 14).problem == ""
    assert exercises.check("01.2", 14).right
    assert exercises.check("04.1", (1, 1)).right is False
    assert lines_of(folder) == [HEAD, "00.1", "01.2"]
    assert [path.name for path in folder.iterdir()] == [record.FILE]


def test_who_deletes_the_file_is_forgotten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exercises.check("00.1", RIGHT)
    exercises.progress(remember=True)
    (folder / record.FILE).unlink()
    new_kernel(monkeypatch)
    exercises.check("01.2", 14)
    assert exercises.progress().solved == {"01.2"}
    assert [*folder.iterdir()] == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"milk\neggs\n", "was not written by this course"),
        (b"\xff\xfe007", "was not written by this course"),
        (f"{HEAD}\n00.1\nsecret\n".encode(), "line 3 is not the id of an exercise"),
        (f"{HEAD}\n00.1 01.2\n".encode(), "line 2 is not the id of an exercise"),
        (f"{HEAD}\n".encode() + b"00.1\n" * 5000, "was not written by this course"),
    ],
    ids=["foreign", "binary", "a foreign line", "two in one line", "too long"],
)
def test_a_file_with_other_content_stays_as_it_is(folder: Path, content: bytes, says: str) -> None:
    path = folder / record.FILE
    path.write_bytes(content)
    feedback = exercises.check("00.1", RIGHT)
    assert feedback.right
    for text in (repr(feedback), feedback._repr_html_()):
        assert f"my-progress.txt: {says}. It stays as it is." in " ".join(text.split())
    course = exercises.progress(remember=True)
    assert says in course.problem
    assert course.problem in course._repr_html_()
    assert course.solved == {"00.1"}
    assert "Kept in" not in course.kept
    assert "secret" not in repr(course) + repr(feedback)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "content", ["", f"{HEAD}\n", f"{HEAD}\n\n 00.1 \n{HEAD}\n", f"{HEAD}\r\n00.1", f"{HEAD}\n98.7\n"]
)
def test_what_people_and_other_versions_do_to_the_file_is_no_problem(folder: Path, content: str) -> None:
    (folder / record.FILE).write_bytes(content.encode())
    exercises.check("01.2", 14)
    assert exercises.progress(remember=True).problem == ""
    assert lines_of(folder)[-1] == "01.2"
    assert {"00.1", "98.7"} & exercises.progress().solved == {each for each in ("00.1", "98.7") if each in content}


def test_an_empty_file_is_no_consent(folder: Path) -> None:
    (folder / record.FILE).touch()
    exercises.check("00.1", RIGHT)
    assert "To keep it" in exercises.progress().kept
    assert (folder / record.FILE).read_bytes() == b""


def test_a_file_that_cannot_be_used_has_a_message(folder: Path) -> None:
    (folder / record.FILE).mkdir()
    assert exercises.check("00.1", RIGHT).problem.startswith("my-progress.txt: cannot be read or written (")
    assert exercises.progress(remember=True).solved == {"00.1"}


def test_notebooks_that_write_at_the_same_time_lose_nothing(folder: Path) -> None:
    code = (
        "import sys; from agora_helpers.exercises import record\n"
        "sys.stdin.read(1)\n"
        "for number in range(1, 61): assert record.add(f'{sys.argv[1]}.{number}') == ''\n"
    )
    exercises.progress(remember=True)
    arguments = [[sys.executable, "-c", code, f"{writer:02}"] for writer in range(4)]
    writers = [
        subprocess.Popen(each, stdin=subprocess.PIPE, cwd=folder, env={"PYTHONPATH": str(ROOT)}) for each in arguments
    ]
    for writer in writers:
        assert writer.stdin
        writer.stdin.close()  # all of them start now
    assert [writer.wait(60) for writer in writers] == [0] * 4
    head, *ids = lines_of(folder)
    assert head == HEAD
    assert sorted(ids) == sorted(f"{writer:02}.{number}" for writer in range(4) for number in range(1, 61))


def test_an_entry_that_got_lost_comes_back(folder: Path) -> None:
    exercises.progress(remember=True)
    exercises.check("00.1", RIGHT)
    (folder / record.FILE).write_text(f"{HEAD}\n01.2\n", encoding="utf-8")
    exercises.progress()
    assert lines_of(folder) == [HEAD, "01.2", "00.1"]


@pytest.mark.parametrize("remember", ["no", 1, None])
def test_only_true_is_consent(folder: Path, remember: Any) -> None:
    with pytest.raises(InputError, match=r"^remember: must be True or False\. ") as caught:
        exercises.progress(remember=remember)
    assert caught.value.code == ErrorCode.WRONG_TYPE
    assert [*folder.iterdir()] == []


def test_a_browser_tab_without_storage_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert "this browser offers no storage" in exercises.progress(remember=True).kept


def test_git_leaves_the_file_out() -> None:
    assert record.FILE in (ROOT / ".gitignore").read_text(encoding="utf-8").split()

"""What the grader does between its checks and its sandbox, seen through sandboxes made for the test."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from grader.calls import Answer, Batch, Ending, Source, SubmissionEnded
from grader.commands.bench import InProcess, InProcessSession
from grader.grading import Grader, Options, Task
from grader.losses import get
from grader.reference import reference_text
from grader.report import Outcome, Verdict
from grader.sandbox import Sandbox, SandboxFailed

BCE = get("bce")


class Counting(InProcess):
    """An unisolated sandbox that remembers what it opened, and whose sessions end after some requests."""

    def __init__(self, requests: int = 10**9, late: str = "") -> None:
        self.opened: list[str] = []
        self._requests = requests
        self._late = late

    def open(self, source: Source, entry: str, device: str = "cpu", *, secret: bool = False) -> InProcessSession:
        name = Path(source.file).name
        self.opened.append(name)
        requests = self._requests if name.startswith("reference_") else 10**9
        return Mortal(source, entry, requests, late=name == self._late)


class Mortal(InProcessSession):
    """Answers so many requests and is gone then; or says more after the last one, which only closing finds."""

    def __init__(self, source: Source, entry: str, requests: int, *, late: bool) -> None:
        super().__init__(source, entry)
        self._left = requests
        self._says_more = late

    def run(self, batch: Batch, seconds: float | None = None) -> list[Answer]:
        if not self._left:
            raise SubmissionEnded(Ending.WALL_CLOCK, "its time is used up")
        self._left -= 1
        return super().run(batch, seconds)

    def close(self) -> None:
        if self._says_more:
            self.ended = SubmissionEnded(Ending.PROTOCOL, "it sent more than it was asked for")


@pytest.fixture
def right(tmp_path: Path) -> Task:
    path = tmp_path / "right.py"
    path.write_text(reference_text(BCE))
    return Task(file=str(path), loss="bce")


def grader(sandbox: Counting) -> Grader:
    return Grader(Options(devices=("cpu",), seed=1), 1, cast(Sandbox, sandbox))


def test_the_reference_is_opened_once_for_many_submissions(right: Task) -> None:
    sandbox = Counting()
    with grader(sandbox) as ready:
        assert [ready.grade(right).verdict for _time in range(3)] == [Verdict.PASS] * 3
    assert sandbox.opened.count("reference_bce.py") == 1
    assert sandbox.opened.count("right.py") == 3


def test_a_reference_that_used_its_time_up_is_replaced_and_nobody_is_blamed(right: Task) -> None:
    sandbox = Counting(requests=3)
    with grader(sandbox) as ready:
        assert [ready.grade(right).verdict for _time in range(2)] == [Verdict.PASS] * 2
    assert sandbox.opened.count("reference_bce.py") > 1


def test_a_reference_that_never_answers_is_the_graders_failure(right: Task) -> None:
    with grader(Counting(requests=0)) as ready, pytest.raises(SandboxFailed, match="reference of `bce`"):
        ready.grade(right)


def test_what_comes_after_the_last_answer_is_an_error_of_purity(right: Task) -> None:
    with grader(Counting(late="right.py")) as ready:
        report = ready.grade(right)
    assert report.verdict is Verdict.FAIL
    wrong = [check for check in report.checks if check.outcome is not Outcome.PASS]
    assert [(check.name, check.outcome, check.points) for check in wrong] == [("purity", Outcome.ERROR, 0.0)]
    assert "more than it was asked for" in wrong[0].message

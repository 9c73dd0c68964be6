"""A small team to track, and attempts made up for it. Nothing here grades anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.report import CheckResult, Outcome, Report, Verdict
from grader.tracking.attempt import Attempt
from grader.tracking.handing_in import Work, source_hash

VERSIONS = {"grader": "0.1.0", "torch": "2.13.0", "python": "3.11.7"}

TEAM = """\
name: 시험 팀
year: 2024
language: en
members:
  - id: ann
    name: Ann
    lead: true
    emails: [Ann@example.org]
    blog: https://ann.example.org/
  - id: bob
    name: 밥
    emails: [bob@example.org]
meeting:
  tool: Whale ON
  weekday: sunday
  time: 20:00
programme:
  min_hours: 1
  sessions_per_week: 2
  sessions_needed: 9
  absences_allowed: 2
"""

WEEK = """\
number: 1
title: First
starts: 2024-07-14
ends: 2024-07-20
meetings:
  - date: 2024-07-14
    start: 20:00
    end: 22:00
    attended: [ann]
    decisions: [begin]
assignments:
  - member: ann
    loss: bce
    goal: Understand BCE.
    due: 2024-07-20
    posts: [https://ann.example.org/bce]
  - member: bob
    loss: cce
    goal: Understand CCE.
    due: 2024-07-20 21:00
"""


def be(git: Callable[..., str], folder: Path, name: str, email: str) -> None:
    """Work in this clone as somebody."""
    git(folder, "config", "user.name", name)
    git(folder, "config", "user.email", email)


def solve(root: Path, member: str, loss: str, text: str = "x = 1\n", week: int = 1) -> Path:
    """Put a solution where it belongs."""
    path = root / "solutions" / member / f"week{week:02d}" / f"{loss}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def at(day: int, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
    """A moment of July 2024 in UTC."""
    return datetime(2024, 7, day, hour, minute, second, tzinfo=UTC)


def report(verdict: Verdict = Verdict.PASS, score: float = 100.0, *, sha256: str | None = None, **more: Any) -> Report:
    """A report of one check that is worth the score."""
    outcome = Outcome.PASS if verdict is Verdict.PASS else Outcome.FAIL
    check = CheckResult("value", outcome, "as it is", points=score, max_points=100.0)
    values: dict[str, Any] = {
        "loss": "bce",
        "file": "solutions/ann/week01/bce.py",
        "sha256": sha256,
        "verdict": verdict,
        "checks": (check,),
        "isolation": "none",
        "seed": 7,
        "seconds": 0.01,
        "graded_at": "2024-07-18T12:00:00Z",
        "versions": VERSIONS,
    }
    return Report(**{**values, **more})


def attempt(
    when: datetime, verdict: Verdict = Verdict.PASS, score: float = 100.0, *, member: str = "ann", **more: Any
) -> Attempt:
    """An attempt of week 1, at `bce` unless `loss` says otherwise."""
    values: dict[str, Any] = {
        "member": member,
        "week": 1,
        "loss": "bce",
        "submitted_at": when,
        "report": report(verdict, score).to_json(),
    }
    return Attempt(**{**values, **more})


class FakeGrader:
    """Passes what says `right`, calls what says `stub` missing, fails the rest; remembers what it graded."""

    def __init__(self) -> None:
        self.graded: list[str] = []

    def __call__(self, works: Sequence[Work]) -> Iterator[Report]:
        for work in works:
            self.graded.append(work.file)
            text = work.path.read_text(encoding="utf-8") if work.path else "stub"
            verdict = Verdict.PASS if "right" in text else Verdict.MISSING if "stub" in text else Verdict.FAIL
            yield report(
                verdict,
                100.0 if verdict is Verdict.PASS else 40.0,
                sha256=source_hash(work.path),
                loss=work.loss,
                file=work.file,
                week=work.week,
                member=work.member,
            )

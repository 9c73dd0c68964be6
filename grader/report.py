"""One submission's report: what each check found and the verdict they add up to. Pure data; CONTRACT's JSON line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """Of one check. `error` is the submission's fault too: it raised, crashed or met a limit."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    SKIP = "skip"


class Verdict(StrEnum):
    """Of one submission."""

    PASS = "pass"
    FAIL = "fail"
    MISSING = "missing"


@dataclass(frozen=True)
class Counterexample:
    """The smallest input found on which the submission is wrong."""

    call: str
    """Python that can be pasted below the submission: `bce(torch.tensor(…), …)`."""
    expected: str
    got: str
    where: str | None = None
    """Which part differs: `gradient of probabilities[3]`, or None for the value itself."""
    device: str = "cpu"

    def to_json(self) -> dict[str, Any]:
        return {
            "call": self.call,
            "expected": self.expected,
            "got": self.got,
            "where": self.where,
            "device": self.device,
        }


@dataclass(frozen=True)
class Misconception:
    """A known mistake that explains every answer seen."""

    id: str
    message: str

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "message": self.message}


@dataclass(frozen=True)
class CheckResult:
    """What one check found on one device. `points` of `max_points`, which are 0 where there was nothing to be won."""

    name: str
    outcome: Outcome
    message: str
    device: str = "cpu"
    required: bool = True
    points: float = 0.0
    max_points: float = 0.0
    counterexample: Counterexample | None = None
    seconds: float = 0.0
    hint: str | None = None
    """One more sentence for the terminal and the site; not part of the JSON line's fixed keys."""
    notes: tuple[str, ...] = ()
    """Warnings that cost nothing (a host synchronisation, a cell that raised)."""

    @property
    def stands_in_the_way(self) -> bool:
        """A required check that failed or erred."""
        return self.required and self.outcome in (Outcome.FAIL, Outcome.ERROR)

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "device": self.device,
            "required": self.required,
            "outcome": str(self.outcome),
            "points": self.points,
            "max_points": self.max_points,
            "message": self.message,
            "counterexample": self.counterexample.to_json() if self.counterexample else None,
            "seconds": round(self.seconds, 6),
            "hint": self.hint,
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class Report:
    """One graded submission. `to_json` is one line of `--json`, of the ledger, and what every front renders."""

    loss: str
    file: str
    sha256: str | None
    verdict: Verdict
    checks: tuple[CheckResult, ...]
    isolation: str
    seed: int
    seconds: float
    graded_at: str
    """UTC, RFC 3339, seconds: `2026-11-22T07:00:00Z`."""
    versions: dict[str, str]
    week: int | None = None
    member: str | None = None
    misconception: Misconception | None = None
    output: str = ""
    """What the submission printed, cut at the bound."""
    devices: dict[str, str] = field(default_factory=dict)
    """The hardware behind each device name that ran: `{"cuda": "NVIDIA H200", "sim": "simulated accelerator"}`."""

    @property
    def score(self) -> float:
        """Points won of the points that were to be had, in percent, one decimal.

        A check that could not run because of the submission has lost its points; one without its device has none.
        """
        most = sum(check.max_points for check in self.checks)
        won = sum(check.points for check in self.checks)
        return round(100.0 * won / most, 1) if most > 0 else 0.0

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": 1,
            "loss": self.loss,
            "week": self.week,
            "member": self.member,
            "file": self.file,
            "sha256": self.sha256,
            "verdict": str(self.verdict),
            "score": self.score,
            "isolation": self.isolation,
            "seed": self.seed,
            "seconds": round(self.seconds, 6),
            "graded_at": self.graded_at,
            "versions": self.versions,
            "checks": [check.to_json() for check in self.checks],
            "misconception": self.misconception.to_json() if self.misconception else None,
            "output": self.output,
            "devices": self.devices,
        }

    def to_line(self) -> str:
        """The JSON object on one line, without its newline. Surrogates stay escaped, so that any file name survives."""
        return json.dumps(self.to_json(), ensure_ascii=True, allow_nan=False)


def verdict_of(checks: Sequence[CheckResult], expected: Sequence[tuple[str, str]]) -> Verdict:
    """Pass only if every expected (name, device) was reported and no required one failed or erred.

    A check that never reported is a failure, not an absence: a dead grader passes nobody.
    """
    reported = {(check.name, check.device) for check in checks}
    complete = all(pair in reported for pair in expected)
    return Verdict.PASS if complete and not any(check.stands_in_the_way for check in checks) else Verdict.FAIL

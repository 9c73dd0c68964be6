"""A submission's report as the page shows it: its checks, its source, and what changed from attempt to attempt."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.messages import N_
from grader.tracking.attempt import Attempt
from grader.tracking.repository import Repository
from grader.tracking.verification import source_of

CHECKS = {
    "load": N_("loads"),
    "value": N_("value"),
    "gradient": N_("gradient"),
    "stability": N_("stability"),
    "purity": N_("purity"),
    "device": N_("device"),
    "originality": N_("originality"),
    "shapes": N_("shapes"),
    "efficiency": N_("efficiency"),
}
"""What the checks are called for a reader."""
_LONGEST_DIFFERENCE = 400


@dataclass(frozen=True)
class CheckChange:
    """One check that came out differently from the attempt before."""

    name: str
    device: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """One attempt in the history of a submission."""

    number: int
    attempt: Attempt
    changes: tuple[CheckChange, ...]
    difference: tuple[tuple[str, str], ...]
    """Lines of a unified diff against the attempt before: (kind, text), kind one of `add`, `del`, `at`, `same`."""
    gained: float | None
    """Points of the score won (negative: lost) since the attempt before; None for the first."""


@dataclass
class Sources:
    """The sources of attempts, from the working tree or from git; each is looked up once."""

    root: Path
    _found: dict[str, bytes | None] = field(default_factory=dict)

    def of(self, attempt: Attempt) -> str | None:
        """The text that was handed in, or None where this clone does not have it."""
        key = f"{attempt.file}\0{attempt.sha256}"
        if key not in self._found:
            self._found[key] = source_of(Repository(self.root), self.root, attempt)[0]
        content = self._found[key]
        return None if content is None else content.decode("utf-8", "replace")


def history(attempts: Sequence[Attempt], sources: Sources) -> tuple[Step, ...]:
    """Every attempt with what changed since the one before, the first one first."""
    steps = []
    before: Attempt | None = None
    for number, attempt in enumerate(attempts, 1):
        changes = _check_changes(before.report["checks"], attempt.report["checks"]) if before else ()
        lines = _difference(sources, before, attempt) if before else ()
        gained = round(attempt.score - before.score, 1) if before else None
        steps.append(Step(number, attempt, changes, lines, gained))
        before = attempt
    return tuple(steps)


def _check_changes(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> tuple[CheckChange, ...]:
    outcomes = {(check["name"], check["device"]): check["outcome"] for check in before}
    return tuple(
        CheckChange(
            check["name"], check["device"], outcomes.get((check["name"], check["device"]), ""), check["outcome"]
        )
        for check in after
        if outcomes.get((check["name"], check["device"])) != check["outcome"]
    )


def _difference(sources: Sources, before: Attempt, after: Attempt) -> tuple[tuple[str, str], ...]:
    if before.sha256 == after.sha256 or before.file.endswith(".ipynb") or after.file.endswith(".ipynb"):
        return ()
    old, new = sources.of(before), sources.of(after)
    if old is None or new is None:
        return ()
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2))[2:]
    kinds = {"+": "add", "-": "del", "@": "at"}
    return tuple((kinds.get(line[:1], "same"), line) for line in lines[:_LONGEST_DIFFERENCE])

"""Trust in records: a claim is held against itself, and against a second grading of the same source where that can be.

A record is a line of text that anybody can write. What cannot be checked here stays `unchecked` and is shown as such.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.messages import N_
from grader.messages import gettext as _
from grader.plan import solutions
from grader.tracking.attempt import Attempt
from grader.tracking.definition import definition_of
from grader.tracking.files import write_atomically
from grader.tracking.handing_in import source_hash
from grader.tracking.progress import Trust
from grader.tracking.repository import Repository

if TYPE_CHECKING:
    from grader.plan.model import Assignment, Plan
    from grader.report import Report

NOISY = frozenset({"efficiency"})
"""Checks that measure time: two honest gradings may differ in them."""
_ROUNDING = 0.11


@dataclass(frozen=True)
class Claim:
    """A record that can be graded again: what it says, and the bytes of the source it says it of."""

    attempt: Attempt
    assignment: Assignment
    source: bytes

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices the record says it ran on, in its order."""
        checks = self.attempt.report["checks"]
        return tuple(dict.fromkeys(check["device"] for check in checks if check["outcome"] != "skip"))


@dataclass(frozen=True)
class Finding:
    """What became of one claim."""

    trust: Trust
    reason: str = ""
    """Why a claim does not hold or could not be checked: a sentence in English; `explained` translates it."""


Regrade = Callable[[Sequence[Claim]], Iterable["Report"]]
"""Grades claims again, each with its own seed and devices; one report each, in order."""


def verify(
    plan: Plan, attempts: Iterable[Attempt], regrade: Regrade, versions: Mapping[str, str], *, force: bool = False
) -> dict[str, Finding]:
    """Check these records and remember what was found in `build/verified.json`, by `Attempt.id`.

    What was checked before with the same versions is not graded again unless `force`.
    """
    repository = Repository(plan.root)
    known = {} if force else _load(plan.root, versions)
    findings: dict[str, Finding] = {}
    claims = []
    for attempt in attempts:
        if attempt.id in known and known[attempt.id].trust is not Trust.UNCHECKED:
            findings[attempt.id] = known[attempt.id]
            continue
        found = _before_grading(plan, repository, attempt, versions)
        if isinstance(found, Finding):
            findings[attempt.id] = found
        else:
            claims.append(found)
    for claim, report in zip(claims, regrade(claims) if claims else (), strict=True):
        findings[claim.attempt.id] = compare(claim.attempt.report, report.to_json())
    _save(plan.root, versions, {**known, **findings})
    return findings


def load(root: Path) -> dict[str, Trust]:
    """What the last verification found, for `progress(…, trust=…)`; empty when there was none."""
    return {id: finding.trust for id, finding in _load(root, None).items()}


def contradiction(report: Mapping[str, Any]) -> Finding | None:
    """What a report says against itself, if it does: a pass over a failed required check, a score of other points."""
    checks = [check for check in report["checks"] if check["outcome"] != "skip"]
    stopped = any(check.get("required") and check["outcome"] in ("fail", "error") for check in checks)
    if report["verdict"] == "pass" and (stopped or not checks):
        return Finding(Trust.BROKEN, N_("The record says passed, but not all required checks in it did."))
    most = sum(float(check["max_points"]) for check in checks)
    won = sum(float(check["points"]) for check in checks)
    if abs((100.0 * won / most if most > 0 else 0.0) - float(report["score"])) > _ROUNDING:
        return Finding(Trust.BROKEN, N_("The record's score is not the sum of the points in it."))
    return None


def compare(claimed: Mapping[str, Any], found: Mapping[str, Any]) -> Finding:
    """A claim against a second grading. Devices that are not here are left out; checks that measure time may differ."""
    before = {(check["name"], check["device"]): check for check in claimed["checks"]}
    for check in found["checks"]:
        place = check["name"], check["device"]
        if check["outcome"] == "skip" or check["name"] in NOISY:
            continue
        other = before.get(place)
        if other is None or (other["outcome"] == "pass") != (check["outcome"] == "pass"):
            return Finding(Trust.BROKEN, N_("Graded again, a check came out differently from what the record says."))
    if found["verdict"] != "pass" and claimed["verdict"] == "pass":
        return Finding(Trust.BROKEN, N_("Graded again, the source does not pass, but the record says it does."))
    again = {(check["name"], check["device"]) for check in found["checks"] if check["outcome"] != "skip"}
    if any(check["outcome"] != "skip" and place not in again for place, check in before.items()):
        return Finding(Trust.HOLDS)
    slack = _ROUNDING + _share(found["checks"], NOISY)
    if abs(float(claimed["score"]) - float(found["score"])) > slack:
        return Finding(Trust.BROKEN, N_("Graded again, the score is another one than the record says."))
    return Finding(Trust.HOLDS)


def _share(checks: Sequence[Mapping[str, Any]], names: frozenset[str]) -> float:
    """Percent of the whole score that these checks carry."""
    counted = [check for check in checks if check["outcome"] != "skip"]
    most = sum(float(check["max_points"]) for check in counted)
    theirs = sum(float(check["max_points"]) for check in counted if check["name"] in names)
    return 100.0 * theirs / most if most > 0 else 0.0


def _before_grading(
    plan: Plan, repository: Repository, attempt: Attempt, versions: Mapping[str, str]
) -> Finding | Claim:
    """What can be said without grading, or else the claim to grade."""
    broken = contradiction(attempt.report)
    if broken is not None:
        return broken
    of_record = attempt.report.get("versions")
    if not isinstance(of_record, dict) or any(of_record.get(name) != versions[name] for name in ("grader", "torch")):
        return Finding(Trust.UNCHECKED, N_("It was graded with another version of the grader or of torch."))
    assignment = next(
        (
            assignment
            for week in plan.weeks
            if week.number == attempt.week
            for assignment in week.assignments
            if (assignment.member, assignment.loss) == (attempt.member, attempt.loss)
        ),
        None,
    )
    if assignment is None or definition_of(assignment) != attempt.definition:
        return Finding(Trust.UNCHECKED, N_("The week asks for something else by now."))
    if attempt.sha256 is None or not isinstance(attempt.report.get("seed"), int):
        return Finding(Trust.UNCHECKED, N_("The record does not name its source or its seed."))
    source, named_otherwise = source_of(repository, plan.root, attempt)
    if source is None:
        if named_otherwise:
            return Finding(Trust.BROKEN, N_("The source kept in git is not the one that the record names."))
        return Finding(Trust.UNCHECKED, N_("Its source is not in this clone."))
    return Claim(attempt, assignment, source)


def source_of(repository: Repository, root: Path, attempt: Attempt) -> tuple[bytes | None, bool]:
    """The bytes that were handed in, from the working tree or from git, and whether git has others under that name."""
    path = solutions.folder(root, attempt.week, attempt.member) / Path(attempt.file).name
    if attempt.sha256 is not None and source_hash(path) == attempt.sha256:
        return path.read_bytes(), False
    kept = repository.content(attempt.blob) if attempt.blob else None
    if kept is None:
        return None, False
    # git may have converted line ends; only other content makes the record wrong.
    for content in (kept, kept.replace(b"\n", b"\r\n")):
        if hashlib.sha256(content).hexdigest() == attempt.sha256:
            return content, False
    return None, True


def _path(root: Path) -> Path:
    return root / "build" / "verified.json"


def _load(root: Path, versions: Mapping[str, str] | None) -> dict[str, Finding]:
    try:
        stored = json.loads(_path(root).read_bytes())
        if versions is not None and stored["versions"] != dict(versions):
            return {}
        return {id: Finding(Trust(entry["trust"]), str(entry["reason"])) for id, entry in stored["findings"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # Derived and safe to lose: whatever is wrong with it, the records are checked again.
        return {}


def _save(root: Path, versions: Mapping[str, str], findings: Mapping[str, Finding]) -> None:
    stored = {
        "versions": dict(versions),
        "findings": {id: {"trust": str(found.trust), "reason": found.reason} for id, found in findings.items()},
    }
    write_atomically(_path(root), json.dumps(stored, indent=1).encode("ascii"))


def explained(finding: Finding) -> str:
    """The reason in the reader's language."""
    return _(finding.reason) if finding.reason else ""

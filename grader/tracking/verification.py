"""Trust in records: a claim is held against itself, against git and against a second grading of the same source.

A record is a line of text that anybody can write. What cannot be checked here stays `unchecked` and is shown as such.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from grader.messages import N_
from grader.messages import gettext as _
from grader.plan import solutions
from grader.plan.model import Device
from grader.tracking.attempt import Attempt
from grader.tracking.definition import definition_of
from grader.tracking.files import write_atomically
from grader.tracking.handing_in import source_hash
from grader.tracking.ledger import FOLDER
from grader.tracking.progress import Trust
from grader.tracking.repository import GitError, Repository

if TYPE_CHECKING:
    from grader.plan.model import Assignment, Plan
    from grader.report import Report

NOISY = frozenset({"efficiency"})
"""Checks that measure time: two honest gradings may differ in them."""
_ROUNDING = 0.11
_SLACK = timedelta(hours=1)
"""How far two machines' clocks may be apart before a time counts as wrong."""
_LONGEST_GRADING = timedelta(days=2)
"""A laptop may sleep in the middle of one."""


@dataclass(frozen=True)
class Claim:
    """A record that can be graded again: what it says, and the bytes of the source it says it of."""

    attempt: Attempt
    assignment: Assignment
    source: bytes
    seed: int
    """The one to grade it with."""

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices that the record says it ran on, in its order; if it came to none, those it was meant for."""
        checks = [check for check in self.attempt.report["checks"] if check["name"] == "device"]
        ran = [check["device"] for check in checks if check["outcome"] != "skip"]
        return tuple(dict.fromkeys(ran or [check["device"] for check in checks]))


@dataclass(frozen=True)
class Finding:
    """What became of one claim."""

    trust: Trust
    reason: str = ""
    """Why a claim does not hold or could not be checked: a sentence in English; `explained` translates it."""


Regrade = Callable[[Sequence[Claim]], Iterable["Report"]]
"""Grades claims again, each with its seed and devices; one report each, in order."""


def verify(
    plan: Plan,
    attempts: Iterable[Attempt],
    regrade: Regrade,
    versions: Mapping[str, str],
    *,
    force: bool = False,
    now: datetime | None = None,
) -> dict[str, Finding]:
    """Check these records and remember what was found in `build/verified.json`, by `Attempt.id`.

    What was checked before with the same versions is not graded again unless `force`. `now` is aware.
    """
    known = {} if force else _load(plan.root, versions)
    history = History(plan.root)
    findings: dict[str, Finding] = {}
    claims = []
    for attempt in attempts:
        if attempt.id in known and known[attempt.id].trust is not Trust.UNCHECKED:
            findings[attempt.id] = known[attempt.id]
            continue
        found = _before_grading(plan, history, attempt, versions, now or datetime.now(UTC))
        if isinstance(found, Finding):
            findings[attempt.id] = found
        else:
            claims.append(found)
    for claim, finding in zip(claims, _graded_again(claims, regrade), strict=True):
        findings[claim.attempt.id] = finding if finding.trust is Trust.BROKEN else _punctual(plan, history, claim)
    _save(plan.root, versions, {**known, **findings})
    return findings


def load(root: Path) -> dict[str, Trust]:
    """What the last verification found, for `progress(…, trust=…)`; empty when there was none."""
    return {id: finding.trust for id, finding in _load(root, None).items()}


# --- a report against itself and against another one ---------------------------------------------------------------


def contradiction(report: Mapping[str, Any]) -> Finding | None:
    """What a report says against itself, if it does: a pass over a failed required check, a score of other points."""
    checks = [check for check in report["checks"] if check["outcome"] != "skip"]
    stopped = any(check.get("required") and check["outcome"] in ("fail", "error") for check in checks)
    if report["verdict"] == "pass" and (stopped or not checks):
        return Finding(Trust.BROKEN, N_("The record says passed, but not all required checks in it did."))
    places = [(check["name"], check["device"]) for check in report["checks"]]
    if len(set(places)) < len(places):
        return Finding(Trust.BROKEN, N_("The record has the same check twice."))
    most = sum(float(check["max_points"]) for check in checks)
    won = sum(float(check["points"]) for check in checks)
    if abs((100.0 * won / most if most > 0 else 0.0) - float(report["score"])) > _ROUNDING:
        return Finding(Trust.BROKEN, N_("The record's score is not the sum of the points in it."))
    return None


def compare(claimed: Mapping[str, Any], found: Mapping[str, Any]) -> Finding:
    """A claim against a second grading. Devices that are not here are left out; checks that measure time may differ.

    `device` of the second grading may have run where the claim names none: it says what that check is worth.
    """
    before = {(check["name"], check["device"]): check for check in claimed["checks"]}
    again = {(check["name"], check["device"]): check for check in found["checks"]}
    ran = {place: check for place, check in again.items() if check["outcome"] != "skip"}
    counted = {place: check for place, check in before.items() if check["outcome"] != "skip"}
    other_checks = Finding(Trust.BROKEN, N_("Graded again, a check came out differently from what the record says."))
    if any(place not in again for place in counted):
        return other_checks
    for place, check in ran.items():
        name, _device = place
        if name in NOISY or (name == "device" and place not in before):
            continue
        if place not in before or (before[place]["outcome"] == "pass") != (check["outcome"] == "pass"):
            return other_checks
    if found["verdict"] != "pass" and claimed["verdict"] == "pass":
        return Finding(Trust.BROKEN, N_("Graded again, the source does not pass, but the record says it does."))
    other_score = Finding(Trust.BROKEN, N_("Graded again, the score is another one than the record says."))
    worth, worth_before = _worth(ran), _worth(counted)
    if any(abs(worth_before.get(name, most) - most) > _ROUNDING for name, most in worth.items()):
        return other_score
    common = ran.keys() & counted.keys()
    difference = sum(
        float(ran[place]["max_points"]) * (_share(counted[place]) - _share(ran[place])) for place in common
    )
    slack = sum(most for name, most in worth.items() if name in NOISY)
    if abs(difference) > slack + sum(worth.values()) * _ROUNDING / 100:
        return other_score
    return Finding(Trust.HOLDS)


def _worth(checks: Mapping[tuple[str, str], Mapping[str, Any]]) -> dict[str, float]:
    """The points that can be had for each check, over all its devices."""
    worth: defaultdict[str, float] = defaultdict(float)
    for (name, _device), check in checks.items():
        worth[name] += float(check["max_points"])
    return worth


def _share(check: Mapping[str, Any]) -> float:
    most = float(check["max_points"])
    return float(check["points"]) / most if most > 0 else 0.0


# --- what can be said without grading -------------------------------------------------------------------------------


class History:
    """What git knows of the team's files, asked for when it is needed; nothing where there is no git."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.repository = Repository(root)
        self._names: Mapping[str, frozenset[str]] | None = None
        self._lines: dict[str, Mapping[int, datetime]] = {}
        self._commits: dict[str, datetime | None] = {}

    def names(self, blob: str) -> frozenset[str]:
        """Every path below `solutions/` that this content ever had in a commit."""
        if self._names is None:
            try:
                self._names = self.repository.names_of_contents("solutions")
            except GitError:
                self._names = {}
        return self._names.get(blob, frozenset())

    def committed_at(self, commit: str) -> datetime | None:
        """When the commit was made; None when this clone does not have it."""
        if commit not in self._commits:
            try:
                self._commits[commit] = self.repository.time_of(commit)
            except GitError:
                self._commits[commit] = None
        return self._commits[commit]

    def appeared_at(self, attempt: Attempt) -> datetime | None:
        """When the attempt's line was first committed, by its author's clock; None when that cannot be told."""
        file, _colon, number = attempt.where.rpartition(":")
        if not file.startswith(f"{FOLDER}/") or not number.isdigit():
            return None
        if file not in self._lines:
            try:
                self._lines[file] = self.repository.times_of_lines(file)
            except GitError:
                self._lines[file] = {}
        return self._lines[file].get(int(number))


def _before_grading(
    plan: Plan, history: History, attempt: Attempt, versions: Mapping[str, str], now: datetime
) -> Finding | Claim:
    """What can be said without grading, or else the claim to grade, with the seed of its record."""
    broken = contradiction(attempt.report) or _wrong_time(history, attempt, now)
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
    seed = attempt.report.get("seed")
    if attempt.sha256 is None or not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed < 2**64:
        return Finding(Trust.UNCHECKED, N_("The record does not name its source or its seed."))
    devices = {check["device"] for check in attempt.report["checks"] if check["name"] == "device"}
    asked = set(assignment.devices or devices)
    if not devices or devices != asked or not devices <= set(get_args(Device)):
        return Finding(Trust.BROKEN, N_("The record names other devices than the week asks for, or none."))
    source = _handed_in(history, attempt)
    return source if isinstance(source, Finding) else Claim(attempt, assignment, source, seed)


def _wrong_time(history: History, attempt: Attempt, now: datetime) -> Finding | None:
    """A time that cannot be true: still to come, far from when it was graded, before the commit it builds on."""
    if attempt.submitted_at > now + _SLACK:
        return Finding(Trust.BROKEN, N_("The record says that it was handed in at a time that is still to come."))
    try:
        graded_at = datetime.fromisoformat(attempt.report.get("graded_at", "")).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        graded_at = None
    if graded_at is None or not -_SLACK <= graded_at - attempt.submitted_at <= _LONGEST_GRADING:
        return Finding(Trust.BROKEN, N_("The record was not graded when it says that it was handed in."))
    before = history.committed_at(attempt.commit) if attempt.commit else None
    if before is not None and before > attempt.submitted_at + _SLACK:
        return Finding(Trust.BROKEN, N_("The record builds on a commit that was made after it."))
    return None


def _punctual(plan: Plan, history: History, claim: Claim) -> Finding:
    """For a claim that holds: whether git bears out that it was in time, if it says so."""
    attempt = claim.attempt
    due = plan.due_at(plan.week(attempt.week), claim.assignment)
    appeared = history.appeared_at(attempt)
    if attempt.submitted_at <= due and appeared is not None and appeared > due + _SLACK:
        return Finding(
            Trust.UNCHECKED,
            N_("It holds, but it was committed only after the deadline: that it was in time cannot be told."),
        )
    return Finding(Trust.HOLDS)


def _handed_in(history: History, attempt: Attempt) -> bytes | Finding:
    """The bytes that were handed in, or why they cannot be held against the record.

    The source of somebody else, named in one's own record, is no source of one's own.
    """
    home = solutions.folder(history.root, attempt.week, attempt.member)
    names = {(home / f"{attempt.loss}{suffix}").relative_to(history.root).as_posix() for suffix in solutions.SUFFIXES}
    if attempt.file not in names:
        return Finding(Trust.BROKEN, N_("The record is of another file than the week asks for."))
    source, named_otherwise = source_of(history.repository, history.root, attempt)
    if named_otherwise:
        return Finding(Trust.BROKEN, N_("The source kept in git is not the one that the record names."))
    if source is None:
        return Finding(Trust.UNCHECKED, N_("Its source is not in this clone."))
    if source_hash(history.root / attempt.file) != attempt.sha256:
        committed_as = history.names(attempt.blob or "")
        if committed_as and not any(name.startswith(f"solutions/{attempt.member}/") for name in committed_as):
            return Finding(Trust.BROKEN, N_("The source that the record names was handed in by somebody else."))
    return source


def source_of(repository: Repository, root: Path, attempt: Attempt) -> tuple[bytes | None, bool]:
    """The bytes that were handed in, from the working tree or from git, and whether git has others under that name."""
    try:
        path = solutions.folder(root, attempt.week, attempt.member) / Path(attempt.file).name
        if attempt.sha256 is not None and source_hash(path) == attempt.sha256:
            return path.read_bytes(), False
    except ValueError:
        # No path at all (a NUL in it): the record says what it likes.
        return None, False
    kept = repository.content(attempt.blob) if attempt.blob else None
    if kept is None:
        return None, False
    # git may have converted line ends; only other content makes the record wrong.
    for content in (kept, kept.replace(b"\n", b"\r\n")):
        if hashlib.sha256(content).hexdigest() == attempt.sha256:
            return content, False
    return None, True


# --- grading again ----------------------------------------------------------------------------------------------------


def _graded_again(claims: Sequence[Claim], regrade: Regrade) -> list[Finding]:
    """A finding for each claim.

    Who says passed is graded with a seed that nobody could prepare for: answers can be made up for a known one. Only
    what does not hold so is graded with the seed of its record, and once more with another one.
    """
    fresh = [_passed(claim) for claim in claims]
    first = _reports(
        [replace(claim, seed=_draw()) if new else claim for claim, new in zip(claims, fresh, strict=True)], regrade
    )
    findings = [compare(claim.attempt.report, report) for claim, report in zip(claims, first, strict=True)]
    doubtful = [place for place, found in enumerate(findings) if fresh[place] and found.trust is Trust.BROKEN]
    own = _reports([claims[place] for place in doubtful], regrade)
    prepared = []
    for place, report in zip(doubtful, own, strict=True):
        findings[place] = compare(claims[place].attempt.report, report)
        if findings[place].trust is Trust.HOLDS and first[place]["verdict"] != "pass":
            prepared.append(place)
    last = _reports([replace(claims[place], seed=_draw()) for place in prepared], regrade)
    for place, report in zip(prepared, last, strict=True):
        if report["verdict"] != "pass":
            findings[place] = Finding(
                Trust.BROKEN, N_("Graded again, the source passes with the seed of the record and with no other.")
            )
    return findings


def _passed(claim: Claim) -> bool:
    return claim.attempt.passed


def _reports(claims: Sequence[Claim], regrade: Regrade) -> list[dict[str, Any]]:
    return [report.to_json() for report in regrade(claims)] if claims else []


def _draw() -> int:
    return secrets.randbits(32)


# --- remembering ------------------------------------------------------------------------------------------------------


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
    # What cannot be remembered is only checked again: a read-only folder is no reason not to say what was found.
    with suppress(OSError):
        write_atomically(_path(root), json.dumps(stored, indent=1).encode("ascii"))


def explained(finding: Finding) -> str:
    """The reason in the reader's language."""
    return _(finding.reason) if finding.reason else ""

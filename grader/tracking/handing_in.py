"""Handing in: grade what a member owes in a week, put it on record, commit it. The grader itself is passed in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.messages import gettext as _
from grader.plan import solutions
from grader.report import Report, Verdict
from grader.tracking import ledger
from grader.tracking.attempt import Attempt
from grader.tracking.definition import definition_of, key_of
from grader.tracking.files import open_regular
from grader.tracking.ledger import Problem
from grader.tracking.repository import Identity, Repository

if TYPE_CHECKING:
    from grader.plan.model import Assignment, Plan, Week

_MOST_NAMED = 12


@dataclass(frozen=True)
class Work:
    """One assignment and the file that answers it."""

    week: int
    member: str
    assignment: Assignment
    due: datetime
    path: Path | None
    """None while there is no file."""
    file: str
    """Relative to the team's folder; where it would be expected, if there is none."""

    @property
    def loss(self) -> str:
        return self.assignment.loss


Grade = Callable[[Sequence[Work]], Iterable[Report]]
"""Grades works in the order given, one report each."""


class Result(StrEnum):
    """What became of one work."""

    RECORDED = "recorded"
    UNCHANGED = "unchanged"
    """The same source was graded in the same way before: nothing new to record."""
    MISSING = "missing"
    """No file, or an unchanged stub: nothing to record."""
    CHANGED_MEANWHILE = "changed-meanwhile"
    """The file is not what was graded any more: not recorded."""


@dataclass(frozen=True)
class Entry:
    """One work's result."""

    work: Work
    result: Result
    attempt: Attempt | None = None
    """The new record, or with UNCHANGED the one that stands."""
    torn: Problem | None = None
    """A broken last line that was found and marked on the way."""


def works(plan: Plan, week: int, member: str, loss: str | None = None) -> tuple[Work, ...]:
    """What the member owes in this week. Raises UsageError when nothing is assigned."""
    found = []
    of_week = plan.week(week)
    for assignment in of_week.assignments:
        if assignment.member != member or loss not in (None, assignment.loss):
            continue
        path = solutions.find(plan.root, week, member, assignment.loss)
        expected = path or solutions.folder(plan.root, week, member) / f"{assignment.loss}.py"
        found.append(
            Work(
                week=week,
                member=member,
                assignment=assignment,
                due=plan.due_at(of_week, assignment),
                path=path,
                file=expected.relative_to(plan.root).as_posix(),
            )
        )
    if not found:
        raise UsageError(_nothing_asked(of_week, member, loss))
    return tuple(found)


def _nothing_asked(week: Week, member: str, loss: str | None) -> str:
    """What the week asks instead: of this member, or of the others."""
    theirs = [entry.loss for entry in week.assignments if entry.member == member]
    if theirs:
        return _("Week {week} asks {member} for {losses}, not for {loss}.").format(
            week=week.number, member=member, losses=", ".join(theirs), loss=loss
        )
    others = [f"{entry.member}: {entry.loss}" for entry in week.assignments]
    if not others:
        return _("Week {week} assigns nothing to anybody yet.").format(week=week.number)
    what = ", ".join(others[:_MOST_NAMED]) + (", …" if len(others) > _MOST_NAMED else "")
    return _("Week {week} assigns nothing to {member}. It assigns: {what}.").format(
        week=week.number, member=member, what=what
    )


@dataclass(frozen=True)
class HandIn:
    """Everything that one call of `submit` knows; `run` does it."""

    repository: Repository
    identity: Identity
    grade: Grade
    versions: Mapping[str, str]
    """Of the grader and of torch."""
    message: str = ""
    force: bool = False
    """Grade and record again what did not change."""
    seed: int | None = None
    devices: tuple[str, ...] = ()
    """Seed and devices as they were asked for, if they were."""

    def run(self, root: Path, asked: Sequence[Work], now: datetime) -> list[Entry]:
        """Grade and record, in the order given. `now` is when the member called: grading time makes nobody late.

        Raises LedgerError when a record cannot be written; those before it stand.
        """
        commit = self.repository.head()
        entries: dict[str, Entry] = {}
        to_grade = []
        hashes = {}
        for work in asked:
            hashes[work.loss] = source_hash(work.path)
            before = self._before(root, work, hashes[work.loss])
            if before is not None:
                entries[work.loss] = Entry(work, Result.UNCHANGED, before)
            elif work.path is None:
                entries[work.loss] = Entry(work, Result.MISSING)
            else:
                to_grade.append(work)
        for work, report in zip(to_grade, self.grade(to_grade) if to_grade else (), strict=True):
            entries[work.loss] = self._record(root, work, report, hashes[work.loss], commit, now)
        return [entries[work.loss] for work in asked]

    def _before(self, root: Path, work: Work, sha256: str | None) -> Attempt | None:
        """The record that a new grading would only repeat."""
        if self.force or sha256 is None:
            return None
        key = self._key(work, sha256)
        attempts = ledger.read_member(root, work.member).attempts
        same = [entry for entry in attempts if (entry.week, entry.loss) == (work.week, work.loss)]
        return same[-1] if same and same[-1].key == key else None

    def _record(
        self, root: Path, work: Work, report: Report, sha256: str | None, commit: str | None, now: datetime
    ) -> Entry:
        if report.verdict is Verdict.MISSING:
            return Entry(work, Result.MISSING)
        if source_hash(work.path) != sha256 or report.sha256 not in (None, sha256):
            return Entry(work, Result.CHANGED_MEANWHILE)
        submitted_at = now.astimezone(UTC).replace(microsecond=0)
        attempt = Attempt(
            member=work.member,
            week=work.week,
            loss=work.loss,
            submitted_at=submitted_at,
            report=report.to_json(),
            due=work.due.astimezone(UTC),
            late_by=max(0, int((submitted_at - work.due).total_seconds())),
            definition=definition_of(work.assignment),
            key=self._key(work, sha256) if sha256 else "",
            blob=self.repository.store(work.path) if work.path and sha256 else None,
            commit=commit,
            message=self.message,
            submitted_by=str(self.identity),
        )
        return Entry(work, Result.RECORDED, attempt, ledger.append(root, attempt))

    def _key(self, work: Work, sha256: str) -> str:
        versions = {name: self.versions[name] for name in ("grader", "torch")}
        return key_of(sha256, definition_of(work.assignment), versions, self.seed, self.devices)


def commit(repository: Repository, root: Path, entries: Sequence[Entry], message: str) -> str | None:
    """Commit the week's folder (solution, notes, pictures) and the record; None when nothing had changed."""
    work = entries[0].work
    paths = [solutions.folder(root, work.week, work.member), ledger.path_of(root, work.member)]
    return repository.commit(paths, commit_message(entries, message))


def commit_message(entries: Sequence[Entry], message: str) -> str:
    """The member's own words if there are some, then what was handed in."""
    work = entries[0].work
    recorded = [entry.attempt for entry in entries if entry.result is Result.RECORDED and entry.attempt]
    found = ", ".join(f"{attempt.loss} ({attempt.verdict}, {attempt.score:g})" for attempt in recorded)
    what = f"Week {work.week}: {work.member} hands in {found or 'notes'}"
    return f"{message.strip()}\n\n{what}\n" if message.strip() else what


def source_hash(path: Path | None) -> str | None:
    """The sha256 of a regular file's bytes; None for anything else (the grader says what is wrong with it)."""
    if path is None:
        return None
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None

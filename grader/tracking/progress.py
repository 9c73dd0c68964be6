"""Progress: what the plan asked for and the ledger holds, as one model that the site, `status` and the post render.

Everything here is derived: pure functions of the plan, the ledger and a moment. Times are aware and in the team's zone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from grader.tracking.attempt import Attempt
from grader.tracking.attendance import Attendance, Session, attendance, next_meeting, sessions
from grader.tracking.ledger import Ledger, Problem

if TYPE_CHECKING:
    from grader.plan.model import Assignment, Plan, Week

SINCE = timedelta(days=7)
"""How far back `Progress.changes` looks unless told otherwise."""


class State(StrEnum):
    """Where one assignment stands. Lateness is told apart from it: `Standing.late_by`."""

    PASSED = "passed"
    """Some attempt passed every required check."""
    FAILED = "failed"
    """There are attempts, and none passed."""
    MISSING = "missing"
    """No attempt, and the deadline is over."""
    UPCOMING = "upcoming"
    """No attempt, and there is time left."""


class Trust(StrEnum):
    """Whether a record's claim was held against a second grading of the same source."""

    UNCHECKED = "unchecked"
    """Not graded again, or it cannot be here: the source is gone, the grader is another version, no such device."""
    HOLDS = "holds"
    BROKEN = "broken"
    """Graded again, the same source gave another verdict or score than the record claims."""


@dataclass(frozen=True)
class Standing:
    """One cell of the matrix: one member's assignment in one week."""

    week: int
    member: str
    loss: str
    assignment: Assignment
    due: datetime
    state: State
    attempts: tuple[Attempt, ...]
    """In order of time, the first one first. Those of verdict `missing` (an unchanged stub) are among them."""
    best: Attempt | None
    """A passing one before one that failed, then the highest score, then the earliest; None without a real attempt.
    A record that does not hold only where there is no other."""
    handed_in: Attempt | None
    """The one that lateness is measured by: the first that passed, else the first real one."""
    late_by: timedelta
    """How long after `due` it was handed in, by the plan's deadline of today; zero when on time or not handed in."""
    trust: Trust
    """Of `best`."""

    @property
    def last(self) -> Attempt | None:
        """The newest attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def score(self) -> float | None:
        """Of `best`, percent; None without a real attempt."""
        return self.best.score if self.best else None

    @property
    def late(self) -> bool:
        """Handed in after the deadline."""
        return self.late_by > timedelta()

    @property
    def on_time(self) -> bool:
        """Passed, and in time."""
        return self.state is State.PASSED and not self.late


@dataclass(frozen=True)
class WeekProgress:
    """One week of the plan."""

    number: int
    standings: tuple[Standing, ...]
    """In the order of the week's assignments."""
    sessions: tuple[Session, ...]
    closes: datetime | None
    """The week's last deadline, None when nothing is assigned."""
    over: bool
    """Every deadline of the week has passed; without assignments, its last day has (`ends` in the YAML)."""

    def of(self, member: str) -> tuple[Standing, ...]:
        """The member's assignments in this week, possibly none."""
        return tuple(standing for standing in self.standings if standing.member == member)


@dataclass(frozen=True)
class MemberProgress:
    """One member over the whole study."""

    member: str
    standings: tuple[Standing, ...]
    """All assignments, week by week."""
    streak: int
    """Weeks kept in a row until now. A week is kept when everything asked of the member passed in time; one
    that asked nothing neither adds nor breaks; one that is not over adds once it is kept, and breaks nothing before."""
    longest_streak: int
    attendance: Attendance

    def count(self, state: State) -> int:
        """How many assignments stand so."""
        return sum(standing.state is state for standing in self.standings)

    @property
    def late(self) -> int:
        """Assignments handed in after their deadline."""
        return sum(standing.late for standing in self.standings)

    @property
    def attempts(self) -> int:
        return sum(len(standing.attempts) for standing in self.standings)

    @property
    def average(self) -> float | None:
        """Mean score in percent over the assignments that are passed, failed or missing (0); None without any."""
        scores = [standing.score or 0.0 for standing in self.standings if standing.state is not State.UPCOMING]
        return round(sum(scores) / len(scores), 1) if scores else None


@dataclass(frozen=True)
class Totals:
    """The team's, over the whole study."""

    assigned: int
    passed: int
    failed: int
    missing: int
    upcoming: int
    late: int
    attempts: int
    meetings: int
    """Held."""
    hours: float
    """Of meetings held, one decimal; not multiplied by who was there."""


class ChangeKind(StrEnum):
    """What an attempt changed."""

    PASSED = "passed"
    """The first that passed."""
    IMPROVED = "improved"
    """The best got better (a higher score)."""
    TRIED = "tried"
    """An attempt that changed no standing."""


@dataclass(frozen=True)
class Change:
    """One attempt since some moment, and what it changed."""

    kind: ChangeKind
    attempt: Attempt
    score_before: float | None
    """The best score until then, None when it was the first attempt."""


@dataclass(frozen=True)
class Progress:
    """The whole study at the moment `now`."""

    now: datetime
    weeks: tuple[WeekProgress, ...]
    """By number, ascending."""
    members: tuple[MemberProgress, ...]
    """In the order of the team file."""
    totals: Totals
    current_week: int | None
    """The first week that is not over, or the last one; None when nothing is planned."""
    next_meeting: datetime | None
    sessions: tuple[Session, ...]
    since: datetime
    changes: tuple[Change, ...]
    """Attempts after `since`, the newest first."""
    unassigned: tuple[Attempt, ...]
    """Attempts at what the plan does not ask for (any more): kept, shown apart, counted nowhere."""
    problems: tuple[Problem, ...]
    """Lines of the ledger that are no attempts."""

    def week(self, number: int) -> WeekProgress | None:
        return next((week for week in self.weeks if week.number == number), None)

    def member(self, member: str) -> MemberProgress | None:
        return next((found for found in self.members if found.member == member), None)

    def of(self, member: str, week: int) -> tuple[Standing, ...]:
        """One cell of the matrix of weeks × members; most often one standing, empty when nothing was assigned."""
        found = self.week(week)
        return found.of(member) if found else ()

    def owed(self) -> tuple[Standing, ...]:
        """What is not passed yet, the nearest deadline first."""
        open_ones = [s for week in self.weeks for s in week.standings if s.state is not State.PASSED]
        return tuple(sorted(open_ones, key=lambda standing: standing.due))


def progress(
    plan: Plan,
    ledger: Ledger,
    now: datetime,
    *,
    since: datetime | None = None,
    trust: Mapping[str, Trust] | None = None,
) -> Progress:
    """Derive everything; `now` and `since` are aware, `trust` maps `Attempt.id` to what a second grading found."""
    zone = plan.team.zone
    now = now.astimezone(zone)
    since = (since or now - SINCE).astimezone(zone)
    by_cell: defaultdict[tuple[int, str, str], list[Attempt]] = defaultdict(list)
    for attempt in ledger.attempts:
        by_cell[attempt.week, attempt.member, attempt.loss].append(attempt)
    log = sessions(plan)
    weeks = []
    for week in plan.weeks:
        standings = tuple(
            _standing(
                week.number,
                assignment,
                plan.due_at(week, assignment),
                by_cell.pop((week.number, assignment.member, assignment.loss), []),
                now,
                trust or {},
            )
            for assignment in week.assignments
        )
        closes = max((standing.due for standing in standings), default=None)
        held = tuple(session for session in log if session.week == week.number)
        weeks.append(WeekProgress(week.number, standings, held, closes, _over(week, closes, now)))
    assigned = [standing for week in weeks for standing in week.standings]
    members = tuple(
        _member(member.id, weeks, attendance(member.id, log, plan.team.programme)) for member in plan.team.members
    )
    return Progress(
        now=now,
        weeks=tuple(weeks),
        members=members,
        totals=_totals(assigned, log),
        current_week=_current(weeks),
        next_meeting=next_meeting(plan.team, log, now),
        sessions=log,
        since=since,
        changes=_changes(assigned, since),
        unassigned=tuple(attempt for attempts in by_cell.values() for attempt in attempts),
        problems=ledger.problems,
    )


def _over(week: Week, closes: datetime | None, now: datetime) -> bool:
    if closes is not None:
        return closes < now
    return week.ends is not None and week.ends < now.date()


def _standing(
    week: int,
    assignment: Assignment,
    due: datetime,
    attempts: Sequence[Attempt],
    now: datetime,
    trust: Mapping[str, Trust],
) -> Standing:
    tried = [attempt for attempt in attempts if attempt.verdict != "missing"]
    # What does not hold stands for nothing beside what may; alone it stays, and is marked.
    real = [attempt for attempt in tried if trust.get(attempt.id) is not Trust.BROKEN] or tried
    best = min(real, key=lambda attempt: (not attempt.passed, -attempt.score, attempt.submitted_at), default=None)
    passing = [attempt for attempt in real if attempt.passed]
    handed_in = next(iter(passing or real), None)
    late_by = max(handed_in.submitted_at - due, timedelta()) if handed_in else timedelta()
    open_state = State.MISSING if due < now else State.UPCOMING
    state = open_state if best is None else State.PASSED if best.passed else State.FAILED
    return Standing(
        week=week,
        member=assignment.member,
        loss=assignment.loss,
        assignment=assignment,
        due=due,
        state=state,
        attempts=tuple(attempts),
        best=best,
        handed_in=handed_in,
        late_by=late_by,
        trust=trust.get(best.id, Trust.UNCHECKED) if best else Trust.UNCHECKED,
    )


def _member(member: str, weeks: Sequence[WeekProgress], attended: Attendance) -> MemberProgress:
    streak = longest = 0
    for week in weeks:
        asked = week.of(member)
        if not asked:
            continue
        if all(standing.on_time for standing in asked):
            streak += 1
        elif _lost(week, asked):
            streak = 0
        longest = max(longest, streak)
    standings = tuple(standing for week in weeks for standing in week.of(member))
    return MemberProgress(member, standings, streak, longest, attended)


def _lost(week: WeekProgress, asked: Sequence[Standing]) -> bool:
    """The week cannot be kept any more: it is over, or something in it is already late or missing."""
    return week.over or any(standing.late or standing.state is State.MISSING for standing in asked)


def _current(weeks: Sequence[WeekProgress]) -> int | None:
    for week in weeks:
        if not week.over:
            return week.number
    return weeks[-1].number if weeks else None


def _totals(assigned: Sequence[Standing], log: Sequence[Session]) -> Totals:
    def count(state: State) -> int:
        return sum(standing.state is state for standing in assigned)

    return Totals(
        assigned=len(assigned),
        passed=count(State.PASSED),
        failed=count(State.FAILED),
        missing=count(State.MISSING),
        upcoming=count(State.UPCOMING),
        late=sum(standing.late for standing in assigned),
        attempts=sum(len(standing.attempts) for standing in assigned),
        meetings=sum(session.held for session in log),
        hours=round(sum(session.minutes for session in log) / 60, 1),
    )


def _changes(assigned: Sequence[Standing], since: datetime) -> tuple[Change, ...]:
    found = []
    for standing in assigned:
        best: float | None = None
        passed = False
        for attempt in standing.attempts:
            if attempt.passed and not passed:
                kind = ChangeKind.PASSED
            elif best is not None and attempt.score > best and attempt.passed >= passed:
                kind = ChangeKind.IMPROVED
            else:
                kind = ChangeKind.TRIED
            if attempt.submitted_at > since:
                found.append(Change(kind, attempt, best))
            passed = passed or attempt.passed
            best = attempt.score if best is None else max(best, attempt.score)
    return tuple(sorted(found, key=lambda change: change.attempt.submitted_at, reverse=True))

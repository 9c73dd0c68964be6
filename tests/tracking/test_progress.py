"""Progress is what plan and ledger say at a moment, told by the deadline of the team's own time zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tracking_world import at, attempt

from grader.plan import load_plan
from grader.plan.model import Assignment, Meeting, Plan, Week
from grader.report import Verdict
from grader.tracking.attempt import Attempt
from grader.tracking.ledger import Ledger
from grader.tracking.progress import ChangeKind, Progress, State, Trust, progress

FAIL = Verdict.FAIL
DEADLINE = at(20, 14, 59, 59)
"""The end of 20 July in Seoul."""


@pytest.fixture
def plan(root: Path) -> Plan:
    return load_plan(root)


AFTERWARDS = at(22)


def made(plan: Plan, *attempts: Attempt, now: datetime = AFTERWARDS) -> Progress:
    return progress(plan, Ledger(attempts), now)


@pytest.mark.parametrize(
    ("attempts", "now", "state", "score", "late"),
    [
        ([], at(19), State.UPCOMING, None, 0),
        ([], DEADLINE, State.UPCOMING, None, 0),
        ([], DEADLINE + timedelta(seconds=1), State.MISSING, None, 0),
        ([attempt(at(18), Verdict.MISSING, 0.0)], at(22), State.MISSING, None, 0),
        ([attempt(at(18), FAIL, 40.0)], at(22), State.FAILED, 40.0, 0),
        ([attempt(DEADLINE)], at(22), State.PASSED, 100.0, 0),
        ([attempt(DEADLINE + timedelta(seconds=1))], at(22), State.PASSED, 100.0, 1),
        ([attempt(at(18), FAIL, 40.0), attempt(at(21, 14, 59, 59))], at(22), State.PASSED, 100.0, 86_400),
        ([attempt(at(18), FAIL, 95.0), attempt(at(19), score=90.0)], at(22), State.PASSED, 90.0, 0),
        ([attempt(at(18), score=90.0), attempt(at(22), score=100.0)], at(23), State.PASSED, 100.0, 0),
        ([attempt(at(18), score=90.0), attempt(at(19), FAIL, 10.0)], at(23), State.PASSED, 90.0, 0),
    ],
)
def test_where_an_assignment_stands(
    plan: Plan, attempts: list[Attempt], now: datetime, state: State, score: float | None, late: int
) -> None:
    [standing] = made(plan, *attempts, now=now).of("ann", 1)
    assert (standing.state, standing.score, standing.late_by) == (state, score, timedelta(seconds=late))
    assert standing.late == (late > 0)
    assert standing.attempts == tuple(attempts)


def test_a_record_cannot_say_that_it_was_in_time(plan: Plan) -> None:
    lying = attempt(at(25), due=at(30), late_by=0)
    [standing] = made(plan, lying, now=at(26)).of("ann", 1)
    assert standing.late


def test_what_nobody_asked_for_is_kept_apart(plan: Plan) -> None:
    strays = (
        attempt(at(18), loss="emd", where="1"),
        attempt(at(18), member="zoe", where="2"),
        attempt(at(18), week=9, where="3"),
    )
    found = made(plan, *strays)
    assert sorted(one.where for one in found.unassigned) == ["1", "2", "3"]
    assert found.totals.attempts == 0


def test_totals_members_and_what_is_owed(plan: Plan) -> None:
    found = made(plan, attempt(at(19)), now=at(19, 13))
    assert (found.totals.assigned, found.totals.passed, found.totals.upcoming) == (2, 1, 1)
    assert [(one.member, one.loss) for one in found.owed()] == [("bob", "cce")]
    ann = found.member("ann")
    assert ann is not None
    assert (ann.count(State.PASSED), ann.attempts, ann.average) == (1, 1, 100.0)
    bob = found.member("bob")
    assert bob is not None
    assert bob.average is None
    assert found.current_week == 1
    assert made(plan, now=at(30)).weeks[0].over


def test_what_changed_since(plan: Plan) -> None:
    attempts = (
        attempt(at(10), FAIL, 20.0),
        attempt(at(16), FAIL, 30.0),
        attempt(at(17), FAIL, 10.0),
        attempt(at(18), score=80.0),
        attempt(at(19), score=90.0),
        attempt(at(20), FAIL, 99.0),
    )
    changes = made(plan, *attempts, now=at(22)).changes
    assert [(change.attempt.submitted_at.day, change.kind, change.score_before) for change in changes] == [
        (20, ChangeKind.TRIED, 90.0),
        (19, ChangeKind.IMPROVED, 80.0),
        (18, ChangeKind.PASSED, 30.0),
        (17, ChangeKind.TRIED, 30.0),
        (16, ChangeKind.IMPROVED, 20.0),
    ]


def test_trust_is_that_of_the_best_attempt(plan: Plan) -> None:
    best = replace(attempt(at(19)), id="b" * 12)
    found = progress(plan, Ledger((best,)), at(22), trust={"b" * 12: Trust.BROKEN})
    [standing] = found.of("ann", 1)
    assert standing.trust is Trust.BROKEN


def test_a_record_that_does_not_hold_stands_for_nothing_beside_one_that_may(plan: Plan) -> None:
    """Made up as in time and perfect, beside one that failed and one that passed late."""
    made_up, failed, late = (
        replace(attempt(at(15)), id="made up"),
        replace(attempt(at(16), Verdict.FAIL, 40.0), id="failed"),
        replace(attempt(at(22), score=90.0), id="late"),
    )
    trust = {"made up": Trust.BROKEN}
    [standing] = progress(plan, Ledger((made_up, failed)), at(23), trust=trust).of("ann", 1)
    assert (standing.state, standing.score, standing.trust) == (State.FAILED, 40.0, Trust.UNCHECKED)
    [standing] = progress(plan, Ledger((made_up, failed, late)), at(23), trust=trust).of("ann", 1)
    assert (standing.state, standing.score, standing.late) == (State.PASSED, 90.0, True)
    assert len(standing.attempts) == 3


# --- streaks -----------------------------------------------------------------------------------------------------


def _study(plan: Plan, asked: str) -> Plan:
    """One week a letter: `a` asks Ann for bce, due on Saturday 20 July and every seventh day after; `.` asks nobody."""
    weeks = []
    for index, letter in enumerate(asked):
        due = (datetime(2024, 7, 20) + timedelta(days=7 * index)).date()
        assignments = (Assignment(member="ann", loss="bce", goal="g", due=due),) if letter == "a" else ()
        weeks.append(Week(number=index + 1, ends=due, assignments=assignments))
    return replace(plan, weeks=tuple(weeks))


def _in_week(number: int, *, late: bool = False, verdict: Verdict = Verdict.PASS) -> Attempt:
    when = DEADLINE + timedelta(days=7 * (number - 1), seconds=1 if late else 0)
    return attempt(when, verdict, week=number)


@pytest.mark.parametrize(
    ("asked", "attempts", "week_of_now", "streak", "longest"),
    [
        ("aaa", [_in_week(1), _in_week(2), _in_week(3)], 4, 3, 3),
        ("aaa", [_in_week(1), _in_week(2)], 3, 2, 2),
        ("aaa", [_in_week(1), _in_week(2)], 4, 0, 2),
        ("aaa", [_in_week(1), _in_week(2), _in_week(3)], 3, 3, 3),
        ("aaa", [_in_week(1), _in_week(2, late=True), _in_week(3)], 4, 1, 1),
        ("aaa", [_in_week(1), _in_week(2, verdict=FAIL), _in_week(3)], 4, 1, 1),
        ("aaa", [_in_week(1), _in_week(2), _in_week(3, verdict=FAIL)], 3, 2, 2),
        ("a.a", [_in_week(1), _in_week(3)], 4, 2, 2),
        ("a..", [_in_week(1)], 3, 1, 1),
        ("...", [], 4, 0, 0),
    ],
)
def test_streaks_count_weeks_kept(
    plan: Plan, asked: str, attempts: list[Attempt], week_of_now: int, streak: int, longest: int
) -> None:
    now = DEADLINE + timedelta(days=7 * (week_of_now - 1) - 1)
    ann = made(_study(plan, asked), *attempts, now=now).member("ann")
    assert ann is not None
    assert (ann.streak, ann.longest_streak) == (streak, longest)


def test_the_day_is_the_teams_own(plan: Plan) -> None:
    """Half past midnight on Sunday in Seoul is still Saturday in UTC, and it is late all the same."""
    early_sunday = datetime(2024, 7, 20, 15, 30, tzinfo=UTC)
    [standing] = made(plan, attempt(early_sunday)).of("ann", 1)
    assert standing.late


# --- meetings ----------------------------------------------------------------------------------------------------


def _meetings(plan: Plan, *meetings: dict[str, object]) -> Plan:
    week = plan.weeks[0].model_copy(update={"meetings": tuple(Meeting.model_validate(one) for one in meetings)})
    return replace(plan, weeks=(week,))


ALL = ("ann", "bob")


@pytest.mark.parametrize(
    ("meeting", "minutes", "why_not"),
    [
        ({"start": "20:00", "end": "21:00", "attended": ALL}, 60, ""),
        ({"start": "23:30", "end": "00:45", "attended": ALL}, 75, ""),
        ({"start": "20:00", "end": "20:59", "attended": ALL}, 59, "too-short"),
        ({"start": "20:00", "end": "20:00", "attended": ALL}, 0, "too-short"),
        ({"start": "20:00", "attended": ALL}, 0, "no-end"),
        ({"attended": ALL}, 0, "no-end"),
        ({"start": "20:00"}, 0, "not-held"),
        ({"decisions": ["begin"]}, 0, "nobody-noted"),
    ],
)
def test_which_meetings_count(plan: Plan, meeting: dict[str, object], minutes: int, why_not: str) -> None:
    [session] = made(_meetings(plan, {"date": "2024-07-14", **meeting})).sessions
    assert (session.minutes, session.why_not, session.counted) == (minutes, why_not, not why_not)


def test_only_two_meetings_of_a_calendar_week_count(plan: Plan) -> None:
    days = ("2024-07-15", "2024-07-17", "2024-07-21", "2024-07-22")
    log = [{"date": day, "start": "20:00", "end": "22:00", "attended": ["ann"]} for day in days]
    found = made(_meetings(plan, *log))
    assert [session.counted for session in found.sessions] == [True, True, False, True]
    ann, bob = found.member("ann"), found.member("bob")
    assert ann is not None
    assert bob is not None
    assert (ann.attendance.attended, ann.attendance.hours, ann.attendance.counted) == (4, 8.0, 3)
    assert (bob.attendance.absent, bob.attendance.absences_left, bob.attendance.needed) == (4, -2, 9)


@pytest.mark.parametrize(
    ("now", "planned", "expected"),
    [
        (at(14, 10, 59), [], "2024-07-14T20:00:00+09:00"),
        (at(14, 11, 0), [], "2024-07-21T20:00:00+09:00"),
        (at(15), ["2024-07-16"], "2024-07-16T19:00:00+09:00"),
        (at(17), ["2024-07-16"], "2024-07-21T20:00:00+09:00"),
    ],
)
def test_the_next_meeting_is_the_planned_one_or_the_weekly_one(
    plan: Plan, now: datetime, planned: list[str], expected: str
) -> None:
    found = made(_meetings(plan, *({"date": day, "start": "19:00"} for day in planned)), now=now)
    assert found.next_meeting is not None
    assert found.next_meeting.isoformat() == expected

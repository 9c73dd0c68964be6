"""Meetings: who was there, for how long, and what the programme's rules make of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from grader.plan.model import Meeting, Plan, Programme, Team

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Session:
    """One meeting of the log or of the plan."""

    week: int
    number: int
    """1-based, in the order of all meetings of the study."""
    meeting: Meeting
    starts: datetime
    """Aware, in the team's time zone; midnight when the log has no time."""
    ends: datetime | None
    """None while it runs, or when the log does not say."""
    held: bool
    """The log says so: somebody attended, something was decided or photographed, or it has an end. One that nobody is
    noted for counts as neither attended nor missed."""
    counted: bool
    """It satisfies the programme's rules: long enough, and among the first that its calendar week may count."""
    why_not: str
    """Empty when counted, else `too-short`, `no-end`, `too-many-this-week`, `nobody-noted` or `not-held`."""

    @property
    def minutes(self) -> int:
        """How long it took, 0 when that is not known."""
        return int((self.ends - self.starts).total_seconds() // 60) if self.ends and self.held else 0


@dataclass(frozen=True)
class Attendance:
    """One member's part in the meetings so far."""

    attended: int
    absent: int
    """Meetings that were held without this member."""
    hours: float
    """Of all meetings attended, one decimal."""
    counted: int
    """Attended meetings that the programme counts."""
    needed: int | None
    """How many counted meetings the programme asks for in all, or None without such a rule."""
    absences_left: int | None
    """How often one may still be absent (negative: out), or None without such a rule."""


def sessions(plan: Plan) -> tuple[Session, ...]:
    """Every meeting of every week, in order of time."""
    zone = plan.team.zone
    timed = sorted(
        ((_starts(meeting, zone), week.number, meeting) for week in plan.weeks for meeting in week.meetings),
        key=lambda entry: entry[0],
    )
    rules = plan.team.programme
    counted_in_week = Counter[tuple[int, int]]()
    found = []
    for number, (starts, week, meeting) in enumerate(timed, start=1):
        ends = _ends(meeting, starts, zone)
        calendar_week = starts.isocalendar()[:2]
        why_not = _why_not(meeting, starts, ends, rules)
        most = rules.sessions_per_week
        if not why_not and most is not None and counted_in_week[calendar_week] >= most:
            why_not = "too-many-this-week"
        if not why_not:
            counted_in_week[calendar_week] += 1
        found.append(Session(week, number, meeting, starts, ends, _held(meeting), counted=not why_not, why_not=why_not))
    return tuple(found)


def attendance(member: str, log: Sequence[Session], rules: Programme) -> Attendance:
    """What `log` says about one member."""
    attended = [session for session in log if member in session.meeting.attended]
    absent = sum(bool(session.meeting.attended) for session in log) - len(attended)
    allowed = rules.absences_allowed
    return Attendance(
        attended=len(attended),
        absent=absent,
        hours=round(sum(session.minutes for session in attended) / 60, 1),
        counted=sum(session.counted for session in attended),
        needed=rules.sessions_needed,
        absences_left=None if allowed is None else allowed - absent,
    )


def next_meeting(team: Team, log: Sequence[Session], now: datetime) -> datetime | None:
    """When the team meets next: the first planned meeting ahead, else the next date of the weekly rhythm, if any."""
    ahead = [session.starts for session in log if session.starts > now and not session.held]
    if ahead:
        return min(ahead)
    rhythm = team.meeting
    if rhythm.weekday is None or rhythm.time is None:
        return None
    local = now.astimezone(team.zone)
    day = local.date() + timedelta(days=(WEEKDAYS.index(rhythm.weekday) - local.weekday()) % 7)
    first = datetime.combine(day, rhythm.time, team.zone)
    return first if first > now else datetime.combine(day + timedelta(days=7), rhythm.time, team.zone)


def _starts(meeting: Meeting, zone: ZoneInfo) -> datetime:
    day: date = meeting.date
    return datetime.combine(day, meeting.start or time(), zone)


def _ends(meeting: Meeting, starts: datetime, zone: ZoneInfo) -> datetime | None:
    """A meeting that ends before it starts went on past midnight."""
    if meeting.end is None or meeting.start is None:
        return None
    ends = datetime.combine(starts.date(), meeting.end, zone)
    if ends < starts:
        ends = datetime.combine(starts.date() + timedelta(days=1), meeting.end, zone)
    return starts + (ends.astimezone(UTC) - starts.astimezone(UTC))


def _held(meeting: Meeting) -> bool:
    return bool(meeting.attended or meeting.decisions or meeting.photos or meeting.end)


def _why_not(meeting: Meeting, starts: datetime, ends: datetime | None, rules: Programme) -> str:
    if not meeting.attended:
        return "nobody-noted" if _held(meeting) else "not-held"
    if rules.min_hours is None:
        return ""
    if ends is None:
        return "no-end"
    return "too-short" if ends - starts < timedelta(hours=rules.min_hours) else ""

"""`meetings.ics`: meetings and deadlines for any calendar, in the team's time zone, with lasting identifiers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from grader.messages import gettext as _
from grader.messages import ngettext
from grader.plan.model import Assignment, Plan, Week
from grader.tracking.attendance import Session, next_meeting, sessions

MEETING_ALARM = timedelta(minutes=30)
DEADLINE_ALARM = timedelta(days=1)
_USUAL_MINUTES = 60
_MOST_NAMES = 6
"""Of those who hand in at one moment, as many are named in the title."""


def calendar(plan: Plan, now: datetime, url: str | None = None) -> bytes:
    """The calendar's bytes (UTF-8, CRLF). The same plan gives the same bytes, but for the next regular meeting.

    `url` is the site's address, if it has one.
    """
    made = Calendar()
    made.add("prodid", "-//mogakco//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", plan.team.name)
    made.add("x-wr-timezone", plan.team.timezone)
    for event in (*_meetings(plan, now), *_deadlines(plan)):
        if url is not None:
            event.add("url", url)
        made.add_component(event)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _meetings(plan: Plan, now: datetime) -> Iterator[Event]:
    log = sessions(plan)
    for session in log:
        # By its place in the file, where new ones are added at the end: a meeting that is logged late moves no other.
        listed = plan.week(session.week).meetings
        place = next(place for place, meeting in enumerate(listed, 1) if meeting is session.meeting)
        yield _meeting(plan, session, place)
    ahead = next_meeting(plan.team, log, now)
    if ahead is not None and all(session.starts != ahead for session in log):
        event = _event(plan, f"regular-{ahead:%Y%m%d}", _("{team}: meeting").format(team=plan.team.name), ahead)
        event.add("dtstart", ahead)
        event.add("dtend", ahead + _usual_length(plan))
        _add_place(event, plan.team.meeting.tool)
        event.add_component(_alarm(MEETING_ALARM, _("Meeting")))
        yield event


def _meeting(plan: Plan, session: Session, place: int) -> Event:
    meeting = session.meeting
    summary = _("{team}: meeting, week {week}").format(team=plan.team.name, week=session.week)
    event = _event(plan, f"week{session.week:02d}-meeting{place}", summary, session.starts)
    if meeting.start is None:
        event.add("dtstart", meeting.date)
        event.add("dtend", meeting.date + timedelta(days=1))
    else:
        event.add("dtstart", session.starts)
        event.add("dtend", session.ends or session.starts + _usual_length(plan))
    _add_place(event, meeting.tool or plan.team.meeting.tool)
    lines = [*meeting.agenda, *(_("Decided: {what}").format(what=decision) for decision in meeting.decisions)]
    if lines:
        event.add("description", "\n".join(lines))
    event.add_component(_alarm(MEETING_ALARM, _("Meeting")))
    return event


def _deadlines(plan: Plan) -> Iterator[Event]:
    for week in plan.weeks:
        together: dict[tuple[datetime, bool], list[Assignment]] = {}
        for assignment in week.assignments:
            moment = plan.due_at(week, assignment), isinstance(assignment.due, datetime)
            together.setdefault(moment, []).append(assignment)
        # By their place, so that one that is put off is the same event at another time.
        for place, assignments in enumerate(together.values(), 1):
            yield _deadline(plan, week, assignments, place)


def _deadline(plan: Plan, week: Week, assignments: Sequence[Assignment], place: int) -> Event:
    """One event, with one alarm, for all that is due at one moment of a week."""
    due, first = plan.due_at(week, assignments[0]), assignments[0]
    names = {assignment.member: plan.member(assignment.member).name for assignment in assignments}
    who = ", ".join(names.values()) if len(names) <= _MOST_NAMES else _people(len(names))
    summary = _("Due: week {week} ({who})").format(week=week.number, who=who)
    event = _event(plan, f"week{week.number:02d}-due{place}", summary, due)
    if isinstance(first.due, datetime):
        event.add("dtstart", due)
        event.add("dtend", due)
    else:
        event.add("dtstart", first.due)
        event.add("dtend", first.due + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    lines = (f"{names[assignment.member]} · {assignment.loss}: {assignment.goal}" for assignment in assignments)
    event.add("description", "\n".join(lines))
    event.add_component(_alarm(DEADLINE_ALARM, _("Deadline")))
    return event


def _people(count: int) -> str:
    return ngettext("{count} member", "{count} members", count).format(count=count)


def _event(plan: Plan, name: str, summary: str, stamp: datetime) -> Event:
    """An event without its time. DTSTAMP is the event's own moment, so that a rebuilt file is the same file."""
    event = Event()
    event.add("uid", f"{name}@{_domain(plan)}")
    event.add("dtstamp", stamp)
    event.add("summary", summary)
    return event


def _domain(plan: Plan) -> str:
    """Tells teams apart in one calendar; changes only with the team's name or year."""
    return hashlib.sha256(f"{plan.team.name}/{plan.team.year}".encode()).hexdigest()[:12] + ".mogakco"


def _alarm(before: timedelta, text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", -before)
    return alarm


def _add_place(event: Event, tool: str | None) -> None:
    if tool:
        event.add("location", tool)


def _usual_length(plan: Plan) -> timedelta:
    return timedelta(minutes=plan.team.meeting.minutes or _USUAL_MINUTES)

"""`meeting`: log when the team met, who was there, and what was decided, in the week's YAML."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from grader.commands.options import add_language_option, choose_language
from grader.errors import MogakcoError, UsageError
from grader.messages import gettext as _
from grader.plan import Plan, find_root, load_plan
from grader.tracking import meeting_log
from grader.tracking.ledger import Ledger
from grader.tracking.meeting_log import Change
from grader.tracking.photos import webp_of_file
from grader.tracking.progress import progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "what",
        choices=("start", "end", "add"),
        help=_("start: it begins now; end: it is over now; add: write a meeting of any day at once"),
    )
    parser.add_argument("--week", type=int, metavar="N", help=_("the week; else the one that is running"))
    parser.add_argument("--date", type=_day, metavar="DATE", help=_("2024-07-14; else today"))
    parser.add_argument("--start", type=_clock, metavar="TIME", help=_("20:00; with `start` else now"))
    parser.add_argument("--end", type=_clock, metavar="TIME", help=_("22:00; with `end` else now"))
    parser.add_argument("--tool", metavar="TEXT", help=_("where, if not on the team's usual tool"))
    parser.add_argument("--attended", metavar="IDS", help=_("who was there, with commas; `all` for everybody"))
    parser.add_argument("--agenda", action="append", default=[], metavar="TEXT", help=_("may be given several times"))
    parser.add_argument("--decision", action="append", default=[], metavar="TEXT", help=_("may be given several times"))
    parser.add_argument("--photo", action="append", default=[], metavar="FILE", help=_("proof; may be several"))
    parser.add_argument("--note", metavar="TEXT", help=_("anything else"))
    add_language_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the log and say what was written; 0."""
    choose_language(arguments)
    plan = load_plan(find_root())
    now = datetime.now(UTC).astimezone(plan.team.zone)
    week = arguments.week if arguments.week is not None else _week(plan, arguments, now)
    meetings = plan.week(week).meetings
    attended = _attended(plan, arguments.attended)
    index = _place(plan, week, arguments, now)
    pictures = {name: webp_of_file(Path(name)) for name in arguments.photo}
    change = Change(
        date=(arguments.date or now.date()) if index is None else arguments.date,
        start=arguments.start or (now.time() if arguments.what == "start" else None),
        end=arguments.end or (now.time() if arguments.what == "end" else None),
        tool=arguments.tool,
        note=arguments.note,
        attended=attended,
        agenda=tuple(arguments.agenda),
        decisions=tuple(arguments.decision),
        photos=meeting_log.keep_photos(plan, week, pictures),
    )
    try:
        if index is None:
            meeting_log.add(plan, week, change)
        else:
            meeting_log.change(plan, week, index, change)
    except MogakcoError:
        # The log is as it was: pictures that it does not name would only lie about.
        for photo in change.photos:
            (plan.root / photo).unlink(missing_ok=True)
        raise
    written = load_plan(plan.root).week(week).meetings[len(meetings) if index is None else index]
    name = plan.week_path(week).relative_to(plan.root).as_posix()
    print(_("{path}: meeting of {date} written.").format(path=name, date=written.date))
    if arguments.what == "end" and not written.attended:
        print(
            _(
                "It does not say yet who was there: `python3 tasks.py meeting end --attended all`, or ids with commas "
                "in place of `all`."
            )
        )
    if arguments.what != "start":
        command = f"git add weeks && git commit -m 'Meeting of {written.date}' && git push"
        print(_("Nothing is committed yet. To share it: {command}").format(command=command))
    return 0


def _week(plan: Plan, arguments: argparse.Namespace, now: datetime) -> int:
    """The week whose log is meant: the one with today's meeting, planned or begun, else the running one.

    A meeting that goes on past midnight may end when its week's deadlines are over.
    """
    today = now.date()
    starting = arguments.what == "start"
    days = {arguments.date} if arguments.date else {today} if starting else {today, today - timedelta(days=1)}
    meant = [
        (week.number, meeting)
        for week in reversed(plan.weeks)
        for meeting in week.meetings
        if arguments.what != "add" and meeting.date in days and (starting or meeting.start)
    ]
    for found, meeting in meant:
        if meeting.end is None:
            return found
    if meant and not starting:
        return meant[0][0]
    number = progress(plan, Ledger(), now).current_week
    if number is None:
        raise UsageError(_("Nothing is planned yet. `python3 tasks.py new-week` writes the first week."))
    return number


def _place(plan: Plan, week: int, arguments: argparse.Namespace, now: datetime) -> int | None:
    """Which meeting of the log is meant: today's planned one to start, the last one begun to end, else a new one."""
    meetings = list(enumerate(plan.week(week).meetings))
    if arguments.what == "add":
        return None
    if arguments.what == "start":
        day = arguments.date or now.date()
        planned = [index for index, meeting in meetings if meeting.date == day and not meeting.end]
        return planned[0] if planned else None
    running = [
        index
        for index, meeting in meetings
        if meeting.start and (arguments.date in (None, meeting.date)) and meeting.date <= now.date()
    ]
    unended = [index for index in running if meetings[index][1].end is None]
    if not running:
        raise UsageError(_("No meeting of week {week} has begun; `meeting start` first.").format(week=week))
    if unended:
        return unended[-1]
    # It was ended already: who attended and what was decided may still be added to the last one.
    added = (arguments.attended, arguments.tool, arguments.note, *arguments.agenda, *arguments.decision)
    if arguments.end is None and not any(added) and not arguments.photo:
        raise UsageError(
            _(
                "The last meeting of week {week} has ended already. Options such as --attended, --decision and --photo "
                "add to it, --end changes when it ended."
            ).format(week=week)
        )
    arguments.end = arguments.end or meetings[running[-1]][1].end
    return running[-1]


def _attended(plan: Plan, text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    if text.strip() == "all":
        return tuple(member.id for member in plan.team.members)
    return tuple(plan.member(name.strip()).id for name in text.split(",") if name.strip())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("expected a date such as 2024-07-14, found {text}").format(text=text)
        ) from None


def _clock(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()
    except ValueError:
        raise argparse.ArgumentTypeError(_("expected a time such as 20:00, found {text}").format(text=text)) from None

"""Next week's YAML, made from the last one: the same members and rhythm, the next number, other losses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from grader.messages import gettext as _
from grader.plan.columns import filled
from grader.tracking.attendance import WEEKDAYS
from grader.tracking.yaml_text import scalar

if TYPE_CHECKING:
    from grader.plan.model import Plan, Week


@dataclass(frozen=True)
class Choice:
    """What one member is to do."""

    member: str
    loss: str
    goal: str


@dataclass(frozen=True)
class Draft:
    """A week that is not written yet."""

    number: int
    title: str
    starts: date
    ends: date
    meetings: tuple[tuple[date, time | None], ...]
    due: date | datetime
    choices: tuple[Choice, ...]


def suggestions(plan: Plan, difficulty: Mapping[str, int]) -> dict[str, str]:
    """A loss for each member: one that the member has not had, the easiest and least taken first; then any again."""
    had = {(item.member, item.loss) for week in plan.weeks for item in week.assignments}
    taken: Counter[str] = Counter()
    chosen = {}
    for member in plan.team.members:
        fresh = [loss for loss in difficulty if (member.id, loss) not in had] or list(difficulty)
        chosen[member.id] = min(fresh, key=lambda loss: (taken[loss], difficulty[loss], loss))
        taken[chosen[member.id]] += 1
    return chosen


def draft(
    plan: Plan,
    losses: Mapping[str, str],
    goal: Callable[[str], str],
    today: date,
    *,
    starts: date | None = None,
    title: str = "",
) -> Draft:
    """The week after the last one. `losses` gives each member's, `goal` the sentence for a loss.

    It starts seven days after the last week did, or on `starts`; a first week starts today.
    """
    last = plan.weeks[-1] if plan.weeks else None
    before = _first_day(last, today)
    first = starts or (before + timedelta(days=7) if last else today)
    shift = first - before
    choices = tuple(Choice(member, loss, goal(loss)) for member, loss in losses.items())
    length = last.ends - last.starts if last and last.starts and last.ends else timedelta(days=6)
    return Draft(
        number=last.number + 1 if last else 1,
        title=title,
        starts=first,
        ends=first + length,
        meetings=_meetings(plan, last, first, shift),
        due=_due(last, shift, first + length),
        choices=choices,
    )


def text_of(draft: Draft) -> str:
    """The YAML, with comments that say what each field is for, in the language in force."""
    comment = _comments()
    lines = [
        "# yaml-language-server: $schema=schema/week.json",
        *comment["head"],
        f"number: {draft.number}",
        f"title: {scalar(draft.title)}" if draft.title else f"# title: {_('the week in a few words')}",
        f"starts: {draft.starts}",
        f"ends: {draft.ends}",
        "",
        *comment["plan"],
        "plan: |",
        f"  {_('Study one loss each: definition and derivation, the models that use it, strengths and weaknesses.')}",
        "",
        *comment["meetings"],
        "meetings:" if draft.meetings else "meetings: []",
    ]
    for day, start in draft.meetings:
        lines.append(f"  - date: {day}")
        if start is not None:
            lines.append(f"    start: {start:%H:%M}")
    lines += ["", *comment["assignments"], "assignments:" if draft.choices else "assignments: []"]
    for choice in draft.choices:
        lines += [
            f"  - member: {choice.member}",
            f"    loss: {choice.loss}",
            f"    goal: {scalar(choice.goal)}",
            f"    due: {_due_text(draft.due)}",
        ]
    return "\n".join(lines) + "\n"


def _comments() -> dict[str, list[str]]:
    texts = {
        "head": _(
            "What the team does this week. `python3 tasks.py validate` checks it; `python3 tasks.py stub` writes the "
            "files that are still missing."
        ),
        "plan": _("The plan, in Markdown. `summary` in one sentence may stand beside it."),
        "meetings": _(
            "Planned meetings: a date, and if it is known the time. `python3 tasks.py meeting start` and "
            "`python3 tasks.py meeting end --attended all` fill in what happened; agenda, decisions and photos belong "
            "here, too."
        ),
        "assignments": _(
            "Who hands in which loss (`python3 tasks.py losses` lists them), and until when: a date is until the end "
            "of that day. Also possible: posts (addresses), stub, devices, points, required, result."
        ),
    }
    return {key: filled(text, "# ").split("\n") for key, text in texts.items()}


def _first_day(last: Week | None, today: date) -> date:
    if last is None:
        return today
    days = [meeting.date for meeting in last.meetings] + [_day(item.due) for item in last.assignments]
    return last.starts or min(days, default=today)


def _meetings(plan: Plan, last: Week | None, first: date, shift: timedelta) -> tuple[tuple[date, time | None], ...]:
    """As often as last week, on the team's weekday if it has one, else on the same days."""
    rhythm = plan.team.meeting
    if rhythm.weekday is not None:
        day = first + timedelta(days=(WEEKDAYS.index(rhythm.weekday) - first.weekday()) % 7)
        return ((day, rhythm.time),)
    if last is None:
        return ()
    return tuple((meeting.date + shift, meeting.start or rhythm.time) for meeting in last.meetings)


def _due(last: Week | None, shift: timedelta, ends: date) -> date | datetime:
    """The same weekday and hour as most of last week's deadlines."""
    before = [item.due for item in last.assignments] if last else []
    return Counter(before).most_common(1)[0][0] + shift if before else ends


def _due_text(due: date | datetime) -> str:
    if not isinstance(due, datetime):
        return f"{due}"
    offset = f"{due:%z}"
    return f"{due:%Y-%m-%d %H:%M}" + (f" {offset[:3]}:{offset[3:5]}" if offset else "")


def _day(due: date) -> date:
    return due.date() if isinstance(due, datetime) else due


def parse_choices(texts: Sequence[str]) -> list[tuple[str, str]]:
    """`sejun=clip` pairs, in order; raises ValueError with the text that is none."""
    pairs = []
    for text in texts:
        member, equals, loss = text.partition("=")
        if not equals or not member.strip() or not loss.strip():
            raise ValueError(text)
        pairs.append((member.strip(), loss.strip()))
    return pairs

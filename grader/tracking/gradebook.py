"""The gradebook: one row a member, columns for each assignment, as spreadsheets and course systems import it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.tracking.progress import Standing, State, Trust
from grader.tracking.spreadsheet import csv_text

if TYPE_CHECKING:
    from grader.plan.model import Plan
    from grader.tracking.progress import Progress

BROKEN = "does-not-hold"
"""The state of an assignment whose only records were seen through by `status --verify`."""
FIELDS = ("score", "state", "late_hours", "attempts", "submitted_at")


def gradebook(plan: Plan, progress: Progress, week: int | None = None, *, addresses: bool = False) -> str:
    """CSV text (RFC 4180, header first). A cell that a spreadsheet would run as a formula is kept as text.

    Columns: `member`, `name`, with `addresses` (which nobody may publish) `email`, then for each (week, loss) that is
    assigned `week01 bce score` (percent, two kinds of nothing: empty when the member was not asked, 0 when it is
    missing), `state`, `late_hours`, `attempts`, `submitted_at` (team's time zone), and last `average`, `late`,
    `missing` over what is listed.
    """
    weeks = [found for found in progress.weeks if week in (None, found.number)]
    tasks = list(dict.fromkeys((s.week, s.loss) for found in weeks for s in found.standings))
    titles = [f"week{number:02d} {loss} {field}" for number, loss in tasks for field in FIELDS]
    email = ["email"] if addresses else []
    rows = [["member", "name", *email, *titles, "average", "late", "missing"]]
    for member in plan.team.members:
        mine = {(s.week, s.loss): s for found in weeks for s in found.of(member.id)}
        cells = [cell for task in tasks for cell in _cells(mine.get(task))]
        names = [member.id, member.full_name or member.name]
        address = [next(iter(member.emails), "")] if addresses else []
        rows.append([*names, *address, *cells, *_summary(list(mine.values()))])
    return csv_text(rows)


def _cells(standing: Standing | None) -> tuple[str, ...]:
    if standing is None:
        return ("",) * len(FIELDS)
    score = "0" if standing.state is State.MISSING else _number(standing.score)
    late_hours = f"{standing.late_by.total_seconds() / 3600:.1f}" if standing.handed_in else ""
    when = standing.handed_in.submitted_at.astimezone(standing.due.tzinfo) if standing.handed_in else None
    submitted = f"{when:%Y-%m-%d %H:%M:%S}" if when else ""
    state = BROKEN if standing.trust is Trust.BROKEN else str(standing.state)
    return score, state, late_hours, str(len(standing.attempts)), submitted


def _summary(mine: Sequence[Standing]) -> tuple[str, ...]:
    due = [standing.score or 0.0 for standing in mine if standing.state is not State.UPCOMING]
    average = _number(round(sum(due) / len(due), 1)) if due else ""
    missing = sum(standing.state is State.MISSING for standing in mine)
    return average, str(sum(standing.late for standing in mine)), str(missing)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"

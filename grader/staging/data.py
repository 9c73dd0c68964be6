"""The study for other programs: `progress.json`, `progress.csv`, the feed and the calendar."""

from __future__ import annotations

import json

from grader.staging.links import Links, address
from grader.staging.study import Study, report_page
from grader.tracking.attempt import to_text
from grader.tracking.calendar import calendar
from grader.tracking.feed import feed
from grader.tracking.gradebook import gradebook
from grader.tracking.progress import Standing
from grader.tracking.spreadsheet import BYTE_ORDER_MARK, csv_text

_COLUMNS = (
    "week",
    "member",
    "name",
    "loss",
    "state",
    "score",
    "late_seconds",
    "attempts",
    "due",
    "handed_in",
    "report",
)


def feeds(study: Study, links: Links) -> dict[str, str | bytes]:
    """Each file by its staged path."""
    rows = [_row(study, standing) for week in study.progress.weeks for standing in week.standings]
    pages = {
        attempt.id: address(report_page(standing) or "")
        for week in study.progress.weeks
        for standing in week.standings
        for attempt in standing.attempts
    }
    return {
        "progress.json": _json(study, rows),
        "progress.csv": BYTE_ORDER_MARK + _csv(rows),
        "gradebook.csv": BYTE_ORDER_MARK + gradebook(study.plan, study.progress),
        "feed.xml": feed(study.plan, study.progress, "./", lambda attempt: pages.get(attempt.id, "./")),
        "meetings.ics": calendar(study.plan, study.progress.now),
    }


def _row(study: Study, standing: Standing) -> dict[str, str | int | float | None]:
    report = report_page(standing)
    return {
        "week": standing.week,
        "member": standing.member,
        "name": study.plan.member(standing.member).name,
        "loss": standing.loss,
        "state": str(standing.state),
        "score": standing.score,
        "late_seconds": int(standing.late_by.total_seconds()),
        "attempts": len(standing.attempts),
        "due": to_text(standing.due),
        "handed_in": to_text(standing.handed_in.submitted_at) if standing.handed_in else None,
        "report": address(report) if report else None,
    }


def _json(study: Study, rows: list[dict[str, str | int | float | None]]) -> str:
    team = study.plan.team
    members = [
        {
            "id": found.member,
            "name": study.plan.member(found.member).name,
            "streak": found.streak,
            "longest_streak": found.longest_streak,
            "attended": found.attendance.attended,
            "absent": found.attendance.absent,
            "average": found.average,
        }
        for found in study.progress.members
    ]
    whole = {"schema": 1, "team": team.name, "year": team.year, "members": members, "assignments": rows}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _csv(rows: list[dict[str, str | int | float | None]]) -> str:
    cells = (["" if row[name] is None else str(row[name]) for name in _COLUMNS] for row in rows)
    return csv_text([_COLUMNS, *cells])

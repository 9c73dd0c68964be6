"""What the weeks assign, as tasks for the grader."""

from __future__ import annotations

from pathlib import Path

from grader.errors import UsageError
from grader.grading import Task
from grader.losses import ids
from grader.messages import gettext as _
from grader.plan import Assignment, Plan, Week
from grader.plan.mistakes import unknown
from grader.plan.solutions import find, folder


def tasks_of(plan: Plan, *, week: int | None = None, member: str | None = None, loss: str | None = None) -> list[Task]:
    """One task an assignment, in the order of the weeks, narrowed by whatever is given.

    Raises UsageError for a week, member or loss that does not exist at all.
    """
    if member is not None:
        plan.member(member)
    if loss is not None and loss not in ids():
        raise UsageError(unknown(_("loss"), loss, ids()))
    weeks = plan.weeks if week is None else (plan.week(week),)
    return [
        task_of(plan, one, assignment)
        for one in weeks
        for assignment in one.assignments
        if member in (None, assignment.member) and loss in (None, assignment.loss)
    ]


def task_of(plan: Plan, week: Week, assignment: Assignment) -> Task:
    """The task of one assignment; without a file yet, it names the one that its stub would be."""
    found = find(plan.root, week.number, assignment.member, assignment.loss)
    path = found or folder(plan.root, week.number, assignment.member) / f"{assignment.loss}.py"
    return Task(
        file=_shown(path, plan.root),
        loss=assignment.loss,
        week=week.number,
        member=assignment.member,
        own_stub=assignment.stub,
        devices=assignment.devices or (),
        points={str(check): points for check, points in assignment.points.items()},
        required=None if assignment.required is None else frozenset(assignment.required),
        path=path,
    )


def _shown(path: Path, root: Path) -> str:
    """The path from the team's folder, the same on every machine."""
    return path.relative_to(root).as_posix()

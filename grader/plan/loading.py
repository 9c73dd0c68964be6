"""From the files of `weeks/` to a Plan, or to every mistake in them at once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from grader import losses
from grader.errors import UsageError
from grader.messages import gettext as _
from grader.plan.document import Document, Node, read_document
from grader.plan.mistakes import Mistake, as_error, shown
from grader.plan.model import Assignment, Plan, Team, Week, week_file_name
from grader.plan.sentences import mistake_of

M = TypeVar("M", bound=BaseModel)

_WEEK_FILE = re.compile(r"week(\d{2,3})\.yml\Z")
_MAX_STUB_BYTES = 256 * 2**10


def find_root(start: Path | None = None) -> Path:
    """The nearest folder at or above `start` (default: the current one) that holds `weeks/team.yml`.

    Raises UsageError when there is none.
    """
    begin = (start or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        if os.path.lexists(folder / "weeks" / "team.yml"):
            return folder
    sentence = _("no weeks/team.yml in {folder} or above it; go to your team's folder, or make one with `init`")
    raise UsageError(sentence.format(folder=begin))


def load_plan(root: Path) -> Plan:
    """Read `weeks/` below `root`. Raises PlanError with every mistake of every file, a line each."""
    mistakes: list[Mistake] = []
    team_document = read_document(root / "weeks" / "team.yml", "weeks/team.yml")
    team = _read(team_document, Team, mistakes, context={})
    if team_document.root is not None:
        mistakes.extend(_repeated_members(team_document, team_document.root))
    context = {"members": _member_ids(team_document), "losses": frozenset(losses.ids())}

    weeks: list[Week] = []
    for name in _week_files(root, mistakes):
        document = read_document(root / "weeks" / name, f"weeks/{name}")
        week = _read(document, Week, mistakes, context)
        if document.root is not None:
            mistakes.extend(_wrong_number(root, document, document.root))
            mistakes.extend(_repeated_assignments(document, document.root))
        if week is not None and document.root is not None:
            if team is not None:
                week = _filled_in(week, team)
            week = _with_stubs(root, week, document, document.root, mistakes)
            weeks.append(week)
    if mistakes or team is None:
        raise as_error(mistakes)
    return Plan(root, team, tuple(sorted(weeks, key=lambda week: week.number)))


def _week_files(root: Path, mistakes: list[Mistake]) -> list[str]:
    """Names in `weeks/` that are weeks, sorted; a YAML file that is named neither way is a mistake."""
    try:
        names = sorted(path.name for path in (root / "weeks").iterdir())
    except OSError as error:
        reason = error.strerror or type(error).__name__
        mistakes.append(Mistake("weeks", 1, 1, _("this folder cannot be read: {reason}").format(reason=reason)))
        return []
    weeks = []
    for name in names:
        if name.startswith((".", "~", "#")) or not name.lower().endswith((".yml", ".yaml")) or name == "team.yml":
            continue
        if _WEEK_FILE.match(name):
            weeks.append(name)
        else:
            sentence = _("this file is not read: a week is named like week01.yml, the team is team.yml")
            mistakes.append(Mistake(f"weeks/{shown(name)}", 1, 1, sentence))
    return weeks


def _read(document: Document, model: type[M], mistakes: list[Mistake], context: Mapping[str, object]) -> M | None:
    """The document as a model; None, and what is wrong, when it is not one."""
    mistakes.extend(document.mistakes)
    root = document.root
    if root is None:
        if not document.mistakes:
            mistakes.append(Mistake(document.file, 1, 1, _empty(model)))
        return None
    if root.data is None:
        mistakes.append(Mistake(document.file, root.line, root.column, _empty(model)))
        return None
    try:
        return model.model_validate(root.data, context=context)
    except ValidationError as error:
        found = [mistake_of(document, root, model, detail) for detail in error.errors(include_url=False)]
        # What reading already objected to at a place is the cause of what is wrong with the value there.
        said = {(mistake.line, mistake.column) for mistake in document.mistakes}
        mistakes.extend(mistake for mistake in found if (mistake.line, mistake.column) not in said)
        return None


def _empty(model: type[BaseModel]) -> str:
    needed = ", ".join(name for name, field in model.model_fields.items() if field.is_required())
    return _("the file is empty; expected at least: {fields}").format(fields=needed)


# --- what no single value can know -------------------------------------------------------------------------------


def _member_ids(document: Document) -> frozenset[str] | None:
    """The ids that stand in team.yml, also when something else in it is wrong; None when none can be told."""
    members = document.root.get("members") if document.root is not None else None
    nodes = [member.get("id") for member in members.elements()] if members is not None else []
    ids = frozenset(node.data for node in nodes if node is not None and isinstance(node.data, str))
    return ids or None


def _repeated_members(document: Document, root: Node) -> Iterable[Mistake]:
    members = root.get("members")
    if members is None:
        return
    first: dict[str, int] = {}
    for member in members.elements():
        node = member.get("id")
        emails = member.get("emails")
        for value in ([node] if node is not None else []) + (emails.elements() if emails is not None else []):
            if not isinstance(value.data, str):
                continue
            # Addresses are compared as git's would be: without regard to case.
            key = value.data.casefold()
            if key in first:
                sentence = _("'{value}' stands here a second time; the first is on line {line}")
                text = sentence.format(value=shown(value.data), line=first[key])
                yield Mistake(document.file, value.line, value.column, text)
            else:
                first[key] = value.line


def _wrong_number(root: Path, document: Document, top: Node) -> Iterable[Mistake]:
    """A week whose number is not its file's: a second week of that number, or a file that is named wrongly."""
    node = top.get("number")
    own_name = document.file.rpartition("/")[2]
    if node is None or not isinstance(node.data, int) or isinstance(node.data, bool) or node.data < 1:
        return
    name = week_file_name(node.data)
    if name == own_name:
        return
    if os.path.lexists(root / "weeks" / name):
        sentence = _("duplicate week {number}: weeks/{name} is week {number} already; give this one another number")
    else:
        sentence = _("week {number} belongs in weeks/{name}; rename this file or mend the number")
    yield Mistake(document.file, node.line, node.column, sentence.format(number=node.data, name=name))


def _repeated_assignments(document: Document, root: Node) -> Iterable[Mistake]:
    assignments = root.get("assignments")
    if assignments is None:
        return
    first: dict[tuple[str, str], int] = {}
    for assignment in assignments.elements():
        member, loss = assignment.get("member"), assignment.get("loss")
        if member is None or loss is None or not (isinstance(member.data, str) and isinstance(loss.data, str)):
            continue
        key = (member.data, loss.data)
        if key in first:
            sentence = _("'{member}' has '{loss}' a second time this week; the first is on line {line}")
            text = sentence.format(member=shown(member.data), loss=shown(loss.data), line=first[key])
            yield Mistake(document.file, assignment.line, assignment.column, text)
        else:
            first[key] = assignment.line


# --- what loading fills in ---------------------------------------------------------------------------------------


def _filled_in(week: Week, team: Team) -> Week:
    """The week with the team's grading where an assignment says nothing of its own."""
    defaults = team.grading
    assignments = tuple(
        assignment.model_copy(
            update={
                "devices": assignment.devices or defaults.devices,
                "points": {**defaults.points, **assignment.points},
                "required": defaults.required if assignment.required is None else assignment.required,
            }
        )
        for assignment in week.assignments
    )
    return week.model_copy(update={"assignments": assignments})


def _with_stubs(root: Path, week: Week, document: Document, top: Node, mistakes: list[Mistake]) -> Week:
    """The week with each `stub` that is a path replaced by the file's text."""

    def filled(index: int, assignment: Assignment) -> Assignment:
        if assignment.stub is None or "\n" in assignment.stub:
            return assignment
        node = top.at(("assignments", index, "stub"))
        try:
            text = _stub_text(root, assignment.stub)
        except ValueError as error:
            mistakes.append(Mistake(document.file, node.line, node.column, str(error)))
            return assignment
        return assignment.model_copy(update={"stub": text})

    assignments = tuple(filled(index, assignment) for index, assignment in enumerate(week.assignments))
    return week.model_copy(update={"assignments": assignments})


def _stub_text(root: Path, path: str) -> str:
    """The text of a stub of one's own; raises ValueError with a sentence."""
    name = shown(path)
    try:
        file = (root / path).resolve()
        inside = file.is_relative_to(root.resolve())
        if not inside:
            raise ValueError(_("stub '{path}' is not inside the team's folder").format(path=name))
        if not file.is_file():
            sentence = _("there is no stub '{path}'; expected a file in the team's folder, or its text (| and lines)")
            raise ValueError(sentence.format(path=name))
        if file.stat().st_size > _MAX_STUB_BYTES:
            raise ValueError(_("stub '{path}' is larger than 256 KiB").format(path=name))
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ValueError(_("stub '{path}' is not UTF-8; save it as UTF-8").format(path=name)) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ValueError(_("stub '{path}' cannot be read: {reason}").format(path=name, reason=reason)) from None

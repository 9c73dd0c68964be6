"""Stubs: what stands in a member's file before they begin, and whether it still does.

Nothing here ever overwrites: a file that exists, whatever it is, stays as it is.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader import losses
from grader.errors import MogakcoError
from grader.messages import gettext as _
from grader.plan import solutions
from grader.plan.columns import WIDTH, filled
from grader.plan.model import Assignment, Plan, Week

if TYPE_CHECKING:
    from grader.losses.base import Loss, Parameter

LANGUAGES = ("ko", "en")
_LONGEST = 64 * 2**10
"""Characters beyond which a source is not looked at as a stub: parsing what strangers wrote has to stay cheap."""

_WORDS = {
    "ko": {
        "head": "{title}: `{entry}` 함수를 구현해 이 파일을 제출합니다.",
        "parameters": "인자",
        "optional": "생략하면 None",
        "formula": "수식 (LaTeX)",
        "rules": "규칙",
        "example": "예",
        "sources": "출처",
        "todo": "{entry} 함수를 아직 구현하지 않았습니다.",
        "notes": "{number}주차 노트",
        "goal": "목표",
        "sections": ("정의와 유도", "쓰는 모델과 까닭", "장점과 단점", "구현하면서 알게 된 것"),
    },
    "en": {
        "head": "{title}: implement `{entry}` and hand in this file.",
        "parameters": "Arguments",
        "optional": "None when left out",
        "formula": "Formula (LaTeX)",
        "rules": "Rules",
        "example": "Example",
        "sources": "Sources",
        "todo": "{entry} is not implemented yet.",
        "notes": "Notes of week {number}",
        "goal": "Goal",
        "sections": (
            "Definition and derivation",
            "Which models use it, and why",
            "Strengths and weaknesses",
            "What implementing it taught",
        ),
    },
}


# --- the text ----------------------------------------------------------------------------------------------------


def stub_text(loss: Loss, language: str) -> str:
    """The file that a member starts from, in `ko` or `en`: signature, docstring, and a body that says it is not done.

    The docstring has the arguments with their shapes, the formula, the rules, an example and the sources.
    """
    words = _WORDS[language]
    title, summary = loss.title[language], loss.summary[language]
    parts = [filled(summary), "", f"{words['parameters']}:"]
    for parameter in loss.parameters:
        aside = f" ({words['optional']})" if parameter.optional else ""
        line = f"{parameter.name} {parameter.shape}{aside}: {parameter.meaning[language]}"
        parts.append(filled(line, "    ", hanging="        "))
    parts += ["", f"{words['formula']}:", filled(loss.formula, "    ", hanging="      "), "", f"{words['rules']}:"]
    parts += [filled(f"- {rule[language]}", "    ", hanging="      ") for rule in loss.rules]
    parts += ["", f"{words['example']}:", _indented(loss.example)]
    if loss.sources:
        parts += ["", f"{words['sources']}:"]
        parts += [filled(f"- {source}", "    ", hanging="      ") for source in loss.sources]
    docstring = _indented("\n".join(parts)).lstrip()
    head = str(words["head"]).format(title=title, entry=loss.entry)
    todo = str(words["todo"]).format(entry=loss.entry)
    parameters = [_parameter(parameter) for parameter in loss.parameters]
    signature = ", ".join(parameters)
    if len(signature) > WIDTH - 20:
        signature = "".join(f"\n    {parameter}," for parameter in parameters) + "\n"
    # A raw docstring: the formula is full of backslashes.
    return (
        f'"""{head}"""\n\nimport torch\n\n\n'
        f"def {loss.entry}({signature}) -> torch.Tensor:\n"
        f'    r"""{docstring}\n    """\n'
        f'    raise NotImplementedError("{todo}")\n'
    )


def _parameter(parameter: Parameter) -> str:
    if parameter.optional:
        return f"{parameter.name}: torch.Tensor | None = None"
    # A 0-dim argument of these losses may be a plain number.
    kind = "torch.Tensor | float" if parameter.shape == "()" else "torch.Tensor"
    return f"{parameter.name}: {kind}"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())


def notes_text(plan: Plan, week: Week, member: str) -> str:
    """The skeleton of `notes.md`: the goals of this week's assignments and the headings of the study's plan."""
    words = _WORDS[plan.team.language]
    title = str(words["notes"]).format(number=week.number)
    goals = [f"- {words['goal']}: {item.goal.strip()}" for item in week.assignments if item.member == member]
    sections = [f"## {section}\n" for section in words["sections"]]
    return "\n".join([f"# {title}\n", *goals, "", *sections])


# --- writing -----------------------------------------------------------------------------------------------------


def assigned(plan: Plan, week: int | None = None, member: str | None = None) -> Iterator[tuple[Week, Assignment]]:
    """The assignments of one week or all, of one member or all; raises UsageError for a week or member unknown."""
    weeks = plan.weeks if week is None else (plan.week(week),)
    if member is not None:
        plan.member(member)
    for each in weeks:
        for assignment in each.assignments:
            if member in (None, assignment.member):
                yield each, assignment


def write_stubs(plan: Plan, week: int | None = None, member: str | None = None) -> list[Path]:
    """Write each missing stub and `notes.md`; returns what was written, in order.

    Raises UsageError for an unknown week or member, MogakcoError when a file cannot be written.
    """
    written = []
    for each, assignment in assigned(plan, week, member):
        home = solutions.folder(plan.root, each.number, assignment.member)
        if not any(os.path.lexists(home / f"{assignment.loss}{suffix}") for suffix in solutions.SUFFIXES):
            text = assignment.stub or stub_text(losses.get(assignment.loss), plan.team.language)
            written += _write_new(home / f"{assignment.loss}.py", text)
        if not os.path.lexists(home / "notes.md"):
            written += _write_new(home / "notes.md", notes_text(plan, each, assignment.member))
    return written


def _write_new(path: Path, text: str) -> list[Path]:
    """Create a file that was not there, whole or not at all; nothing when somebody else was faster."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            try:
                stream.write(text)
                stream.flush()
            except OSError:
                with suppress(OSError):
                    path.unlink()
                raise
    except FileExistsError:
        if not path.parent.is_dir():
            raise MogakcoError(_("{path} is no folder; move it away").format(path=path.parent)) from None
        return []
    except OSError as error:
        sentence = _("{path} cannot be written: {reason}")
        raise MogakcoError(sentence.format(path=path, reason=error.strerror or error)) from error
    return [path]


# --- recognising -------------------------------------------------------------------------------------------------


def is_unchanged(cells: Sequence[str], loss: Loss, own_stub: str | None = None) -> bool:
    """Whether these cells, joined, are still a stub: the loss's in either language, or the assignment's own.

    Compared as syntax trees without docstrings, so that comments and formatting make no difference. An empty file, or
    any other body (`pass`), is not a stub, and neither is what cannot be parsed.
    """
    found = _shape("\n".join(cells))
    if found is None:
        return False
    return found in _stub_shapes(loss) or (bool(own_stub) and _shape(own_stub or "") == found)


@lru_cache(maxsize=16)
def _stub_shapes(loss: Loss) -> frozenset[str | None]:
    return frozenset(_shape(stub_text(loss, language)) for language in LANGUAGES)


def _shape(source: str) -> str | None:
    """The source's syntax tree as text, without positions and strings that stand alone; None if there is none."""
    if len(source) > _LONGEST:
        return None
    try:
        tree = ast.parse(source)
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if isinstance(body, list):
                node.body = [statement for statement in body if not _is_text(statement)]  # type: ignore[attr-defined]
        return ast.dump(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_text(statement: ast.AST) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )

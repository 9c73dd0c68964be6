"""What libyaml could not read, in the words of whoever wrote it: where the cause stands and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from grader.messages import gettext as _
from grader.plan.mistakes import shown

_TAB_INDENT = re.compile(r" *\t[ \t]*\S")
_COLON = re.compile(r":(?:\s|$)")


@dataclass(frozen=True)
class Trouble:
    """One place, line and column from 0, and a sentence."""

    line: int
    column: int
    sentence: str


def troubles(text: str, error: yaml.MarkedYAMLError) -> list[Trouble]:
    """What is wrong: one thing, or every line that a tab indents, which is the usual cause."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    lines = text.splitlines() or [""]
    suspects = range(max(0, line - 1), len(lines))
    tabs = [number for number in suspects if _TAB_INDENT.match(lines[number])]
    if tabs and tabs[0] <= line + 1:
        sentence = _("a tab indents this line; YAML is indented with spaces")
        return [Trouble(number, lines[number].index("\t"), sentence) for number in tabs]
    return [_cause(lines, line, column, error) or _as_libyaml_says(line, column, error)]


def _cause(lines: Sequence[str], line: int, column: int, error: yaml.MarkedYAMLError) -> Trouble | None:
    """The cause of a problem that people really have; None for the others."""
    problem, begun = error.problem or "", error.context_mark
    if problem.startswith("mapping values are not allowed"):
        return _second_colon(lines, line, column)
    if begun is not None and "could not find expected ':'" in problem:
        return _no_colon(lines, begun.line)
    if begun is not None and "quoted scalar" in (error.context or ""):
        return Trouble(begun.line, begun.column, _("the quotation mark that opens here is never closed"))
    if begun is not None and "did not find expected ',' or" in problem:
        return Trouble(begun.line, begun.column, _("the bracket that opens here is never closed"))
    if "cannot start any token" in problem or "alphabetic or numeric character" in problem:
        if begun is not None and error.context in ("while scanning an anchor", "while scanning an alias"):
            line, column = begun.line, begun.column
        sign = shown(lines[line][column : column + 1]) if line < len(lines) else ""
        return Trouble(line, column, _("a text that begins with {sign} has to stand in quotes").format(sign=sign))
    if "did not find expected key" in problem or "expected '-' indicator" in problem:
        return _out_of_line(lines, line, column, error)
    return None


def _second_colon(lines: Sequence[str], line: int, column: int) -> Trouble:
    """A colon where a value stands already: on its line, or, its line being a key's, on the line before."""
    if _COLON.search(lines[line][:column]):
        return Trouble(line, column, _("a text with a colon and a blank in it has to stand in quotes"))
    before = line - 1
    while before >= 0 and (not lines[before].strip() or lines[before].lstrip().startswith("#")):
        before -= 1
    if before >= 0 and not _COLON.search(lines[before]):
        return _no_colon(lines, before)
    return Trouble(line, _indent(lines[line]), _("this line is indented deeper than the one above, which is complete"))


def _no_colon(lines: Sequence[str], line: int) -> Trouble:
    sentence = _("this line lacks a colon and a blank between key and value: `key: value`")
    return Trouble(line, _indent(lines[line]), sentence)


def _out_of_line(lines: Sequence[str], line: int, column: int, error: yaml.MarkedYAMLError) -> Trouble | None:
    if line < len(lines) and re.search(r"['\"]", lines[line][:column]):
        return Trouble(line, column, _("the text in quotes ends before this; put the whole text in other quotes"))
    if error.context_mark is None:
        return None
    sentence = _("this line does not stand below the others of what begins on line {begin}; check its indentation")
    return Trouble(line, column, sentence.format(begin=error.context_mark.line + 1))


def _as_libyaml_says(line: int, column: int, error: yaml.MarkedYAMLError) -> Trouble:
    problem = error.problem or _("this is not YAML")
    if error.context and error.context_mark is not None and error.context_mark.line != line:
        sentence = _("not valid YAML: {problem} ({context} that begins on line {begin})").format(
            problem=problem, context=error.context, begin=error.context_mark.line + 1
        )
    else:
        sentence = _("not valid YAML: {problem}").format(problem=problem)
    return Trouble(line, column, sentence)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))

"""A notebook as cells of plain Python: what only IPython understands is blanked out, line for line.

Nothing is run and IPython is not imported. The rules are IPython's (`core/inputtransformer2`): a line is a magic only
where a statement could start, never inside a string, a bracket or a continued line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from grader.calls import Cell
from grader.messages import gettext as _

_RUNS_ITS_BODY = frozenset({"time", "capture", "prun"})
"""Cell magics whose body runs in the notebook's own namespace (`%%timeit` runs it in one of its own)."""

_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
_LINE_COMMAND = re.compile(r"(\s*)(?:%|!|\?|[,;/](?=\S))")
_ASSIGNS = re.compile(r"(?<![=!<>:+\-*/%&|^@])=(?!=)")
_ASSIGNED_COMMAND = re.compile(r"(\s*)(%\s*[^\W\d]|!)")
_LEXEME = re.compile(
    r"""
      (?P<comment>\#.*)
    | (?P<prefix>(?i:\b(?:r|u|b|f|t|br|rb|fr|rf|tr|rt)))?(?P<quote>'''|\"\"\"|'|\")
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<continued>\\$)
    """,
    re.VERBOSE,
)


class NotANotebook(ValueError):
    """The text is no notebook; `line` and `column` (1-based) where the JSON is at fault, else 0."""

    def __init__(self, sentence: str, line: int = 0, column: int | None = None) -> None:
        super().__init__(sentence)
        self.line = line
        self.column = column


def cells(text: str) -> tuple[Cell, ...]:
    """The code cells of a notebook (format 4, or older ones upgraded), in file order, named `cell 1`, `cell 2`, ….

    Raises NotANotebook.
    """
    document = _document(text)
    return tuple(
        Cell(f"cell {number}", plain_python(source)) for number, source in enumerate(_code_sources(document), start=1)
    )


def _document(text: str) -> dict[str, Any]:
    try:
        document: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise NotANotebook(
            _("line {line}, column {column}: not a notebook, its JSON is broken ({reason}).").format(
                line=error.lineno, column=error.colno, reason=error.msg
            ),
            error.lineno,
            error.colno,
        ) from None
    except (RecursionError, ValueError) as error:
        # ValueError: an integer of more digits than Python converts.
        raise NotANotebook(_("not a notebook: its JSON cannot be read ({reason}).").format(reason=error)) from None
    if not isinstance(document, dict) or not isinstance(document.get("nbformat"), int):
        raise NotANotebook(_('not a notebook: the JSON has no whole number under "nbformat".'))
    if document["nbformat"] < 4:
        document = _upgraded(document)
    if document["nbformat"] > 4:
        raise NotANotebook(
            _("notebook format {found} is newer than 4; save it as version 4.").format(found=document["nbformat"])
        )
    return dict(document)


def _upgraded(document: dict[str, Any]) -> dict[str, Any]:
    # Half a second of imports that only notebooks from before 2015 need.
    import nbformat

    try:
        upgraded: dict[str, Any] = nbformat.reads(json.dumps(document), as_version=4)  # type: ignore[no-untyped-call]
    except Exception as error:
        # nbformat raises whatever it stumbles over (KeyError, AttributeError, ValidationError, …).
        raise NotANotebook(
            _(
                "notebook format {found} cannot be upgraded to 4 ({reason}); open it in Jupyter and save it again."
            ).format(found=document["nbformat"], reason=f"{type(error).__name__}: {error}")
        ) from None
    return upgraded


def _code_sources(document: dict[str, Any]) -> Iterator[str]:
    listed = document.get("cells")
    if not isinstance(listed, list):
        raise NotANotebook(_('not a notebook: there is no list under "cells".'))
    for position, cell in enumerate(listed, start=1):
        if not isinstance(cell, dict):
            raise NotANotebook(_('not a notebook: entry {number} of "cells" is no cell.').format(number=position))
        if cell.get("cell_type") != "code":
            continue
        source = cell.get("source", "")
        if isinstance(source, list) and all(isinstance(part, str) for part in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise NotANotebook(_("not a notebook: the source of entry {number} is no text.").format(number=position))
        yield source.replace("\r\n", "\n").replace("\r", "\n")


def plain_python(source: str) -> str:
    """The cell's Python, with as many lines as the cell: magics, shell lines and help requests stand as `None`."""
    lines = _dedented(source.split("\n"))
    for number, line in enumerate(lines):
        magic = _CELL_MAGIC.match(line)
        if magic is None and line.strip():
            break
        if magic is not None:
            if magic[1] not in _RUNS_ITS_BODY:
                return "\n" * (len(lines) - 1)
            lines[number] = ""
    return "\n".join(_without_commands(lines))


def _dedented(lines: list[str]) -> list[str]:
    """As IPython: what the first line is indented by is taken off every line that begins with it."""
    first = next((line for line in lines if line.strip()), "")
    indent = _indent(first)
    return [line.removeprefix(indent) for line in lines] if indent else lines


def _without_commands(lines: list[str]) -> Iterator[str]:
    """The lines, with every line that is IPython's replaced in place."""
    state = _Lexer()
    index = 0
    while index < len(lines):
        replacement = _replacement(lines[index]) if state.at_statement else None
        if replacement is None and state.at_statement and state.asks_for_help(lines[index]):
            replacement = f"{_indent(lines[index])}None"
        if replacement is None:
            state.feed(lines[index])
            yield lines[index]
            index += 1
            continue
        yield replacement
        # A command goes on after a backslash at the end of its line.
        while lines[index].endswith("\\") and index + 1 < len(lines):
            index += 1
            yield ""
        index += 1


def _replacement(line: str) -> str | None:
    """What stands for a magic or shell line, or None for a line of Python (as far as its start tells)."""
    command = _LINE_COMMAND.match(line)
    if command is not None:
        return f"{command[1]}None"
    start = _Lexer().after_assignment(line)
    assigned = None if start is None else _ASSIGNED_COMMAND.match(line, start)
    if assigned is not None:
        # A shell command gives a list of lines: with an empty one, a loop over it does nothing.
        return line[:start] + assigned[1] + ("[]" if assigned[2] == "!" else "None")
    return None


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


class _Lexer:
    """Just enough of Python's lexical rules to know where a statement can start."""

    def __init__(self) -> None:
        self.depth = 0
        self.quote: str | None = None
        self.continued = False

    @property
    def at_statement(self) -> bool:
        return self.depth == 0 and self.quote is None and not self.continued

    def feed(self, line: str) -> None:
        """Read one physical line of Python."""
        self.continued = False
        position = 0
        while position < len(line):
            if self.quote is not None:
                position = self._end_of_string(line, position)
                continue
            found = _LEXEME.search(line, position)
            if found is None or found["comment"]:
                return
            position = found.end()
            self._take(found)
        if self.quote is not None and len(self.quote) == 1 and not line.endswith("\\"):
            # An unfinished string is a syntax error of that line; it does not swallow the next one.
            self.quote = None

    def after_assignment(self, line: str) -> int | None:
        """Where the right side of the line's first assignment starts (an `=` outside strings and brackets), if any."""
        position = 0
        while position < len(line):
            if self.quote is not None:
                position = self._end_of_string(line, position)
                continue
            found = _LEXEME.search(line, position)
            equals = _ASSIGNS.search(line, position, found.start() if found else len(line))
            if equals is not None and self.depth == 0:
                return equals.end()
            if found is None or found["comment"]:
                return None
            position = found.end()
            self._take(found)
        return None

    def _take(self, found: re.Match[str]) -> None:
        if found["quote"]:
            self.quote = found["quote"]
        elif found["open"]:
            self.depth += 1
        elif found["close"]:
            self.depth = max(0, self.depth - 1)
        elif found["continued"] is not None:
            self.continued = True

    def _end_of_string(self, line: str, position: int) -> int:
        assert self.quote is not None
        while position < len(line):
            if line[position] == "\\":
                position += 2
            elif line.startswith(self.quote, position):
                position += len(self.quote)
                self.quote = None
                return position
            else:
                position += 1
        return position

    def asks_for_help(self, line: str) -> bool:
        """Whether the line's code (without strings and comment) ends in `?`, which no Python does."""
        if "?" not in line:
            return False
        probe = _Lexer()
        position = 0
        end = ""
        while position < len(line):
            if probe.quote is not None:
                position = probe._end_of_string(line, position)
                end = "'"
                continue
            found = _LEXEME.search(line, position)
            stop = found.start() if found else len(line)
            end = line[position:stop].rstrip() or end
            if found is None or found["comment"]:
                break
            probe.quote = found["quote"]
            end = found[0]
            position = found.end()
        return probe.quote is None and end.endswith("?")

"""The line of a file that somebody has to go to, for a text that came out of YAML or out of a notebook."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.plan.document import Loc, Node, read_document

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
"""Anchors and tags, which may stand before a value."""


@dataclass
class YamlLines:
    """Places in the YAML files below `root`. A file is read for this only once something in it is wrong."""

    root: Path
    _read: dict[str, tuple[Node | None, list[str]]] = field(default_factory=dict)

    def of(self, file: str, loc: Loc, text: str = "", line: int = 1) -> int:
        """The 1-based line in `file` of the value at `loc`, or of line `line` of the `text` that this value is."""
        if file not in self._read:
            path = self.root / file
            rows = path.read_text(encoding="utf-8-sig", errors="replace").splitlines() if path.is_file() else []
            self._read[file] = read_document(path, file).root, rows
        top, rows = self._read[file]
        if top is None:
            return 1
        node = top.at(loc)
        return _row_of(rows[node.line - 1 :], node.column - 1, text, line) + node.line


def _row_of(rows: Sequence[str], column: int, text: str, line: int) -> int:
    """How many rows below its first one the line stands: YAML folds and indents rows, but keeps their words."""
    first = rows[0][column:] if rows else ""
    first = first[_PROPERTIES.match(first).end() :]  # type: ignore[union-attr]  # it matches any text
    if first.startswith('"'):
        return 0  # written with escapes: its lines are not the file's
    before = sum(len(part.split()) for part in text.split("\n")[: line - 1])
    inside = ["", *rows[1:]] if first.startswith(("|", ">")) else [first, *rows[1:]]
    for number, row in enumerate(inside):
        before -= len(row.split())
        if before < 0:
            return number
    return 0


def in_notebook(text: str, cells: Sequence[str], line: int) -> int:
    """The 1-based line in a notebook's JSON that holds line `line` of the last of `cells`, its first cells' sources.

    A cell's lines are strings of their own there, one below the other, in the order of the cells.
    """
    place = 0
    for index, cell in enumerate(cells, 1):
        rows = cell.split("\n")
        for row in rows[:line] if index == len(cells) else rows:
            written = (json.dumps(row, ensure_ascii=ascii_only)[:-1] for ascii_only in (False, True))
            place = next((found for form in written if (found := text.find(form, place + 1)) >= 0), place)
    return text.count("\n", 0, place) + 1

"""The meeting log in a week's YAML, written into the text without disturbing a comment or a blank around it.

ruamel.yaml tells where each meeting stands and rewrites the one that changes; every other line stays byte for byte.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import LiteralScalarString

from grader.errors import PlanError, UsageError
from grader.messages import gettext as _
from grader.plan import load_plan
from grader.tracking.files import write_atomically

if TYPE_CHECKING:
    from grader.plan.model import Plan

_EMPTY = re.compile(r"meetings:[ \t]*(?:\[[ \t]*\]|~|null)?(?P<comment>[ \t]*(?:#.*)?)\Z")


@dataclass(frozen=True)
class Change:
    """What to write of one meeting; what is None or empty stays as it is, lists are added to."""

    date: date | None = None
    start: time | None = None
    end: time | None = None
    tool: str | None = None
    note: str | None = None
    attended: tuple[str, ...] = ()
    agenda: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """The single values, in the order in which they are written."""
        found = {"date": self.date, "start": _clock(self.start), "end": _clock(self.end), "tool": self.tool}
        return {key: value for key, value in {**found, "note": self.note}.items() if value is not None}

    def lists(self) -> dict[str, tuple[str, ...]]:
        """The lists that something is added to."""
        found = {
            "attended": self.attended,
            "agenda": self.agenda,
            "decisions": self.decisions,
            "photos": self.photos,
        }
        return {key: values for key, values in found.items() if values}


def add(plan: Plan, week: int, change: Change) -> None:
    """Write a new meeting at the end of the week's log. Raises UsageError or PlanError; the file then is as it was."""
    _edit(plan, week, lambda text: _Text.of(text).with_new(change))


def change(plan: Plan, week: int, index: int, change: Change) -> None:
    """Change the meeting that stands at `index` (0-based) in the week's log. Raises as `add` does."""
    _edit(plan, week, lambda text: _Text.of(text).with_changed(index, change))


def _edit(plan: Plan, week: int, rewrite: Any) -> None:
    path = plan.week_path(week)
    before = path.read_bytes()
    text = before.decode("utf-8-sig")
    newline = "\r\n" if "\r\n" in text else "\n"
    try:
        after = rewrite(text.replace("\r\n", "\n"))
    except YAMLError as error:
        raise UsageError(
            _("{path} cannot be rewritten here ({reason}); write the meeting into it by hand.").format(
                path=path.name, reason=type(error).__name__
            )
        ) from error
    try:
        write_atomically(path, after.replace("\n", newline).encode("utf-8"))
    except OSError as error:
        raise UsageError(_("Cannot write {path}: {error}.").format(path=path, error=error.strerror)) from error
    try:
        load_plan(plan.root)
    except PlanError:
        write_atomically(path, before)
        raise


@dataclass(frozen=True)
class _Text:
    """A week's YAML as lines, and where its meetings stand in them."""

    lines: list[str]
    key_line: int | None
    """Of `meetings:`; None when the key is not there."""
    items: tuple[tuple[int, int], ...] = ()
    """First line of each meeting and the line after its last."""
    column: int = 2
    """Of the dashes."""
    yaml: YAML = field(default_factory=lambda: _yaml())

    @classmethod
    def of(cls, text: str) -> _Text:
        lines = text.split("\n")
        top = _yaml().load(text)
        if not isinstance(top, CommentedMap) or "meetings" not in top:
            return cls(lines, None)
        key_line = top.lc.key("meetings")[0]
        meetings = top["meetings"]
        if not meetings:
            return cls(lines, key_line)
        starts = [meetings.lc.item(index)[0] for index in range(len(meetings))]
        column = len(lines[starts[0]]) - len(lines[starts[0]].lstrip(" "))
        if meetings.fa.flow_style() or any(lines[start][column : column + 1] != "-" for start in starts):
            raise UsageError(
                _("The meetings on line {line} do not stand as a list with dashes; rewrite them so first.").format(
                    line=key_line + 1
                )
            )
        after = min((line for key in top if (line := top.lc.key(key)[0]) > starts[-1]), default=len(lines))
        ends = [_last_of(lines, start, end, column) for start, end in zip(starts, [*starts[1:], after], strict=True)]
        return cls(lines, key_line, tuple(zip(starts, ends, strict=True)), column)

    def with_new(self, change: Change) -> str:
        item = CommentedMap()
        _apply(item, change)
        written = self._dumped(item)
        if self.items:
            at = self.items[-1][1]
            return "\n".join([*self.lines[:at], *written, *self.lines[at:]])
        if self.key_line is None:
            lines = [*self.lines[:-1], *([self.lines[-1]] if self.lines[-1] else []), "", "meetings:", *written, ""]
            return "\n".join(lines)
        found = _EMPTY.match(self.lines[self.key_line])
        if found is None:
            raise UsageError(_("Line {line} is in a form that is not known here.").format(line=self.key_line + 1))
        key = f"meetings:{found['comment'].rstrip()}"
        return "\n".join([*self.lines[: self.key_line], key, *written, *self.lines[self.key_line + 1 :]])

    def with_changed(self, index: int, change: Change) -> str:
        first, end = self.items[index]
        dash = self.lines[first]
        body = [dash[: self.column] + " " + dash[self.column + 1 :], *self.lines[first + 1 : end]]
        # The dash may be followed by more than one blank: the item begins where its first key does.
        depth = len(body[0]) - len(body[0].lstrip(" "))
        item = self.yaml.load("\n".join(line[depth:] for line in body) + "\n")
        _apply(item, change)
        written = self._dumped(item, blanks=depth - self.column - 1)
        return "\n".join([*self.lines[:first], *written, *self.lines[end:]])

    def _dumped(self, item: CommentedMap, blanks: int = 1) -> list[str]:
        out = io.StringIO()
        self.yaml.dump(item, out)
        margin = " " * self.column
        inner = margin + " " * (blanks + 1)
        lines = out.getvalue().rstrip("\n").split("\n")
        return [margin + "-" + " " * blanks + lines[0], *(inner + line if line else "" for line in lines[1:])]


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 20
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _last_of(lines: Sequence[str], start: int, end: int, column: int) -> int:
    """The line after the item's last: blanks, and comments that are not indented below the dash, are not its own."""
    while end > start + 1:
        line = lines[end - 1]
        indent = len(line) - len(line.lstrip(" "))
        if line.strip() and not (line.lstrip().startswith("#") and indent <= column):
            break
        end -= 1
    return end


def _apply(item: CommentedMap, change: Change) -> None:
    for key, value in change.values().items():
        text = LiteralScalarString(value + "\n") if isinstance(value, str) and "\n" in value else value
        _put(item, key, text)
    for key, values in change.lists().items():
        there = item.get(key)
        if not isinstance(there, list) or not there:
            _put(item, key, CommentedSeq(values))
        else:
            there.extend(value for value in values if value not in there)


_ORDER = ("date", "start", "end", "tool", "attended", "agenda", "decisions", "photos", "note")


def _put(item: CommentedMap, key: str, value: Any) -> None:
    """Set a value; a new key goes behind the one that usually stands before it."""
    if key in item:
        item[key] = value
        return
    before = [name for name in _ORDER[: _ORDER.index(key)] if name in item]
    item.insert(list(item).index(before[-1]) + 1 if before else 0, key, value)


def _clock(moment: time | None) -> str | None:
    return None if moment is None else f"{moment:%H:%M}"


def photo_path(week: int, number: int) -> Path:
    """Where a meeting's photo is kept, from the team's folder."""
    return Path("weeks") / "photos" / f"week{week:02d}-{number}.webp"


def keep_photos(plan: Plan, week: int, pictures: Mapping[str, bytes]) -> tuple[str, ...]:
    """Write WebP pictures (by their original name) under new numbers; returns their paths for the log."""
    kept = []
    number = 1
    for content in pictures.values():
        while (plan.root / photo_path(week, number)).exists():
            number += 1
        path = photo_path(week, number)
        try:
            write_atomically(plan.root / path, content)
        except OSError as error:
            raise UsageError(_("Cannot write {path}: {error}.").format(path=path, error=error.strerror)) from error
        kept.append(path.as_posix())
    return tuple(kept)

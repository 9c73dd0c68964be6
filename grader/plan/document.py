"""One YAML file as plain data that remembers where each value stood.

Built from libyaml's events rather than by a loader, for three reasons: every value keeps its line and column; scalars
follow YAML 1.2 (`no` and `20:00` are text, `010` is ten), as editors and ruamel.yaml read them; and depth, size and
aliases are bounded before anything grows.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from grader.messages import gettext as _
from grader.plan.mistakes import Mistake, shown
from grader.plan.syntax import troubles

MAX_BYTES = 2 * 2**20
"""A class of five thousand takes less than half of it."""
MAX_DEPTH = 32
MAX_ALIASED = 10_000
"""Nodes that aliases may repeat, all together: enough to share a few settings, far from an alias bomb."""

Loc = tuple[int | str, ...]
"""Keys and list indices from the top of a file to a value."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?\Z")
_FLOAT_NAMES = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""What YAML does not admit; surrogates cannot come out of UTF-8."""
_TEXT_TAGS = (None, "!", "tag:yaml.org,2002:str")


@dataclass(slots=True)
class Node:
    """A value: text, int, float, bool, None, or a list or mapping of further nodes. Aliases share their node."""

    line: int
    column: int
    data: Any = None
    items: list[Node] | None = None
    entries: dict[str, Node] | None = None
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    size: int = 1
    """Values in it with every alias written out."""

    def at(self, loc: Loc) -> Node:
        """The node at `loc`, or the deepest one on the way to it."""
        node = self
        for step in loc:
            child: Node | None = None
            if node.entries is not None and isinstance(step, str):
                child = node.entries.get(step)
            elif node.items is not None and isinstance(step, int) and 0 <= step < len(node.items):
                child = node.items[step]
            if child is None:
                break
            node = child
        return node

    def get(self, key: str) -> Node | None:
        """The value of `key`, if this is a mapping that has it."""
        return self.entries.get(key) if self.entries is not None else None

    def elements(self) -> list[Node]:
        """The elements of a list; of anything else none."""
        return self.items or []


@dataclass(frozen=True)
class Document:
    """What was read of one file. `root` is None when there is nothing that further checks could look at."""

    file: str
    root: Node | None
    mistakes: tuple[Mistake, ...]


class _Stop(Exception):
    """Reading cannot go on: the mistake that ended it."""

    def __init__(self, line: int, column: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line, self.column, self.sentence = line, column, sentence


def read_document(path: Path, file: str) -> Document:
    """Read one YAML file; `file` is what messages call it. Never raises for anything that stands at `path`."""
    mistakes: list[Mistake] = []
    try:
        text = _read_text(path)
        try:
            root = _Builder(file, mistakes).build(text)
        except yaml.MarkedYAMLError as error:
            found = troubles(text, error)
            mistakes.extend(Mistake(file, one.line + 1, one.column + 1, one.sentence) for one in found)
            root = None
    except _Stop as stop:
        mistakes.append(Mistake(file, stop.line, stop.column, stop.sentence))
        root = None
    return Document(file, root, tuple(mistakes))


def _read_text(path: Path) -> str:
    """The file's text; raises _Stop for what is no regular file, too large, not UTF-8 or not text."""
    try:
        # O_NONBLOCK: a pipe that is named like a week must not hang the grader.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise _Stop(1, 1, _("this is a folder or a device; expected a YAML file"))
            raw = b""
            while len(raw) <= MAX_BYTES and (chunk := os.read(descriptor, MAX_BYTES + 1 - len(raw))):
                raw += chunk
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        if path.is_symlink():
            raise _Stop(1, 1, _("this link leads nowhere; expected a YAML file")) from None
        raise _Stop(1, 1, _("there is no such file")) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _Stop(1, 1, _("cannot be read: {reason}").format(reason=reason)) from None
    if len(raw) > MAX_BYTES:
        raise _Stop(1, 1, _("larger than {limit} MiB; expected a file that people write").format(limit=MAX_BYTES >> 20))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # With a byte order mark, positions count from behind it.
        before = error.object[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        bad = error.object[error.start]
        sentence = _("byte 0x{byte:02x} is not UTF-8; save the file as UTF-8").format(byte=bad)
        raise _Stop(line, column, sentence) from None
    control = _CONTROL.search(text)
    if control is not None:
        before = text[: control.start()]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        code = ord(control.group())
        raise _Stop(line, column, _("character U+{code:04X} may not stand in YAML; remove it").format(code=code))
    return text


class _Builder:
    """Turns the events of one file into nodes; collects what is wrong but can be read on behind."""

    def __init__(self, file: str, mistakes: list[Mistake]) -> None:
        self.file = file
        self.mistakes = mistakes
        self.anchors: dict[str, Node] = {}
        self.aliased = 0
        self.depth = 0
        self.events: Any = None

    def build(self, text: str) -> Node | None:
        """The only document's root, or None for a file without one; raises YAMLError and _Stop."""
        loader = _Loader(text)
        try:
            self.events = loader
            loader.get_event()  # the start of the stream
            if isinstance(loader.peek_event(), yaml.StreamEndEvent):
                return None
            loader.get_event()  # the start of the document
            root = self._node()
            loader.get_event()  # the end of the document
            extra = loader.peek_event()
            if not isinstance(extra, yaml.StreamEndEvent):
                self._mistake(extra.start_mark, _("a second document begins here; expected one a file"))
            return root
        finally:
            loader.dispose()

    def _mistake(self, mark: Any, sentence: str) -> None:
        self.mistakes.append(Mistake(self.file, mark.line + 1, mark.column + 1, sentence))

    def _node(self) -> Node:
        event = self.events.get_event()
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, line, column)
        node = Node(line, column)
        if isinstance(event, yaml.ScalarEvent):
            node.data = self._scalar(event)
        else:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise _Stop(line, column, _("nested deeper than {limit} levels").format(limit=MAX_DEPTH))
            if event.tag not in (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
                self._tag(event)
            if isinstance(event, yaml.SequenceStartEvent):
                self._sequence(node)
            else:
                self._mapping(node)
            self.depth -= 1
        if event.anchor is not None:
            # Only a finished node can be referred to, so nothing contains itself.
            self.anchors[event.anchor] = node
        return node

    def _alias(self, event: Any, line: int, column: int) -> Node:
        target = self.anchors.get(event.anchor)
        if target is None:
            raise _Stop(line, column, _("alias *{name} has no anchor before it").format(name=shown(event.anchor)))
        self.aliased += target.size
        if self.aliased > MAX_ALIASED:
            sentence = _("aliases repeat more than {limit} values; write them out or leave them out")
            raise _Stop(line, column, sentence.format(limit=MAX_ALIASED))
        return target

    def _sequence(self, node: Node) -> None:
        node.items = []
        while not isinstance(self.events.peek_event(), yaml.SequenceEndEvent):
            child = self._node()
            node.items.append(child)
            node.size += child.size
        self.events.get_event()
        node.data = [child.data for child in node.items]

    def _mapping(self, node: Node) -> None:
        node.entries = {}
        while not isinstance(self.events.peek_event(), yaml.MappingEndEvent):
            event = self.events.peek_event()
            mark = event.start_mark
            plain_key = isinstance(event, yaml.ScalarEvent)
            key_node = self._node()
            value = self._node()
            node.size += 1 + value.size
            if not plain_key:
                self._mistake(mark, _("a key has to be a word; found a list, a mapping or an alias"))
            elif event.value in node.entries:
                first = node.keys[event.value][0]
                sentence = _("key '{key}' stands here a second time; the first is on line {line}")
                self._mistake(mark, sentence.format(key=shown(event.value), line=first))
            else:
                node.entries[event.value] = value
                node.keys[event.value] = (key_node.line, key_node.column)
        self.events.get_event()
        node.data = {key: child.data for key, child in node.entries.items()}

    def _scalar(self, event: Any) -> Any:
        if event.tag not in _TEXT_TAGS:
            self._tag(event)
        text: str = event.value
        plain = event.implicit[0] and event.tag is None
        return resolve(text) if plain else text

    def _tag(self, event: Any) -> None:
        tag = event.tag.replace("tag:yaml.org,2002:", "!!")
        sentence = _("tag {tag} is not read here; write the value without it").format(tag=shown(tag))
        self._mistake(event.start_mark, sentence)


def resolve(text: str) -> Any:
    """A plain scalar by YAML 1.2's core schema, without its hexadecimal and octal forms."""
    if _NULL.match(text):
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    if _FLOAT_NAMES.match(text):
        return float(text.lower().replace(".", ""))
    return text

"""The staged folder: writes only what changed, removes what went away, so that a watching server rebuilds one page."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

_MANIFEST = ".manifest.json"


@dataclass(frozen=True)
class Changes:
    """What one staging did, as paths inside the staged folder."""

    written: tuple[str, ...]
    deleted: tuple[str, ...]


@dataclass
class Stage:
    """A folder of staged files; `finish` ends a staging and deletes what this one did not mention."""

    folder: Path
    _before: dict[str, str] = field(default_factory=dict)
    _now: dict[str, str] = field(default_factory=dict)
    _written: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._before = json.loads((self.folder / _MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._before = {}

    def write(self, path: str, content: str | bytes) -> None:
        """Stage a file; the same content as last time leaves it, and its time, as they are."""
        data = content.encode("utf-8", "replace") if isinstance(content, str) else content
        target = self.folder / path
        state = hashlib.sha256(data).hexdigest()
        self._now[path] = state
        if self._before.get(path) == state and _size(target) == len(data):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        self._written.append(path)

    def copy(self, path: str, source: Path) -> None:
        """Stage a copy of a file; told apart by size and time, so that a large picture is not read for nothing."""
        found = source.stat()
        state = f"{found.st_size} {found.st_mtime_ns} {source}"
        target = self.folder / path
        self._now[path] = state
        if self._before.get(path) == state and _size(target) == found.st_size:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
        self._written.append(path)

    def share(self) -> tuple[dict[str, str], list[str]]:
        """What was staged so far, for `take` in another process."""
        return self._now, self._written

    def take(self, shared: tuple[dict[str, str], list[str]]) -> None:
        """Count what another process staged into the same folder."""
        self._now.update(shared[0])
        self._written += shared[1]

    def finish(self) -> Changes:
        """Delete what is staged no longer, note what there is, and say what changed."""
        gone = sorted(self._before.keys() - self._now.keys())
        for path in gone:
            target = self.folder / path
            target.unlink(missing_ok=True)
            for parent in target.relative_to(self.folder).parents:
                if parent != Path() and (self.folder / parent).is_dir() and not any((self.folder / parent).iterdir()):
                    (self.folder / parent).rmdir()
        if self._now != self._before:
            (self.folder / _MANIFEST).write_text(json.dumps(self._now, ensure_ascii=False, indent=0), encoding="utf-8")
        changes = Changes(tuple(self._written), tuple(gone))
        self._before, self._now, self._written = self._now, {}, []
        return changes


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1

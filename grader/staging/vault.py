"""Which file or page a link in a note means: as Obsidian looks it up, by name anywhere among the team's notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from grader.staging.text import nfc

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".bmp", ".heic", ".heif"})
ATTACHMENTS = PICTURES | {".pdf", ".csv", ".txt", ".mp4", ".webm", ".mp3"}


@dataclass(frozen=True)
class Note:
    """A member's `notes.md` (or another Markdown file beside it) and where the site shows it."""

    path: str
    """From the vault's root (`solutions/`), NFC: `sejun/week01/notes.md`."""
    page: str
    """The staged page that shows it: `weeks/week01.md`."""
    anchor: str
    """Where it begins on that page."""


@dataclass
class Vault:
    """Everything below `solutions/` that a note can link to or embed."""

    files: dict[str, Path] = field(default_factory=dict)
    """NFC path from the root → the file on disk (whose own name may be NFD)."""
    notes: dict[str, Note] = field(default_factory=dict)
    """NFC path → the note."""
    _by_name: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, files: Mapping[str, Path], notes: Mapping[str, Note]) -> Vault:
        """Index `files` by NFC path from the vault's root; `notes` are among them."""
        vault = cls(dict(files), dict(notes))
        for path in files:
            vault._by_name[path.rsplit("/", 1)[-1].lower()].append(path)
        return vault

    def file(self, target: str, note: str) -> str | None:
        """The path of an attachment named `target` in the note at path `note`, or None.

        In Obsidian's order: beside the note, from the vault's root, then by name anywhere, the nearest first.
        """
        return self._find(target, note, lambda path: PurePosixPath(path).suffix.lower() in ATTACHMENTS)

    def note(self, target: str, note: str) -> Note | None:
        """The note that `target` names, with or without `.md`; a member's week is also found by its folder's name."""
        name = target if target.lower().endswith(".md") else f"{target}.md"
        found = self._find(name, note, lambda path: path in self.notes)
        if found is None:
            folder = nfc(target).strip("/").lower()
            near = (
                [path for path in self.notes if str(PurePosixPath(path).parent).lower().endswith(folder)]
                if folder
                else []
            )
            same_member = [path for path in near if path.split("/")[0] == note.split("/")[0]]
            found = next(iter(same_member or near), None)
        return self.notes[found] if found else None

    def _find(self, target: str, note: str, fits: Callable[[str], bool]) -> str | None:
        wanted = nfc(target).strip().removeprefix("./").lstrip("/")
        if not wanted or "\0" in wanted:
            return None
        beside = _joined(PurePosixPath(note).parent, wanted)
        for path in (beside, wanted):
            if path in self.files and fits(path):
                return path
        near = [path for path in self._by_name.get(PurePosixPath(wanted).name.lower(), ()) if fits(path)]
        near = [path for path in near if path.lower().endswith(wanted.lower())]
        here = note.split("/")
        return min(near, key=lambda path: (-_shared(here, path.split("/")), path), default=None)


def _joined(folder: PurePosixPath, target: str) -> str:
    parts: list[str] = list(folder.parts)
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _shared(one: list[str], other: list[str]) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))

"""A member's notes taken into another document: headings lowered, pictures found and renamed, the rest as written.

Nothing inside code or formulas is touched. What only Obsidian understands is kept for it, and made plain elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

_FENCE = re.compile(r"^(?P<indent>(?:[ \t>]|[-*+] )*)(?P<marks>`{3,}|~{3,}|\$\$)")
_HEADING = re.compile(r"^(#{1,6})(?=[ \t]|$)")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")
_CALLOUT = re.compile(r"^(?P<quote>(?:>[ \t]*)+)\[!(?P<kind>[\w-]+)\][-+]?[ \t]*(?P<title>.*)$")
_INLINE = re.compile(
    r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<math>\$(?!\s)[^$\n]+?(?<!\s)\$)"
    r"|(?P<comment>%%.*?%%)"
    r"|!\[\[(?P<embed>[^\[\]\n]+)\]\]"
    r"|\[\[(?P<link>[^\[\]\n]+)\]\]"
    r"|!\[(?P<alt>[^\]\n]*)\]\((?P<target><[^>\n]+>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?P<title>\s+\"[^\"\n]*\")?\)"
)
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".bmp", ".heic", ".heif"})


@dataclass
class Taken:
    """What a note became, and what could not be taken along."""

    text: str
    missing: list[str] = field(default_factory=list)
    """Pictures that the note shows and that are nowhere, as it names them."""


def take(note: Path, solutions: Path, keep: Callable[[Path], str], *, levels: int, obsidian: bool) -> Taken:
    """The note's text for another document, its headings `levels` lower.

    `keep` is given each picture's file (below `solutions`, links followed) and returns the name it has beside the
    document. Raises OSError and UnicodeDecodeError as reading does.
    """
    text = note.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    taken = Taken("")
    writer = _Writer(note, solutions, keep, obsidian, taken)
    lines = [line if verbatim else writer.line(line, levels) for line, verbatim in _lines(_set_underlined(_body(text)))]
    taken.text = "\n".join(lines).strip("\n") + "\n"
    return taken


def _body(text: str) -> str:
    """Without front matter, which means nothing in the middle of a document."""
    found = re.match(r"---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", text, re.DOTALL)
    return text[found.end() :] if found else text


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it stands in a fence of code or a block of mathematics."""
    fence: str | None = None
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if fence is not None:
            yield line, True
            closing = line.strip(" \t>")
            closes = closing.endswith("$$") if fence == "$$" else closing.startswith(fence)
            if closes and (fence == "$$" or not closing.strip(fence[0])):
                fence = None
        elif found:
            yield line, True
            rest = line[found.end() :]
            one_line = found["marks"] == "$$" and rest.rstrip().endswith("$$")
            inline_code = found["marks"][0] == "`" and "`" in rest
            fence = None if one_line or inline_code else found["marks"]
        else:
            yield line, False


def _set_underlined(text: str) -> str:
    """Headings that are underlined (`===`) as headings with number signs, so that they can be lowered."""
    out: list[str] = []
    for line, verbatim in _lines(text):
        found = None if verbatim else _UNDERLINE.match(line)
        alone = bool(out) and bool(out[-1].strip()) and (len(out) == 1 or not out[-2].strip())
        if found and alone and not out[-1].lstrip().startswith(("#", ">", "-", "*", "+", "|", "`")):
            out[-1] = ("# " if found[1][0] == "=" else "## ") + out[-1].strip()
        else:
            out.append(line)
    return "\n".join(out)


@dataclass
class _Writer:
    note: Path
    solutions: Path
    keep: Callable[[Path], str]
    obsidian: bool
    taken: Taken

    def line(self, line: str, levels: int) -> str:
        heading = _HEADING.match(line)
        if heading:
            line = "#" * min(6, len(heading[1]) + levels) + line[heading.end() :]
        callout = _CALLOUT.match(line)
        if callout and not self.obsidian:
            title = callout["title"].strip() or callout["kind"].capitalize()
            line = f"{callout['quote']}**{title}**"
        return _INLINE.sub(self._inline, line)

    def _inline(self, found: re.Match[str]) -> str:
        if found["code"] or found["math"]:
            return found[0]
        if found["comment"]:
            return ""
        if found["embed"] is not None:
            target, _bar, aside = found["embed"].replace("\\|", "|").partition("|")
            return self._embed(found[0], target.strip(), aside.strip())
        if found["link"] is not None:
            target, _bar, alias = found["link"].replace("\\|", "|").partition("|")
            return alias.strip() or target.strip().lstrip("#").replace("#", " > ")
        target = found["target"].removeprefix("<").removesuffix(">")
        if re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.IGNORECASE):
            return found[0]
        return self._embed(found[0], unquote(target), found["alt"])

    def _embed(self, whole: str, target: str, aside: str) -> str:
        """A picture by its new name; an embedded note as its name; what cannot be found as it was written."""
        name = PurePosixPath(target.partition("#")[0])
        if name.suffix.lower() not in PICTURES:
            return aside or target if whole.startswith("![[") else whole
        file = find_picture(self.note, self.solutions, target)
        if file is None:
            self.taken.missing.append(target)
            return whole
        kept = self.keep(file)
        if self.obsidian:
            return f"![[{kept}|{aside}]]" if aside else f"![[{kept}]]"
        size = re.fullmatch(r"(?:.*\|)?\s*\d+(?:x\d+)?", aside)
        alt = aside.rpartition("|")[0] if size else aside
        return f"![{alt or name.stem}]({quote(kept)})"


def find_picture(note: Path, solutions: Path, target: str) -> Path | None:
    """The file a note means: beside it, from the solutions' root, then by name anywhere, the note's member first.

    Links are followed only as long as they stay below `solutions`.
    """
    wanted = unicodedata.normalize("NFC", target).lstrip("/").removeprefix("./")
    home = solutions.resolve()
    for base in (note.parent, solutions):
        file = base / wanted
        if _is_inside(file, home):
            return file
    member = solutions / note.relative_to(solutions).parts[0]
    name = PurePosixPath(wanted).name
    for folder in (note.parent, member, solutions):
        for file in sorted(folder.rglob("*")):
            if unicodedata.normalize("NFC", file.name) == name and _is_inside(file, home):
                return file
    return None


def _is_inside(file: Path, home: Path) -> bool:
    try:
        resolved = file.resolve()
        return resolved.is_relative_to(home) and resolved.is_file()
    except (OSError, ValueError, RuntimeError):
        # A name too long, with a NUL, or a circle of links: none of them is a picture.
        return False

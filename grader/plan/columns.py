"""Text broken into lines of so many columns, as a terminal counts them: a Korean letter takes two."""

from __future__ import annotations

import re
import unicodedata

WIDTH = 96
"""Of the text in files that people write on."""


_WORD = re.compile(r"(?:`[^`\n]*`|\S)+")
"""What stays on one line: a word, or a command in backquotes with what clings to it."""


def filled(text: str, indent: str = "", hanging: str | None = None) -> str:
    """The text broken between words into lines of at most WIDTH columns; `hanging` indents all but the first."""
    lines, line, begun = [], indent, False
    for word in _WORD.findall(text):
        joined = f"{line} {word}" if begun else line + word
        if begun and columns(joined) > WIDTH:
            lines.append(line)
            joined = (indent if hanging is None else hanging) + word
        line, begun = joined, True
    return "\n".join([*lines, line])


def columns(text: str) -> int:
    """How many columns the text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)

"""Text broken into lines of so many columns, as a terminal counts them: a Korean letter takes two."""

from __future__ import annotations

import unicodedata

WIDTH = 96
"""Of the text in files that people write on."""


def filled(text: str, indent: str = "", hanging: str | None = None) -> str:
    """The text broken between words into lines of at most WIDTH columns; `hanging` indents all but the first."""
    lines, line = [], indent
    for word in text.split():
        joined = line + word if not line.strip() else f"{line} {word}"
        if line.strip() and columns(joined) > WIDTH:
            lines.append(line)
            joined = (indent if hanging is None else hanging) + word
        line = joined
    return "\n".join([*lines, line])


def columns(text: str) -> int:
    """How many columns the text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)

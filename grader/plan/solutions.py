"""Where a member's work of a week stands: `solutions/<member>/weekNN/<loss>.py` or `.ipynb`, and `notes.md`."""

from __future__ import annotations

import os
from pathlib import Path

from grader.errors import UsageError
from grader.messages import gettext as _

SUFFIXES = (".py", ".ipynb")


def folder(root: Path, week_number: int, member: str) -> Path:
    """`solutions/<member>/weekNN` below the team's folder, whether it is there or not."""
    return root / "solutions" / member / f"week{week_number:02d}"


def find(root: Path, week_number: int, member: str, loss: str) -> Path | None:
    """The file handed in for a loss, or None. A link or a folder of that name counts: grading it says what is wrong.

    Raises UsageError when both a `.py` and an `.ipynb` are there, since only one can count.
    """
    home = folder(root, week_number, member)
    there = [path for suffix in SUFFIXES if os.path.lexists(path := home / f"{loss}{suffix}")]
    if len(there) > 1:
        first, second = (path.relative_to(root).as_posix() for path in there)
        sentence = _("both {first} and {second} are there; keep the one that is handed in and move the other")
        raise UsageError(sentence.format(first=first, second=second))
    return there[0] if there else None

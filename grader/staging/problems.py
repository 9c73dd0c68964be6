"""What is wrong in a member's file: told at build with file and line, shown on the page, and never a reason to stop."""

from __future__ import annotations

from dataclasses import dataclass

from grader.errors import MogakcoError


class StagingError(MogakcoError):
    """A part of the site itself failed: a figure, the catalogue. Nothing that a member wrote causes it."""


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in one file."""

    file: str
    """Relative to the team's folder."""
    line: int
    """1-based."""
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"

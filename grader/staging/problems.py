"""What is wrong in a member's file: told at build with file and line, shown on the page, and never a reason to stop."""

from __future__ import annotations

from dataclasses import dataclass


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

"""Gradings that were made before, in `build/grades`: derived, safe to delete, trusted on this machine only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.tracking.files import write_atomically


@dataclass(frozen=True)
class GradeCache:
    """Reports by the key that `definition.key_of` makes."""

    root: Path

    def get(self, key: str) -> dict[str, Any] | None:
        """The report (`Report.to_json()`) of that grading, or None; a file that cannot be read counts as none."""
        try:
            report = json.loads(self._path(key).read_bytes())
        except (OSError, ValueError, RecursionError):
            return None
        return report if isinstance(report, dict) else None

    def put(self, key: str, report: dict[str, Any]) -> None:
        """Keep a report. Raises OSError when it cannot be written."""
        write_atomically(self._path(key), json.dumps(report, ensure_ascii=True, allow_nan=False).encode("ascii"))

    def _path(self, key: str) -> Path:
        return self.root / "build" / "grades" / key[:2] / f"{key}.json"

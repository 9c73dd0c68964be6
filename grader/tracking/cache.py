"""Gradings that were made before, in `build/grades`: derived, safe to delete, trusted on this machine only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grader.report import Outcome, Report
from grader.tracking.attempt import UnreadableError, check_report, parse
from grader.tracking.files import write_atomically
from grader.tracking.restored import report_of


@dataclass(frozen=True)
class GradeCache:
    """Reports by the key that `definition.key_of` makes."""

    root: Path

    def get(self, key: str) -> Report | None:
        """The report of that grading, or None; a file that cannot be read, or holds no report, counts as none."""
        try:
            stored = parse(self._path(key).read_bytes())
            check_report(stored)
        except (OSError, UnreadableError):
            return None
        return report_of(stored)

    def put(self, key: str, report: Report) -> None:
        """Keep a report, unless a check erred (time and memory may be kinder next time) or the disk takes nothing."""
        if all(check.outcome is not Outcome.ERROR for check in report.checks):
            # What cannot be kept is only graded again: a full or read-only disk is no reason not to grade.
            with suppress(OSError):
                write_atomically(self._path(key), report.to_line().encode("ascii"))

    def _path(self, key: str) -> Path:
        return self.root / "build" / "grades" / key[:2] / f"{key}.json"


def through(
    cache: GradeCache, keys: Sequence[str | None], grade: Callable[[Sequence[int]], Iterator[Report]]
) -> Iterator[Report]:
    """One report for each key, in order: the kept one, or else what `grade` gives for the places that are not kept.

    None as a key is always graded and never kept. `grade` is called once, with the places (0-based) in order, and not
    at all when there are none; its reports come through as they are made.
    """
    kept: dict[int, Report] = {}
    for place, key in enumerate(keys):
        found = cache.get(key) if key is not None else None
        if found is not None:
            kept[place] = found
    missing = [place for place in range(len(keys)) if place not in kept]
    graded = grade(missing) if missing else iter(())
    for place, key in enumerate(keys):
        if place in kept:
            yield kept[place]
            continue
        report = next(graded)
        if key is not None:
            cache.put(key, report)
        yield report

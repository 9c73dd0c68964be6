"""Everything the pages are made of, read once: plan, records, progress, notes and the catalogue."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.plan import Plan, load_plan, solutions
from grader.staging.text import nfc
from grader.staging.vault import Note, Vault
from grader.tracking import ledger, verification
from grader.tracking.progress import Progress, Standing, progress

NOTES = "notes.md"


@dataclass(frozen=True)
class Study:
    """A team's study as it stands at one moment."""

    root: Path
    plan: Plan
    progress: Progress
    vault: Vault

    notes: Mapping[tuple[int, str], str]
    """The vault path of each note by week and member."""

    def note(self, week: int, member: str) -> str | None:
        """The vault path of a member's note, or None."""
        return self.notes.get((week, member))


def read_study(root: Path, now: datetime) -> Study:
    """Read all of it. Raises PlanError when something in `weeks/` is wrong."""
    plan = load_plan(root)
    made = progress(plan, ledger.read(root), now, trust=verification.load(root))
    files = {nfc(path): file for path, file in _files(root / "solutions")}
    notes = {key: path for key, path in _note_paths(root, plan) if path in files}
    shown = {path: Note(path, week_page(week), member) for (week, member), path in notes.items()}
    return Study(root, plan, made, Vault.of(files, shown), notes)


def _note_paths(root: Path, plan: Plan) -> Iterator[tuple[tuple[int, str], str]]:
    folder = root / "solutions"
    for week in plan.weeks:
        for member in plan.team.members:
            path = solutions.folder(root, week.number, member.id).relative_to(folder) / NOTES
            yield (week.number, member.id), path.as_posix()


def _files(folder: Path, inside: str = "") -> Iterator[tuple[str, Path]]:
    """Files below `folder`, sorted, with their paths from it; `inside` stands before those.

    Links are left out: one could lead to anything that the building user can read.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(path, f"{inside}{entry.name}/")
        elif entry.is_file(follow_symlinks=False):
            yield f"{inside}{entry.name}", path


def week_page(number: int) -> str:
    """The staged page of a week."""
    return f"weeks/week{number:02d}.md"


def member_page(member: str) -> str:
    """The staged page of a member."""
    return f"members/{member}.md"


def loss_page(loss: str) -> str:
    """The staged page of a loss."""
    return f"losses/{loss}.md"


def report_page(standing: Standing) -> str | None:
    """The staged page of a submission's report; None before the first attempt."""
    if not standing.attempts:
        return None
    return f"reports/{standing.member}/week{standing.week:02d}-{standing.loss}.md"


def words(texts: Mapping[str, Any], language: str) -> Any:
    """A text of the catalogue in the page's language, in English where it lacks one."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()))

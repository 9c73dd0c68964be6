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

    def note(self, week: int, member: str) -> str | None:
        """The vault path of a member's note, or None."""
        path = solutions.folder(self.root, week, member).relative_to(self.root / "solutions").as_posix() + f"/{NOTES}"
        return path if path in self.vault.notes else None


def read_study(root: Path, now: datetime) -> Study:
    """Read all of it. Raises PlanError when something in `weeks/` is wrong."""
    plan = load_plan(root)
    made = progress(plan, ledger.read(root), now, trust=verification.load(root))
    return Study(root, plan, made, _vault(root, plan))


def _vault(root: Path, plan: Plan) -> Vault:
    folder = root / "solutions"
    files = {nfc(path.relative_to(folder).as_posix()): path for path in _files(folder)}
    notes: dict[str, Note] = {}
    for week in plan.weeks:
        for member in plan.team.members:
            path = f"{solutions.folder(root, week.number, member.id).relative_to(folder).as_posix()}/{NOTES}"
            if path in files:
                notes[path] = Note(path, week_page(week.number), member.id)
    return Vault.of(files, notes)


def _files(folder: Path) -> Iterator[Path]:
    """Files below `folder`, sorted. Links are left out: one could lead to anything that the building user can read."""
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__pycache__")))
        for name in sorted(names):
            path = Path(here, name)
            if not name.startswith(".") and not path.is_symlink() and path.is_file():
                yield path


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

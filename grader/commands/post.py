"""`post`: write the weekly post with its pictures beside it."""

from __future__ import annotations

import argparse
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from grader.commands.options import add_language_option, choose_language
from grader.errors import UsageError
from grader.messages import gettext as _
from grader.messages import ngettext
from grader.plan import find_root, load_plan
from grader.tracking import ledger, verification
from grader.tracking.files import shown, write_atomically
from grader.tracking.post import write_post
from grader.tracking.progress import progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--week", type=int, metavar="N", help=_("the week; else the one that is running"))
    parser.add_argument(
        "--format",
        choices=("markdown", "obsidian"),
        default="markdown",
        help=_("how pictures and callouts are written"),
    )
    parser.add_argument("--out", metavar="DIR", help=_("an empty or new folder; else build/post/weekNN, made anew"))
    add_language_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the post and say where; what could not be taken along is told on standard error. 0."""
    choose_language(arguments)
    plan = load_plan(find_root())
    made = progress(plan, ledger.read(plan.root), datetime.now(UTC), trust=verification.load(plan.root))
    week = arguments.week if arguments.week is not None else made.current_week
    if week is None:
        raise UsageError(_("Nothing is planned yet. `python3 tasks.py new-week` writes the first week."))
    post = write_post(plan, made, week, obsidian=arguments.format == "obsidian")
    name = f"week{week:02d}"
    folder = Path(arguments.out) if arguments.out else plan.root / "build" / "post" / name
    try:
        if not arguments.out:
            # Derived, and only ours: what an earlier post left there would be handed in with this one.
            shutil.rmtree(folder, ignore_errors=True)
        elif folder.exists() and any(folder.iterdir()):
            raise UsageError(_("{folder} is not empty; name a new folder with --out.").format(folder=folder))
        for picture, content in post.pictures.items():
            write_atomically(folder / picture, content)
        write_atomically(folder / f"{name}.md", post.text.encode("utf-8"))
    except OSError as error:
        raise UsageError(_("Cannot write {path}: {error}.").format(path=folder, error=error.strerror)) from error
    for problem in post.problems:
        print(_("Note: {problem}").format(problem=problem), file=sys.stderr)
    count = len(post.pictures)
    written = (
        ngettext("Wrote {path} and {count} picture beside it.", "Wrote {path} and {count} pictures beside it.", count)
        if count
        else _("Wrote {path}; it shows no pictures.")
    )
    print(written.format(path=shown(folder / f"{name}.md"), count=count))
    return 0

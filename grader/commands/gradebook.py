"""`gradebook`: members × assignments as CSV."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from grader.commands.options import add_language_option, choose_language
from grader.errors import UsageError
from grader.messages import gettext as _
from grader.plan import find_root, load_plan
from grader.tracking import ledger, verification
from grader.tracking.files import write_atomically
from grader.tracking.gradebook import gradebook
from grader.tracking.progress import progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--week", type=int, metavar="N", help=_("only this week"))
    parser.add_argument("--csv", required=True, metavar="FILE", help=_("where to write it; - for standard output"))
    add_language_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the file and say so; 0."""
    choose_language(arguments)
    plan = load_plan(find_root())
    if arguments.week is not None:
        plan.week(arguments.week)
    made = progress(plan, ledger.read(plan.root), datetime.now(UTC), trust=verification.load(plan.root))
    text = gradebook(plan, made, arguments.week, addresses=True)
    if arguments.csv == "-":
        sys.stdout.write(text.replace("\r\n", "\n"))
        return 0
    try:
        # The mark at the start tells spreadsheets that Korean names are UTF-8.
        write_atomically(Path(arguments.csv), text.encode("utf-8-sig"))
    except OSError as error:
        raise UsageError(_("Cannot write {path}: {error}.").format(path=arguments.csv, error=error.strerror)) from error
    print(_("Wrote {path}.").format(path=arguments.csv))
    return 0

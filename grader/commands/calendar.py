"""`calendar`: write meetings.ics."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from grader.commands.options import add_language_option, choose_language
from grader.errors import UsageError
from grader.messages import gettext as _
from grader.plan import find_root, load_plan
from grader.tracking.calendar import calendar
from grader.tracking.files import write_atomically


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--out", default="meetings.ics", metavar="FILE", help=_("where to write it"))
    parser.add_argument("--url", metavar="URL", help=_("the site's address, for the entries to link to"))
    add_language_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the file and say so; 0."""
    choose_language(arguments)
    plan = load_plan(find_root())
    try:
        write_atomically(Path(arguments.out), calendar(plan, datetime.now(UTC), arguments.url))
    except OSError as error:
        raise UsageError(_("Cannot write {path}: {error}.").format(path=arguments.out, error=error.strerror)) from error
    print(_("Wrote {path}.").format(path=arguments.out))
    return 0

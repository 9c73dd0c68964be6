"""`validate`: everything in `weeks/` checked at once, and the schemas that editors check it with."""

from __future__ import annotations

import argparse
import sys

from grader.commands.options import add_language_option, choose_language
from grader.errors import MogakcoError
from grader.messages import gettext as _
from grader.messages import ngettext
from grader.plan import find_root, load_plan
from grader.plan.schema import outdated, write_schemas


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "--write-schema",
        action="store_true",
        help=_("also write weeks/schema/*.json, by which editors complete and check the YAML"),
    )
    add_language_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it, and return the exit status."""
    choose_language(arguments)
    root = find_root()
    if arguments.write_schema:
        try:
            for path in write_schemas(root):
                print(_("wrote {path}").format(path=path.relative_to(root).as_posix()))
        except OSError as error:
            sentence = _("the schemas cannot be written to {path}: {reason}")
            raise MogakcoError(sentence.format(path=error.filename, reason=error.strerror)) from error
    plan = load_plan(root)
    weeks = len(plan.weeks)
    assignments = sum(len(week.assignments) for week in plan.weeks)
    members = len(plan.team.members)
    counts = ", ".join(
        (
            ngettext("{count} member", "{count} members", members).format(count=members),
            ngettext("{count} week", "{count} weeks", weeks).format(count=weeks),
            ngettext("{count} assignment", "{count} assignments", assignments).format(count=assignments),
        )
    )
    print(_("weeks/ is in order: {team}, {counts}").format(team=plan.team.name, counts=counts))
    for path in outdated(root):
        sentence = _("{path} is not current; `python3 tasks.py validate --write-schema` writes it")
        print(sentence.format(path=path.relative_to(root).as_posix()), file=sys.stderr)
    return 0

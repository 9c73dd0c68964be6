"""`stub`: what the week assigns and nobody has begun, written into solutions/."""

from __future__ import annotations

import argparse
import os

from grader.commands.options import add_language_option, choose_language
from grader.messages import gettext as _
from grader.plan import find_root, load_plan, solutions
from grader.plan.stub import assigned, write_stubs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--week", type=int, metavar="N", help=_("only this week"))
    parser.add_argument("--member", metavar="ID", help=_("only this member"))
    add_language_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it, and return the exit status."""
    choose_language(arguments)
    root = find_root()
    plan = load_plan(root)
    written = write_stubs(plan, arguments.week, arguments.member)
    for path in written:
        print(_("wrote {path}").format(path=path.relative_to(root).as_posix()))
    kept = 0
    for week, assignment in assigned(plan, arguments.week, arguments.member):
        home = solutions.folder(root, week.number, assignment.member)
        for suffix in solutions.SUFFIXES:
            path = home / f"{assignment.loss}{suffix}"
            if os.path.lexists(path) and path not in written:
                kept += 1
                print(_("kept {path}").format(path=path.relative_to(root).as_posix()))
    if not written and not kept:
        print(_("Nothing is assigned there."))
    return 0

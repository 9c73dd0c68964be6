"""`site`: stage the team's pages and build them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from grader.errors import MogakcoError, UsageError
from grader.messages import LANGUAGES, ngettext
from grader.messages import gettext as _
from grader.plan import find_root


class SiteBuildError(MogakcoError):
    """mkdocs refused to build; the message has its reasons."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--out", type=Path, metavar="DIR", help=_("where to build; else public/"))
    parser.add_argument(
        "--lang", action="append", choices=LANGUAGES, help=_("language; given twice, the second goes into a folder")
    )
    parser.add_argument("--strict", action="store_true", help=_("exit with 1 when something in a note is wrong"))


def run(arguments: argparse.Namespace) -> int:
    """Build, report what is wrong in members' files; 0, or with --strict 1 when there was something."""
    from grader.staging import building

    root = find_root()
    out = (arguments.out or root / "public").resolve()
    if out == root or out in root.parents:
        raise UsageError(_("{folder} holds the team's files; building there would delete them.").format(folder=out))
    made = building.build(root, out, languages=arguments.lang or [])
    for problem in made.problems:
        print(problem, file=sys.stderr)
    if made.refusals:
        raise SiteBuildError("\n".join(made.refusals))
    print(_("The site is in {folder} ({pages} pages).").format(folder=out, pages=made.pages))
    if made.problems:
        count = len(made.problems)
        found = ngettext("{count} thing in the notes is wrong", "{count} things in the notes are wrong", count)
        print(found.format(count=count), file=sys.stderr)
    return int(bool(made.problems) and arguments.strict)

"""For a pull request: grade the solutions it changes, and show it on the job's page.

`python -m grader.commands.ci BASE [--summary FILE] [--junit FILE]`; 0 when all that changed passed, else 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.commands.options import add_grading_options, choose_language, options_from
from grader.errors import MogakcoError
from grader.messages import gettext as _
from grader.plan import Plan, find_root, load_plan, solutions
from grader.plan.model import Assignment, Week
from grader.report import Verdict
from grader.reporting.plain import printable
from grader.reporting.summary import junit, markdown
from grader.reporting.terminal import verdict_word
from grader.tracking import ledger
from grader.tracking.files import write_atomically
from grader.tracking.repository import Repository

_DECISIVE = (".git", ".venv/", "build/", "mkdocs.yml", "public/", "pyproject.toml", "site/", "tasks.py", "weeks/")
"""How the paths begin that decide about grading and publishing: the plan, the tools, and what is never committed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("base", metavar="BASE", help=_("the commit that the pull request is to be merged into"))
    parser.add_argument("--summary", metavar="FILE", help=_("Markdown, added to the end of FILE"))
    parser.add_argument("--junit", metavar="FILE", help=_("JUnit XML"))
    add_grading_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Grade every assignment whose file changed since BASE."""
    choose_language(arguments)
    plan = load_plan(find_root())
    from grader.grading import grade_all
    from grader.weekly import task_of

    changed = Repository(plan.root).changed_since(arguments.base)
    tasks = [task_of(plan, week, assignment) for week, assignment in touched(plan, changed)]
    reports = list(grade_all(tasks, options_from(arguments, plan.team))) if tasks else []
    warnings = list(suspicious(changed, Repository(plan.root).lines_removed(arguments.base, ledger.FOLDER)))
    text = markdown(reports, warnings)
    if arguments.summary:
        with Path(arguments.summary).open("a", encoding="utf-8") as file:
            file.write(text)
    if arguments.junit:
        write_atomically(Path(arguments.junit), junit(reports))
    for report in reports:
        print(f"{verdict_word(report.verdict)}  {report.score:5.1f}  {report.file}")
    if not reports:
        print(_("No solution changed."))
    for warning in warnings:
        print(printable(warning))
    return int(any(report.verdict is Verdict.FAIL for report in reports))


def touched(plan: Plan, changed: frozenset[str]) -> Iterator[tuple[Week, Assignment]]:
    """The assignments whose solution is among these paths (from the team's folder)."""
    for week in plan.weeks:
        for assignment in week.assignments:
            path = solutions.find(plan.root, week.number, assignment.member, assignment.loss)
            if path is not None and path.relative_to(plan.root).as_posix() in changed:
                yield week, assignment


def suspicious(changed: frozenset[str], shortened: Sequence[str]) -> Iterator[str]:
    """Sentences on what a person has to look at: whoever changes what grading rests on can pass with anything."""
    decisive = sorted(name for name in changed if name.startswith(_DECISIVE) and not name.startswith("weeks/photos/"))
    if decisive:
        yield _("It changes what grading rests on; look at it before merging: {files}").format(files=_listed(decisive))
    if shortened:
        yield _("It changes or removes records, which are only ever added to: {files}").format(files=_listed(shortened))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m grader.commands.ci", description=__doc__)
    add_arguments(parser)
    try:
        return run(parser.parse_args())
    except MogakcoError as error:
        print(error, file=sys.stderr)
        return error.exit_status


if __name__ == "__main__":
    sys.exit(main())

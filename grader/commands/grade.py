"""`grade`: any file against a loss, or what the weeks assign and the solutions hold."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from grader.commands.options import add_grading_options, choose_language, options_from
from grader.errors import UsageError
from grader.messages import gettext as _

if TYPE_CHECKING:
    from grader.grading import Options, Task
    from grader.plan import Team
    from grader.report import Report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("files", nargs="*", metavar="FILE", help=_("submissions anywhere; without one, the weeks'"))
    parser.add_argument("--loss", metavar="ID", help=_("the loss to grade against; needed with FILE"))
    parser.add_argument("--week", type=int, metavar="N", help=_("only this week's assignments"))
    parser.add_argument("--member", metavar="ID", help=_("only this member's assignments"))
    parser.add_argument("--json", metavar="PATH", help=_("one JSON object a line to PATH, or - for standard output"))
    parser.add_argument("--force", action="store_true", help=_("grade what did not change since the last time too"))
    parser.add_argument("--verbose", "-v", action="store_true", help=_("every check of every submission, in full"))
    add_grading_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Grade and report; 0 when every submission passed, 1 when some did not."""
    choose_language(arguments)
    began = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    tasks, options = _collect(arguments)
    if not tasks:
        raise UsageError(_("Nothing to grade: no assignment fits --week, --member and --loss."))
    with _json_stream(arguments.json) as lines, contextlib.closing(_graded(arguments, tasks, options)) as graded:
        reports = []
        for report in _with_progress(graded, len(tasks)):
            reports.append(report)
            if lines is not None:
                lines.write(report.to_line() + "\n")
                lines.flush()
    if arguments.json != "-":
        _print(reports, verbose=arguments.verbose, began=began)
    from grader.report import Verdict

    return 0 if all(report.verdict is Verdict.PASS for report in reports) else 1


def _graded(arguments: argparse.Namespace, tasks: Sequence[Task], options: Options) -> Generator[Report, None, None]:
    """The reports in order: files are always graded, assignments only when something about them changed."""
    from grader.grading import grade_all

    if arguments.files or arguments.force or options.require_isolation:
        yield from grade_all(tasks, options)
        return
    from grader.plan import find_root
    from grader.tracking.cache import GradeCache, through
    from grader.unchanged import keys_of

    def fresh(places: Sequence[int]) -> Iterator[Report]:
        return grade_all([tasks[place] for place in places], options)

    yield from through(GradeCache(find_root()), keys_of(tasks, options), fresh)


def _collect(arguments: argparse.Namespace) -> tuple[list[Task], Options]:
    from grader.grading import Task
    from grader.losses import ids
    from grader.plan import find_root, load_plan
    from grader.weekly import tasks_of

    if arguments.loss is not None and arguments.loss not in ids():
        from grader.losses import get

        get(arguments.loss)
    if not arguments.files:
        plan = load_plan(find_root())
        return (
            tasks_of(plan, week=arguments.week, member=arguments.member, loss=arguments.loss),
            options_from(arguments, plan.team),
        )
    if arguments.week is not None or arguments.member is not None:
        raise UsageError(_("--week and --member choose among the weeks' assignments; leave them out with FILE."))
    tasks = [Task(file=file, loss=arguments.loss or _loss_named(file)) for file in arguments.files]
    return tasks, options_from(arguments, _team_here())


def _team_here() -> Team | None:
    """The team whose folder this is, for its language and limits; None outside a team's folder."""
    from grader.plan import find_root, load_plan

    try:
        root = find_root()
    except UsageError:
        return None
    return load_plan(root).team


def _loss_named(file: str) -> str:
    from grader.losses import ids

    stem = Path(file).stem
    if stem not in ids():
        raise UsageError(
            _("Which loss is {file}? Say it with --loss; there are {ids}.").format(
                file=file.encode("utf-8", "backslashreplace").decode(), ids=", ".join(ids())
            )
        )
    return stem


@contextlib.contextmanager
def _json_stream(path: str | None) -> Iterator[TextIO | None]:
    if path is None:
        yield None
    elif path == "-":
        yield sys.stdout
    else:
        with contextlib.ExitStack() as stack:
            try:
                stream = stack.enter_context(Path(path).open("w", encoding="utf-8"))
            except OSError as error:
                raise UsageError(_("Cannot write {path}: {error}.").format(path=path, error=error.strerror)) from error
            yield stream


def _with_progress(reports: Iterator[Report], total: int) -> Iterator[Report]:
    """The same reports, with a bar on standard error once a second has gone by, if somebody is watching."""
    if not sys.stderr.isatty() or total < 2:
        yield from reports
        return
    from grader.reporting.progress import progress

    yield from progress(reports, total)


def _print(reports: Sequence[Report], *, verbose: bool, began: str) -> None:
    from grader.reporting.terminal import console, print_kept, print_report, print_summary, print_total

    to = console()
    if len(reports) == 1 or verbose:
        for report in reports:
            print_report(to, report, verbose=verbose)
            to.print()
    else:
        print_summary(to, reports)
    print_total(to, reports)
    print_kept(to, [report for report in reports if report.graded_at < began])

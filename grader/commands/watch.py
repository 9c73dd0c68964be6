"""`watch`: a warm grader that grades again whatever is saved."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from grader.commands.options import add_grading_options, choose_language, options_from
from grader.errors import MogakcoError, UsageError
from grader.messages import gettext as _

if TYPE_CHECKING:
    from rich.console import Console

    from grader.grading import Grader, Task
    from grader.plan import Plan
    from grader.report import Report

QUIET_MS = 10
"""A save is over when nothing more happens for this long; editors write, rename and touch within a few."""
PATIENCE_MS = 200
"""After this long it is looked at, whatever still happens."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--week", type=int, metavar="N", help=_("only this week's assignments"))
    parser.add_argument("--member", metavar="ID", help=_("only this member's assignments"))
    parser.add_argument("--verbose", "-v", action="store_true", help=_("every check of every submission, in full"))
    add_grading_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Until Ctrl-C, which is how this command ends well."""
    choose_language(arguments)
    from grader.grading import Grader, draw_seed
    from grader.plan import find_root, load_plan

    root = find_root().resolve()
    plan = load_plan(root)
    options = options_from(arguments, plan.team)
    # One seed for the whole watch: a verdict changes because the file did.
    seed = options.seed if options.seed is not None else draw_seed()
    with Grader(options, seed) as grader:
        watcher = Watcher(root, plan, grader, week=arguments.week, member=arguments.member, verbose=arguments.verbose)
        try:
            watcher.begin()
            watcher.follow(Event())
        except KeyboardInterrupt:
            watcher.end()
    return 0


class Watcher:
    """What is watched, what was graded last, and where it is said."""

    def __init__(
        self, root: Path, plan: Plan, grader: Grader, *, week: int | None, member: str | None, verbose: bool
    ) -> None:
        from grader.reporting.terminal import console

        self._root = root
        self._plan = plan
        self._grader = grader
        self._week, self._member, self._verbose = week, member, verbose
        self._console: Console = console()
        self._graded: dict[Path, bytes] = {}
        self._tasks: dict[Path, Task] = {}
        self._tasks = self._read_tasks()
        if not self._tasks:
            raise UsageError(_("Nothing to watch: no assignment fits --week and --member."))

    def begin(self) -> None:
        """Say what is watched, and grade what was saved last, which also warms everything that later grading needs."""
        self._console.print(
            _("Watching {folder}: {count} assignments. Ctrl-C ends it.").format(
                folder=self._root / "solutions", count=len(self._tasks)
            )
        )
        there = [path for path in self._tasks if path.is_file()]
        if there:
            for path in there:
                self._is_new(path)
            self._grade(max(there, key=lambda path: path.stat().st_mtime))

    def follow(self, stop: Event) -> None:
        """Grade what is saved until `stop` is set. Raises KeyboardInterrupt on Ctrl-C."""
        from watchfiles import watch

        folders = [folder for name in ("solutions", "weeks") if (folder := self._root / name).is_dir()]
        for changes in watch(
            *folders,
            watch_filter=lambda _change, path: _matters(path),
            debounce=PATIENCE_MS,
            step=QUIET_MS,
            stop_event=stop,
        ):
            self.changed({Path(path) for _change, path in changes})

    def changed(self, paths: Iterable[Path]) -> None:
        """Grade the assignments that these files are; read the plan again when it is among them."""
        paths = set(paths)
        if any(path.suffix == ".yml" for path in paths):
            self._reread()
        # An assignment's file can have been replaced by one with the other suffix.
        self._tasks = self._read_tasks()
        for path in sorted(paths & self._tasks.keys()):
            if self._is_new(path):
                self._grade(path)

    def end(self) -> None:
        """Say that it is over."""
        self._console.print(_("Stopped watching."))

    def _grade(self, path: Path) -> None:
        started = time.perf_counter()
        report = self._grader.grade(self._tasks[path])
        self._show(report, time.perf_counter() - started)

    def _show(self, report: Report, seconds: float) -> None:
        from grader.reporting.terminal import print_report

        self._console.print()
        self._console.rule(f"{datetime.now().astimezone():%H:%M:%S} · {seconds:.2f} s", style="dim")
        print_report(self._console, report, verbose=self._verbose)

    def _is_new(self, path: Path) -> bool:
        """What the file holds differs from what was graded last. Saving is several events, and some change nothing."""
        try:
            held = path.read_bytes() if path.is_file() else b""
        except OSError:
            # Grading says why it cannot be read.
            held = b""
        known = self._graded.get(path)
        self._graded[path] = held
        return known != held

    def _reread(self) -> None:
        from grader.plan import load_plan

        try:
            self._plan = load_plan(self._root)
        except MogakcoError as error:
            # Half-written YAML is no reason to stop; the plan as it was stays in force.
            self._console.print(str(error))
            return
        self._graded.clear()

    def _read_tasks(self) -> dict[Path, Task]:
        from grader.weekly import tasks_of

        try:
            tasks = tasks_of(self._plan, week=self._week, member=self._member)
        except UsageError as error:
            if not self._tasks:
                raise
            # Two files for one assignment, say: what was watched before still is, until that is put right.
            self._console.print(str(error))
            return self._tasks
        return {task.path: task for task in tasks if task.path is not None}


def _matters(path: str) -> bool:
    """Submissions and plans; no editor's backups, swap files or caches."""
    name = Path(path).name
    return name.endswith((".py", ".ipynb", ".yml")) and not name.startswith((".", "~", "#"))

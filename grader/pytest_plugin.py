"""pytest's front: `pytest weeks` turns every assignment into items, `weeks/week01.yml::sejun::clip::gradient[cpu]`.

One submission is graded once a process, when its first item runs; the items only read its report, so that `-k`, `-x`,
`--lf`, `-n` and `--junitxml` work as with any other tests. A submission that is missing is skipped, and a check that is
scored but not required is an expected failure when it fails.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.errors import MogakcoError

if TYPE_CHECKING:
    from grader.grading import Grader, Task
    from grader.report import CheckResult, Report

SEED = "mogakco_seed"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of their own name, because every pytest run of this environment sees them."""
    group = parser.getgroup("mogakco", "grading what weeks/ assigns")
    group.addoption("--mogakco-seed", type=int, metavar="N", help="repeat a run exactly")
    group.addoption("--mogakco-device", action="append", metavar="NAME", help="cpu, cuda, mps or sim; repeatable")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A `weekNN.yml` that stands beside a `team.yml`."""
    if file_path.suffix != ".yml" or not file_path.stem.startswith("week"):
        return None
    if not (file_path.parent / "team.yml").is_file():
        return None
    return WeekFile.from_parent(parent, path=file_path)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Every worker of pytest-xdist grades with the seed of the run."""
    node.workerinput[SEED] = _seed(node.config)


def pytest_report_header(config: pytest.Config) -> str | None:
    """The seed, which is what it takes to see the same failure again."""
    drawn = config.stash.get(_SEED_KEY, None) or config.getoption("--mogakco-seed")
    return None if drawn is None else f"mogakco: --mogakco-seed {drawn}"


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The seed again at the end, if one was drawn."""
    drawn = config.stash.get(_SEED_KEY, None)
    if drawn is not None:
        terminalreporter.write_line(f"mogakco: --mogakco-seed {drawn} repeats this run exactly")


def pytest_unconfigure(config: pytest.Config) -> None:
    """The server goes when pytest does."""
    graded = config.stash.get(_GRADED_KEY, None)
    if graded is not None:
        graded.close()


class Graded:
    """The reports of this process, made when they are first asked for, with one grader for all of them."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._grader: Grader | None = None
        self._reports: dict[tuple[str, int | None, str | None], Report] = {}

    def report(self, task: Task) -> Report:
        key = (task.loss, task.week, task.member)
        if key not in self._reports:
            self._reports[key] = self._ready().grade(task)
        return self._reports[key]

    def _ready(self) -> Grader:
        from grader.grading import Grader, Options

        if self._grader is None:
            devices = tuple(self._config.getoption("--mogakco-device") or ())
            self._grader = Grader(Options(devices=devices), _seed(self._config))
            self._grader.__enter__()
        return self._grader

    def close(self) -> None:
        if self._grader is not None:
            self._grader.__exit__(None, None, None)
            self._grader = None


_GRADED_KEY = pytest.StashKey[Graded]()
_SEED_KEY = pytest.StashKey[int]()


def _graded(config: pytest.Config) -> Graded:
    if _GRADED_KEY not in config.stash:
        config.stash[_GRADED_KEY] = Graded(config)
    return config.stash[_GRADED_KEY]


def _seed(config: pytest.Config) -> int:
    from grader.grading import draw_seed

    worker = getattr(config, "workerinput", None)
    if worker is not None and SEED in worker:
        return int(worker[SEED])
    given = config.getoption("--mogakco-seed")
    if given is not None:
        return int(given)
    if _SEED_KEY not in config.stash:
        config.stash[_SEED_KEY] = draw_seed()
    return config.stash[_SEED_KEY]


class WeekFile(pytest.File):
    """One week: a member a collector."""

    def collect(self) -> Iterable[pytest.Collector]:
        from grader.plan import load_plan
        from grader.weekly import tasks_of

        try:
            plan = load_plan(self.path.parent.parent)
            week = next((one for one in plan.weeks if plan.week_path(one.number) == self.path), None)
            tasks = [] if week is None else tasks_of(plan, week=week.number)
        except MogakcoError as error:
            raise self.CollectError(str(error)) from error
        _speak(plan.team.language)
        for member in dict.fromkeys(task.member for task in tasks):
            yield MemberNode.from_parent(
                self, name=str(member), tasks=[task for task in tasks if task.member == member]
            )


class MemberNode(pytest.Collector):
    """One member's week: a loss a collector."""

    def __init__(self, *, tasks: list[Task], **rest: Any) -> None:
        super().__init__(**rest)
        self._tasks = tasks

    def collect(self) -> Iterator[pytest.Collector]:
        for task in self._tasks:
            yield SubmissionNode.from_parent(self, name=task.loss, task=task)


class SubmissionNode(pytest.Collector):
    """One submission: a check on a device an item."""

    def __init__(self, *, task: Task, **rest: Any) -> None:
        super().__init__(**rest)
        self._task = task

    def collect(self) -> Iterator[pytest.Item]:
        from grader.checks import CHECKS
        from grader.devices import resolve

        devices = resolve(self._task.devices or tuple(self.config.getoption("--mogakco-device") or ()))
        for check in CHECKS:
            for name in [device.name for device in devices] if check == "device" else ["cpu"]:
                yield CheckItem.from_parent(self, name=f"{check}[{name}]", task=self._task, check=(check, name))


class CheckFailed(Exception):
    """One check did not pass; carries its report for the failure's text."""

    def __init__(self, check: CheckResult, report: Report) -> None:
        super().__init__(check.message)
        self.check = check
        self.report = report


class CheckItem(pytest.Item):
    """One check of one submission on one device."""

    def __init__(self, *, task: Task, check: tuple[str, str], **rest: Any) -> None:
        super().__init__(**rest)
        self._task = task
        self._check = check

    def runtest(self) -> None:
        from grader.report import Outcome, Verdict

        report = _graded(self.config).report(self._task)
        check = next(one for one in report.checks if (one.name, one.device) == self._check)
        self.user_properties.append(("points", f"{check.points:g}/{check.max_points:g}"))
        if report.verdict is Verdict.MISSING:
            pytest.skip(f"missing: {check.message}")
        if check.outcome is Outcome.SKIP:
            pytest.skip(check.message)
        if check.outcome is not Outcome.PASS:
            if not check.required:
                pytest.xfail(f"not required: {check.message}")
            raise CheckFailed(check, report)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if not isinstance(excinfo.value, CheckFailed):
            return super().repr_failure(excinfo, style)
        from grader.reporting.terminal import console, print_check

        text = io.StringIO()
        print_check(console(text, width=80), excinfo.value.check, excinfo.value.report)
        return text.getvalue()

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self._task.member}::{self._task.loss}::{self.name}"


def _speak(language: str) -> None:
    from grader.messages import set_language

    set_language(language)

"""`bench`: what grading costs on this machine, everything measured in one run and in turns."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

from grader.commands.options import add_language_option, choose_language
from grader.errors import MogakcoError
from grader.messages import gettext as _

if TYPE_CHECKING:
    from grader.calls import Answer, Batch, Loaded, Output, Source
    from grader.grading import Grader, Task

SEED = 1
SAVE_SECONDS = 60.0
"""Longest wait for a verdict of `watch`, its start included."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help=_("measure everything N times, in turns"))
    parser.add_argument("--batch", type=int, default=200, metavar="N", help=_("submissions of a batch"))
    parser.add_argument("--json", metavar="PATH", help=_("the figures as JSON to PATH, or - for standard output"))
    add_language_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure, print the table, and write the JSON if asked."""
    choose_language(arguments)
    with tempfile.TemporaryDirectory(prefix="mogakco-bench-") as name:
        bench = Bench(Path(name), rounds=max(1, arguments.rounds), batch=max(4, arguments.batch))
        figures = bench.run()
    if arguments.json is not None:
        text = json.dumps({**machine(), "figures": [asdict(figure) for figure in figures]}, indent=2)
        if arguments.json == "-":
            print(text)
            return 0
        Path(arguments.json).write_text(text + "\n", encoding="utf-8")
    _print(figures)
    return 0


@dataclass(frozen=True)
class Figure:
    """One row: seconds of each measurement, and how the median compares with two others'."""

    id: str
    what: str
    seconds: tuple[float, ...]
    imports: float
    """Its median in cold imports of torch."""
    unisolated: float
    """Its median in submissions graded in one process without isolation."""

    @property
    def median(self) -> float:
        return median(self.seconds)


class Bench:
    """The measurements; each is made once a round, so that a change of the machine's load falls on all of them."""

    def __init__(self, folder: Path, *, rounds: int, batch: int) -> None:
        from grader.losses import get, ids
        from grader.reference import reference_text

        self._folder, self._rounds, self._batch = folder, rounds, batch
        self._losses = ids()
        self._files: dict[str, Path] = {}
        for loss in self._losses:
            self._files[loss] = folder / f"{loss}.py"
            self._files[loss].write_text(reference_text(get(loss)), encoding="utf-8")

    def run(self) -> list[Figure]:
        """Every row of the table."""
        names = {"import": _('cold `python -c "import torch"`')}
        for loss in self._losses:
            names[f"cold-{loss}"] = _("one submission of {loss}, `grade` from cold").format(loss=loss)
        names["jobs-1"] = _("one submission in a batch, --jobs 1")
        names["jobs-2"] = _("one submission in a batch, --jobs 2")
        names["unisolated"] = _("the same checks in one process, no isolation")
        names["watch"] = _("from saving to the verdict in `watch`")
        seconds: dict[str, list[float]] = {name: [] for name in names}
        with contextlib.ExitStack() as stack:
            isolated = [stack.enter_context(grader) for grader in _graders(2)]
            plain = _unisolated()
            watched = stack.enter_context(Watched(self._folder / "team", self._files["bce"]))
            for grader in (*isolated, plain):
                # What is paid once for each process: imports, first passes.
                for task in self._tasks(len(self._losses)):
                    grader.grade(task)
            for number in range(self._rounds):
                self._tell(number)
                seconds["import"].append(_timed(_python("-c", "import torch")))
                for loss in self._losses:
                    seconds[f"cold-{loss}"].append(_timed(self._cold(loss)))
                share = -(-self._batch // self._rounds)
                tasks = self._tasks(share)
                seconds["jobs-1"].append(_timed(partial(_grade, isolated[:1], tasks)) / share)
                seconds["unisolated"].append(_timed(partial(_grade, [plain], tasks)) / share)
                seconds["jobs-2"].append(_timed(partial(_grade, isolated, tasks)) / share)
                seconds["watch"].append(watched.save())
        cold, unisolated = median(seconds["import"]), median(seconds["unisolated"])
        return [
            Figure(id_, names[id_], tuple(each), median(each) / cold, median(each) / unisolated)
            for id_, each in seconds.items()
        ]

    def _tasks(self, count: int) -> list[Task]:
        from grader.grading import Task

        return [
            Task(file=str(self._files[loss]), loss=loss)
            for loss in (self._losses[index % len(self._losses)] for index in range(count))
        ]

    def _cold(self, loss: str) -> Callable[[], None]:
        return _python(
            "-m",
            "grader.cli",
            "grade",
            "--loss",
            loss,
            str(self._files[loss]),
            "--seed",
            str(SEED),
            "--json",
            os.devnull,
        )

    def _tell(self, number: int) -> None:
        print(_("round {number} of {rounds}").format(number=number + 1, rounds=self._rounds), file=sys.stderr)


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _python(*words: str) -> Callable[[], None]:
    def call() -> None:
        done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise MogakcoError(
                _("`{command}` failed, so it was not measured: {reason}").format(
                    command=" ".join(words), reason=(done.stderr or done.stdout).strip()[-500:]
                )
            )

    return call


def _graders(count: int) -> list[Grader]:
    from grader.grading import Grader, Options

    return [Grader(Options(seed=SEED), SEED) for _slot in range(count)]


def _grade(graders: Sequence[Grader], tasks: Sequence[Task]) -> None:
    """Grade all tasks, one thread a grader, each taking the next one that is left."""
    from concurrent.futures import ThreadPoolExecutor

    left = iter(tasks)

    def work(grader: Grader) -> None:
        # next() on a list's iterator is one step under the interpreter's lock: no task is taken twice.
        while (task := next(left, None)) is not None:
            grader.grade(task)

    with ThreadPoolExecutor(len(graders)) as pool:
        for done in [pool.submit(work, grader) for grader in graders]:
            done.result()


# ---- the same checks without isolation -----------------------------------------------------------------------------


def _unisolated() -> Grader:
    """A grader whose submissions run in this process: no fork, no jail, no frames. For the comparison only."""
    import torch

    from grader.grading import Grader, Options
    from grader.sandbox import Sandbox, runner

    torch.set_num_threads(1)
    runner.warm()
    return Grader(Options(seed=SEED), SEED, cast(Sandbox, InProcess()))


class InProcess:
    """Stands where a Sandbox stands, and isolates nothing."""

    isolation = "none"

    def start(self) -> None:
        """There is nothing to start."""

    def open(self, source: Source, entry: str, device: str = "cpu", *, secret: bool = False) -> InProcessSession:
        """Load in this process."""
        return InProcessSession(source, entry)

    def close(self) -> None:
        """There is nothing to close."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


class InProcessSession:
    """Stands where a Session stands."""

    ended = None

    def __init__(self, source: Source, entry: str) -> None:
        from grader.calls import Output
        from grader.sandbox.runner import Runner

        self._runner = Runner(source, entry, source.file)
        self.loaded: Loaded = self._runner.load()
        self.output: Output = Output()

    def run(self, batch: Batch, seconds: float | None = None) -> list[Answer]:
        """The calls, against no clock."""
        return self._runner.run(batch)

    def close(self) -> None:
        """Nothing to end."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


# ---- watch -----------------------------------------------------------------------------------------------------------


class Watched:
    """A team of one in a folder of its own, and `watch` running on it as a user would run it."""

    def __init__(self, root: Path, solution: Path) -> None:
        self._text = solution.read_text(encoding="utf-8")
        self._target = root / "solutions" / "me" / "week01" / "bce.py"
        self._root = root
        self._saves = 0

    def __enter__(self) -> Self:
        weeks = self._root / "weeks"
        weeks.mkdir(parents=True)
        self._target.parent.mkdir(parents=True)
        (weeks / "team.yml").write_text(
            "name: bench\nyear: 2024\nlanguage: en\ntimezone: UTC\nmembers:\n  - {id: me, name: Me, lead: true}\n"
        )
        (weeks / "week01.yml").write_text(
            "number: 1\ntitle: bench\nstarts: 2024-07-14\nends: 2024-07-20\nassignments:\n"
            "  - {member: me, loss: bce, due: 2024-07-20, goal: bench}\n"
        )
        self._write()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "grader.cli", "watch", "--seed", str(SEED)],
            cwd=self._root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._lines = _lines(self._process)
        self._await_verdict()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.terminate()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def save(self) -> float:
        """Seconds from an editor's save to the verdict's line."""
        self._saves += 1
        # The watcher is done with the last save, its table included.
        time.sleep(0.3)
        started = time.perf_counter()
        self._write()
        self._await_verdict()
        return time.perf_counter() - started

    def _write(self) -> None:
        """As editors do: beside it, and then renamed over it."""
        beside = self._target.with_name(".bce.py.saving")
        beside.write_text(f"{self._text}\n# {self._saves}\n", encoding="utf-8")
        beside.replace(self._target)

    def _await_verdict(self) -> None:
        seen = []
        for line in self._lines:
            seen.append(line)
            if " bce" in line and self._target.name in line:
                return
        raise MogakcoError(_("`watch` gave no verdict: {reason}").format(reason="".join(seen)[-500:]))


def _lines(process: subprocess.Popen[bytes]) -> Iterator[str]:
    import select

    assert process.stdout is not None
    rest = b""
    while select.select([process.stdout], [], [], SAVE_SECONDS)[0]:
        data = os.read(process.stdout.fileno(), 65536)
        if not data:
            break
        *lines, rest = (rest + data).split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in lines)


# ---- the table ------------------------------------------------------------------------------------------------------


def machine() -> dict[str, str | int]:
    """What the figures hold for."""
    from importlib.metadata import version

    from grader import __version__

    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "torch": version("torch"),
        "grader": __version__,
    }


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _print(figures: Sequence[Figure]) -> None:
    from rich.table import Table

    from grader.reporting.terminal import console

    table = Table(box=None, pad_edge=False)
    table.add_column(_("median of {rounds}").format(rounds=len(figures[0].seconds)))
    table.add_column(_("seconds"), justify="right")
    table.add_column(_("lowest–highest"), justify="right")
    table.add_column(_("× import"), justify="right")
    table.add_column(_("× unisolated"), justify="right")
    for figure in figures:
        table.add_row(
            figure.what,
            f"{figure.median:.3f}",
            f"{min(figure.seconds):.3f}–{max(figure.seconds):.3f}",
            f"{figure.imports:.3f}",
            f"{figure.unisolated:.2f}",
        )
    to = console()
    to.print(table)
    to.print(" · ".join(f"{name} {value}" for name, value in machine().items()), style="dim")

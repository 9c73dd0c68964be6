"""`bench` compares like with like, gives each submission to one grader, and shows what it measured."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from grader.commands import bench
from grader.grading import Grader, Options, Task
from grader.losses import get, ids
from grader.reference import reference_text


@pytest.fixture
def one_thread() -> Iterator[None]:
    """The comparison runs torch on one thread, in this process."""
    import torch

    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def test_the_same_checks_run_with_and_without_isolation(tmp_path: Path, one_thread: None) -> None:
    tasks = []
    for loss in ids():
        (tmp_path / f"{loss}.py").write_text(reference_text(get(loss)))
        tasks.append(Task(file=str(tmp_path / f"{loss}.py"), loss=loss))
    plain = bench._unisolated()
    with Grader(Options(seed=bench.SEED), bench.SEED) as isolated:
        for task in tasks:
            reports = plain.grade(task), isolated.grade(task)
            ran, same = ([(check.name, check.device, check.outcome) for check in report.checks] for report in reports)
            assert ran == same
            assert reports[0].isolation == "none"


@pytest.mark.parametrize("graders", [1, 2, 5])
def test_every_submission_is_graded_once(graders: int) -> None:
    graded: list[int] = []
    lock = threading.Lock()

    def grade(task: int) -> None:
        with lock:
            graded.append(task)

    fakes = cast(Any, [SimpleNamespace(grade=grade) for _ in range(graders)])
    bench._grade(fakes, cast(Any, range(100)))
    assert sorted(graded) == list(range(100))


def test_the_table_has_medians_ratios_and_the_machine(capsys: pytest.CaptureFixture[str]) -> None:
    figures = [
        bench.Figure("import", "cold import", (2.0, 1.0, 4.0), 1.0, 20.0),
        bench.Figure("jobs-1", "in a batch", (0.2, 0.1, 0.15), 0.075, 1.5),
    ]
    bench._print(figures)
    shown = capsys.readouterr().out
    for expected in ("2.000", "1.000–4.000", "0.150", "0.075", "1.50", "median of 3", "torch"):
        assert expected in shown
    assert {"processor", "cores", "system", "python", "torch", "grader"} == set(bench.machine())
    json.dumps(bench.machine())

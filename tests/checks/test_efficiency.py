"""What efficiency says of times that follow a law, and how much it lets itself be kept waiting for."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from grader.calls import Answer, Ask, Batch, Loaded, Problem, Source, Watch
from grader.checks.base import Examination, Finding
from grader.checks.efficiency import efficiency
from grader.losses import get
from grader.report import Outcome

EMD = get("emd")


class Law:
    """Answers without computing: each call takes the seconds and bytes that its size says."""

    def __init__(self, seconds: Callable[[int], float], numbers: Callable[[int], float] = lambda n: 10.0 * n) -> None:
        self._seconds = seconds
        self._numbers = numbers
        self.waited = 0.0
        self.sizes: list[int] = []

    def __call__(self, batch: Batch) -> list[Answer]:
        (call,) = batch.calls
        size = len(np.atleast_1d(call.arguments[0].value))
        each = self._seconds(size)
        if Watch.MEMORY in batch.watch:
            return [Answer(value=np.zeros(()), seconds=(each,), peak_bytes=int(8 * self._numbers(size)))]
        self.sizes.append(size)
        self.waited += each * batch.repeats
        return [Answer(value=np.zeros(()), seconds=(each,) * batch.repeats)]


def linear(microseconds: float) -> Callable[[int], float]:
    return lambda n: 1e-4 + 1e-6 * microseconds * n


def quadratic(nanoseconds: float) -> Callable[[int], float]:
    return lambda n: 1e-4 + 1e-9 * nanoseconds * n * n


def found(own: Ask) -> Finding:
    source = Source("a.py", "", ())
    return efficiency(Examination(EMD, 1, source, Loaded(found=True), own, Law(linear(0.1))))


@pytest.mark.parametrize("own", [linear(0.1), linear(1.0), linear(2.0), lambda n: 1e-4 + 2e-8 * n * np.log2(n)])
def test_what_grows_as_the_reference_does_passes(own: Callable[[int], float]) -> None:
    assert found(Law(own)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (linear(20.0), "Python loop"),
        (linear(200.0), "Python loop"),
        (quadratic(1.0), r"n\^(1\.9|2\.0)"),
        (quadratic(10.0), r"n\^(1\.9|2\.0)"),
        (quadratic(100.0), r"n\^(1\.9|2\.0)"),
    ],
    ids=["loop", "slow loop", "fast table", "table", "slow table"],
)
def test_what_is_slower_is_named_and_costs_little(own: Callable[[int], float], said: str) -> None:
    law = Law(own)
    finding = found(law)
    assert finding.outcome is Outcome.FAIL
    assert re.search(said, finding.message)
    assert law.waited < 2.0, law.sizes


def test_a_table_of_all_pairs_is_seen_in_memory() -> None:
    finding = found(Law(linear(0.2), numbers=lambda n: float(n * n)))
    assert finding.outcome is Outcome.FAIL
    assert "all pairs" in finding.message


def test_a_heavy_table_is_not_taken_for_a_loop() -> None:
    finding = found(Law(linear(20.0), numbers=lambda n: float(n * n)))
    assert "all pairs" in finding.message and "loop" not in finding.message


def test_what_a_larger_input_raised_is_told() -> None:
    def raises(batch: Batch) -> list[Answer]:
        return [Answer(raised=Problem("MemoryError", "too much", None))]

    finding = found(raises)
    assert finding.outcome is Outcome.ERROR
    assert finding.message == f"At n = {EMD.sizes[0]} it raised MemoryError: too much."

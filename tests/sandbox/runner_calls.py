"""The child's runner, in the process of the tests: one submission from text, one call of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from grader.calls import Answer, Argument, Batch, Call, Cell, Loaded, Source, Watch
from grader.sandbox import loading_stubs
from grader.sandbox.runner import Runner, warm

warm()  # at import, before any test of the session runs a backward pass


def runner_of(*cells: str, entry: str = "f", notebook: bool = False) -> tuple[Runner, Loaded]:
    """A runner that has loaded these cells: one file `a.py`, or a notebook's cells."""
    named = tuple(Cell(f"cell {number}" if notebook else "a.py", text) for number, text in enumerate(cells, start=1))
    runner = Runner(Source("a.ipynb" if notebook else "a.py", "", named, notebook), entry)
    return runner, runner.load()


def answer_of(
    text: str, *arguments: Argument, device: str = "cpu", watch: Watch | None = None, repeats: int = 1
) -> Answer:
    """The answer of `f` as `text` defines it to one call, followed by a backward pass."""
    runner, loaded = runner_of(text)
    assert loaded.found, loaded.problem
    watches = frozenset() if watch is None else frozenset({watch})
    (answer,) = runner.run(Batch((Call(arguments, upstream=1.0),), device, watches, repeats))
    return answer


def probabilities(dtype: str = "float64") -> Argument:
    """A 2 × 3 array inside (0, 1) that wants a gradient."""
    return Argument(np.array([[0.2, 0.3, 0.5], [0.1, 0.8, 0.1]], dtype=dtype), requires_grad=True)


def targets(dtype: str = "float64") -> Argument:
    """A 2 × 3 array of one-hot rows."""
    return Argument(np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]], dtype=dtype))


@contextmanager
def restored_imports() -> Iterator[None]:
    """Take back what loading a submission does to this process, and let it find no real plotting package."""
    modules = dict(sys.modules)
    for name in list(sys.modules):
        if name.split(".")[0] in loading_stubs.STUBBED:
            del sys.modules[name]
    try:
        yield
    finally:
        sys.modules.clear()
        sys.modules.update(modules)

"""The smallest input on which a submission is wrong: the failing case, or a smaller one that Hypothesis draws.

A ladder of small inputs is drawn once a run and asked for in one frame. The search that shrinks from there costs a
frame for each step, so it is bounded in steps and made only where the ladder leaves something to find.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from grader.calls import Answer, Batch, SubmissionEnded
from grader.checks.base import Examination
from grader.checks.expected import Expected, expect
from grader.checks.judging import Wrong
from grader.checks.text import call
from grader.losses.base import Case, Loss, Value
from grader.report import Counterexample, Outcome

QUESTIONS = 20
"""How many inputs a search may ask about: a bound that is the same on every machine."""
SECONDS = 1.5
"""How long it may take all the same, from its first question on: for submissions that take their time."""
EXAMPLES = 100
"""How many inputs are drawn for the ladder, and as many again in a search before it shrinks."""
UPSTREAMS = (1.0, 2.0)
"""What a gradient is multiplied with: nothing, so that the input is easy to read, unless that hides what is wrong."""

Judge = Callable[[Expected, Answer], Wrong | None]
Found = tuple[Expected, Wrong]


class _Enough(BaseException):
    """Ends a search from inside; not an Exception, so that Hypothesis passes it on instead of shrinking towards it."""


def size(arguments: Iterable[Value]) -> int:
    """How many numbers a reader would have to read."""
    return sum(value.size if isinstance(value, np.ndarray) else value is not None for value in arguments)


def effort(loss: Loss, arguments: tuple[Value, ...]) -> tuple[int, int]:
    """How hard an input is to read: how many numbers, then how many characters."""
    return size(arguments), len(call(loss, arguments))


def counterexample(loss: Loss, expected: Expected, wrong: Wrong, device: str = "cpu") -> Counterexample:
    """A failing case as the report shows it."""
    in_graph = wrong.argument is not None or wrong.outcome is Outcome.ERROR
    return Counterexample(
        call=call(
            loss,
            expected.arguments,
            device,
            wants=[gradient is not None for gradient in expected.gradients] if in_graph else (),
            strided=expected.case.strided,
            gradient_of=wrong.argument,
            upstream=expected.upstream,
        ),
        expected=wrong.expected,
        got=wrong.got,
        where=wrong.where,
        device=device,
    )


def smallest(examination: Examination, failing: list[Found], judge: Judge, *, backward: bool) -> Found:
    """The smallest of the failing cases and of what is found below them.

    Everything is drawn from the run's seed, so that the same run finds the same input, unless it takes too long. Where
    the submission's process ends meanwhile, the smallest seen so far is the answer.
    """
    loss = examination.loss
    best = min(failing, key=lambda found: effort(loss, found[0].arguments))
    if loss.shrink is None:
        return best
    dtype = "float64" if any(one.dtype == "float64" for one, _wrong in failing) else best[0].dtype
    upstreams = UPSTREAMS if backward else UPSTREAMS[:1]
    searches = [_Search(examination, judge, dtype, upstream, backward) for upstream in upstreams]
    try:
        quick = (found for search in searches if (found := search.known() or search.on_the_ladder()) is not None)
        best = next(quick, None) or searches[-1].below(None) or best
    except SubmissionEnded:
        # The failing case at hand is an answer too, and the checks that follow will say how it ended.
        return best
    examination.earlier.smallest.append(best[0].arguments)
    return best


class _Search:
    """Asks one submission about small inputs of one dtype, under one upstream gradient."""

    def __init__(self, examination: Examination, judge: Judge, dtype: str, upstream: float, backward: bool) -> None:
        self._examination = examination
        self._judge = judge
        self._dtype = dtype
        self._upstream = upstream
        self._backward = backward

    def known(self) -> Found | None:
        """An input that made an earlier check of the submission fail, if it makes this one fail too."""
        return self._first_failing([self._expect(arguments) for arguments in self._examination.earlier.smallest])

    def on_the_ladder(self) -> Found | None:
        """The first failing input of the ladder, or what a search finds below it."""
        examination = self._examination
        rungs = _answers(examination.loss, examination.seed, self._dtype, self._upstream)
        found = self._first_failing(rungs)
        if found is None or self._effort(found[0]) == self._effort(rungs[0]):
            return found
        return self.below(found)

    def below(self, best: Found | None) -> Found | None:
        """What Hypothesis finds and shrinks in so many questions, if it is easier to read than `best`."""
        hypothesis = _hypothesis()
        ends = float("inf")
        asked = 0

        def fails(arguments: tuple[Value, ...]) -> bool:
            nonlocal best, ends, asked
            # From the first question on: until then Hypothesis was only getting ready.
            ends = min(ends, time.monotonic() + SECONDS)
            if asked == QUESTIONS or time.monotonic() > ends:
                raise _Enough
            asked += 1
            found = self._first_failing([self._expect(arguments)])
            if found is not None and (best is None or self._effort(found[0]) < self._effort(best[0])):
                best = found
            return found is not None

        # No such input, or no more questions: the smallest seen so far is the answer.
        with suppress(_Enough, hypothesis.errors.HypothesisException):
            # Other draws than the ladder's, which have been asked about already.
            _find(self._examination.loss, fails, self._examination.seed + 1)
        return best

    def _expect(self, arguments: tuple[Value, ...]) -> Expected:
        return expect(self._examination.loss, Case("smallest", arguments), self._dtype, self._upstream)

    def _effort(self, one: Expected) -> tuple[int, int]:
        return effort(self._examination.loss, one.arguments)

    def _first_failing(self, expected: Sequence[Expected]) -> Found | None:
        """The first of these inputs that the judge finds wrong; all of them are asked for in one frame."""
        if not expected:
            return None
        calls = tuple(one.call(backward=self._backward) for one in expected)
        answers = self._examination.ask(Batch(calls, device=self._examination.device))
        judged = ((one, self._judge(one, answer)) for one, answer in zip(expected, answers, strict=True))
        return next(((one, wrong) for one, wrong in judged if wrong is not None), None)


@lru_cache(maxsize=16)
def ladder(loss: Loss, seed: int) -> tuple[tuple[Value, ...], ...]:
    """Small inputs drawn from the loss's strategy, each once, those that are easier to read first."""
    hypothesis = _hypothesis()
    drawn: dict[str, tuple[Value, ...]] = {}

    def keep(arguments: tuple[Value, ...]) -> bool:
        drawn[call(loss, arguments)] = arguments
        return False

    with suppress(hypothesis.errors.NoSuchExample):
        _find(loss, keep, seed)
    return tuple(sorted(drawn.values(), key=partial(effort, loss)))


@lru_cache(maxsize=32)
def _answers(loss: Loss, seed: int, dtype: str, upstream: float) -> tuple[Expected, ...]:
    return tuple(expect(loss, Case("smallest", arguments), dtype, upstream) for arguments in ladder(loss, seed))


def _find(loss: Loss, condition: Callable[[tuple[Value, ...]], bool], seed: int) -> Any:
    hypothesis = _hypothesis()
    assert loss.shrink is not None
    settings = hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    return hypothesis.find(loss.shrink(), condition, settings=settings, random=Random(seed))


def _hypothesis() -> Any:
    """The library, which otherwise leaves a folder of caches wherever a user happens to grade.

    Imported here because that takes longer than grading a right submission, and only a wrong one needs it. A process
    that uses it for tests of its own keeps its folder.
    """
    if "hypothesis" not in sys.modules:
        from hypothesis.configuration import set_hypothesis_home_dir

        # Its caches are written where that can be done, and nothing can be below this.
        set_hypothesis_home_dir(Path(os.devnull) / "hypothesis")
    import hypothesis

    return hypothesis

"""The smallest input on which a submission is wrong: the failing case, then what Hypothesis shrinks further."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from random import Random

import numpy as np

from grader.calls import Answer, Batch, SubmissionEnded
from grader.checks.base import Examination
from grader.checks.expected import Expected, expect
from grader.checks.judging import Wrong
from grader.checks.text import call
from grader.losses.base import Case, Loss, Value
from grader.report import Counterexample

SECONDS = 0.5
EXAMPLES = 120

Judge = Callable[[Expected, Answer], Wrong | None]


class _TimeUp(BaseException):
    """Ends a search from inside; not an Exception, so that Hypothesis passes it on instead of shrinking towards it."""


def size(arguments: Iterable[Value]) -> int:
    """How many numbers a reader would have to read."""
    return sum(value.size if isinstance(value, np.ndarray) else value is not None for value in arguments)


def effort(loss: Loss, arguments: tuple[Value, ...]) -> tuple[int, int]:
    """How hard an input is to read: how many numbers, then how many characters."""
    return size(arguments), len(call(loss, arguments))


def counterexample(loss: Loss, expected: Expected, wrong: Wrong, device: str = "cpu") -> Counterexample:
    """A failing case as the report shows it."""
    return Counterexample(
        call=call(loss, expected.arguments, device),
        expected=wrong.expected,
        got=wrong.got,
        where=wrong.where,
        device=device,
    )


def smallest(
    examination: Examination, failing: list[tuple[Expected, Wrong]], judge: Judge, *, backward: bool
) -> tuple[Expected, Wrong]:
    """The smallest of the failing cases and of what a bounded search finds.

    The search draws from the run's seed, so that the same run finds the same input; it ends after `EXAMPLES` draws with
    their shrinking, after `SECONDS`, or when the submission's process ends.
    """
    loss = examination.loss
    best = min(failing, key=lambda pair: effort(loss, pair[0].arguments))
    strategy = loss.shrink
    if strategy is None:
        return best
    known = _known(examination, best[0], judge, backward=backward)
    if known is not None:
        return known
    # Imported here because it takes longer than grading a right submission, and only a wrong one needs it.
    import hypothesis

    dtype = best[0].dtype
    upstream = best[0].upstream
    ends = time.monotonic() + SECONDS

    def fails(arguments: tuple[Value, ...]) -> bool:
        nonlocal best
        if time.monotonic() > ends:
            raise _TimeUp
        expected = expect(examination.loss, Case("smallest", arguments), dtype, upstream)
        (answer,) = examination.ask(Batch((expected.call(backward=backward),), device=examination.device))
        wrong = judge(expected, answer)
        if wrong is not None and effort(loss, arguments) < effort(loss, best[0].arguments):
            best = (expected, wrong)
        return wrong is not None

    settings = hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    # No smaller input, no more time, or a submission that ended: the smallest seen so far is the answer.
    with suppress(_TimeUp, SubmissionEnded, hypothesis.errors.HypothesisException):
        hypothesis.find(strategy(), fails, settings=settings, random=Random(examination.seed))
    examination.smallest.append(best[0].arguments)
    return best


def _known(examination: Examination, like: Expected, judge: Judge, *, backward: bool) -> tuple[Expected, Wrong] | None:
    """An input that made an earlier check fail, if it makes this one fail too."""
    for arguments in examination.smallest:
        expected = expect(examination.loss, Case("smallest", arguments), like.dtype, like.upstream)
        (answer,) = examination.ask(Batch((expected.call(backward=backward),), device=examination.device))
        wrong = judge(expected, answer)
        if wrong is not None:
            return expected, wrong
    return None

"""Time and memory beside the reference, at growing sizes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grader.calls import Answer, Argument, Ask, Batch, Call, Watch
from grader.checks.base import Examination, Finding
from grader.checks.expected import differentiable
from grader.losses.base import Value
from grader.messages import gettext as _
from grader.report import Outcome

REPEATS = 3
SLOW = 25.0
"""How many times the reference's time is still good: wide enough for any noise and any honest detour."""
STEEP = 0.6
"""How much larger than the reference's the growth exponent has to be before it is called another order of growth."""
HEAVY = 30.0
"""How many times the reference's peak memory is still good."""
ENOUGH_SECONDS = 0.3
"""A size that takes longer than this is the last one measured."""


@dataclass(frozen=True)
class Growth:
    """Seconds at each size, the best of a few calls, and peak bytes at the largest."""

    sizes: tuple[int, ...]
    seconds: tuple[float, ...]
    peak_bytes: int

    @property
    def exponent(self) -> float:
        """The slope of log seconds over log size between the last two sizes: 1 is linear, 2 is quadratic."""
        (smaller, larger), (before, after) = self.sizes[-2:], self.seconds[-2:]
        return math.log(after / before) / math.log(larger / smaller)


def efficiency(examination: Examination) -> Finding:
    """It grows with its input as the reference does, in time and in memory.

    Both are measured in the same run, the best of a few calls each, as a ratio: a busy machine slows both.
    """
    own = _measure(examination, examination.ask)
    if own is None:
        return Finding(Outcome.ERROR, _("A call with a larger input gave no tensor."), share=0.0)
    reference = _measure(examination, examination.ask_reference, own.sizes)
    if reference is None:
        raise RuntimeError(f"the reference of {examination.loss.id} does not answer at sizes {own.sizes}")
    slower = own.seconds[-1] / reference.seconds[-1]
    heavier = own.peak_bytes / max(1, reference.peak_bytes)
    figures = _("{slower:.1f} × the reference's time and {heavier:.1f} × its memory at n = {size}").format(
        slower=slower, heavier=heavier, size=own.sizes[-1]
    )
    complaints = [*_time_complaint(own, reference, slower), *_memory_complaint(heavier)]
    if not complaints:
        return Finding(Outcome.PASS, f"{figures}.")
    return Finding(
        Outcome.FAIL,
        f"{figures}. {' '.join(complaints)}",
        hint=_("Work on whole tensors: sorting and cumulative sums replace comparing each with each."),
        share=0.0,
    )


def _time_complaint(own: Growth, reference: Growth, slower: float) -> list[str]:
    if slower <= SLOW:
        return []
    steeper = own.exponent - reference.exponent
    if steeper > STEEP and own.exponent > 1.4:
        return [_("Time grows like n^{exponent:.1f}.").format(exponent=own.exponent)]
    return [_("That is what a Python loop over rows or elements costs.")]


def _memory_complaint(heavier: float) -> list[str]:
    if heavier <= HEAVY:
        return []
    return [_("Memory is that of a table of all pairs.")]


def _measure(examination: Examination, ask: Ask, sizes: tuple[int, ...] | None = None) -> Growth | None:
    measured: list[tuple[int, float]] = []
    answer: Answer | None = None
    for size in sizes or examination.loss.sizes:
        call = _call(examination, size)
        (answer,) = ask(Batch((call,), repeats=REPEATS))
        if answer.value is None or answer.raised is not None or not answer.seconds:
            return None
        seconds = max(min(answer.seconds), 1e-7)
        measured.append((size, seconds))
        if sizes is None and seconds > ENOUGH_SECONDS and len(measured) > 1:
            break
    (answer,) = ask(Batch((_call(examination, measured[-1][0]),), watch=frozenset({Watch.MEMORY})))
    if answer.peak_bytes is None:
        return None
    return Growth(
        tuple(size for size, _seconds in measured), tuple(seconds for _size, seconds in measured), answer.peak_bytes
    )


def _call(examination: Examination, size: int) -> Call:
    arguments: tuple[Value, ...] = examination.loss.large(np.random.default_rng([examination.seed, 3, size]), size)
    wants = differentiable(examination.loss, arguments)
    return Call(
        tuple(Argument(value, requires_grad=want) for value, want in zip(arguments, wants, strict=True)), upstream=1.0
    )

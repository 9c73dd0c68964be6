"""Time and memory beside the reference, at growing sizes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grader.calls import Answer, Argument, Ask, Batch, Call, Watch
from grader.checks.base import Examination, Finding
from grader.checks.expected import differentiable
from grader.checks.text import problem
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
HOPELESS = 100.0
"""So many times the reference's time, and a larger input would only cost more to say the same."""
PATIENCE = 0.6
"""A call that is likely to take more seconds than this is not made; it is repeated where that takes no longer."""


@dataclass(frozen=True)
class Point:
    """Seconds of one call at one size, the best of a few, of the submission and of the reference beside it."""

    size: int
    own: float
    reference: float


def exponent(smaller: Point, larger: Point, *, own: bool) -> float:
    """The slope of log seconds over log size between two points: 1 is linear, 2 is quadratic."""
    before, after = (smaller.own, larger.own) if own else (smaller.reference, larger.reference)
    return math.log(after / before) / math.log(larger.size / smaller.size)


def efficiency(examination: Examination) -> Finding:
    """It grows with its input as the reference does, in time and in memory.

    Both are measured side by side in the same run, the best of a few calls each: a busy machine slows both.
    """
    try:
        points = _measure(examination)
        # Watching every operation for its memory takes several times as long as running it.
        watched = max((point.size for point in points if point.own * 10 < PATIENCE), default=points[0].size)
        heavier = _memory(examination, watched)
    except _NoTensor as nothing:
        return Finding(Outcome.ERROR, str(nothing))
    last = points[-1]
    slower = last.own / last.reference
    figures = _(
        "{slower:.1f} × the reference's time at n = {size}, {heavier:.1f} × its memory at n = {watched}"
    ).format(slower=slower, heavier=heavier, size=last.size, watched=watched)
    complaints = [*_time_complaint(points, slower, heavier), *_memory_complaint(heavier)]
    if not complaints:
        return Finding(Outcome.PASS, f"{figures}.")
    return Finding(
        Outcome.FAIL,
        f"{figures}. {' '.join(complaints)}",
        hint=_("Work on whole tensors: a matrix product, a sort or a cumulative sum replaces loops and large tables."),
    )


class _NoTensor(Exception):
    """A larger input gave none; says what came instead."""

    def __init__(self, size: int, answer: Answer) -> None:
        super().__init__(
            _("At n = {size} it returned {returned}, not a tensor.").format(size=size, returned=answer.returned)
            if answer.raised is None
            else _("At n = {size} it raised {problem}.").format(size=size, problem=problem(answer.raised))
        )


def _time_complaint(points: list[Point], slower: float, heavier: float) -> list[str]:
    if slower <= SLOW:
        return []
    if len(points) > 1:
        smaller, larger = points[-2:]
        own = exponent(smaller, larger, own=True)
        if own > 1.4 and own - exponent(smaller, larger, own=False) > STEEP:
            return [_("Time grows like n^{exponent:.1f}.").format(exponent=own)]
    # A large table is slow too, and says so below.
    return [_("That is what a Python loop over rows or elements costs.")] if heavier <= HEAVY else []


def _memory_complaint(heavier: float) -> list[str]:
    if heavier <= HEAVY:
        return []
    return [_("Memory is that of a table of all pairs.")]


def _measure(examination: Examination) -> list[Point]:
    """Points at growing sizes, as far as patience goes; measured again where only the second look can tell."""
    points: list[Point] = []
    for size in examination.loss.sizes:
        likely = _likely_seconds(points, size)
        if likely > PATIENCE or _says_enough(examination, points, likely):
            break
        point = _point(examination, size, REPEATS if likely * REPEATS <= PATIENCE else 1)
        if point.own > SLOW * point.reference and point.own * REPEATS < PATIENCE:
            # A pause of the machine may have hit one side alone.
            again = _point(examination, size, REPEATS)
            point = Point(size, min(point.own, again.own), min(point.reference, again.reference))
        points.append(point)
    return points


def _says_enough(examination: Examination, points: list[Point], likely: float) -> bool:
    """Whether what was measured has failed already, so that a larger input would only cost more to say the same."""
    if len(points) < 2:
        return False
    last = points[-1]
    # A table that outgrows the processor's caches takes ten times as long as a smaller one foretells.
    return last.own > HOPELESS * last.reference or (likely * 10 > PATIENCE and _memory(examination, last.size) > HEAVY)


def _likely_seconds(points: list[Point], size: int) -> float:
    """What one call of this size takes if the submission grows on as it did so far, and at least linearly."""
    if not points:
        return 0.0
    last = points[-1]
    growth = max(1.0, exponent(points[-2], last, own=True)) if len(points) > 1 else 1.0
    return float(last.own * (size / last.size) ** growth)


def _point(examination: Examination, size: int, repeats: int) -> Point:
    call = _call(examination, size)
    own = _seconds(examination.ask, call, size, repeats)
    return Point(size, own, _seconds(examination.ask_reference, call, size, REPEATS))


def _seconds(ask: Ask, call: Call, size: int, repeats: int) -> float:
    (answer,) = ask(Batch((call,), repeats=repeats))
    if answer.value is None or answer.raised is not None or not answer.seconds:
        raise _NoTensor(size, answer)
    return max(min(answer.seconds), 1e-7)


def _memory(examination: Examination, size: int) -> float:
    """Peak bytes of the submission over those of the reference."""
    batch = Batch((_call(examination, size),), watch=frozenset({Watch.MEMORY}))
    (own,), (reference,) = examination.ask(batch), examination.ask_reference(batch)
    for answer in (own, reference):
        if answer.peak_bytes is None:
            raise _NoTensor(size, answer)
    return (own.peak_bytes or 0) / max(1, reference.peak_bytes or 0)


def _call(examination: Examination, size: int) -> Call:
    arguments: tuple[Value, ...] = examination.loss.large(np.random.default_rng([examination.seed, 3, size]), size)
    wants = differentiable(examination.loss, arguments)
    return Call(
        tuple(Argument(value, requires_grad=want) for value, want in zip(arguments, wants, strict=True)), upstream=1.0
    )

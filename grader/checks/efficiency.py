"""Time and memory beside the reference, at growing sizes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grader.calls import Argument, Ask, Batch, Call, Watch
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
HOPELESS = 100.0
"""So many times the reference's time at two sizes already: a larger one would only cost more to say the same."""
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
    points = _measure(examination)
    if points is None:
        return Finding(Outcome.ERROR, _("A call with a larger input gave no tensor."))
    last = points[-1]
    # Watching every operation for its memory takes several times as long as running it.
    watched = max((point.size for point in points if point.own * 10 < PATIENCE), default=points[0].size)
    heavier = _memory(examination, watched)
    if heavier is None:
        return Finding(Outcome.ERROR, _("A call with a larger input gave no tensor."))
    slower = last.own / last.reference
    figures = _("{slower:.1f} × the reference's time and {heavier:.1f} × its memory at n = {size}").format(
        slower=slower, heavier=heavier, size=last.size
    )
    complaints = [*_time_complaint(points, slower), *_memory_complaint(heavier)]
    if not complaints:
        return Finding(Outcome.PASS, f"{figures}.")
    return Finding(
        Outcome.FAIL,
        f"{figures}. {' '.join(complaints)}",
        hint=_("Work on whole tensors: sorting and cumulative sums replace comparing each with each."),
    )


def _time_complaint(points: list[Point], slower: float) -> list[str]:
    if slower <= SLOW:
        return []
    if len(points) > 1:
        smaller, larger = points[-2:]
        own = exponent(smaller, larger, own=True)
        if own > 1.4 and own - exponent(smaller, larger, own=False) > STEEP:
            return [_("Time grows like n^{exponent:.1f}.").format(exponent=own)]
    return [_("That is what a Python loop over rows or elements costs.")]


def _memory_complaint(heavier: float) -> list[str]:
    if heavier <= HEAVY:
        return []
    return [_("Memory is that of a table of all pairs.")]


def _measure(examination: Examination) -> list[Point] | None:
    """Points at growing sizes, as far as patience goes; measured again where only the second look can tell."""
    points: list[Point] = []
    for size in examination.loss.sizes:
        likely = _likely_seconds(points, size)
        if likely > PATIENCE or (len(points) > 1 and points[-1].own > HOPELESS * points[-1].reference):
            break
        point = _point(examination, size, REPEATS if likely * REPEATS <= PATIENCE else 1)
        if point is not None and point.own > SLOW * point.reference and point.own * REPEATS < PATIENCE:
            # A pause of the machine may have hit one side alone.
            again = _point(examination, size, REPEATS)
            point = again and Point(size, min(point.own, again.own), min(point.reference, again.reference))
        if point is None:
            return None
        points.append(point)
    return points


def _likely_seconds(points: list[Point], size: int) -> float:
    """What one call of this size takes if the submission grows on as it did so far, and at least linearly."""
    if not points:
        return 0.0
    last = points[-1]
    growth = max(1.0, exponent(points[-2], last, own=True)) if len(points) > 1 else 1.0
    return float(last.own * (size / last.size) ** growth)


def _point(examination: Examination, size: int, repeats: int) -> Point | None:
    call = _call(examination, size)
    own = _seconds(examination.ask, call, repeats)
    return None if own is None else Point(size, own, _seconds(examination.ask_reference, call, REPEATS) or own)


def _seconds(ask: Ask, call: Call, repeats: int) -> float | None:
    (answer,) = ask(Batch((call,), repeats=repeats))
    if answer.value is None or answer.raised is not None or not answer.seconds:
        return None
    return max(min(answer.seconds), 1e-7)


def _memory(examination: Examination, size: int) -> float | None:
    """Peak bytes of the submission over those of the reference."""
    batch = Batch((_call(examination, size),), watch=frozenset({Watch.MEMORY}))
    (own,), (reference,) = examination.ask(batch), examination.ask_reference(batch)
    if own.peak_bytes is None or reference.peak_bytes is None:
        return None
    return own.peak_bytes / max(1, reference.peak_bytes)


def _call(examination: Examination, size: int) -> Call:
    arguments: tuple[Value, ...] = examination.loss.large(np.random.default_rng([examination.seed, 3, size]), size)
    wants = differentiable(examination.loss, arguments)
    return Call(
        tuple(Argument(value, requires_grad=want) for value, want in zip(arguments, wants, strict=True)), upstream=1.0
    )

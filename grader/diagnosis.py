"""Which known mistake a failing submission behaves like, if exactly one explains every answer seen.

The submission is asked for values and gradients on fresh inputs, in both dtypes, on the cases of the value check and
at the edges. Each known mistake of the loss is evaluated on the same inputs. An explanation has to fit all of it; where
two fit, or none does, nothing is said rather than guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np

from grader.calls import Answer, Array, Ask, Batch
from grader.checks.expected import Expected, differentiable, evaluate, expect
from grader.checks.judging import wrong_gradient, wrong_value
from grader.checks.stability import edge_calls, edges
from grader.known_answers import UNDEFINED, Function, Known, KnownAnswers, known_answers
from grader.losses.base import Loss, Mistake, Value
from grader.messages import gettext as _
from grader.messages import language
from grader.report import Misconception

CONSTANT = "constant-answer"
DETACHED = "detached-graph"
LOWER_PRECISION = "lower-precision"
SCALINGS = ("sign-flipped", "sum-instead-of-mean", "log-base-2", "log-base-10")
"""Mistakes that multiply the right value by a factor, so that they can sit on top of another one."""


@dataclass(frozen=True)
class Diagnosis:
    """What was found: one mistake by its id, or two that only together explain the answers, as a hint."""

    misconception: Misconception | None = None
    pair: str | None = None


@dataclass(frozen=True)
class Seen:
    """Every answer of the submission that an explanation has to fit."""

    loss: Loss
    known: KnownAnswers
    pairs: tuple[tuple[Expected, Answer], ...]
    edge_answers: tuple[Answer, ...]


def diagnose(loss: Loss, seed: int, ask: Ask) -> Diagnosis:
    """The one known mistake that explains the submission's answers; asks the submission afresh.

    Raises SubmissionEnded as `ask` does.
    """
    seen = _look(loss, seed, ask)
    explanations = [mistake for mistake in loss.mistakes if _explains(mistake, seen)]
    if len(explanations) == 1:
        return Diagnosis(misconception=_named(explanations[0]))
    if explanations:
        return Diagnosis()
    pairs = [pair for pair in _plausible_pairs(loss) if _pair_explains(pair, seen)]
    if len(pairs) == 1:
        one, other = pairs[0]
        return Diagnosis(
            pair=_("Two mistakes together explain it. {one} {other}").format(
                one=one.message[language()], other=other.message[language()]
            )
        )
    return Diagnosis()


def _named(mistake: Mistake) -> Misconception:
    return Misconception(mistake.id, mistake.message[language()])


def _look(loss: Loss, seed: int, ask: Ask) -> Seen:
    known = known_answers(loss, seed)
    answers = ask(Batch(tuple(one.call(backward=True) for one in known.expected)))
    pairs = tuple(zip(known.expected, answers, strict=True))
    return Seen(loss, known, pairs, tuple(ask(Batch(edge_calls(loss)))))


def _explains(mistake: Mistake, seen: Seen) -> bool:
    if mistake.id == CONSTANT:
        return _is_constant(seen)
    if mistake.id == DETACHED:
        return _is_detached(seen) and _values_right_at_edges(seen)
    if mistake.id == LOWER_PRECISION:
        return _is_lower_precision(seen)
    return any(
        _function_explains(partial(seen.known.of, variant), seen.known.applicable(mistake), seen)
        and _edges_agree(variant, seen)
        for variant in mistake.variants
    ) or _fitted_explains(mistake, seen)


def _fitted_explains(mistake: Mistake, seen: Seen) -> bool:
    """Whether the mistake with a number of its own explains it: the number is read off the answer furthest from right.

    A number that follows the dtype (its eps) may be seen in float32 alone, while everything is right in float64.
    """
    if mistake.fitted is None:
        return False
    applicable = seen.known.applicable(mistake)
    wrong = [index for index in applicable if _wrong_number(*seen.pairs[index])]
    if not any(seen.pairs[index][0].dtype == "float64" for index in wrong):
        applicable = frozenset(index for index in applicable if seen.pairs[index][0].dtype == "float32")
        if any(wrong_gradient(seen.loss, *seen.pairs[index]) for index in seen.known.applicable(mistake) - applicable):
            return False
    else:
        wrong = [index for index in wrong if seen.pairs[index][0].dtype == "float64"]
    if not wrong:
        return False
    one, answer = max((seen.pairs[index] for index in wrong), key=lambda pair: _far(*pair))
    return any(
        _function_explains(partial(seen.known.once, variant), applicable, seen) and _edges_agree(variant, seen)
        for variant in mistake.fitted(one.arguments, _number(answer))
    )


def _number(answer: Answer) -> float:
    return float("nan") if answer.value is None or answer.value.shape != () else float(answer.value)


def _wrong_number(one: Expected, answer: Answer) -> bool:
    return bool(np.isfinite(_number(answer))) and not _right_value(one, answer)


def _far(one: Expected, answer: Answer) -> float:
    return abs(_number(answer) - one.value) / one.tolerance.value


def _function_explains(answer: Callable[[int], Known], applicable: Iterable[int], seen: Seen) -> bool:
    """Whether what comes out of a wrong function, input by input, is all that was seen, and is wrong somewhere."""
    indices = sorted(applicable)
    if len(indices) < 3:
        return False
    fits = all(_fits(answer(index), *seen.pairs[index]) for index in indices)
    return fits and any(_differs(answer(index), seen.pairs[index][0]) for index in indices)


def _differs(wrong: Known, one: Expected) -> bool:
    """Whether the mistake is a mistake on this input at all, in the value or in a gradient."""
    if not _close(wrong.value, one.value, one):
        return True
    if not one.case.compare_gradient:
        return False
    compared = enumerate(zip(wrong.gradients, one.gradients, strict=True))
    return any(right is not None and not _gradient_fits(came, right, one, index) for index, (came, right) in compared)


def _close(value: float, other: float, one: Expected) -> bool:
    if not (np.isfinite(value) and np.isfinite(other)):
        return False
    precision = 2e-5 if one.dtype == "float32" else 1e-7
    return abs(value - other) <= one.tolerance.value + precision * max(abs(value), abs(other))


def _fits(known: Known, one: Expected, answer: Answer) -> bool:
    if answer.value is None or answer.value.shape != () or answer.dtype != one.dtype:
        return False
    if not _close(float(answer.value), known.value, one):
        return False
    if not one.case.compare_gradient:
        return True
    gradients = answer.gradients or (None,) * len(known.gradients)
    return all(
        _gradient_fits(came, right, one, index)
        for index, (came, right) in enumerate(zip(gradients, known.gradients, strict=True))
        if right is not None
    )


def _gradient_fits(came: Array | None, right: Array, one: Expected, index: int) -> bool:
    values = np.zeros_like(right) if came is None else came.astype(np.float64)
    if values.shape != right.shape or not np.isfinite(values).all():
        return False
    precision = 1e-3 if one.dtype == "float32" else 1e-5
    largest = np.abs(right).max(initial=0.0)
    allowed = one.tolerance.gradients[index]
    rounding = np.asarray(0.0 if allowed is None else allowed) * abs(one.upstream)
    return bool(np.all(np.abs(values - right) <= precision * (np.abs(right) + 1e-2 * largest) + rounding))


def _edges_agree(function: Function, seen: Seen) -> bool:
    """Whether the submission is finite at the edges wherever the mistake by itself is; else it has a second fault."""
    return all(
        _finite(answer) or not _finite_at(function, seen.loss, arguments)
        for (_probe, _dtype, arguments), answer in zip(edges(seen.loss), seen.edge_answers, strict=True)
    )


def _finite(answer: Answer) -> bool:
    return (
        answer.raised is None
        and answer.value is not None
        and bool(np.isfinite(answer.value).all())
        and not any(gradient is not None and np.isnan(gradient).any() for gradient in answer.gradients)
    )


def _finite_at(function: Function, loss: Loss, arguments: tuple[Value, ...]) -> bool:
    try:
        value, gradients = evaluate(function, arguments, differentiable(loss, arguments))
    except UNDEFINED:
        return False
    return bool(np.isfinite(value)) and not any(
        gradient is not None and np.isnan(gradient).any() for gradient in gradients
    )


def _values_right_at_edges(seen: Seen) -> bool:
    return all(
        answer.value is not None and answer.value.shape == () and probe.accepts_value(float(answer.value))
        for (probe, _dtype, _arguments), answer in zip(edges(seen.loss), seen.edge_answers, strict=True)
    )


def _is_constant(seen: Seen) -> bool:
    """The same finite number whatever the input, in whatever dtype."""
    values = [
        float(answer.value) if answer.value is not None and answer.value.shape == () else float("nan")
        for _one, answer in seen.pairs
    ]
    if not np.isfinite(values).all():
        return False
    return float(np.ptp(values)) <= 1e-6 * max(1e-30, abs(values[0]))


def _right_value(one: Expected, answer: Answer) -> bool:
    return wrong_value(one, answer) is None


def _reached(gradient: Array | None) -> bool:
    return gradient is not None and bool(np.any(gradient != 0.0))


def _stands_out(one: Expected, right: Array, index: int) -> bool:
    """Whether a gradient of zero would be wrong here: the right one is larger than its own rounding."""
    allowed = one.tolerance.gradients[index]
    return allowed is not None and bool(np.any(np.abs(right) > 4.0 * np.asarray(allowed) * abs(one.upstream)))


def _is_detached(seen: Seen) -> bool:
    """Every value is right, no gradient reaches some argument, always the same one, and the others are right."""
    missing: set[int] = set()
    reached: set[int] = set()
    for one, answer in seen.pairs:
        if not _right_value(one, answer) or answer.backward_raised is not None:
            return False
        gradients = answer.gradients or (None,) * len(one.gradients)
        if not one.case.compare_gradient:
            continue
        for index, (came, right) in enumerate(zip(gradients, one.gradients, strict=True)):
            if right is None or not _stands_out(one, right, index):
                continue
            (reached if _reached(came) else missing).add(index)
            if _reached(came) and not _array_fits(came, right, one, index):
                return False
    return bool(missing) and not missing & reached


def _array_fits(came: Array | None, right: Array, one: Expected, index: int) -> bool:
    allowed = one.tolerance.gradients[index]
    if came is None or came.shape != right.shape or allowed is None:
        return False
    return bool(np.all(np.abs(came.astype(np.float64) - right) <= np.asarray(allowed) * abs(one.upstream)))


def _is_lower_precision(seen: Seen) -> bool:
    """Right in float32, and in float64 only as right as float32 is, in value and in gradient."""
    coarse_values = coarse_gradients = False
    told = exact = 0
    for one, answer in seen.pairs:
        if one.dtype == "float32":
            if wrong_value(one, answer) is not None or wrong_gradient(seen.loss, one, answer) is not None:
                return False
            continue
        if answer.dtype not in ("float32", "float64") or answer.value is None or answer.value.shape != ():
            return False
        coarse = expect(seen.loss, one.case, "float32", one.upstream)
        upstream_fits = float(np.float32(one.upstream)) == one.upstream
        if not np.isfinite(answer.value) or abs(float(answer.value) - coarse.value) > coarse.tolerance.value:
            return False
        if _tells_rounding(one, coarse):
            told += 1
            exact += answer.dtype == "float64" and _right_value(one, answer)
        coarse_values |= answer.dtype == "float32" or wrong_value(one, answer) is not None
        if not one.case.compare_gradient:
            continue
        gradients = answer.gradients or (None,) * len(one.gradients)
        for index, (right, rounded_right) in enumerate(zip(one.gradients, coarse.gradients, strict=True)):
            if right is None or rounded_right is None:
                continue
            if not _array_fits(gradients[index], rounded_right, coarse, index):
                return False
            # An upstream gradient that float32 has not is rounded where the answer is: the rest may still be exact.
            coarse_gradients |= upstream_fits and not _array_fits(gradients[index], right, one, index)
    # Roundings may cancel in a case or two; what is exact in a third of them does not compute in float32.
    return coarse_values and coarse_gradients and exact * 3 < told


def _tells_rounding(one: Expected, coarse: Expected) -> bool:
    """Whether rounding the arguments to float32 alone already changes the value by more than a right answer may err."""
    return abs(coarse.value - one.value) > 4.0 * one.tolerance.value


def _plausible_pairs(loss: Loss) -> Iterator[tuple[Mistake, Mistake]]:
    """Each scaling on top of each other mistake; two logarithms at once are one too many."""
    scalings = [mistake for mistake in loss.mistakes if mistake.id in SCALINGS]
    others = [mistake for mistake in loss.mistakes if mistake.id not in SCALINGS and mistake.variants]
    yield from ((one, other) for one in scalings for other in others if other.id not in (DETACHED, LOWER_PRECISION))
    for one, other in combinations(scalings, 2):
        if not (one.id.startswith("log-base") and other.id.startswith("log-base")):
            yield one, other


def _pair_explains(pair: tuple[Mistake, Mistake], seen: Seen) -> bool:
    """Whether one mistake, multiplied by what the other multiplies the right value with, explains it all."""
    scaling, other = pair
    known = seen.known
    applicable = known.applicable(scaling) & known.applicable(other)
    for factor in scaling.variants:
        for variant in other.variants:

            def both(index: int, factor: Function = factor, variant: Function = variant) -> Known:
                return known.of(variant, index).scaled(known.ratio(factor, index))

            if _function_explains(both, applicable, seen):
                return True
    return False

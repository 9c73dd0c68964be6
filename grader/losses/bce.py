"""Binary cross entropy: mean over all elements of −[t log p + (1 − t) log(1 − p)]."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from grader.losses._common import (
    EPS,
    any_gradient,
    between_float32,
    constant_answer,
    detached_graph,
    fitted,
    float64,
    is_finite,
    log_base,
    lower_precision,
    no_nan,
    sign_flipped,
    within,
)
from grader.losses.base import Array, BadCall, Case, Loss, Mistake, Parameter, Probe, Tolerance, Value
from grader.messages import N_

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FORMULA = "−mean[t·log p + (1 − t)·log(1 − p)]"

GUARD = 1.1e-10
"""The most that may be added to p inside a logarithm: at p = 1e-4 it costs 1e-6, which is just not visible."""


def reference(probabilities: Tensor, targets: Tensor) -> Tensor:
    """Mean over all elements of −[t log p + (1 − t) log(1 − p)] as a 0-dim tensor; any one shape, both in [0, 1].

    Each logarithm is taken of a probability that was moved off its own zero, by less than any p in [1e-30, 1 − eps] can
    notice, so that at the edge the value is finite and autograd multiplies no 0 by ∞. Raises ValueError where the
    shapes differ. Source: Goodfellow, Bengio and Courville, Deep Learning (2016), equation 5.23 and section 6.2.2.2.
    """
    if probabilities.shape != targets.shape:
        raise ValueError(f"shapes differ: {tuple(probabilities.shape)} and {tuple(targets.shape)}")
    log_p = probabilities.clamp(min=1e-30).log()
    log_not_p = torch.log1p(-probabilities.clamp(max=1 - torch.finfo(probabilities.dtype).eps))
    return -(targets * log_p + (1 - targets) * log_not_p).mean()


# --- Inputs -----------------------------------------------------------------------------------------------------------


def _probabilities(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.uniform(0.02, 0.98, shape)


def _labels(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Hard targets in which both classes occur."""
    labels = rng.integers(0, 2, shape).astype(np.float64)
    labels.flat[0], labels.flat[-1] = 1.0, 0.0
    return labels


def cases(rng: np.random.Generator) -> Sequence[Case]:
    # Not 0.5 itself: the logit is 0 there, and the usual stable formula with |logit| in it has its kink.
    toward_zero = np.geomspace(1.01e-4, 0.49, 9)
    return (
        Case("0-dim", (np.array(rng.uniform(0.3, 0.4)), np.array(1.0))),
        Case("one element", (rng.uniform(0.15, 0.25, 1), rng.uniform(0.8, 0.9, 1))),
        Case("hard targets", (_probabilities(rng, (7,)), _labels(rng, (7,)))),
        Case("soft targets, 2-D", (_probabilities(rng, (4, 3)), rng.uniform(0, 1, (4, 3)))),
        Case("soft targets, 3-D", (_probabilities(rng, (2, 3, 2)), rng.uniform(0, 1, (2, 3, 2)))),
        Case(
            "soft targets, 4-D",
            (_probabilities(rng, (2, 1, 3, 2)), rng.uniform(0, 1, (2, 1, 3, 2))),
            dtypes=("float64",),
        ),
        Case("one row", (_probabilities(rng, (1, 5)), _labels(rng, (1, 5)))),
        Case("one column", (_probabilities(rng, (6, 1)), rng.uniform(0.6, 1, (6, 1)))),
        Case("strided", (_probabilities(rng, (3, 5)), rng.uniform(0, 1, (3, 5))), strided=(True, True)),
        Case("400 elements", (_probabilities(rng, (400,)), _labels(rng, (400,)))),
        # More than Python recurses.
        Case("1100 elements", (_probabilities(rng, (1100,)), rng.uniform(0, 1, 1100)), dtypes=("float64",)),
        Case("all positive", (rng.uniform(0.05, 0.3, 6), np.ones(6))),
        Case("all negative", (rng.uniform(0.75, 0.9, 6), np.zeros(6))),
        Case("every target one half", (rng.uniform(0.02, 0.1, 5), np.full(5, 0.5))),
        Case("log-spaced toward 0", (toward_zero, rng.uniform(0.5, 1, 9))),
        Case("log-spaced toward 1", (1 - toward_zero, rng.uniform(0, 0.5, 9))),
        # Where something added to p is seen best: the loss is −log p alone and p is as small as the contract allows.
        Case("p = 1e-4, t = 1", (rng.uniform(1.0001e-4, 1.02e-4, 4), np.ones(4))),
        Case("p = 1 − 1e-4, t = 0", (1 - rng.uniform(1.03e-4, 1.06e-4, 4), np.zeros(4))),
        # A small answer: every prediction is right and sure.
        Case("sure and right", (1 - np.geomspace(1.01e-4, 1e-2, 8) * rng.uniform(1, 1.3), np.ones(8))),
        Case("sure and right, negative", (np.geomspace(1.01e-4, 2e-2, 8) * rng.uniform(1, 1.3), np.zeros(8))),
        Case("finer than float32", (between_float32(rng, 0.88, 0.94, (6,)), np.ones(6)), dtypes=("float64",)),
        Case(
            "finer than float32, 2-D", (between_float32(rng, 0.5, 0.6, (2, 3)), np.zeros((2, 3))), dtypes=("float64",)
        ),
    )


def large(rng: np.random.Generator, n: int) -> tuple[Value, ...]:
    """`n` elements with soft targets."""
    return _probabilities(rng, (n,)), rng.uniform(0, 1, n)


def tolerance(arguments: tuple[Value, ...], dtype: str) -> Tolerance:
    """Rounding of the terms and of their sum, in any order and also by way of the logit, and an invisible guard.

    A right answer may write the loss with the logit l = log p − log(1 − p), which is rounded relative to |l| even
    where the loss itself is small, and 1 − p is rounded relative to 1. A mean over N that is summed one by one is off
    by up to N/4 roundings.
    """
    p, t = float64(arguments[0]), float64(arguments[1])
    eps, n = EPS[dtype], p.size
    cost = -(t * np.log(p) + (1 - t) * np.log1p(-p))
    logits = -np.log(p) - np.log1p(-p)
    steepness = t / p + (1 - t) / (1 - p)
    value = 16 * eps * np.mean(1 + logits) + (16 + n) * eps * np.mean(cost) + GUARD * np.mean(steepness)
    curvature = t / p**2 + (1 - t) / (1 - p) ** 2
    gradient = (32 * eps * (1 + logits) / (p * (1 - p)) + 2 * GUARD * curvature) / n
    return Tolerance(value=float(value), gradients=(gradient, None))


# --- The edge ---------------------------------------------------------------------------------------------------------

SURE_AND_WRONG = (15.0, 120.0)
NOTHING = 1e-6


def _probe(name: str, p: Sequence[Any] | float, t: Sequence[Any] | float) -> Probe:
    """The contract's bounds: an element at its edge costs its wrong share times 15 to 120, any other its formula."""
    probabilities, targets = np.asarray(p, dtype=np.float64), np.asarray(t, dtype=np.float64)
    inside = (probabilities > 0) & (probabilities < 1)
    share = np.where(probabilities == 0, targets, 1 - targets)[~inside].sum()
    interior = np.where(inside, probabilities, 0.5)
    rest = -(targets * np.log(interior) + (1 - targets) * np.log1p(-interior))[inside].sum()
    n = probabilities.size
    low = (share * SURE_AND_WRONG[0] + rest) / n - NOTHING * (1 + abs(rest))
    high = (share * SURE_AND_WRONG[1] + rest) / n + NOTHING * (1 + abs(rest))
    return Probe(
        name=name,
        arguments=(probabilities, targets),
        accepts_value=within(low, high),
        expected=f"{low:.6g} … {high:.6g}",
        accepts_gradients=no_nan,
        expected_gradients=N_("no NaN"),
    )


def _near_probe(name: str, p: Sequence[float], t: Sequence[float], dtypes: tuple[str, ...]) -> Probe:
    """Between the edge and 1e-4 only a finite value is asked."""
    return Probe(
        name=name,
        arguments=(np.asarray(p), np.asarray(t)),
        accepts_value=is_finite,
        expected=N_("finite"),
        accepts_gradients=any_gradient,
        expected_gradients=N_("anything"),
        dtypes=dtypes,
    )


def probes() -> Sequence[Probe]:
    both = ("float64", "float32")
    return (
        _probe("p = t at both edges", [0, 1, 0, 1, 1], [0, 1, 0, 1, 1]),
        _probe("p = 0, t = 0, 0-dim", 0, 0),
        _probe("p = 1, t = 1", [1], [1]),
        _probe("p = 0, t = 1", [0], [1]),
        _probe("p = 1, t = 0", [1], [0]),
        _probe("every answer sure and wrong", [[0, 1], [1, 0]], [[1, 0], [0, 1]]),
        _probe("p = 0, t = 0.5", [0, 0], [0.5, 0.5]),
        _probe("p = 1, t = 0.5", [1, 1], [0.5, 0.5]),
        _probe("p = 0, t = 0.25", [0], [0.25]),
        _probe("p = 1, t = 0.25", [1], [0.25]),
        _probe("edges among others", [0, 0.25, 1, 0.75, 0, 1], [1, 1, 1, 0, 0, 0]),
        _probe("right edges among others", [0, 0.25, 1, 0.75], [0, 1, 1, 0]),
        _near_probe("p just above 0", [1e-5, 1e-7, 1e-12, 1e-30, 1e-5, 1e-30], [1, 1, 1, 1, 0, 0.5], both),
        _near_probe("p just below 1", [1 - 1e-5, 1 - 2.0**-24, 1 - 2.0**-24], [0, 0, 1], both),
        _near_probe("p one float64 below 1", [1 - 2.0**-53, 1 - 2.0**-53], [0, 1], ("float64",)),
    )


def bad_calls() -> Sequence[BadCall]:
    def pair(first: tuple[int, ...], second: tuple[int, ...]) -> BadCall:
        return BadCall(f"{first} and {second}", (np.full(first, 0.4), np.full(second, 1.0)))

    return (
        pair((3,), (4,)),
        pair((3,), (3, 1)),
        pair((3,), (1, 3)),
        pair((1,), (3,)),
        pair((3,), (1,)),
        pair((3,), ()),
        pair((), (3,)),
        pair((2, 3), (3, 2)),
        pair((2, 3), (3,)),
        pair((2, 3), (1, 3)),
    )


# --- Mistakes ---------------------------------------------------------------------------------------------------------


def _sum(probabilities: Tensor, targets: Tensor) -> Tensor:
    """Sums over all elements, so that the loss and its gradient grow with the batch."""
    return reference(probabilities, targets) * probabilities.numel()


def _sum_along(axis: int) -> Callable[[Tensor, Tensor], Tensor]:
    def summed(probabilities: Tensor, targets: Tensor) -> Tensor:
        """Sums along one axis and averages over the others only."""
        return reference(probabilities, targets) * (probabilities.shape[axis] if probabilities.dim() else 1)

    return summed


def _sum_along_all_but_the_first(probabilities: Tensor, targets: Tensor) -> Tensor:
    """Sums what belongs to one example and averages over the examples: divides by the rows, not by the elements."""
    examples = probabilities.shape[0] if probabilities.dim() else 1
    return reference(probabilities, targets) * (probabilities.numel() / examples)


def _positive_class_only(probabilities: Tensor, targets: Tensor) -> Tensor:
    """Forgets (1 − t) log(1 − p): a negative example costs nothing, however sure the model is of it."""
    return -(targets * probabilities.clamp(min=1e-30).log()).mean()


def _applies_sigmoid(probabilities: Tensor, targets: Tensor) -> Tensor:
    """Takes probabilities for logits and squeezes them once more, into (0.5, 0.73)."""
    return reference(torch.sigmoid(probabilities), targets)


def _squared_error(probabilities: Tensor, targets: Tensor) -> Tensor:
    """The Brier score: bounded, and flat where the model is sure and wrong."""
    return ((probabilities - targets) ** 2).mean()


def _swapped(guard: float) -> Callable[[Tensor, Tensor], Tensor]:
    def swapped(probabilities: Tensor, targets: Tensor) -> Tensor:
        """Takes the logarithm of the targets and weighs it by the probabilities."""
        log_t = targets.clamp(min=guard).log()
        log_not_t = (1 - targets).clamp(min=guard).log()
        return -(probabilities * log_t + (1 - probabilities) * log_not_t).mean()

    return swapped


def _added(guard: float, both_sides: bool) -> Callable[[Tensor, Tensor], Tensor]:
    def added(probabilities: Tensor, targets: Tensor) -> Tensor:
        """Adds a constant inside the logarithm that changes the loss where p is small."""
        log_p = (probabilities + guard).log()
        not_p = 1 - probabilities
        log_not_p = (not_p + guard).log() if both_sides else not_p.clamp(min=1e-30).log()
        return -(targets * log_p + (1 - targets) * log_not_p).mean()

    return added


def _clamped(guard: float) -> Callable[[Tensor, Tensor], Tensor]:
    def clamped(probabilities: Tensor, targets: Tensor) -> Tensor:
        """Clamps p so far from the edge that ordinary predictions are cut off, value and gradient."""
        return reference(probabilities.clamp(guard, 1 - guard), targets)

    return clamped


def _clamped_from_below(guard: float, both_sides: bool) -> Callable[[Tensor, Tensor], Tensor]:
    def clamped_from_below(probabilities: Tensor, targets: Tensor) -> Tensor:
        """Clamps what each logarithm is taken of, or p alone, at a number that ordinary predictions fall below."""
        log_p = probabilities.clamp(min=guard).log()
        log_not_p = (1 - probabilities).clamp(min=guard if both_sides else 1e-30).log()
        return -(targets * log_p + (1 - targets) * log_not_p).mean()

    return clamped_from_below


def _blended(guard: float) -> Callable[[Tensor, Tensor], Tensor]:
    def blended(probabilities: Tensor, targets: Tensor) -> Tensor:
        """Squeezes [0, 1] into [ε, 1 − ε], every p a little."""
        return reference(probabilities * (1 - 2 * guard) + guard, targets)

    return blended


GUARDS: tuple[Callable[[float], Callable[[Tensor, Tensor], Tensor]], ...] = (
    lambda guard: _added(guard, True),
    lambda guard: _added(guard, False),
    _clamped,
    lambda guard: _clamped_from_below(guard, True),
    lambda guard: _clamped_from_below(guard, False),
    _blended,
)


def _guards_with(arguments: tuple[Value, ...], value: float) -> Sequence[Callable[[Tensor, Tensor], Tensor]]:
    """Every kind of guard, with the epsilon that makes it give this value."""
    return [guarded for family in GUARDS for guarded in fitted(family, arguments, value, 1e-10, 0.4)]


def _targets_flipped(probabilities: Tensor, targets: Tensor) -> Tensor:
    """Has the two classes the wrong way round."""
    return reference(probabilities, 1 - targets)


def _thresholded(hard: Callable[[Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    def thresholded(probabilities: Tensor, targets: Tensor) -> Tensor:
        """Picks one of the two terms by the target, as if it were always 0 or 1."""
        return reference(probabilities, hard(targets).to(probabilities.dtype))

    return thresholded


def _soft(arguments: tuple[Value, ...]) -> bool:
    """Targets away from 0 and 1, where the logarithm of a target is the same with any guard."""
    t = float64(arguments[1])
    return bool(((t >= 1e-3) & (t <= 1 - 1e-3)).all())


EPSILONS = (1e-2, 5e-3, 1e-3, 5e-4, 1e-4, 1e-5, 1e-6, 1e-7, EPS["float32"], 1e-8, 1e-9)
CLAMPS = (5e-2, 1e-2, 5e-3, 1e-3, 5e-4)
BLENDS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)

MISTAKES = (
    sign_flipped(reference, FORMULA),
    Mistake(
        id="sum-instead-of-mean",
        message={
            "ko": "평균을 내야 할 곳에서 합을 냅니다: 값이 원소 수 N 배가 되어 배치 크기에 따라 달라집니다. 정의는 "
            f"{FORMULA} 입니다.",
            "en": "It sums where the definition averages: the value is N times too large and changes with the batch "
            "size. "
            f"The definition is {FORMULA}.",
        },
        variants=(_sum, _sum_along(-1), _sum_along(0), _sum_along_all_but_the_first),
    ),
    log_base(reference, 2, FORMULA),
    log_base(reference, 10, FORMULA),
    detached_graph(reference, (0,)),
    constant_answer(),
    lower_precision(reference),
    Mistake(
        id="positive-class-only",
        message={
            "ko": "t·log p 항만 있고 (1 − t)·log(1 − p) 항이 없습니다. 그러면 t = 0 인 예는 p 가 1 에 가까워도 벌을 "
            "받지 않습니다.",
            "en": "Only the term t·log p is there; (1 − t)·log(1 − p) is missing. An example with t = 0 then costs "
            "nothing, "
            "even where p is close to 1.",
        },
        variants=(_positive_class_only,),
    ),
    Mistake(
        id="applies-sigmoid",
        message={
            "ko": "이미 확률인 p 에 시그모이드 σ(p) = 1/(1 + e⁻ᵖ) 를 한 번 더 씌웁니다. 입력은 로짓이 아니라 [0, 1] "
            "의 확률이므로 log p 를 바로 씁니다.",
            "en": "It applies a sigmoid, σ(p) = 1/(1 + e⁻ᵖ), to what is a probability already. The input is no logit: "
            "it lies in [0, 1], and the definition takes log p itself.",
        },
        variants=(_applies_sigmoid,),
    ),
    Mistake(
        id="squared-error",
        message={
            "ko": f"제곱 오차 mean (p − t)² 의 값이 나옵니다. 교차 엔트로피는 {FORMULA} 이고, 틀린 확신에 훨씬 큰 "
            "벌을 줍니다.",
            "en": f"The values are those of the squared error, mean (p − t)². Cross entropy is {FORMULA} "
            "and punishes a wrong certainty far harder.",
        },
        variants=(_squared_error,),
    ),
    Mistake(
        id="swapped-arguments",
        message={
            "ko": "두 인자가 뒤바뀌었습니다: log 가 확률 p 가 아니라 정답 t 에 걸려 −mean[p·log t + (1 − p)·log(1 − "
            "t)] 가 됩니다. "
            f"정의는 {FORMULA} 입니다.",
            "en": "The two arguments have changed places: the logarithm is taken of the target, −mean[p·log t + (1 − "
            "p)·log(1 − t)]. "
            f"The definition is {FORMULA}.",
        },
        variants=tuple(_swapped(guard) for guard in (1e-30, 1e-7, 1e-12, float(np.exp(-100)))),
        applies=_soft,
    ),
    Mistake(
        id="visible-epsilon",
        message={
            "ko": "log(p + ε) 나 너무 큰 clamp 처럼 log 0 을 막는 장치가 평범한 p 의 값까지 바꿉니다 (p = 1e-4 에서 "
            "오차가 ε/p). "
            "[1e-4, 1 − 1e-4] 안에서는 −log p 가 그대로 나와야 합니다.",
            "en": "What guards against log 0, a log(p + ε) or too wide a clamp, also changes the loss of ordinary p "
            "(by ε/p, at "
            "p = 1e-4 ten thousand times ε). Within [1e-4, 1 − 1e-4] the loss has to be −log p itself.",
        },
        variants=(
            *(_added(guard, both_sides) for guard in EPSILONS for both_sides in (True, False)),
            *(_clamped(guard) for guard in CLAMPS),
            *(_clamped_from_below(guard, both_sides) for guard in (1e-2, 1e-3) for both_sides in (True, False)),
            *(_blended(guard) for guard in BLENDS),
        ),
        fitted=_guards_with,
    ),
    Mistake(
        id="targets-flipped",
        message={
            "ko": "두 클래스가 뒤바뀌었습니다: t 와 1 − t 가 서로의 자리에 있습니다. log p 의 무게는 t, log(1 − p) "
            "의 무게는 1 − t 입니다.",
            "en": "The two classes have changed places: t stands where 1 − t belongs. log p is weighed by t and "
            "log(1 − p) by 1 − t.",
        },
        variants=(_targets_flipped,),
    ),
    Mistake(
        id="hard-targets-only",
        message={
            "ko": "t 가 0 이나 1 일 때만 맞습니다: 부드러운 정답(예: t = 0.3)을 둘 중 하나로 잘라 버립니다. "
            "두 항 t·log p 와 (1 − t)·log(1 − p) 를 t 만큼의 무게로 늘 함께 더해야 합니다.",
            "en": "It is right only where t is 0 or 1: a soft target such as t = 0.3 is taken for one of the two. "
            "Both terms, "
            "t·log p and (1 − t)·log(1 − p), always count, each by its weight.",
        },
        variants=(
            _thresholded(lambda targets: targets > 0.5),
            _thresholded(lambda targets: targets >= 0.5),
            _thresholded(lambda targets: targets == 1),
            _thresholded(lambda targets: targets > 0),
        ),
    ),
)


def diagnostic(rng: np.random.Generator) -> Sequence[Case]:
    """Soft targets and several ranks; p down to 1e-4 for the epsilons, and digits that float32 does not have."""
    small = np.array([1.01e-4, 1.02e-4, 2.03e-3, 0.6])
    return (
        Case("soft vector", (rng.uniform(0.1, 0.45, 5), np.array([0.9, 0.2, 0.7, 0.35, 0.55]))),
        Case("soft matrix", (rng.uniform(0.15, 0.8, (2, 3)), rng.uniform(0.55, 0.95, (2, 3)))),
        Case("soft, many", (rng.uniform(0.05, 0.9, 12), rng.uniform(0.05, 0.45, 12))),
        Case("small p", (small, np.array([0.95, 0.9, 0.8, 0.3]))),
        Case("p close to 1", (1 - small, np.array([0.05, 0.1, 0.2, 0.7]))),
        Case("finer than float32", (between_float32(rng, 0.88, 0.94, (4,)), np.full(4, 0.99))),
        Case("soft cube", (rng.uniform(0.2, 0.7, (2, 2, 3)), rng.uniform(0.3, 0.9, (2, 2, 3)))),
    )


def small_arguments() -> SearchStrategy[tuple[Value, ...]]:
    """(probabilities, targets) of one small shape, plain numbers first; p as far out as 1e-4."""
    from hypothesis import strategies as st

    shapes = st.sampled_from([(1,), (2,), (3,), (), (2, 1), (1, 2), (2, 2), (4,), (2, 3), (1, 2, 2)])
    p = st.sampled_from([0.5, 0.25, 0.75, 0.125, 0.875, 0.1, 0.9, 0.3, 0.7, 0.01, 0.99, 0.001, 0.999, 0.0001, 0.9999])
    t = st.sampled_from([1.0, 0.0, 0.5, 0.25, 0.75, 0.1, 0.9])

    def filled(shape: tuple[int, ...]) -> SearchStrategy[tuple[Value, ...]]:
        size = int(np.prod(shape))

        def array(values: list[float]) -> Array:
            return np.array(values, dtype=np.float64).reshape(shape)

        numbers: Any = st.tuples(
            st.lists(p, min_size=size, max_size=size).map(array), st.lists(t, min_size=size, max_size=size).map(array)
        )
        return numbers  # type: ignore[no-any-return]

    return shapes.flatmap(filled)


LOSS = Loss(
    id="bce",
    entry="bce",
    title={"ko": "이진 교차 엔트로피 (BCE)", "en": "Binary cross entropy (BCE)"},
    summary={
        "ko": "두 클래스 문제에서 예측 확률과 정답 사이의 차이를 잽니다.",
        "en": "Measures how far a predicted probability is from the truth in a two-class problem.",
    },
    difficulty=1,
    parameters=(
        Parameter(
            name="probabilities",
            shape="(…)",
            meaning={
                "ko": "예측 확률 p, 모든 원소가 [0, 1]; 어떤 모양이든 됩니다 (0차원 포함).",
                "en": "Predicted probabilities p, every element in [0, 1]; any shape, 0-dim included.",
            },
            differentiable=True,
        ),
        Parameter(
            name="targets",
            shape="(…)",
            meaning={
                "ko": "정답 t, 모든 원소가 [0, 1], probabilities 와 같은 모양; 0 과 1 사이의 부드러운 값도 됩니다.",
                "en": "Targets t, every element in [0, 1], of the same shape; soft values between 0 and 1 are allowed.",
            },
            differentiable=False,
        ),
    ),
    formula=r"L = -\frac{1}{N} \sum_{i=1}^{N} \left[ t_i \log p_i + (1 - t_i) \log (1 - p_i) \right]",
    rules=(
        {
            "ko": "모든 원소에 대한 평균을 0차원 텐서로, 입력과 같은 dtype·device 로 돌려줍니다.",
            "en": "Return the mean over all elements as a 0-dim tensor of the inputs' dtype and device.",
        },
        {
            "ko": "0·log 0 = 0 입니다. p 가 정확히 0 이나 1 이어도 손실은 유한하고 기울기에 NaN 이 없어야 합니다: "
            "맞은 답은 1e-6 이하, 틀린 답은 원소마다 15 이상 120 이하입니다.",
            "en": "0·log 0 = 0. Where p is exactly 0 or 1 the loss stays finite and its gradient has no NaN: a right "
            "answer "
            "costs at most 1e-6, a wrong one between 15 and 120 per element.",
        },
        {
            "ko": "p 가 [1e-4, 1 − 1e-4] 안에 있을 때는 그런 보호 장치가 값에 드러나면 안 됩니다 (float64 에서 "
            "원소마다 1e-6 이하).",
            "en": "For p in [1e-4, 1 − 1e-4] no such guard may show in the value (at most 1e-6 an element in float64).",
        },
        {
            "ko": "두 인자의 모양이 다르면 브로드캐스팅하지 말고 예외를 일으킵니다.",
            "en": "Raise an error where the two shapes differ; do not broadcast.",
        },
        {
            "ko": "이미 만들어진 손실(torch.nn.functional.binary_cross_entropy 등)을 부르지 않고 기본 텐서 연산으로 "
            "씁니다.",
            "en": "Write it from tensor primitives; do not call a ready-made loss such as "
            "torch.nn.functional.binary_cross_entropy.",
        },
        {
            "ko": "인자를 바꾸지 않습니다. 기울기는 probabilities 에 대해 확인합니다.",
            "en": "Change no argument. The gradient is checked for probabilities.",
        },
    ),
    example=">>> bce(torch.tensor([0.9, 0.2]), torch.tensor([1.0, 0.0]))\ntensor(0.1643)",
    sources=(
        "Goodfellow, Bengio, Courville: Deep Learning, 2016, section 6.2.2.2 (https://www.deeplearningbook.org)",
        "Goodfellow et al.: Generative Adversarial Networks, equation 1 (arXiv:1406.2661)",
        "Arjovsky, Bottou: Towards Principled Methods for Training GANs, section 2 (arXiv:1701.04862)",
        "https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html",
    ),
    reference=reference,
    cases=cases,
    large=large,
    sizes=(512, 4096, 32768),
    probes=probes,
    bad_calls=bad_calls,
    diagnostic=diagnostic,
    tolerance=tolerance,
    mistakes=MISTAKES,
    shrink=small_arguments,
)

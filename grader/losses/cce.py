"""Categorical cross entropy: −1/N Σ_j Σ_i t_ji log p_ji over N rows of C class probabilities."""

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

FORMULA = "−(1/N)·Σⱼ Σᵢ tⱼᵢ·log pⱼᵢ"

GUARD = 1.1e-10
"""The most that may be added to p inside a logarithm: at p = 1e-4 it costs 1e-6, which is just not visible."""


def reference(probabilities: Tensor, targets: Tensor) -> Tensor:
    """−1/N Σ_j Σ_i t_ji log p_ji as a 0-dim tensor; both (N, C), rows of probabilities that sum to 1.

    The logarithm is taken of p clamped at 1e-30, which no p above it notices: at p = 0 the value stays finite and
    autograd multiplies no 0 by ∞. Raises ValueError where the ranks are not 2 or the shapes differ. Source: Bishop,
    Pattern Recognition and Machine Learning (2006), equation 4.108, divided by N.
    """
    if probabilities.dim() != 2 or probabilities.shape != targets.shape:
        raise ValueError(f"want (N, C) twice, got {tuple(probabilities.shape)} and {tuple(targets.shape)}")
    return -(targets * probabilities.clamp(min=1e-30).log()).sum() / probabilities.shape[0]


# --- Inputs -----------------------------------------------------------------------------------------------------------


def _rows(rng: np.random.Generator, n: int, classes: int, least: float = 2e-3) -> Array:
    """`n` drawn rows that sum to 1, every entry above `least`."""
    return least + (1 - classes * least) * rng.dirichlet(np.full(classes, 1.5), n)


def _one_hot(rng: np.random.Generator, n: int, classes: int) -> Array:
    """One-hot rows; the first two have different classes."""
    labels = rng.permutation(np.arange(n) % classes)
    return np.asarray(np.eye(classes)[labels])


def _with_true_class(rng: np.random.Generator, p_true: Array, classes: int) -> tuple[Array, Array]:
    """Rows in which the target's class has the given probability and the others share the rest unevenly."""
    n = len(p_true)
    targets = _one_hot(rng, n, classes)
    others = rng.dirichlet(np.full(classes - 1, 5.0), n) * (1 - p_true)[:, None]
    probabilities = np.empty((n, classes))
    probabilities[targets == 1] = p_true
    probabilities[targets == 0] = others.ravel()
    return probabilities, targets


def cases(rng: np.random.Generator) -> Sequence[Case]:
    fine = between_float32(rng, 0.88, 0.94, (5,))
    coarse = between_float32(rng, 0.5, 0.6, (4,))
    halves = np.array([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0]])
    return (
        Case("one row", (_rows(rng, 1, 3), _one_hot(rng, 1, 3))),
        Case("one-hot", (_rows(rng, 6, 4), _one_hot(rng, 6, 4))),
        Case("soft targets", (_rows(rng, 5, 3), _rows(rng, 5, 3))),
        Case("one soft row", (_rows(rng, 1, 4), _rows(rng, 1, 4))),
        Case("two classes", (_rows(rng, 9, 2), _one_hot(rng, 9, 2))),
        Case("two classes, soft", (_rows(rng, 4, 2), _rows(rng, 4, 2))),
        Case("more classes than rows", (_rows(rng, 2, 7), _one_hot(rng, 2, 7))),
        Case("as many classes as rows", (_rows(rng, 4, 4), _rows(rng, 4, 4))),
        Case("label smoothing", (_rows(rng, 5, 5), 0.9 * _one_hot(rng, 5, 5) + 0.02)),
        Case("no largest target", (_rows(rng, 4, 3), halves)),
        Case("one class only", (_rows(rng, 5, 3), np.tile([0.0, 1.0, 0.0], (5, 1)))),
        Case("uniform probabilities", (np.full((3, 5), 0.2), _rows(rng, 3, 5))),
        Case("strided", (_rows(rng, 3, 6), _rows(rng, 3, 6)), strided=(True, True)),
        Case("64 rows", (_rows(rng, 64, 8), _one_hot(rng, 64, 8))),
        # More than Python recurses.
        Case("1100 rows", (_rows(rng, 1100, 2), _one_hot(rng, 1100, 2)), dtypes=("float64",)),
        Case("log-spaced", _with_true_class(rng, np.geomspace(1.01e-4, 0.5, 9), 4)),
        # Where something added to p is seen best: p is as small as the contract allows wherever it counts.
        Case("p = 1e-4, t = 1", _with_true_class(rng, rng.uniform(1.0001e-4, 1.02e-4, 4), 3)),
        # A small answer: every prediction is right and sure.
        Case("sure and right", _with_true_class(rng, 1 - np.geomspace(5e-4, 1e-2, 6) * rng.uniform(1, 1.3), 3)),
        Case(
            "finer than float32",
            (np.stack([fine, 1 - fine], axis=1), np.tile([1.0, 0.0], (5, 1))),
            dtypes=("float64",),
        ),
        Case(
            "finer than float32, soft",
            (np.stack([coarse, 1 - coarse], axis=1), np.tile([0.75, 0.25], (4, 1))),
            dtypes=("float64",),
        ),
    )


def large(rng: np.random.Generator, n: int) -> tuple[Value, ...]:
    """`n` rows of ten classes with soft targets."""
    return _rows(rng, n, 10), _rows(rng, n, 10)


def tolerance(arguments: tuple[Value, ...], dtype: str) -> Tolerance:
    """Rounding of the terms and of their sum in any order, and a guard that is not visible.

    Only entries with a target above 0 count. A sum of N·C terms one by one is off by up to a quarter as many roundings.
    """
    p, t = float64(arguments[0]), float64(arguments[1])
    eps, n = EPS[dtype], p.shape[0]
    # Entries without a target cost nothing, whatever p is there.
    counted = np.where(t > 0, p, 1.0)
    cost = -t * np.log(counted)
    value = 16 * eps * (t + cost).sum() / n + p.size * eps * cost.sum() / n + GUARD * (t / counted).sum() / n
    gradient = (4 * eps + 32 * eps * t / counted + 2 * GUARD * t / counted**2) / n
    return Tolerance(value=float(value), gradients=(gradient, None))


# --- The edge ---------------------------------------------------------------------------------------------------------

SURE_AND_WRONG = (15.0, 120.0)
NOTHING = 1e-6


def _probe(name: str, p: Sequence[Sequence[float]], t: Sequence[Sequence[float]]) -> Probe:
    """The contract's bounds: where p = 0 a target t costs t times 15 to 120, everything else its formula."""
    probabilities, targets = np.asarray(p, dtype=np.float64), np.asarray(t, dtype=np.float64)
    inside = probabilities > 0
    share = targets[~inside].sum()
    rest = -(targets[inside] * np.log(probabilities[inside])).sum()
    n = probabilities.shape[0]
    low = (share * SURE_AND_WRONG[0] + rest) / n - NOTHING * (1 + rest)
    high = (share * SURE_AND_WRONG[1] + rest) / n + NOTHING * (1 + rest)
    return Probe(
        name=name,
        arguments=(probabilities, targets),
        accepts_value=within(low, high),
        expected=f"{low:.6g} … {high:.6g}",
        accepts_gradients=no_nan,
        expected_gradients=N_("no NaN"),
    )


def probes() -> Sequence[Probe]:
    near = np.array([[1e-5, 1 - 1e-5], [1e-12, 1 - 1e-12], [1e-30, 1.0], [1e-7, 1 - 1e-7]])
    return (
        _probe("p = t, one-hot", [[0, 1, 0], [1, 0, 0], [0, 0, 1]], [[0, 1, 0], [1, 0, 0], [0, 0, 1]]),
        _probe("one row, p = t", [[1, 0]], [[1, 0]]),
        _probe("p = 0 where t = 0", [[0, 0.25, 0.75], [0.5, 0, 0.5]], [[0, 1, 0], [0.5, 0, 0.5]]),
        _probe("p = 0 where t = 1", [[0, 0.25, 0.75]], [[1, 0, 0]]),
        _probe("every answer sure and wrong", [[0, 1], [1, 0]], [[1, 0], [0, 1]]),
        _probe("p = 0 where t = 0.5", [[0, 0.5, 0.5]], [[0.5, 0.5, 0]]),
        _probe("p = 1 where t = 0.5", [[1, 0, 0]], [[0.5, 0.25, 0.25]]),
        _probe("p = 0 where t = 0.25", [[0, 0.25, 0.25, 0.5]], [[0.25, 0.25, 0.25, 0.25]]),
        _probe(
            "a wrong row among right ones",
            [[0.5, 0.25, 0.25], [0, 1, 0], [0, 0, 1], [1, 0, 0]],
            [[0, 1, 0], [1, 0, 0], [0, 0, 1], [1, 0, 0]],
        ),
        Probe(
            name="p just above 0",
            arguments=(near, np.array([[1, 0], [1, 0], [1, 0], [0.5, 0.5]], dtype=np.float64)),
            accepts_value=is_finite,
            expected=N_("finite"),
            accepts_gradients=any_gradient,
            expected_gradients=N_("anything"),
        ),
    )


def bad_calls() -> Sequence[BadCall]:
    def pair(first: tuple[int, ...], second: tuple[int, ...]) -> BadCall:
        return BadCall(f"{first} and {second}", (np.full(first, 0.25), np.full(second, 0.25)))

    return (
        pair((4,), (4,)),
        pair((3, 4), (3, 5)),
        pair((3, 4), (2, 4)),
        pair((3, 4), (4, 3)),
        pair((3, 4), (1, 4)),
        pair((1, 4), (3, 4)),
        pair((3, 4), (3, 1)),
        pair((3, 4), (4,)),
        pair((3, 3), (3,)),
        pair((3, 4), ()),
        pair((2, 3, 4), (2, 3, 4)),
    )


# --- Mistakes ---------------------------------------------------------------------------------------------------------


def _sum(probabilities: Tensor, targets: Tensor) -> Tensor:
    """Adds the rows up instead of averaging over them."""
    return reference(probabilities, targets) * probabilities.shape[0]


def _mean_over_classes(probabilities: Tensor, targets: Tensor) -> Tensor:
    """Averages over all N·C entries, so that each class more makes the loss smaller."""
    return reference(probabilities, targets) / probabilities.shape[1]


def _softmax_along(axis: int) -> Callable[[Tensor, Tensor], Tensor]:
    def softmax(probabilities: Tensor, targets: Tensor) -> Tensor:
        """Takes probabilities for logits and applies a softmax to them once more."""
        return -(targets * torch.log_softmax(probabilities, axis)).sum() / probabilities.shape[0]

    return softmax


def _binary_form(guard: float) -> Callable[[Tensor, Tensor], Tensor]:
    def binary_form(probabilities: Tensor, targets: Tensor) -> Tensor:
        """Adds the term (1 − t) log(1 − p) of the two-class loss, once a class."""
        others = (1 - targets) * (1 - probabilities).clamp(min=guard).log()
        return reference(probabilities, targets) - others.sum() / probabilities.shape[0]

    return binary_form


def _swapped(guard: float) -> Callable[[Tensor, Tensor], Tensor]:
    def swapped(probabilities: Tensor, targets: Tensor) -> Tensor:
        """Takes the logarithm of the targets and weighs it by the probabilities."""
        return -(probabilities * targets.clamp(min=guard).log()).sum() / probabilities.shape[0]

    return swapped


def _argmax(probabilities: Tensor, targets: Tensor) -> Tensor:
    """Looks at the class with the largest target only."""
    return -probabilities.clamp(min=1e-30).log().gather(1, targets.argmax(1, keepdim=True)).sum() / len(targets)


def _rounded(probabilities: Tensor, targets: Tensor) -> Tensor:
    """Rounds the targets to 0 and 1."""
    return reference(probabilities, (targets > 0.5).to(targets.dtype))


def _added(guard: float) -> Callable[[Tensor, Tensor], Tensor]:
    def added(probabilities: Tensor, targets: Tensor) -> Tensor:
        """Adds a constant inside the logarithm that changes the loss where p is small."""
        return -(targets * (probabilities + guard).log()).sum() / probabilities.shape[0]

    return added


def _clamped(guard: float) -> Callable[[Tensor, Tensor], Tensor]:
    def clamped(probabilities: Tensor, targets: Tensor) -> Tensor:
        """Clamps p so far from the edge that ordinary predictions are cut off, value and gradient."""
        return reference(probabilities.clamp(guard, 1 - guard), targets)

    return clamped


def _clamped_from_below(guard: float) -> Callable[[Tensor, Tensor], Tensor]:
    def clamped_from_below(probabilities: Tensor, targets: Tensor) -> Tensor:
        """Clamps p at a number that ordinary predictions fall below."""
        return reference(probabilities.clamp(min=guard), targets)

    return clamped_from_below


def _blended(guard: float) -> Callable[[Tensor, Tensor], Tensor]:
    def blended(probabilities: Tensor, targets: Tensor) -> Tensor:
        """Mixes a little of the uniform distribution into every row."""
        return reference(probabilities * (1 - guard) + guard / probabilities.shape[1], targets)

    return blended


def _clamped_from_above(guard: float) -> Callable[[Tensor, Tensor], Tensor]:
    def clamped_from_above(probabilities: Tensor, targets: Tensor) -> Tensor:
        """Clamps p at a number that sure predictions lie above."""
        return reference(probabilities.clamp(max=1 - guard), targets)

    return clamped_from_above


GUARDS = (_added, _clamped, _clamped_from_below, _clamped_from_above, _blended)


def _guards_with(arguments: tuple[Value, ...], value: float) -> Sequence[Callable[[Tensor, Tensor], Tensor]]:
    """Every kind of guard, with the epsilon that makes it give this value."""
    return [guarded for family in GUARDS for guarded in fitted(family, arguments, value, 1e-10, 0.4)]


def _renormalised(probabilities: Tensor, targets: Tensor) -> Tensor:
    """Divides each row by its sum: the value stays, but the gradient gets a part that does not belong to it."""
    return reference(probabilities / probabilities.sum(1, keepdim=True), targets)


def _squared_error(probabilities: Tensor, targets: Tensor) -> Tensor:
    """The Brier score: summed over the classes, averaged over the rows."""
    return ((probabilities - targets) ** 2).sum() / probabilities.shape[0]


def _mean_squared_error(probabilities: Tensor, targets: Tensor) -> Tensor:
    """The squared error averaged over all entries."""
    return ((probabilities - targets) ** 2).mean()


def _divergence(probabilities: Tensor, targets: Tensor) -> Tensor:
    """The Kullback-Leibler divergence: the entropy of the targets is taken off."""
    return reference(probabilities, targets) - reference(targets, targets)


def _soft(arguments: tuple[Value, ...]) -> bool:
    """Targets away from 0, where the logarithm of a target is the same with any guard."""
    return bool((float64(arguments[1]) >= 1e-3).all())


EPSILONS = (1e-2, 5e-3, 1e-3, 5e-4, 1e-4, 1e-5, 1e-6, 1e-7, EPS["float32"], 1e-8, 1e-9)
CLAMPS = (5e-2, 1e-2, 5e-3, 1e-3, 5e-4)
BLENDS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)

MISTAKES = (
    sign_flipped(reference, FORMULA),
    Mistake(
        id="sum-instead-of-mean",
        message={
            "ko": f"행마다의 손실을 더하기만 하고 N 으로 나누지 않습니다: 값이 N 배가 됩니다. 정의는 {FORMULA} 입니다.",
            "en": "The rows' losses are added up and not divided by their number, so the value is N times too large. "
            f"The definition is {FORMULA}.",
        },
        variants=(_sum,),
    ),
    log_base(reference, 2, FORMULA),
    log_base(reference, 10, FORMULA),
    detached_graph(reference, (0,)),
    constant_answer(),
    lower_precision(reference),
    Mistake(
        id="applies-softmax",
        message={
            "ko": "이미 확률인 p 에 softmax e^{pᵢ}/Σₖ e^{pₖ} 를 한 번 더 씌웁니다. 입력은 로짓이 아니라 합이 1 인 "
            "확률이므로 log pᵢ 를 바로 씁니다.",
            "en": "It applies a softmax, e^{pᵢ}/Σₖ e^{pₖ}, to what are probabilities already. The rows are no "
            "logits: they sum "
            "to 1, and the definition takes log pᵢ itself.",
        },
        variants=(_softmax_along(1), _softmax_along(0)),
    ),
    Mistake(
        id="mean-over-classes",
        message={
            "ko": f"N·C 개의 원소 전체로 평균을 내어 값이 1/C 로 작아집니다. 정의 {FORMULA} 는 클래스에 대해서는 "
            "더하고 샘플 N 으로만 나눕니다.",
            "en": "It averages over all N·C entries, so the value is too small by 1/C. The definition "
            f"{FORMULA} sums over the classes and divides by the N samples only.",
        },
        variants=(_mean_over_classes,),
    ),
    Mistake(
        id="binary-form",
        message={
            "ko": "이진 손실의 항 (1 − t)·log(1 − p) 가 클래스마다 더해져 있습니다. "
            f"여러 클래스에서는 합이 1 이라는 조건이 그 일을 하므로 정의는 {FORMULA} 뿐입니다.",
            "en": "It adds the two-class term (1 − t)·log(1 − p) for each class. With several classes the rows' sum "
            "of 1 does "
            f"that work, and the definition is {FORMULA} alone.",
        },
        variants=(_binary_form(1e-30), _binary_form(1e-7)),
    ),
    Mistake(
        id="swapped-arguments",
        message={
            "ko": f"두 인자가 뒤바뀌었습니다: log 가 정답에 걸려 −(1/N)·Σ p·log t 가 됩니다. 정의는 {FORMULA} 이고, "
            "로그는 예측 확률에 걸립니다.",
            "en": "The two arguments have changed places: the logarithm is taken of the targets, −(1/N)·Σ p·log t. The "
            f"definition is {FORMULA}, with the logarithm of the predicted probability.",
        },
        variants=tuple(_swapped(guard) for guard in (1e-30, 1e-7, 1e-12, float(np.exp(-100)))),
        applies=_soft,
    ),
    Mistake(
        id="hard-targets-only",
        message={
            "ko": "정답의 argmax 하나만 보고 나머지 클래스의 t 를 버립니다. "
            "부드러운 정답에서는 모든 클래스가 tᵢ 만큼 −log pᵢ 를 보태야 합니다.",
            "en": "It looks at the argmax of the targets only and drops the other classes. With soft targets every "
            "class adds "
            "its −log pᵢ, weighed by tᵢ.",
        },
        variants=(_argmax, _rounded),
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
            *(_added(guard) for guard in EPSILONS),
            *(_clamped(guard) for guard in CLAMPS),
            *(_clamped_from_below(guard) for guard in CLAMPS),
            *(_blended(guard) for guard in BLENDS),
        ),
        fitted=_guards_with,
    ),
    Mistake(
        id="renormalises",
        message={
            "ko": "값은 맞지만 행을 그 합으로 다시 나누어 기울기가 달라집니다: −tᵢ/(N·pᵢ) 에 (1/N)·Σₖ tₖ / Σₖ pₖ 가 "
            "더해집니다. "
            "행의 합은 이미 1 이므로 나누지 않습니다.",
            "en": "The value is right, but each row is divided by its sum, which adds (1/N)·Σₖ tₖ / Σₖ pₖ to the "
            "gradient "
            "−tᵢ/(N·pᵢ). The rows sum to 1 already: leave them as they are.",
        },
        variants=(_renormalised,),
    ),
    Mistake(
        id="squared-error",
        message={
            "ko": f"제곱 오차 Σ (p − t)² 의 값이 나옵니다. 교차 엔트로피는 {FORMULA} 이고, 틀린 확신에 훨씬 큰 "
            "벌을 줍니다.",
            "en": f"The values are those of a squared error, Σ (p − t)². Cross entropy is {FORMULA} "
            "and punishes a wrong certainty far harder.",
        },
        variants=(_squared_error, _mean_squared_error),
    ),
    Mistake(
        id="kl-divergence",
        message={
            "ko": "쿨백-라이블러 발산 Σ t·log(t/p) 의 값이 나옵니다: 정답의 엔트로피 −Σ t·log t 가 빠져 있습니다. "
            f"정의는 {FORMULA} 이고, 둘은 정답이 원-핫일 때만 같습니다.",
            "en": "The values are those of the Kullback-Leibler divergence Σ t·log(t/p): the targets' entropy −Σ "
            "t·log t is "
            f"missing. The definition is {FORMULA}; the two agree for one-hot targets only.",
        },
        variants=(_divergence,),
    ),
)


def diagnostic(rng: np.random.Generator) -> Sequence[Case]:
    """Soft targets, N ≠ C; p down to 1e-4 for the epsilons, and digits that float32 does not have."""
    fine = between_float32(rng, 0.88, 0.94, (4,))
    small = np.array([[1.01e-4, 0.3, 0.6998990], [0.45, 1.02e-4, 0.5498980], [0.2, 0.7998970, 1.03e-4]])
    mostly = np.array([[0.9, 0.06, 0.04], [0.03, 0.95, 0.02], [0.05, 0.02, 0.93]])
    return (
        Case("soft", (_rows(rng, 5, 3, 0.05), _rows(rng, 5, 3, 0.05))),
        Case("more classes", (_rows(rng, 2, 6, 0.03), _rows(rng, 2, 6, 0.03))),
        Case("label smoothing", (_rows(rng, 4, 5, 0.03), 0.9 * _one_hot(rng, 4, 5) + 0.02)),
        Case("small p", (small, mostly)),
        Case("finer than float32", (np.stack([fine, 1 - fine], axis=1), np.tile([0.98, 0.02], (4, 1)))),
        Case("two classes", (_rows(rng, 3, 2, 0.1), _rows(rng, 3, 2, 0.1))),
        Case("one row", (_rows(rng, 1, 4, 0.05), _rows(rng, 1, 4, 0.05))),
    )


def small_arguments() -> SearchStrategy[tuple[Value, ...]]:
    """(probabilities, targets) with one to three rows of two to four classes, plain numbers first."""
    from hypothesis import strategies as st

    p_rows: dict[int, list[tuple[float, ...]]] = {
        2: [(0.5, 0.5), (0.25, 0.75), (0.75, 0.25), (0.125, 0.875), (0.9, 0.1), (0.001, 0.999), (0.0001, 0.9999)],
        3: [(0.5, 0.25, 0.25), (0.25, 0.25, 0.5), (0.125, 0.75, 0.125), (0.1, 0.2, 0.7), (0.0001, 0.4999, 0.5)],
        4: [(0.25, 0.25, 0.25, 0.25), (0.5, 0.25, 0.125, 0.125), (0.1, 0.2, 0.3, 0.4), (0.0001, 0.4999, 0.25, 0.25)],
    }
    t_rows: dict[int, list[tuple[float, ...]]] = {
        2: [(1.0, 0.0), (0.0, 1.0), (0.5, 0.5), (0.25, 0.75), (0.9, 0.1)],
        3: [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.5, 0.25, 0.25), (0.2, 0.7, 0.1)],
        4: [(1.0, 0.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0), (0.25, 0.25, 0.25, 0.25), (0.1, 0.6, 0.2, 0.1)],
    }

    def filled(shape: tuple[int, int]) -> SearchStrategy[tuple[Value, ...]]:
        n, classes = shape
        rows: Any = st.tuples(
            st.lists(st.sampled_from(p_rows[classes]), min_size=n, max_size=n).map(np.array),
            st.lists(st.sampled_from(t_rows[classes]), min_size=n, max_size=n).map(np.array),
        )
        return rows  # type: ignore[no-any-return]

    return st.sampled_from([(1, 2), (1, 3), (2, 2), (2, 3), (3, 2), (3, 3), (2, 4)]).flatmap(filled)


LOSS = Loss(
    id="cce",
    entry="cce",
    title={"ko": "범주형 교차 엔트로피 (CCE)", "en": "Categorical cross entropy (CCE)"},
    summary={
        "ko": "여러 클래스 가운데 정답 클래스에 준 확률이 얼마나 작은지를 잽니다.",
        "en": "Measures how little probability was given to the right one of several classes.",
    },
    difficulty=1,
    parameters=(
        Parameter(
            name="probabilities",
            shape="(N, C)",
            meaning={
                "ko": "샘플 N 개, 클래스 C 개의 예측 확률 p; 각 행의 합은 1 입니다.",
                "en": "Predicted probabilities p of N samples and C classes; each row sums to 1.",
            },
            differentiable=True,
        ),
        Parameter(
            name="targets",
            shape="(N, C)",
            meaning={
                "ko": "정답 t, 원-핫 또는 부드러운 분포; probabilities 와 같은 모양.",
                "en": "Targets t, one-hot or soft distributions, of the same shape.",
            },
            differentiable=False,
        ),
    ),
    formula=r"L = -\frac{1}{N} \sum_{j=1}^{N} \sum_{i=1}^{C} t_{ji} \log p_{ji}",
    rules=(
        {
            "ko": "클래스에 대해 더하고 샘플 N 으로 나눈 값을 0차원 텐서로, 입력과 같은 dtype·device 로 돌려줍니다.",
            "en": "Return the sum over the classes divided by the N samples, as a 0-dim tensor of the inputs' dtype "
            "and device.",
        },
        {
            "ko": "입력은 이미 확률입니다: 안에서 softmax 를 씌우거나 다시 정규화하지 않습니다.",
            "en": "The input is probabilities already: no softmax and no renormalising inside.",
        },
        {
            "ko": "0·log 0 = 0 입니다. p 가 정확히 0 이나 1 이어도 손실은 유한하고 기울기에 NaN 이 없어야 합니다: "
            "맞은 답은 1e-6 이하, 틀린 답은 15 이상 120 이하입니다.",
            "en": "0·log 0 = 0. Where p is exactly 0 or 1 the loss stays finite and its gradient has no NaN: a right "
            "answer "
            "costs at most 1e-6, a wrong one between 15 and 120.",
        },
        {
            "ko": "p 가 [1e-4, 1 − 1e-4] 안에 있을 때는 그런 보호 장치가 값에 드러나면 안 됩니다 (float64 에서 "
            "원소마다 1e-6 이하).",
            "en": "For p in [1e-4, 1 − 1e-4] no such guard may show in the value (at most 1e-6 an element in float64).",
        },
        {
            "ko": "2차원이 아니거나 두 모양이 다르면 브로드캐스팅하지 말고 예외를 일으킵니다.",
            "en": "Raise an error where an argument is not 2-D or the shapes differ; do not broadcast.",
        },
        {
            "ko": "이미 만들어진 손실(torch.nn.functional.cross_entropy 등)을 부르지 않고 기본 텐서 연산으로 씁니다.",
            "en": "Write it from tensor primitives; do not call a ready-made loss such as "
            "torch.nn.functional.cross_entropy.",
        },
        {
            "ko": "인자를 바꾸지 않습니다. 기울기는 probabilities 에 대해 확인합니다.",
            "en": "Change no argument. The gradient is checked for probabilities.",
        },
    ),
    example=">>> cce(torch.tensor([[0.7, 0.2, 0.1]]), torch.tensor([[1.0, 0.0, 0.0]]))\ntensor(0.3567)",
    sources=(
        "Shannon: A Mathematical Theory of Communication, 1948, section 6",
        "Bishop: Pattern Recognition and Machine Learning, 2006, equation 4.108",
        "Goodfellow, Bengio, Courville: Deep Learning, 2016, section 3.13 (https://www.deeplearningbook.org)",
        "Szegedy et al.: Rethinking the Inception Architecture, section 7, label smoothing (arXiv:1512.00567)",
    ),
    reference=reference,
    cases=cases,
    large=large,
    sizes=(128, 1024, 8192),
    probes=probes,
    bad_calls=bad_calls,
    diagnostic=diagnostic,
    tolerance=tolerance,
    mistakes=MISTAKES,
    shrink=small_arguments,
)

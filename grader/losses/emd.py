"""Earth Mover's Distance in one dimension: the least work that moves one distribution onto the other, ∫|F_u − F_v| "
"dx."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from grader.losses._common import (
    EPS,
    Implementation,
    all_finite,
    between_float32,
    constant_answer,
    detached_graph,
    float64,
    lower_precision,
    sign_flipped,
    within,
)
from grader.losses.base import Array, BadCall, Case, Loss, Mistake, Parameter, Probe, Tolerance, Value

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FORMULA = "∫|F_u(x) − F_v(x)| dx"

COMPARED = 1.1e-10
"""Mass that may go astray where cumulated masses are compared with a slack: a thousandth of what float32 loses."""

GUARD = 1.1e-8
"""The most that may be added to a sum of weights before dividing by it."""

SLACK = 1e-4
"""Of gradients in inputs with ties, in either dtype."""


def _masses(values: Tensor, weights: Tensor | None) -> Tensor:
    """Weights that sum to 1, the same everywhere where none are given; checks the shapes."""
    if values.dim() != 1 or (weights is not None and weights.shape != values.shape):
        given = "" if weights is None else f" with weights {tuple(weights.shape)}"
        raise ValueError(f"want positions (n,) and weights (n,), got {tuple(values.shape)}{given}")
    if weights is None:
        return torch.full_like(values, 1 / len(values), requires_grad=False)
    return weights / weights.sum()


def _gaps(u_values: Tensor, v_values: Tensor, u_masses: Tensor, v_masses: Tensor) -> tuple[Tensor, Tensor]:
    """F_u − F_v behind each of the merged positions but the last, and how far the next position is."""
    positions, order = torch.cat([u_values, v_values]).sort(stable=True)
    gaps = torch.cat([u_masses, -v_masses])[order].cumsum(0)[:-1]
    return gaps, positions.diff()


def reference(
    u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None
) -> Tensor:
    """The 1-D Wasserstein-1 distance ∫|F_u − F_v| dx of two weighted point sets, as a 0-dim tensor.

    Positions are (n,) and (m,), weights the same or None (uniform), at least 0 and with a positive sum. Between two
    neighbours of the merged positions F_u − F_v is constant, so the integral is a sum; at ties autograd gives one of
    the subgradients. Raises ValueError where the shapes do not fit. Source: Vallender 1974 (doi:10.1137/1118101);
    Villani, Topics in Optimal Transportation (2003), equation 2.48.
    """
    gaps, widths = _gaps(u_values, v_values, _masses(u_values, u_weights), _masses(v_values, v_weights))
    return (gaps.abs() * widths).sum()


def _weighted(arguments: tuple[Value, ...]) -> bool:
    return any(weights is not None for weights in arguments[2:])


# --- Inputs -----------------------------------------------------------------------------------------------------------


def _apart(rng: np.random.Generator, n: int, m: int, low: float = -3.0, high: float = 4.0) -> tuple[Array, Array]:
    """Positions in drawn order on both sides that lie well apart from each other, so that rounding makes no ties."""
    slots = rng.permutation(n + m) + rng.uniform(-0.3, 0.3, n + m)
    positions = low + (high - low) * (slots + 0.5) / (n + m)
    return positions[:n], positions[n:]


def _shifted(rng: np.random.Generator, n: int, m: int) -> tuple[Array, Array]:
    """As `_apart`, with most of v to the right of u, so that the distance is a good part of the range."""
    u, v = _apart(rng, n, m)
    return u, v + 2.7


def _many(rng: np.random.Generator, n: int, m: int) -> tuple[Array, Array]:
    """Hundreds of positions, most of v to the right of u, no two so close together that float32 makes a tie of them."""
    drawn = np.concatenate([rng.normal(0, 1, n), rng.normal(1.5, 1, m)])
    positions = drawn + 0.01 * drawn.argsort().argsort()
    return positions[:n], positions[n:]


def _crossed(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """n = m in opposite orders: pairing them as they come is as dear as it can be."""
    slots = 2.0 * np.arange(n) + rng.uniform(-0.3, 0.3, n)
    order = rng.permutation(n)
    return slots[order], (slots + rng.uniform(0.6, 1.2))[::-1][order].copy()


def _weights(rng: np.random.Generator, n: int) -> Array:
    return rng.uniform(0.2, 2, n)


def cases(rng: np.random.Generator) -> Sequence[Case]:
    sparse = _weights(rng, 6)
    sparse[[1, 4]] = 0.0
    apart = np.sort(rng.uniform(0, 1, 5))
    interleaved = np.arange(8) + rng.uniform(-0.2, 0.2, 8)
    tied = np.array([1.0, 1.0, 2.5, -0.5, 2.5])
    finer_u = -between_float32(rng, 0.5, 0.99, (5,))
    finer_v = between_float32(rng, 0.5, 0.99, (5,))
    return (
        Case("unsorted, n = m", _crossed(rng, 6)),
        Case("unsorted, n = m, negative", tuple(-3 - x for x in _apart(rng, 5, 5))),
        Case("n > m", _shifted(rng, 7, 4)),
        Case("n < m", _apart(rng, 4, 9)),
        Case("n = m = 1", (rng.uniform(-2, -1, 1), rng.uniform(1, 2, 1), np.array([2.0]), np.array([5.0]))),
        Case("n = 1", _apart(rng, 1, 5)),
        Case("m = 1", _apart(rng, 6, 1)),
        Case("both weighted", (*_apart(rng, 5, 7), _weights(rng, 5), _weights(rng, 7))),
        Case("both weighted, n = m", (*_shifted(rng, 4, 4), _weights(rng, 4), _weights(rng, 4))),
        Case("v weighted", (*_shifted(rng, 4, 5), None, rng.permutation(np.array([0.1, 0.5, 1.0, 2.0, 3.0])))),
        Case("u weighted, zeros among them", (*_apart(rng, 6, 5), sparse)),
        Case("n = 1, weights that sum to 7", (*_shifted(rng, 1, 3), np.array([7.0]), np.array([1.0, 4.0, 2.0]))),
        Case("m = 1, tiny weights", (*_apart(rng, 5, 1), 1e-3 * _weights(rng, 5))),
        Case("u weighted, n = m, apart", (apart, 2 + np.sort(rng.uniform(0, 1, 5)), _weights(rng, 5))),
        Case("v weighted, n = m, interleaved", (interleaved[::2], interleaved[1::2] + 0.1, None, _weights(rng, 4))),
        Case("far from 0", tuple(x + 1e6 for x in _apart(rng, 5, 4, 0, 4e5))),
        Case("small positions", tuple(1e-4 * x for x in _shifted(rng, 4, 6))),
        Case("strided", (*_shifted(rng, 5, 4), _weights(rng, 5), _weights(rng, 4)), strided=(True, True, True, True)),
        # More than the first 50, 64, 100, 128, 200 or 256 that code may look at, few enough for loops in Python.
        Case("290 positions", _many(rng, 260, 30), dtypes=("float32",)),
        Case("ties inside", (tied, np.array([3.0, 0.25, 3.0, 3.0]) + rng.uniform(0, 0.2)), compare_gradient=False),
        Case("ties across", (tied, np.array([2.5, 1.0, 4.0, 4.0, 7.0])), compare_gradient=False),
        Case(
            "ties, weighted",
            (tied, np.array([1.0, 6.0, 1.0]), _weights(rng, 5), _weights(rng, 3)),
            compare_gradient=False,
        ),
        Case("finer than float32", (finer_u, finer_v), dtypes=("float64",)),
        Case("finer than float32, n ≠ m", (3 * finer_v, finer_u[1:] / 3), dtypes=("float64",)),
    )


def large(rng: np.random.Generator, n: int) -> tuple[Value, ...]:
    """`n` and `n` unsorted positions without weights."""
    return rng.normal(size=n), rng.normal(size=n) + 1


def tolerance(arguments: tuple[Value, ...], dtype: str) -> Tolerance:
    """Rounding of positions relative to the largest of them, and of masses that are summed up one by one.

    After k additions a cumulated mass is off by up to k·eps/2, and mass is moved over at most the whole range.
    Cumulated masses may be compared with a slack of 1e-10, and a sum of weights guarded by 1e-8.
    """
    u, v = float64(arguments[0]), float64(arguments[1])
    sums = [float64(weights).sum() for weights in arguments[2:] if weights is not None]
    n = len(u) + len(v)
    of_mass = (16 + 4 * math.sqrt(n) + n / 2) * EPS[dtype] + COMPARED + sum(GUARD / total for total in sums)
    size = float(max(np.abs(u).max(), np.abs(v).max()))
    gradients = (of_mass, of_mass, None, None)
    return Tolerance(value=2 * of_mass * size, gradients=gradients[: len(arguments)])


def subgradient(arguments: tuple[Value, ...], gradients: Sequence[Array | None]) -> bool:
    """Whether gradients at ties are finite, no larger than all the mass there is, and right where nothing ties.

    Points of one position may share its gradient in many ways, and a right answer may also drop the gaps of no width
    between them; a point that is alone at its position has one gradient only.
    """
    if not all_finite(gradients):
        return False
    sides: list[Any] = [torch.tensor(float64(x), requires_grad=True) for x in arguments[:2]]
    masses: list[Any] = [None if w is None else torch.tensor(float64(w)) for w in arguments[2:]]
    reference(*sides, *masses).backward()  # type: ignore[no-untyped-call]
    positions = np.concatenate([float64(x) for x in arguments[:2]])
    for side, came in zip(sides, gradients, strict=False):
        if came is None:
            continue
        right = side.grad.numpy()
        if came.shape != right.shape:
            return False
        alone = (side.detach().numpy()[:, None] == positions).sum(1) == 1
        if bool((np.abs(came) > 2 + SLACK).any()) or bool((np.abs(came - right)[alone] > SLACK).any()):
            return False
    return True


# --- Large values and ties --------------------------------------------------------------------------------------------


def _probe(name: str, *arguments: Any) -> tuple[Probe, ...]:
    """Value within the tolerance of the integral, gradients as those of a subgradient; positions that float32 holds."""
    values: tuple[Value, ...] = tuple(None if value is None else np.asarray(value, np.float64) for value in arguments)
    tensors: list[Any] = [None if value is None else torch.tensor(value, dtype=torch.float64) for value in values]
    right = reference(*tensors).item()

    def one(dtype: str) -> Probe:
        slack = tolerance(values, dtype).value
        return Probe(
            name=name,
            arguments=values,
            accepts_value=within(right - slack, right + slack),
            expected=f"{right:.6g} ± {slack:.1g}",
            accepts_gradients=lambda gradients: subgradient(values, gradients),
            expected_gradients="finite, and the reference's where nothing ties",
            dtypes=(dtype,),
        )

    return one("float64"), one("float32")


def probes() -> Sequence[Probe]:
    million = np.array([1e6, -1e6, 250000.0, -750000.0])
    return (
        *_probe("values of ±1e6, n = m", million, [-1e6, 1e6, 1e6, 500000.0]),
        *_probe("values of ±1e6, n ≠ m", million, [1e6, -500000.0, 1e6]),
        *_probe("values of ±1e6, weighted", million, [1e6, -250000.0], [1.0, 2.0, 0.0, 1.0], [3.0, 1.0]),
        *_probe("from end to end", [-1e6], [1e6]),
        *_probe("1e-3 and 1e6 together", [2.0**-10, 1e6, -(2.0**-10)], [1e6, 0.0, 2.0**-9]),
        *_probe("u = v", [3.0, 1.0, 2.0], [3.0, 1.0, 2.0]),
        *_probe("u = v, all ties", [2.0, 2.0, 2.0, 2.0], [2.0, 2.0, 2.0, 2.0]),
        *_probe("u = v, twice as many", [1.0, 2.0], [2.0, 1.0, 1.0, 2.0]),
        *_probe("ties everywhere", [1.0, 1.0, 1.0], [1.0, 4.0, 4.0, 4.0]),
        *_probe("all weight on one", [0.0, 5.0, -3.0], [2.0, 7.0], [0.0, 1.0, 0.0], [0.0, 1.0]),
        *_probe("no weight at the ends", [-100.0, 1.0, 2.0, 100.0], [3.0, -50.0], [0.0, 1.0, 1.0, 0.0], [2.0, 0.0]),
        *_probe("all at 0", [0.0, 0.0], [0.0, 0.0, 0.0]),
    )


def bad_calls() -> Sequence[BadCall]:
    def call(name: str, *shapes: tuple[int, ...] | None) -> BadCall:
        count = [None if shape is None else int(np.prod(shape)) for shape in shapes]
        return BadCall(
            name,
            tuple(
                None if size is None or shape is None else (np.arange(size) * 1.5 + 1 + index).reshape(shape)
                for index, (size, shape) in enumerate(zip(count, shapes, strict=True))
            ),
        )

    return (
        call("u_values (3, 1)", (3, 1), (3,)),
        call("v_values (1, 3)", (3,), (1, 3)),
        call("both (2, 3)", (2, 3), (2, 3)),
        call("u_values ()", (), (3,)),
        call("v_values ()", (3,), ()),
        call("u_weights (4,) for 3 positions", (3,), (5,), (4,)),
        call("u_weights (1,) for 3 positions", (3,), (3,), (1,)),
        call("u_weights (3, 1) for 3 positions", (3,), (3,), (3, 1)),
        call("u_weights () for 3 positions", (3,), (3,), ()),
        call("v_weights (3,) for 5 positions", (3,), (5,), None, (3,)),
        call("v_weights (1,) for 4 positions", (3,), (4,), (3,), (1,)),
    )


# --- Mistakes ---------------------------------------------------------------------------------------------------------


def _times(size: Callable[[int, int], int], *, weighted: bool) -> Callable[..., Tensor]:
    def summed(
        u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None
    ) -> Tensor:
        """Adds the distances of all points up instead of averaging them; with weights only where `weighted` is set."""
        right = reference(u_values, v_values, u_weights, v_weights)
        if not weighted and (u_weights is not None or v_weights is not None):
            return right
        return right * size(len(u_values), len(v_values))

    return summed


def _unsorted(
    u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None
) -> Tensor:
    """Moves the i-th point to the i-th, in whatever order they came: a plan, but not the cheapest."""
    return (u_values - v_values).abs().mean()


def _truncated(
    u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None
) -> Tensor:
    """Sorts both and compares the first min(n, m): the largest points of the longer side go nowhere."""
    k = min(len(u_values), len(v_values))
    return (u_values.sort().values[:k] - v_values.sort().values[:k]).abs().mean()


def _squared(
    u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None
) -> Tensor:
    """W2²: pays the square of the distance, so that the quantile functions are compared by their square."""
    u_sorted, u_order = u_values.sort()
    v_sorted, v_order = v_values.sort()
    u_edges = _masses(u_values, u_weights)[u_order].cumsum(0)
    v_edges = _masses(v_values, v_weights)[v_order].cumsum(0)
    edges = torch.cat([u_edges, v_edges]).clamp(max=1).sort().values
    masses = edges.diff(prepend=edges.new_zeros(1))
    middles = edges - masses / 2
    from_u = u_sorted[torch.searchsorted(u_edges, middles).clamp(max=len(u_values) - 1)]
    from_v = v_sorted[torch.searchsorted(v_edges, middles).clamp(max=len(v_values) - 1)]
    return (masses * (from_u - from_v) ** 2).sum()


def _root_of_squared(
    u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None
) -> Tensor:
    """W2: the root of the mean squared distance, which long ways dominate."""
    return _squared(u_values, v_values, u_weights, v_weights).sqrt()


def _weights_ignored(
    u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None
) -> Tensor:
    """Counts every point the same, whatever its weight."""
    return reference(u_values, v_values)


def _raw(u: Callable[[Tensor], Tensor], v: Callable[[Tensor], Tensor], share: float | None = None) -> Implementation:
    def raw(
        u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None
    ) -> Tensor:
        """Uses weights as masses although they do not sum to 1: the two sides need not hold the same amount of "
        "earth. A point without a weight has `share`, or 1/n."""
        u_masses = _raw_masses(u_values, u_weights, u, share)
        v_masses = _raw_masses(v_values, v_weights, v, share)
        gaps, widths = _gaps(u_values, v_values, u_masses, v_masses)
        return (gaps.abs() * widths).sum()

    return raw


def _raw_masses(
    values: Tensor, weights: Tensor | None, take: Callable[[Tensor], Tensor], share: float | None = None
) -> Tensor:
    if weights is not None:
        return take(weights)
    return torch.full_like(values, 1 / len(values) if share is None else share, requires_grad=False)


def _raw_plan(
    u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None
) -> Tensor:
    """Moves raw weights from the smallest on, until one side has nothing left: what the other still holds stays."""
    u_sorted, u_order = u_values.sort()
    v_sorted, v_order = v_values.sort()
    u_edges = _raw_masses(u_values, u_weights, _as_given)[u_order].cumsum(0)
    v_edges = _raw_masses(v_values, v_weights, _as_given)[v_order].cumsum(0)
    first = u_edges.new_zeros(1)
    upper = torch.minimum(u_edges[:, None], v_edges)
    lower = torch.maximum(torch.cat([first, u_edges[:-1]])[:, None], torch.cat([first, v_edges[:-1]]))
    return ((upper - lower).clamp(min=0) * (u_sorted[:, None] - v_sorted).abs()).sum()


def _as_given(weights: Tensor) -> Tensor:
    return weights


def _normalised(weights: Tensor) -> Tensor:
    return weights / weights.sum()


def _by_count(weights: Tensor) -> Tensor:
    return weights / len(weights)


def _weights_left_behind(
    u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None
) -> Tensor:
    """Sorts the positions and leaves the weights in their old order, so that they belong to other points."""
    return reference(u_values.sort().values, v_values.sort().values, u_weights, v_weights)


def _means(
    u_values: Tensor, v_values: Tensor, u_weights: Tensor | None, v_weights: Tensor | None
) -> tuple[Tensor, Tensor]:
    return (_masses(u_values, u_weights) * u_values).sum(), (_masses(v_values, v_weights) * v_values).sum()


def _mean_difference(
    u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None
) -> Tensor:
    """Compares the means only: two distributions around one centre would cost nothing."""
    u_mean, v_mean = _means(u_values, v_values, u_weights, v_weights)
    return (u_mean - v_mean).abs()


def _plain_mean_difference(
    u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None
) -> Tensor:
    """Compares the unweighted means only."""
    return (u_values.mean() - v_values.mean()).abs()


def _signed(first: int) -> Callable[..., Tensor]:
    def signed(
        u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None
    ) -> Tensor:
        """Forgets the absolute value: ways to the left and to the right cancel, and only the means are left."""
        means = _means(u_values, v_values, u_weights, v_weights)
        return means[first] - means[1 - first]

    return signed


def _without_widths(over: Callable[[Tensor, Tensor], Tensor]) -> Callable[..., Tensor]:
    def without_widths(
        u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None
    ) -> Tensor:
        """Adds up |F_u − F_v| over the positions without their distances, so that no position can learn where to go."""
        gaps, widths = _gaps(u_values, v_values, _masses(u_values, u_weights), _masses(v_values, v_weights))
        return over(gaps.abs(), widths)

    return without_widths


def _total(gaps: Tensor, widths: Tensor) -> Tensor:
    return gaps.sum()


def _mean_with_last(gaps: Tensor, widths: Tensor) -> Tensor:
    """Over all n + m merged positions; behind the last one both CDFs are 1."""
    return gaps.sum() / (len(gaps) + 1)


def _mean_without_last(gaps: Tensor, widths: Tensor) -> Tensor:
    return gaps.mean()


def _total_of_different(gaps: Tensor, widths: Tensor) -> Tensor:
    """Over the different positions only."""
    return gaps[widths > 0].sum()


def _largest_gap(
    u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None
) -> Tensor:
    """The Kolmogorov-Smirnov distance: at most 1, however far the two are apart."""
    gaps, _ = _gaps(u_values, v_values, _masses(u_values, u_weights), _masses(v_values, v_weights))
    return gaps.abs().max()


def _unweighted(arguments: tuple[Value, ...]) -> bool:
    return not _weighted(arguments)


def _pairs(arguments: tuple[Value, ...]) -> bool:
    return _unweighted(arguments) and len(float64(arguments[0])) == len(float64(arguments[1]))


def _of_ordinary_size(arguments: tuple[Value, ...]) -> bool:
    """Positions so large that a guard inside a root (1e-12, 1e-8) does not show."""
    return max(float(np.abs(float64(side)).max()) for side in arguments[:2]) >= 0.1


def _no_ties(arguments: tuple[Value, ...]) -> bool:
    """Every position its own: at a tie, code without widths counts whatever its order of sorting makes of it."""
    positions = np.concatenate([float64(arguments[0]), float64(arguments[1])])
    return len(np.unique(positions)) == len(positions)


MISTAKES = (
    sign_flipped(reference, FORMULA),
    Mistake(
        id="sum-instead-of-mean",
        message={
            "ko": f"점들의 이동 거리를 평균 내지 않고 더하기만 해서 값이 점의 수 배입니다. 정의 {FORMULA} 에서 전체 "
            "질량은 1 이고, 점 하나의 몫은 1/n 입니다.",
            "en": "The points' distances are added up and not averaged, so the value is as many times too large as "
            "there are "
            f"points. In the definition {FORMULA} the whole mass is 1 and one point's share is 1/n.",
        },
        variants=(
            _times(lambda n, m: n, weighted=True),
            _times(lambda n, m: n, weighted=False),
            _times(lambda n, m: m, weighted=True),
            _times(max, weighted=True),
            _times(lambda n, m: n + m, weighted=True),
            # Points repeated until both sides have as many; sizes that are equal from the start.
            _times(np.lcm, weighted=False),
            _times(lambda n, m: n * m, weighted=False),
            _times(lambda n, m: n if n == m else 1, weighted=False),
        ),
    ),
    detached_graph(reference, (0, 1)),
    constant_answer(),
    lower_precision(reference),
    Mistake(
        id="unsorted",
        message={
            "ko": "정렬하지 않고 주어진 순서대로 mean |uᵢ − vᵢ| 를 냅니다. 가장 싼 운반은 작은 것은 작은 것에, 큰 "
            "것은 큰 것에 보내는 것이라 "
            "n = m 이면 mean |u₍ᵢ₎ − v₍ᵢ₎| 입니다.",
            "en": "It takes mean |uᵢ − vᵢ| in the given order. The cheapest plan sends small to small and large to "
            "large: for "
            "n = m it is mean |u₍ᵢ₎ − v₍ᵢ₎| of the sorted values.",
        },
        variants=(_unsorted,),
        applies=_pairs,
    ),
    Mistake(
        id="truncates-to-shorter",
        message={
            "ko": "정렬한 뒤 앞의 min(n, m) 개만 비교하고 나머지 점을 버립니다. n ≠ m 이면 한 점의 질량 1/n 이 여러 "
            "점으로 나뉘므로 "
            f"{FORMULA} 로 계산해야 합니다.",
            "en": "Both sides are sorted, the first min(n, m) compared and the rest dropped. For n ≠ m a point's "
            "mass 1/n is "
            f"split among several, which {FORMULA} takes care of.",
        },
        variants=(_truncated,),
        applies=_unweighted,
    ),
    Mistake(
        id="squared-cost",
        message={
            "ko": f"거리 |x − y| 대신 제곱 (x − y)² 의 비용을 셉니다 (W₂²). W₁ 은 inf E|x − y| = {FORMULA} 입니다.",
            "en": "The cost counted is the square (x − y)², which gives W₂², and not the distance. W₁ is "
            f"inf E|x − y| = {FORMULA}.",
        },
        variants=(_squared,),
    ),
    Mistake(
        id="root-of-squared-cost",
        message={
            "ko": f"제곱 비용의 제곱근 √(inf E(x − y)²), 곧 W₂ 를 냅니다. W₁ 은 inf E|x − y| = {FORMULA} 입니다.",
            "en": "It returns the root of the squared cost, √(inf E(x − y)²), which is W₂. W₁ is "
            f"inf E|x − y| = {FORMULA}.",
        },
        variants=(_root_of_squared,),
        applies=_of_ordinary_size,
    ),
    Mistake(
        id="weights-ignored",
        message={
            "ko": "가중치를 주어도 모든 점을 1/n 로 똑같이 셉니다. F_u(x) = Σ_{uᵢ ≤ x} wᵢ / Σ wᵢ 처럼 점마다 제 "
            "무게가 있습니다.",
            "en": "Every point counts 1/n even where weights are given. Each has a mass of its own: "
            "F_u(x) = Σ_{uᵢ ≤ x} wᵢ / Σ wᵢ.",
        },
        variants=(_weights_ignored,),
    ),
    Mistake(
        id="weights-not-normalised",
        message={
            "ko": "가중치의 합으로 나누지 않고 그대로 질량으로 씁니다. F_u(x) = Σ_{uᵢ ≤ x} wᵢ / Σ wᵢ 로 양쪽의 전체 "
            "질량이 1 이어야 합니다.",
            "en": "The weights are used as they are, not divided by their sum. With F_u(x) = Σ_{uᵢ ≤ x} wᵢ / Σ wᵢ "
            "each side "
            "holds a mass of 1.",
        },
        variants=(
            _raw(_as_given, _as_given),
            _raw(_as_given, _normalised),
            _raw(_normalised, _as_given),
            _raw(_by_count, _by_count),
            _raw(_as_given, _as_given, share=1.0),
            _raw_plan,
        ),
    ),
    Mistake(
        id="weights-left-unsorted",
        message={
            "ko": "위치만 정렬하고 가중치는 원래 순서로 남아, 무게가 다른 점에 붙습니다. "
            "F_u(x) = Σ_{uᵢ ≤ x} wᵢ / Σ wᵢ 에서 wᵢ 는 늘 제 점 uᵢ 를 따라다닙니다.",
            "en": "The positions are sorted and the weights are not, so that they sit on other points. In "
            "F_u(x) = Σ_{uᵢ ≤ x} wᵢ / Σ wᵢ each wᵢ stays with its own uᵢ.",
        },
        variants=(_weights_left_behind,),
    ),
    Mistake(
        id="mean-difference",
        message={
            "ko": f"평균의 차이 |E u − E v| 만 잽니다. 가운데가 같고 퍼진 정도가 다른 두 분포도 {FORMULA} 로는 "
            "떨어져 있습니다.",
            "en": "Only the difference of the means is measured, |E u − E v|. Two distributions around one centre "
            "that spread "
            f"differently are apart by {FORMULA}.",
        },
        variants=(_mean_difference, _plain_mean_difference),
    ),
    Mistake(
        id="absolute-value-missing",
        message={
            "ko": "절댓값이 없어 왼쪽으로 가는 일과 오른쪽으로 가는 일이 상쇄되고 평균의 차이 E u − E v 만 남습니다. "
            f"정의 {FORMULA} 에서는 어느 쪽으로 가든 일은 양수입니다.",
            "en": "The absolute value is missing: work to the left and to the right cancels, and E u − E v is left. "
            "In the "
            f"definition {FORMULA} work is positive whichever way it goes.",
        },
        variants=(_signed(0), _signed(1)),
    ),
    Mistake(
        id="cdf-without-widths",
        message={
            "ko": "누적분포의 차 |F_u − F_v| 를 점마다 더하기만 하고 점 사이의 간격을 곱하지 않습니다. "
            f"{FORMULA} = Σₖ |F_u(xₖ) − F_v(xₖ)|·(xₖ₊₁ − xₖ) 입니다.",
            "en": "The gaps |F_u − F_v| are added up point by point without the distances between the points. "
            f"{FORMULA} = Σₖ |F_u(xₖ) − F_v(xₖ)|·(xₖ₊₁ − xₖ).",
        },
        variants=(
            _without_widths(_total),
            _without_widths(_mean_with_last),
            _without_widths(_mean_without_last),
            _without_widths(_total_of_different),
        ),
        applies=_no_ties,
    ),
    Mistake(
        id="max-cdf-gap",
        message={
            "ko": "누적분포가 가장 벌어진 곳 max |F_u − F_v| (콜모고로프-스미르노프)를 냅니다: 늘 1 이하라 거리를 "
            "모릅니다. "
            f"EMD 는 그 차를 적분한 {FORMULA} 입니다.",
            "en": "It returns the widest gap, max |F_u − F_v| (Kolmogorov-Smirnov), which is at most 1 and knows no "
            "distance. "
            f"EMD integrates the gap: {FORMULA}.",
        },
        variants=(_largest_gap,),
        applies=_no_ties,
    ),
)


def diagnostic(rng: np.random.Generator) -> Sequence[Case]:
    """n = m and n ≠ m, with and without weights, means on either side, and digits that float32 does not have."""
    weights = np.array([0.3, 2.0, 0.7, 1.4])
    finer_u = -between_float32(rng, 0.5, 0.99, (4,))
    finer_v = between_float32(rng, 0.5, 0.99, (4,))
    wide = np.array([-2.0, 3.1, -1.2, 2.4]) + rng.uniform(-0.1, 0.1, 4)
    narrow = np.array([1.3, 0.2, 0.7, -0.4]) + rng.uniform(-0.05, 0.05, 4)
    u, v = _apart(rng, 6, 4, 0, 9)
    return (
        Case("n = m", (wide, narrow)),
        Case("n = m, to the right", (narrow + 2.5, wide)),
        Case("n > m", (u + 1.5, v)),
        Case("n < m", (v, u + 1.1)),
        Case("weighted", (wide, narrow, weights, weights[[3, 0, 2, 1]] + 0.5)),
        Case("u weighted, n ≠ m", (narrow, u, weights)),
        Case("v weighted, n ≠ m", (u, wide, None, 2 * weights)),
        Case("finer than float32", (finer_u, finer_v)),
        Case("larger numbers", tuple(40 * x for x in _apart(rng, 5, 7))),
    )


def small_arguments() -> SearchStrategy[tuple[Value, ...]]:
    """(u, v), then with weights: one to four different positions a side, whole numbers first; no ties."""
    from hypothesis import strategies as st

    position = st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, -1.0, -2.0, -4.0, 0.5, 0.1])
    weight = st.sampled_from([1.0, 2.0, 3.0, 0.5, 0.0])

    def filled(shape: tuple[int, int, bool, bool]) -> SearchStrategy[tuple[Value, ...]]:
        n, m, u_weighted, v_weighted = shape
        positions = st.lists(position, min_size=n + m, max_size=n + m, unique=True)
        sides = positions.map(lambda drawn: (np.array(drawn[:n]), np.array(drawn[n:])))
        if not u_weighted and not v_weighted:
            return sides
        weights = [
            st.lists(weight, min_size=size, max_size=size).filter(any).map(np.array) if given else st.none()
            for size, given in ((n, u_weighted), (m, v_weighted))
        ]
        return st.tuples(sides, *weights).map(lambda drawn: (*drawn[0], *drawn[1:]))

    sizes = [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (3, 3), (4, 3)]
    kinds = [(False, False), (True, False), (False, True), (True, True)]
    return st.sampled_from([(n, m, *kind) for kind in kinds for n, m in sizes]).flatmap(filled)


LOSS = Loss(
    id="emd",
    entry="emd",
    title={"ko": "흙더미 이동 거리 (EMD, 1차원 W₁)", "en": "Earth Mover's Distance (EMD, W₁ in one dimension)"},
    summary={
        "ko": "한 분포를 다른 분포로 옮기는 데 드는 가장 적은 일(질량 × 거리)입니다.",
        "en": "The least work, mass times distance, that moves one distribution onto the other.",
    },
    difficulty=3,
    parameters=(
        Parameter(
            name="u_values",
            shape="(n,)",
            meaning={
                "ko": "첫 분포의 점들의 위치, n ≥ 1.",
                "en": "Positions of the first distribution's points, n ≥ 1.",
            },
            differentiable=True,
        ),
        Parameter(
            name="v_values",
            shape="(m,)",
            meaning={
                "ko": "둘째 분포의 점들의 위치, m ≥ 1; n 과 달라도 됩니다.",
                "en": "Positions of the second distribution's points, m ≥ 1, not necessarily n.",
            },
            differentiable=True,
        ),
        Parameter(
            name="u_weights",
            shape="(n,)",
            meaning={
                "ko": "u 의 가중치 (0 이상, 합은 양수); None 이면 모두 같습니다.",
                "en": "Weights of u, at least 0 and with a positive sum; None is uniform.",
            },
            differentiable=False,
            optional=True,
        ),
        Parameter(
            name="v_weights",
            shape="(m,)",
            meaning={
                "ko": "v 의 가중치 (0 이상, 합은 양수); None 이면 모두 같습니다.",
                "en": "Weights of v, at least 0 and with a positive sum; None is uniform.",
            },
            differentiable=False,
            optional=True,
        ),
    ),
    formula=(
        r"W_1(u, v) = \inf_{\gamma \in \Pi(u, v)} \mathbb{E}_{(x, y) \sim \gamma} |x - y|"
        r" = \int_{-\infty}^{\infty} |F_u(x) - F_v(x)| \, dx"
    ),
    rules=(
        {
            "ko": "1차원 바서슈타인-1 거리를 0차원 텐서로, 입력과 같은 dtype·device 로 돌려줍니다.",
            "en": "Return the 1-D Wasserstein-1 distance as a 0-dim tensor of the inputs' dtype and device.",
        },
        {
            "ko": "n 과 m 은 다를 수 있고, 값은 정렬되어 있지 않으며, 같은 값이 여러 번 나올 수 있습니다.",
            "en": "n and m may differ, the values are not sorted, and the same value may come more than once.",
        },
        {
            "ko": "가중치는 안에서 합이 1 이 되게 나누고, None 은 균등한 가중치입니다. 0 인 가중치도 있습니다.",
            "en": "Weights are divided by their sum inside; None is uniform. A weight may be 0.",
        },
        {
            "ko": "값의 크기가 1e6 이어도, 동률이 있어도 값과 기울기가 유한해야 합니다 (동률에서는 어떤 열미분이든 "
            "됩니다).",
            "en": "For values up to 1e6 in size and for ties the value and the gradient stay finite (at ties any "
            "subgradient "
            "is right).",
        },
        {
            "ko": "위치가 1차원이 아니거나 가중치의 모양이 위치와 다르면 예외를 일으킵니다.",
            "en": "Raise an error where positions are not 1-D or weights have another shape than their positions.",
        },
        {
            "ko": "이미 만들어진 함수(scipy 의 wasserstein_distance, POT 등)를 부르지 않고 기본 텐서 연산으로 씁니다.",
            "en": "Write it from tensor primitives; do not call a ready-made one such as scipy's "
            "wasserstein_distance or POT.",
        },
        {
            "ko": "새 텐서는 입력의 device 에 만들고, 인자를 바꾸지 않습니다. 기울기는 두 위치에 대해 확인합니다.",
            "en": "Create new tensors on the inputs' device and change no argument. The gradient is checked for "
            "both positions.",
        },
    ),
    example=">>> emd(torch.tensor([0.0, 1.0, 3.0]), torch.tensor([5.0, 6.0, 8.0]))\ntensor(5.)",
    sources=(
        "Rubner, Tomasi, Guibas: The Earth Mover's Distance as a Metric for Image Retrieval, IJCV 40 (2000), 99-121",
        "Vallender: Calculation of the Wasserstein Distance Between Probability Distributions on the Line (1974)",
        "Arjovsky, Chintala, Bottou: Wasserstein GAN (arXiv:1701.07875), section 2",
        "Peyré, Cuturi: Computational Optimal Transport (arXiv:1803.00567), remark 2.30",
    ),
    reference=reference,
    cases=cases,
    large=large,
    sizes=(256, 1536, 9216),
    probes=probes,
    bad_calls=bad_calls,
    diagnostic=diagnostic,
    tolerance=tolerance,
    mistakes=MISTAKES,
    shrink=small_arguments,
    subgradient=subgradient,
)

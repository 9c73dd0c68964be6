"""Each reference against sources that owe it nothing: scipy, POT, torch's losses, 50-digit arithmetic, gradcheck."""

from __future__ import annotations

import mpmath
import numpy as np
import ot
import pytest
import torch
import torch.nn.functional as F  # noqa: N812  (its usual name)
from asking import all_cases, ask
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import wasserstein_distance

from grader import losses
from grader.losses import bce, cce, clip, emd
from grader.losses.base import Loss

ALL = pytest.mark.parametrize("loss", losses.catalogue(), ids=lambda loss: loss.id)
mpmath.mp.dps = 50
searched = settings(max_examples=60, deadline=None, database=None, derandomize=True)

probabilities = st.floats(1e-4, 1 - 1e-4)
shares = st.floats(0, 1)
positions = st.floats(-1e6, 1e6, width=32) | st.integers(-3, 3).map(float)
weights = st.floats(0, 10, width=32) | st.integers(0, 3).map(float)


def vectors(elements, **size):
    return st.lists(elements, **size).map(lambda numbers: np.array(numbers, dtype=np.float64))


@searched
@given(st.lists(st.tuples(probabilities, shares), min_size=1, max_size=12))
def test_bce_is_torchs(pairs):
    p, t = torch.tensor(pairs, dtype=torch.float64).T
    torch.testing.assert_close(bce.reference(p, t), F.binary_cross_entropy(p, t), rtol=1e-12, atol=1e-15)


@searched
@given(st.lists(st.tuples(probabilities, shares), min_size=1, max_size=4))
def test_bce_in_50_digits(pairs):
    exact = -sum(y * mpmath.log(x) + (1 - y) * mpmath.log(1 - mpmath.mpf(x)) for x, y in pairs) / len(pairs)
    p, t = torch.tensor(pairs, dtype=torch.float64).T
    assert bce.reference(p, t).item() == pytest.approx(float(exact), rel=1e-13, abs=1e-15)


def simplex(rows: int, classes: int):
    numbers = arrays(np.float64, (rows, classes), elements=st.floats(0.01, 1))
    return numbers.map(lambda x: x / x.sum(1, keepdims=True))


@searched
@given(st.tuples(st.integers(1, 5), st.integers(2, 6)).flatmap(lambda nc: st.tuples(simplex(*nc), simplex(*nc))))
def test_cce_is_torchs_with_soft_targets(pair):
    p, t = map(torch.tensor, pair)
    # torch takes logits and renormalises them: the logarithm of rows that sum to 1 comes through unchanged.
    torch.testing.assert_close(cce.reference(p, t), F.cross_entropy(p.log(), t), rtol=1e-12, atol=1e-14)


@searched
@given(simplex(3, 4), st.lists(st.integers(0, 3), min_size=3, max_size=3))
def test_cce_is_torchs_with_labels(rows, labels):
    p, classes = torch.tensor(rows), torch.tensor(labels)
    torch.testing.assert_close(cce.reference(p, F.one_hot(classes, 4).double()), F.nll_loss(p.log(), classes))


@searched
@given(simplex(2, 3), simplex(2, 3))
def test_cce_in_50_digits(p, t):
    exact = -sum(mpmath.mpf(y) * mpmath.log(x) for x, y in zip(p.ravel(), t.ravel(), strict=True)) / 2
    assert cce.reference(torch.tensor(p), torch.tensor(t)).item() == pytest.approx(float(exact), rel=1e-13)


features = st.tuples(st.integers(1, 5), st.integers(1, 4)).flatmap(
    lambda nd: st.tuples(*(arrays(np.float64, nd, elements=st.floats(-3, 3, width=32)) for _ in range(2)))
)
scales = st.sampled_from([0.05, 1.0, 14.3, 100.0, 1e4])


def clip_in_50_digits(images, texts, scale):
    """arXiv:2103.00020, figure 3, line by line in multiple precision."""

    def units(rows):
        lengths = [mpmath.sqrt(sum(mpmath.mpf(x) ** 2 for x in row)) for row in rows]
        return [[mpmath.mpf(x) / length for x in row] for row, length in zip(rows, lengths, strict=True)]

    images, texts = units(images.tolist()), units(texts.tolist())
    logits = [[mpmath.mpf(scale) * mpmath.fdot(image, text) for text in texts] for image in images]
    n = len(logits)
    loss = mpmath.mpf(0)
    for k in range(n):
        row, column = logits[k], [logits[j][k] for j in range(n)]
        loss += mpmath.log(sum(map(mpmath.exp, row))) + mpmath.log(sum(map(mpmath.exp, column))) - 2 * row[k]
    return float(loss / (2 * n))


@searched
@given(features, scales)
def test_clip_in_50_digits(pair, scale):
    images, texts = pair
    assume(min(np.linalg.norm(images, axis=1).min(), np.linalg.norm(texts, axis=1).min()) > 0.1)
    came = clip.reference(torch.tensor(images), torch.tensor(texts), scale).item()
    assert came == pytest.approx(clip_in_50_digits(images, texts, scale), rel=1e-13, abs=1e-14 * scale)


@searched
@given(features, scales)
def test_clip_is_torchs_cross_entropy_both_ways(pair, scale):
    images, texts = map(torch.tensor, pair)
    assume(min(images.norm(dim=1).min(), texts.norm(dim=1).min()) > 0.1)
    logits = scale * F.normalize(images, dim=1) @ F.normalize(texts, dim=1).T
    labels = torch.arange(len(images))
    right = (F.cross_entropy(logits, labels) + F.cross_entropy(logits.T, labels)) / 2
    for given_scale in (scale, torch.tensor(scale, dtype=torch.float64)):
        came = clip.reference(images, texts, given_scale)
        torch.testing.assert_close(came, right, rtol=1e-12, atol=1e-13 * scale)


@st.composite
def distributions(draw):
    u, v = (draw(vectors(positions, min_size=1, max_size=7)) for _ in range(2))
    sides = []
    for x in (u, v):
        w = draw(st.none() | vectors(weights, min_size=len(x), max_size=len(x)))
        sides.append(w if w is not None and w.sum() > 1e-3 else None)
    return u, v, *sides


@searched
@given(distributions())
def test_emd_is_scipys(arguments):
    u, v, uw, vw = arguments
    came = emd.reference(*(None if x is None else torch.tensor(x) for x in arguments)).item()
    size = max(np.abs(u).max(), np.abs(v).max())
    assert came == pytest.approx(wasserstein_distance(u, v, uw, vw), rel=1e-12, abs=1e-13 * size)


@searched
@given(distributions())
def test_emd_is_pots(arguments):
    u, v, uw, vw = arguments
    masses = [np.ones(len(x)) if w is None else w for x, w in ((u, uw), (v, vw))]
    right = ot.emd2_1d(u, v, *(w / w.sum() for w in masses), metric="cityblock")
    came = emd.reference(*(None if x is None else torch.tensor(x) for x in arguments)).item()
    assert came == pytest.approx(right, rel=1e-9, abs=1e-10 * max(np.abs(u).max(), np.abs(v).max()))


@searched
@given(distributions(), st.floats(-100, 100, width=16))
def test_emd_is_a_distance_that_moves_along(arguments, shift):
    u, v, uw, vw = (None if x is None else torch.tensor(x) for x in arguments)
    there, back = emd.reference(u, v, uw, vw), emd.reference(v, u, vw, uw)
    size = 1e-13 * float(max(u.abs().max(), v.abs().max()) + 100)
    torch.testing.assert_close(there, back, rtol=1e-12, atol=size)
    torch.testing.assert_close(emd.reference(u + shift, v + shift, uw, vw), there, rtol=1e-9, atol=10 * size)
    assert emd.reference(u, u, uw, uw).item() == 0


@ALL
def test_gradients_are_those_of_finite_differences(loss: Loss):
    checked = 0
    for case in loss.cases(np.random.default_rng(3)):
        sizes = [value.size for value in case.arguments if isinstance(value, np.ndarray)]
        # Finite differences lose their digits where p comes close to 0 or the scale is large.
        extreme = any(word in case.name for word in ("1e-4", "log-spaced", "100", "far", "finer", "small pos"))
        if not case.compare_gradient or extreme or max(sizes) > 60:
            continue
        inputs = [
            torch.tensor(value, requires_grad=parameter.differentiable) if isinstance(value, np.ndarray) else value
            for value, parameter in zip(case.arguments, loss.parameters, strict=False)
        ]
        assert torch.autograd.gradcheck(loss.reference, inputs, eps=1e-7, atol=1e-5, rtol=1e-4), case.name
        checked += 1
    assert checked >= 9


@pytest.mark.parametrize(
    ("function", "arguments", "low", "high"),
    [
        (bce.reference, ([0.0, 1.0], [0.0, 1.0]), 0, 0),
        (bce.reference, ([0.0], [1.0]), 15, 120),
        (bce.reference, ([1.0], [0.0]), 15, 120),
        (bce.reference, ([0.0, 1.0], [0.5, 0.5]), 7.5, 60),
        (cce.reference, ([[0.0, 1.0]], [[0.0, 1.0]]), 0, 0),
        (cce.reference, ([[0.0, 1.0]], [[1.0, 0.0]]), 15, 120),
        (clip.reference, ([[1.0, 0.0], [0.0, 2.0]], [[3.0, 0.0], [0.0, 1.0]], 1e4), 0, 0),
        (clip.reference, ([[1.0, 2.0]], [[-3.0, 5.0]], 50.0), 0, 0),
        (emd.reference, ([-1e6], [1e6]), 2e6, 2e6),
        (emd.reference, ([1.0, 1.0], [1.0, 1.0, 1.0]), 0, 0),
    ],
)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_edges(function, arguments, low, high, dtype):
    given_ = [torch.tensor(x, dtype=dtype, requires_grad=True) if isinstance(x, list) else x for x in arguments]
    value = function(*given_)
    value.backward()
    assert low <= value.item() <= high and value.dtype == dtype and value.shape == ()
    assert all(not x.grad.isnan().any() for x in given_ if isinstance(x, torch.Tensor))


@ALL
def test_reference_refuses_what_does_not_fit(loss: Loss):
    for bad in loss.bad_calls():
        arguments = [torch.tensor(value) if isinstance(value, np.ndarray) else value for value in bad.arguments]
        with pytest.raises(ValueError, match=r"shapes differ|want "):
            loss.reference(*arguments)


@ALL
def test_reference_changes_nothing_and_repeats_itself(loss: Loss):
    for expected in all_cases(loss.id, 0):
        arguments, dtype = expected.arguments, expected.dtype
        first, again = (ask(loss, loss.reference, arguments, dtype) for _ in range(2))
        assert first.value == again.value
        for one, other in zip(first.gradients, again.gradients, strict=True):
            np.testing.assert_array_equal(one, other)
        given_ = [torch.tensor(value) if isinstance(value, np.ndarray) else value for value in arguments]
        before = [value._version if isinstance(value, torch.Tensor) else None for value in given_]
        loss.reference(*given_)
        assert before == [value._version if isinstance(value, torch.Tensor) else None for value in given_]


@ALL
def test_reference_looks_at_no_value_and_stays_on_its_device(loss: Loss):
    # A meta tensor has no values: whatever would ask for one (a host synchronisation) raises.
    for case in loss.cases(np.random.default_rng(0))[:8]:
        given_ = [
            torch.tensor(value, dtype=torch.float32).to("meta") if isinstance(value, np.ndarray) else value
            for value in case.arguments
        ]
        assert loss.reference(*given_).device.type == "meta"

"""Tolerances leave every right answer in, with room to spare, and every other answer out."""

from __future__ import annotations

import numpy as np
import pytest
from asking import all_cases, errors, expect, wrong_cases, wrong_probes
from hypothesis import given, settings
from hypothesis import strategies as st
from right_styles import STYLES

from grader import losses
from grader.losses.base import Case, Loss

ALL = pytest.mark.parametrize("loss", losses.catalogue(), ids=lambda loss: loss.id)
STYLED = [
    pytest.param(losses.get(id), function, id=f"{id}-{name}")
    for id, styles in STYLES.items()
    for name, function in styles.items()
]


@pytest.mark.parametrize(("loss", "function"), STYLED)
def test_right_styles_pass(loss: Loss, function):
    wrong = [bad for seed in (0, 1) for bad in wrong_cases(loss, function, seed)]
    assert wrong + wrong_probes(loss, function) == []


@ALL
def test_reference_keeps_far_within(loss: Loss):
    far = {
        (seed, expected.case.name, expected.dtype, part): error
        for seed in range(4)
        for expected in all_cases(loss.id, seed)
        for part, error in errors(loss, loss.reference, expected).items()
    }
    worst = max(far, key=lambda key: far[key])
    assert far[worst] < 0.1, (worst, far[worst])
    assert wrong_probes(loss, loss.reference) == []


@ALL
def test_no_constant_passes(loss: Loss):
    for seed in range(6):
        for dtype in ("float64", "float32"):
            expected = [one for one in all_cases(loss.id, seed) if one.dtype == dtype]
            right = np.array([one.right.value for one in expected])
            slack = np.array([one.allowed.value for one in expected])
            assert (slack > 0).all() and (np.abs(right) > 30 * slack).all(), (seed, dtype)
            for constant in (0.0, 1.0, 0.5, -1.0, np.log(2), right.mean(), np.median(right) * 1.01, 1e6):
                assert (np.abs(right - constant) > slack).all(), (seed, dtype, constant)
            # The answer to one case is no answer to the others, but for a coincidence of two.
            passed = (np.abs(right[:, None] - right) <= slack).sum(1)
            assert passed.max() <= 2 and (passed == 2).sum() <= 2, (seed, dtype)


@ALL
def test_nothing_that_is_no_number_passes(loss: Loss):
    for function in (lambda *a: loss.reference(*a) * np.nan, lambda *a: loss.reference(*a) / 0):
        assert len(wrong_cases(loss, function, 0)) == len(all_cases(loss.id, 0))


@ALL
def test_a_relative_error_of_a_thousandth_is_seen_in_every_case(loss: Loss):
    for factor in (1.001, 0.999):
        bad = wrong_cases(loss, lambda *a, factor=factor: loss.reference(*a) * factor, 1)
        # Sure and right answers are small: their error is counted against the probabilities, not against the loss.
        missed = {f"{one.case.name} ({one.dtype})" for one in all_cases(loss.id, 1)} - {b.split(":")[0] for b in bad}
        assert {name.split(" (")[0] for name in missed} <= {"sure and right", "sure and right, negative"}


@ALL
def test_lower_precision_is_seen_for_certain(loss: Loss):
    (mistake,) = (mistake for mistake in loss.mistakes if mistake.id == "lower-precision")
    for seed in range(20):
        cases = loss.cases(np.random.default_rng(seed))
        finer = [expect(loss, case, "float64") for case in cases if case.name.startswith("finer")]
        assert finer
        for variant in mistake.variants:
            far = [errors(loss, variant, expected)["value"] for expected in finer]
            assert len(far) >= 2 and max(far) > 40 and min(far) > 1.5, (seed, far)


@ALL
def test_rounding_makes_no_ties_where_gradients_are_compared(loss: Loss):
    if loss.subgradient is None:
        pytest.skip("gradients are unique everywhere")
    for seed in range(30):
        for case in loss.cases(np.random.default_rng(seed)):
            positions = np.concatenate([np.asarray(x, np.float32) for x in case.arguments[:2]])
            assert case.compare_gradient == (len(np.unique(positions)) == len(positions)), case.name


@ALL
def test_domain_is_kept(loss: Loss):
    for seed in range(30):
        for case in (*loss.cases(np.random.default_rng(seed)), *loss.diagnostic(np.random.default_rng(seed))):
            first, second = (np.asarray(x) for x in case.arguments[:2])
            if loss.id in ("bce", "cce"):
                counted = first[second > 0]
                assert counted.min(initial=1) >= 1e-4 and second.min() >= 0 and second.max() <= 1, case.name
            if loss.id == "bce":
                assert first[second < 1].max(initial=0) <= 1 - 1e-4
            if loss.id == "cce":
                np.testing.assert_allclose(first.sum(1), 1, rtol=1e-9, err_msg=case.name)
                np.testing.assert_allclose(second.sum(1), 1, rtol=1e-9, err_msg=case.name)
            if loss.id == "clip":
                lengths = np.linalg.norm(np.concatenate([first, second]), axis=1)
                assert lengths.min() >= 1e-3 and lengths.max() <= 1200, case.name


@ALL
def test_small_arguments_are_inputs_on_which_the_reference_is_right(loss: Loss):
    assert loss.shrink is not None
    drawn: st.SearchStrategy = loss.shrink()

    @settings(max_examples=60, derandomize=True, deadline=None, database=None)
    @given(drawn, st.sampled_from(["float64", "float32"]))
    def right(arguments, dtype):
        found = errors(loss, loss.reference, expect(loss, Case("drawn", arguments), dtype))
        assert max(found.values()) < 0.2, found

    right()

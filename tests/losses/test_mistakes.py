"""Every known mistake fails, and no two of them can be taken for one another on the diagnostic inputs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from asking import Answered, all_cases, ask, errors, rounded

from grader import losses
from grader.losses.base import Loss, Tolerance

ALL = pytest.mark.parametrize("loss", losses.catalogue(), ids=lambda loss: loss.id)
VARIANTS = [
    pytest.param(loss, mistake, variant, id=f"{loss.id}-{mistake.id}-{index}")
    for loss in losses.catalogue()
    for mistake in loss.mistakes
    for index, variant in enumerate(mistake.variants)
]


def test_only_constant_answers_have_no_variant():
    for loss in losses.catalogue():
        assert [mistake.id for mistake in loss.mistakes if not mistake.variants] == ["constant-answer"]


@pytest.mark.parametrize(("loss", "mistake", "variant"), VARIANTS)
def test_mistake_fails(loss: Loss, mistake, variant):
    for seed in (0, 1):
        failing = [
            expected.case.name
            for expected in all_cases(loss.id, seed)
            if mistake.applies(expected.arguments) and not max(errors(loss, variant, expected).values()) <= 1
        ]
        assert failing


def _apart(one: Answered, other: Answered, slack: Tolerance) -> float:
    """How far two answers are from each other, in tolerances; a gradient that only one of them has is infinite."""
    far = [np.inf if one.dtype != other.dtype else 0.0, abs(one.value - other.value) / slack.value]
    for left, right, allowed in zip(one.gradients, other.gradients, slack.gradients, strict=True):
        if allowed is None:
            continue
        if left is None or right is None:
            far.append(0.0 if left is right else np.inf)
        else:
            far.append(float((np.abs(left - right) / allowed).max()))
    return max(far)


@ALL
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_diagnostic_inputs_tell_all_mistakes_apart(loss: Loss, seed):
    entries = [("right", loss.reference, lambda arguments: True)] + [
        (mistake.id, variant, mistake.applies) for mistake in loss.mistakes for variant in mistake.variants
    ]
    best = {pair: 0.0 for pair in combinations(range(len(entries)), 2) if entries[pair[0]][0] != entries[pair[1]][0]}
    for case in loss.diagnostic(np.random.default_rng(seed)):
        arguments = rounded(case.arguments, "float64")
        slack = loss.tolerance(arguments, "float64")
        answers = [
            ask(loss, function, arguments, "float64") if applies(arguments) else None
            for _, function, applies in entries
        ]
        assert all(answer is None or np.isfinite(answer.value) for answer in answers), case.name
        for i, j in best:
            one, other = answers[i], answers[j]
            if one is not None and other is not None:
                best[i, j] = max(best[i, j], _apart(one, other, slack))
    confused = {(entries[i][0], entries[j][0]): far for (i, j), far in best.items() if not far > 5}
    assert confused == {}


@ALL
def test_every_mistake_applies_to_several_diagnostic_inputs(loss: Loss):
    cases = loss.diagnostic(np.random.default_rng(0))
    for mistake in loss.mistakes:
        assert sum(mistake.applies(case.arguments) for case in cases) >= 2, mistake.id

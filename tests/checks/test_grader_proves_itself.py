"""The grader on itself, for every loss: what is right passes, and whatever is changed in it is seen."""

from __future__ import annotations

from collections import Counter

import pytest

import grader.checks.cases
import grader.checks.device
from grader.calls import Batch
from grader.checks.expected import expectations
from grader.checks.judging import wrong_value
from grader.losses import get, ids
from grader.losses.base import Loss
from grader.reference import reference_source, reference_text
from tests.checks.inprocess import QUICK, InProcess, source_of
from tests.checks.mutation import OPERATORS, mutants

SEEDS = (0, 1, 2**32 - 1)

EQUIVALENT = {
    "bce": {"number changed:1e-30 → 1e-27"},
    "cce": {"number changed:1e-30 → 1e-27"},
    "clip": {
        # The first side's rank follows from the equal shapes and from the matrix product, which raises by itself.
        (
            "condition dropped:image_features.dim() != 2 or image_features.shape != text_features.shape"
            " → image_features.shape != text_features.shape"
        ),
        (
            "arguments swapped:_checked(image_features, text_features, logit_scale)"
            " → _checked(text_features, image_features, logit_scale)"
        ),
    },
    "emd": {
        # No gradient is asked for weights, and the weights are all that this part of the graph leads to.
        "graph cut:torch.cat([u_masses, -v_masses])[order].cumsum(0).detach()",
        "graph cut:torch.cat([u_masses, -v_masses]).detach()",
        "graph cut:torch.full_like(values, 1 / len(values), requires_grad=False).detach()",
        "graph cut:weights.sum().detach()",
        "graph cut:gaps.abs().detach()",
        "keyword dropped:torch.full_like(values, 1 / len(values), requires_grad=False) without requires_grad",
        "truth turned round:False → True",
        # Which of two equal positions comes first changes nothing but the choice of a subgradient.
        "keyword dropped:torch.cat([u_values, v_values]).sort(stable=True) without stable",
        "truth turned round:True → False",
        # A vector's first axis is its last.
        "number changed:0 → -1",
        # What follows raises on a wrong rank by itself.
        (
            "condition dropped:values.dim() != 1 or (weights is not None and weights.shape != values.shape)"
            " → weights is not None and weights.shape != values.shape"
        ),
        # The words of the exception.
        "comparison turned round:weights is None → weights is not None",
        "branch dropped:'' if weights is None else f' with weights {tuple(weights.shape)}' → ''",
        (
            "branch dropped:'' if weights is None else f' with weights {tuple(weights.shape)}'"
            " → f' with weights {tuple(weights.shape)}'"
        ),
    },
}
"""Mutants that are right too, each with the reason where the change itself does not say it."""


@pytest.fixture(autouse=True)
def no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here only the verdict counts, so that no smaller counterexample is searched for."""
    for module in (grader.checks.cases, grader.checks.device):
        monkeypatch.setattr(module, "smallest", lambda _examination, failing, _judge, backward: failing[0])


@pytest.fixture(params=ids())
def loss(request: pytest.FixtureRequest) -> Loss:
    return get(request.param)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_reference_passes_every_check(loss: Loss, seed: int) -> None:
    submission = InProcess(loss, reference_source(loss), seed)
    findings = submission.findings(QUICK)
    assert {name: (str(finding.outcome), finding.message) for name, finding in findings.items()} == {
        name: ("pass", finding.message) for name, finding in findings.items()
    }
    assert submission.check("device", "sim").outcome == "pass"


DEGENERATE = {
    "zero": "first * 0",
    "zero without a graph": "torch.zeros((), dtype=first.dtype)",
    "one": "first * 0 + 1",
    "mean of the first argument": "first",
    "NaN": "first * float('nan')",
    "infinity": "first * 0 + float('inf')",
    "minus infinity": "first * 0 - float('inf')",
}


@pytest.mark.parametrize("answer", DEGENERATE.values(), ids=DEGENERATE)
def test_a_degenerate_answer_fails_every_value_case(loss: Loss, answer: str) -> None:
    text = f"import torch\ndef {loss.entry}(*arguments):\n    first = arguments[0].mean()\n    return {answer}\n"
    submission = InProcess(loss, source_of(text))
    expected = expectations(loss, 5)
    answers = submission.ask(Batch(tuple(one.call(backward=False) for one in expected)))
    right = [
        f"{one.case.name} ({one.dtype})"
        for one, given in zip(expected, answers, strict=True)
        if wrong_value(one, given) is None
    ]
    assert right == []


def mistakes() -> list[object]:
    return [
        pytest.param(loss, index, variant, id=f"{loss}-{mistake.id}-{variant}")
        for loss in ids()
        for index, mistake in enumerate(get(loss).mistakes)
        for variant in range(len(mistake.variants))
    ]


@pytest.mark.parametrize(("loss_id", "index", "variant"), mistakes())
def test_a_known_mistake_fails_and_is_named_and_no_other(loss_id: str, index: int, variant: int) -> None:
    loss = get(loss_id)
    text = (
        f"import grader.losses\n{loss.entry} = grader.losses.get({loss_id!r}).mistakes[{index}].variants[{variant}]\n"
    )
    submission = InProcess(loss, source_of(text))
    assert set(submission.not_passed(("load", "value", "gradient", "stability"))) & {"value", "gradient"}
    found = submission.diagnosis().misconception
    assert found is not None and found.id == loss.mistakes[index].id


@pytest.mark.parametrize("number", [0.0, 0.5, -3.25])
def test_a_constant_is_named(loss: Loss, number: float) -> None:
    text = f"import torch\ndef {loss.entry}(*arguments):\n    return arguments[0].sum() * 0 + {number}\n"
    found = InProcess(loss, source_of(text)).diagnosis().misconception
    assert found is not None and found.id == "constant-answer"


def test_nan_is_no_constant(loss: Loss) -> None:
    text = f"import torch\ndef {loss.entry}(*arguments):\n    return arguments[0].sum() * float('nan')\n"
    assert InProcess(loss, source_of(text)).diagnosis().misconception is None


def test_two_mistakes_at_once_are_no_single_one(loss: Loss) -> None:
    text = reference_text(loss) + f"\n_right = {loss.entry}\ndef {loss.entry}(*a):\n    return -7.5 * _right(*a) + 1\n"
    diagnosis = InProcess(loss, source_of(text)).diagnosis()
    assert (diagnosis.misconception, diagnosis.pair) == (None, None)


def test_sign_and_another_factor_are_told_as_a_pair(loss: Loss) -> None:
    mistake = next(index for index, one in enumerate(loss.mistakes) if one.id == "sum-instead-of-mean")
    text = (
        f"import grader.losses\n_sum = grader.losses.get({loss.id!r}).mistakes[{mistake}].variants[0]\n"
        f"def {loss.entry}(*arguments):\n    return -_sum(*arguments)\n"
    )
    diagnosis = InProcess(loss, source_of(text)).diagnosis()
    assert diagnosis.misconception is None
    assert diagnosis.pair is not None


def test_no_mutant_of_the_reference_survives(loss: Loss) -> None:
    assert len(OPERATORS) >= 12
    made = mutants(reference_text(loss))
    survivors = []
    for mutant in made:
        submission = InProcess(loss, source_of(mutant.text))
        if submission.check("load").outcome != "pass":
            continue
        if not any(
            submission.check(name).outcome != "pass" for name in ("value", "gradient", "stability", "shapes", "purity")
        ):
            survivors.append(mutant.name)
    assert len(made) > 20
    # Counted, because the same words may stand in two places, of which only one is free to change.
    assert Counter(survivors) - Counter(EQUIVALENT[loss.id]) == Counter()

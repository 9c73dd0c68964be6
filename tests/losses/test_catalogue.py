"""The catalogue: found by file, imported on demand, and complete in what a member reads."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys

import numpy as np
import pytest
import torch

from grader import losses
from grader.errors import UsageError
from grader.losses.base import Loss

COMMON = {"sign-flipped", "sum-instead-of-mean", "detached-graph", "constant-answer", "lower-precision"}
LOGARITHMS = {"log-base-2", "log-base-10"}
OWN = {
    "bce": {"positive-class-only", "applies-sigmoid", "squared-error", "swapped-arguments", "visible-epsilon"},
    "cce": {
        "applies-softmax",
        "mean-over-classes",
        "binary-form",
        "swapped-arguments",
        "hard-targets-only",
        "visible-epsilon",
    },
    "clip": {
        "image-side-only",
        "text-side-only",
        "not-normalised",
        "sum-of-both-sides",
        "scale-divides",
        "scale-exponentiated",
        "scale-ignored",
    },
    "emd": {
        "unsorted",
        "squared-cost",
        "root-of-squared-cost",
        "weights-ignored",
        "weights-not-normalised",
        "mean-difference",
        "cdf-without-widths",
        "max-cdf-gap",
        "truncates-to-shorter",
    },
}
ALL = pytest.mark.parametrize("loss", losses.catalogue(), ids=lambda loss: loss.id)


def test_names_cost_no_torch():
    code = "import sys, grader.losses as l; print(*l.ids()); assert 'torch' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["bce", "cce", "clip", "emd"]


def test_each_id_is_its_module():
    assert [loss.id for loss in losses.catalogue()] == list(losses.ids())


@pytest.mark.parametrize(("wrong", "near"), [("ccee", "cce"), ("clp", "clip"), ("BCE", None), ("wgan", None)])
def test_unknown_id_is_a_usage_error(wrong, near):
    with pytest.raises(UsageError) as caught:
        losses.get(wrong)
    expected = f"did you mean '{near}'?" if near else "there are bce, cce, clip, emd"
    assert str(caught.value) == f"unknown loss '{wrong}'; {expected}"


@pytest.mark.parametrize("private", ["base", "_common", "__init__", "../cli", ""])
def test_other_modules_are_no_losses(private):
    with pytest.raises(UsageError):
        losses.get(private)


@ALL
def test_contract_mistakes_are_there(loss: Loss):
    ids = [mistake.id for mistake in loss.mistakes]
    assert len(ids) == len(set(ids))
    assert COMMON | OWN[loss.id] | (LOGARITHMS if loss.id != "emd" else set()) <= set(ids)
    assert not (loss.id == "emd" and LOGARITHMS & set(ids))


@ALL
def test_text_is_in_both_languages(loss: Loss):
    texts = [loss.title, loss.summary, *loss.rules, *(parameter.meaning for parameter in loss.parameters)]
    texts += [mistake.message for mistake in loss.mistakes]
    for text in texts:
        assert set(text) == {"ko", "en"}
        assert re.search("[가-힣]", text["ko"]), text
        assert not re.search("[가-힣]", text["en"]), text
        assert text["ko"].strip() == text["ko"] and text["en"].strip() == text["en"]


@ALL
def test_messages_explain_and_give_no_code(loss: Loss):
    for mistake in loss.mistakes:
        for sentence in mistake.message.values():
            assert not re.search(r"torch|\.(sum|mean|sort|log|exp|diagonal|normali[sz]e)\(|==|\[:", sentence), sentence
            assert len(sentence) < 330
        for variant in mistake.variants:
            assert variant.__doc__ and variant.__doc__.strip().endswith("."), (mistake.id, variant)


@ALL
def test_example_says_what_the_reference_returns(loss: Loss):
    example = doctest.DocTestParser().get_doctest(
        loss.example, {"torch": torch, loss.entry: loss.reference}, loss.id, None, None
    )
    assert doctest.DocTestRunner(verbose=False).run(example).failed == 0


@ALL
def test_inputs_are_few_and_repeatable(loss: Loss):
    first, again = (loss.cases(np.random.default_rng(5)) for _ in range(2))
    assert 15 <= len(first) <= 24 and len(loss.diagnostic(np.random.default_rng(5))) >= 6
    names = [case.name for case in first]
    assert len(set(names)) == len(names)
    assert len({probe.name for probe in loss.probes()}) >= 9
    for one, other in zip(first, again, strict=True):
        for left, right in zip(one.arguments, other.arguments, strict=True):
            np.testing.assert_array_equal(np.asarray(left, float), np.asarray(right, float))
        assert len(one.strided) in (0, len(one.arguments))


@ALL
def test_large_inputs_grow_as_asked(loss: Loss):
    ratios = {after / before for before, after in zip(loss.sizes, loss.sizes[1:], strict=False)}
    assert len(ratios) == 1 and len(loss.sizes) >= 3
    for n in loss.sizes[:2]:
        assert len(np.asarray(loss.large(np.random.default_rng(0), n)[0])) == n

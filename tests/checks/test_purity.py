"""The purity check: which input it shows, and that two answers can be told apart by reading them."""

from __future__ import annotations

import pytest
from inprocess import InProcess, source_of

from grader.losses import get

HEAD = "import torch\ndef bce(p, t):\n    if p.shape != t.shape: raise ValueError\n"
LOSS = "    x = p.clamp(1e-7, 1 - 1e-7)\n    loss = -(t * x.log() + (1 - t) * (1 - x).log()).mean()\n"


@pytest.mark.parametrize(
    "body",
    [
        "    t.mul_(-1)\n    t.add_(1)\n" + LOSS,
        "    with torch.no_grad(): p.clamp_(1e-7, 1 - 1e-7)\n" + LOSS,
        LOSS + "    t.data.round_()\n",
    ],
    ids=["on every input", "at an edge only", "after the answer"],
)
def test_the_smallest_changed_input_is_shown(body: str) -> None:
    finding = InProcess(get("bce"), source_of(HEAD + body + "    return loss\n")).check("purity")
    assert finding.outcome == "fail" and finding.counterexample is not None
    assert finding.counterexample.call.count(",") <= 4, finding.counterexample.call


def test_two_answers_that_differ_in_a_last_digit_are_shown_with_all_digits() -> None:
    text = "import random\n" + HEAD + LOSS + "    return loss * (1 + random.randrange(9) * 2.0**-52)\n"
    finding = InProcess(get("bce"), source_of(text)).check("purity")
    assert finding.outcome == "fail" and finding.counterexample is not None
    expected, got = finding.counterexample.expected, finding.counterexample.got
    assert expected != got and float(expected) == pytest.approx(float(got), rel=1e-12)
    assert len(expected) > 12 and len(got) > 12

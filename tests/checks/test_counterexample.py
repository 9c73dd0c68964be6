"""A counterexample can be pasted below the submission: it gives what the report says came."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from inprocess import InProcess

from grader import submission
from grader.checks.base import Finding
from grader.checks.counterexample import effort, ladder
from grader.checks.text import number
from grader.losses import get, ids
from grader.messages import language, set_language

REJECT = Path(__file__).parents[1] / "corpus" / "reject"
WRONG = [
    ("bce", "sign_flipped.py", "value"),
    ("bce", "visible_epsilon.py", "value"),
    ("bce", "only_contiguous.py", "value"),
    ("bce", "refuses_soft_targets.py", "value"),
    ("bce", "result_always_float32.py", "value"),
    ("bce", "backward_ignores_upstream.py", "gradient"),
    ("bce", "backward_without_mean.py", "gradient"),
    ("bce", "detached.py", "gradient"),
    ("bce", "one_side_detached.py", "gradient"),
    ("bce", "python_floats.py", "gradient"),
    ("bce", "pow_of_zero.py", "stability"),
    ("bce", "no_guard.py", "stability"),
    ("cce", "sign_flipped.py", "value"),
    ("clip", "scale_ignored.py", "value"),
    ("clip", "only_square_batches.py", "value"),
    ("clip", "backward_misses_projection.py", "gradient"),
    ("clip", "backward_ignores_upstream.py", "gradient"),
    ("clip", "scale_as_python_float.py", "gradient"),
    ("clip", "naive_exp.py", "stability"),
    ("emd", "max_cdf_gap.py", "value"),
    ("emd", "only_u_sorted.py", "value"),
    ("emd", "backward_sign_for_v.py", "gradient"),
]


def finding(loss: str, name: str, check: str) -> Finding:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return InProcess(get(loss), submission.read(REJECT / loss / name), seed=7).check(check)


def pasted(loss: str, name: str, call: str) -> Any:
    """What the call gives below the submission's own text."""
    namespace: dict[str, Any] = {"torch": torch}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec((REJECT / loss / name).read_text(encoding="utf-8"), namespace)
        return eval(call, namespace)


@pytest.mark.parametrize(("loss", "name", "check"), WRONG, ids=lambda part: part.removesuffix(".py"))
def test_it_shows_the_mistake_when_pasted(loss: str, name: str, check: str) -> None:
    found = finding(loss, name, check)
    assert found.outcome != "pass"
    example = found.counterexample
    assert example is not None
    try:
        result = pasted(loss, name, example.call)
    except Exception as error:
        graph = "no gradient" in example.got and isinstance(error, RuntimeError)
        assert graph or example.got.startswith(type(error).__name__)
        return
    if example.where is not None:
        (result,) = result
        for index in re.findall(r"\[(\d+)\]", example.where):
            result = result[int(index)]
    if example.got.startswith("torch.float"):
        assert str(result.dtype) == example.got
    elif result.numel() == 1:
        got = float(re.sub(r"[^-+.\w]|float", "", example.got))
        assert number(float(result)) == number(got) or float(result) == pytest.approx(got, rel=1e-6, nan_ok=True)
    else:
        assert "nan" in example.got
        assert bool(result.isnan().any())


@pytest.mark.parametrize("loss", ids())
def test_small_inputs_are_tried_from_the_easiest_on(loss: str) -> None:
    rungs = ladder(get(loss), 3)
    efforts = [effort(get(loss), arguments) for arguments in rungs]
    assert efforts == sorted(efforts)
    assert len(rungs) >= 20
    assert efforts[0][0] <= 5


@pytest.mark.parametrize("loss", ids())
def test_what_is_wrong_everywhere_is_shown_on_the_easiest_input(loss: str) -> None:
    found = finding(loss, "sign_flipped.py", "value")
    assert found.counterexample is not None
    rungs = ladder(get(loss), 7)
    assert len(found.counterexample.call) == effort(get(loss), rungs[0])[1]


def test_the_same_seed_finds_the_same_input(monkeypatch: pytest.MonkeyPatch) -> None:
    # However slow the machine is: what bounds the search is then the number of its questions alone.
    monkeypatch.setattr("grader.checks.counterexample.SECONDS", 60)
    calls = [finding("clip", "scale_ignored.py", "value").counterexample for _time in range(2)]
    assert calls[0] == calls[1]


@pytest.mark.parametrize("check", ["value", "stability"])
@pytest.mark.parametrize("loss", ids())
def test_inputs_are_named_in_the_language_in_force(loss: str, check: str) -> None:
    before = language()
    set_language("ko")
    try:
        words = re.findall("[a-z]{3,}", finding(loss, "sign_flipped.py", check).message)
    finally:
        set_language(before)
    assert set(words) <= {"float"}

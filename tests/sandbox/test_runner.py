"""Calling a submission: what its answer says, whatever it returns, raises or leaves behind."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from runner_calls import answer_of, probabilities, runner_of, targets

from grader.calls import Argument, Batch, Call, Location

SQUARE = "def f(x):\n  return (x * x).sum()"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("strided", [False, True])
@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3)])
def test_value_and_gradient_come_back_in_the_arguments_dtype(dtype: str, strided: bool, shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(1).normal(size=shape).astype(dtype)
    answer = answer_of(SQUARE, Argument(x, requires_grad=True, strided=strided))
    (gradient,) = answer.gradients
    assert answer.value is not None
    assert gradient is not None
    assert (answer.dtype, answer.value.dtype, gradient.dtype) == (dtype, dtype, dtype)
    assert answer.value == pytest.approx((x * x).sum(), rel=1e-6)
    np.testing.assert_array_equal(gradient, 2 * x)
    assert (answer.returned, answer.device, answer.attached) == ("Tensor", "cpu", True)


def test_a_strided_argument_is_a_view_with_gaps() -> None:
    answer = answer_of(
        "def f(x):\n  assert not x.is_contiguous() and x.is_leaf and x.stride() == (7, 2)\n  return x.sum()",
        Argument(np.ones((2, 3)), requires_grad=True, strided=True),
    )
    assert (answer.raised, answer.value) == (None, 6.0)


def test_floats_and_none_arrive_as_they_are_and_have_no_gradient() -> None:
    text = "def f(x, scale, nothing):\n  assert type(scale) is float and nothing is None\n  return x.sum() * scale"
    answer = answer_of(text, probabilities(), Argument(2.0), Argument(None))
    assert answer.value == pytest.approx(4.0)
    assert [gradient is None for gradient in answer.gradients] == [False, True, True]


@pytest.mark.parametrize(
    ("expression", "returned", "dtype", "value"),
    [
        ("1.5", "float", "float32", None),
        ("None", "NoneType", "float32", None),
        ("(x.sum(), x)", "tuple", "float32", None),
        ("x.detach().numpy().sum()", "float64", "float32", None),
        ("torch.nn.Parameter(torch.tensor(2.0))", "Parameter", "float32", 2.0),
        ("torch.tensor(3)", "Tensor", "int64", 3),
        ("torch.tensor(True)", "Tensor", "bool", True),
        ("torch.tensor(0.5, dtype=torch.bfloat16)", "Tensor", "bfloat16", 0.5),
        ("torch.tensor(0.5, dtype=torch.float16)", "Tensor", "float16", 0.5),
        ("torch.tensor(float('nan'))", "Tensor", "float32", float("nan")),
        ("torch.zeros(2).to_sparse()", "Tensor (sparse_coo)", "float32", None),
        ("torch.zeros((), device='meta')", "Tensor (meta)", "float32", None),
        ("torch.tensor(1j)", "Tensor (complex64)", "complex64", None),
        ("torch.zeros(1, 1).expand(10**5, 10**5)", "Tensor of shape (100000, 100000)", "float32", None),
    ],
)
def test_whatever_is_returned_is_named(expression: str, returned: str, dtype: str, value: float | None) -> None:
    answer = answer_of(f"import torch\ndef f(x):\n  return {expression}", probabilities())
    assert answer.raised is None
    assert answer.returned == returned
    if answer.value is None:
        assert value is None
    else:
        assert answer.dtype == dtype
        np.testing.assert_array_equal(answer.value, value)


@pytest.mark.parametrize(
    ("expression", "attached", "arrived"),
    [
        ("(x * y).sum()", True, (True, True)),
        ("(x.detach() * y).sum()", True, (False, True)),
        ("(x * y).sum().detach()", False, ()),
        ("torch.tensor((x * y).sum().item())", False, ()),
        ("torch.nn.Parameter(torch.ones(())) * 2", True, (False, False)),
    ],
)
def test_ways_to_lose_a_gradient_are_told_apart(expression: str, attached: bool, arrived: tuple[bool, ...]) -> None:
    answer = answer_of(f"import torch\ndef f(x, y):\n  return {expression}", probabilities(), probabilities())
    assert answer.attached == attached
    assert tuple(gradient is not None for gradient in answer.gradients) == arrived


def test_an_exception_is_told_with_the_submissions_own_line() -> None:
    answer = answer_of("import torch\ndef g(x):\n  return torch.cat(x, 0)\ndef f(x):\n  return g(x)", probabilities())
    assert answer.raised is not None
    assert answer.raised.type == "TypeError"
    assert answer.raised.where == Location("a.py", 3, "return torch.cat(x, 0)")
    assert answer.value is None


def test_an_exception_in_backward_is_told_apart() -> None:
    answer = answer_of(
        "import torch\nclass S(torch.autograd.Function):\n"
        "  @staticmethod\n  def forward(ctx, x): return x.sum()\n"
        "  @staticmethod\n  def backward(ctx, g): raise ValueError('no')\n"
        "def f(x): return S.apply(x)",
        probabilities(),
    )
    assert answer.raised is None
    assert answer.backward_raised is not None
    assert (answer.backward_raised.type, answer.backward_raised.message) == ("ValueError", "no")
    assert answer.backward_raised.where == Location("a.py", 6, "def backward(ctx, g): raise ValueError('no')")


@pytest.mark.parametrize("error", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException", "MemoryError"])
def test_no_exception_of_a_call_gets_out(error: str) -> None:
    answer = answer_of(f"def f(x): raise {error}", probabilities())
    assert answer.raised is not None
    assert answer.raised.type == error


@pytest.mark.parametrize(
    "setting",
    [
        "torch.set_grad_enabled(False)",
        "torch.set_default_dtype(torch.float64)",
        "torch.set_default_device('meta')",
        "torch.autograd.set_detect_anomaly(True)",
        "torch.set_float32_matmul_precision('medium')",
    ],
)
def test_a_setting_left_behind_does_not_reach_the_next_call(setting: str) -> None:
    runner, _ = runner_of(
        "import torch\ndef f(x):\n"
        "  a = torch.is_grad_enabled() and not torch.is_anomaly_enabled()\n"
        "  a = a and torch.get_float32_matmul_precision() == 'highest'\n"
        "  a = a and torch.ones(1).dtype == torch.float32 and torch.ones(1).device.type == 'cpu'\n"
        "  loss = x.sum() * a\n"
        f"  {setting}\n  return loss"
    )
    try:
        answers = runner.run(Batch((Call((probabilities(),), 1.0),) * 3))
    finally:
        runner_of(SQUARE)[0].run(Batch((Call((probabilities(),)),)))
    assert [float(answer.value) for answer in answers if answer.value is not None] == pytest.approx([2.0] * 3)
    assert all(answer.gradients[0] is not None for answer in answers)


def test_patched_torch_does_not_change_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("from_numpy", "full", "autograd", "tensor"):
        monkeypatch.setattr(torch, name, None)
    monkeypatch.setattr(np, "array", None)
    answer = answer_of(SQUARE, Argument(np.full(2, 3.0), requires_grad=True))
    assert answer.value == 18.0


def test_a_mode_left_on_for_good_harms_only_its_own_submission() -> None:
    text = (
        "from torch.utils._python_dispatch import TorchDispatchMode\n"
        "class Mode(TorchDispatchMode):\n"
        "  _should_skip_dynamo = classmethod(lambda cls: False)\n"
        "  def __torch_dispatch__(self, *a, **k): raise KeyboardInterrupt\n"
        "mode = Mode()\n"
        "def f(x):\n  mode.__enter__()\n  return x"
    )
    runner, _ = runner_of(text)
    try:
        answers = runner.run(Batch((Call((probabilities(),), 1.0),) * 2))
    finally:
        runner._entry.__globals__["mode"].__exit__(None, None, None)  # type: ignore[union-attr]
    assert [answer.raised and answer.raised.type for answer in answers] == ["KeyboardInterrupt"] * 2


def test_a_lying_subclass_is_read_from_its_storage() -> None:
    answer = answer_of(
        "import torch\n"
        "class Liar(torch.Tensor):\n"
        "  @classmethod\n  def __torch_function__(cls, *a, **k): return 42.0\n"
        "  shape = property(lambda s: (7,))\n  dtype = torch.int8\n  requires_grad = True\n"
        "  def numpy(self): return 42\n  def detach(self): return 42\n  def __eq__(self, other): return True\n"
        "def f(x): return torch.Tensor._make_subclass(Liar, torch.tensor(1.5))",
        probabilities(),
    )
    assert (answer.raised, answer.value, answer.dtype, answer.attached) == (None, 1.5, "float32", False)


def test_repeats_have_fresh_arguments_and_every_value() -> None:
    text = (
        "import torch\ncount = 0\ndef f(x):\n  global count\n  count += 1\n  x.data.add_(1)\n  return x.sum() + count"
    )
    answer = answer_of(text, Argument(np.zeros(2), requires_grad=True), repeats=3)
    assert [float(value) for value in answer.repeated] == [3.0, 4.0, 5.0]
    assert len(answer.seconds) == 3


def test_every_call_is_answered_in_order_and_without_an_entry_too() -> None:
    runner, _ = runner_of(SQUARE)
    calls = tuple(Call((Argument(np.array([float(n)])),)) for n in range(4))
    assert [float(answer.value) for answer in runner.run(Batch(calls)) if answer.value is not None] == [0, 1, 4, 9]
    missing, _ = runner_of("x = 1")
    assert [answer.raised and answer.raised.type for answer in missing.run(Batch(calls))] == ["NameError"] * 4


def test_targets_are_never_differentiated() -> None:
    answer = answer_of("def f(x, y): return (x * y).sum()", probabilities(), targets())
    assert answer.gradients[1] is None

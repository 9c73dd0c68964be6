"""Call an implementation on a loss's inputs and say what is wrong with its answer, by the loss's own tolerances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from grader import losses
from grader.losses.base import Case, Loss, Tolerance, Value

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Answered:
    value: float
    dtype: str
    gradients: tuple[Array | None, ...]
    attached: bool


def rounded(arguments: Sequence[Value], dtype: str) -> tuple[Value, ...]:
    """The arguments as float64 numbers that `dtype` holds exactly."""
    return tuple(
        value.astype(dtype).astype(np.float64) if isinstance(value, np.ndarray) else value for value in arguments
    )


def _tensor(value: Array, dtype: str, wants_gradient: bool, strided: bool) -> Tensor:
    tensor = torch.tensor(value, dtype=getattr(torch, dtype))
    if strided:
        longer = tensor.new_full((*tensor.shape[:-1], 2 * tensor.shape[-1] + 1), torch.nan)
        longer[..., :-1:2] = tensor
        tensor = longer[..., :-1:2]
    return tensor.requires_grad_(wants_gradient)


def ask(
    loss: Loss,
    function: Callable[..., Tensor],
    arguments: Sequence[Value],
    dtype: str,
    strided: Sequence[bool] = (),
) -> Answered:
    """Value and gradients (float64, upstream 1; None where none arrived) of `function` in `dtype`."""
    views = strided or (False,) * len(arguments)
    given = [
        _tensor(value, dtype, parameter.differentiable, view) if isinstance(value, np.ndarray) else value
        for value, parameter, view in zip(arguments, loss.parameters, views, strict=False)
    ]
    result = function(*given)
    if result.requires_grad:
        result.backward()
    gradients = tuple(
        value.grad.numpy().astype(np.float64) if isinstance(value, Tensor) and value.grad is not None else None
        for value in given
    )
    return Answered(float(result.detach()), str(result.dtype).removeprefix("torch."), gradients, result.requires_grad)


@dataclass(frozen=True)
class Expected:
    """One case in one dtype with the float64 reference's answer to the rounded arguments."""

    case: Case
    dtype: str
    arguments: tuple[Value, ...]
    right: Answered
    allowed: Tolerance


def expect(loss: Loss, case: Case, dtype: str) -> Expected:
    arguments = rounded(case.arguments, dtype)
    right = ask(loss, loss.reference, arguments, "float64")
    return Expected(case, dtype, arguments, right, loss.tolerance(arguments, dtype))


def errors(loss: Loss, function: Callable[..., Tensor], expected: Expected) -> dict[str, float]:
    """Distance from the float64 reference in units of the tolerance: `value`, then one entry a compared gradient.

    A wrong dtype, a NaN and a missing gradient are infinitely far away; at ties `subgradient` is 0 or infinite.
    """
    right, allowed = expected.right, expected.allowed
    came = ask(loss, function, expected.arguments, expected.dtype, expected.case.strided)
    found = {"value": _distance(came.value, right.value, allowed.value)}
    if came.dtype != expected.dtype:
        found["dtype"] = np.inf
    if not expected.case.compare_gradient:
        assert loss.subgradient is not None
        found["subgradient"] = 0.0 if loss.subgradient(expected.arguments, came.gradients) else np.inf
        return found
    for index, wanted in enumerate(right.gradients):
        slack = allowed.gradients[index]
        if wanted is None or slack is None:
            continue
        gradient = came.gradients[index]
        found[loss.parameters[index].name] = np.inf if gradient is None else _distance(gradient, wanted, slack)
    return found


def _distance(came: Array | float, right: Array | float, allowed: Array | float) -> float:
    distance = np.asarray(np.abs(np.asarray(came) - right) / allowed)
    return float(np.where(np.isnan(distance), np.inf, distance).max())


@cache
def all_cases(id: str, seed: int) -> tuple[Expected, ...]:
    """Every case of the loss in each of its dtypes."""
    loss = losses.get(id)
    return tuple(expect(loss, case, dtype) for case in loss.cases(np.random.default_rng(seed)) for dtype in case.dtypes)


def wrong_cases(loss: Loss, function: Callable[..., Tensor], seed: int) -> list[str]:
    """Each case (with dtype) that this implementation does not pass, and where it is off."""
    return [
        f"{expected.case.name} ({expected.dtype}): {bad}"
        for expected in all_cases(loss.id, seed)
        if (bad := {part: far for part, far in errors(loss, function, expected).items() if not far <= 1})
    ]


def wrong_probes(loss: Loss, function: Callable[..., Tensor]) -> list[str]:
    """Each probe (with dtype) that this implementation does not pass."""
    found = []
    for probe in loss.probes():
        for dtype in probe.dtypes:
            came = ask(loss, function, rounded(probe.arguments, dtype), dtype)
            if not probe.accepts_value(came.value):
                found.append(f"{probe.name} ({dtype}): {came.value}, want {probe.expected}")
            if not probe.accepts_gradients(came.gradients):
                found.append(f"{probe.name} ({dtype}): {came.gradients}, want {probe.expected_gradients}")
    return found

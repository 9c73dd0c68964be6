"""Call an implementation on a loss's inputs and say what is wrong with its answer, by the loss's own tolerances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from grader.losses.base import Case, Loss, Value

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


def ask(loss: Loss, function: Callable[..., Tensor], arguments: Sequence[Value], dtype: str) -> Answered:
    """Value and gradients (float64, upstream 1; None where none arrived) of `function` in `dtype`."""
    given = [
        torch.tensor(value, dtype=getattr(torch, dtype), requires_grad=parameter.differentiable)
        if isinstance(value, np.ndarray)
        else value
        for value, parameter in zip(arguments, loss.parameters, strict=False)
    ]
    result = function(*given)
    if result.requires_grad:
        result.backward()
    gradients = tuple(
        value.grad.numpy().astype(np.float64) if isinstance(value, Tensor) and value.grad is not None else None
        for value in given
    )
    return Answered(float(result.detach()), str(result.dtype).removeprefix("torch."), gradients, result.requires_grad)


def errors(loss: Loss, function: Callable[..., Tensor], case: Case, dtype: str) -> dict[str, float]:
    """Distance from the float64 reference in units of the tolerance: `value`, then one entry a compared gradient.

    A wrong dtype, a NaN and a missing gradient are infinitely far away; at ties `subgradient` is 0 or infinite.
    """
    arguments = rounded(case.arguments, dtype)
    right = ask(loss, loss.reference, arguments, "float64")
    came = ask(loss, function, arguments, dtype)
    allowed = loss.tolerance(arguments, dtype)
    found = {"value": _distance(came.value, right.value, allowed.value)}
    if came.dtype != dtype:
        found["dtype"] = np.inf
    if not case.compare_gradient:
        assert loss.subgradient is not None
        found["subgradient"] = 0.0 if loss.subgradient(arguments, came.gradients) else np.inf
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


def all_cases(loss: Loss, seed: int) -> list[tuple[Case, str]]:
    return [(case, dtype) for case in loss.cases(np.random.default_rng(seed)) for dtype in case.dtypes]


def wrong_cases(loss: Loss, function: Callable[..., Tensor], seed: int) -> list[str]:
    """Each case (with dtype) that this implementation does not pass, and where it is off."""
    return [
        f"{case.name} ({dtype}): {bad}"
        for case, dtype in all_cases(loss, seed)
        if (bad := {part: far for part, far in errors(loss, function, case, dtype).items() if not far <= 1})
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

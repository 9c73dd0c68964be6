"""What a right submission answers: the reference's values and gradients in float64, made once a loss and seed.

A float32 case is the float64 case with its arrays rounded; its reference sees the rounded numbers, so that a submission
is never charged with the rounding of its input.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch

from grader.calls import Argument, Array, Call
from grader.losses.base import Case, Loss, Tolerance, Value

SMALL = 120
"""How many numbers an input may have to be asked for again by a check that does not need a large one."""


@dataclass(frozen=True)
class Expected:
    """One case in one dtype with its right answer."""

    case: Case
    dtype: str
    arguments: tuple[Value, ...]
    """Arrays in `dtype`."""
    value: float
    gradients: tuple[Array | None, ...]
    """Of upstream × loss with respect to each argument, float64; None where none is compared."""
    tolerance: Tolerance
    """Of the value, and of the gradients for upstream 1."""
    upstream: float

    def call(self, *, backward: bool) -> Call:
        """The call that asks for this answer."""
        strided = self.case.strided or (False,) * len(self.arguments)
        arguments = tuple(
            Argument(value, requires_grad=backward and gradient is not None, strided=view)
            for value, gradient, view in zip(self.arguments, self.gradients, strided, strict=True)
        )
        return Call(arguments, upstream=self.upstream if backward else None)


def rounded(arguments: Sequence[Value], dtype: str) -> tuple[Value, ...]:
    """The same arguments with every array in `dtype`; floats and None as they are."""
    return tuple(value.astype(dtype) if isinstance(value, np.ndarray) else value for value in arguments)


def sample(expected: Sequence[Expected], count: int) -> list[Expected]:
    """A few of the cases, spread over all of them and over both dtypes; large ones only ask for time."""
    small = [one for one in expected if _numbers(one.arguments) <= SMALL]
    step = max(1, len(small) // count)
    return small[:: step if step % 2 else step + 1][:count]


def _numbers(arguments: Sequence[Value]) -> int:
    return sum(value.size for value in arguments if isinstance(value, np.ndarray))


def differentiable(loss: Loss, arguments: Sequence[Value]) -> tuple[bool, ...]:
    """Which of these arguments the contract wants a gradient for: its differentiable parameters given as tensors."""
    return tuple(
        parameter.differentiable and isinstance(value, np.ndarray)
        for parameter, value in zip(loss.parameters, arguments, strict=False)
    )


def evaluate(
    function: Callable[..., torch.Tensor], arguments: Sequence[Value], wants: Sequence[bool], upstream: float = 1.0
) -> tuple[float, tuple[Array | None, ...]]:
    """A trusted function's value and gradients in float64.

    Args:
        function: a reference or a known mistake, in the loss's signature.
        arguments: arrays of any floating dtype (taken up to float64), floats or None.
        wants: for which of them a gradient is wanted.
        upstream: what the gradient is multiplied with.

    Returns:
        The value and, for each argument, its gradient as a float64 array or None; zeros where the graph does not
        reach it.
    """
    with torch.enable_grad():
        given: list[Any] = [
            torch.tensor(value, dtype=torch.float64, requires_grad=want) if isinstance(value, np.ndarray) else value
            for value, want in zip(arguments, wants, strict=True)
        ]
        result = function(*given)
        leaves = [tensor for tensor, want in zip(given, wants, strict=True) if want]
        found = iter(
            # Not as grad_outputs: given those, torch imports sympy (0.7 s) to compare their shapes.
            torch.autograd.grad(result * upstream, leaves, allow_unused=True)
            if leaves and result.requires_grad
            else [None] * len(leaves)
        )
    gradients: list[Array | None] = []
    for tensor, want in zip(given, wants, strict=True):
        if not want:
            gradients.append(None)
            continue
        gradient = next(found)
        gradients.append(np.zeros(tuple(tensor.shape)) if gradient is None else gradient.numpy())
    return float(result.detach()), tuple(gradients)


def expect(loss: Loss, case: Case, dtype: str, upstream: float = 1.0) -> Expected:
    """The right answer to one case in one dtype."""
    arguments = rounded(case.arguments, dtype)
    value, gradients = evaluate(loss.reference, arguments, differentiable(loss, arguments), upstream)
    return Expected(case, dtype, arguments, value, gradients, loss.tolerance(arguments, dtype), upstream)


@lru_cache(maxsize=64)
def expectations(loss: Loss, seed: int) -> tuple[Expected, ...]:
    """Every case of the loss in each of its dtypes, with its right answer; the same for every submission of a run."""
    draw = np.random.default_rng([seed, 1])
    upstreams = np.random.default_rng([seed, 2])
    return tuple(
        expect(loss, case, dtype, float(upstreams.uniform(0.5, 2.0) * upstreams.choice([-1.0, 1.0])))
        for case in loss.cases(draw)
        for dtype in case.dtypes
    )

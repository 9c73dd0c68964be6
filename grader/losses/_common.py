"""What several losses share: machine precision, verdicts on gradients, and the mistakes that fit any loss."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grader.losses.base import Array, Mistake, Value

EPS = {"float64": float(np.finfo(np.float64).eps), "float32": float(np.finfo(np.float32).eps)}
"""Spacing of the floating numbers at 1, by dtype name."""

Implementation = Callable[..., Tensor]


def float64(value: Value) -> Array:
    """The argument's numbers in float64, whatever it came as (an array or a float, never None)."""
    return np.asarray(value, dtype=np.float64)


def between_float32(rng: np.random.Generator, low: float, high: float, shape: tuple[int, ...]) -> Array:
    """Float64 numbers in [low, high], each 0.49 of a gap above a float32 number, so that float32 rounds all downwards.

    A computation in float32 then errs in one direction in every element, by nearly the largest possible amount:
    averaging cannot hide it, whatever was drawn.
    """
    below = rng.uniform(low, high, shape).astype(np.float32)
    gap = np.nextafter(below, np.float32(np.inf)).astype(np.float64) - below.astype(np.float64)
    return np.asarray(below.astype(np.float64) + 0.49 * gap)


def no_nan(gradients: Sequence[Array | None]) -> bool:
    """No gradient that arrived has a NaN in it; infinite ones are allowed."""
    return not any(gradient is not None and bool(np.isnan(gradient).any()) for gradient in gradients)


def all_finite(gradients: Sequence[Array | None]) -> bool:
    """Every gradient that arrived is finite throughout."""
    return all(gradient is None or bool(np.isfinite(gradient).all()) for gradient in gradients)


def any_gradient(gradients: Sequence[Array | None]) -> bool:
    """Nothing is asked of the gradients."""
    return True


def within(low: float, high: float) -> Callable[[float], bool]:
    """Accepts a finite value in [low, high]; NaN is in no interval."""
    return lambda value: bool(low <= value <= high)


def is_finite(value: float) -> bool:
    """Accepts any finite value."""
    return math.isfinite(value)


def fitted(
    family: Callable[[float], Implementation], arguments: Sequence[Value], value: float, low: float, high: float
) -> list[Implementation]:
    """The members of a family of functions whose number, between `low` and `high`, gives `value` for `arguments`.

    Brackets by a grid and bisects, in the logarithm of the number; a family that is flat somewhere has none there.
    """
    tensors = [torch.as_tensor(float64(argument)) for argument in arguments]

    def beyond(logarithm: float) -> bool:
        return float(family(math.exp(logarithm))(*tensors)) > value

    grid = np.linspace(math.log(low), math.log(high), 64)
    found = []
    with torch.no_grad():
        sides = [beyond(logarithm) for logarithm in grid]
        for left, right, side, other in zip(grid, grid[1:], sides, sides[1:], strict=False):
            if side == other:
                continue
            for _step in range(52):
                middle = (left + right) / 2
                left, right = (middle, right) if beyond(middle) == side else (left, middle)
            found.append(family(math.exp((left + right) / 2)))
    return found


def sign_flipped(right: Implementation, formula: str) -> Mistake:
    def negated(*arguments: Any) -> Tensor:
        """The minus sign is missing (or there twice): minimising it drives the model to the worst answer."""
        return -right(*arguments)

    return Mistake(
        id="sign-flipped",
        message={
            "ko": f"부호가 반대입니다: 모든 값이 정답의 −1배로 나옵니다. 정의는 {formula} 이고, 손실은 예측이 "
            "나쁠수록 커져야 합니다.",
            "en": "The sign is the other way round: every value is −1 times the right one. The definition is "
            f"{formula}, "
            "and a loss has to grow as the prediction gets worse.",
        },
        variants=(negated,),
    )


def log_base(right: Implementation, base: int, formula: str) -> Mistake:
    def other_base(*arguments: Any) -> Tensor:
        """The logarithm has the wrong base, so every value is too small by the factor ln(base)."""
        return right(*arguments) / math.log(base)

    unit = {2: "log₂", 10: "log₁₀"}[base]
    return Mistake(
        id=f"log-base-{base}",
        message={
            "ko": f"자연로그 대신 {unit} 를 쓴 것과 같은 값입니다 ({unit} x = ln x / ln {base}). 정의 {formula} 의 "
            "log 는 자연로그입니다.",
            "en": f"The values are those of {unit} in place of the natural logarithm ({unit} x = ln x / ln {base}). "
            f"In the definition {formula}, log is the natural one.",
        },
        variants=(other_base,),
    )


def constant_answer() -> Mistake:
    """No variants: which number comes back is anyone's choice, so it is recognised by its sameness alone."""
    return Mistake(
        id="constant-answer",
        message={
            "ko": "입력이 달라져도 늘 같은 수가 나옵니다. 손실 L(입력)은 입력의 함수여야 하니, 계산이 인자들에서 "
            "시작하는지 보세요.",
            "en": "The same number comes back whatever the input is. A loss L(input) is a function of its input, so "
            "see "
            "whether the computation starts from the arguments.",
        },
        variants=(),
    )


def detached_graph(right: Implementation, differentiable: tuple[int, ...]) -> Mistake:
    """Right values, but the gradient of some of the `differentiable` arguments (by position) does not arrive."""

    def result_detached(*arguments: Any) -> Tensor:
        """The result is cut from the graph (`.item()`, `.detach()`, a trip through numpy): no argument learns."""
        return right(*arguments).detach()

    def fresh_leaf(*arguments: Any) -> Tensor:
        """The number is wrapped in a new tensor that asks for a gradient, but hangs on nothing."""
        return right(*arguments).detach().requires_grad_()

    def without(position: int) -> Implementation:
        def argument_detached(*arguments: Any) -> Tensor:
            """One argument is cut from the graph before it is used: it never learns, though the value is right."""
            cut = [
                argument.detach() if index == position and isinstance(argument, Tensor) else argument
                for index, argument in enumerate(arguments)
            ]
            return right(*cut)

        return argument_detached

    def all_but(position: int) -> Implementation:
        def others_detached(*arguments: Any) -> Tensor:
            """Every argument but one is cut from the graph."""
            cut = [
                argument.detach() if index != position and isinstance(argument, Tensor) else argument
                for index, argument in enumerate(arguments)
            ]
            return right(*cut)

        return others_detached

    partial: list[Implementation] = []
    if len(differentiable) > 1:
        partial += [without(position) for position in differentiable]
    if len(differentiable) > 2:
        partial += [all_but(position) for position in differentiable]
    return Mistake(
        id="detached-graph",
        message={
            "ko": "값은 맞지만 기울기 ∂L/∂x 가 인자까지 전해지지 않습니다. 입력에서 결과까지의 계산이 모두 텐서 "
            "연산으로 이어져야 "
            "autograd 가 거꾸로 따라갈 수 있습니다.",
            "en": "The values are right, but the gradient ∂L/∂x does not reach every argument that needs one. From "
            "the inputs "
            "to the result everything has to stay a tensor operation, or autograd cannot walk it back.",
        },
        variants=(result_detached, fresh_leaf, *partial),
    )


def lower_precision(right: Implementation) -> Mistake:
    def narrowed(*arguments: Any) -> list[Any]:
        return [
            argument.to(torch.float32) if isinstance(argument, Tensor) and argument.is_floating_point() else argument
            for argument in arguments
        ]

    def returns_float32(*arguments: Any) -> Tensor:
        """float64 arguments are made float32 first, and so is the answer."""
        return right(*narrowed(*arguments))

    def casts_back(*arguments: Any) -> Tensor:
        """float64 arguments are made float32 first; the answer is called float64, but half of its digits are gone."""
        dtype = next(argument.dtype for argument in arguments if isinstance(argument, Tensor))
        return right(*narrowed(*arguments)).to(dtype)

    return Mistake(
        id="lower-precision",
        message={
            "ko": "float64 를 받아도 float32 로 계산합니다: 상대 오차가 2⁻⁵³ ≈ 1.1e-16 이 아니라 2⁻²⁴ ≈ 6e-8 "
            "수준입니다. "
            "입력의 dtype 을 그대로 지켜서 계산하세요.",
            "en": "It computes in float32 although it was given float64: the relative error is of the size 2⁻²⁴ ≈ "
            "6e-8 and not "
            "2⁻⁵³ ≈ 1.1e-16. Stay in the dtype that came in.",
        },
        variants=(returns_float32, casts_back),
    )

"""What known mistakes answer on the inputs of a diagnosis: worked out once a run, whoever is diagnosed."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch

from grader.calls import Array
from grader.checks.expected import Expected, evaluate, expect, expectations
from grader.losses.base import Loss, Mistake

Function = Callable[..., torch.Tensor]

UPSTREAM = 1.5
"""What the gradients of the fresh inputs are multiplied with."""
UNDEFINED = (RuntimeError, ValueError, IndexError, TypeError, ArithmeticError)
"""What a wrong implementation raises on an input that it is not defined on."""


@dataclass(frozen=True)
class Known:
    """A wrong implementation's value and its gradients (float64, under the case's upstream) on one input.

    NaN and no gradients where it raises: there it explains no number.
    """

    value: float
    gradients: tuple[Array | None, ...]

    def scaled(self, factor: float) -> Known:
        """The same multiplied with a number."""
        gradients = tuple(None if gradient is None else factor * gradient for gradient in self.gradients)
        return Known(factor * self.value, gradients)


class KnownAnswers:
    """The inputs of a diagnosis, and what each known mistake answers on them, as far as anybody asked."""

    def __init__(self, loss: Loss, seed: int) -> None:
        draw = np.random.default_rng([seed, 4])
        fresh = [expect(loss, case, dtype, UPSTREAM) for case in loss.diagnostic(draw) for dtype in case.dtypes]
        self.expected: tuple[Expected, ...] = (*fresh, *expectations(loss, seed))
        self._answers: dict[tuple[Function, int], Known] = {}
        self._applicable: dict[str, frozenset[int]] = {}

    def of(self, function: Function, index: int) -> Known:
        """What the function answers on one input."""
        key = (function, index)
        if key not in self._answers:
            self._answers[key] = _known(function, self.expected[index])
        return self._answers[key]

    def once(self, function: Function, index: int) -> Known:
        """The same of a function made for one submission, which nobody will ask for again."""
        return _known(function, self.expected[index])

    def ratio(self, factor: Function, index: int) -> float:
        """What the function multiplies the right value with; NaN where that is 0."""
        right = self.expected[index].value
        return self.of(factor, index).value / right if right else float("nan")

    def applicable(self, mistake: Mistake) -> frozenset[int]:
        """The inputs on which the mistake says what comes out."""
        if mistake.id not in self._applicable:
            self._applicable[mistake.id] = frozenset(
                index for index, one in enumerate(self.expected) if mistake.applies(one.arguments)
            )
        return self._applicable[mistake.id]


@lru_cache(maxsize=16)
def known_answers(loss: Loss, seed: int) -> KnownAnswers:
    """The same for every submission of a run."""
    return KnownAnswers(loss, seed)


def _known(function: Function, one: Expected) -> Known:
    wants = [gradient is not None for gradient in one.gradients]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return Known(*evaluate(function, one.arguments, wants, one.upstream))
        except UNDEFINED:
            return Known(float("nan"), tuple(None for _ in one.gradients))

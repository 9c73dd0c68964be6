"""Judges the corpus of clip and emd by oracles of its own, apart from the grader; loading is `probability_corpus`'s.

A fault is named for the check that has to find it. What only an accelerator or the source can show is not seen here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from probability_corpus import DTYPES, quiet

Arguments = tuple[Any, ...]
"""Float64 tensors, Python floats and None."""
Entry = Callable[..., Any]
Fault = tuple[str, str]

EPSILON = {torch.float64: 1e-11, torch.float32: 4e-6}


@dataclass(frozen=True)
class Case:
    """One call: what it is called in messages, its arguments, and which check has to see it go wrong."""

    name: str
    arguments: Arguments
    check: str = "value"
    ties: bool = False
    """Any finite gradient is right."""


@dataclass(frozen=True)
class Oracle:
    """What a right answer is: a float64 function, the size a tolerance is taken of, which arguments need a gradient."""

    value: Callable[..., torch.Tensor]
    size: Callable[[Arguments], float]
    differentiable: frozenset[int]
    cases: Sequence[Case]
    misfits: Sequence[Case]


def cast(arguments: Arguments, dtype: torch.dtype) -> list[Any]:
    """Copies in one dtype, strides kept."""
    options = {"dtype": dtype, "memory_format": torch.preserve_format, "copy": True}
    return [value.detach().to(**options) if torch.is_tensor(value) else value for value in arguments]


def faults(function: Entry, oracle: Oracle) -> dict[str, str]:
    """The first fault of each check; empty for a right answer."""
    found: dict[str, str] = {}
    torch.set_num_threads(1)  # tiny tensors: a second thread only waits
    with quiet():
        for dtype in DTYPES:
            for case in oracle.cases:
                for check, fault in (*_value(function, oracle, case, dtype), *_gradient(function, oracle, case, dtype)):
                    found.setdefault(check, f"{case.name} in {dtype}: {fault}")
            for case in oracle.cases[:6]:
                for fault in _purity(function, oracle, case, dtype):
                    found.setdefault("purity", f"{case.name} in {dtype}: {fault}")
            for case in oracle.misfits:
                with contextlib.suppress(Exception):
                    found.setdefault("shapes", f"{case.name} in {dtype} gives {function(*cast(case.arguments, dtype))}")
    return found


def answer(function: Entry, arguments: list[Any]) -> tuple[torch.Tensor | None, str]:
    try:
        loss = function(*arguments)
    except Exception as error:
        return None, f"raises {error!r}"
    if not torch.is_tensor(loss):
        return None, f"returns {type(loss).__name__}"
    if loss.dim() or loss.dtype != arguments[0].dtype:
        return None, f"returns {tuple(loss.shape)} {loss.dtype}"
    return loss, ""


def _double(arguments: Sequence[Any]) -> list[Any]:
    return [argument.detach().double() if torch.is_tensor(argument) else argument for argument in arguments]


def _value(function: Entry, oracle: Oracle, case: Case, dtype: torch.dtype) -> Iterator[Fault]:
    arguments = cast(case.arguments, dtype)
    expected = float(oracle.value(*_double(arguments)))
    loss, fault = answer(function, arguments)
    if loss is None:
        yield case.check, fault
    elif not abs(float(loss) - expected) <= EPSILON[dtype] * oracle.size(case.arguments):
        yield case.check, f"expected {expected}, got {float(loss)}"


def _gradient(function: Entry, oracle: Oracle, case: Case, dtype: torch.dtype) -> Iterator[Fault]:
    check = "gradient" if case.check == "value" else case.check
    upstream = -1.75
    arguments = cast(case.arguments, dtype)
    doubles = _double(arguments)
    wanted = [index for index in sorted(oracle.differentiable) if torch.is_tensor(arguments[index])]
    for index in wanted:
        arguments[index].requires_grad_()
        doubles[index].requires_grad_()
    expected = torch.autograd.grad(oracle.value(*doubles) * upstream, [doubles[index] for index in wanted])
    loss, fault = answer(function, arguments)
    if loss is None:
        yield check, fault
        return
    try:
        loss.backward(torch.tensor(upstream, dtype=dtype))
    except Exception as error:
        yield check, f"backward raises {error!r}"
        return
    for index, right in zip(wanted, expected, strict=True):
        got = arguments[index].grad
        if got is None:
            yield check, f"no gradient reaches argument {index}"
        elif got.isnan().any():
            yield check, f"the gradient of argument {index} is NaN"
        elif not case.ties and case.check == "value":
            off = float((got.double() - right).abs().max())
            scale = max(float(right.abs().max()), 0.01)
            if not off <= (1e-8 if dtype == torch.float64 else 2e-3) * scale:
                yield check, f"the gradient of argument {index} is off by {off}"


def _purity(function: Entry, oracle: Oracle, case: Case, dtype: torch.dtype) -> Iterator[str]:
    for wants_gradient in (False, True):
        arguments = cast(case.arguments, dtype)
        tensors = {index: argument for index, argument in enumerate(arguments) if torch.is_tensor(argument)}
        for index in oracle.differentiable & set(tensors):
            tensors[index].requires_grad_(wants_gradient)
        before = {index: tensor.detach().clone() for index, tensor in tensors.items()}
        answers = [answer(function, arguments)[0] for _ in range(2)]
        for index, tensor in tensors.items():
            if not torch.equal(tensor, before[index]):
                yield f"changes argument {index}"
            if tensor.requires_grad != (wants_gradient and index in oracle.differentiable):
                yield f"sets requires_grad of argument {index}"
            if tensor.grad is not None or tensor._backward_hooks:
                yield f"leaves a gradient or a hook on argument {index}"
        if None not in answers and not torch.allclose(*answers, rtol=0, atol=0, equal_nan=True):
            yield f"gives {float(answers[0])}, then {float(answers[1])}"

"""What a loss of the catalogue is: the one shape that every file of this room fills in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    # For annotations only: the catalogue's words are read without paying for torch.
    from torch import Tensor

Array = NDArray[Any]
Value = Array | float | None
"""One argument as data: an array (made into a tensor of the case's dtype), a Python float, or None."""
Text = Mapping[str, str]
"""A sentence in each language, `{"ko": …, "en": …}`: content that belongs to a loss; messages go through gettext."""


@dataclass(frozen=True)
class Parameter:
    """One positional parameter of the entry."""

    name: str
    shape: str
    """As in the contract: `(N, D)`."""
    meaning: Text
    differentiable: bool
    optional: bool = False


@dataclass(frozen=True)
class Tolerance:
    """How far a right answer may be from the float64 reference on one case, absolute, derived from its conditioning."""

    value: float
    gradients: tuple[Array | float | None, ...]
    """One for each argument (elementwise array or one number); None where no gradient is compared."""


@dataclass(frozen=True)
class Case:
    """One input. Arrays are float64; a float32 case is the same arrays rounded, and the reference sees the rounded "
    "ones."""

    name: str
    """Short, for people and for `-k`: `ties`, `n≠m`, `soft targets`."""
    arguments: tuple[Value, ...]
    strided: tuple[bool, ...] = ()
    """Which arguments are to be non-contiguous views; empty: none."""
    compare_gradient: bool = True
    """False where the gradient is not unique (ties of EMD): it is then only bounded by `Loss.subgradient`."""
    dtypes: tuple[str, ...] = ("float64", "float32")


@dataclass(frozen=True)
class Probe:
    """One constructed input of the stability check, with what the contract allows there."""

    name: str
    arguments: tuple[Value, ...]
    accepts_value: Callable[[float], bool]
    """Given the (finite or not) value that came."""
    expected: str
    """For the message: `at most 1e-6`, `between 15 and 120`, `12.5 ± 1e-3`."""
    accepts_gradients: Callable[[Sequence[Array | None]], bool]
    """Given one gradient (or None) for each argument, upstream 1."""
    expected_gradients: str
    dtypes: tuple[str, ...] = ("float64", "float32")


@dataclass(frozen=True)
class BadCall:
    """Arguments that do not fit together and have to raise."""

    name: str
    arguments: tuple[Value, ...]


@dataclass(frozen=True)
class Mistake:
    """A known mistake: short wrong implementations whose docstrings say, for the code's reader, what is wrong in "
    "them."""

    id: str
    message: Text
    """Two sentences with the formula: what the submission does, what the definition says. Never the code."""
    variants: tuple[Callable[..., Tensor], ...]
    """Wrong implementations, in the entry's own signature, that are all this one mistake (the epsilon, the base …)."""
    applies: Callable[[tuple[Value, ...]], bool] = lambda arguments: True
    """Whether the mistake is defined on (and told apart by) these arguments."""
    fitted: Callable[[tuple[Value, ...], float], Sequence[Callable[..., Tensor]]] | None = None
    """More of the implementations, for a mistake with a number of anyone's choice in it (an epsilon): those that give
    this value for these arguments."""


@dataclass(frozen=True, eq=False)
class Loss:
    """One loss: what a member reads, what the grader compares with, and the mistakes people make."""

    id: str
    entry: str
    """The name of the function that a submission defines (`clip_loss` for the loss `clip`)."""
    title: Text
    summary: Text
    """One line for the catalogue."""
    difficulty: int
    """1 easy … 3 hard."""
    parameters: tuple[Parameter, ...]
    formula: str
    """LaTeX, without delimiters."""
    rules: tuple[Text, ...]
    """What the contract demands, one sentence each, for the stub."""
    example: str
    """A doctest-like call with its value, for the stub."""
    sources: tuple[str, ...]
    reference: Callable[..., Tensor]
    """Right by the contract in any floating dtype, differentiable, from primitives; it is graded like a submission."""
    cases: Callable[[np.random.Generator], Sequence[Case]]
    """Drawn and constructed cases for value and gradient; at most about 24, small, each there for a reason."""
    large: Callable[[np.random.Generator, int], tuple[Value, ...]]
    """An input of size `n` for time and memory (rows or elements as the loss has it)."""
    sizes: tuple[int, ...]
    """Sizes for `large`, growing by a constant factor, at which the reference stays under some 20 ms."""
    probes: Callable[[], Sequence[Probe]]
    bad_calls: Callable[[], Sequence[BadCall]]
    diagnostic: Callable[[np.random.Generator], Sequence[Case]]
    """Inputs on which no two mistakes of `mistakes` agree, away from every edge; at least six."""
    tolerance: Callable[[tuple[Value, ...], str], Tolerance]
    """Of a right answer in a dtype (`float64`, `float32`) on arguments already rounded to that dtype."""
    mistakes: tuple[Mistake, ...]
    shrink: Callable[..., Any] | None = None
    """A Hypothesis strategy for small arguments (a tuple of Values), simplest first, for counterexamples."""
    subgradient: Callable[[tuple[Value, ...], Sequence[Array | None]], bool] | None = None
    """Where gradients are not unique: whether these are finite and within the bounds of a subgradient."""

"""What is asked of a submission and what it answers: plain data, numpy arrays and text, no torch and no losses.

Both sides of the sandbox and every check speak these types, so this module imports nothing of the project.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Cell:
    """One piece of source that is compiled on its own: a whole `.py` file, or one code cell of a notebook."""

    name: str
    """What messages call it: the file's name, or `cell 3` for the third code cell of a notebook."""
    source: str


@dataclass(frozen=True)
class Source:
    """A submission as text: its cells in file order. `notebook` cells go on after one of them raised."""

    file: str
    """The file as its user named it."""
    sha256: str
    cells: tuple[Cell, ...]
    notebook: bool = False


@dataclass(frozen=True)
class Argument:
    """One positional argument: a float32 or float64 array (made into a tensor), a Python float, or None."""

    value: Array | float | None
    requires_grad: bool = False
    strided: bool = False
    """The tensor is a non-contiguous view (every second element of a longer buffer along the last axis)."""


@dataclass(frozen=True)
class Call:
    """One call of the submission's entry. With `upstream`, result.backward(upstream) follows."""

    arguments: tuple[Argument, ...]
    upstream: float | None = None


class Watch(StrEnum):
    """What is observed while a batch runs, besides values and gradients. Each costs time, so each is asked for."""

    PURITY = "purity"
    """Compare arguments before and after (values, requires_grad, .grad, hooks, version): fills `Answer.changed`."""
    ORIGINALITY = "originality"
    """Ready-made losses that run, above dispatch and at dispatch: `Event(kind="ready-made")`."""
    MEMORY = "memory"
    """Peak bytes of tensor storage alive at once during the call, beyond the arguments: fills `Answer.peak_bytes`."""


@dataclass(frozen=True)
class Batch:
    """Calls that go over in one frame and come back in one."""

    calls: tuple[Call, ...]
    device: str = "cpu"
    """`cpu`, `cuda`, `mps` or `sim`."""
    watch: frozenset[Watch] = frozenset()
    repeats: int = 1
    """Each call is made this many times; `Answer.seconds` has each one's time, the rest is the last one's."""


@dataclass(frozen=True)
class Location:
    """Where in the submission: cell name, 1-based line, the line's text."""

    cell: str
    line: int
    text: str = ""
    column: int | None = None


@dataclass(frozen=True)
class Problem:
    """An exception of the submission, as text: the class name, its message, and the submission's own innermost line."""

    type: str
    message: str
    where: Location | None = None


@dataclass(frozen=True)
class Event:
    """Something seen while a call ran: what happened, the function's name, and the submission's line."""

    kind: Literal["ready-made", "wrong-device", "host-sync"]
    name: str
    where: Location | None = None


@dataclass(frozen=True)
class Answer:
    """What one call gave. Arrays are copies in the tensor's own dtype; nothing here is trusted, only compared."""

    value: Array | None = None
    """The returned tensor's values (any shape), or None when no tensor came back or the call raised."""
    dtype: str = "float32"
    """The dtype of the returned tensor, without `torch.`; the array may be wider (bfloat16 comes as float32)."""
    repeated: tuple[Array, ...] = ()
    """With repeats > 1: the value of each call, the last one included (those without a value left out)."""
    returned: str = "Tensor"
    """The class name of what was returned."""
    device: str = "cpu"
    """The device type of the returned tensor."""
    attached: bool = False
    """The result requires a gradient (it hangs on an autograd graph)."""
    gradients: tuple[Array | None, ...] = ()
    """One for each argument; None where none was asked for or none arrived. Empty when no backward ran."""
    raised: Problem | None = None
    """The forward pass raised."""
    backward_raised: Problem | None = None
    changed: tuple[str, ...] = ()
    """`argument 0: values`, `argument 1: requires_grad`, … (with Watch.PURITY)."""
    events: tuple[Event, ...] = ()
    seconds: tuple[float, ...] = ()
    """Of each repeat: forward and, where one ran, backward."""
    peak_bytes: int | None = None


@dataclass(frozen=True)
class Loaded:
    """What running a submission's cells gave, before any call."""

    found: bool
    """The entry exists and is callable."""
    problem: Problem | None = None
    """Why a `.py` file could not be run to its end, or a notebook's cell did not define the entry."""
    names: tuple[str, ...] = ()
    """Public names bound to callables, in the order of their definition, for 'did you mean'."""
    arity: tuple[int, int | None] | None = None
    """Fewest and most positional arguments the entry takes (None: any number), or None when it cannot be told."""
    location: Location | None = None
    """Where the entry is defined, if it can be told."""
    warnings: tuple[Problem, ...] = ()
    """Cells that raised or exited, which stops nothing in a notebook."""


class Ending(StrEnum):
    """How a child ended that did not answer."""

    WALL_CLOCK = "wall-clock"
    CPU = "cpu"
    MEMORY = "memory"
    CRASHED = "crashed"
    EXITED = "exited"
    PROTOCOL = "protocol"
    """A frame that was malformed, too large, or one too many."""


@dataclass(eq=False)
class SubmissionEnded(Exception):
    """The submission's process is gone: no answer to this batch and none to any later one of this session.

    Attributes say which limit was met and what was used, so that the message can name both.
    """

    ending: Ending
    detail: str = ""
    """For people: a signal's name, an exit status, what was wrong with the frame."""
    used: float | None = None
    """Seconds or bytes used, where the ending is a limit."""
    limit: float | None = None

    def __str__(self) -> str:
        return f"{self.ending}: {self.detail}"


class Ask(Protocol):
    """How a check calls the submission: a batch goes over, one answer a call comes back, in order.

    Raises SubmissionEnded when the child is gone (time, memory, crash, a malformed frame).
    """

    def __call__(self, batch: Batch) -> list[Answer]: ...


@dataclass(frozen=True)
class Output:
    """What the submission printed (standard output and error together), cut at the bound."""

    text: str = ""
    truncated: bool = False


def tensors(*values: Array | float | None, requires_grad: bool = False) -> tuple[Argument, ...]:
    """Arguments from plain values; `requires_grad` is set for every array among them."""
    return tuple(Argument(value, requires_grad=requires_grad and isinstance(value, np.ndarray)) for value in values)

"""What a check is: a function of an examination; its docstring's first line is the sentence that its reader sees."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from grader.calls import Answer, Ask, Event, Loaded, Source
from grader.losses.base import Loss, Value
from grader.messages import gettext as _
from grader.report import Counterexample, Outcome

CHECKS = (
    "load",
    "value",
    "gradient",
    "stability",
    "purity",
    "device",
    "originality",
    "shapes",
    "efficiency",
)
"""Every check, in the order in which it runs and is reported: what the later ones need comes first."""


@dataclass
class Earlier:
    """What the checks of one submission leave to those that come after them."""

    smallest: list[tuple[Value, ...]] = field(default_factory=list)
    """Small arguments on which a check failed: the next one tries them first."""
    at_edges: list[Answer] | None = None
    """The submission's answers at every edge, watched for changed arguments."""
    ready_made: list[Event] = field(default_factory=list)
    """Ready-made losses that ran on another device than the CPU."""


@dataclass(frozen=True)
class Examination:
    """One submission before one check: what it should be, what was loaded, and how it is called."""

    loss: Loss
    seed: int
    source: Source
    loaded: Loaded
    ask: Ask
    """Calls the submission."""
    ask_reference: Ask
    """Calls the loss's reference under the same conditions, for time and memory."""
    device: str = "cpu"
    device_note: str = ""
    """What the device really is, for the message: `NVIDIA H200`, `simulated accelerator`."""
    earlier: Earlier = field(default_factory=Earlier)


@dataclass(frozen=True)
class Finding:
    """What a check found. `failing` are the arguments on which it was wrong, for the search of a smaller input."""

    outcome: Outcome
    message: str
    counterexample: Counterexample | None = None
    hint: str | None = None
    notes: tuple[str, ...] = ()
    share: float | None = None
    """The share of the points that was won, where it is not all or nothing."""


Check = Callable[[Examination], Finding]


@cache
def check_named(name: str) -> Check:
    """The check of that name; its module has the same name and so has the function in it."""
    check: Check = getattr(import_module(f"grader.checks.{name}"), name)
    return check


def first_sentence(name: str) -> str:
    """The sentence that says what the check asks, in the language in force."""
    documentation = inspect.getdoc(check_named(name))
    return _((documentation or "").split("\n\n")[0].replace("\n", " "))

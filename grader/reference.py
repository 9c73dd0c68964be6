"""A loss's reference as a submission: the same text that a member could have handed in."""

from __future__ import annotations

import hashlib
import inspect
from types import FunctionType
from typing import Any

from grader.calls import Cell, Source
from grader.losses.base import Loss

HEADER = "from __future__ import annotations\n\nimport math\n\nimport torch\nfrom torch import Tensor\n\n\n"


def reference_text(loss: Loss) -> str:
    """The reference with every function and number of its module that it uses, under the entry's name."""
    function = inspect.unwrap(loss.reference)
    if not isinstance(function, FunctionType):
        raise TypeError(f"the reference of {loss.id} is no plain function")
    parts = [_definition(name, value) for name, value in _used(function).items()]
    parts.append(inspect.getsource(function))
    parts.append(f"{loss.entry} = {function.__name__}\n")
    return HEADER + "\n\n".join(parts)


def reference_source(loss: Loss) -> Source:
    """The same as a source that the sandbox loads."""
    text = reference_text(loss)
    name = f"reference_{loss.id}.py"
    return Source(name, hashlib.sha256(text.encode()).hexdigest(), (Cell(name, text),))


def _used(function: FunctionType, found: dict[str, Any] | None = None) -> dict[str, Any]:
    """Functions and plain constants of the project that the function names, those that they need first."""
    found = {} if found is None else found
    for name in function.__code__.co_names:
        value = function.__globals__.get(name)
        if name in found:
            continue
        if isinstance(value, FunctionType) and value.__module__.startswith("grader."):
            _used(value, found)
            found[name] = value
        elif isinstance(value, int | float | tuple | str | dict):
            found[name] = value
    return found


def _definition(name: str, value: Any) -> str:
    return inspect.getsource(value) if isinstance(value, FunctionType) else f"{name} = {value!r}\n"

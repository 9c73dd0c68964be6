"""Numbers, arrays and calls as text that can be pasted into Python."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.calls import Array, Location, Problem
from grader.losses.base import Loss, Value


def number(value: float) -> str:
    """A number with as many digits as a reader can use: six significant ones."""
    return f"{value:.6g}"


def _element(value: object) -> str:
    text = repr(value.item()) if isinstance(value, np.float64) else str(value)
    return {"nan": "float('nan')", "inf": "float('inf')", "-inf": "-float('inf')"}.get(text, text)


def _nested(values: Array) -> str:
    if values.ndim == 0:
        return _element(values[()])
    return "[" + ", ".join(_nested(row) for row in values) + "]"


def literal(value: Value, device: str = "cpu") -> str:
    """One argument as Python: `torch.tensor([0.5, 0.25], dtype=torch.float64)`, `14.0`, `None`."""
    if value is None:
        return "None"
    if not isinstance(value, np.ndarray):
        return repr(float(value))
    where = "" if device in ("cpu", "sim") else f", device={device!r}"
    return f"torch.tensor({_nested(value)}, dtype=torch.{value.dtype}{where})"


def call(loss: Loss, arguments: Sequence[Value], device: str = "cpu") -> str:
    """The call as Python."""
    return f"{loss.entry}({', '.join(literal(value, device) for value in arguments)})"


def at(where: Location | None) -> str:
    """` (bce.py, line 3: return …)`, or nothing when the line is not known."""
    if where is None:
        return ""
    text = f": {where.text.strip()}" if where.text.strip() else ""
    return f" ({where.cell}:{where.line}{text})"


def problem(raised: Problem) -> str:
    """`ValueError: … (bce.py:3: return …)`."""
    message = f": {raised.message}" if raised.message else ""
    return f"{raised.type}{message}{at(raised.where)}"

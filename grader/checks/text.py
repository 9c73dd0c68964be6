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


def literal(value: Value, device: str = "cpu", *, requires_grad: bool = False, strided: bool = False) -> str:
    """One argument as Python: `torch.tensor([0.5, 0.25], dtype=torch.float64)`, `14.0`, `None`.

    A strided one is not contiguous: transposed in memory, or every second element of a tensor twice as long.
    """
    if value is None:
        return "None"
    if not isinstance(value, np.ndarray):
        return repr(float(value))
    where = "" if device in ("cpu", "sim") else f", device={device!r}"
    tensor = f"torch.tensor({_nested(value)}, dtype=torch.{value.dtype}{where}"
    if strided and value.ndim > 0:
        view = (
            ".mT.contiguous().mT" if value.ndim > 1 and value.shape[-2] > 1 else ".repeat_interleave(2, -1)[..., ::2]"
        )
        return f"{tensor}){view}{'.requires_grad_()' if requires_grad else ''}"
    return f"{tensor}{', requires_grad=True' if requires_grad else ''})"


def call(
    loss: Loss,
    arguments: Sequence[Value],
    device: str = "cpu",
    *,
    wants: Sequence[bool] = (),
    strided: Sequence[bool] = (),
    gradient_of: int | None = None,
    upstream: float = 1.0,
) -> str:
    """The call as one expression of Python.

    Args:
        loss: whose entry is called.
        arguments: what it is called with.
        device: where they are.
        wants: which of them require a gradient; empty: none.
        strided: which of them are non-contiguous views; empty: none.
        gradient_of: the argument whose gradient the expression gives, instead of the loss.
        upstream: what the loss is multiplied with before that.
    """
    texts = [
        literal(value, device, requires_grad=want, strided=view)
        for value, want, view in zip(
            arguments, wants or (False,) * len(arguments), strided or (False,) * len(arguments), strict=True
        )
    ]
    if gradient_of is None:
        return f"{loss.entry}({', '.join(texts)})"
    name = loss.parameters[gradient_of].name
    texts[gradient_of] = f"{name} := {texts[gradient_of]}"
    factor = "" if upstream == 1.0 else f"{upstream!r} * "
    return f"torch.autograd.grad({factor}{loss.entry}({', '.join(texts)}), {name})"


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

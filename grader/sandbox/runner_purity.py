"""What a call must leave as it was: values, requires_grad, .grad, hooks and shape of its arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grader.calls import Array
from grader.sandbox import runner_tensors
from grader.sandbox.runner_devices import Device

# Bound before any submission runs; an argument's class may have been exchanged for one that lies.
_base: Any = torch._C.TensorBase
_without_overrides: Any = torch._C.DisableTorchFunction
_version_of: Callable[[Tensor], int] = _base._version.__get__
_grad_of: Callable[[Tensor], Tensor | None] = _base.grad.__get__
_set_grad: Callable[[Tensor, Tensor], None] = _base.grad.__set__
_is_leaf: Callable[[Tensor], bool] = _base.is_leaf.__get__
_hooks_of: Callable[[Tensor], Any] = _base._backward_hooks.__get__
_later_hooks_of: Callable[[Tensor], Any] = _base._post_accumulate_grad_hooks.__get__
_requires_grad_of: Callable[[Tensor], bool] = _base.requires_grad.__get__
_shape_of: Callable[[Tensor], Sequence[int]] = _base.shape.__get__
_dtype_of: Callable[[Tensor], torch.dtype] = _base.dtype.__get__
_stride_of: Callable[[Tensor], tuple[int, ...]] = _base.stride
_full: Callable[..., Tensor] = torch.full

_MARK = 0.5
"""Put into .grad of the arguments that want one: a `.grad` that starts as None would not show that it was cleared."""


@dataclass(frozen=True)
class Snapshot:
    """One argument before the call."""

    position: int
    tensor: Tensor
    kind: type
    values: bytes
    form: tuple[object, ...]
    version: int
    requires_grad: bool
    grad: Tensor | None


def snapshots(arguments: Sequence[Tensor | float | None], device: Device) -> list[Snapshot]:
    """Remember every tensor among the arguments; those that want a gradient get a marked `.grad`."""
    taken = []
    for position, tensor in enumerate(arguments):
        if not isinstance(tensor, Tensor):
            continue
        grad = None
        if _requires_grad_of(tensor):
            grad = device.place(_full(tuple(_shape_of(tensor)), _MARK, dtype=_dtype_of(tensor)))
            _set_grad(tensor, grad)
        taken.append(
            Snapshot(
                position,
                tensor,
                type(tensor),
                _bytes(tensor, device),
                _form(tensor),
                _version_of(tensor),
                _requires_grad_of(tensor),
                grad,
            )
        )
    return taken


def changes(before: Sequence[Snapshot], device: Device) -> tuple[str, ...]:
    """What is no longer as it was: `argument 0: values`, `argument 1: requires_grad`, …."""
    found = []
    for snapshot in before:
        try:
            with _without_overrides():
                changed = _changed(snapshot, device)
        except Exception:
            # Only a tensor that was exchanged below its Python object (set_, swap_tensors) cannot be read any more.
            changed = ["type"]
        found += [f"argument {snapshot.position}: {what}" for what in changed]
    return tuple(found)


def _changed(before: Snapshot, device: Device) -> list[str]:
    tensor = before.tensor
    found = []
    if type(tensor) is not before.kind:
        found.append("type")
    if _form(tensor) != before.form:
        found.append("shape")
    elif _bytes(tensor, device) != before.values:
        found.append("values")
    elif _version_of(tensor) != before.version:
        found.append("version")
    if _requires_grad_of(tensor) != before.requires_grad or not _is_leaf(tensor):
        found.append("requires_grad")
    if _grad_changed(before, device):
        found.append("grad")
    if _hooks_of(tensor) or _later_hooks_of(tensor):
        found.append("hooks")
    return found


def _grad_changed(before: Snapshot, device: Device) -> bool:
    grad = _grad_of(before.tensor) if _is_leaf(before.tensor) else before.grad
    if grad is not before.grad:
        return True
    if grad is None:
        return False
    values = runner_tensors.array_of(grad, device)
    return values is None or not np.array_equal(values, np.full_like(values, _MARK))


def _form(tensor: Tensor) -> tuple[object, ...]:
    return tuple(_shape_of(tensor)), _stride_of(tensor), _dtype_of(tensor)


def _bytes(tensor: Tensor, device: Device) -> bytes:
    values: Array | None = runner_tensors.array_of(tensor, device)
    return b"" if values is None else values.tobytes()

"""Numpy arrays into torch tensors and back. What comes from a submission is read through torch's own base class only.

Every torch function used after a submission has run is bound here, at import: patching torch later does not reach it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from grader.calls import Argument, Array
from grader.sandbox.runner_devices import Device

MOST_ELEMENTS = 10_000
"""Of a returned value that is sent back. A loss is one number; of a large matrix only the shape is worth a message."""

_base: Any = torch._C.TensorBase
_array: Callable[..., Array] = np.array
_full_array: Callable[..., Array] = np.full
_from_numpy: Callable[[Array], Tensor] = torch.from_numpy
_run_engine: Callable[..., Sequence[Tensor | None]] = torch.autograd.Variable._execution_engine.run_backward
_without_overrides: Any = torch._C.DisableTorchFunction
_detach: Callable[[Tensor], Tensor] = _base.detach
_clone: Callable[[Tensor], Tensor] = _base.clone
_to: Callable[..., Tensor] = _base.to
_as_numpy: Callable[[Tensor], Array] = _base.numpy
_resolve_conj: Callable[[Tensor], Tensor] = _base.resolve_conj
_resolve_neg: Callable[[Tensor], Tensor] = _base.resolve_neg
_require_grad: Callable[[Tensor], Tensor] = _base.requires_grad_
_full: Callable[..., Tensor] = torch.full
_dtype_of: Callable[[Tensor], torch.dtype] = _base.dtype.__get__
_shape_of: Callable[[Tensor], Sequence[int]] = _base.shape.__get__
_device_of: Callable[[Tensor], torch.device] = _base.device.__get__
_requires_grad_of: Callable[[Tensor], bool] = _base.requires_grad.__get__
_layout_of: Callable[[Tensor], torch.layout] = _base.layout.__get__
_float32, _strided = torch.float32, torch.strided
_no_numpy = frozenset(
    getattr(torch, name)
    for name in ("bfloat16", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "complex32")
    if hasattr(torch, name)
)


def tensor_of(argument: Argument, device: Device) -> Tensor | float | None:
    """The argument as the entry gets it: a fresh leaf tensor of its own storage, the float, or None.

    A strided one is every second element of a longer buffer whose gaps are NaN: reading a gap cannot go unnoticed.
    Its rows are an odd number of elements apart, so that no view can flatten it.
    """
    value = argument.value
    if not isinstance(value, np.ndarray):
        return value
    with _without_overrides():
        if argument.strided and value.ndim > 0:
            buffer = _full_array((*value.shape[:-1], 2 * value.shape[-1] + 1), np.nan, dtype=value.dtype)
            buffer[..., :-1:2] = value
            tensor = device.place_strided(_clone(_from_numpy(buffer)))
        else:
            tensor = device.place(_clone(_from_numpy(_array(value))))
        return _require_grad(tensor) if argument.requires_grad else tensor


@dataclass(frozen=True)
class Returned:
    """What the entry returned, read once."""

    tensor: Tensor | None
    name: str
    """Class name; of a tensor whose values are not sent (too many, complex, sparse), that as well."""
    device: str = "cpu"
    dtype: str = ""
    attached: bool = False
    value: Array | None = None


def read(result: object, device: Device) -> Returned:
    """Class, device, dtype, attachment and values of what was returned, whatever a subclass claims to be."""
    kind = type.__dict__["__name__"].__get__(type(result))[:200]
    if not isinstance_of_tensor(type(result)):
        return Returned(None, kind)
    tensor = cast(Tensor, result)
    with _without_overrides():
        shape = tuple(_shape_of(tensor))
        dtype = str(_dtype_of(tensor)).removeprefix("torch.")
        place = _device_of(tensor).type
        layout = str(_layout_of(tensor)).removeprefix("torch.")
        attached = _requires_grad_of(tensor)
    if math.prod(shape) > MOST_ELEMENTS:
        return Returned(tensor, f"{kind} of shape {shape}", place, dtype, attached)
    value = array_of(tensor, device)
    if value is None or value.dtype.kind not in "fiub":
        what = next((odd for odd in (layout, place, dtype) if odd not in ("strided", "cpu")), dtype)
        return Returned(tensor, f"{kind} ({what})", place, dtype, attached)
    return Returned(tensor, kind, place, dtype, attached, value)


def isinstance_of_tensor(kind: type) -> bool:
    """Whether a class is torch's tensor or inherits from it, asked of its real bases (`__class__` may lie)."""
    return any(base is _base for base in type.__dict__["__mro__"].__get__(kind))


def array_of(tensor: Tensor, device: Device) -> Array | None:
    """A copy of the tensor's values; None where it has none that numpy could hold (sparse, meta)."""
    with _without_overrides():
        if _layout_of(tensor) is not _strided or _device_of(tensor).type == "meta":
            return None
        bare = _detach(device.fetch(tensor))
        if _dtype_of(bare) in _no_numpy:
            bare = _to(bare, _float32)
        array = _as_numpy(_resolve_neg(_resolve_conj(bare)))
    return _array(array) if type(array) is np.ndarray else None


def backward(result: Tensor, upstream: float, leaves: Sequence[Tensor], device: Device) -> Sequence[Tensor | None]:
    """Gradients of `result`, under `upstream` in every element, for each leaf; None where none arrives.

    As `torch.autograd.grad`, so that `.grad` of the leaves stays what the submission left there; but asked of the
    engine itself: the Python function imports sympy (over half a second) once it is given an upstream gradient.
    """
    with _without_overrides():
        seed = _full(tuple(_shape_of(result)), upstream, dtype=_dtype_of(result))
        seed = device.place(seed)
    if not leaves:
        return ()
    keep_graph = create_graph = accumulate = False
    allow_unused = True
    return _run_engine((result,), (seed,), keep_graph, create_graph, tuple(leaves), allow_unused, accumulate)

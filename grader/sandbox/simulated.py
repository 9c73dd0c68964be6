"""A simulated accelerator: the CPU's arithmetic under a GPU's rules about which tensors may meet.

A tensor on the device `sim` is a wrapper around a CPU tensor. Every operation unwraps its operands, runs on the CPU and
wraps the results, so that values and gradients are bit for bit the CPU's; what CUDA would refuse is refused with the
same error, and what makes CUDA wait for the device is noted with the submission's line. The rules are CUDA's as
documented (notes/cuda, `TensorIterator`, the indexing kernels) and are tested as a table that also runs on a real GPU.

Some of the torch functions it stands on are private and may go with another version: see `available`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import torch
from torch import Tensor
from torch.utils import backend_registration
from torch.utils._mode_utils import no_dispatch
from torch.utils._python_dispatch import TorchDispatchMode

from grader.calls import Event, Location, Source
from grader.sandbox.runner_faults import Text

NAME = "sim"
MOST_EVENTS = 20

_CPU = torch.device("cpu")

# Bound before any submission runs: patching torch does not reach them.
_make_wrapper: Callable[..., Any] = torch.Tensor._make_wrapper_subclass
_setup_backend: Any = getattr(backend_registration, "_setup_privateuseone_for_python_backend", None)
_run_engine: Callable[..., Any] = torch.autograd.Variable._execution_engine.run_backward
_lift_only_cpu: Callable[[bool], None] = getattr(torch._C, "_set_only_lift_cpu_tensors", lambda on: None)

_registered: Any = None
"""The torch.library fragment that holds the kernels below; None until `set_up`."""
_failure: str | None = None
_works = False
_running: Simulation | None = None
"""The simulation that is entered, of which there is one at a time."""


def set_up() -> str | None:
    """Register the device with torch, once a process and before its first backward pass; the reason if that fails.

    The autograd engine counts devices when it first runs and keeps that number, in forked children too.
    """
    global _registered, _failure
    if _registered is None and _failure is None:
        try:
            real = torch.accelerator.current_accelerator()
            _setup_backend(rename=NAME, backend_module=_Module(), hook=_hook())
            _registered = torch.library.Library("aten", "IMPL")  # type: ignore[no-untyped-call]
            _registered.impl("_local_scalar_dense", _item, "PrivateUse1")
            _hide_from_accelerator(real)
        except Exception as error:
            # All of it private: another torch may have it otherwise, or an extension may have taken the device.
            _failure = f"{type(error).__name__}: {error}"
    return _failure


def available() -> str | None:
    """None if values and gradients can be computed on the device in this process, else the reason.

    Runs a backward pass, so that a process may not fork any more once it has asked.
    """
    global _works, _failure
    if set_up() is None and not _works:
        try:
            with Simulation(Text(Source("", "", ()))):
                one = SimTensor(torch.ones(())).requires_grad_()
                _run_engine((one * 1,), (SimTensor(torch.ones(())),), False, False, (one,), True, False)
            _works = True
        except Exception as error:
            _failure = f"torch cannot compute gradients on it ({error}); was there a backward pass before `set_up`?"
    return _failure


def _item(tensor: Tensor) -> Any:
    """`torch.tensor([x, y])` of 0-dim tensors reads them below the level at which modes and subclasses see it."""
    if _running is not None:
        _running.note("host-sync", "item")
    return fetch(tensor).item()


def _hide_from_accelerator(real: torch.device | None) -> None:
    """Let `torch.accelerator` name the device only while it exists, and what it named before at any other time.

    A submission may ask it where to put its constants, and when it is called on the CPU the answer has to be: nowhere.
    """
    current = torch.accelerator.current_accelerator

    @functools.wraps(current)
    def current_accelerator(check_available: bool = False) -> torch.device | None:
        if _running is not None:
            return current(check_available)
        usable = real is not None and (not check_available or torch.get_device_module(real).is_available())
        return real if usable else None

    torch.accelerator.current_accelerator = current_accelerator


def _hook() -> Any:
    """What torch asks about the accelerator as such. A function, because the class it extends is private."""

    class Hook(torch._C._acc.PrivateUse1Hooks):
        def is_available(self) -> bool:
            return _running is not None

        def has_primary_context(self, index: int) -> bool:
            return True

        def is_built(self) -> bool:
            return True

    return Hook()


class _Module:
    """What becomes `torch.sim`."""

    def is_initialized(self) -> bool:
        return True

    def is_available(self) -> bool:
        return _running is not None

    def _is_in_bad_fork(self) -> bool:
        return False

    def current_device(self) -> int:
        return 0

    def device_count(self) -> int:
        return 1

    def manual_seed_all(self, seed: int) -> None:
        return None

    def synchronize(self, device: object = None) -> None:
        return None

    def get_amp_supported_dtype(self) -> list[torch.dtype]:
        return [torch.float16, torch.bfloat16]


class SimTensor(torch.Tensor):
    """A tensor on the simulated device; `_raw` is the CPU tensor that holds its values."""

    _raw: Tensor
    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]

    @staticmethod
    def __new__(cls, raw: Tensor) -> SimTensor:
        wrapper: SimTensor = _make_wrapper(
            cls,
            raw.size(),
            strides=raw.stride(),
            storage_offset=raw.storage_offset(),
            dtype=raw.dtype,
            device=f"{NAME}:0",
        )
        wrapper._raw = raw
        return wrapper

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]
        cls, func: Any, types: Sequence[type], args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        return _dispatch(func, args, kwargs or {}, None)

    def numpy(self, *, force: bool = False) -> Any:
        """As CUDA's: refused, unless forced."""
        if not force:
            raise TypeError(
                f"can't convert {self.device} device type tensor to numpy. "
                "Use Tensor.cpu() to copy the tensor to host memory first."
            )
        return self.detach().cpu().resolve_conj().resolve_neg().numpy()

    def tolist(self) -> Any:
        return self.detach().cpu().tolist()

    def __format__(self, specification: str) -> str:
        if self.dim() == 0 and not self.is_complex():
            return format(self.item(), specification)
        return object.__format__(self, specification)

    def __repr__(self, *, tensor_contents: Any = None) -> str:  # type: ignore[override]
        text = repr(self.detach().cpu()).removesuffix(")")
        grad_fn = self.grad_fn
        graph = f", grad_fn=<{type(grad_fn).__name__}>" if grad_fn else ", requires_grad=True" * self.requires_grad
        return f"{text}, device='{self.device}'{graph})"


# What a submission, its error messages and the report call the class: on a real device it is torch's own.
SimTensor.__name__ = SimTensor.__qualname__ = "Tensor"


def place(tensor: Tensor) -> Tensor:
    """A CPU tensor's values on the device."""
    return SimTensor(tensor)


def fetch(tensor: Tensor) -> Tensor:
    """The CPU tensor behind one on the device; any other tensor as it is."""
    raw: Tensor = tensor._raw if type(tensor) is SimTensor else tensor
    return raw


class Simulation(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """While entered, the device exists: factories make tensors on it, and `events` fills.

    `events` are host synchronisations, and tensors that met or came back on the wrong device, with the line on which
    they were made.
    """

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """No: torch would wrap the method below so that its first call imports all of torch._dynamo (seconds)."""
        return False

    def __init__(self, text: Text) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.events: list[Event] = []
        self._text = text

    def __enter__(self) -> Any:
        global _running
        _running = self
        _lift_only_cpu(True)
        return super().__enter__()  # type: ignore[no-untyped-call]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        global _running
        super().__exit__(kind, error, traceback)  # type: ignore[no-untyped-call]
        _lift_only_cpu(False)
        _running = None

    def __torch_dispatch__(
        self, func: Any, types: Sequence[type], args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        return _dispatch(func, args, kwargs or {}, self)

    def note(self, kind: Any, name: str, where: Location | None = None) -> None:
        """Add an event, at the submission's present line unless `where` says otherwise; once for each line.

        A wait that no line of the submission asks for (in a built-in backward) is torch's own affair.
        """
        event = Event(kind, name, where or self._text.here())
        known = event in self.events or (kind == "host-sync" and event.where is None)
        if len(self.events) < MOST_EVENTS and not known:
            self.events.append(event)

    def made(self, tensor: object, name: str, sources: Sequence[Tensor]) -> None:
        """Remember where a CPU tensor came from: what was made on the CPU inside the call is what goes wrong later."""
        if isinstance(tensor, Tensor):
            inherited = next((source._origin for source in sources if hasattr(source, "_origin")), None)
            tensor._origin = inherited or (name, self._text.here())  # type: ignore[attr-defined]

    def wrong_device(self, tensor: object) -> None:
        """Note a tensor of the CPU where one on the device is needed, at the line that made it."""
        made_by, where = getattr(tensor, "_origin", (None, None))
        if made_by is not None:
            self.note("wrong-device", made_by, where)


# --- CUDA's rules ---

_INDEXING = frozenset({"index", "_unsafe_index", "index_put", "index_put_", "_index_put_impl_", "_unsafe_index_put"})
"""CPU tensors may index a tensor on the device."""
_COPYING = frozenset({"copy_", "copy", "_to_copy", "_copy_from", "_copy_from_and_resize"})
"""Operands may be on any device."""
_TAKES_CPU_SCALARS = frozenset(
    {"where", "masked_fill", "masked_fill_", "fill", "fill_", "lerp", "lerp_", "index_fill", "index_fill_", "clamp_"}
)
"""0-dim CPU operands are allowed here too, besides the pointwise operations that torch tags as such."""
_WAITS = {
    "_local_scalar_dense": "item",
    "nonzero": "nonzero",
    "masked_select": "masked_select",
    "_unique2": "unique",
    "_unique": "unique",
    "unique_dim": "unique",
    "unique_consecutive": "unique_consecutive",
    "unique_dim_consecutive": "unique_consecutive",
    "equal": "equal",
    "allclose": "allclose",
    "bincount": "bincount",
}
"""Their result's value or shape is needed on the host: CUDA waits (torch.cuda.set_sync_debug_mode warns of these)."""

_MAKERS = {"lift_fresh": "tensor", "scalar_tensor": "tensor", "_to_copy": "to"}
"""What people call the operations that they do not see by that name."""


@dataclass(frozen=True)
class _Rule:
    """What one operation does, read off its schema once."""

    name: str
    writes: tuple[int, ...]
    """Positions of the arguments that are written, in the order in which they are returned."""
    writes_out: tuple[str, ...]
    changes_shape: bool
    cpu_scalars: bool
    indexing: bool
    copying: bool
    waits: str | None
    may_wait: bool
    """It depends on the operands (`_note_waiting`)."""


@functools.cache
def _rule(func: Any) -> _Rule:
    schema = func._schema
    name = schema.name.split("::")[-1]
    written = [
        (position, argument)
        for position, argument in enumerate(schema.arguments)
        if argument.alias_info is not None and argument.alias_info.is_write
    ]
    return _Rule(
        name,
        tuple(position for position, argument in written if not argument.kwarg_only),
        tuple(argument.name for _position, argument in written if argument.kwarg_only),
        torch.Tag.inplace_view in func.tags,
        torch.Tag.pointwise in func.tags or name in _TAKES_CPU_SCALARS,
        name in _INDEXING,
        name in _COPYING,
        _WAITS.get(name),
        name in _INDEXING or name in _COPYING or name == "repeat_interleave",
    )


def _dispatch(func: Any, args: Sequence[Any], kwargs: dict[str, Any], watch: Simulation | None) -> Any:
    rule = _rule(func)
    cpu: list[Tensor] = []
    bare = [_bare(value, cpu) for value in args]
    bare_kwargs = {name: _bare(value, cpu) for name, value in kwargs.items()} if kwargs else kwargs
    ours = bare_kwargs is not kwargs and any(one is not kwargs[name] for name, one in bare_kwargs.items())
    ours = ours or any(one is not value for one, value in zip(bare, args, strict=True))
    if ours:
        if cpu and not rule.copying:
            _refuse_mixing(rule, args, cpu, watch)
        if watch is not None and (rule.waits is not None or rule.may_wait):
            _note_waiting(rule, args, kwargs, watch)
    asked = kwargs.get("device") if kwargs else None
    on_device = ours if asked is None else torch.device(asked).type == NAME
    if asked is not None and on_device:
        bare_kwargs = {**bare_kwargs, "device": _CPU}
    result = func(*bare, **bare_kwargs)
    if rule.writes or rule.writes_out:
        return _written(func, rule, args, kwargs, result) if ours else result
    if on_device:
        return SimTensor(result) if isinstance(result, Tensor) else _wrapped(result)
    if watch is not None:
        name = "cpu" if ours else _MAKERS.get(rule.name, rule.name)
        for tensor in result if isinstance(result, list | tuple) else (result,):
            watch.made(tensor, name, cpu)
    return result


def _bare(value: Any, cpu: list[Tensor]) -> Any:
    """The operand with tensors on the device unwrapped, or itself if there is none; others are added to `cpu`."""
    if type(value) is SimTensor:
        return value._raw
    if isinstance(value, Tensor):
        cpu.append(value)
    elif isinstance(value, list | tuple):
        bare = [_bare(one, cpu) for one in value]
        if any(one is not given for one, given in zip(bare, value, strict=True)):
            return bare
    return value


def _refuse_mixing(rule: _Rule, args: Sequence[Any], cpu: Sequence[Tensor], watch: Simulation | None) -> None:
    """Raise, as CUDA does, for CPU tensors among operands on the device, unless they are of the kinds allowed."""
    if rule.indexing:
        if type(args[0]) is not SimTensor:
            _refuse(
                args[0],
                watch,
                "indices should be either on cpu or on the same device as the indexed tensor (cpu)",
            )
        # The index tensors may be on the CPU; the values that are written may not, unless they are one number.
        cpu = [value for value in args[2:3] if isinstance(value, Tensor) and type(value) is not SimTensor]
        refused = next((tensor for tensor in cpu if tensor.dim() > 0), None)
    elif any(type(args[position]) is not SimTensor for position in rule.writes):
        refused = args[rule.writes[0]]
    else:
        refused = next((tensor for tensor in cpu if tensor.dim() > 0 or not rule.cpu_scalars), None)
    if refused is not None:
        _refuse(
            refused,
            watch,
            f"Expected all tensors to be on the same device, but found at least two devices, {NAME}:0 and cpu!",
        )


def _refuse(tensor: Tensor, watch: Simulation | None, sentence: str) -> None:
    if watch is not None:
        watch.wrong_device(tensor)
    raise RuntimeError(sentence)


def _note_waiting(rule: _Rule, args: Sequence[Any], kwargs: dict[str, Any], watch: Simulation) -> None:
    if rule.waits is not None:
        watch.note("host-sync", rule.waits)
    elif rule.indexing and type(args[0]) is SimTensor:
        masks = [index for index in args[1] if type(index) is SimTensor and index.dtype in (torch.bool, torch.uint8)]
        # A single number written under a mask is a masked_fill, which knows its shape without waiting.
        fills = len(args) > 2 and isinstance(args[2], Tensor) and args[2].numel() == 1
        if masks and not fills:
            watch.note("host-sync", "boolean mask")
    elif rule.name == "repeat_interleave" and kwargs.get("output_size") is None:
        watch.note("host-sync", "repeat_interleave")
    elif rule.name == "_to_copy" and type(args[0]) is SimTensor:
        device = kwargs.get("device")
        if device is not None and torch.device(device).type != NAME:
            watch.note("host-sync", "cpu")
    elif rule.name == "copy_" and type(args[0]) is not SimTensor:
        watch.note("host-sync", "copy_")


def _wrapped(result: Any) -> Any:
    if isinstance(result, Tensor):
        return SimTensor(result)
    if isinstance(result, list | tuple):
        wrapped = [_wrapped(one) for one in result]
        return wrapped if isinstance(result, list) else tuple(wrapped)
    return result


def _written(func: Any, rule: _Rule, args: Sequence[Any], kwargs: dict[str, Any], result: Any) -> Any:
    """In-place and `out=` operations give back the very tensors they wrote, among others that are new."""
    targets = [args[position] for position in rule.writes] + [kwargs[name] for name in rule.writes_out]
    if rule.changes_shape:
        # The CPU tensor has its new shape; the wrapper's own record of it follows.
        with no_dispatch():
            func(*args, **kwargs)
    by_raw = {id(fetch(target)): target for target in targets}

    def given(one: Any) -> Any:
        target = by_raw.get(id(one))
        return _wrapped(one) if target is None else target

    return tuple(given(one) for one in result) if isinstance(result, list | tuple) else given(result)

"""What runs inside the child: loads a submission, calls its entry and says what happened. Knows nothing of pipes.

Nothing that comes out of here is trusted by the parent, which compares it with values it alone knows. The care taken
here is for honest answers: a submission's exceptions, global settings and odd return types become data, not crashes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grader.calls import Answer, Array, Batch, Call, Cell, Event, Loaded, Location, Problem, Source, Watch, tensors
from grader.sandbox import loading, loading_stubs, runner_purity, runner_tensors, simulated
from grader.sandbox.monitors import Monitors
from grader.sandbox.runner_devices import Device, device_named
from grader.sandbox.runner_faults import Text

# Bound before any submission runs, so that patching torch or time does not reach them.
_clock = time.perf_counter
_set_grad_enabled: Callable[[bool], None] = torch._C._set_grad_enabled
_set_default_dtype: Callable[[torch.dtype], None] = torch._C._set_default_dtype
_set_anomaly_enabled: Callable[..., None] = torch._C.set_anomaly_enabled
_set_matmul_precision: Callable[[str], None] = torch._C._set_float32_matmul_precision
_set_default_device: Callable[[None], None] = torch.set_default_device
_device_setting: Any = import_module("torch.utils._device")
_float32 = torch.float32


class Runner:
    """One submission in this process. `load` once, then `run` any number of batches; neither raises for its faults."""

    def __init__(self, source: Source, entry: str, path: str = "") -> None:
        """`path`: where the source can be read, for its `__file__`."""
        self._source = source
        self._path = path
        self._entry_name = entry
        self._text = Text(source)
        self._entry: Callable[..., Any] | None = None
        self._location: Location | None = None

    def load(self) -> Loaded:
        """Run the cells and find the entry."""
        outcome = loading.load(self._source, self._entry_name, self._text, self._path)
        self._entry = outcome.entry
        self._location = outcome.loaded.location
        return outcome.loaded

    def run(self, batch: Batch) -> list[Answer]:
        """One answer a call, in order. Every call starts from fresh arguments and from torch's default settings."""
        device = device_named(batch.device, self._text)
        with loading_stubs.installed():
            return [self._repeated(call, batch, device) for call in batch.calls]

    def _repeated(self, call: Call, batch: Batch, device: Device) -> Answer:
        if self._entry is None:
            return Answer(returned="", raised=Problem("NameError", f"{self._entry_name} is not defined"))
        seconds: list[float] = []
        values: list[Array] = []
        changed: dict[str, None] = {}
        events: dict[Event, None] = {}
        answer = Answer()
        for _repeat in range(max(1, batch.repeats)):
            try:
                answer = self._once(self._entry, call, device, batch.watch)
            except BaseException as error:
                # A dispatch mode that the submission entered for good sees our tensors being made and read, too.
                answer = Answer(returned="", raised=self._text.problem(error))
            seconds += answer.seconds
            changed |= dict.fromkeys(answer.changed)
            events |= dict.fromkeys(answer.events)
            if answer.value is not None:
                values.append(answer.value)
            if answer.raised is not None:
                break
        return replace(
            answer,
            seconds=tuple(seconds),
            changed=tuple(changed),
            events=tuple(events),
            repeated=tuple(values) if batch.repeats > 1 else (),
        )

    def _once(self, entry: Callable[..., Any], call: Call, device: Device, watch: frozenset[Watch]) -> Answer:
        arguments = [runner_tensors.tensor_of(argument, device) for argument in call.arguments]
        before = runner_purity.snapshots(arguments, device) if Watch.PURITY in watch else ()
        context = device.fresh()
        monitors = None
        if Watch.ORIGINALITY in watch or Watch.MEMORY in watch:
            context = monitors = Monitors(self._text, watch, context, self._location)
        answer = self._called(entry, call, arguments, device, context)
        return replace(
            answer,
            changed=runner_purity.changes(before, device),
            events=(*(monitors.events if monitors is not None else ()), *device.events),
            peak_bytes=monitors.peak_bytes if monitors is not None and Watch.MEMORY in watch else None,
        )

    def _called(
        self,
        entry: Callable[..., Any],
        call: Call,
        arguments: list[Tensor | float | None],
        device: Device,
        context: AbstractContextManager[object],
    ) -> Answer:
        _restore_settings()
        started = _clock()
        try:
            with context:
                started = _clock()
                result = entry(*arguments)
                device.wait()
                elapsed = _clock() - started
            returned = runner_tensors.read(result, device)
            if returned.tensor is not None:
                device.returned(returned.tensor)
        except BaseException as error:
            return Answer(returned="", raised=self._text.problem(error), seconds=(_clock() - started,))
        answer = Answer(
            value=returned.value,
            returned=returned.name,
            device=returned.device,
            dtype=returned.dtype,
            attached=returned.attached,
            seconds=(elapsed,),
        )
        if call.upstream is None or returned.tensor is None or not returned.attached:
            return answer
        return self._backward(answer, returned.tensor, call.upstream, call, arguments, device, context)

    def _backward(
        self,
        answer: Answer,
        result: Tensor,
        upstream: float,
        call: Call,
        arguments: list[Tensor | float | None],
        device: Device,
        context: AbstractContextManager[object],
    ) -> Answer:
        wanted = [
            (position, argument)
            for position, argument in enumerate(arguments)
            if isinstance(argument, Tensor) and call.arguments[position].requires_grad
        ]
        _restore_settings()
        try:
            with context:
                started = _clock()
                found = runner_tensors.backward(result, upstream, [leaf for _, leaf in wanted], device)
                device.wait()
                elapsed = _clock() - started
            gradients: list[Array | None] = [None] * len(arguments)
            for (position, _leaf), gradient in zip(wanted, found, strict=False):
                gradients[position] = None if gradient is None else runner_tensors.array_of(gradient, device)
        except BaseException as error:
            return replace(answer, backward_raised=self._text.problem(error))
        return replace(answer, gradients=tuple(gradients), seconds=(answer.seconds[0] + elapsed,))


def warm() -> None:
    """Pay once, in the server, for what first calls cost: kernels, lazy imports, the simulated device.

    Call it before any fork and after `torch.set_num_threads(1)`. No backward pass runs here: the autograd engine starts
    a thread for each device when it first runs, threads do not survive a fork, and it could not start them again.
    """
    devices = ("cpu", simulated.NAME) if simulated.set_up() is None else ("cpu",)
    cell = Cell("warm.py", _WARM_UP)
    runner = Runner(Source("warm.py", "", (cell,)), "warm")
    runner.load()
    for device in devices:
        for dtype in (np.float64, np.float32):
            values = np.linspace(0.1, 0.9, 6, dtype=dtype).reshape(2, 3)
            answer = runner.run(Batch((Call(tensors(values, values, requires_grad=True)),), device=device))[0]
            if answer.raised is not None:
                raise RuntimeError(f"the warm-up failed on {device}: {answer.raised}")


_WARM_UP = """
import torch

def warm(x, y):
    order = torch.argsort(x.flatten(), stable=True)
    z, _ = torch.sort(torch.cat((x.flatten(), y.flatten())))
    w = torch.cumsum(z[order], 0).diff().abs() + torch.searchsorted(z.detach(), x.detach().flatten())[1:]
    unit = x / x.norm(dim=-1, keepdim=True)
    logits = unit @ (y / torch.linalg.vector_norm(y, dim=1, keepdim=True)).T
    loss = torch.logsumexp(logits, dim=1) - torch.diagonal(logits) + torch.log_softmax(logits, 0).mean()
    safe = torch.where(x > 0.5, torch.log(x.clamp(min=1e-7)), torch.xlogy(y, x)).clamp_min(-100)
    picked = torch.stack([x[0], y[1]]).gather(1, torch.zeros(2, 1, dtype=torch.long, device=x.device)).sum()
    return loss.mean() + w.sum() + safe.mean() + torch.softmax(x, 1).exp().max() + picked + x.std() * 0
"""


def _restore_settings() -> None:
    """Torch's global settings as a fresh Python has them, whatever an earlier cell or call left behind."""
    _set_grad_enabled(True)
    _set_default_dtype(_float32)
    _set_anomaly_enabled(False, True)
    # TF32 or bfloat16 inside of a float32 product, which notebooks ask for once at their top.
    _set_matmul_precision("highest")
    if _device_setting.CURRENT_DEVICE is not None:
        _set_default_device(None)

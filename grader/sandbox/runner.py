"""What runs inside the child: loads a submission, calls its entry and says what happened. Knows nothing of pipes.

Nothing that comes out of here is trusted by the parent, which compares it with values it alone knows. The care taken
here is for honest answers: a submission's exceptions, global settings and odd return types become data, not crashes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grader.calls import Answer, Array, Batch, Call, Cell, Loaded, Problem, Source, tensors
from grader.sandbox import loading, runner_tensors
from grader.sandbox.runner_faults import Text
from grader.sandbox.runner_tensors import Device

# Bound before any submission runs, so that patching torch or time does not reach them.
_clock = time.perf_counter
_set_grad_enabled: Callable[[bool], None] = torch._C._set_grad_enabled
_set_default_dtype: Callable[[torch.dtype], None] = torch._C._set_default_dtype
_set_anomaly_enabled: Callable[..., None] = torch._C.set_anomaly_enabled
_set_default_device: Callable[[None], None] = torch.set_default_device
_device_setting: Any = import_module("torch.utils._device")
_float32 = torch.float32


class Runner:
    """One submission in this process. `load` once, then `run` any number of batches; neither raises for its faults."""

    def __init__(self, source: Source, entry: str) -> None:
        self._source = source
        self._entry_name = entry
        self._text = Text(source)
        self._entry: Callable[..., Any] | None = None

    def load(self) -> Loaded:
        """Run the cells and find the entry."""
        outcome = loading.load(self._source, self._entry_name, self._text)
        self._entry = outcome.entry
        return outcome.loaded

    def run(self, batch: Batch) -> list[Answer]:
        """One answer a call, in order. Every call starts from fresh arguments and from torch's default settings."""
        device = _device(batch.device)
        return [self._repeated(call, batch, device) for call in batch.calls]

    def _repeated(self, call: Call, batch: Batch, device: Device) -> Answer:
        if self._entry is None:
            return Answer(returned="", raised=Problem("NameError", f"{self._entry_name} is not defined"))
        seconds: list[float] = []
        values: list[Array] = []
        answer = Answer()
        for _repeat in range(max(1, batch.repeats)):
            answer = self._once(self._entry, call, device)
            seconds += answer.seconds
            if answer.value is not None:
                values.append(answer.value)
            if answer.raised is not None:
                break
        return replace(answer, seconds=tuple(seconds), repeated=tuple(values) if batch.repeats > 1 else ())

    def _once(self, entry: Callable[..., Any], call: Call, device: Device) -> Answer:
        arguments = [runner_tensors.tensor_of(argument, device.place) for argument in call.arguments]
        _restore_settings()
        started = _clock()
        try:
            result = entry(*arguments)
            _wait(device)
            elapsed = _clock() - started
            returned = runner_tensors.read(result, device.fetch)
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
        return self._backward(answer, returned.tensor, call, arguments, device)

    def _backward(
        self, answer: Answer, result: Tensor, call: Call, arguments: list[Tensor | float | None], device: Device
    ) -> Answer:
        assert call.upstream is not None
        wanted = [
            (position, argument)
            for position, argument in enumerate(arguments)
            if isinstance(argument, Tensor) and call.arguments[position].requires_grad
        ]
        _restore_settings()
        started = _clock()
        try:
            found = runner_tensors.backward(result, call.upstream, [leaf for _, leaf in wanted], device.place)
            _wait(device)
            elapsed = _clock() - started
            gradients: list[Array | None] = [None] * len(arguments)
            for (position, _leaf), gradient in zip(wanted, found, strict=True):
                gradients[position] = None if gradient is None else runner_tensors.array_of(gradient, device.fetch)
        except BaseException as error:
            return replace(answer, backward_raised=self._text.problem(error))
        return replace(answer, gradients=tuple(gradients), seconds=(answer.seconds[0] + elapsed,))


def warm() -> None:
    """Pay once, in the server, for what a first call costs: lazy imports, kernels, the autograd engine.

    Call it before any fork and after `torch.set_num_threads(1)`.
    """
    cell = Cell("warm.py", _WARM_UP)
    runner = Runner(Source("warm.py", "", (cell,)), "warm")
    runner.load()
    for dtype in (np.float64, np.float32):
        values = np.linspace(0.1, 0.9, 6, dtype=dtype).reshape(2, 3)
        call = Call(tensors(values, values, requires_grad=True), upstream=1.0)
        answer = runner.run(Batch((call,)))[0]
        if answer.raised is not None or answer.backward_raised is not None:
            raise RuntimeError(f"the warm-up failed: {answer.raised or answer.backward_raised}")


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
    picked = torch.stack([x[0], y[1]]).gather(1, torch.zeros(2, 1, dtype=torch.long)).sum()
    return loss.mean() + w.sum() + safe.mean() + torch.softmax(x, 1).exp().max() + picked + x.std() * 0
"""


def _device(name: str) -> Device:
    if name == "cpu":
        return Device()
    device = torch.device(name)
    module = torch.get_device_module(device)
    return Device(lambda tensor: tensor.to(device), lambda tensor: tensor.cpu(), module.synchronize)


def _wait(device: Device) -> None:
    if device.synchronize is not None:
        device.synchronize()


def _restore_settings() -> None:
    """Torch's global settings as a fresh Python has them, whatever an earlier cell or call left behind."""
    _set_grad_enabled(True)
    _set_default_dtype(_float32)
    _set_anomaly_enabled(False, True)
    if _device_setting.CURRENT_DEVICE is not None:
        _set_default_device(None)

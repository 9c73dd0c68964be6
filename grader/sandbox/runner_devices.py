"""Where a batch runs: how tensors get to a device and back, and how to wait for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor

from grader.calls import Event
from grader.sandbox import simulated
from grader.sandbox.runner_faults import Text

_to: Callable[..., Tensor] = torch._C.TensorBase.to
_detach: Callable[[Tensor], Tensor] = torch._C.TensorBase.detach
_device_of: Callable[[Tensor], torch.device] = torch._C.TensorBase.device.__get__
_nothing: AbstractContextManager[object] = nullcontext()


class Device:
    """The CPU: nothing has to be done."""

    events: Sequence[Event] = ()
    """What was noted since the last `fresh`."""

    def fresh(self) -> AbstractContextManager[object]:
        """The context in which one call runs, with no events noted yet."""
        return _nothing

    def place(self, tensor: Tensor) -> Tensor:
        """The CPU tensor's values on this device."""
        return tensor

    def place_strided(self, buffer: Tensor) -> Tensor:
        """The same for every second element along the last axis: a view with a gap after each element."""
        return _detach(self.place(buffer)[..., :-1:2])

    def fetch(self, tensor: Tensor) -> Tensor:
        """The values of a tensor of any device on the CPU."""
        return tensor if _device_of(tensor).type == "cpu" else _to(tensor, "cpu")

    def returned(self, tensor: Tensor) -> None:
        """Look at what the entry returned."""

    def wait(self) -> None:
        """Until everything asked of the device is done."""


class Accelerator(Device):
    """`cuda` or `mps`."""

    def __init__(self, name: str) -> None:
        self._device = torch.device(name)
        self._synchronize: Callable[[], Any] = torch.get_device_module(self._device).synchronize

    def place(self, tensor: Tensor) -> Tensor:
        return _to(tensor, self._device)

    def wait(self) -> None:
        self._synchronize()


class Simulated(Device):
    """`sim`."""

    def __init__(self, text: Text) -> None:
        reason = simulated.set_up()
        if reason is not None:
            raise RuntimeError(f"the simulated accelerator is not available here: {reason}")
        self._text = text
        self._simulation = simulated.Simulation(text)

    def fresh(self) -> AbstractContextManager[object]:
        self._simulation = simulated.Simulation(self._text)
        self.events = self._simulation.events
        return self._simulation

    def returned(self, tensor: Tensor) -> None:
        if type(tensor) is not simulated.SimTensor:
            self._simulation.wrong_device(tensor)

    def place(self, tensor: Tensor) -> Tensor:
        return simulated.place(tensor)

    def place_strided(self, buffer: Tensor) -> Tensor:
        # Cut on the CPU: an operation on the device outside a simulation makes torch import its distributed tensors.
        return simulated.place(buffer[..., :-1:2])

    def fetch(self, tensor: Tensor) -> Tensor:
        return simulated.fetch(tensor) if type(tensor) is simulated.SimTensor else super().fetch(tensor)


def device_named(name: str, text: Text) -> Device:
    """The device of a batch; raises RuntimeError where torch cannot use it."""
    if name == "cpu":
        return Device()
    return Simulated(text) if name == simulated.NAME else Accelerator(name)

"""Which devices a run grades on: those asked for, or the CPU and the accelerator, simulated where none is present."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from grader.errors import UsageError
from grader.messages import gettext as _

NAMES = ("cpu", "cuda", "mps", "sim")


@dataclass(frozen=True)
class Device:
    """One device of a run. `unavailable` says why it cannot be used here, or is None; `note` what it really is."""

    name: str
    unavailable: str | None = None
    note: str = ""


def resolve(names: Sequence[str] | None) -> tuple[Device, ...]:
    """The devices for these names, in their order and once each; without names the default ones.

    Raises UsageError for a name that is none of cpu, cuda, mps and sim.
    """
    if not names:
        return (device("cpu"), _accelerator())
    for name in names:
        if name not in NAMES:
            raise UsageError(_("unknown device {name!r}; there are {names}").format(name=name, names=", ".join(NAMES)))
    return tuple(device(name) for name in dict.fromkeys(names))


def _accelerator() -> Device:
    for name in ("cuda", "mps"):
        found = device(name)
        if found.unavailable is None:
            return found
    return device("sim")


@cache
def device(name: str) -> Device:
    """What stands behind a name on this machine."""
    # Imported late: a run on the CPU alone is decided without waiting for torch.
    if name == "cpu":
        return Device("cpu")
    if name == "sim":
        from grader.sandbox.simulated import available

        return Device("sim", unavailable=available(), note=_("simulated accelerator"))
    import torch

    if name == "cuda":
        if not torch.cuda.is_available():
            return Device("cuda", unavailable=_("no CUDA device is present"))
        return Device("cuda", note=torch.cuda.get_device_name(0))
    if not torch.backends.mps.is_available():
        return Device("mps", unavailable=_("no MPS device is present"))
    return Device("mps", note="Apple MPS")

"""Parts of torch that a submission's process has in a form of its own, because theirs cannot work there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch


def install() -> None:
    """Put them in place, once a process, before a submission is loaded."""
    patched: Any = torch
    patched.set_num_interop_threads = _taken
    patched.compile = _as_it_is


def _taken(nthreads: int) -> None:
    """A fresh Python would take the number; here torch's threads were started by the server."""


def _as_it_is(model: Callable[..., Any] | None = None, **options: object) -> Any:
    """`torch.compile`, as a function or as a decorator with options, without compiling.

    That takes a C++ compiler, which no submission may start, and longer than all checks. The result is the same.
    """
    return (lambda wrapped: wrapped) if model is None else model

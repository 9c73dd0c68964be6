"""A submission's process: from the fork to the jail, and then requests one after the other until it is killed."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import sys
import traceback
from contextlib import suppress
from typing import NoReturn

from grader.sandbox import kernel, substitutes, wire
from grader.sandbox.jail import Jail, limit_resources
from grader.sandbox.limits import Limits
from grader.sandbox.runner import Runner

REQUESTS, REPLIES = 3, 4
"""The child's only descriptors besides the standard three."""

ENVIRONMENT = {
    "HOME": "/nonexistent",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/nonexistent",
    "OMP_NUM_THREADS": "1",
    "PATH": "",
    # torch._dynamo, which torch.utils.checkpoint imports, wants its cache folder to be there; it is never written.
    "TORCHINDUCTOR_CACHE_DIR": "/",
}
# Bound before a submission can put others in their place.
_os_read, _os_write, _os_exit = os.read, os.write, os._exit
_PIECE = 1 << 20
_MAX_DESCRIPTOR = 1 << 16


def main(descriptors: tuple[int, ...], server: int, jail: Jail, limits: Limits, *, cuda: bool) -> NoReturn:
    """Never returns: the forked copy of the server must not go on being a server."""
    status = 70
    try:
        _settle(descriptors, server)
        jail.enter(lambda: limit_resources(limits, address_space=not cuda))
        os.closerange(REPLIES + 1, _MAX_DESCRIPTOR)
        _write(wire.encode("hello", "", jail.label))
        _serve()
    except BaseException:
        # Seen by the submission's author, whose code most likely broke what this loop stands on.
        _os_write(2, traceback.format_exc(limit=-8).encode("utf-8", "backslashreplace"))
    finally:
        # Never the interpreter's own ending: it runs the submission's exit handlers and takes most of a second.
        _os_exit(status)


def _settle(descriptors: tuple[int, ...], server: int) -> None:
    """A session of its own, standard streams of its own, the two pipes, and nothing else that was open."""
    os.setsid()
    kernel.die_with_parent(server)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Out of the way of the numbers that they are to have.
    request, reply, output = (_high(descriptor) for descriptor in descriptors)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (output, 1), (output, 2), (request, REQUESTS), (reply, REPLIES)):
        os.dup2(source, target, inheritable=False)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    # Line by line, so that what was printed before a crash is not lost.
    sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(ENVIRONMENT)
    # The same luck for everybody. This module draws anew in every fork; torch and numpy go on from the server's seed.
    random.seed(0)


def _high(descriptor: int) -> int:
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD, 16)


def _serve() -> None:
    """Answer requests until the pipe ends. Whatever a submission does to this loop ends its own process only."""
    substitutes.install()
    nonce, source, entry, path = wire.read_load_request(*_read())
    runner = Runner(source, entry, path)
    _reply(wire.loaded_reply(nonce, runner.load()))
    while True:
        nonce, batch = wire.read_run_request(*_read())
        _reply(wire.answers_reply(nonce, runner.run(batch)))


def _reply(frame: bytes) -> None:
    for stream in (sys.stdout, sys.stderr):
        # A submission may have put anything in their place; what it printed last is all that could be lost.
        with suppress(Exception):
            stream.flush()
    _write(frame)


def _read() -> tuple[bytes, bytes]:
    frame = wire.FrameReader(wire.REQUEST_BOUNDS)
    while frame.wanted:
        data = _os_read(REQUESTS, min(frame.wanted, _PIECE))
        if not data:
            _os_exit(0)
        frame.feed(data)
    return frame.parts()


def _write(frame: bytes) -> None:
    left = memoryview(frame)
    while left:
        left = left[_os_write(REPLIES, left) :]

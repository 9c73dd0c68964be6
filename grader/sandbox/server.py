"""The fork server: a process of its own with torch imported and warmed, from which each submission's process is forked.

It holds no reference, no expected value and no submission; it starts children, waits for them, kills them when told
to or when the grader goes away, and says how they ended. It has one thread, so that forking is safe.

Started as `python -s -P -c …` by `grader.sandbox.client` with a cleared environment and one inherited socket.
"""

from __future__ import annotations

import gc
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from grader.sandbox import kernel, processes
from grader.sandbox.control import Closed, Control
from grader.sandbox.jail import Jail
from grader.sandbox.limits import Limits
from grader.sandbox.oblivion import forget_the_grader

POLL_SECONDS = 0.005
"""How often a child is looked at where the system has no descriptor for a process."""
MEMORY_POLL_SECONDS = 0.05
"""How often resident memory is measured where address space says nothing (CUDA)."""


@dataclass(frozen=True)
class Settings:
    """What the grader asks of this server, on its command line as JSON."""

    isolate: bool
    cuda: bool
    package: str
    """The folder of the package `grader`."""
    folder: str
    """Where the grader was called."""
    limits: dict[str, Any]
    parent: int
    """Process id of the grader, or 0 if the thread that starts this process may end before it."""


def main(descriptor: int, settings: Settings) -> None:
    """Serve until the grader goes away."""
    if settings.parent:
        # Until it listens on the socket, which ends with the grader too.
        kernel.die_with_parent(settings.parent)
    control = Control(socket.socket(fileno=descriptor))
    folders: tuple[str, ...] = ()
    try:
        try:
            server = Server(control, settings)
            folders = server.empty, server.sources
        except Exception as error:
            control.send({"failed": f"{type(error).__name__}: {error}"})
            return
        if settings.parent:
            kernel.prctl(kernel.PR_SET_PDEATHSIG, 0)
        server.serve()
    except Closed:
        pass
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Spare:
    """A child that waits in its jail for a submission, and the grader's ends of its pipes."""

    watched: processes.Watched
    ends: tuple[int, int, int]

    def close(self) -> None:
        """Close this process's copies of the ends."""
        for end in self.ends:
            os.close(end)


class Server:
    """The children of one slot."""

    def __init__(self, control: Control, settings: Settings) -> None:
        gc.disable()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._control = control
        self._limits = Limits(**settings.limits)
        self._cuda = settings.cuda
        self._child_main = _warm(cuda=settings.cuda)
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
        # Where Landlock is missing, this keeps /proc/<pid>/mem of the server and its children shut to one another.
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        self.empty = tempfile.mkdtemp(prefix=f"mogakco-{os.getpid()}-")
        Path(self.empty).chmod(0o500)
        os.chdir(self.empty)
        self.sources = tempfile.mkdtemp(prefix=f"mogakco-{os.getpid()}-")
        hidden = _hidden(settings)
        self._jail = Jail(
            isolate=settings.isolate,
            cuda=settings.cuda,
            hidden=hidden,
            readable=[Path(self.empty).resolve()],
            files=Path(self.sources).resolve(),
        )
        self._children: dict[int, processes.Watched] = {}
        self._spare: Spare | None = None
        self._poll = select.poll()
        self._baseline = processes.resident_bytes(os.getpid())
        forget_the_grader()
        # Nothing made so far goes away, so that looking for garbage in it is wasted time, here and in every child.
        gc.freeze()
        gc.enable()

    def serve(self) -> None:
        """Announce what holds, then answer until the socket closes (raises Closed)."""
        confinement = self._jail.confinement
        self._control.send(
            {
                "ready": self._jail.label,
                "parts": confinement.parts,
                "missing": confinement.missing,
                "empty": self.empty,
                "sources": self.sources,
            }
        )
        self._poll.register(self._control.fileno(), select.POLLIN)
        try:
            self._spare = self._spawn()
            while True:
                ready = [number for number, _ in self._poll.poll(self._pause())]
                if self._control.fileno() in ready:
                    for message, _descriptors in self._control.receive_all():
                        self._obey(message)
                self._look_around()
        finally:
            self._discard_spare()
            for number in list(self._children):
                self._end(number)

    def _pause(self) -> float | None:
        """Milliseconds between two looks at the children; None where a descriptor tells of everything."""
        if not self._children:
            return None
        if self._cuda:
            return MEMORY_POLL_SECONDS * 1000
        return (
            None if all(watched.descriptor is not None for watched in self._children.values()) else POLL_SECONDS * 1000
        )

    def _obey(self, message: dict[str, Any]) -> None:
        if "fork" in message:
            self._hand_over(int(message["fork"]))
        # A "kill" that crossed the report of an end has nothing left to kill.
        elif message.get("kill") in self._children:
            self._report(int(message["kill"]), "grader")

    def _hand_over(self, number: int) -> None:
        """Give the child that waits to the grader, and make the next one while this one works."""
        if self._spare is not None and self._spare.watched.ended():
            self._discard_spare()
        spare = self._spare or self._spawn()
        self._spare = None
        self._children[number] = spare.watched
        if spare.watched.descriptor is not None:
            self._poll.register(spare.watched.descriptor, select.POLLIN)
        try:
            self._control.send({"forked": number}, spare.ends)
        finally:
            spare.close()
        self._spare = self._spawn()

    def _spawn(self) -> Spare:
        """Fork a child, which confines itself and waits for a submission."""
        requests, replies, output = os.pipe(), os.pipe(), os.pipe()
        childs, graders = (requests[0], replies[1], output[1]), (requests[1], replies[0], output[0])
        server = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._child_main(childs, server, self._jail, self._limits, cuda=self._cuda)
        for descriptor in childs:
            os.close(descriptor)
        return Spare(processes.Watched(pid), graders)

    def _discard_spare(self) -> None:
        if self._spare is None:
            return
        self._spare.close()
        processes.kill_and_reap(self._spare.watched.pid)
        self._spare.watched.close()
        self._spare = None

    def _look_around(self) -> None:
        for number, watched in list(self._children.items()):
            if watched.ended():
                self._report(number, "")
            elif self._cuda and processes.resident_bytes(watched.pid) > self._baseline + self._limits.memory_bytes:
                self._report(number, "memory")

    def _report(self, number: int, killed: str) -> None:
        """`killed`: by the `grader`'s word, for its `memory`, or not at all."""
        status, usage = self._end(number)
        self._control.send(
            {
                "child": number,
                "status": status,
                "killed": killed,
                "cpu": usage.ru_utime + usage.ru_stime,
                "memory": processes.peak_bytes(usage),
            }
        )

    def _end(self, number: int) -> tuple[int, Any]:
        """Kill a child and whatever it started, and reap it."""
        watched = self._children.pop(number)
        if watched.descriptor is not None:
            self._poll.unregister(watched.descriptor)
        watched.close()
        status, usage = processes.kill_and_reap(watched.pid)
        if "seccomp" not in self._jail.confinement.parts:
            others = {other.pid for other in self._children.values()}
            processes.kill_descendants(but=others | ({self._spare.watched.pid} if self._spare else set()))
            if not self._children:
                processes.empty_folder(self.empty)
        return status, usage


def _warm(*, cuda: bool) -> Callable[..., NoReturn]:
    """Import torch and make it do once what every submission makes it do. Returns what a fork is to run."""
    import numpy as np
    import torch

    # Before any operation: after one on two threads, a forked child's first such operation hangs for ever.
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    from grader.sandbox import child, runner

    if not cuda:
        # A backward pass asks every built-in device for its count, and CUDA's driver does not survive a fork.
        runner.warm()
    # What children inherit: the same luck for everybody. Numpy's first seeding takes 15 ms.
    torch.manual_seed(0)
    np.random.seed(0)
    sys.dont_write_bytecode = True
    return child.main


def _hidden(settings: Settings) -> list[Path]:
    from grader.sandbox import policy

    return policy.hidden_paths(Path(settings.package), Path(settings.folder))


def start(descriptor: int, settings: str) -> None:
    """What the command line calls."""
    import json

    main(descriptor, Settings(**json.loads(settings)))
    sys.stdout.flush()
    os._exit(0)

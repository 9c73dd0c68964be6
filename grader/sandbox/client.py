"""The grader's side: a slot (`Sandbox`) and one submission in it (`Session`). Nothing here runs a submission's code."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any, Self, TypeVar

import grader
from grader.calls import Answer, Batch, Ending, Loaded, Output, Source, SubmissionEnded
from grader.errors import IsolationUnavailable, MogakcoError
from grader.messages import gettext as _
from grader.sandbox import processes, wire
from grader.sandbox.control import Closed, Control
from grader.sandbox.limits import Limits
from grader.sandbox.own_file import OwnFile

START_SECONDS = 120.0
"""For a server to import torch; a slow disk takes half a minute."""
END_SECONDS = 10.0
"""For a server to report a killed child, after which it is replaced itself."""
HELLO_SECONDS = 20.0
"""For a child to be forked and confined, before the submission's own time begins."""
STARTS = 3
"""How often a server is started for one submission."""
_PIECE = 256 * 1024
_Reply = TypeVar("_Reply")


class SandboxFailed(MogakcoError):
    """The sandbox itself does not work here; no submission is to blame."""


class Sandbox:
    """One slot: a warm fork server, and sessions that are asked one at a time (several may be open).

    `isolate=False` runs submissions as plain processes with limits. `require_isolation=True` raises
    IsolationUnavailable at the first `open` (or `isolation`) where the kernel lacks a part. To be used by one thread at
    a time; several sandboxes are independent of one another.
    """

    def __init__(self, limits: Limits | None = None, *, isolate: bool = True, require_isolation: bool = False) -> None:
        self.limits = limits if limits is not None else Limits()
        self._isolate = isolate
        self._require = require_isolation
        self._servers: dict[bool, _Server] = {}

    def start(self) -> None:
        """Start the server in the background, so that its caller can import torch meanwhile. Does not wait."""
        self._server(cuda=False)

    @property
    def isolation(self) -> str:
        """What holds around a submission on the CPU: `landlock+seccomp`, `seccomp`, `limits-only`, or `none`."""
        return self._ready(cuda=False).label

    def open(self, source: Source, entry: str, device: str = "cpu", *, secret: bool = False) -> Session:
        """Fork a process and load the submission in it. What goes wrong in loading is told by `Session.loaded`.

        Of a `secret` source no file is written, which its own process could otherwise open by `__file__`.
        Raises SandboxFailed when no server can be started, and IsolationUnavailable.
        """
        cuda = device.partition(":")[0] == "cuda"
        for attempt in range(STARTS):
            server = self._ready(cuda=cuda)
            try:
                return Session(server, source, entry, self.limits, secret=secret)
            except Closed:
                # The server ended between two submissions, which is none's fault.
                self._drop(cuda=cuda)
                if attempt == STARTS - 1:
                    raise SandboxFailed(
                        _("The sandbox's server ended {times} times in a row. Is the machine out of memory?").format(
                            times=STARTS
                        )
                    ) from None
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End the servers and everything below them."""
        for cuda in list(self._servers):
            self._drop(cuda=cuda)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _server(self, *, cuda: bool) -> _Server:
        server = self._servers.get(cuda)
        if server is None or not server.alive:
            if server is not None:
                server.close()
            server = self._servers[cuda] = _Server(self.limits, isolate=self._isolate, cuda=cuda)
        return server

    def _ready(self, *, cuda: bool) -> _Server:
        server = self._server(cuda=cuda)
        server.wait_until_ready()
        if self._require and (not self._isolate or server.missing or len(server.parts) < 2):
            reasons = ", ".join(f"{part} ({reason})" for part, reason in server.missing.items())
            self.close()
            raise IsolationUnavailable(
                _("Isolation was required, and this machine lacks: {parts}. Nothing was graded.").format(
                    parts=reasons or _("isolation was turned off")
                )
            )
        return server

    def _drop(self, *, cuda: bool) -> None:
        self._servers.pop(cuda).close()


class _Server:
    """The server's process as the grader sees it."""

    def __init__(self, limits: Limits, *, isolate: bool, cuda: bool) -> None:
        if not hasattr(os, "fork"):
            raise SandboxFailed(_("The sandbox needs Linux or macOS; on Windows, use WSL."))
        package = Path(grader.__file__).parent
        ours, theirs = socket.socketpair()
        settings = {
            "isolate": isolate,
            "cuda": cuda,
            "package": str(package),
            "folder": str(Path.cwd()),
            "limits": asdict(limits),
            # A server asked to die with its parent dies with the parent's *thread*; only the main one lasts.
            "parent": os.getpid() if threading.current_thread() is threading.main_thread() else 0,
        }
        # The package is found by its folder, not by the path of whoever calls, so that nothing there can shadow torch.
        code = (
            "import sys; sys.path.insert(0, sys.argv[1]); from grader.sandbox.server import start; "
            "sys.path.pop(0); start(int(sys.argv[2]), sys.argv[3])"
        )
        try:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-s",
                    "-P",
                    "-c",
                    code,
                    str(package.parent),
                    str(theirs.fileno()),
                    json.dumps(settings),
                ],
                env=_environment(cuda),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                # Ctrl-C is for the grader; it ends the server by closing the socket.
                start_new_session=True,
            )
        except OSError as error:
            ours.close()
            raise SandboxFailed(
                _("The sandbox's server could not be started: {reason}").format(reason=error)
            ) from error
        finally:
            theirs.close()
        self.control = Control(ours)
        self.label = ""
        self.parts: tuple[str, ...] = ()
        self.missing: dict[str, str] = {}
        self._empty = ""
        self.sources = ""
        """The folder for the files of submissions."""
        self._sessions = count()
        self._live: set[int] = set()
        self._reports: dict[int, dict[str, Any]] = {}
        self.alive = True

    def fork(self) -> tuple[int, tuple[int, ...]]:
        """A confined child that waits for a submission: the number to speak of it by, and the ends of its pipes.

        Raises Closed.
        """
        number = next(self._sessions)
        try:
            self.control.send({"fork": number})
            while number not in self._live:
                for message, descriptors in self.control.receive_all():
                    if message.get("forked") == number:
                        self._live.add(number)
                        ends = descriptors
                    else:
                        self._note(message)
            return number, ends
        except (Closed, TimeoutError):
            self.alive = False
            raise Closed from None

    def kill(self, number: int) -> None:
        """Have a child killed, with all that it started. Does not wait: the server does it before anything else."""
        ended = number not in self._live
        self._live.discard(number)
        if self.alive and not ended:
            with contextlib.suppress(Closed, TimeoutError):
                self.control.send({"kill": number})
        self._reports.pop(number, None)

    def receive(self) -> None:
        """Take in one report of an end, whichever child's; if none comes, the server is given up."""
        try:
            for message, _descriptors in self.control.receive_all():
                self._note(message)
        except (Closed, TimeoutError):
            self.alive = False

    def report(self, number: int) -> dict[str, Any] | None:
        """How a child ended; None while it has not. An empty one: the server is gone, and the child with it."""
        return self._reports.get(number, None if self.alive else {})

    def _note(self, message: dict[str, Any]) -> None:
        # Of those that nobody asks about any more, the report is only the answer to a kill.
        if message["child"] in self._live:
            self._live.discard(message["child"])
            self._reports[int(message["child"])] = message

    def wait_until_ready(self) -> None:
        """Raises SandboxFailed with the server's own words."""
        if self.label:
            return
        try:
            self.control.settimeout(START_SECONDS)
            message, _descriptors = self.control.receive()
            self.control.settimeout(END_SECONDS)
        except (Closed, TimeoutError):
            message = {"failed": _("it ended, or took more than {seconds:.0f} s").format(seconds=START_SECONDS)}
        if "failed" in message:
            self.close()
            raise SandboxFailed(
                _("The sandbox's server could not be started: {reason}").format(reason=message["failed"])
            )
        self.label = message["ready"]
        self.parts = tuple(message["parts"])
        self.missing = message["missing"]
        self._empty = message["empty"]
        self.sources = message["sources"]

    def close(self) -> None:
        """End it: it kills its child and removes its folder by itself, unless something holds it."""
        self.alive = False
        self.control.close()
        if not self.label:
            # It still imports torch, has forked nothing, and would not look up for seconds.
            self._process.kill()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._empty:
            with contextlib.suppress(OSError):
                processes.empty_folder(self._empty)
                Path(self._empty).rmdir()
            shutil.rmtree(self.sources, ignore_errors=True)


def _environment(cuda: bool) -> dict[str, str]:
    """All that a server inherits: what the dynamic loader needs to start this interpreter, and fixed settings."""
    kept: tuple[str, ...] = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "TZ")
    if cuda:
        kept += ("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        **({} if cuda else {"CUDA_VISIBLE_DEVICES": ""}),
        "HOME": "/nonexistent",
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        # An arena for each thread reserves 128 MiB of address space, which is what is limited.
        "MALLOC_ARENA_MAX": "2",
        # Huge pages for the heap, Python's objects included: a fork copies one entry where it copied 512, which is most
        # of its cost (9 ms without, 2 ms with, for 150 MB). Elsewhere than on Linux with glibc it means nothing.
        "PYTHONMALLOC": "malloc",
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
        "MPLBACKEND": "Agg",
        "TORCH_DEVICE_BACKEND_AUTOLOAD": "0",
    }


class Session:
    """One submission in its own process, from loading to killing. Use it in a `with` block.

    Closing never raises; `ended` says afterwards whether the process had sent more than it was asked for.
    """

    def __init__(self, server: _Server, source: Source, entry: str, limits: Limits, *, secret: bool = False) -> None:
        self._server = server
        self._file = None if secret else OwnFile(server.sources, source)
        self._limits = limits
        self._spent = 0.0
        self._output = bytearray()
        self._truncated = False
        self._ended: SubmissionEnded | None = None
        self._loaded: Loaded | None = None
        self._child, (self._requests, self._replies, self._outputs) = server.fork()
        self._open = True
        for end in (self._requests, self._replies, self._outputs):
            os.set_blocking(end, False)
        try:
            self._load(source, entry)
        except SubmissionEnded as ended:
            self._ended = ended
        except BaseException:
            self.close()
            raise

    # -- what a caller sees

    @property
    def loaded(self) -> Loaded:
        """What loading gave; raises SubmissionEnded if it ended the process."""
        if self._loaded is None:
            assert self._ended is not None
            raise self._ended
        return self._loaded

    @property
    def output(self) -> Output:
        """What it printed so far, cut at the bound. Control characters are as they came."""
        self._drain_output()
        return Output(bytes(self._output).decode("utf-8", "replace"), self._truncated)

    def run(self, batch: Batch, seconds: float | None = None) -> list[Answer]:
        """Make the calls. `seconds` is this request's wall clock (default: the limit of a check).

        Raises SubmissionEnded, now and at every later call, once the process is gone.
        """
        if self._ended is not None:
            raise self._ended
        nonce = token_hex(16)
        frame = wire.run_request(nonce, batch)
        return self._ask(
            frame,
            wire.batch_bounds(batch),
            lambda header, payload: wire.read_answers_reply(header, payload, nonce, batch),
            self._limits.check_seconds if seconds is None else seconds,
        )

    @property
    def ended(self) -> SubmissionEnded | None:
        """Why the process is gone, other than by closing: as raised, or a frame too many that was found on closing."""
        return self._ended

    def close(self) -> None:
        """Kill the process and everything it started."""
        if not self._open:
            return
        if self._ended is None and self._surplus():
            self._ended = SubmissionEnded(Ending.PROTOCOL, _("it sent more than it was asked for"))
        self._finish()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    # -- requests

    def _load(self, source: Source, entry: str) -> None:
        started = time.monotonic()
        # Sent before the process has read a line of the submission, so it can be believed.
        try:
            hello = self._exchange(b"", wire.PLAIN_BOUNDS, started + HELLO_SECONDS)
        except TimeoutError:
            # Something holds it: it is replaced, and nobody is to blame.
            self._server.alive = False
            hello = None
        if hello is None:
            if not self._server.alive:
                raise Closed
            raise SandboxFailed(
                _("A process could not be confined, so nothing was run in it: {reason}").format(
                    reason=self.output.text.strip().rpartition("\n")[2] or _("it did not answer")
                )
            )
        if (held := wire.decode(*hello, "hello", None)[1]) != self._server.label:
            raise IsolationUnavailable(
                _("A process was to be confined by {expected} and was by {held}. Nothing was graded.").format(
                    expected=self._server.label, held=held
                )
            )
        nonce = token_hex(16)
        self._loaded = self._ask(
            wire.load_request(nonce, source, entry, self._file.path if self._file else ""),
            wire.PLAIN_BOUNDS,
            lambda header, payload: wire.read_loaded_reply(header, payload, nonce),
            self._limits.check_seconds,
        )

    def _ask(self, frame: bytes, bounds: wire.Bounds, read: Callable[[bytes, bytes], _Reply], seconds: float) -> _Reply:
        """One request and its reply, against the clock."""
        left = self._limits.submission_seconds - self._spent
        limit = min(seconds, left)
        started = time.monotonic()
        try:
            if self._surplus():
                raise wire.WireError(_("it sent something before it was asked"))
            reply = self._exchange(frame, bounds, started + limit)
            if reply is None:
                ended = self._gone()
            else:
                return read(*reply)
        except wire.WireError as error:
            ended = SubmissionEnded(Ending.PROTOCOL, str(error))
        except TimeoutError:
            used = time.monotonic() - started
            if left < seconds:
                ended = SubmissionEnded(
                    Ending.WALL_CLOCK,
                    _("all of its requests together took too long"),
                    used=self._spent + used,
                    limit=self._limits.submission_seconds,
                )
            else:
                ended = SubmissionEnded(Ending.WALL_CLOCK, _("it did not answer in time"), used=used, limit=seconds)
        finally:
            self._spent += time.monotonic() - started
        self._ended = ended
        self._finish()
        raise ended

    def _exchange(self, frame: bytes, bounds: wire.Bounds, deadline: float) -> tuple[bytes, bytes] | None:
        """Send a frame and collect one, draining what is printed. None: the process ended without a whole one.

        Raises TimeoutError at the deadline and WireError for a frame that may not be.
        """
        if not self._server.alive:
            return None
        unsent = memoryview(frame)
        reader = wire.FrameReader(bounds)
        control = self._server.control.fileno()
        poll = select.poll()
        poll.register(self._replies, select.POLLIN)
        poll.register(self._outputs, select.POLLIN)
        poll.register(control, select.POLLIN)
        if unsent:
            poll.register(self._requests, select.POLLOUT)
        replies_open = True
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            for descriptor, _event in poll.poll(left * 1000):
                if descriptor == self._requests:
                    unsent = self._send_some(unsent)
                    if not unsent:
                        poll.unregister(self._requests)
                elif descriptor == self._outputs:
                    if not self._read_output():
                        poll.unregister(self._outputs)
                elif descriptor == self._replies and replies_open:
                    data = os.read(self._replies, min(reader.wanted, _PIECE))
                    if not data:
                        # It closed its end; whether it is gone too, the server will say.
                        replies_open = False
                        poll.unregister(self._replies)
                    reader.feed(data)
                    if not reader.wanted:
                        return reader.parts()
                elif descriptor == control:
                    self._server.receive()
                    if self._server.report(self._child) is not None:
                        # What it had written before it ended still counts.
                        return self._last_frame(reader)

    def _last_frame(self, reader: wire.FrameReader) -> tuple[bytes, bytes] | None:
        while reader.wanted:
            try:
                data = os.read(self._replies, min(reader.wanted, _PIECE))
            except BlockingIOError:
                return None
            if not data:
                return None
            reader.feed(data)
        return reader.parts()

    def _send_some(self, unsent: memoryview) -> memoryview:
        try:
            return unsent[os.write(self._requests, unsent[:_PIECE]) :]
        except BlockingIOError:
            return unsent
        except BrokenPipeError:
            # It closed its end; the clock or the server will say what became of it.
            return unsent[:0]

    def _surplus(self) -> bytes:
        try:
            return os.read(self._replies, 1)
        except BlockingIOError:
            return b""

    # -- what it prints

    def _read_output(self) -> bool:
        """Take what is there; False at the end of it."""
        try:
            data = os.read(self._outputs, _PIECE)
        except BlockingIOError:
            return True
        room = self._limits.output_bytes - len(self._output)
        self._output += data[:room]
        self._truncated |= len(data) > room
        return bool(data)

    def _drain_output(self) -> None:
        """Take what is there now, up to the bound."""
        if not self._open:
            return
        poll = select.poll()
        poll.register(self._outputs, select.POLLIN)
        while not self._truncated and poll.poll(0):
            if not self._read_output():
                return

    # -- how it ended

    def _finish(self) -> None:
        """Have the child killed, keep what it printed, and let go of it."""
        self._drain_output()
        self._server.kill(self._child)
        self._open = False
        if self._file is not None:
            self._file.remove()
        for end in (self._requests, self._replies, self._outputs):
            os.close(end)

    def _gone(self) -> SubmissionEnded:
        """Why the process ended by itself."""
        report = self._server.report(self._child)
        if not report:
            return SubmissionEnded(Ending.CRASHED, _("the process that all submissions are forked from ended"))
        limits = self._limits
        status, cpu, memory = int(report["status"]), float(report["cpu"]), int(report["memory"])
        if report["killed"] == "memory":
            return SubmissionEnded(
                Ending.MEMORY, _("it held too much memory"), float(memory), float(limits.memory_bytes)
            )
        if os.WIFEXITED(status):
            return SubmissionEnded(
                Ending.EXITED, _("it left with exit status {status}").format(status=os.WEXITSTATUS(status))
            )
        number = os.WTERMSIG(status)
        name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
        if number in (signal.SIGXCPU, signal.SIGKILL) and cpu >= max(1, round(limits.cpu_seconds)) - 0.5:
            return SubmissionEnded(Ending.CPU, name, cpu, float(limits.cpu_seconds))
        if number == signal.SIGKILL:
            # Nobody but the kernel can have sent it: it had no memory left to give.
            return SubmissionEnded(Ending.MEMORY, name, float(memory), float(limits.memory_bytes))
        return SubmissionEnded(Ending.CRASHED, name)

"""What the grader and the fork server say to each other: one JSON object a line over a socket, descriptors beside it.

No submission's process has this socket.
"""

from __future__ import annotations

import json
import socket
from typing import Any

MAX_LINE = 64 * 1024
MAX_DESCRIPTORS = 3
_CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)


class Closed(Exception):
    """The other end is gone."""


class Control:
    """One end of the socket."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._pending = bytearray()
        self._descriptors: list[int] = []

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()

    def settimeout(self, seconds: float | None) -> None:
        """Of every later send and receive; they raise TimeoutError."""
        self._socket.settimeout(seconds)

    def send(self, message: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
        """Raises Closed; the descriptors are duplicated into the other process."""
        line = json.dumps({**message, "descriptors": len(descriptors)}).encode() + b"\n"
        try:
            if descriptors:
                sent = socket.send_fds(self._socket, [line], list(descriptors))
                line = line[sent:]
            self._socket.sendall(line)
        except (BrokenPipeError, ConnectionError) as error:
            raise Closed from error

    def receive_all(self) -> list[tuple[dict[str, Any], tuple[int, ...]]]:
        """At least one message, and all that came with it: none is left behind where poll cannot see it."""
        messages = [self.receive()]
        while b"\n" in self._pending:
            messages.append(self.receive())
        return messages

    def receive(self) -> tuple[dict[str, Any], tuple[int, ...]]:
        """The next message and the descriptors that came with it; raises Closed."""
        while b"\n" not in self._pending:
            try:
                data, descriptors, _flags, _address = socket.recv_fds(
                    self._socket, MAX_LINE, MAX_DESCRIPTORS, _CLOSE_ON_EXEC
                )
            except ConnectionError as error:
                raise Closed from error
            if not data:
                raise Closed
            self._pending += data
            self._descriptors += descriptors
            if len(self._pending) > 2 * MAX_LINE:
                raise Closed
        line, _, rest = bytes(self._pending).partition(b"\n")
        self._pending = bytearray(rest)
        message = json.loads(line)
        # Two messages can arrive at once, so each says how many of the descriptors are its own.
        own = message.pop("descriptors")
        came, self._descriptors = tuple(self._descriptors[:own]), self._descriptors[own:]
        return message, came

"""Frames between the grader and a submission's process: JSON for what happened, safetensors for arrays, nothing else.

A frame is two little-endian 32-bit lengths, then that many bytes of JSON, then that many bytes of safetensors. Both
lengths are compared with a bound before anything is read, and nothing on this path can run code (no pickle).

Why forging a frame gains nothing. A submission shares its process with the code that reads and writes frames: it can
find the descriptors and the nonce and write whatever it likes. It needs to write the right values then, and those are
only in the grader's process, which computes them from inputs of its own drawing and compares. A forged frame is one
more answer, right only if the submission computed the right values for these inputs, in which case it could have
returned them. One forged ahead of time lacks the nonce; one sent besides the honest one is a frame too many, and
either ends the session as `PROTOCOL`. What a process says about itself besides values (which ready-made functions
ran, which arguments changed, times) cannot be proved by it: these are rules of the exercise, not security boundaries.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from grader.calls import Answer, Array, Batch, Loaded, Source
from grader.sandbox.codec import MAX_ITEMS, MAX_TEXT, Arrays, Malformed, Unpack, pack, unpacker

MIB = 1024**2
_LENGTHS = struct.Struct("<II")

REQUEST_HEADER = 64 * MIB
"""Bound on what the grader sends: a submission's text and a batch's shape. It guards against its own mistakes."""
REQUEST_PAYLOAD = 1024 * MIB
REPLY_HEADER = 4 * MIB
"""Bound on the JSON of one reply, checked before it is read."""
RETURNED_BYTES = 64 * MIB
"""Of returned values in one reply, all calls together. A loss is a scalar; more than this comes back as no value."""
PAYLOAD_OVERHEAD = 1 * MIB
"""Of a reply's safetensors header, beyond the arrays' own bytes."""
ITEM_BYTES = 8
"""Of the widest number that travels (float64)."""


# Made once at import: reading type hints needs the modules that they name, which a submission's process has forgotten.
_unpack_source, _unpack_batch = unpacker(Source), unpacker(Batch)
_unpack_loaded, _unpack_answers = unpacker(Loaded), unpacker(list[Answer])


class WireError(Exception):
    """A frame that is malformed, too large, or answers something else. The message says what, for people."""


@dataclass(frozen=True)
class Bounds:
    """The most bytes that either part of the next frame may have."""

    header: int
    payload: int


REQUEST_BOUNDS = Bounds(REQUEST_HEADER, REQUEST_PAYLOAD)
PLAIN_BOUNDS = Bounds(REPLY_HEADER, PAYLOAD_OVERHEAD)
"""Of replies that carry no arrays."""


def batch_bounds(batch: Batch) -> Bounds:
    """Of the reply to a batch: a gradient is as large as its argument, and values have a bound of their own."""
    gradients = sum(
        argument.value.size * ITEM_BYTES
        for call in batch.calls
        for argument in call.arguments
        if isinstance(argument.value, np.ndarray)
    )
    return Bounds(REPLY_HEADER, gradients + RETURNED_BYTES + PAYLOAD_OVERHEAD)


class FrameReader:
    """Collects one frame from pieces of any size; refuses it as soon as its lengths are known."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._buffer = bytearray()
        self._sizes: tuple[int, int] | None = None

    @property
    def wanted(self) -> int:
        """How many bytes are still missing, as far as is known. 0: the frame is complete."""
        total = _LENGTHS.size if self._sizes is None else _LENGTHS.size + sum(self._sizes)
        return total - len(self._buffer)

    def feed(self, data: bytes) -> None:
        """Take at most `wanted` bytes; raises WireError when the announced lengths are over their bounds."""
        self._buffer += data
        if self._sizes is None and len(self._buffer) >= _LENGTHS.size:
            header, payload = _LENGTHS.unpack_from(self._buffer)
            if header > self._bounds.header or payload > self._bounds.payload:
                most = self._bounds
                raise WireError(
                    f"a frame of {header} + {payload} bytes; at most {most.header} + {most.payload} may come"
                )
            self._sizes = header, payload

    def parts(self) -> tuple[bytes, bytes]:
        """JSON and safetensors bytes of the complete frame."""
        assert self._sizes is not None and self.wanted == 0
        start = _LENGTHS.size + self._sizes[0]
        return bytes(self._buffer[_LENGTHS.size : start]), bytes(self._buffer[start:])


def encode(kind: str, nonce: str, body: Any, arrays: Sequence[Array] = ()) -> bytes:
    """One frame. `body` is JSON data, NaN and infinities allowed; lone surrogates travel escaped."""
    header = json.dumps({"kind": kind, "nonce": nonce, "body": body}).encode("ascii")
    named = {str(number): np.ascontiguousarray(array) if array.ndim else array for number, array in enumerate(arrays)}
    payload = save_arrays(named) if named else b""
    return _LENGTHS.pack(len(header), len(payload)) + header + payload


def decode(header: bytes, payload: bytes, kind: str, nonce: str | None) -> tuple[str, Any, list[Array]]:
    """Nonce, body and arrays of a frame of this kind that answers this nonce (None: any); else raises WireError."""
    frame = _json(header)
    if type(frame) is not dict or frame.keys() != {"kind", "nonce", "body"}:
        raise WireError("a frame without kind, nonce and body")
    if frame["kind"] != kind:
        raise WireError(f"a frame of another kind than {kind!r}")
    if nonce is not None and frame["nonce"] != nonce:
        raise WireError("a frame that answers another request")
    return frame["nonce"], frame["body"], _arrays(payload)


def _json(header: bytes) -> Any:
    try:
        return json.loads(header)
    except (ValueError, RecursionError) as error:
        # ValueError covers undecodable bytes, broken JSON, and integers of too many digits.
        raise WireError(f"a frame whose JSON cannot be read ({type(error).__name__})") from None


def _arrays(payload: bytes) -> list[Array]:
    if not payload:
        return []
    try:
        named = load_arrays(payload)
        return [named[str(number)] for number in range(len(named))]
    except (SafetensorError, KeyError, ValueError, TypeError, OverflowError, MemoryError) as error:
        # KeyError covers a dtype that numpy has not, and names that are not 0, 1, 2 …
        raise WireError(f"a frame whose arrays cannot be read ({type(error).__name__})") from None


# ---- requests: written by the grader, read in the submission's process -------------------------------------------


def load_request(nonce: str, source: Source, entry: str, path: str) -> bytes:
    """Ask to run the cells and look for the entry; `path` is where the source can be read, or ""."""
    arrays: Arrays = []
    return encode("load", nonce, {"source": pack(source, arrays), "entry": entry, "path": path}, arrays)


def run_request(nonce: str, batch: Batch) -> bytes:
    """Ask to make the calls of a batch."""
    arrays: Arrays = []
    body = pack(batch, arrays)
    return encode("run", nonce, body, arrays)


def read_load_request(header: bytes, payload: bytes) -> tuple[str, Source, str, str]:
    """The other end of `load_request`: nonce, source, entry, path."""
    nonce, body, arrays = decode(header, payload, "load", None)
    return nonce, _unpack_source(body["source"], arrays), str(body["entry"]), str(body["path"])


def read_run_request(header: bytes, payload: bytes) -> tuple[str, Batch]:
    """The other end of `run_request`: nonce, batch."""
    nonce, body, arrays = decode(header, payload, "run", None)
    return nonce, _unpack_batch(body, arrays)


# ---- replies: written in the submission's process, read by the grader ---------------------------------------------


def loaded_reply(nonce: str, loaded: Loaded) -> bytes:
    """What loading gave."""
    arrays: Arrays = []
    return encode("loaded", nonce, pack(loaded, arrays, cut=True), arrays)


def answers_reply(nonce: str, answers: Sequence[Answer]) -> bytes:
    """What the calls gave. Values that are no number array, or too large to be a loss, are left out."""
    arrays: Arrays = []
    room = RETURNED_BYTES
    packed = []
    for answer in answers:
        for values in (answer.value, *answer.repeated):
            if values is not None and (values.dtype.kind not in "fiub" or values.nbytes > room):
                answer = replace(answer, value=None, repeated=())
                break
        else:
            room -= sum(values.nbytes for values in (answer.value, *answer.repeated) if values is not None)
        packed.append(pack(answer, arrays, cut=True))
    return encode("answers", nonce, packed, arrays)


def read_loaded_reply(header: bytes, payload: bytes, nonce: str) -> Loaded:
    """The other end of `loaded_reply`; raises WireError for anything but one well-formed `Loaded`."""
    _nonce, body, arrays = decode(header, payload, "loaded", nonce)
    loaded: Loaded = _checked(_unpack_loaded, body, arrays)
    return loaded


def read_answers_reply(header: bytes, payload: bytes, nonce: str, batch: Batch) -> list[Answer]:
    """The other end of `answers_reply`; raises WireError unless the answers fit the batch's calls one by one."""
    _nonce, body, arrays = decode(header, payload, "answers", nonce)
    answers: list[Answer] = _checked(_unpack_answers, body, arrays)
    if len(answers) != len(batch.calls):
        raise WireError(f"{len(answers)} answers to {len(batch.calls)} calls")
    for answer, call in zip(answers, batch.calls, strict=True):
        if answer.gradients and len(answer.gradients) != len(call.arguments):
            raise WireError(f"{len(answer.gradients)} gradients for {len(call.arguments)} arguments")
        for gradient, argument in zip(answer.gradients, call.arguments, strict=False):
            if gradient is not None and gradient.shape != np.shape(argument.value if argument.value is not None else 0):
                raise WireError("a gradient of another shape than its argument's")
        if not all(math.isfinite(seconds) and seconds >= 0 for seconds in answer.seconds):
            raise WireError("a time that is no time")
    return answers


def _checked(unpack: Unpack, body: Any, arrays: list[Array]) -> Any:
    if any(array.dtype.kind not in "fiub" for array in arrays):
        raise WireError("an array that holds no numbers")
    _bounded(body)
    try:
        return unpack(body, arrays)
    except Malformed as error:
        raise WireError(str(error)) from None


def _bounded(body: Any) -> None:
    """Refuse strings and lists longer than an honest reply's."""
    stack = [body]
    while stack:
        data = stack.pop()
        if type(data) is str and len(data) > MAX_TEXT:
            raise WireError(f"a text of {len(data)} characters")
        if type(data) is list:
            if len(data) > MAX_ITEMS:
                raise WireError(f"a list of {len(data)}")
            stack.extend(data)
        elif type(data) is dict:
            stack.extend(data.values())

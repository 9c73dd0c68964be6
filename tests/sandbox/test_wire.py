"""Frames: what goes in comes out, and nothing but a well-formed answer to the question asked gets past the reader."""

from __future__ import annotations

import json
import math
import struct
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from bce_calls import batch, source
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from safetensors.numpy import save

from grader.calls import Answer, Argument, Array, Batch, Call, Event, Loaded, Location, Problem, Watch
from grader.sandbox import wire
from grader.sandbox.codec import MAX_ITEMS, MAX_TEXT

text = st.text(st.characters(), max_size=20)
floats = st.floats(allow_nan=True, allow_infinity=True)
numbers = arrays.arrays(
    st.sampled_from([np.float32, np.float64]), arrays.array_shapes(min_dims=0, max_dims=3, max_side=4)
)
locations = st.builds(Location, text, st.integers(1, 10**6), text, st.none() | st.integers(0, 80))
problems = st.builds(Problem, text, text, st.none() | locations)
events = st.builds(Event, st.sampled_from(["ready-made", "wrong-device", "host-sync"]), text, st.none() | locations)
arguments = st.builds(Argument, st.none() | floats | numbers, st.booleans(), st.booleans())
batches = st.builds(
    Batch,
    st.lists(st.builds(Call, st.tuples(arguments, arguments), st.none() | floats), max_size=3).map(tuple),
    st.sampled_from(["cpu", "cuda", "sim"]),
    st.frozensets(st.sampled_from(Watch)),
    st.integers(1, 9),
)
answers = st.builds(
    Answer,
    value=st.none() | numbers,
    dtype=text,
    repeated=st.lists(numbers, max_size=2).map(tuple),
    returned=text,
    device=text,
    attached=st.booleans(),
    raised=st.none() | problems,
    backward_raised=st.none() | problems,
    changed=st.lists(text, max_size=2).map(tuple),
    events=st.lists(events, max_size=2).map(tuple),
    seconds=st.lists(st.floats(0, 1e6), max_size=3).map(tuple),
    peak_bytes=st.none() | st.integers(0, 2**60),
)


def parts(frame: bytes, bounds: wire.Bounds = wire.REQUEST_BOUNDS) -> tuple[bytes, bytes]:
    reader = wire.FrameReader(bounds)
    while reader.wanted:
        piece, frame = frame[: reader.wanted], frame[reader.wanted :]
        assert piece, "a frame that promises more than it holds"
        reader.feed(piece)
    assert not frame, "a frame that holds more than it promises"
    return reader.parts()


def same(one: Any, other: Any) -> bool:
    """Equal to the bit, arrays and NaN included."""
    if isinstance(one, np.ndarray):
        return (
            isinstance(other, np.ndarray)
            and (one.dtype, one.shape) == (other.dtype, other.shape)
            and one.tobytes() == other.tobytes()
        )
    if isinstance(one, float) and isinstance(other, float):
        return struct.pack("d", one) == struct.pack("d", other) or (math.isnan(one) and math.isnan(other))
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if hasattr(one, "__dataclass_fields__"):
        return type(one) is type(other) and all(
            same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one)
        )
    return bool(type(one) is type(other) and one == other)


@given(batches)
def test_a_batch_arrives_as_it_was_sent(asked: Batch) -> None:
    nonce, came = wire.read_run_request(*parts(wire.run_request("n", asked)))
    assert nonce == "n" and same(asked, came)


@given(text, text, text, text)
def test_source_arrives_as_it_was_written(file: str, code: str, entry: str, path: str) -> None:
    sent = source(code, file)
    assert wire.read_load_request(*parts(wire.load_request("n", sent, entry, path))) == ("n", sent, entry, path)


@given(answers)
def test_an_answer_arrives_as_it_was_given(answer: Answer) -> None:
    asked = Batch((Call(()),))
    (came,) = wire.read_answers_reply(*parts(wire.answers_reply("n", [answer])), "n", asked)
    assert same(answer, came)


def test_gradients_arrive_beside_the_arguments_that_have_none() -> None:
    asked = batch(1, 3)
    answer = Answer(value=np.ones(()), gradients=(np.arange(3.0), None))
    (came,) = wire.read_answers_reply(*parts(wire.answers_reply("n", [answer])), "n", asked)
    assert same(answer, came)


ONE = batch(1, 3)
GOOD = Answer(value=np.ones(()), gradients=(np.arange(3.0), None), seconds=(0.1,))


def body(**changes: Any) -> list[dict[str, Any]]:
    """A good answer's JSON with some fields changed."""
    header, _ = parts(wire.answers_reply("n", [GOOD]))
    return [{**json.loads(header)["body"][0], **changes}]


def forged(data: Any, *, kind: str = "answers", nonce: str = "n", payload: bytes | None = None) -> bytes:
    header = json.dumps({"kind": kind, "nonce": nonce, "body": data}).encode()
    payload = save({"0": np.ones(()), "1": np.arange(3.0)}) if payload is None else payload
    return struct.pack("<II", len(header), len(payload)) + header + payload


def without(name: str) -> list[dict[str, Any]]:
    (answer,) = body()
    return [{key: value for key, value in answer.items() if key != name}]


FORGED = {
    "another kind": forged(body(), kind="loaded"),
    "another nonce": forged(body(), nonce="m"),
    "a nonce that is no text": forged(body(), nonce=["n"]),  # type: ignore[arg-type]
    "no list": forged({}),
    "no answers": forged([]),
    "two answers": forged(body() * 2),
    "a field missing": forged(without("attached")),
    "a field more": forged(body(verdict="pass")),
    "text for an array": forged(body(value="1.0")),
    "an array that is not there": forged(body(value={"array": 2})),
    "a negative array": forged(body(value={"array": -1})),
    "an array by truth": forged(body(value={"array": True})),
    "a number for truth": forged(body(attached=1)),
    "truth for a number": forged(body(peak_bytes=True)),
    "a float for a number": forged(body(peak_bytes=1.5)),
    "no event": forged(body(events=[{"kind": "pass", "name": "", "where": None}])),
    "a gradient too many": forged(body(gradients=[{"array": 1}, None, None])),
    "a gradient of another shape": forged(body(gradients=[{"array": 0}, None])),
    "a time before the start": forged(body(seconds=[-1.0])),
    "a time that is none": forged(body(seconds=[math.nan])),
    "a time beyond floats": forged(body(seconds=[10**400])),
    "a long text": forged(body(returned="x" * (MAX_TEXT + 1))),
    "a long list": forged(body(changed=["x"] * (MAX_ITEMS + 1))),
    "no JSON": struct.pack("<II", 3, 0) + b"{{{",
    "no UTF-8": struct.pack("<II", 2, 0) + b"\xff\xfe",
    "a million brackets": struct.pack("<II", 10**6, 0) + b"[" * 10**6,
    "a number of a million digits": struct.pack("<II", 10**6, 0) + b"9" * 10**6,
    "no safetensors": forged(body(), payload=b"x" * 100),
    "a header of safetensors that is too long": forged(body(), payload=struct.pack("<Q", 2**63) + b"{}"),
    "other names": forged(body(), payload=save({"a": np.ones(()), "b": np.arange(3.0)})),
    "overlapping arrays": forged(
        body(),
        payload=struct.pack("<Q", 104)
        + b'{"0":{"dtype":"F64","shape":[],"data_offsets":[0,8]},'
        b'"1":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}'.ljust(104)
        + b"x" * 8,
    ),
    "an array of truths and falsehoods beyond its bytes": forged(
        body(),
        payload=struct.pack("<Q", 72)
        + b'{"0":{"dtype":"F64","shape":[1000000000000],"data_offsets":[0,8]}}'.ljust(72)
        + b"x" * 8,
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_frame_that_may_not_be_is_refused(name: str) -> None:
    with pytest.raises(wire.WireError):
        wire.read_answers_reply(*parts(FORGED[name]), "n", ONE)


def test_the_good_one_is_not() -> None:
    (came,) = wire.read_answers_reply(*parts(forged(body())), "n", ONE)
    assert same(came, GOOD)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_noise_is_refused_and_nothing_else_happens(header: bytes, payload: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.read_answers_reply(header, payload, "n", ONE)


@given(st.data())
def test_a_damaged_frame_is_refused_or_harmless(data: st.DataObject) -> None:
    frame = bytearray(wire.answers_reply("n", [GOOD]))
    for _ in range(data.draw(st.integers(1, 4))):
        frame[data.draw(st.integers(8, len(frame) - 1))] = data.draw(st.integers(0, 255))
    header, payload = parts(bytes(frame))
    try:
        (came,) = wire.read_answers_reply(header, payload, "n", ONE)
    except wire.WireError:
        return
    assert isinstance(came, Answer)


@pytest.mark.parametrize(
    "sizes", [(wire.REPLY_HEADER + 1, 0), (2**32 - 1, 2**32 - 1), (0, wire.batch_bounds(ONE).payload + 1)]
)
def test_a_frame_over_its_bound_is_refused_before_it_is_read(sizes: tuple[int, int]) -> None:
    reader = wire.FrameReader(wire.batch_bounds(ONE))
    with pytest.raises(wire.WireError, match=str(max(sizes))):
        reader.feed(struct.pack("<II", *sizes))


def big(values: int) -> Array:
    return np.zeros(values)


@pytest.mark.parametrize(
    "value",
    [np.zeros(2, complex), np.array(["text"]), big(wire.RETURNED_BYTES // 8 + 1)],
    ids=["complex", "text", "large"],
)
def test_what_can_be_no_loss_comes_back_as_no_value(value: Array) -> None:
    answer = replace(GOOD, value=value)
    (came,) = wire.read_answers_reply(*parts(wire.answers_reply("n", [answer]), wire.batch_bounds(ONE)), "n", ONE)
    assert came.value is None and came.returned == "Tensor"


def test_long_texts_and_lists_are_cut_by_their_writer() -> None:
    came = wire.read_loaded_reply(*parts(wire.loaded_reply("n", Loaded(True, names=("x" * 10**6, *"y" * 10**4)))), "n")
    assert len(came.names) == MAX_ITEMS and len(came.names[0]) == MAX_TEXT

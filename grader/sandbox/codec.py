"""Plain dataclasses to JSON and arrays, and back under a strict schema, which is the type hints of `grader.calls`.

`pack` is called on both sides with honest values. What `unpacker` makes is called by the parent on what a
submission's process wrote, so it accepts exactly what the hints say (no missing key, no further key, no bool for an
int) and raises `Malformed` for anything else.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Literal, Union

import numpy as np

from grader.calls import Array

MAX_TEXT = 4_000
"""Characters of one string that a submission's process sends; source text goes the other way and is not cut."""
MAX_ITEMS = 1_000
"""Items of one list that a submission's process sends."""

Arrays = list[Array]
Unpack = Callable[[Any, Sequence[Array]], Any]


class Malformed(ValueError):
    """What came is not what the schema says."""


def pack(value: Any, arrays: Arrays, *, cut: bool = False) -> Any:
    """JSON data for a value of `grader.calls`; its arrays are appended to `arrays` and named by their position.

    With `cut`, strings and lists are shortened to what the other side accepts.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {"array": len(arrays) - 1}
    if isinstance(value, str):
        return str(value)[:MAX_TEXT] if cut else str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, tuple | list | frozenset):
        items = list(value)[:MAX_ITEMS] if cut else list(value)
        return [pack(item, arrays, cut=cut) for item in items]
    if is_dataclass(value):
        return {field.name: pack(getattr(value, field.name), arrays, cut=cut) for field in fields(value)}
    raise TypeError(f"a {type(value).__name__} does not travel")


def _none(data: Any, arrays: Sequence[Array]) -> None:
    if data is not None:
        raise Malformed(f"expected nothing, got a {type(data).__name__}")


def _exactly(kind: type, *also: type) -> Unpack:
    def unpack(data: Any, arrays: Sequence[Array]) -> Any:
        # `type() is` and not isinstance: True is an int, and JSON makes plain types only.
        if type(data) is not kind and type(data) not in also:
            raise Malformed(f"expected a {kind.__name__}, got a {type(data).__name__}")
        try:
            return kind(data)
        except OverflowError:
            raise Malformed("a number is too large") from None

    return unpack


def _array(data: Any, arrays: Sequence[Array]) -> Array:
    if type(data) is not dict or set(data) != {"array"} or type(data["array"]) is not int:
        raise Malformed("expected the number of an array")
    number = data["array"]
    if not 0 <= number < len(arrays):
        raise Malformed(f"there is no array {number}")
    return arrays[number]


def _sequence(kind: type, item: Unpack) -> Unpack:
    def unpack(data: Any, arrays: Sequence[Array]) -> Any:
        if type(data) is not list:
            raise Malformed(f"expected a list, got a {type(data).__name__}")
        return kind(item(each, arrays) for each in data)

    return unpack


def _fixed(items: Sequence[Unpack]) -> Unpack:
    def unpack(data: Any, arrays: Sequence[Array]) -> Any:
        if type(data) is not list or len(data) != len(items):
            raise Malformed(f"expected a list of {len(items)}")
        return tuple(item(each, arrays) for item, each in zip(items, data, strict=True))

    return unpack


def _one_of(values: Sequence[Any], make: Callable[[Any], Any]) -> Unpack:
    allowed = {str(value) for value in values}

    def unpack(data: Any, arrays: Sequence[Array]) -> Any:
        if type(data) is not str or data not in allowed:
            raise Malformed(f"expected one of {', '.join(sorted(allowed))}")
        return make(data)

    return unpack


def _union(choices: Sequence[Unpack]) -> Unpack:
    def unpack(data: Any, arrays: Sequence[Array]) -> Any:
        for choice in choices:
            try:
                return choice(data, arrays)
            except Malformed as error:
                reason = error
        raise reason

    return unpack


def _record(kind: Any) -> Unpack:
    hints = typing.get_type_hints(kind)
    members = {field.name: unpacker(hints[field.name]) for field in fields(kind)}

    def unpack(data: Any, arrays: Sequence[Array]) -> Any:
        if type(data) is not dict or data.keys() != members.keys():
            raise Malformed(f"expected the fields of {kind.__name__}")
        return kind(**{name: member(data[name], arrays) for name, member in members.items()})

    return unpack


@cache
def unpacker(hint: Any) -> Unpack:
    """The function that reads values of one type hint; it raises `Malformed` for anything that does not fit."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is type(None):
        return _none
    if hint is float:
        return _exactly(float, int)
    if hint in (str, int, bool):
        return _exactly(hint)
    if origin is np.ndarray:
        return _array
    if origin in (Union, types.UnionType):
        return _union([unpacker(each) for each in arguments])
    if origin is Literal:
        return _one_of(arguments, str)
    if origin in (tuple, list, frozenset):
        if origin is tuple and arguments[-1] is not Ellipsis:
            return _fixed([unpacker(each) for each in arguments])
        return _sequence(origin, unpacker(arguments[0]))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _one_of(list(hint), hint)
    if is_dataclass(hint):
        return _record(hint)
    raise TypeError(f"no schema for {hint!r}")

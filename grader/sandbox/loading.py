"""Runs a submission's cells and finds its entry. Nothing a cell does (raise, exit, interrupt) gets past `load`."""

from __future__ import annotations
import __future__

import functools
import inspect
import linecache
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

import torch

from grader.calls import Cell, Loaded, Location, Problem, Source
from grader.sandbox import loading_stubs
from grader.sandbox.runner_faults import Text

_MOST_NAMES = 100
_MOST_WARNINGS = 20
_LONGEST_NAME = 100
_FUTURES = functools.reduce(
    lambda flags, name: flags | getattr(__future__, name).compiler_flag, __future__.all_feature_names, 0
)


@dataclass(frozen=True)
class Outcome:
    """What loading gave: the report for the parent and the entry itself, which stays here."""

    loaded: Loaded
    entry: Callable[..., Any] | None


def load(source: Source, entry: str, text: Text, path: str = "") -> Outcome:
    """Run every cell and look up `entry`.

    A `.py` file is the module `submission` and stops at its first exception, as an import does. A notebook is one
    namespace called `__main__`; each cell is compiled on its own and a cell that raises stops none after it.
    """
    module = _module(source, path)
    namespace = module.__dict__
    failures: list[tuple[Cell, Problem]] = []
    flags = 0
    for cell in source.cells:
        linecache.cache[cell.name] = (len(cell.source), None, cell.source.splitlines(keepends=True), cell.name)
        try:
            code = compile(cell.source, cell.name, "exec", flags=flags, dont_inherit=True)
            # As in IPython, `from __future__ import annotations` holds for the later cells too.
            flags |= code.co_flags & _FUTURES
            with loading_stubs.installed():
                exec(code, namespace)
        except BaseException as error:
            failures.append((cell, text.problem(error)))
    return _outcome(source, namespace, entry, failures, text)


def _outcome(
    source: Source, namespace: Mapping[str, Any], entry: str, failures: list[tuple[Cell, Problem]], text: Text
) -> Outcome:
    own = str(namespace["__name__"]) if isinstance(namespace.get("__name__"), str) else ""
    names = tuple(_names(namespace, own))
    if failures and not source.notebook:
        return Outcome(Loaded(False, failures[0][1], names), None)
    warnings = tuple(problem for _cell, problem in failures[:_MOST_WARNINGS])
    found = namespace.get(entry)
    if not callable(found):
        defining = re.compile(
            rf"(?m)^\s*(?:async\s+)?(?:def|class)\s+{re.escape(entry)}\b|^\s*{re.escape(entry)}\s*[:=]"
        )
        problem = next((problem for cell, problem in failures if defining.search(cell.source)), None)
        return Outcome(Loaded(False, problem, names, warnings=warnings), None)
    return Outcome(Loaded(True, None, names, _arity(found), _location(found, text), warnings), found)


def _module(source: Source, path: str) -> ModuleType:
    module = ModuleType("__main__" if source.notebook else "submission")
    if source.notebook:
        module.__dict__.update(loading_stubs.notebook_names())
    else:
        module.__file__ = path or source.cells[0].name
    sys.modules[module.__name__] = module
    return module


def _names(namespace: Mapping[str, Any], own: str) -> list[str]:
    """Public names of callables that the submission itself made, in the order in which they were bound."""
    names: list[str] = []
    for name, value in list(namespace.items()):
        if len(names) == _MOST_NAMES:
            break
        if type(name) is not str or name.startswith("_") or len(name) > _LONGEST_NAME:
            continue
        try:
            if isinstance(value, type | FunctionType) and value.__module__ != own:
                continue
            if callable(value) and not inspect.isbuiltin(value) and not isinstance(value, ModuleType):
                names.append(name)
        except BaseException:
            # A metaclass or `__class__` of the submission's that raises when it is looked at: not a name to suggest.
            continue
    return names


def _arity(entry: Callable[..., Any]) -> tuple[int, int | None] | None:
    """Fewest and most positional arguments, or None where the callable does not say."""
    try:
        if isinstance(entry, torch.jit.ScriptFunction):
            schema: Any = entry.schema
            arguments = schema.arguments
            return sum(not argument.has_default_value() for argument in arguments), len(arguments)
        parameters = list(inspect.signature(entry, follow_wrapped=False).parameters.values())
    except BaseException:
        # Builtins have no signature, and a submission's `__signature__` may be anything.
        return None
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    least = sum(p.default is p.empty for p in positional)
    return least, None if any(p.kind is p.VAR_POSITIONAL for p in parameters) else len(positional)


def _location(entry: object, text: Text) -> Location | None:
    """The line of the entry's `def` (of its class's `forward` or `__call__`, of what it wraps)."""
    try:
        while isinstance(entry, functools.partial):
            entry = entry.func
        entry = inspect.unwrap(entry) if callable(entry) else entry
        kind = type(entry)
        for candidate in (entry, getattr(kind, "forward", None), getattr(kind, "__call__", None)):  # noqa: B004
            code = getattr(candidate, "__code__", None)
            if isinstance(code, CodeType):
                return text.location(code.co_filename, code.co_firstlineno)
    except BaseException:
        # `__wrapped__` or `__getattr__` of the submission's own: then it cannot be told.
        return None
    return None

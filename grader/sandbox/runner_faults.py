"""Exceptions of a submission as bounded text, with the submission's own line; nothing here trusts the exception."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import FrameType, TracebackType

from grader.calls import Location, Problem, Source

_LONGEST_MESSAGE = 2000
_LONGEST_LINE = 400

# Bound before any submission runs: a patched builtin or class attribute does not reach these.
_name_of = type.__dict__["__name__"].__get__
_traceback_of = BaseException.__dict__["__traceback__"].__get__


class Text:
    """The lines of a submission, to turn a frame into a Location."""

    def __init__(self, source: Source) -> None:
        self.lines: Mapping[str, list[str]] = {cell.name: cell.source.split("\n") for cell in source.cells}

    def location(self, cell: str, line: int | None, column: int | None = None) -> Location | None:
        """Where `line` of the code compiled under the name `cell` stands, or None if it is not the submission's."""
        lines = self.lines.get(cell) if type(cell) is str else None
        if lines is None or line is None:
            return None
        text = lines[line - 1].strip()[:_LONGEST_LINE] if 0 < line <= len(lines) else ""
        return Location(cell, line, text, column)

    def of_traceback(self, traceback: TracebackType | None) -> Location | None:
        """The innermost frame of the submission itself, below which only libraries ran."""
        found = None
        while traceback is not None:
            cell = traceback.tb_frame.f_code.co_filename
            if cell in self.lines:
                found = (cell, traceback.tb_lineno)
            traceback = traceback.tb_next
        return self.location(*found) if found else None

    def of_frame(self, frame: FrameType | None) -> Location | None:
        """The submission's innermost line on the stack that ends in `frame`."""
        while frame is not None:
            cell = frame.f_code.co_filename
            if cell in self.lines:
                return self.location(cell, frame.f_lineno)
            frame = frame.f_back
        return None

    def here(self) -> Location | None:
        """The submission's innermost line on the caller's own stack."""
        return self.of_frame(sys._getframe(1))

    def problem(self, error: BaseException) -> Problem:
        """The exception as text. Its `__str__` may raise, lie or return a hundred megabytes."""
        where = self.of_traceback(_traceback_of(error))
        message = _message(error)
        if isinstance(error, SyntaxError):
            try:
                at = self.location(error.filename or "", error.lineno, error.offset)
                if at is not None:
                    where, message = at, _bounded(error.msg)
            except Exception:
                # Attributes of a subclass of the submission's own: the traceback's line stands.
                return Problem(_name_of(type(error)), message, where)
        return Problem(_name_of(type(error))[:200], message, where)


def _message(error: BaseException) -> str:
    try:
        return _bounded(str(error))
    except BaseException as second:
        return f"<str() of the exception raised {_name_of(type(second))}>"


def _bounded(text: object) -> str:
    if not isinstance(text, str):
        return ""
    return str.__getitem__(text, slice(0, _LONGEST_MESSAGE))

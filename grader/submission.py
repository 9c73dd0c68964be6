"""Reads a submission from disk into text, in the parent, without ever running, importing or waiting for it."""

from __future__ import annotations

import codecs
import errno
import hashlib
import io
import os
import stat
import tokenize
from pathlib import Path

from grader import notebook
from grader.calls import Cell, Location, Source
from grader.errors import MogakcoError
from grader.messages import gettext as _

LARGEST = 4 * 1024 * 1024
"""Bytes. Twenty times the largest notebook with plots that the team has; what is bigger is not a loss function."""

# Their decoders take quadratic time: four megabytes would hold up the grader for hours.
_SLOW_CODECS = frozenset({"punycode", "idna"})


class SubmissionUnreadable(MogakcoError):
    """The file is no submission: not a plain file, too large, or no text. `where` if a line is to blame."""

    def __init__(self, sentence: str, where: Location | None = None, *, missing: bool = False) -> None:
        super().__init__(sentence)
        self.where = where
        self.missing = missing
        """Nothing at all stands under that name (a dangling link does)."""
        self.sha256: str | None = None
        """Of the file's bytes, where they could be read."""


def read(path: Path | str, shown: str | None = None) -> Source:
    """The submission in `path`, a `.py` file or (by its suffix, in any case) a `.ipynb` notebook.

    `shown` is what messages call the file; without it, the path as given. Bytes of a name that are no UTF-8 stand in it
    as surrogates. Raises SubmissionUnreadable; never blocks on a pipe or a device.
    """
    name = os.fspath(path) if shown is None else shown
    data = _bytes_of(path, name)
    digest = hashlib.sha256(data).hexdigest()
    base = Path(name).name or name
    try:
        if Path(name).suffix.lower() == ".ipynb":
            return Source(name, digest, _notebook_cells(name, base, data), notebook=True)
        return Source(name, digest, (Cell(base, _python_text(name, base, data)),))
    except SubmissionUnreadable as error:
        error.sha256 = digest
        raise


def _notebook_cells(name: str, base: str, data: bytes) -> tuple[Cell, ...]:
    try:
        return notebook.cells(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _undecodable(name, base, data, error.start, "utf-8") from None
    except notebook.NotANotebook as error:
        where = Location(base, error.line, column=error.column) if error.line else None
        raise SubmissionUnreadable(f"{name}: {error}", where) from None


def _bytes_of(path: Path | str, name: str) -> bytes:
    """The file's bytes. Opened without blocking and judged by its descriptor: a swap in between changes nothing."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError) as error:
        raise _cannot_open(path, name, error) from None
    # Not io.open: it raises for a directory before anything can be said about it.
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise SubmissionUnreadable(_("{file} is a directory; name the file inside it.").format(file=name))
        if not stat.S_ISREG(status.st_mode):
            raise SubmissionUnreadable(
                _("{file} is a pipe or a device, not a plain file; copy its content into a file.").format(file=name)
            )
        data = _read_up_to(descriptor, LARGEST + 1)
    except OSError as error:
        raise _cannot_open(path, name, error) from None
    finally:
        os.close(descriptor)
    if len(data) > LARGEST:
        raise SubmissionUnreadable(
            _("{file} has {size:.1f} MiB, limit {limit:.0f} MiB; clear the outputs or leave the data out.").format(
                file=name, size=max(status.st_size, LARGEST + 1) / 2**20, limit=LARGEST / 2**20
            )
        )
    return data


def _read_up_to(descriptor: int, most: int) -> bytes:
    parts: list[bytes] = []
    left = most
    while left > 0 and (part := os.read(descriptor, left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _cannot_open(path: Path | str, name: str, error: OSError | ValueError) -> SubmissionUnreadable:
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOENT, errno.ENOTDIR):
        if os.path.lexists(path):
            return SubmissionUnreadable(
                _("{file} is a link to a file that is not there; repair the link or hand in the file.").format(
                    file=name
                )
            )
        return SubmissionUnreadable(
            _("{file} is not there; check the name, or write a stub first.").format(file=name), missing=True
        )
    if number in (errno.EACCES, errno.EPERM):
        return SubmissionUnreadable(_("{file} may not be read; change its permissions.").format(file=name))
    reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    return SubmissionUnreadable(_("{file} cannot be opened: {reason}.").format(file=name, reason=reason))


def _python_text(name: str, cell: str, data: bytes) -> str:
    """Source text as Python itself would decode it: byte order mark, PEP 263 declaration, UTF-8 otherwise."""
    nul = data.find(b"\0")
    if nul >= 0:
        raise SubmissionUnreadable(
            _("{file} has a NUL byte in line {line}: it is a binary file, not Python source.").format(
                file=name, line=_line(data, nul)
            ),
            Location(cell, _line(data, nul)),
        )
    try:
        encoding, _lines = tokenize.detect_encoding(io.BytesIO(data).readline)
        codec = codecs.lookup(encoding).name
    except SyntaxError as error:
        start = _first_bad_byte(data)
        if start is not None:
            raise _undecodable(name, cell, data, start, "utf-8") from None
        raise SubmissionUnreadable(
            _("{file} declares an encoding that Python does not know ({reason}); save it as UTF-8.").format(
                file=name, reason=error.msg
            ),
            Location(cell, 1),
        ) from None
    try:
        if codec in _SLOW_CODECS:
            raise LookupError(codec)
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(name, cell, data, error.start, encoding) from None
    except (LookupError, UnicodeError, ValueError):
        raise SubmissionUnreadable(
            _("{file} declares the encoding {encoding}, which cannot hold source text; save it as UTF-8.").format(
                file=name, encoding=encoding
            ),
            Location(cell, 1),
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _first_bad_byte(data: bytes) -> int | None:
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return error.start
    return None


def _undecodable(name: str, cell: str, data: bytes, start: int, encoding: str) -> SubmissionUnreadable:
    line = _line(data, start)
    byte = f"0x{data[start]:02x}" if start < len(data) else "?"
    return SubmissionUnreadable(
        _("{file}, line {line}: the byte {byte} is not {encoding} text; save the file as UTF-8.").format(
            file=name, line=line, byte=byte, encoding=encoding
        ),
        Location(cell, line),
    )


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1

"""The ledger: `records/<member>.jsonl`, one attempt a line, append-only, merged by git with `merge=union`.

An append is one write of whole lines under a lock, then fsync, so that a crash can tear at most the line in flight. A
torn line stays where it is (nothing is ever cut away) and the next append writes a line behind it that acknowledges it
by its hash: it was reported once, and readers can still see that it is there.
"""

from __future__ import annotations

import errno
import hashlib
import mmap
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from grader.errors import MogakcoError
from grader.messages import gettext as _
from grader.tracking.attempt import MAX_LINE_BYTES, SCHEMA, Attempt, UnreadableError, dump, from_line, parse, to_text
from grader.tracking.locking import locked

FOLDER = "records"


class LedgerError(MogakcoError):
    """The ledger could not be written or read: disk full, read-only, no permission. Nothing before it was lost."""


class Flaw(StrEnum):
    """What is wrong with a line."""

    TORN = "torn"
    """The last line broke off (a crash, a full disk); nothing has been appended since."""
    RECOVERED = "recovered"
    """A torn line that a later append has reported and acknowledged."""
    CONFLICT = "conflict"
    """A merge's conflict marker; the attempts around it are kept."""
    UNREADABLE = "unreadable"
    """No attempt, or one of somebody else's in this file."""


@dataclass(frozen=True)
class Problem:
    """One line that holds no attempt. It stays in the file and it is told; it is never dropped silently."""

    file: str
    """Relative to the repository: `records/sejun.jsonl`."""
    line: int
    """1-based; 0 for the file as a whole."""
    flaw: Flaw
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


@dataclass(frozen=True)
class Ledger:
    """Everything that `records/` holds."""

    attempts: tuple[Attempt, ...] = ()
    """Ordered by submitted_at, then as they stand in the file; the same line twice counts once."""
    problems: tuple[Problem, ...] = ()

    def __add__(self, other: Ledger) -> Ledger:
        attempts = sorted((*self.attempts, *other.attempts), key=lambda attempt: attempt.submitted_at)
        return Ledger(tuple(attempts), (*self.problems, *other.problems))


def path_of(root: Path, member: str) -> Path:
    """The member's ledger, whether or not it exists yet."""
    return root / FOLDER / f"{member}.jsonl"


def read(root: Path) -> Ledger:
    """Every member's ledger. Bad lines become `problems`; raises LedgerError only when `records/` cannot be listed."""
    folder = root / FOLDER
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.endswith(".jsonl"))
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        raise LedgerError(_("{path} cannot be read: {reason}").format(path=folder, reason=error.strerror)) from error
    return sum((read_member(root, path.name.removesuffix(".jsonl")) for path in paths), Ledger())


def read_member(root: Path, member: str) -> Ledger:
    """One member's ledger, empty if there is none. Waits for an append that is under way."""
    path = path_of(root, member)
    shown = f"{FOLDER}/{path.name}".encode("utf-8", "backslashreplace").decode()
    try:
        with locked(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0), exclusive=False) as descriptor:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, _("it is not a regular file"))
            lines = list(_lines(descriptor))
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        message = _("the file cannot be read: {reason}").format(reason=error.strerror or error)
        return Ledger(problems=(Problem(shown, 0, Flaw.UNREADABLE, message),))
    return _interpret(lines, member, shown)


def append(root: Path, attempt: Attempt) -> Problem | None:
    """Add one attempt to its member's ledger, durably; returns the torn line found before it, if there was one.

    Raises LedgerError with a sentence when it cannot be written; the ledger is then as it was before the call.
    """
    path = path_of(root, attempt.member)
    line = attempt.to_line()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        created = not path.exists()
        with locked(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, exclusive=True) as descriptor:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, _("it is not a regular file"))
            torn, before = _before(descriptor, f"{FOLDER}/{path.name}")
            _write_whole(descriptor, before + line + b"\n")
        if created:
            _sync_folder(path.parent)
    except OSError as error:
        raise LedgerError(_failed(path, error)) from error
    return torn


def _write_whole(descriptor: int, data: bytes) -> None:
    """One write and fsync; a write that came out short or failed is taken back, so that no half line is left."""
    size = os.fstat(descriptor).st_size
    try:
        written = os.write(descriptor, data)
        if written < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    except OSError:
        if os.fstat(descriptor).st_size > size:
            os.ftruncate(descriptor, size)
        raise


def _sync_folder(folder: Path) -> None:
    """Make a new file's name durable too. Windows cannot open a folder, and needs no such step."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _before(descriptor: int, shown: str) -> tuple[Problem | None, bytes]:
    """What to write before a new line: nothing after a whole one, else a newline and, if torn, its acknowledgement."""
    size = os.fstat(descriptor).st_size
    if size == 0:
        return None, b""
    with mmap.mmap(descriptor, size, access=mmap.ACCESS_READ) as content:
        if content[size - 1] == ord("\n"):
            return None, b""
        start = content.rfind(b"\n") + 1
        tail = hashlib.sha256(content[start:size]).hexdigest()
        number = _count_newlines(content, start) + 1
        whole = size - start < MAX_LINE_BYTES and _is_attempt(content[start:size])
    if whole:
        return None, b"\n"
    acknowledgement = {
        "schema": SCHEMA,
        "recovered": {"sha256": tail, "bytes": size - start, "at": to_text(datetime.now(UTC))},
    }
    message = _("the last line broke off after {bytes} bytes; it is kept, marked, and not counted").format(
        bytes=size - start
    )
    return Problem(shown, number, Flaw.TORN, message), b"\n" + dump(acknowledgement) + b"\n"


def _count_newlines(content: mmap.mmap, end: int) -> int:
    step = 1 << 20
    return sum(content[at : min(at + step, end)].count(b"\n") for at in range(0, end, step))


def _is_attempt(line: bytes) -> bool:
    try:
        from_line(line)
    except UnreadableError:
        return False
    return True


@dataclass(frozen=True)
class _Line:
    number: int
    content: bytes
    sha256: str
    ended: bool
    """It has its newline."""
    too_long: bool = False


def _lines(descriptor: int) -> Iterator[_Line]:
    """The file's lines, without newline; of one that is too long only the hash is kept."""
    with os.fdopen(os.dup(descriptor), "rb") as file:
        number = 0
        while piece := file.readline(MAX_LINE_BYTES):
            number += 1
            digest, length, kept = hashlib.sha256(piece.rstrip(b"\n")), len(piece), piece
            while not piece.endswith(b"\n") and (piece := file.readline(MAX_LINE_BYTES)):
                digest.update(piece.rstrip(b"\n"))
                length += len(piece)
                kept = b""
            ended = piece.endswith(b"\n")
            too_long = length > MAX_LINE_BYTES
            yield _Line(number, b"" if too_long else kept.rstrip(b"\n"), digest.hexdigest(), ended, too_long)


def _interpret(lines: Iterable[_Line], member: str, shown: str) -> Ledger:
    attempts: dict[bytes, Attempt] = {}
    bad: list[tuple[_Line, str]] = []
    acknowledged: set[str] = set()
    for line in lines:
        content = line.content.strip()
        if not content and not line.too_long:
            continue
        try:
            if line.too_long:
                raise UnreadableError(_("it is longer than {bytes} bytes").format(bytes=MAX_LINE_BYTES))
            if b'"recovered"' in content[:40] and (known := _acknowledged(parse(content))):
                acknowledged.add(known)
                continue
            attempt = from_line(content, f"{shown}:{line.number}")
            if attempt.member != member:
                raise UnreadableError(
                    _("it is an attempt of another member, {member}").format(member=attempt.member[:40])
                )
            attempts.setdefault(content, attempt)
        except UnreadableError as reason:
            bad.append((line, str(reason)))
    problems = [Problem(shown, line.number, *_flaw(line, reason, acknowledged)) for line, reason in bad]
    return Ledger(tuple(sorted(attempts.values(), key=lambda attempt: attempt.submitted_at)), tuple(problems))


def _flaw(line: _Line, reason: str, acknowledged: set[str]) -> tuple[Flaw, str]:
    if line.sha256 in acknowledged:
        return Flaw.RECOVERED, _("a line that broke off earlier; it is kept and not counted")
    if not line.ended:
        return Flaw.TORN, _("the last line broke off and is not counted ({reason}); the next submit marks it").format(
            reason=reason
        )
    if line.content.startswith((b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")):
        return Flaw.CONFLICT, _("a merge left its conflict marker here: delete this line, keep those around it")
    return Flaw.UNREADABLE, _("this line is not counted: {reason}").format(reason=reason)


def _acknowledged(whole: dict[str, Any]) -> str | None:
    recovered = whole.get("recovered")
    known = recovered.get("sha256") if isinstance(recovered, dict) else None
    return known if isinstance(known, str) else None


def _failed(path: Path, error: OSError) -> str:
    reasons = {
        errno.ENOSPC: _("the disk is full"),
        errno.EDQUOT: _("your quota on this disk is used up"),
        errno.EFBIG: _("the file would grow larger than is allowed here"),
        errno.EROFS: _("the disk is mounted read-only"),
        errno.EACCES: _("you may not write there"),
        errno.EPERM: _("you may not write there"),
        errno.ELOOP: _("it is a symbolic link"),
        errno.EISDIR: _("it is a folder"),
    }
    return _(
        "{path} could not be written: {reason}. Nothing was recorded and nothing was lost; mend that and submit again."
    ).format(path=path, reason=reasons.get(error.errno or 0, error.strerror or str(error)))

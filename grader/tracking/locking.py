"""An exclusive or shared lock on an open file, held until the descriptor is closed, on POSIX and on Windows."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    _FAR_BYTE = 1 << 40  # Windows locks forbid reading the locked bytes, so a byte is locked that no line reaches.

    def _lock(descriptor: int, *, exclusive: bool) -> None:
        os.lseek(descriptor, _FAR_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int, *, exclusive: bool) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)


@contextmanager
def locked(path: Path, flags: int, *, exclusive: bool) -> Iterator[int]:
    """Open `path` with `flags` and lock it; the lock goes with the descriptor, so a killed holder leaves none behind.

    git replaces a file instead of writing into it: what was locked may not be what stands at `path` any more, so it is
    opened again until the two are one. Raises OSError as `os.open` does (a symbolic link is refused: ELOOP).
    """
    flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    while True:
        descriptor = os.open(path, flags, 0o644)
        try:
            _lock(descriptor, exclusive=exclusive)
            if not _replaced(path, descriptor):
                yield descriptor
                return
        finally:
            os.close(descriptor)


def _replaced(path: Path, descriptor: int) -> bool:
    try:
        standing = path.lstat()
    except FileNotFoundError:
        return True
    return not os.path.samestat(standing, os.fstat(descriptor))

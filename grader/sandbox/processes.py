"""Watching a child, measuring it, and ending what it leaves behind."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

SWEEP_SECONDS = 5.0
"""How long descendants are hunted for; only where nothing keeps a submission from starting processes."""


class Watched:
    """A child that has not been reaped."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.descriptor: int | None = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None

    def ended(self) -> bool:
        """It ended; it stays a zombie, so its id cannot become another's."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def close(self) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


def peak_bytes(usage: resource.struct_rusage) -> int:
    """Largest resident size. The kernel counts it in KiB on Linux and in bytes on macOS."""
    return usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024


def resident_bytes(pid: int) -> int:
    """Resident size now; 0 where the system does not say."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _children() -> list[int]:
    own = os.getpid()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        # A process that ended since the listing.
        with suppress(OSError):
            state = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            if int(state[1]) == own:
                found.append(int(folder.name))
    return found


def kill_and_reap(pid: int) -> tuple[int, resource.struct_rusage]:
    """End a child with its group; returns its wait status and what it used. One that has ended already is reaped."""
    for kill in (os.killpg, os.kill):
        # Gone already, or not yet the leader of a group of its own.
        with suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    return status, usage


def kill_descendants(but: set[int]) -> None:
    """Kill and reap every process that a child left behind; they are this process's now (it is their subreaper)."""
    deadline = time.monotonic() + SWEEP_SECONDS
    while (left := [pid for pid in _children() if pid not in but]) and time.monotonic() < deadline:
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


def empty_folder(path: str) -> None:
    """Remove what is in a folder; only where nothing keeps a submission from writing there."""
    for entry in Path(path).iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)

"""What a submission's process may ask of the kernel: the whole policy, as tables.

Everything that is not named here is refused. Two parts of the kernel enforce it: seccomp decides by system call and its
plain arguments, Landlock by path. Either can be missing; what then still holds is said where it is so.
"""

from __future__ import annotations

import errno
import fcntl
import os
import site
import sys
import sysconfig
import termios
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# ---- system calls ------------------------------------------------------------------------------------------------

ALLOWED: dict[str, str] = {
    "memory": "brk madvise mincore mmap mprotect mremap munmap membarrier",
    "threads of its own": "exit exit_group futex get_robust_list gettid rseq sched_getaffinity sched_yield"
    " set_robust_list set_tid_address",
    "signals inside": "alarm getitimer pause restart_syscall rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn"
    " rt_sigsuspend rt_sigtimedwait setitimer sigaltstack",
    "time": "clock_getres clock_gettime clock_nanosleep gettimeofday nanosleep time times",
    "reading files that Landlock allows": "access faccessat faccessat2 fadvise64 fstat fstatfs getcwd getdents64 lseek"
    " lstat newfstatat open openat pread64 preadv preadv2 read readahead readlink readlinkat readv stat statfs statx",
    "writing to what is open": "pwrite64 write writev",
    "descriptors": "close close_range dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2"
    " epoll_wait eventfd eventfd2 pipe pipe2 poll ppoll pselect6 select",
    "asking who and where it is": "arch_prctl getcpu getegid geteuid getgid getgroups getpgid getpgrp getpid getppid"
    " getpriority getrandom getresgid getresuid getrlimit getrusage getsid getuid sched_get_priority_max"
    " sched_get_priority_min sched_getparam sched_getscheduler sysinfo uname",
}
"""System calls with any argument, under the reason for each group. Names that an architecture lacks are left out."""

MISSING = ("clone3", "openat2", "futex_waitv", "futex_wait", "futex_wake", "futex_requeue", "map_shadow_stack")
"""Answered with ENOSYS, so that the C library falls back to a call whose arguments a filter can see."""

REFUSAL = errno.EPERM
"""What everything else answers: Python makes a PermissionError of it, which its author can read."""

CLONE_THREAD = 0x00010000

READ_ONLY_OPEN = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_TMPFILE", 0) & ~os.O_DIRECTORY
"""No bit of these may be set where Landlock is missing: nothing is written, though anything can be read."""

PR_SET_NAME, PR_GET_NAME = 15, 16


@dataclass(frozen=True)
class Condition:
    """One system call that is allowed only if `arguments[position] & mask == value`, for every triple."""

    call: str
    tests: tuple[tuple[int, int, int], ...]
    reason: str


ANY = 0xFFFFFFFF


def conditions() -> list[Condition]:
    """System calls that are allowed for some arguments only."""
    descriptors = [
        getattr(fcntl, name)
        for name in ("F_DUPFD", "F_DUPFD_CLOEXEC", "F_GETFD", "F_SETFD", "F_GETFL", "F_SETFL", "F_GETPIPE_SZ")
        if hasattr(fcntl, name)
    ]
    terminals = [termios.TCGETS if hasattr(termios, "TCGETS") else 0x5401, termios.FIONREAD, termios.FIOCLEX]
    return [
        Condition("clone", ((0, CLONE_THREAD, CLONE_THREAD),), "threads, never processes"),
        *(Condition("fcntl", ((1, ANY, command),), "no F_SETOWN, which sends signals") for command in descriptors),
        *(Condition("ioctl", ((1, ANY, command),), "isatty and the like; no TIOCSTI") for command in terminals),
        *(Condition("prctl", ((0, ANY, option),), "thread names") for option in (PR_SET_NAME, PR_GET_NAME)),
        Condition("prlimit64", ((0, ANY, 0), (2, 2**64 - 1, 0)), "its own limits, to read"),
    ]


SIGNALS = "tgkill"
"""Allowed for its own process only (abort and raise use it). kill, tkill and the queueing calls are never allowed."""

CUDA_ALLOWED = (
    "fallocate fcntl ftruncate get_mempolicy ioctl mbind memfd_create mlock munlock sched_setaffinity"
    " set_mempolicy capget prctl uname"
)
"""What the CUDA driver asks for besides: ioctl on its device nodes, placement of memory, sealed memory files."""

# ---- paths -------------------------------------------------------------------------------------------------------

SYSTEM_FOLDERS = ("/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo")
"""Libraries that a lazy import may still have to map, and time zones."""

SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/dev/zero", "/dev/urandom", "/dev/random")
WRITABLE_FILES = ("/dev/null",)
"""Nothing else can be opened for writing."""

CUDA_DEVICES = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset", "nvidia[0-9]*", "nvidia-caps/*")
"""Below /dev, to read, write and ioctl."""
CUDA_FOLDERS = (
    "/proc/driver/nvidia",
    "/proc/self",
    "/sys/devices",
    "/sys/module/nvidia",
    "/sys/bus/pci",
    "/usr/local/cuda",
    "/opt/cuda",
)
"""What the driver reads to find its devices, and where the toolkit may stand. /proc/self is the child's own."""
CUDA_FILES = ("/proc/devices", "/proc/modules", "/proc/meminfo", "/proc/cpuinfo", "/proc/sys/vm/mmap_min_addr")


def _own_distribution(entry: Path) -> bool:
    """Of an entry of site-packages: is it this project, or does it lead to it?"""
    name = entry.name.lower()
    return name.startswith(("__editable__", "mogakco", "easy-install")) or name.endswith(".egg-link")


def hidden_paths(package: Path, folder: Path) -> list[Path]:
    """What stays unreadable even below an allowed folder: the grader, where it was called from, what points at it.

    `package` is the folder of the package `grader`, `folder` the current one of whoever called the grader.
    """
    hidden = [package.resolve(), folder.resolve()]
    for packages in _site_packages():
        hidden += [entry for entry in packages.iterdir() if _own_distribution(entry)]
    return hidden


def _site_packages() -> list[Path]:
    found = {*site.getsitepackages(), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    return [path for path in (Path(entry).resolve() for entry in sorted(found)) if path.is_dir()]


def readable_folders() -> list[Path]:
    """The interpreter's library, the packages, the system's libraries."""
    interpreter = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), str(Path(os.__file__).parent)}
    libraries = [Path(sys.base_prefix) / "lib"]
    folders = [*map(Path, sorted(interpreter)), *libraries, *_site_packages(), *map(Path, SYSTEM_FOLDERS)]
    found = sorted({folder.resolve() for folder in folders if folder.is_dir()})
    return [folder for folder in found if not any(parent in found for parent in folder.parents)]


def without(folders: Iterable[Path], hidden: Iterable[Path]) -> Iterator[tuple[str, bool]]:
    """The same trees as (path, whole) with the hidden ones left out; `whole` is False for a folder that may be listed
    but whose entries follow one by one. A hidden path that is or holds an allowed folder takes nothing from it."""
    allowed = [str(folder) for folder in folders]
    return _without(allowed, {str(path) for path in hidden} - set(allowed))


def _without(paths: Iterable[str], hidden: set[str]) -> Iterator[tuple[str, bool]]:
    for path in paths:
        if path in hidden:
            continue
        below = {other for other in hidden if other.startswith(path + "/")}
        yield path, not below
        if below:
            with os.scandir(path) as entries:
                inside = sorted(entry.path for entry in entries if not entry.is_symlink())
            yield from _without(inside, below)


def cuda_devices() -> list[Path]:
    """The driver's device nodes that are there."""
    return sorted(path for pattern in CUDA_DEVICES for path in Path("/dev").glob(pattern))

"""The jail that a submission's process puts itself into before it reads a line of the submission.

`Jail` is prepared once in the server (a Landlock ruleset, a seccomp program); `enter` costs a few system calls.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.sandbox import kernel, policy
from grader.sandbox.limits import Limits

OPEN_FILES = 64


@dataclass(frozen=True)
class Confinement:
    """What holds: the names of the parts, and why the others do not."""

    parts: tuple[str, ...]
    missing: dict[str, str]

    @property
    def label(self) -> str:
        """As in a report: `landlock+seccomp`, `seccomp`, `limits-only`."""
        return "+".join(self.parts) or "limits-only"


def _landlock_ruleset(hidden: list[Path], readable: list[Path], files: Path, cuda: bool) -> int:
    import py_landlock as landlock

    abi = landlock.get_abi_version()
    from py_landlock.abi import get_supported_fs, get_supported_net, get_supported_scope

    attributes = landlock.RulesetAttr()
    handled = int(get_supported_fs(abi))
    attributes.handled_access_fs = handled
    attributes.handled_access_net = get_supported_net(abi)
    attributes.scoped = get_supported_scope(abi)
    ruleset = landlock.create_ruleset(attributes)
    rights = landlock.AccessFs
    # Plain numbers: this runs some hundred times before a server is ready, and flags are slow.
    file_rights = int(rights.READ_FILE | rights.EXECUTE | rights.WRITE_FILE | rights.TRUNCATE | rights.IOCTL_DEV)

    def allow(path: str | Path, wanted: int) -> None:
        access = wanted & handled
        # A device, a file or a folder may be missing, or be gone since it was listed: then there is nothing to allow.
        with contextlib.suppress(FileNotFoundError):
            handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                rule = landlock.PathBeneathAttr()
                rule.allowed_access = access if stat.S_ISDIR(os.fstat(handle).st_mode) else access & file_rights
                rule.parent_fd = handle
                landlock.add_rule(ruleset, rule)
            finally:
                os.close(handle)

    reading = rights.READ_FILE | rights.READ_DIR | rights.EXECUTE
    try:
        for path, whole in policy.without([*policy.readable_folders(), *readable], hidden):
            allow(path, reading if whole else rights.READ_DIR)
        # Its files can be read by who knows their names; nobody can list them.
        allow(files, rights.READ_FILE)
        for name in policy.SYSTEM_FILES:
            allow(Path(name), rights.READ_FILE)
        for name in policy.WRITABLE_FILES:
            allow(Path(name), rights.READ_FILE | rights.WRITE_FILE | rights.TRUNCATE)
        if cuda:
            for device in policy.cuda_devices():
                allow(device, rights.READ_FILE | rights.WRITE_FILE | rights.IOCTL_DEV)
            for name in (*policy.CUDA_FOLDERS, *policy.CUDA_FILES):
                allow(Path(name), rights.READ_FILE | rights.READ_DIR | rights.EXECUTE)
    except BaseException:
        os.close(ruleset)
        raise
    # Above the numbers that a child's own pipes take.
    try:
        return landlock.RulesetFd(fcntl.fcntl(ruleset, fcntl.F_DUPFD_CLOEXEC, 32))
    finally:
        os.close(ruleset)


def _seccomp_program(landlock_holds: bool, cuda: bool) -> bytes:
    """The policy's system calls in the kernel's binary form."""
    import pyseccomp as seccomp

    def resolves(name: str) -> bool:
        try:
            return int(seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)) >= 0
        except (OSError, ValueError):
            return False

    filter_ = seccomp.SyscallFilter(seccomp.ERRNO(policy.REFUSAL))
    allowed = [*" ".join(policy.ALLOWED.values()).split(), policy.SIGNALS]
    if cuda:
        allowed += policy.CUDA_ALLOWED.split()
    if not landlock_holds:
        allowed = [name for name in allowed if name not in ("open", "openat")]
        for name, position in (("open", 1), ("openat", 2)):
            if resolves(name):
                test = seccomp.Arg(position, seccomp.MASKED_EQ, policy.READ_ONLY_OPEN, 0)
                filter_.add_rule(seccomp.ALLOW, name, test)
    for name in dict.fromkeys(allowed):
        if resolves(name):
            filter_.add_rule(seccomp.ALLOW, name)
    for condition in policy.conditions():
        if condition.call not in allowed and resolves(condition.call):
            tests = [seccomp.Arg(position, seccomp.MASKED_EQ, mask, value) for position, mask, value in condition.tests]
            filter_.add_rule(seccomp.ALLOW, condition.call, *tests)
    for name in policy.MISSING:
        if resolves(name):
            filter_.add_rule(seccomp.ERRNO(38), name)
    return _exported(filter_)


def _exported(filter_: object) -> bytes:
    with os.fdopen(os.memfd_create("filter", os.MFD_CLOEXEC), "w+b") as file:
        filter_.export_bpf(file)  # type: ignore[attr-defined]
        file.seek(0)
        return file.read()


def _only_itself() -> bytes:
    """A second, tiny filter: signals go to the process that enters the jail, whose id the first cannot know."""
    import pyseccomp as seccomp

    filter_ = seccomp.SyscallFilter(seccomp.ALLOW)
    filter_.add_rule(seccomp.ERRNO(policy.REFUSAL), policy.SIGNALS, seccomp.Arg(0, seccomp.NE, os.getpid()))
    return _exported(filter_)


class Jail:
    """What a child does to itself; prepared in the server, entered in the child.

    `hidden`: paths that stay unreadable. `readable`: folders to read besides the policy's (the empty current one).
    `files`: a folder whose files can be read, and not be listed.
    """

    def __init__(self, *, isolate: bool, cuda: bool, hidden: list[Path], readable: list[Path], files: Path) -> None:
        self._isolate = isolate
        self._cuda = cuda
        self._hidden, self._readable, self._files = hidden, readable, files
        self._ruleset: int | None = None
        self._program: bytes | None = None
        missing: dict[str, str] = {}
        if isolate:
            try:
                self._ruleset = _landlock_ruleset(hidden, readable, files, cuda)
            except Exception as error:  # any reason at all means that this part does not hold, and is reported
                missing["landlock"] = _reason(error)
            try:
                self._program = _seccomp_program(self._ruleset is not None, cuda)
            except Exception as error:
                missing["seccomp"] = _reason(error)
        parts = [("landlock", self._ruleset), ("seccomp", self._program)]
        self.confinement = Confinement(tuple(name for name, part in parts if part is not None), missing)

    @property
    def label(self) -> str:
        return self.confinement.label if self._isolate else "none"

    def enter(self, limit: Callable[[], None]) -> None:
        """Confine this process for good; `limit` sets its resource limits, which have to come in between.

        Raises OSError (or the library's error) if a prepared part fails.
        """
        only_itself = _only_itself() if self._program is not None else b""
        # Once limits hold no memory file can be written, and once the filter holds no limit can be set: in between.
        limit()
        if not self._isolate:
            return
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        if self._ruleset is not None:
            import py_landlock as landlock

            # /proc/self is another folder in every process, so with it the ruleset is the child's own.
            ruleset = self._ruleset
            if self._cuda:
                ruleset = _landlock_ruleset(self._hidden, self._readable, self._files, True)
            landlock.restrict_self(landlock.RulesetFd(ruleset), None)
            os.close(ruleset)
        kernel.drop_capabilities()
        if self._program is not None:
            kernel.install_filter(only_itself)
            # no_new_privs was set above; the first filter allows prctl, the second only thread names.
            kernel.install_filter(self._program)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def limit_resources(limits: Limits, *, address_space: bool) -> None:
    """Bound this process. `address_space`: also its memory, to what it has now and the allowance."""
    cpu = max(1, round(limits.cpu_seconds))
    _lower(resource.RLIMIT_CPU, cpu, cpu + 1)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    mapped = _address_space()
    if address_space and mapped:
        _lower(resource.RLIMIT_AS, mapped + limits.memory_bytes)


def _lower(kind: int, soft: int, hard: int | None = None) -> None:
    ceiling = resource.getrlimit(kind)[1]
    wanted = soft if hard is None else hard
    allowed = wanted if ceiling == resource.RLIM_INFINITY else min(wanted, ceiling)
    resource.setrlimit(kind, (min(soft, allowed), allowed))


def _address_space() -> int:
    """Bytes that this process has mapped; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")

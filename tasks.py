#!/usr/bin/env python3
"""Everything that this project does, by one name: `python3 tasks.py TASK …`.

The first call makes `.venv` beside this file and installs the project into it; later calls hand over in a few
milliseconds. Standard library only, and old Pythons can at least parse it, so that they get a sentence, no traceback.
What set-up says goes to standard error: standard output belongs to the task.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from typing import TextIO

MINIMUM = (3, 11)
ROOT = os.path.dirname(os.path.abspath(__file__))

# name: (what it does, the extra of pyproject.toml that it needs). Every other task is a command of grader.cli.
TASKS = {
    "grade": ("grade submissions, any file or what the week assigns", ""),
    "watch": ("grade again whenever a submission is saved", ""),
    "submit": ("grade, record and commit your week's work", ""),
    "status": ("this week at a glance", ""),
    "validate": ("check everything in weeks/", ""),
    "stub": ("write the week's missing stubs into solutions/", ""),
    "losses": ("list the catalogue of losses", ""),
    "new-week": ("write next week's YAML and stubs", ""),
    "meeting": ("log a meeting: start, end or add", ""),
    "post": ("write the weekly post", ""),
    "calendar": ("write meetings.ics", ""),
    "gradebook": ("members × assignments as CSV", ""),
    "site": ("build the team's site", "site"),
    "serve": ("show the site and follow changes", "site"),
    "init": ("make a new team's repository", ""),
    "bench": ("measure the grader on this machine", ""),
    "test": ("lint, then the project's tests; with arguments only pytest, which gets them", "test"),
    "lint": ("ruff, mypy and import-linter", "test"),
}

# Each extra contains those before it.
EXTRAS = ("", "site", "test")


class SetupError(Exception):
    """Set-up cannot go on: one sentence that says why and what to do."""


# --- what is there -----------------------------------------------------------------------------------------------


class Environment:
    """The virtual environment of a checkout, and the stamp that says what was last installed into it."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.folder = os.path.join(root, ".venv")
        windows = os.name == "nt"
        self.python = os.path.join(self.folder, *(("Scripts", "python.exe") if windows else ("bin", "python")))
        self.stamp = os.path.join(self.folder, "installed")
        self.lock = os.path.join(self.folder, "setup.lock")
        self.log = os.path.join(self.folder, "install.log")

    def signature(self) -> bytes:
        """What an install depends on: the place, the interpreter behind the link, and pyproject.toml itself."""
        with open(os.path.join(self.root, "pyproject.toml"), "rb") as stream:
            project = stream.read()
        lines = f"{self.root}\n{os.path.realpath(self.python)}\n"
        return lines.encode("utf-8", "surrogateescape") + project

    def is_ready(self, extra: str) -> bool:
        """Whether a finished install of at least `extra`, for just this signature, is there."""
        try:
            with open(self.stamp, "rb") as stream:
                installed = stream.readline().decode("ascii", "replace").strip()
                signature = stream.read()
            return (
                installed.startswith("extra:")
                and installed[6:] in EXTRAS[EXTRAS.index(extra) :]
                and os.path.exists(self.python)
                and signature == self.signature()
            )
        except (FileNotFoundError, NotADirectoryError):
            return False

    def forget(self) -> None:
        """From here to `remember` the environment counts as unfinished, whatever interrupts it."""
        if os.path.lexists(self.stamp):
            os.unlink(self.stamp)

    def remember(self, extra: str) -> None:
        """Say that the install is finished; the stamp appears whole or not at all."""
        fresh = self.stamp + ".new"
        with open(fresh, "wb") as stream:
            stream.write(f"extra:{extra}\n".encode("ascii") + self.signature())
        os.replace(fresh, self.stamp)


def check_python(version: tuple[int, ...]) -> None:
    """Raise SetupError for a Python that is too old, naming a newer one if this machine has it."""
    if version >= MINIMUM:
        return
    names = (f"python3.{minor}" for minor in range(14, MINIMUM[1] - 1, -1))
    other = next((name for name in names if answers(name)), None)
    advice = f"run `{other} tasks.py` instead" if other else "install a newer one and run this again with it"
    needed, found = f"{MINIMUM[0]}.{MINIMUM[1]}", f"{version[0]}.{version[1]}"
    raise SetupError(f"This needs Python {needed} or newer and is run by Python {found}; {advice}.")


def answers(name: str) -> bool:
    """Whether there is a command of this name that runs (version managers leave names that do not)."""
    import subprocess

    try:
        quiet = subprocess.DEVNULL
        return subprocess.call([name, "--version"], stdin=quiet, stdout=quiet, stderr=quiet) == 0
    except OSError:
        return False


# --- set-up ------------------------------------------------------------------------------------------------------


def ensure(environment: Environment, extra: str) -> None:
    """Make the environment ready for `extra`; raises SetupError. Costs two small reads when it already is."""
    try:
        if environment.is_ready(extra):
            return
        os.makedirs(environment.folder, exist_ok=True)
        with Lock(environment.lock):
            if not environment.is_ready(extra):
                install(environment, extra)
    except OSError as error:
        raise SetupError(sentence_for(error, environment)) from error


def install(environment: Environment, extra: str) -> None:
    """Virtual environment, pip, the project: each only where it is missing or stale."""
    environment.forget()
    if not is_sound(environment):
        make_venv(environment)
    target = f".[{extra}]" if extra else "."
    say("Installing the project and what it needs (first time: several minutes, mostly PyTorch) …")
    run_pip(environment, [environment.python, "-m", "pip"], ["install", "--editable", target], "installing")
    environment.remember(extra)
    say("Ready.")


def is_sound(environment: Environment) -> bool:
    """Whether the environment has a working, new enough Python with pip (an interrupted one has not)."""
    import subprocess

    if not os.path.exists(environment.python):
        return False
    probe = f"import sys, pip; raise SystemExit(sys.prefix == sys.base_prefix or sys.version_info < {MINIMUM!r})"
    quiet = subprocess.DEVNULL
    try:
        words = [environment.python, "-c", probe]
        return subprocess.call(words, stdin=quiet, stdout=quiet, stderr=quiet, env=clean_environment()) == 0
    except OSError:
        return False


def make_venv(environment: Environment) -> None:
    """A fresh virtual environment in place of whatever is left of an old one."""
    import shutil
    import subprocess
    from importlib.util import find_spec

    if os.path.islink(environment.folder):
        what = f"{environment.folder} is a link to something that is no working environment"
        raise SetupError(f"{what}; remove the link and run this again.")
    if find_spec("venv") is None:
        raise SetupError("This Python has no `venv` module; on Debian or Ubuntu `apt install python3-venv` brings it.")
    bundled_pip = find_spec("ensurepip") is not None
    if not bundled_pip and find_spec("pip") is None:
        raise SetupError(
            "This Python has neither pip nor ensurepip; on Debian or Ubuntu `apt install python3-venv` brings them."
        )
    say("Making .venv …")
    for name in os.listdir(environment.folder):
        path = os.path.join(environment.folder, name)
        if path == environment.lock:
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)
    words = [sys.executable, "-m", "venv", environment.folder, *([] if bundled_pip else ["--without-pip"])]
    made = subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=clean_environment(),
    )
    if made.returncode != 0:
        output = made.stdout.decode("utf-8", "replace")
        raise SetupError(explain(output, "The virtual environment could not be made", None))
    if not bundled_pip:
        # Debian's Python without python3-venv: its own pip puts one into the environment.
        system_pip = [sys.executable, "-m", "pip", "--python", environment.python]
        run_pip(environment, system_pip, ["install", "pip"], "fetching pip")


def run_pip(environment: Environment, pip: list[str], arguments: list[str], doing: str) -> None:
    """Run pip with its output in install.log and its progress on one line; raises SetupError when it fails."""
    import subprocess

    options = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    with open(environment.log, "w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [*pip, *arguments, *options],
            cwd=environment.root,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # pip inherits the lock: if this process is killed, the next call still waits until pip has ended too.
            close_fds=False,
        )
        try:
            output = follow(process, log, doing)
        except BaseException:
            # Ctrl-C reaches pip too; wait for it, so that it does not write into what the next call repairs.
            process.terminate()
            process.wait()
            raise
    if process.returncode != 0:
        raise SetupError(explain(output, "The install failed", os.path.relpath(environment.log, environment.root)))


def follow(process: subprocess.Popen[bytes], log: TextIO, doing: str) -> str:
    """Copy the child's output to the log, show the step it is at, and return the whole."""
    import queue
    import threading
    import time

    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for raw in process.stdout or ():
            lines.put(raw.decode("utf-8", "replace"))
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    began = time.monotonic()
    progress = Progress(sys.stderr)
    output = []
    step = doing
    while True:
        try:
            line = lines.get(timeout=1.0)
        except queue.Empty:
            progress.show(step, time.monotonic() - began)
            continue
        if line is None:
            break
        output.append(line)
        log.write(line)
        log.flush()
        words = line.split()
        if len(words) > 1 and words[0] in ("Collecting", "Downloading", "Building", "Installing"):
            step = " ".join(words[: 4 if words[0] == "Downloading" else 3]).rstrip(":")
            progress.show(step, time.monotonic() - began, milestone=words[0] in ("Downloading", "Installing"))
    process.wait()
    progress.clear()
    return "".join(output)


class Progress:
    """One line that rewrites itself on a terminal; elsewhere milestones, five seconds apart, and a sign of life."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
        self.last = -5.0

    def show(self, step: str, seconds: float, milestone: bool = False) -> None:
        from shutil import get_terminal_size

        text = f"  {seconds:4.0f} s  {step}"
        if self.terminal:
            width = get_terminal_size().columns - 1
            self.stream.write("\r\x1b[K" + text[:width])
        elif seconds - self.last >= (5.0 if milestone else 15.0):
            self.last = seconds
            self.stream.write(text + "\n")
        self.stream.flush()

    def clear(self) -> None:
        if self.terminal:
            self.stream.write("\r\x1b[K")
            self.stream.flush()


class Lock:
    """Only one call at a time sets up; the others wait, and find it done. The system releases it if the holder dies."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> None:
        self.stream = open(self.path, "a+b")
        if not self._try():
            import time

            say("Another call is setting up .venv; waiting for it …")
            while not self._try():
                time.sleep(0.3)

    def _try(self) -> bool:
        try:
            if sys.platform == "win32":
                import msvcrt

                self.stream.seek(0)
                msvcrt.locking(self.stream.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(self.stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.set_inheritable(self.stream.fileno(), True)
        except (BlockingIOError, PermissionError):
            return False
        return True

    def __exit__(self, *_: object) -> None:
        self.stream.close()


def clean_environment() -> dict[str, str]:
    """The environment for pip and venv, without the settings that would send packages elsewhere."""
    astray = ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_ROOT", "__PYVENV_LAUNCHER__")
    kept = {name: value for name, value in os.environ.items() if name not in astray}
    kept["PYTHONUNBUFFERED"] = "1"
    # git would ask for a password between the lines of the progress; credential helpers still answer.
    kept.setdefault("GIT_TERMINAL_PROMPT", "0")
    return kept


# --- sentences ---------------------------------------------------------------------------------------------------

AGAIN = "run the same command again, it goes on from there"

# (words of pip's output, sentence); the first that fits is said.
CAUSES = (
    (("No space left on device", "not enough space on the disk"), "the disk is full; free some space, then " + AGAIN),
    (("Read-only file system",), "the project's folder is read-only; copy it to where you may write"),
    (
        (
            "Temporary failure in name resolution",
            "Failed to establish a new connection",
            "NewConnectionError",
            "Network is unreachable",
            "Connection refused",
            "Connection reset",
            "Connection broken",
            "Connection aborted",
            "ConnectTimeout",
            "ReadTimeout",
            "Read timed out",
            "ProxyError",
            "IncompleteRead",
            "SSLError",
            "CERTIFICATE_VERIFY_FAILED",
            "Max retries exceeded",
            "NameResolutionError",
            "getaddrinfo failed",
            "HTTPError",
            "ProtocolError",
            "Could not resolve host",
            "Could not connect to server",
            "Connection timed out",
        ),
        "the download broke off or never began; check the connection (and proxy), then " + AGAIN,
    ),
    (
        (
            "Repository not found",
            "repository not found",
            "Authentication failed",
            "could not read Username",
            "Permission denied (publickey)",
            "Could not read from remote repository",
            "did not match any file(s) known to git",
        ),
        "git could not fetch the package; check its address in pyproject.toml, and that you may read that repository",
    ),
    (("DO NOT MATCH THE HASHES",), "a downloaded file was damaged; " + AGAIN),
    (("Permission denied", "Access is denied"), "a file may not be written; check who owns the project's folder"),
    (
        ("No matching distribution found for", "requires a different Python"),
        "a package is not to be had, at all or for Python {}.{} on this system; check its name in pyproject.toml, "
        "or try another Python from {}.{} on".format(sys.version_info[0], sys.version_info[1], *MINIMUM),
    ),
)


def explain(output: str, what: str, log: str | None) -> str:
    """One sentence for a failed call of pip or venv, from what it printed."""
    last = [line.strip() for line in output.splitlines() if line.strip()]
    # What git says is the cause of what pip says about git.
    fatal = [line for line in last if line.startswith("fatal:")]
    errors = fatal or [line for line in last if line.upper().startswith("ERROR")] or last or ["it printed nothing"]
    where = f"; all of its output is in {log}" if log else ""
    for words, sentence in CAUSES:
        if any(word in output for word in words):
            return f"{what}: {sentence} (pip said: {errors[-1][:200]}{where})."
    return f"{what}: {errors[-1][:300]}{where}."


def sentence_for(error: OSError, environment: Environment) -> str:
    """One sentence for what the system refused while setting up."""
    import errno

    if error.errno == errno.ENOSPC:
        return f"Setting up stopped, the disk is full; free some space, then {AGAIN}."
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        what = f"{error.filename or environment.folder} cannot be written ({error.strerror})"
        return f"{what}; copy the project to where you may write, or make it yours."
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return f"{environment.folder} is no folder; move it away and run this again."
    return f"Setting up stopped: {error}; {AGAIN}."


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def listing() -> str:
    """What `python3 tasks.py` alone prints."""
    width = max(len(name) for name in TASKS)
    rows = [f"  {name.ljust(width)}  {what}" for name, (what, _) in TASKS.items()]
    return "\n".join(
        [
            "Usage: python3 tasks.py TASK [options]",
            "",
            "Tasks:",
            *rows,
            "",
            "`python3 tasks.py TASK --help` says more. The first task sets everything up in .venv.",
        ]
    )


# --- tasks that are no commands of the grader --------------------------------------------------------------------

LINTERS = (
    ("ruff check", ("-m", "ruff", "check", ".")),
    ("ruff format", ("-m", "ruff", "format", "--check", ".")),
    ("mypy", ("-m", "mypy")),
    ("import-linter", ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")),
)


def lint(python: str) -> list[str]:
    """Run every linter on the whole project; the names of those that found something."""
    import subprocess

    failed = []
    for name, words in LINTERS:
        say(f"== {name}")
        if subprocess.call([python, *list(words)], cwd=ROOT) != 0:
            failed.append(name)
    return failed


def check_project(python: str, task: str, arguments: list[str]) -> int:
    """`lint` and `test`: 0 when everything passed, else 1; with arguments, pytest's own status."""
    import subprocess

    if task == "test" and arguments:
        return subprocess.call([python, "-m", "pytest", *arguments])
    if arguments:
        say("`lint` takes no arguments.")
        return 2
    # A team's own repository depends on the package: it has this file, but no code to lint.
    failed = lint(python) if os.path.isdir(os.path.join(ROOT, "grader")) else []
    if task == "test":
        say("== pytest")
        # A worker holds PyTorch and a server that holds it too: about 1 GB.
        workers = min(4, max(2, os.cpu_count() or 2))
        if subprocess.call([python, "-m", "pytest", "-n", str(workers)], cwd=ROOT) != 0:
            failed.append("pytest")
    if failed:
        say("Failed: {}.".format(", ".join(failed)))
    return 1 if failed else 0


# --- the way in --------------------------------------------------------------------------------------------------


def main(words: list[str]) -> int:
    """Run one task; returns its exit status, or never, where the system can hand the process over."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that has no `…` or `×` shows a question mark instead of a traceback.
            stream.reconfigure(errors="replace")
    if not words or words[0] in ("-h", "--help", "help"):
        print(listing())
        return 0
    task, arguments = words[0], words[1:]
    if task not in TASKS:
        from difflib import get_close_matches

        near = get_close_matches(task, TASKS, n=1)
        advice = f"did you mean `{near[0]}`?" if near else "`python3 tasks.py` lists the tasks."
        say(f"There is no task `{task}`; {advice}")
        return 2
    try:
        check_python(sys.version_info[:2])
        environment = Environment(ROOT)
        ensure(environment, TASKS[task][1])
        if task in ("test", "lint"):
            return check_project(environment.python, task, arguments)
        # -P: modules in the current folder (somebody's random.py) must not stand in for the real ones.
        call = [environment.python, "-P", "-m", "grader.cli", task, *arguments]
        if os.name == "nt":
            import subprocess

            return subprocess.call(call)
        sys.stdout.flush()
        sys.stderr.flush()
        # Ctrl-C waits until the command can answer it with a sentence: an interpreter that starts prints a traceback.
        import signal

        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        os.execv(environment.python, call)
    except SetupError as error:
        say(str(error))
        return 3
    except KeyboardInterrupt:
        say(f"\nStopped. Nothing is lost: {AGAIN}.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

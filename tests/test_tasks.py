"""tasks.py as a user meets it: a first call, a broken one, an interrupted one, and the next.

No network and no real install: the interpreter that tasks.py believes to run on is a small shell script, which answers
`-m venv`, `-m pip` and `-m grader.cli`, keeps a log of its calls, and fails in the way that a test asks for.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from grader.cli import COMMANDS

REPOSITORY = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the fake interpreter is a shell script")

FAKE_PYTHON = r"""#!/bin/sh
control="$(cat "$FAKE_CONTROL_PATH")"
echo "$*" >> "$control/calls"
case "$1 $2" in
  "-m venv")
    mkdir -p "$3/bin"; cp "$0" "$3/bin/python"
    if [ -f "$control/venv-output" ]; then cat "$control/venv-output"; exit 1; fi ;;
  "-c "*) [ ! -f "$control/unsound" ] ;;
  "-m pip")
    [ -f "$control/slow" ] && { touch "$control/pip-began"; sleep "$(cat "$control/slow")"; }
    [ -f "$control/pip-output" ] && cat "$control/pip-output"
    [ ! -f "$control/pip-fails" ] ;;
  "-P -m") echo "task: $*"; pwd; exit 7 ;;
  *) exit 99 ;;
esac
"""

DRIVER = """\
import importlib.util, sys
sys.executable = sys.argv[1]
spec = importlib.util.spec_from_file_location("tasks", sys.argv[2])
tasks = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tasks)
{patch}
sys.exit(tasks.main(sys.argv[3:]))
"""


@dataclass(frozen=True)
class Checkout:
    """A copy of the project's front door and what stands behind it."""

    folder: Path
    control: Path

    def command(self, *words: str, patch: str = "") -> list[str]:
        fake = str(self.control / "python")
        return [sys.executable, "-c", DRIVER.format(patch=patch), fake, str(self.folder / "tasks.py"), *words]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "FAKE_CONTROL_PATH": str(self.control / "path")}

    def run(self, *words: str, patch: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*words, patch=patch),
            env=self.environment(),
            cwd=cwd or self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*words),
            env=self.environment(),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def set(self, name: str, content: str = "") -> None:
        (self.control / name).write_text(content)

    def unset(self, *names: str) -> None:
        for name in names:
            (self.control / name).unlink()

    def calls(self, kind: str) -> list[str]:
        """The calls so far that begin like this."""
        log = self.control / "calls"
        return [line for line in log.read_text().splitlines() if line.startswith(kind)] if log.exists() else []

    def wait_for(self, name: str) -> None:
        for _ in range(500):
            if (self.control / name).exists():
                return
            time.sleep(0.02)
        raise AssertionError(f"{name} never came")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    folder, control = tmp_path / "a checkout [1]", tmp_path / "control"
    folder.mkdir()
    control.mkdir()
    shutil.copy(REPOSITORY / "tasks.py", folder)
    (folder / "pyproject.toml").write_text("[project]\n")
    (control / "path").write_text(str(control))
    (control / "python").write_text(FAKE_PYTHON)
    (control / "python").chmod(0o755)
    return Checkout(folder, control)


def tasks_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tasks_under_test", REPOSITORY / "tasks.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- without an install ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"]])
def test_alone_it_lists_every_task_and_installs_nothing(checkout: Checkout, words: list[str]) -> None:
    done = checkout.run(*words)
    assert done.returncode == 0
    for name, summary in {**COMMANDS, "test": "pytest", "lint": "ruff"}.items():
        assert any(line.split()[:1] == [name] and summary in line for line in done.stdout.splitlines()), name
    assert not (checkout.folder / ".venv").exists()


def test_the_listing_is_the_command_lines_table() -> None:
    table = tasks_module().TASKS
    assert {name: what for name, (what, extra) in table.items() if name in COMMANDS} == COMMANDS
    assert set(table) - set(COMMANDS) == {"test", "lint"}


def test_an_unknown_task_names_the_nearest(checkout: Checkout) -> None:
    done = checkout.run("gradee")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no task `gradee`; did you mean `grade`?\n"
    assert not (checkout.folder / ".venv").exists()


def test_an_old_python_can_parse_it_and_gets_a_sentence() -> None:
    ast.parse((REPOSITORY / "tasks.py").read_text(encoding="utf-8"), feature_version=(3, 8))
    tasks = tasks_module()
    tasks.answers = lambda name: name == "python3.12"
    with pytest.raises(tasks.SetupError) as caught:
        tasks.check_python((3, 8))
    assert str(caught.value) == (
        "This needs Python 3.11 or newer and is run by Python 3.8; run `python3.12 tasks.py` instead."
    )
    tasks.answers = lambda name: False
    with pytest.raises(tasks.SetupError, match="install a newer one and run this again with it"):
        tasks.check_python((3, 10))
    tasks.check_python((3, 11))


def test_only_the_standard_library_is_imported() -> None:
    tree = ast.parse((REPOSITORY / "tasks.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


# --- a first call, and the next ----------------------------------------------------------------------------------


def test_the_first_call_sets_up_and_hands_over(checkout: Checkout, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    first = checkout.run("grade", "--json", "-", "a b.py", cwd=elsewhere)
    assert first.returncode == 7, "the task's own exit status comes through"
    assert first.stdout == f"task: -P -m grader.cli grade --json - a b.py\n{elsewhere}\n", "set-up keeps off stdout"
    assert "Making .venv" in first.stderr and "Ready." in first.stderr
    assert checkout.calls("-m pip")[0].startswith("-m pip install --editable . ")
    second = checkout.run("grade")
    assert (second.returncode, second.stderr) == (7, "")
    assert len(checkout.calls("-m pip")) == 1


def test_help_after_a_task_reaches_the_task(checkout: Checkout) -> None:
    assert "task: -P -m grader.cli grade --help" in checkout.run("grade", "--help").stdout


def test_a_task_that_needs_more_installs_more_and_never_less(checkout: Checkout) -> None:
    for task in ("grade", "site", "serve", "grade"):
        checkout.run(task)
    assert [call.split()[4] for call in checkout.calls("-m pip")] == [".", ".[site]"]
    assert len(checkout.calls("-m venv")) == 1


def test_a_changed_pyproject_installs_again(checkout: Checkout) -> None:
    checkout.run("grade")
    (checkout.folder / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    checkout.run("grade")
    checkout.run("grade")
    assert len(checkout.calls("-m pip")) == 2
    assert len(checkout.calls("-m venv")) == 1


def test_a_moved_checkout_installs_again(checkout: Checkout, tmp_path: Path) -> None:
    checkout.run("grade")
    moved = Checkout(tmp_path / "moved", checkout.control)
    checkout.folder.rename(moved.folder)
    assert moved.run("grade").returncode == 7
    assert len(checkout.calls("-m pip")) == 2


def test_settings_of_ones_shell_do_not_send_packages_elsewhere(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = tasks_module()
    for name in ("PYTHONPATH", "PIP_TARGET", "PIP_USER", "PYTHONHOME"):
        monkeypatch.setenv(name, "somewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "kept")
    kept = tasks.clean_environment()
    assert kept["PIP_INDEX_URL"] == "kept"
    assert not {"PYTHONPATH", "PIP_TARGET", "PIP_USER", "PYTHONHOME"} & set(kept)


# --- what goes wrong, and the call after it ----------------------------------------------------------------------

FAILURES = {
    "no network": (
        "WARNING: Retrying: name resolution: NewConnectionError\nERROR: No matching distribution found for torch\n",
        "the download broke off or never began; check the connection",
    ),
    "broken off": ("ERROR: Exception:\nurllib3.exceptions.IncompleteRead\n", "the download broke off or never began"),
    "disk full": ("ERROR: Could not install packages: [Errno 28] No space left on device\n", "the disk is full; free"),
    "read-only": ("ERROR: [Errno 30] Read-only file system: 'x'\n", "the project's folder is read-only"),
    "not mine": ("ERROR: [Errno 13] Permission denied: 'x'\n", "a file may not be written; check who owns"),
    "no such build": (
        "ERROR: No matching distribution found for torch==2.13.0\n",
        "a package is not to be had, at all or for Python",
    ),
    "no such commit": (
        "  error: pathspec 'abc' did not match any file(s) known to git\nERROR: subprocess-exited-with-error\n",
        "git could not fetch the package; check its address in pyproject.toml",
    ),
    "git's own reason": ("  fatal: bad object abc\nERROR: subprocess-exited-with-error\n", "fatal: bad object abc"),
    "damaged": ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n", "a downloaded file was damaged"),
    "something new": (
        "ERROR: the moon is full\n",
        "the moon is full; all of its output is in .venv/install.log",
    ),
}


@pytest.mark.parametrize(("output", "sentence"), FAILURES.values(), ids=FAILURES.keys())
def test_a_failed_install_says_why_in_a_sentence_and_the_next_call_recovers(
    checkout: Checkout, output: str, sentence: str
) -> None:
    checkout.set("pip-output", output)
    checkout.set("pip-fails")
    failed = checkout.run("grade")
    assert failed.returncode == 3
    assert failed.stdout == ""
    assert sentence in failed.stderr.splitlines()[-1]
    assert (checkout.folder / ".venv" / "install.log").read_text() == output
    checkout.unset("pip-fails")
    assert checkout.run("grade").returncode == 7


@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_install_is_done_again(checkout: Checkout, blow: signal.Signals) -> None:
    checkout.set("slow", "1")
    process = checkout.start("grade")
    checkout.wait_for("pip-began")
    process.send_signal(blow)
    _out, err = process.communicate(timeout=30)
    assert "Traceback" not in err
    if blow is signal.SIGINT:
        assert process.returncode == 130
        assert err.splitlines()[-1] == "Stopped. Nothing is lost: run the same command again, it goes on from there."
    assert checkout.calls("-P -m") == []
    checkout.unset("slow")
    assert checkout.run("grade").returncode == 7
    assert len(checkout.calls("-m pip")) == 2


def test_two_first_calls_install_once(checkout: Checkout) -> None:
    checkout.set("slow", "1")
    first = checkout.start("grade")
    checkout.wait_for("pip-began")
    second = checkout.start("status")
    assert "Another call is setting up .venv; waiting for it" in second.communicate(timeout=30)[1]
    first.communicate(timeout=30)
    assert (first.returncode, second.returncode) == (7, 7)
    assert len(checkout.calls("-m pip")) == 1


def half_made(checkout: Checkout) -> Path:
    venv = checkout.folder / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "lib").mkdir()
    (venv / "pyvenv.cfg").write_text("home = /nowhere\n")
    return venv


@pytest.mark.parametrize("python", ["missing", "dangling", "no program", "fails"])
def test_a_half_made_environment_is_made_again(checkout: Checkout, python: str) -> None:
    inside = half_made(checkout) / "bin" / "python"
    if python == "dangling":
        inside.symlink_to("/nowhere/python3")
    elif python != "missing":
        inside.write_text("#!/bin/sh\nexit 1\n" if python == "fails" else "no program")
        inside.chmod(0o755 if python == "fails" else 0o644)
    assert checkout.run("grade").returncode == 7
    assert len(checkout.calls("-m venv")) == 1
    assert not (checkout.folder / ".venv" / "lib").exists(), "nothing of the old one is left"


def test_an_environment_that_lost_its_python_is_made_again(checkout: Checkout) -> None:
    checkout.run("grade")
    (checkout.folder / ".venv" / "bin" / "python").unlink()
    assert checkout.run("grade").returncode == 7
    assert len(checkout.calls("-m venv")) == 2


def test_a_file_named_venv_is_not_removed(checkout: Checkout) -> None:
    (checkout.folder / ".venv").write_text("mine")
    done = checkout.run("grade")
    assert done.returncode == 3
    assert done.stderr.endswith(".venv is no folder; move it away and run this again.\n")
    assert (checkout.folder / ".venv").read_text() == "mine"


def test_what_a_linked_venv_points_to_is_not_cleared(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "data").write_text("mine")
    (checkout.folder / ".venv").symlink_to(tmp_path / "precious")
    done = checkout.run("grade")
    assert done.returncode == 3
    assert "is a link to something that is no working environment; remove the link" in done.stderr
    assert (tmp_path / "precious" / "data").read_text() == "mine"


REFUSALS = {
    "no venv": ("lacking = {'venv'}", "This Python has no `venv` module; on Debian or Ubuntu `apt install"),
    "no pip at all": ("lacking = {'ensurepip', 'pip'}", "This Python has neither pip nor ensurepip; on Debian"),
}
LACKING = """
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in lacking else real(name, *rest)
"""


@pytest.mark.parametrize(("lacking", "sentence"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_python_without_what_is_needed_says_what_to_install(checkout: Checkout, lacking: str, sentence: str) -> None:
    done = checkout.run("grade", patch=lacking + LACKING)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(sentence)


def test_without_ensurepip_the_systems_pip_helps(checkout: Checkout) -> None:
    done = checkout.run("grade", patch="lacking = {'ensurepip'}" + LACKING)
    assert done.returncode == 7
    assert checkout.calls("-m venv")[0].endswith("--without-pip")
    assert " --python " in checkout.calls("-m pip")[0] and " install pip " in checkout.calls("-m pip")[0]
    assert "--editable" in checkout.calls("-m pip")[1]


def test_a_venv_that_cannot_be_made_says_why(checkout: Checkout) -> None:
    checkout.set("venv-output", "Error: [Errno 28] No space left on device\n")
    done = checkout.run("grade")
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("The virtual environment could not be made: the disk is full")


@pytest.mark.parametrize(
    ("number", "text", "sentence"),
    [
        (30, "Read-only file system", "cannot be written (Read-only file system); copy the project to where you may"),
        (13, "Permission denied", "cannot be written (Permission denied); copy the project to where you may write"),
        (28, "No space left on device", "Setting up stopped, the disk is full; free some space"),
    ],
)
def test_a_folder_that_cannot_be_written_is_a_sentence(
    checkout: Checkout, number: int, text: str, sentence: str
) -> None:
    """The system call is refused by hand: the tests may run as root, whom no permission stops."""
    patch = f"def refuse(path, **rest): raise OSError({number}, {text!r}, path)\ntasks.os.makedirs = refuse"
    done = checkout.run("grade", patch=patch)
    assert (done.returncode, done.stdout) == (3, "")
    assert sentence in done.stderr


def test_progress_is_a_line_or_so(checkout: Checkout) -> None:
    lines = [f"Collecting package{n}\n  Downloading package{n}.whl (1.0 MB)\n" for n in range(200)]
    checkout.set("pip-output", "".join(lines) + "Installing collected packages: " + "p, " * 500 + "\n")
    assert len(checkout.run("grade").stderr.splitlines()) < 10


# --- test and lint -----------------------------------------------------------------------------------------------


def recorded(tasks: ModuleType, monkeypatch: pytest.MonkeyPatch, failing: str) -> list[list[str]]:
    calls: list[list[str]] = []
    monkeypatch.setattr(os, "cpu_count", lambda: 3)

    def call(words: list[str], cwd: str | None = None) -> int:
        calls.append(words[1:])
        return 1 if failing and failing in words else 0

    monkeypatch.setattr(subprocess, "call", call)
    return calls


@pytest.mark.parametrize(("failing", "status"), [("", 0), ("mypy", 1), ("pytest", 1), ("check", 1)])
def test_test_runs_the_linters_then_pytest_and_fails_with_any(
    monkeypatch: pytest.MonkeyPatch, failing: str, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    tasks = tasks_module()
    calls = recorded(tasks, monkeypatch, failing)
    assert tasks.check_project("python", "test", []) == status
    assert [words[1] for words in calls if words[0] == "-m"] == ["ruff", "ruff", "mypy", "pytest"]
    assert calls[-1] == ["-m", "pytest", "-n", "3"], "one that fails does not hide the others"
    assert ("Failed:" in capfd.readouterr().err) == bool(status)


def test_a_teams_repository_has_nothing_to_lint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tasks = tasks_module()
    tasks.ROOT = str(tmp_path)
    calls = recorded(tasks, monkeypatch, "")
    assert tasks.check_project("python", "test", []) == 0
    assert calls == [["-m", "pytest", "-n", "3"]]


def test_test_with_arguments_is_pytest_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = tasks_module()
    calls = recorded(tasks, monkeypatch, "")
    assert tasks.check_project("python", "test", ["tests/plan", "-k", "tab"]) == 0
    assert calls == [["-m", "pytest", "tests/plan", "-k", "tab"]]

"""Every hostile submission ends as the manifest says, reaches nothing, and leaves the next submission as it was."""

from __future__ import annotations

import time
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from bce_calls import RIGHT, SHORT, batch, right, source

from grader.calls import SubmissionEnded
from grader.sandbox import Sandbox

HOSTILE = Path(__file__).parent.parent / "corpus" / "hostile"
MANIFEST: dict[str, dict[str, Any]] = tomllib.loads((HOSTILE / "manifest.toml").read_text(encoding="utf-8"))
UNREADABLE = {"undecodable", "binary"}
WATCHED = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path("/run"), Path("/"), Path.home(), Path.cwd())


def happened(sandbox: Sandbox, name: str) -> tuple[str, str, str]:
    """Where and how it ended, and what it printed."""
    text = (HOSTILE / f"{name}.py").read_text(encoding="utf-8")
    asked = batch()
    where, result = "load", ""
    with sandbox.open(source(text, f"{name}.py"), "bce") as session:
        try:
            loaded = session.loaded
            if not loaded.found:
                result = "unloaded"
            else:
                where = "run"
                answers = session.run(asked)
                raised = any(answer.raised for answer in answers)
                result = "raises" if raised else "right" if right(asked, answers) else "wrong"
        except SubmissionEnded as ended:
            result = str(ended.ending)
    if session.ended is not None:
        result = str(session.ended.ending)
    return where, result, session.output.text


def traces() -> set[str]:
    """Names of files that only a hostile submission makes."""
    return {
        str(entry)
        for folder in WATCHED
        if folder.is_dir()
        for entry in folder.iterdir()
        if "hostile-was-here" in entry.name
    }


@pytest.fixture
def before() -> set[psutil.Process]:
    """The processes below this one when a test begins: another module's browser may be among them."""
    return set(psutil.Process().children(recursive=True))


def others(before: set[psutil.Process]) -> list[psutil.Process]:
    """New processes below this one besides servers and children that wait for a submission, once things settled."""
    deadline = time.monotonic() + 5
    while left := [process for process in _others() if process not in before]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    return left


def _others() -> list[psutil.Process]:
    servers = psutil.Process().children()
    spares = {children[0].pid for server in servers if len(children := server.children()) == 1}
    return [
        process
        for process in psutil.Process().children(recursive=True)
        if process not in servers and process.pid not in spares and process.is_running()
    ]


def is_well(sandbox: Sandbox) -> None:
    """The next submission is graded as if nothing had happened."""
    asked = batch()
    with sandbox.open(source(RIGHT + "\nMARK_OF_BENIGN = bce.MARK_OF_BENIGN = True", "benign.py"), "bce") as session:
        assert right(asked, session.run(asked))
    assert session.ended is None
    assert session.output.text == ""


def test_every_file_is_in_the_manifest() -> None:
    assert {path.stem for path in HOSTILE.glob("*.py")} == set(MANIFEST) | UNREADABLE


@pytest.mark.parametrize("name", MANIFEST)
def test_contained(name: str, confined: Sandbox, before: set[psutil.Process]) -> None:
    expectation = MANIFEST[name]
    missing = set(expectation.get("kernel", ())) - set(confined.isolation.split("+"))
    if missing:
        pytest.skip(f"this kernel lacks {', '.join(sorted(missing))}")
    if "limits" in expectation:
        with Sandbox(replace(SHORT, **expectation["limits"])) as sandbox:
            where, result, printed = happened(sandbox, name)
            is_well(sandbox)
    else:
        where, result, printed = happened(confined, name)
        is_well(confined)
    assert "REACHED" not in printed, printed
    assert result in expectation["result"], printed
    assert where == expectation["at"], printed
    assert traces() == set()
    assert others(before) == []


def runs_unconfined(name: str) -> bool:
    """Safe without the jail; of those that only wait for the clock, which is the same one, two are enough."""
    expectation = MANIFEST[name]
    waits = expectation["result"] == ["wall-clock"] and name not in ("stops_itself", "closes_pipes")
    return expectation.get("unconfined", True) and not waits and "limits" not in expectation


@pytest.mark.parametrize("name", [name for name in MANIFEST if runs_unconfined(name)])
def test_without_the_kernel(name: str, unconfined: Sandbox, before: set[psutil.Process]) -> None:
    expectation = MANIFEST[name]
    _where, result, printed = happened(unconfined, name)
    is_well(unconfined)
    assert result in expectation["result"], printed
    # Those that need the kernel to stop them do get somewhere, or the test with it would show nothing.
    assert ("REACHED" in printed) == bool(expectation.get("kernel")), printed
    assert others(before) == []

"""The grader goes away without a word, and nothing that it started stays."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

GRADER = """
import sys
sys.path.insert(0, sys.argv[1])
from bce_calls import RIGHT, SHORT, batch, source
from grader.sandbox import Sandbox
with Sandbox(SHORT, isolate=sys.argv[2] == "confined") as sandbox:
    print("started", flush=True)
    sandbox.start()
    print(sandbox.isolation, flush=True)
    while True:
        for text in (RIGHT, "while True: pass", RIGHT + "\\nimport threading, time\\n"
                     "threading.Thread(target=time.sleep, args=[100]).start()"):
            with sandbox.open(source(text), "bce") as session:
                if text is RIGHT:
                    session.run(batch())
"""


def started_in(folder: Path) -> list[psutil.Process]:
    """Servers and their children: a server's command line says where the grader was called."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        if str(folder) in " ".join(process.info["cmdline"] or ()) and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def empty_folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("mogakco-*"))


@pytest.mark.parametrize(
    ("isolation", "moments"),
    [("confined", ["starting", "running", "running"]), ("unconfined", ["running"])],
)
def test_a_killed_grader_leaves_nothing(isolation: str, moments: list[str], tmp_path: Path) -> None:
    for moment in moments:
        before = empty_folders()
        with subprocess.Popen(
            [sys.executable, "-c", GRADER, str(Path(__file__).parent), isolation],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            text=True,
        ) as grader:
            assert grader.stdout is not None
            grader.stdout.readline()
            if moment == "running":
                grader.stdout.readline()
            time.sleep(random.uniform(0, 0.6))
            made = started_in(tmp_path)
            grader.kill()
            grader.wait()
        assert made or moment == "starting"
        deadline = time.monotonic() + 10
        while (left := started_in(tmp_path)) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert left == []
        # Other tests of this machine may run sandboxes of their own meanwhile: only what was made and stayed counts.
        while (stayed := {folder for folder in empty_folders() - before if not in_use(folder)}) and (
            time.monotonic() < deadline
        ):
            time.sleep(0.02)
        assert stayed == set()
    assert list(tmp_path.iterdir()) == []


def in_use(folder: Path) -> bool:
    """Its server runs: the name has its process id."""
    return psutil.pid_exists(int(folder.name.split("-")[1]))

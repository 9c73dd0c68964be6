"""Kill whole submits at random moments, with the real grader and real git: `python tests/tracking/kill_submits.py`.

Every record that was there before has to be readable afterwards, at most the one in flight may be absent, and the next
submit has to go through. It takes a while (`--kills 200` about twenty minutes), so it is no test of the suite; that one
kills the append alone (`test_kill_9_at_200_random_moments_costs_at_most_the_record_in_flight`). Exits with 1 if
anything was lost.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from test_story import BCE

from grader.cli import main as mogakco
from grader.tracking import ledger
from grader.tracking.ledger import Flaw

SUBMIT = [sys.executable, "-P", "-m", "grader.cli", "submit", "--lang", "en"]


def team(folder: Path) -> Path:
    """A new team of one, with a right solution; returns the solution's file."""
    words = ["--team", "Kill", "--member", "ann:Ann:ann@example.org", "--assign", "ann=bce", "--package", "mogakco"]
    assert mogakco(["init", str(folder), *words, "--no-git", "--language", "en"]) == 0
    for command in ("init -q -b main", "config user.name Ann", "config user.email ann@example.org", "add -A"):
        subprocess.run(["git", "-C", str(folder), *command.split()], check=True)
    subprocess.run(["git", "-C", str(folder), "commit", "-q", "-m", "Begin"], check=True)
    return folder / "solutions" / "ann" / "week01" / "bce.py"


def submit(folder: Path, said: Path) -> subprocess.Popen[bytes]:
    with said.open("wb") as out:
        return subprocess.Popen(
            SUBMIT, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )


def kill(process: subprocess.Popen[bytes], *, alone: bool) -> None:
    """The process, or with it git and whatever else it had started."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL) if alone else os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def play(folder: Path, kills: int, seed: int) -> Counter[str]:
    """What happened, counted; `lost` is what may not happen."""
    moments, counts = random.Random(seed), Counter[str]()
    solution, said = team(folder), folder.parent / "said.txt"
    known: set[str] = set()
    typical = 5.0
    for number in range(kills):
        solution.write_text(f"{BCE}# {number}\n", encoding="utf-8")
        began = time.monotonic()
        process = submit(folder, said)
        # A third of the blows fall near the end, where the record is written and committed.
        early = 0.8 if number % 3 == 0 else 0.0
        try:
            process.wait(typical * moments.uniform(early, 1.1))
            counts["finished"] += 1
            typical = (typical + time.monotonic() - began) / 2
        except subprocess.TimeoutExpired:
            kill(process, alone=number % 2 == 0)
            counts["killed"] += 1
            typical *= 1.03
        time.sleep(0.3)
        found = ledger.read(folder)
        ids = {attempt.id for attempt in found.attempts}
        counts["recorded"] += len(ids - known)
        counts["lost"] += len(known - ids) + max(0, len(ids - known) - 1)
        counts["lost"] += "Committed" in said.read_text(encoding="utf-8") and not ids - known
        counts["unreadable"] += sum(problem.flaw not in (Flaw.TORN, Flaw.RECOVERED) for problem in found.problems)
        for lock in (folder / ".git").rglob("*.lock"):
            counts["locks left by git"] += 1
            lock.unlink()
        known = ids
    solution.write_text(f"{BCE}# the last one\n", encoding="utf-8")
    counts["lost"] += submit(folder, said).wait() != 0
    counts["lost"] += subprocess.run(["git", "-C", str(folder), "fsck", "--no-dangling"], check=False).returncode != 0
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20240714)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        counts = play(Path(place) / "team", arguments.kills, arguments.seed)
    print(dict(counts))
    return int(bool(counts["lost"] or counts["unreadable"]))


if __name__ == "__main__":
    sys.exit(main())

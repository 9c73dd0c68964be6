"""`watch` as it is used: a team's folder, an editor that saves in its own way, and the verdict on the screen."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

RIGHT = """
def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes differ")
    kept = p.clamp(1e-7, 1 - 1e-7)
    return -(t * kept.log() + (1 - t) * (1 - kept).log()).mean()
"""
WRONG = RIGHT.replace("-(t", "(t")


class Screen:
    """What `watch` prints."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process, self.text = process, ""

    def wait_for(self, pattern: str, seconds: float = 60) -> re.Match[str]:
        """Until the text since the last match has it."""
        deadline = time.monotonic() + seconds
        assert self._process.stdout is not None
        while (match := re.search(pattern, self.text)) is None:
            left = deadline - time.monotonic()
            ready = left > 0 and select.select([self._process.stdout], [], [], left)[0]
            data = os.read(self._process.stdout.fileno(), 65536) if ready else b""
            assert data, f"no {pattern!r} in {self.text!r}"
            self.text += data.decode()
        self.text = self.text[match.end() :]
        return match


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("team")
    (root / "weeks").mkdir()
    (root / "weeks" / "team.yml").write_text(
        "name: t\nyear: 2024\nlanguage: en\ntimezone: UTC\nmembers:\n  - {id: me, name: Me, lead: true}\n"
    )
    (root / "weeks" / "week01.yml").write_text(
        "number: 1\ntitle: t\nstarts: 2024-07-14\nends: 2024-07-20\nassignments:\n"
        "  - {member: me, loss: bce, due: 2024-07-20, goal: g}\n"
    )
    (root / "solutions" / "me" / "week01").mkdir(parents=True)
    return root


@pytest.fixture(scope="module")
def watching(team: Path) -> Iterator[tuple[Screen, subprocess.Popen[bytes]]]:
    (team / "solutions" / "me" / "week01" / "bce.py").write_text(WRONG)
    with subprocess.Popen(
        [sys.executable, "-m", "grader.cli", "watch", "--device", "cpu", "--seed", "1"],
        cwd=team,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        screen = Screen(process)
        screen.wait_for("not yet .*bce")
        # What was saved last is graded at once; from here on only what is saved.
        time.sleep(0.3)
        yield screen, process
        process.kill()


def in_place(path: Path, text: str) -> None:
    path.write_text(text)


def renamed_over(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.swp")
    beside.write_text(text)
    beside.replace(path)


def moved_away_first(path: Path, text: str) -> None:
    path.rename(path.with_name(f"{path.name}~"))
    path.write_text(text)


@pytest.mark.parametrize("save", [in_place, renamed_over, moved_away_first])
def test_every_way_of_saving_is_seen(
    save: object, team: Path, watching: tuple[Screen, subprocess.Popen[bytes]]
) -> None:
    screen, _process = watching
    file = team / "solutions" / "me" / "week01" / "bce.py"
    for text, verdict in ((RIGHT, "passed"), (WRONG, "not yet")):
        assert callable(save)
        save(file, text)
        screen.wait_for(f"{verdict} .*bce")


def test_a_deleted_file_is_missing_and_one_that_is_back_is_graded(
    team: Path, watching: tuple[Screen, subprocess.Popen[bytes]]
) -> None:
    screen, _process = watching
    file = team / "solutions" / "me" / "week01" / "bce.py"
    file.unlink()
    screen.wait_for("missing .*bce")
    file.write_text(RIGHT)
    screen.wait_for("passed .*bce")


def test_a_mistake_in_the_plan_is_shown_and_watching_goes_on(
    team: Path, watching: tuple[Screen, subprocess.Popen[bytes]]
) -> None:
    screen, _process = watching
    plan = team / "weeks" / "week01.yml"
    good = plan.read_text()
    plan.write_text(good.replace("loss: bce", "loss: bec"))
    screen.wait_for(r"week01\.yml:\d+:\d+")
    plan.write_text(good)
    time.sleep(0.3)
    (team / "solutions" / "me" / "week01" / "bce.py").write_text(WRONG)
    screen.wait_for("not yet .*bce")


def test_ctrl_c_ends_it_well(watching: tuple[Screen, subprocess.Popen[bytes]]) -> None:
    screen, process = watching
    process.send_signal(signal.SIGINT)
    screen.wait_for("Stopped watching")
    # Where it came while code from a string was running, Python ends by the signal all the same.
    assert process.wait(20) in (0, -signal.SIGINT)

"""A small team in a folder of its own, and `validate` called as its users call it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.cli import main
from grader.messages import set_language

TEAM = """\
name: 셋
year: 2024
members:
  - id: ada
    name: 에이다
    lead: true
  - id: bob
    name: 밥
    emails: [bob@example.org]
meeting:
  tool: Jitsi
  weekday: sunday
  time: 20:00
language: en
"""

WEEK = """\
number: 1
starts: 2024-07-14
ends: 2024-07-20
meetings:
  - date: 2024-07-14
    start: 20:00
    attended: [ada, bob]
assignments:
  - member: ada
    loss: cce
    goal: 이해한다
    due: 2024-07-20
  - member: bob
    loss: bce
    goal: 이해한다
    due: 2024-07-20 21:30
    posts:
      - https://example.org/1
"""


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.err.splitlines()


@dataclass(frozen=True)
class Folder:
    """A team's folder that a test may spoil."""

    root: Path

    def write(self, name: str, content: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    made = Folder(tmp_path)
    made.write("weeks/team.yml", TEAM)
    made.write("weeks/week01.yml", WEEK)
    monkeypatch.chdir(tmp_path)
    return made


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Outcome]]:
    """Call the command line and give back what it said; an exception that leaves it fails the test."""
    # Where a broken team.yml no longer names the language, the system's is spoken.
    monkeypatch.setenv("LC_ALL", "C")

    def call(*words: str) -> Outcome:
        capfd.readouterr()
        status = main(list(words))
        captured = capfd.readouterr()
        assert "Traceback" not in captured.err
        return Outcome(status, captured.out, captured.err)

    yield call
    set_language("en")

"""A team's folder, with and without git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tracking_world import TEAM, WEEK, be

from grader.messages import language, set_language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are compared in English, whatever ran before."""
    before = language()
    set_language("en")
    yield
    set_language(before)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A team's folder: two members, one week, no solutions and no git."""
    home = tmp_path / "team"
    (home / "weeks").mkdir(parents=True)
    (home / "weeks" / "team.yml").write_text(TEAM, encoding="utf-8")
    (home / "weeks" / "week01.yml").write_text(WEEK, encoding="utf-8")
    return home


@pytest.fixture
def git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """`git(folder, *words)`: git with the test's settings only; returns its output, or fails the test."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    settings = tmp_path / "gitconfig"
    settings.write_text("[init]\n\tdefaultBranch = main\n[core]\n\tautocrlf = false\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    def run(folder: Path, *words: str) -> str:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    return run


@pytest.fixture
def repository(root: Path, git: Callable[..., str]) -> Path:
    """The team's folder under git, committed, as Ann."""
    (root / ".gitattributes").write_text("records/*.jsonl text eol=lf merge=union\n", encoding="utf-8")
    (root / ".gitignore").write_text("/build/\n", encoding="utf-8")
    git(root, "init", "-q")
    be(git, root, "Ann", "ann@example.org")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Begin")
    return root

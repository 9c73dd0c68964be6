"""What the staging tests share: a small study on disk, and what staging keeps between runs."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from study import NOW, write_study

from grader.messages import language, set_language
from grader.staging.build import stage


@pytest.fixture(scope="session")
def build_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `build/` as the first staging leaves it, without pages: drawings, formulas and the catalogue take seconds."""
    root = write_study(tmp_path_factory.mktemp("study"), weeks=3)
    stage(root, language="en", now=NOW)
    shutil.rmtree(root / "build" / "docs")
    return root / "build"


@pytest.fixture
def team(tmp_path: Path, build_cache: Path) -> Path:
    """A study of four members and three weeks."""
    root = write_study(tmp_path / "team", weeks=3)
    shutil.copytree(build_cache, root / "build")
    return root


@pytest.fixture(autouse=True)
def _same_language() -> object:
    """Staging speaks the team's language; the next test gets its own back."""
    before = language()
    set_language("en")
    yield
    set_language(before)

"""What the staging tests share: a small study on disk, and a catalogue that is read once."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from study import write_frame, write_study

from grader.messages import language, set_language
from grader.staging.catalogue import Catalogue
from grader.staging.drawing import Drawings


@pytest.fixture(scope="session")
def build_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `build/` that holds the catalogue and the drawings: making them starts processes with torch and matplotlib."""
    root = write_frame(tmp_path_factory.mktemp("frame"))
    Catalogue(root / "build" / "catalogue.json").read()
    Drawings(root).inserts()
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

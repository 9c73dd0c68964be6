"""`pytest weeks`: the items of a week, and how each outcome of a check looks there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parent.parent


@pytest.fixture
def team(pytester: pytest.Pytester) -> Path:
    """A copy of the true team's week and solutions."""
    shutil.copytree(ROOT / "weeks", pytester.path / "weeks")
    shutil.copytree(ROOT / "solutions", pytester.path / "solutions")
    return pytester.path


def test_every_check_of_every_assignment_is_an_item(team: Path, pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("weeks", "--collect-only", "-q", "--mogakco-device", "cpu")
    result.stdout.fnmatch_lines_random(
        [
            "weeks/week01.yml::sejun::clip::gradient[[]cpu[]]",
            "weeks/week01.yml::junhyeok::emd::load[[]cpu[]]",
            "weeks/week01.yml::useok::cce::device[[]cpu[]]",
            "weeks/week01.yml::chaeyeon::bce::stability[[]cpu[]]",
        ]
    )


def test_right_wrong_and_missing_submissions(team: Path, pytester: pytest.Pytester) -> None:
    wrong = team / "solutions" / "chaeyeon" / "week01" / "bce.py"
    wrong.write_text("import torch\n\ndef bce(p, t):\n    return ((p - t) ** 2).mean()\n", encoding="utf-8")
    (team / "solutions" / "useok" / "week01" / "cce.py").unlink()
    result = pytester.runpytest_subprocess(
        "weeks", "-v", "-k", "chaeyeon or useok", "-n", "2", "--junitxml=out.xml", "--mogakco-seed", "4"
    )
    result.stdout.fnmatch_lines_random(
        [
            "*FAILED*weeks/week01.yml::chaeyeon::bce::value[[]cpu[]]*",
            "*XFAIL*weeks/week01.yml::chaeyeon::bce::shapes[[]cpu[]]*",
            "*PASSED*weeks/week01.yml::chaeyeon::bce::purity[[]cpu[]]*",
            "*SKIPPED*weeks/week01.yml::useok::cce::value[[]cpu[]]*",
            "*[[]squared-error[]]*",
        ]
    )
    assert result.ret == 1
    assert "chaeyeon" in (team / "out.xml").read_text(encoding="utf-8")


def test_a_broken_week_is_a_collection_error_with_its_line(team: Path, pytester: pytest.Pytester) -> None:
    week = team / "weeks" / "week01.yml"
    week.write_text(week.read_text(encoding="utf-8").replace("loss: cce", "loss: ccee"), encoding="utf-8")
    result = pytester.runpytest_subprocess("weeks")
    result.stdout.fnmatch_lines(["*week01.yml:*'ccee'*'cce'*"])
    result.stdout.no_fnmatch_line("*Traceback*")
    assert result.ret == 2

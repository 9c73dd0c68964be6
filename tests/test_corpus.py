"""Every submission of the corpus, graded as a user's is: in the sandbox, every check, on the CPU and the simulation."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import grader.checks.cases
import grader.checks.device
from grader.checks.defaults import REQUIRED
from grader.grading import Grader, Options, Task
from grader.losses import ids
from grader.report import Outcome, Report, Verdict

CORPUS = Path(__file__).parent / "corpus"
SEED = 20240714


def rows(kind: str) -> list[Any]:
    found = []
    for loss in ids():
        table = tomllib.loads((CORPUS / f"{loss}.toml").read_text(encoding="utf-8"))
        for name, row in table[kind].items():
            found.append(pytest.param(loss, CORPUS / kind / loss / name, row, id=f"{loss}-{name}"))
    return found


@pytest.fixture(scope="module")
def graded() -> Iterator[Grader]:
    with Grader(Options(devices=("cpu", "sim")), SEED) as ready:
        yield ready


@pytest.fixture(autouse=True)
def no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which counterexample is shown is tested elsewhere; here it would only cost time."""
    for module in (grader.checks.cases, grader.checks.device):
        monkeypatch.setattr(module, "smallest", lambda _examination, failing, _judge, backward: failing[0])


def not_passed(report: Report) -> dict[str, str]:
    return {
        f"{check.name}[{check.device}]": check.message
        for check in report.checks
        if check.outcome in (Outcome.FAIL, Outcome.ERROR)
    }


@pytest.mark.parametrize(("loss", "path", "row"), rows("accept"))
def test_a_right_submission_passes(graded: Grader, loss: str, path: Path, row: dict[str, Any]) -> None:
    report = graded.grade(Task(file=str(path), loss=loss))
    required = {name: message for name, message in not_passed(report).items() if name.split("[")[0] in REQUIRED}
    assert required == {}
    assert report.verdict is Verdict.PASS
    assert report.misconception is None


@pytest.mark.parametrize(("loss", "path", "row"), rows("reject"))
def test_a_wrong_submission_fails_where_it_is_wrong(graded: Grader, loss: str, path: Path, row: dict[str, Any]) -> None:
    report = graded.grade(Task(file=str(path), loss=loss))
    found = {name.split("[")[0] for name in not_passed(report)}
    assert found & set(row["checks"]), not_passed(report)
    if set(row["checks"]) & REQUIRED:
        assert report.verdict is Verdict.FAIL
    if "misconception" in row:
        assert (report.misconception.id if report.misconception else "") == row["misconception"]


@pytest.mark.parametrize("kind", ["accept", "reject"])
@pytest.mark.parametrize("loss", ids())
def test_the_table_names_every_file(loss: str, kind: str) -> None:
    table = tomllib.loads((CORPUS / f"{loss}.toml").read_text(encoding="utf-8"))
    files = {path.name for path in (CORPUS / kind / loss).iterdir() if path.suffix in (".py", ".ipynb")}
    assert files == set(table[kind])
    assert len(files) >= {"accept": 15, "reject": 30}[kind]

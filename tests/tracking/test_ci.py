"""What a pull request is graded on, and how that is shown; the workflows themselves."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from tracking_world import report, solve

from grader.commands import ci
from grader.grading import Task
from grader.report import CheckResult, Counterexample, Misconception, Outcome, Report, Verdict
from grader.reporting.summary import junit, markdown

PROJECT = Path(ci.__file__).parents[2]
HOSTILE = "</code>\n\n# heading <script>alert(1)</script>\x1b[2J ![x](http://evil)"

FAILING = report(
    Verdict.FAIL,
    checks=(
        CheckResult("load", Outcome.PASS, "ok"),
        CheckResult("value", Outcome.FAIL, HOSTILE, counterexample=Counterexample(HOSTILE, "1.0", "2.0")),
        CheckResult("efficiency", Outcome.FAIL, "slow", required=False),
        CheckResult("device", Outcome.SKIP, "none here", device="cuda"),
    ),
    file=f"solutions/{HOSTILE}.py",
    misconception=Misconception("sign-flipped", "The sign is turned round."),
)


def test_nothing_of_a_stranger_becomes_markup() -> None:
    text = markdown([report(), FAILING])
    assert "<script" not in text
    assert "\x1b" not in text
    body = text.split("\n\n", 1)[1]
    for block in body.split("\n\n"):
        assert block.startswith(("<table>", "<details"))
    assert "The sign is turned round." in text
    assert "✅ passed</td>" in text


def test_junit_counts_what_breaks_the_build() -> None:
    top = ElementTree.fromstring(junit([report(), FAILING]))
    suites = top.findall("testsuite")
    assert [(one.attrib["tests"], one.attrib["failures"], one.attrib["skipped"]) for one in suites] == [
        ("1", "0", "0"),
        ("4", "1", "2"),
    ]
    names = [case.attrib["name"] for case in suites[1].findall("testcase") if case.find("failure") is not None]
    assert names == ["value[cpu]"]


@pytest.fixture
def pull_request(repository: Path, git: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ann changes her solution on a branch; returns the files that get graded."""
    solve(repository, "bob", "cce", "on main\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "bob")
    git(repository, "switch", "-q", "-c", "pr")
    solve(repository, "ann", "bce", "changed\n")
    (repository / "solutions" / "ann" / "week01" / "한글 노트.md").write_text("x")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "ann")
    asked: list[str] = []

    def grade_all(tasks: Sequence[Task], _options: object) -> Iterator[Report]:
        for task in tasks:
            asked.append(task.file)
            yield report(Verdict.FAIL, 0.0, file=task.file)

    monkeypatch.setattr("grader.grading.grade_all", grade_all)
    monkeypatch.chdir(repository)
    return asked


def test_only_what_the_pull_request_changes_is_graded(
    repository: Path, pull_request: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    words = ["ci", "main", "--summary", str(summary), "--junit", str(tmp_path / "out" / "junit.xml"), "--lang", "en"]
    monkeypatch.setattr("sys.argv", words)
    assert ci.main() == 1
    assert pull_request == ["solutions/ann/week01/bce.py"]
    assert summary.read_text().startswith("before\n## Grading\n\n<table>")
    assert ElementTree.parse(tmp_path / "out" / "junit.xml").getroot().tag == "testsuites"


def test_what_grading_rests_on_is_pointed_at(
    repository: Path, git: Callable[..., str], pull_request: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    records, week = repository / "records" / "bob.jsonl", repository / "weeks" / "week01.yml"
    git(repository, "switch", "-q", "main")
    records.parent.mkdir()
    records.write_text("one\ntwo\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "records")
    git(repository, "switch", "-q", "-c", "other")
    (repository / "records" / "ann.jsonl").write_text("three\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "only added")
    monkeypatch.setattr("sys.argv", ["ci", "main", "--summary", str(tmp_path / "quiet.md"), "--lang", "en"])
    assert ci.main() == 0
    assert (tmp_path / "quiet.md").read_text() == "No solution changed.\n"

    records.write_text("one\n")
    week.write_text(week.read_text(encoding="utf-8") + "# <b>\n", encoding="utf-8")
    (repository / "weeks" / "photos").mkdir()
    (repository / "weeks" / "photos" / "week01-1.webp").write_text("x")
    (repository / "build").mkdir()
    (repository / "build" / "<i>.json").write_text("{}")
    git(repository, "add", "-A", "-f")
    git(repository, "commit", "-q", "-m", "cheat")
    monkeypatch.setattr("sys.argv", ["ci", "main", "--summary", str(tmp_path / "loud.md"), "--lang", "en"])
    assert ci.main() == 0
    loud = (tmp_path / "loud.md").read_text()
    assert "look at it before merging: build/&lt;i&gt;.json, weeks/week01.yml</p>" in loud
    assert "which are only ever added to: records/bob.jsonl</p>" in loud


def test_an_unchanged_branch_passes_and_a_wrong_base_gets_a_sentence(
    repository: Path, pull_request: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["ci", "HEAD", "--lang", "en"])
    assert ci.main() == 0
    assert capsys.readouterr().out == "No solution changed.\n"
    monkeypatch.setattr("sys.argv", ["ci", "--lang", "en", "nowhere"])
    assert ci.main() == 3
    assert "git refused" in capsys.readouterr().err
    assert pull_request == []


def test_zizmor_finds_nothing_in_the_workflows() -> None:
    zizmor = shutil.which("zizmor", path=str(Path(shutil.sys.executable).parent))  # type: ignore[attr-defined]
    if zizmor is None:
        pytest.skip("zizmor is not installed for this platform")
    done = subprocess.run(
        [zizmor, "--offline", "--persona=pedantic", "--no-progress", ".github/workflows"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

"""This week at a glance; what was graded before; and being asked who one is."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from rich.console import Console
from tracking_world import at, attempt, report

from grader.cli import main
from grader.report import CheckResult, Outcome, Report, Verdict
from grader.tracking import asking, ledger
from grader.tracking.cache import GradeCache, through
from grader.tracking.definition import key_of


def test_who_has_what_at_a_glance(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    ledger.append(root, attempt(at(18), score=95.5))
    assert main(["status", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    lines = [line.rstrip() for line in out.splitlines()]
    assert lines[0] == "시험 팀 · Week 1 · First"
    assert "Ann  bce   ✓ passed          95.5         1  07-20 23:59" in lines
    assert "밥   cce   ! missing            –         0  07-20 21:00 (over)" in lines
    assert any(line.startswith("Next meeting: ") for line in lines)
    assert "Kept in a row: Ann 1 week" in lines
    assert "In all: 1 of 2 passed, 0 late, 1 missing, 1 attempt." in lines
    assert max(Console(file=io.StringIO()).measure(line).maximum for line in lines) <= 80


def test_nothing_is_cut_off_at_80_columns(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    team = root / "weeks" / "team.yml"
    team.write_text(team.read_text(encoding="utf-8").replace("name: Ann", f"name: {'가나다라' * 6}"), encoding="utf-8")
    ledger.append(root, attempt(at(31), Verdict.FAIL, 40.0))
    for language in ("ko", "en"):
        assert main(["status", "--lang", language]) == 0
        out = capsys.readouterr().out
        assert "…" not in out
        assert "07-20 23:59 (" in out
        widths = [Console(file=io.StringIO()).measure(line).maximum for line in out.splitlines()]
        assert max(widths) <= 80


def test_a_bad_line_of_the_ledger_is_shown(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    (root / "records").mkdir()
    (root / "records" / "ann.jsonl").write_bytes(b"\x1b[2J nonsense\n")
    assert main(["status", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "records/ann.jsonl:1: this line is not counted: it is not whole JSON" in out
    assert "\x1b" not in out


def test_a_name_cannot_move_the_cursor(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    ledger.append(root, attempt(at(18)))
    week = root / "weeks" / "week01.yml"
    week.write_text(week.read_text(encoding="utf-8").replace("title: First", 'title: "\\e[2J"'), encoding="utf-8")
    assert main(["status", "--lang", "en"]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_nothing_planned_is_said(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    (root / "weeks" / "week01.yml").unlink()
    assert main(["status", "--lang", "en"]) == 0
    assert "Nothing is planned yet." in capsys.readouterr().out
    assert main(["status", "--week", "1", "--lang", "en"]) == 2


# --- the cache ----------------------------------------------------------------------------------------------------


def test_only_what_is_not_kept_is_graded_and_the_order_stays(tmp_path: Path) -> None:
    cache = GradeCache(tmp_path)
    asked: list[list[int]] = []

    def grade(places: Sequence[int]) -> Iterator[Report]:
        asked.append(list(places))
        for place in places:
            yield report(score=float(place))

    keys = ["aa", None, "cc"]
    for _twice in range(2):
        assert [one.score for one in through(cache, keys, grade)] == [0.0, 1.0, 2.0]
    assert asked == [[0, 1, 2], [1]]
    assert cache.get("aa") == report(score=0.0)


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b'{"verdict": "pass", "score": 1e999, "checks": []}'])
def test_a_spoilt_file_counts_as_none(tmp_path: Path, content: bytes) -> None:
    cache = GradeCache(tmp_path)
    cache.put("aa", report())
    [path] = (tmp_path / "build" / "grades").rglob("*.json")
    path.write_bytes(content)
    assert cache.get("aa") is None


def test_what_met_a_limit_may_try_again(tmp_path: Path) -> None:
    cache = GradeCache(tmp_path)
    cache.put("aa", report(Verdict.FAIL, checks=(CheckResult("value", Outcome.ERROR, "ran 10 s"),)))
    assert cache.get("aa") is None


def test_what_cannot_be_kept_is_graded_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("no folder")
    assert list(through(GradeCache(tmp_path), ["aa"], lambda _places: iter([report()]))) == [report()]


def test_a_key_knows_everything_that_decides() -> None:
    versions = {"grader": "1", "torch": "2"}
    base = key_of("s", "d", versions, None)
    others = [
        key_of("t", "d", versions, None),
        key_of("s", "e", versions, None),
        key_of("s", "d", {**versions, "torch": "3"}, None),
        key_of("s", "d", versions, 0),
        key_of("s", "d", versions, None, ["cpu"]),
    ]
    assert len({base, *others}) == 6


# --- asking -------------------------------------------------------------------------------------------------------


def test_a_question_is_asked_until_it_is_answered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("zoe\n\nbob\n"))
    assert asking.ask("Who?", choices=("ann", "bob")) == "bob"
    assert capsys.readouterr().err == "Who? One of: ann, bob\nWho? One of: ann, bob\nWho? "
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert asking.ask("Who?", "ann") == "ann"
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(asking.UsageError):
        asking.ask("Who?")

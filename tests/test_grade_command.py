"""`grade` through its own door: files, options, exit statuses, the JSON lines and what a person reads."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from grader.checks import CHECKS
from grader.cli import main
from grader.losses import get
from grader.plan.stub import stub_text

ROOT = Path(__file__).parent.parent
RIGHT = """import torch

def bce(probabilities, targets):
    if probabilities.shape != targets.shape:
        raise ValueError("shapes differ")
    p = probabilities.clamp(1e-7, 1 - 1e-7)
    return -(targets * p.log() + (1 - targets) * (1 - p).log()).mean()
"""
FLIPPED = RIGHT.replace("return -(", "return (")
KEYS = {"schema", "loss", "week", "member", "file", "sha256", "verdict", "score", "isolation", "seed", "seconds"} | {
    "graded_at",
    "versions",
    "checks",
    "misconception",
}
CHECK_KEYS = {"name", "device", "required", "outcome", "points", "max_points", "message", "counterexample", "seconds"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder outside any team's, as the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the true team's week and solutions, as the current folder."""
    shutil.copytree(ROOT / "weeks", tmp_path / "weeks")
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_any_files_are_graded_in_the_order_given(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "right.py": RIGHT,
        "flipped.py": FLIPPED,
        "stub.py": stub_text(get("bce"), "ko"),
        "empty.py": "",
        "pass.py": "def bce(p, t):\n    pass\n",
        "syntax.py": "def bce(p, t)\n    return p\n",
        "misnamed.py": RIGHT.replace("def bce", "def BCE"),
        "stop.py": "import sys\nsys.exit(0)\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    named = [*files, "nowhere.py"]
    status = main(["grade", "--loss", "bce", "--json", "-", "--seed", "3", "--lang", "en", *named])
    captured = capsys.readouterr()
    reports = lines(captured.out)
    assert status == 1
    assert [(report["file"], report["verdict"]) for report in reports] == [
        ("right.py", "pass"),
        ("flipped.py", "fail"),
        ("stub.py", "missing"),
        ("empty.py", "fail"),
        ("pass.py", "fail"),
        ("syntax.py", "fail"),
        ("misnamed.py", "fail"),
        ("stop.py", "fail"),
        ("nowhere.py", "missing"),
    ]
    for report in reports:
        assert set(report) >= KEYS
        assert (report["schema"], report["loss"], report["week"], report["member"]) == (1, "bce", None, None)
        assert report["seed"] == 3
        assert {check["name"] for check in report["checks"]} == set(CHECKS)
        assert all(set(check) >= CHECK_KEYS for check in report["checks"])
    right, flipped = reports[:2]
    assert right["score"] == 100.0
    assert right["misconception"] is None
    assert flipped["misconception"]["id"] == "sign-flipped"
    value = next(check for check in flipped["checks"] if check["name"] == "value")
    assert value["outcome"] == "fail"
    assert value["counterexample"]["call"].startswith("bce(torch.tensor(")
    by_name = {report["file"]: report for report in reports}
    load = {name: by_name[name]["checks"][0] for name in by_name}
    assert "is BCE meant to be it" in load["misnamed.py"]["message"]
    assert "syntax.py:1" in load["syntax.py"]["message"]
    assert by_name["nowhere.py"]["sha256"] is None


def test_the_true_week_passes_and_a_flipped_sign_is_explained(team: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", "--lang", "en"]) == 0
    assert "4 of 4 submissions passed" in capsys.readouterr().out
    broken = team / "solutions" / "chaeyeon" / "week01" / "bce.py"
    broken.write_text(FLIPPED, encoding="utf-8")
    assert main(["grade", "--lang", "en", "--member", "chaeyeon"]) == 1
    out = capsys.readouterr().out
    assert "To repair first: value" in out
    for label in ("Input", "Expected", "Got", "[sign-flipped]"):
        assert label in out
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b" not in out


def test_a_week_narrowed_to_one_loss_names_week_and_member(team: Path, tmp_path: Path) -> None:
    assert main(["grade", "--week", "1", "--loss", "emd", "--json", str(tmp_path / "out.jsonl")]) == 0
    (report,) = lines((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert (report["week"], report["member"], report["file"]) == (1, "junhyeok", "solutions/junhyeok/week01/emd.py")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--loss", "ccee", "a.py"], "did you mean 'cce'"),
        (["a.py"], "Say it with --loss"),
        (["--loss", "bce", "--device", "tpu", "a.py"], "unknown device 'tpu'"),
        (["--loss", "bce", "--member", "sejun", "a.py"], "leave them out with FILE"),
        (["--loss", "bce", "--json", "no/such/folder/x", "a.py"], "Cannot write"),
        (["--loss", "bce", "--require-isolation", "--no-isolation", "a.py"], "exclude each other"),
        ([], "team.yml"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_status_2(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["grade", "--lang", "en", *arguments]) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_an_absent_device_is_skipped_and_stands_in_nobodys_way(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from grader.devices import device

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    device.cache_clear()
    (folder / "right.py").write_text(RIGHT, encoding="utf-8")
    status = main(["grade", "--loss", "bce", "--device", "cpu", "--device", "cuda", "--json", "-", "right.py"])
    device.cache_clear()
    (report,) = lines(capsys.readouterr().out)
    cuda = next(check for check in report["checks"] if check["device"] == "cuda")
    assert (status, report["verdict"], report["score"], cuda["outcome"]) == (0, "pass", 100.0, "skip")


def test_the_same_seed_gives_the_same_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "flipped.py").write_text(FLIPPED, encoding="utf-8")
    found = []
    for _run in range(2):
        main(["grade", "--loss", "bce", "--seed", "11", "--json", "-", "flipped.py"])
        (report,) = lines(capsys.readouterr().out)
        found.append(
            [
                (check["name"], check["outcome"], check["counterexample"])
                for check in report["checks"]
                if check["name"] != "efficiency"
            ]
        )
    assert found[0] == found[1]


def test_a_file_name_that_is_no_utf8_survives(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import os

    name = os.fsdecode(b"caf\xe9.py")
    Path(name).write_text(RIGHT, encoding="utf-8")
    assert main(["grade", "--loss", "bce", "--json", "-", name]) == 0
    (report,) = lines(capsys.readouterr().out)
    assert os.fsencode(report["file"]) == b"caf\xe9.py"
    assert main(["grade", "--loss", "bce", name]) == 0


def test_what_a_submission_prints_cannot_move_the_cursor(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = FLIPPED + "\nprint('\\x1b[2J\\x1b[H\\u202e passed 100.0')\n"
    (folder / "loud.py").write_text(text, encoding="utf-8")
    assert main(["grade", "--loss", "bce", "--lang", "en", "loud.py"]) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\\x1b[2J" in out


def test_what_did_not_change_is_not_graded_again(team: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def seeds(*more: str) -> list[int]:
        assert main(["grade", "--member", "chaeyeon", "--json", "-", "--lang", "en", *more]) == 0
        return [report["seed"] for report in lines(capsys.readouterr().out)]

    first = seeds()
    assert seeds() == first
    assert seeds("--force") != first
    solution = team / "solutions" / "chaeyeon" / "week01" / "bce.py"
    solution.write_text(solution.read_text(encoding="utf-8") + "\n# once more\n", encoding="utf-8")
    assert seeds() != first

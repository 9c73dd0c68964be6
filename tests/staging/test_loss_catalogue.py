"""What the site reads of the losses: the same words with torch and without it, and torch only where it is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader import losses
from grader.staging import catalogue, drawing
from grader.staging.catalogue import Catalogue, plain
from grader.staging.problems import StagingError

READ = "from grader.staging import catalogue; catalogue.main()"
# A catalogue of one loss, whose text asks torch for something before anything is called.
ASKS = """
from types import SimpleNamespace
from grader import losses
from grader.staging import catalogue
def read():
    import torch
    return (SimpleNamespace(text={expression}),)
losses.catalogue = read
catalogue.plain = vars
catalogue.main()
"""


def told(code: str, torch: str, tmp_path: Path) -> list[dict[str, object]]:
    """What a process prints that runs `code` with this source in place of torch."""
    (tmp_path / "torch.py").write_text(torch, encoding="utf-8")
    paths = [str(tmp_path), str(Path(__file__).parents[2])]
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.PIPE,
        check=True,
    )
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def test_what_is_read_without_torch_is_what_the_losses_say(build_cache: Path) -> None:
    kept = json.loads((build_cache / "catalogue.json").read_text(encoding="utf-8"))
    assert kept["losses"] == [plain(loss) for loss in losses.catalogue()]


def test_the_losses_are_read_without_torch(tmp_path: Path) -> None:
    assert [loss["id"] for loss in told(READ, "raise ImportError('torch was imported')", tmp_path)] == [*losses.ids()]


@pytest.mark.parametrize(
    "expression",
    ["f'{torch.pi}'", "str(torch.pi)", "repr(torch.pi)", "'%s' % torch.pi", "torch.name()", "'' + torch.text"],
)
def test_torch_is_imported_where_a_text_needs_it(expression: str, tmp_path: Path) -> None:
    torch = "pi, text = 3.25, '3.25'\ndef name(): return '3.25'\n"
    assert told(ASKS.format(expression=expression), torch, tmp_path) == [{"text": "3.25"}]


def test_what_was_read_is_kept(build_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    assert [loss["id"] for loss in Catalogue(build_cache / "catalogue.json").read()] == [*losses.ids()]


def test_a_catalogue_that_cannot_be_read_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalogue, "__name__", "grader.staging.nowhere")
    with pytest.raises(StagingError):
        Catalogue(tmp_path / "catalogue.json").read()
    assert "nowhere" in capfd.readouterr().err
    assert not (tmp_path / "catalogue.json").exists()


@pytest.mark.parametrize(
    ("words", "asked"),
    [(["-m", "grader.staging.catalogue"], ""), (["-c", drawing._DRAW], '[["bce_curve"], ["ko", "en"]]')],
    ids=["catalogue", "figures"],
)
def test_nobody_waiting_any_more_is_no_traceback(words: list[str], asked: str) -> None:
    process = subprocess.Popen(
        [sys.executable, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stderr is not None
    process.stdout.close()
    process.stdin.write(asked.encode())
    process.stdin.close()
    assert process.stderr.read() == b""
    assert process.wait() == 0

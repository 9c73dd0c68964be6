"""Stubs: what they say, that nothing is ever overwritten, and when a file counts as not begun."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
import torch
from team_folder import TEAM, WEEK, Folder, Outcome

from grader import losses
from grader.cli import main
from grader.errors import MogakcoError
from grader.plan import load_plan
from grader.plan.stub import is_unchanged, stub_text, write_stubs

LANGUAGES = ("ko", "en")


def entry_of(text: str, name: str) -> FunctionType:
    namespace: dict[str, object] = {}
    exec(compile(text, "stub.py", "exec"), namespace)
    entry = namespace[name]
    assert isinstance(entry, FunctionType)
    return entry


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id", losses.ids())
def test_a_stub_teaches_and_says_that_it_is_not_done(id: str, language: str) -> None:
    loss = losses.get(id)
    text = stub_text(loss, language)
    entry = entry_of(text, loss.entry)
    parameters = inspect.signature(entry).parameters.values()
    assert [(parameter.name, parameter.default is None) for parameter in parameters] == [
        (parameter.name, parameter.optional) for parameter in loss.parameters
    ]
    doc = " ".join(str(entry.__doc__).split())
    for parameter in loss.parameters:
        assert f"{parameter.name} {parameter.shape}" in doc
        assert " ".join(parameter.meaning[language].split()) in doc
    for rule in loss.rules:
        assert " ".join(rule[language].split()) in doc
    assert " ".join(loss.formula.split()) in doc
    assert " ".join(loss.example.split()) in doc
    with pytest.raises(NotImplementedError, match=loss.entry):
        entry(*(torch.zeros(2, 2) for parameter in loss.parameters if not parameter.optional))
    assert max(len(line) for line in text.splitlines()) <= 120
    assert text.endswith("\n") and "\t" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id", losses.ids())
def test_every_stub_is_recognised_and_only_as_its_own(id: str, language: str) -> None:
    text = stub_text(losses.get(id), language)
    assert [other for other in losses.ids() if is_unchanged([text], losses.get(other))] == [id]


BCE = losses.get("bce")
KO, EN = stub_text(BCE, "ko"), stub_text(BCE, "en")
RAISE = 'raise NotImplementedError("bce is not implemented yet.")'
assert RAISE in EN

UNCHANGED = {
    "as written": [KO],
    "the other language": [EN],
    "comments": ["# my name\n" + EN.replace("    raise", "    # to do\n    raise")],
    "docstrings gone": [ast.unparse(ast.parse(EN)).replace(str(ast.get_docstring(ast.parse(EN))), "")],
    "docstring rewritten": [EN.replace(str(BCE.summary["en"]), "My notes so far.")],
    "other quotes and breaks": [ast.unparse(ast.parse(KO))],
    "Windows line ends": [KO.replace("\n", "\r\n")],
    "in two cells": [EN[: EN.index("def bce")], EN[EN.index("def bce") :]],
    "with empty cells": ["", EN, "\n\n"],
    "with a cell of text": ['"""Notes."""', EN],
}
BEGUN = {
    "empty": [""],
    "no cells": [],
    "only comments": ["# later\n"],
    "only the docstring": [EN[: EN.index("import torch")]],
    "pass of one's own": [EN.replace(RAISE, "pass")],
    "ellipsis": [EN.replace(RAISE, "...")],
    "another exception": [EN.replace(RAISE, "raise ValueError")],
    "another message": [EN.replace("not implemented yet", "hard")],
    "a line before": [EN.replace("    raise", "    p = probabilities\n    raise")],
    "an attempt after": [EN.replace(RAISE, f"{RAISE}\n    return probabilities.mean()")],
    "renamed": [EN.replace("def bce(", "def binary(")],
    "other parameters": [EN.replace("probabilities: torch.Tensor", "p: torch.Tensor")],
    "a helper": [EN + "\n\ndef helper():\n    return 1\n"],
    "not Python": [EN.replace("def bce(", "def bce((")],
    "a null byte": [EN + "\x00"],
    "brackets without end": ["(" * 10_000],
    "signs without end": ["-" * 60_000 + "1"],
    "attributes without end": ["a" + ".a" * 20_000],
    "huge": [EN + "# x\n" * 100_000],
    "a surrogate": [EN + "# \udc80\n"],
}


@pytest.mark.parametrize("cells", UNCHANGED.values(), ids=UNCHANGED.keys())
def test_a_stub_stays_one_through_comments_docstrings_and_formatting(cells: list[str]) -> None:
    assert is_unchanged(cells, BCE)


@pytest.mark.parametrize("cells", BEGUN.values(), ids=BEGUN.keys())
def test_anything_else_is_an_attempt(cells: list[str]) -> None:
    assert not is_unchanged(cells, BCE)


def test_an_assignments_own_stub_counts_too() -> None:
    own = "def bce(p, t):\n    pass\n"
    assert is_unchanged([own.replace("pass", "pass  # later")], BCE, own_stub=own)
    assert not is_unchanged([own], BCE)
    assert is_unchanged([EN], BCE, own_stub=own)


# --- writing -----------------------------------------------------------------------------------------------------

Run = Callable[..., Outcome]


def files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in (root / "solutions").rglob("*") if path.is_file())


def test_what_is_missing_is_written_and_the_rest_is_kept(folder: Folder, run: Run) -> None:
    folder.write("solutions/ada/week01/cce.ipynb", "{}")
    outcome = run("stub")
    assert outcome.status == 0
    assert outcome.out.splitlines() == [
        "wrote solutions/ada/week01/notes.md",
        "wrote solutions/bob/week01/bce.py",
        "wrote solutions/bob/week01/notes.md",
        "kept solutions/ada/week01/cce.ipynb",
    ]
    bce = folder.root / "solutions/bob/week01/bce.py"
    assert is_unchanged([bce.read_text(encoding="utf-8")], BCE)
    bce.write_text("mine", encoding="utf-8")
    again = run("stub")
    assert "wrote" not in again.out and "kept solutions/bob/week01/bce.py" in again.out
    assert bce.read_text(encoding="utf-8") == "mine"
    assert files(folder.root) == [
        "solutions/ada/week01/cce.ipynb",
        "solutions/ada/week01/notes.md",
        "solutions/bob/week01/bce.py",
        "solutions/bob/week01/notes.md",
    ]


@pytest.mark.parametrize(
    ("words", "written"),
    [
        (["--week", "1", "--member", "ada"], ["solutions/ada/week01/cce.py", "solutions/ada/week01/notes.md"]),
        (["--week", "2"], ["solutions/ada/week02/bce.py", "solutions/ada/week02/notes.md"]),
        (["--week", "2", "--member", "bob"], []),
    ],
)
def test_one_week_or_one_member(folder: Folder, run: Run, words: list[str], written: list[str]) -> None:
    second = "number: 2\nassignments:\n  - {member: ada, loss: bce, goal: g, due: 2024-07-27}\n"
    folder.write("weeks/week02.yml", second)
    assert run("stub", *words).status == 0
    assert files(folder.root) == written


@pytest.mark.parametrize("words", [["--week", "9"], ["--member", "eve"], ["--week", "x"]])
def test_an_unknown_week_or_member_writes_nothing(
    folder: Folder, capfd: pytest.CaptureFixture[str], words: list[str]
) -> None:
    try:
        status: object = main(["stub", *words])
    except SystemExit as error:
        status = error.code
    assert status == 2
    assert capfd.readouterr().err
    assert not (folder.root / "solutions").exists()


def test_notes_begin_with_the_goals(folder: Folder) -> None:
    more = "  - member: ada\n    loss: bce\n    goal: 둘째 목표\n    due: 2024-07-20\n"
    folder.write("weeks/team.yml", TEAM.replace("language: en", "language: ko"))
    folder.write("weeks/week01.yml", WEEK + more)
    write_stubs(load_plan(folder.root), member="ada")
    notes = (folder.root / "solutions/ada/week01/notes.md").read_text(encoding="utf-8")
    assert notes.startswith("# 1주차 노트\n\n- 목표: 이해한다\n- 목표: 둘째 목표\n\n## 정의와 유도\n")


def test_a_stub_of_ones_own_is_written_instead(folder: Folder) -> None:
    folder.write("weeks/week01.yml", WEEK.replace("loss: cce\n", "loss: cce\n    stub: |\n      x = 1\n"))
    write_stubs(load_plan(folder.root), member="ada")
    assert (folder.root / "solutions/ada/week01/cce.py").read_text(encoding="utf-8") == "x = 1\n"


def test_a_link_is_never_written_through(folder: Folder) -> None:
    home = folder.root / "solutions/ada/week01"
    home.mkdir(parents=True)
    (home / "cce.py").symlink_to(folder.root / "elsewhere.py")
    write_stubs(load_plan(folder.root), member="ada")
    assert not (folder.root / "elsewhere.py").exists()


def test_a_file_where_a_folder_should_be_is_a_sentence(folder: Folder) -> None:
    folder.write("solutions/ada", "in the way")
    with pytest.raises(MogakcoError, match="solutions/ada"):
        write_stubs(load_plan(folder.root), member="ada")
    assert (folder.root / "solutions/ada").read_text() == "in the way"


def test_a_full_disk_is_a_sentence_and_leaves_no_half_stub(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A half-written stub would be kept for ever, so it is taken away again."""
    real = Path.open

    def full(path: Path, mode: str = "r", **rest: Any) -> Any:
        stream = real(path, mode, **rest)
        if mode == "x":
            stream.write = lambda text: (_ for _ in ()).throw(OSError(28, "No space left on device"))
        return stream

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(MogakcoError, match=r"cce\.py cannot be written: No space left on device"):
        write_stubs(load_plan(folder.root), member="ada")
    assert files(folder.root) == []


def test_the_catalogue_is_listed(folder: Folder, run: Run) -> None:
    table = run("losses")
    assert table.status == 0
    for loss in losses.catalogue():
        assert loss.entry in table.out
    data = json.loads(run("losses", "--json").out)
    assert [entry["id"] for entry in data] == list(losses.ids())
    assert {"entry", "title", "summary", "difficulty", "parameters"} <= set(data[0])

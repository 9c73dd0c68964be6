"""The weekly post holds everything that is known of the week, and the notes in full."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from tracking_world import at, attempt, solve

from grader.cli import main
from grader.plan import load_plan
from grader.tracking import ledger
from grader.tracking.ledger import Ledger
from grader.tracking.notes import take
from grader.tracking.post import Post, write_post
from grader.tracking.progress import progress


def picture(path: Path, colour: str = "red") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 6), colour).save(path)
    return path


# --- notes --------------------------------------------------------------------------------------------------------


@pytest.fixture
def note(root: Path) -> Callable[..., tuple[str, list[str]]]:
    """`note(text, obsidian)`: what a note becomes, and what it lacks. There are three pictures."""
    home = root / "solutions" / "ann" / "week01"
    for name in ("그림 1.png", "b.png"):
        picture(home / name)
    picture(root / "solutions" / "ann" / "shared" / "c.png")
    (root / "secret.png").write_bytes(b"secret")
    (home / "link.png").symlink_to(root / "secret.png")

    def become(text: str, *, obsidian: bool = False) -> tuple[str, list[str]]:
        path = home / "notes.md"
        path.write_text(text, encoding="utf-8")
        taken = take(path, root / "solutions", lambda file: f"ann-{file.name}", levels=3, obsidian=obsidian)
        return taken.text.rstrip("\n"), taken.missing

    return become


@pytest.mark.parametrize(
    ("text", "plain", "obsidian"),
    [
        ("# A\n## B\n##### E", "#### A\n##### B\n###### E", None),
        ("#tag and # not", "#tag and # not", None),
        ("A\n===\n\nB\n---\n\n---", "#### A\n\n##### B\n\n---", None),
        ("- a\n---", "- a\n---", None),
        ("---\ntitle: <b>\n---\ntext", "text", None),
        ("```python\n# A\n![[b.png]]\n```\n# B", "```python\n# A\n![[b.png]]\n```\n#### B", None),
        ("~~~\n```\n# A\n~~~\n# B", "~~~\n```\n# A\n~~~\n#### B", None),
        ("> ```\n> # A\n> ```", "> ```\n> # A\n> ```", None),
        ("$$\n# A\n$$\n# B", "$$\n# A\n$$\n#### B", None),
        ("$$ x $$\n# B", "$$ x $$\n#### B", None),
        ("`![[b.png]]` and ``a ` [[b]]``", "`![[b.png]]` and ``a ` [[b]]``", None),
        ("$[[a]]$ costs", "$[[a]]$ costs", None),
        ("![[b.png]]", "![b](ann-b.png)", "![[ann-b.png]]"),
        ("![[그림 1.png|300]]", "![그림 1](ann-%EA%B7%B8%EB%A6%BC%201.png)", "![[ann-그림 1.png|300]]"),
        ("![[b.png|a caption|300x200]]", "![a caption](ann-b.png)", "![[ann-b.png|a caption|300x200]]"),
        ("![[c.png]]", "![c](ann-c.png)", "![[ann-c.png]]"),
        ("![alt](b.png)", "![alt](ann-b.png)", "![[ann-b.png|alt]]"),
        ('![](./b.png "title")', "![b](ann-b.png)", "![[ann-b.png]]"),
        ("![](<그림 1.png>)", "![그림 1](ann-%EA%B7%B8%EB%A6%BC%201.png)", "![[ann-그림 1.png]]"),
        ("![](%EA%B7%B8%EB%A6%BC%201.png)", "![그림 1](ann-%EA%B7%B8%EB%A6%BC%201.png)", "![[ann-그림 1.png]]"),
        ("![x](https://example.org/b.png)", "![x](https://example.org/b.png)", None),
        ("[[page|alias]] and [[page#part]]", "alias and page > part", None),
        ("![[other note]]", "other note", None),
        ("a %%hidden%% b", "a  b", None),
        ("> [!warning]- 주의\n> text", "> **주의**\n> text", "> [!warning]- 주의\n> text"),
        ("> [!note]", "> **Note**", "> [!note]"),
        ("| a | ![[b.png\\|30]] |", "| a | ![b](ann-b.png) |", "| a | ![[ann-b.png|30]] |"),
    ],
)
def test_a_note_is_taken_over(
    note: Callable[..., tuple[str, list[str]]], text: str, plain: str, obsidian: str | None
) -> None:
    assert note(text) == (plain, [])
    assert note(text, obsidian=True) == (plain if obsidian is None else obsidian, [])


@pytest.mark.parametrize(
    "target", ["gone.png", "../../../secret.png", "/etc/passwd.png", "link.png", "a" * 5000 + ".png", "..png", "\0.png"]
)
def test_a_picture_that_is_not_among_the_solutions_stays_out(
    note: Callable[..., tuple[str, list[str]]], target: str
) -> None:
    assert note(f"![[{target}]]") == (f"![[{target}]]", [target])


# --- the post -----------------------------------------------------------------------------------------------------


def post(root: Path, *attempts: ledger.Attempt, obsidian: bool = False) -> Post:
    plan = load_plan(root)
    return write_post(plan, progress(plan, Ledger(attempts), at(22)), 1, obsidian=obsidian)


def test_the_whole_week_in_one_file(root: Path) -> None:
    home = solve(root, "ann", "bce").parent
    (home / "notes.md").write_text("# BCE\n\n본문\n\n![[a b.png]]\n\n- end of the notes\n", encoding="utf-8")
    picture(home / "a b.png")
    picture(root / "weeks" / "photos" / "week01-1.webp", "blue")
    week = root / "weeks" / "week01.yml"
    text = week.read_text().replace(
        "decisions: [begin]", "decisions: [begin]\n    photos: [weeks/photos/week01-1.webp]"
    )
    week.write_text(text)
    made = post(root, attempt(at(21), score=95.0))
    assert (
        made.text
        == """\
# 시험 팀, week 1: First

2024-07-14 – 2024-07-20

## Plan

## How we meet

- On: Whale ON

### Meeting of 2024-07-14 20:00–22:00

- Length: 2 h 0 min
- Present: Ann
- Decided
    - begin

## Members' blogs

- Ann: <https://ann.example.org/>

## Goals and results

### Ann

- Goal: Understand BCE.
- Result: bce: passed, 95 points of 100 (handed in 2024-07-21 21:00, attempts: 1), 21 h 0 min late
- Post: <https://ann.example.org/bce>

#### BCE

본문

![a b](ann-a-b.webp)

- end of the notes

### 밥

- Goal: Understand CCE.
- Result: nothing handed in

## Photos of the meetings

![2024-07-14](2024-07-14-week01-1.webp)
"""
    )
    assert sorted(made.pictures) == ["2024-07-14-week01-1.webp", "ann-a-b.webp"]
    assert made.problems == ["solutions/bob/week01/notes.md: there are no notes."]


def test_two_pictures_of_one_name_are_both_kept(root: Path) -> None:
    home = solve(root, "ann", "bce").parent
    picture(home / "a.png", "red")
    picture(home / "more" / "a.png", "blue")
    (home / "notes.md").write_text("![[a.png]] ![](more/a.png)", encoding="utf-8")
    made = post(root)
    assert len(made.pictures) == 2
    assert all(name in made.text for name in made.pictures)


@pytest.mark.parametrize("kind", ["bad bytes", "link", "broken picture"])
def test_what_cannot_be_taken_along_is_told_and_the_rest_goes_on(root: Path, kind: str) -> None:
    home = solve(root, "ann", "bce").parent
    if kind == "bad bytes":
        (home / "notes.md").write_bytes(b"\xff\xfe")
    elif kind == "link":
        (home / "notes.md").symlink_to("/etc/hostname")
    else:
        (home / "notes.md").write_text("![[x.png]]", encoding="utf-8")
        (home / "x.png").write_bytes(b"no picture")
    made = post(root)
    assert any("ann" in problem for problem in made.problems)
    assert "### 밥" in made.text
    assert made.pictures == {}


def test_the_command_writes_it_anew_and_keeps_out_of_full_folders(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(root)
    left = root / "build" / "post" / "week01" / "left.webp"
    left.parent.mkdir(parents=True)
    left.touch()
    assert main(["post", "--week", "1", "--lang", "en"]) == 0
    assert sorted(path.name for path in left.parent.iterdir()) == ["week01.md"]
    out, err = capsys.readouterr()
    assert "week01.md" in out
    assert "Note: solutions/ann/week01/notes.md: there are no notes." in err
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    assert main(["post", "--week", "1", "--lang", "en", "--out", str(tmp_path / "full")]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert main(["post", "--week", "7", "--lang", "en"]) == 2

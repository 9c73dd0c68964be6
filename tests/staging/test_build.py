"""A study staged and built as a whole: what its pages say, what a change writes, and what a mistake does."""

from __future__ import annotations

import csv
import io
import json
import shutil
import threading
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from study import LOSSES, NOW, attempt, checks, write_study

from grader.cli import main
from grader.errors import PlanError
from grader.staging import serving
from grader.staging.build import Staged, stage
from grader.staging.building import build
from grader.tracking import ledger


def staged(root: Path, **options: object) -> Staged:
    return stage(root, language="en", now=NOW, **options)  # type: ignore[arg-type]


def in_notes(made: Staged) -> list[tuple[str, int]]:
    """What is wrong in members' files, as file and line."""
    return [(problem.file, problem.line) for problem in made.problems if not problem.file.startswith("site/")]


def page(root: Path, path: str) -> str:
    return (root / "build" / "docs" / path).read_text(encoding="utf-8")


def test_every_kind_of_page_is_there(team: Path) -> None:
    made = staged(team)
    assert in_notes(made) == []
    docs = team / "build" / "docs"
    for path in (
        "index.md",
        "weeks/week01.md",
        "members/member00.md",
        "losses/emd.md",
        "meetings/index.md",
        "activity.md",
    ):
        assert (docs / path).is_file(), path
    assert list((docs / "reports").rglob("*.md"))


def test_the_hand_written_pages_have_no_mistake(team: Path) -> None:
    for language in ("ko", "en"):
        assert [str(p) for p in stage(team, language=language, now=NOW).problems if p.file.startswith("site/")] == []


def test_two_processes_stage_what_one_does(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = staged(team)
    pages = {path: page(team, path) for path in one.changes.written if path.endswith((".md", ".json", ".csv"))}
    shutil.rmtree(team / "build" / "docs")
    monkeypatch.setattr("grader.staging.sharing.worthwhile", lambda pieces: True)
    two = staged(team)
    assert sorted(two.changes.written) == sorted(one.changes.written)
    assert {path: page(team, path) for path in pages} == pages
    assert staged(team).changes.written == ()


def test_the_matrix_has_a_cell_for_each_assignment(team: Path) -> None:
    staged(team)
    home = page(team, "index.md")
    assert home.count('<a class="cell ') == 12
    assert 'class="cell upcoming"' in home or 'class="cell missing"' in home
    assert "세준" in home


def test_nothing_is_written_twice(team: Path) -> None:
    assert staged(team).changes.written
    assert staged(team).changes.written == ()


def test_a_changed_note_writes_its_week_only(team: Path) -> None:
    staged(team)
    note = team / "solutions" / "member01" / "week02" / "notes.md"
    note.write_text(note.read_text(encoding="utf-8") + "\n한 줄 더\n", encoding="utf-8")
    assert staged(team).changes.written == ("weeks/week02.md",)
    assert "한 줄 더" in page(team, "weeks/week02.md")


def test_a_new_attempt_shows_where_it_counts(team: Path) -> None:
    staged(team)
    file = team / "solutions" / "member00" / "week03" / "emd.py"
    file.write_text("x = 1\n")
    when = datetime(2024, 8, 1, tzinfo=UTC)
    ledger.append(team, attempt("member00", 3, "emd", "solutions/member00/week03/emd.py", "x = 1\n", when, True))
    written = staged(team).changes.written
    assert "reports/member00/week03-emd.md" in written
    assert {"index.md", "weeks/week03.md", "members/member00.md", "progress.json"} <= set(written)
    assert "members/member01.md" not in written


def test_a_report_tells_what_the_terminal_tells(team: Path) -> None:
    file = team / "solutions" / "member00" / "week03" / "emd.py"
    file.write_text("x = 1\n")
    when = datetime(2024, 8, 1, tzinfo=UTC)
    for source, passed in (("x = 0\n", False), ("x = 1\n", True)):
        ledger.append(team, attempt("member00", 3, "emd", "solutions/member00/week03/emd.py", source, when, passed))
        when += timedelta(hours=2)
    ledger.append(team, attempt("member01", 3, "bce", "solutions/member01/week03/bce.py", "y", when, False))
    staged(team)
    good, bad = page(team, "reports/member00/week03-emd.md"), page(team, "reports/member01/week03-bce.md")
    assert "```python linenums" in good and "x = 1" in good
    assert "failed → passed" in good
    for said in (
        "sum-instead-of-mean",
        "0.4904",
        "0.9808",
        "dtype=torch.float64",
        "배치의 크기가",
        "landlock+seccomp",
        "simulated accelerator",
    ):
        assert said in bad
    assert "is not in this clone" in bad


def test_what_is_wrong_in_one_note_stops_nothing_and_is_told(team: Path) -> None:
    note = team / "solutions" / "member01" / "week01" / "notes.md"
    note.write_bytes("첫 줄\n$\\frac{1$\n[[없는 글]]\n".encode() + b"\xff\n")
    made = staged(team)
    assert in_notes(made) == [
        ("solutions/member01/week01/notes.md", 2),
        ("solutions/member01/week01/notes.md", 3),
        ("solutions/member01/week01/notes.md", 4),
    ]
    assert "the formula is wrong" in page(team, "weeks/week01.md")
    assert "우석" in page(team, "weeks/week01.md")


def test_a_note_does_not_reach_outside_the_solutions(team: Path) -> None:
    (team / "secret.txt").write_text("비밀")
    folder = team / "solutions" / "member01" / "week01"
    (folder / "link.txt").symlink_to(team / "secret.txt")
    (folder / "notes.md").write_text("[[link.txt]] [x](../../../secret.txt) ![[../../../secret.txt]]", encoding="utf-8")
    made = staged(team)
    assert len(in_notes(made)) == 3
    assert not list((team / "build" / "docs").rglob("*.txt"))


@pytest.mark.parametrize("written", ["![[사진.jpg]]", "[[사진.jpg]]", "[x](사진.jpg)"])
def test_pictures_lose_their_metadata(team: Path, written: str) -> None:
    from PIL import Image

    folder = team / "solutions" / "member01" / "week01"
    exif = Image.Exif()
    exif[0x010F] = "어느 전화기"
    Image.new("RGB", (3000, 1000), "navy").save(folder / "사진.jpg", exif=exif)
    (folder / "notes.md").write_text(written, encoding="utf-8")
    assert in_notes(staged(team)) == []
    copy = team / "build" / "docs" / "files" / "member01" / "week01" / "사진.jpg.webp"
    with Image.open(copy) as picture:
        assert max(picture.size) <= 1600
        assert not picture.getexif()
    assert not [path for path in copy.parent.iterdir() if "어느 전화기".encode() in path.read_bytes()]


def test_pictures_of_one_name_are_told_apart(team: Path) -> None:
    from PIL import Image

    folder = team / "solutions" / "member01" / "week01"
    Image.new("RGB", (30, 10), "navy").save(folder / "그림.jpg")
    Image.new("RGB", (10, 30), "navy").save(folder / "그림.png")
    (folder / "notes.md").write_text("![[그림.jpg]] ![[그림.png]]", encoding="utf-8")
    assert in_notes(staged(team)) == []
    made = team / "build" / "docs" / "files" / "member01" / "week01"
    assert [Image.open(made / f"그림.{suffix}.webp").size for suffix in ("jpg", "png")] == [(30, 10), (10, 30)]


def test_an_svg_is_never_a_file_of_the_site(team: Path) -> None:
    folder = team / "solutions" / "member01" / "week01"
    (folder / "그림.SVG").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    (folder / "notes.md").write_text("![[그림.SVG]]\n[[그림.SVG]]\n[x](그림.SVG)\n", encoding="utf-8")
    made = staged(team)
    assert in_notes(made) == [("solutions/member01/week01/notes.md", line) for line in (2, 3)]
    assert not [
        path for path in (team / "build" / "docs").rglob("*") if path.suffix.lower() == ".svg" and "files" in path.parts
    ]


def test_feeds_are_what_they_claim(team: Path) -> None:
    staged(team)
    docs = team / "build" / "docs"
    progress = json.loads((docs / "progress.json").read_text(encoding="utf-8"))
    rows = list(csv.DictReader(io.StringIO((docs / "progress.csv").read_text(encoding="utf-8-sig"))))
    assert len(rows) == len(progress["assignments"]) == 12
    assert {row["state"] for row in rows} <= {"passed", "failed", "missing", "upcoming"}
    assert ElementTree.fromstring((docs / "feed.xml").read_bytes()).tag.endswith("feed")
    assert (docs / "meetings.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    for row in progress["assignments"]:
        if row["report"]:
            assert (docs / f"{row['report'].rstrip('/')}.md").is_file()


def test_a_formula_for_a_spreadsheet_stays_text(team: Path) -> None:
    file = team / "weeks" / "team.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("name: 세준", "name: =1+1"), encoding="utf-8")
    staged(team)
    rows = list(csv.DictReader(io.StringIO((team / "build" / "docs" / "progress.csv").read_text(encoding="utf-8-sig"))))
    assert "'=1+1" in {row["name"] for row in rows}


def test_a_mistake_in_the_plan_is_a_sentence(team: Path) -> None:
    (team / "weeks" / "week02.yml").write_text("number: 2\nbroken: x\n", encoding="utf-8")
    with pytest.raises(PlanError, match=r"weeks/week02\.yml:2:1"):
        staged(team)


def test_the_command_builds_strictly_and_tells_what_is_wrong(
    team: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (team / "solutions" / "member01" / "week01" / "notes.md").write_text("\n[[없는 글]]\n", encoding="utf-8")
    monkeypatch.chdir(team)
    assert main(["site", "--lang", "en"]) == 0
    told = capsys.readouterr()
    assert "solutions/member01/week01/notes.md:2: nothing in the notes is called '없는 글'" in told.err
    html = (team / "public" / "index.html").read_text(encoding="utf-8")
    assert 'lang="en"' in html and "코딩황제들" in html
    assert main(["site", "--lang", "en", "--strict"]) == 1


def test_both_languages_at_once(team: Path) -> None:
    made = build(team, team / "public", languages=["en", "ko"])
    assert made.refusals == ()
    assert 'lang="en"' in (team / "public" / "index.html").read_text(encoding="utf-8")
    assert 'lang="ko"' in (team / "public" / "ko" / "index.html").read_text(encoding="utf-8")


def test_the_team_folder_is_never_built_over(
    team: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(team)
    assert main(["site", "--out", "."]) == 2
    assert (team / "weeks" / "team.yml").is_file()


def test_an_empty_study_builds(tmp_path: Path, build_cache: Path) -> None:
    root = write_study(tmp_path / "new", members=1, weeks=0)
    shutil.copytree(build_cache, root / "build")
    assert build(root, root / "public", languages=["en"]).refusals == ()


def test_a_notebook_is_shown_and_not_run(team: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": "# 풀이\n$x$", "metadata": {}},
        {
            "cell_type": "code",
            "source": "1 / 0",
            "metadata": {},
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "나온 글"}],
        },
    ]
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    file = team / "solutions" / "member00" / "week03" / "emd.ipynb"
    file.write_text(text)
    when = datetime(2024, 8, 1, tzinfo=UTC)
    ledger.append(team, attempt("member00", 3, "emd", "solutions/member00/week03/emd.ipynb", text, when, True))
    staged(team)
    shown = page(team, "reports/member00/week03-emd.md")
    assert "풀이" in shown and "1 / 0" in shown and "나온 글" in shown and "<svg" in shown


def test_a_save_reaches_a_waiting_browser(tmp_path: Path) -> None:
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "index.html").write_text("<body>하나</body>", encoding="utf-8")
    watched = tmp_path / "watched"
    watched.mkdir()
    news, stop, seen = serving.News(), threading.Event(), []
    server = serving.Server(tmp_path / "served", 0, news)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def rebuild(changed: set[Path]) -> str:
        seen.append({path.name for path in changed})
        return "틀림" if len(seen) == 2 else ""

    follower = threading.Thread(target=serving.follow, args=([watched], rebuild, news, stop), daemon=True)
    follower.start()
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        assert b"/.changes" in urllib.request.urlopen(address).read()
        version, _error = _after_saving(watched / "a.md", address, 1)
        assert version == 2
        assert _after_saving(watched / "b.md", address, version) == (3, "틀림")
        assert seen == [{"a.md"}, {"b.md"}]
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        follower.join(5)


def _after_saving(file: Path, address: str, version: int) -> tuple[int, str]:
    """Save again and again until the watcher, which takes a moment to begin, has told of it."""
    threading.Timer(0.3, lambda: file.write_text("x")).start()
    answer = json.load(urllib.request.urlopen(f"{address}.changes?since={version}", timeout=30))
    return answer["version"], answer["error"]


def test_the_server_hands_out_nothing_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "served").mkdir()
    (tmp_path / "secret").write_text("비밀")
    server = serving.Server(tmp_path / "served", 0, serving.News())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://127.0.0.1:{server.server_address[1]}/..%2fsecret")
    finally:
        server.shutdown()
        server.server_close()


NOWHERE = "[[없음]]"


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (f"plan: 글 {NOWHERE}\n", 0),
        (f"plan: |\n  하나\n\n  둘 {NOWHERE}\n", 3),
        (f"plan: &x |2-\n  하나\n  {NOWHERE}\n", 2),
        (f"plan: >-\n\n  하나\n  둘\n\n  {NOWHERE} 셋\n  넷\n", 5),
        (f"plan: 하나\n\n  {NOWHERE}\n", 2),
        (f"plan:\n  '하나\n\n  {NOWHERE}'\n", 3),
        (f'plan: "하나\\n\\n{NOWHERE}"\n', 0),
        ("plan: |\n  ---\n  x: y\n  ---\n  $\\frac{1$\n", 4),
    ],
)
def test_what_is_wrong_in_yaml_is_told_with_its_line(team: Path, written: str, line: int) -> None:
    week = team / "weeks" / "week02.yml"
    before, _plan, after = week.read_text(encoding="utf-8").partition("plan: 정의를 적고 구현한다.\n")
    week.write_text(before + written + after, encoding="utf-8")
    assert in_notes(staged(team)) == [("weeks/week02.yml", before.count("\n") + 1 + line)]


def test_a_photo_that_can_not_be_shown_is_told_with_its_line(team: Path) -> None:
    week = team / "weeks" / "week02.yml"
    text = week.read_text(encoding="utf-8")
    week.write_text(
        text.replace("    agenda:", "    photos:\n      - solutions/x/none.jpg\n      - weeks/team.yml\n    agenda:"),
        encoding="utf-8",
    )
    line = text[: text.index("    agenda:")].count("\n") + 2
    assert in_notes(staged(team)) == [("weeks/week02.yml", line), ("weeks/week02.yml", line + 1)]


@pytest.mark.parametrize("form", ["lines", "one text", "ascii"])
def test_what_is_wrong_in_a_notebook_is_told_with_its_line(team: Path, form: str) -> None:
    first, second = ["# 풀이\n", "[[없음]]"], ["글\n", "\n", "[[없음]]"]
    sources = ["".join(first), "".join(second)] if form == "one text" else [first, second]
    cells = [{"cell_type": "markdown", "source": source, "metadata": {}} for source in sources]
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    text = json.dumps(whole, indent=1, ensure_ascii=form == "ascii")
    _hand_in(team, "emd.ipynb", text)
    expected = [
        number for number, row in enumerate(text.split("\n"), 1) if json.dumps("없음")[1:-1] in row or "없음" in row
    ]
    assert in_notes(staged(team)) == [("solutions/member00/week03/emd.ipynb", line) for line in expected]


CELL = {"cell_type": "code", "source": "x", "metadata": {}, "outputs": []}


NOTEBOOKS = (
    "{",
    "[]",
    "{}",
    json.dumps({"nbformat": 4, "cells": 5}),
    json.dumps({"nbformat": 4, "cells": [5]}),
    json.dumps({"nbformat": 4, "cells": [{}]}),
    json.dumps({"nbformat": 3, "worksheets": 1}),
    *(
        json.dumps({"nbformat": 4, "cells": [CELL | wrong]})
        for wrong in (
            {"source": 5},
            {"source": ["x", 5]},
            {"cell_type": ["code"]},
            {"outputs": 5},
            {"outputs": [5]},
            {"outputs": [{"data": 5}]},
            {"outputs": [{"data": {"image/png": 5, "text/plain": {"x": 1}}, "text": [1]}]},
            {"outputs": [{"data": {"image/png": png}} for png in ("x", "AAAA", "그림")]},
            {"outputs": [{"output_type": "error", "ename": [1], "evalue": {}}]},
        )
    ),
)
KINDS = (5, "x", [], [5], {"x": 5}, {"id": 5, "message": [1]}, None)
RECORDS = [
    {field: wrong}
    for field in ("versions", "misconception", "devices", "output", "isolation", "seed", "file")
    for wrong in KINDS
] + [{"checks": [check | {key: wrong} for check in checks(False)]}
     for key in ("counterexample", "hint", "notes", "required", "seconds") for wrong in KINDS]  # fmt: skip


@pytest.mark.parametrize(
    "handed_in",
    [[("ipynb", text, {}) for text in NOTEBOOKS], [("py", "x = 1\n", wrong) for wrong in RECORDS]],
    ids=["notebooks", "records"],
)
def test_a_spoilt_submission_stops_nothing(
    tmp_path: Path, build_cache: Path, handed_in: list[tuple[str, str, dict[str, object]]]
) -> None:
    root = write_study(tmp_path / "team", members=len(handed_in), weeks=1, attempts=False)
    shutil.copytree(build_cache, root / "build")
    for number, (suffix, text, report) in enumerate(handed_in):
        _hand_in(root, f"{LOSSES[(number + 1) % 4]}.{suffix}", text, number, 1, report)
    staged(root)
    assert len(list((root / "build" / "docs" / "reports").rglob("*.md"))) == len(handed_in)


def _hand_in(root: Path, name: str, text: str, number: int = 0, week: int = 3, report: object = ()) -> None:
    """Record the file `name` as handed in by member `number`, in a report with these fields instead of its own."""
    member = f"member{number:02d}"
    file = root / "solutions" / member / f"week{week:02d}" / name
    file.write_text(text, encoding="utf-8")
    path = file.relative_to(root).as_posix()
    made = attempt(member, week, file.stem, path, text, datetime(2024, 8, 1, tzinfo=UTC), True)
    ledger.append(root, replace(made, report=made.report | dict(report)))


def test_a_long_list_of_what_is_owed_is_folded(tmp_path: Path, build_cache: Path) -> None:
    root = write_study(tmp_path / "team", members=11, weeks=1, attempts=False)
    shutil.copytree(build_cache, root / "build")
    staged(root)
    home = page(root, "index.md")
    shown, folded = home.split('<details class="owed-more">')
    assert shown.count('<span class="due">') == 8
    assert folded.count('<span class="due">') == 3
    assert "3 more" in folded

"""Writing a meeting into a week's YAML leaves every other byte of it as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from grader.cli import main
from grader.errors import PlanError, UsageError
from grader.plan import load_plan
from grader.tracking import meeting_log
from grader.tracking.meeting_log import Change

NEW = Change(date=date(2024, 7, 21), start=time(20, 0), attended=("ann",), agenda=("a: b", "# c"))
WRITTEN = """\
  - date: 2024-07-21
    start: 20:00
    attended:
      - ann
    agenda:
      - 'a: b'
      - '# c'
"""


def _week(root: Path, meetings: str) -> Path:
    path = root / "weeks" / "week01.yml"
    text = f'# top\nnumber:   1  # one\ntitle: "quoted"\n\n{meetings}\n# before\nassignments: []  # none\n'
    path.write_bytes(text.encode())
    return path


FORMS = {
    "list": ("meetings:\n  - date: 2024-07-14  # the first\n    photos: []\n", "{}"),
    "blanks after": ("meetings:\n  - date: 2024-07-14\n\n\n# about what follows\n", "{}\n\n# about what follows\n"),
    "a comment of its own at the end": ("meetings:\n  - date: 2024-07-14\n    # photos follow\n", "{}"),
    "a text in lines": ("meetings:\n  - date: 2024-07-14\n    note: |\n      # no comment\n\n      end\n", "{}"),
    "no indent": ("meetings:\n- date: 2024-07-14\n", "{}"),
    "empty": ("meetings:\n", "{}"),
    "brackets": ("meetings: []  # none yet\n", "{}"),
    "null": ("meetings: ~\n", "{}"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_new_meeting_is_only_added_lines(root: Path, form: str) -> None:
    before, _after = FORMS[form]
    path = _week(root, before)
    old = path.read_text().split("\n")
    meeting_log.add(load_plan(root), 1, NEW)
    text = path.read_text()
    new = WRITTEN if form != "no indent" else "\n".join(line[2:] for line in WRITTEN.split("\n"))
    assert new in text
    left = text.replace(new, "").split("\n")
    kept = [line.replace(": []  #", ":  #").replace(": ~", ":") if "meetings" in line else line for line in old]
    assert left == kept
    assert load_plan(root).week(1).meetings[-1].agenda == ("a: b", "# c")


def test_without_the_key_it_goes_to_the_end(root: Path) -> None:
    path = _week(root, "")
    before = path.read_text()
    meeting_log.add(load_plan(root), 1, NEW)
    assert path.read_text() == before + "\nmeetings:\n" + WRITTEN


def test_windows_line_ends_stay(root: Path) -> None:
    path = _week(root, "meetings:\n  - date: 2024-07-14\n")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    meeting_log.add(load_plan(root), 1, NEW)
    content = path.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") > 15


def test_a_changed_meeting_is_the_only_thing_that_changes(root: Path) -> None:
    meetings = """\
meetings:
  - date: 2024-07-14   # first
    agenda: [ 'x',   y ]  # two

  # between
  -   date: 2024-07-15
      attended: [ann]  # who
      note: >
        folded
        text

  - date: 2024-07-16
"""
    path = _week(root, meetings)
    before = path.read_text()
    meeting_log.change(load_plan(root), 1, 1, Change(end=time(22), attended=("bob", "ann"), decisions=("go on",)))
    after = path.read_text()
    head, rest = before.split("  -   date")
    tail = rest[rest.index("\n  - date: 2024-07-16") :]
    assert after.startswith(head)
    assert after.endswith(tail)
    changed = load_plan(root).week(1).meetings[1]
    assert (changed.end, changed.attended, changed.decisions) == (time(22), ("ann", "bob"), ("go on",))
    assert changed.note == "folded text\n"
    assert "attended: [ann, bob] # who" in after


def test_what_would_make_the_plan_wrong_is_not_written(root: Path) -> None:
    path = _week(root, "meetings: []\n")
    before = path.read_bytes()
    with pytest.raises(PlanError, match="zoe"):
        meeting_log.add(load_plan(root), 1, Change(date=date(2024, 7, 21), attended=("zoe",)))
    assert path.read_bytes() == before


@pytest.mark.parametrize("meetings", ["meetings: [{date: 2024-07-14}]\n", "meetings:\n  [{date: 2024-07-14}]\n"])
def test_a_form_that_cannot_be_added_to_is_said(root: Path, meetings: str) -> None:
    path = _week(root, meetings)
    before = path.read_bytes()
    with pytest.raises(UsageError, match="list with dashes"):
        meeting_log.add(load_plan(root), 1, NEW)
    assert path.read_bytes() == before


# --- the command -------------------------------------------------------------------------------------------------


@pytest.fixture
def meeting(root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.chdir(root)
    return lambda *words: main(["meeting", *words, "--lang", "en"])


def test_start_and_end_write_one_meeting(root: Path, meeting: Callable[..., int]) -> None:
    assert meeting("start", "--week", "1", "--agenda", "CLIP", "--date", "2024-07-18", "--start", "20:00") == 0
    assert meeting("end", "--week", "1", "--attended", "all", "--decision", "go on", "--end", "22:10") == 0
    first, second = load_plan(root).week(1).meetings
    assert first.end == time(22, 0)
    assert (second.start, second.end) == (time(20, 0), time(22, 10))
    assert (second.attended, second.agenda, second.decisions) == (("ann", "bob"), ("CLIP",), ("go on",))


def test_a_planned_meeting_is_the_one_that_starts(root: Path, meeting: Callable[..., int]) -> None:
    assert meeting("add", "--week", "1", "--date", "2024-07-18", "--start", "19:00") == 0
    assert meeting("start", "--week", "1", "--date", "2024-07-18", "--start", "19:05") == 0
    assert [one.start for one in load_plan(root).week(1).meetings] == [time(20, 0), time(19, 5)]


@pytest.mark.parametrize(("words", "number"), [(["end"], 1), (["end", "--attended", "all"], 1), (["start"], 2)])
def test_the_week_is_that_of_the_meeting_also_past_midnight(
    root: Path, meeting: Callable[..., int], words: list[str], number: int
) -> None:
    """Week 1 is over, week 2 runs; yesterday's meeting is of week 1, and today's is planned in week 2."""
    today = datetime.now(ZoneInfo("Asia/Seoul")).date()
    first = (root / "weeks" / "week01.yml").read_text(encoding="utf-8")
    late = f"  - date: {today - timedelta(days=1)}\n    start: 23:00\nassignments:"
    (root / "weeks" / "week01.yml").write_text(first.replace("assignments:", late), encoding="utf-8")
    second = f"number: 2\nends: {today + timedelta(days=5)}\nmeetings:\n  - date: {today}\n"
    (root / "weeks" / "week02.yml").write_text(second, encoding="utf-8")
    assert meeting(*words) == 0
    changed = load_plan(root).week(number).meetings[-1]
    assert (changed.end if words[0] == "end" else changed.start) is not None
    assert meeting(*words) == (2 if words == ["end"] else 0)


def test_a_photo_of_a_meeting_that_is_not_logged_is_not_kept(
    root: Path, meeting: Callable[..., int], tmp_path: Path
) -> None:
    photo = tmp_path / "a.png"
    Image.new("RGB", (8, 8)).save(photo)
    path = root / "weeks" / "week01.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("meetings:\n", "meetings: &x\n"), encoding="utf-8")
    path.write_text(re.sub(r"meetings: &x\n(  .*\n)+", "meetings: [{date: 2024-07-14}]\n", path.read_text()))
    assert meeting("add", "--week", "1", "--date", "2024-07-18", "--photo", str(photo)) == 2
    assert not list((root / "weeks").rglob("*.webp"))


def test_photos_are_copied_without_their_place(root: Path, meeting: Callable[..., int], tmp_path: Path) -> None:
    photo = tmp_path / "IMG 1.jpg"
    image = Image.new("RGB", (3200, 100), "red")
    exif = Image.Exif()
    exif[0x010F] = "phone"
    image.save(photo, exif=exif)
    for _twice in range(2):
        assert meeting("add", "--week", "1", "--date", "2024-07-18", "--photo", str(photo)) == 0
    kept = [path for one in load_plan(root).week(1).meetings for path in one.photos]
    assert kept == ["weeks/photos/week01-1.webp", "weeks/photos/week01-2.webp"]
    with Image.open(root / kept[0]) as picture:
        assert picture.size == (1600, 50)
        assert not picture.getexif()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["add", "--week", "7"], "there is no week 7"),
        (["add", "--week", "1", "--attended", "zoe"], "unknown member 'zoe'"),
        (["end", "--week", "1"], "has ended already"),
        (["add", "--week", "1", "--photo", "nowhere.jpg"], "nowhere.jpg cannot be read"),
    ],
)
def test_mistakes_get_a_sentence_and_change_nothing(
    root: Path, meeting: Callable[..., int], capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    before = (root / "weeks" / "week01.yml").read_bytes()
    assert meeting(*words) == 2
    assert sentence in capsys.readouterr().err
    assert (root / "weeks" / "week01.yml").read_bytes() == before

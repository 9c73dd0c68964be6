"""Calendar, feed and gradebook: what other programs read."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from tracking_world import at, attempt

from grader.cli import main
from grader.plan import load_plan
from grader.report import Verdict
from grader.tracking import ledger
from grader.tracking.calendar import calendar
from grader.tracking.feed import MOST, feed
from grader.tracking.gradebook import gradebook
from grader.tracking.ledger import Ledger
from grader.tracking.progress import progress

ATOM = "{http://www.w3.org/2005/Atom}"


def _edit(root: Path, old: str, new: str) -> None:
    path = root / "weeks" / "week01.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# --- calendar -----------------------------------------------------------------------------------------------------


def _events(root: Path) -> dict[str, object]:
    content = calendar(load_plan(root), at(15))
    assert b"\r\n" in content
    assert max(map(len, content.split(b"\r\n"))) <= 75
    parsed = Calendar.from_ical(content)
    assert [str(zone["TZID"]) for zone in parsed.walk("VTIMEZONE")] == ["Asia/Seoul"]
    return {str(event["UID"]).partition("@")[0]: event for event in parsed.walk("VEVENT")}


def test_meetings_and_deadlines_in_the_teams_time(root: Path) -> None:
    events: dict[str, object] = _events(root)
    assert sorted(events) == ["regular-20240721", "week01-due1", "week01-due2", "week01-meeting1"]
    meeting = events["week01-meeting1"]
    assert meeting.start.isoformat() == "2024-07-14T20:00:00+09:00"  # type: ignore[attr-defined]
    assert meeting.end.isoformat() == "2024-07-14T22:00:00+09:00"  # type: ignore[attr-defined]
    assert meeting["LOCATION"] == "Whale ON"  # type: ignore[index]
    assert events["regular-20240721"].start.isoformat() == "2024-07-21T20:00:00+09:00"  # type: ignore[attr-defined]
    assert events["week01-due1"].start.isoformat() == "2024-07-20"  # type: ignore[attr-defined]
    assert events["week01-due2"].start.isoformat() == "2024-07-20T21:00:00+09:00"  # type: ignore[attr-defined]
    for event in events.values():
        [alarm] = event.walk("VALARM")  # type: ignore[attr-defined]
        assert alarm["TRIGGER"].dt < timedelta()


def test_what_is_due_at_one_moment_is_one_event_with_one_alarm(root: Path) -> None:
    _edit(root, "due: 2024-07-20\n", "due: 2024-07-20 21:00\n")
    due = {name: event for name, event in _events(root).items() if "due" in name}
    assert list(due) == ["week01-due1"]
    event: object = due["week01-due1"]
    assert str(event["SUMMARY"]) == "Due: week 1 (Ann, 밥)"  # type: ignore[index]
    assert str(event["DESCRIPTION"]).splitlines() == [  # type: ignore[index]
        "Ann · bce: Understand BCE.",
        "밥 · cce: Understand CCE.",
    ]
    assert len(event.walk("VALARM")) == 1  # type: ignore[attr-defined]


def test_identifiers_outlast_a_move_and_the_file_a_rebuild(root: Path) -> None:
    plan = load_plan(root)
    assert calendar(plan, at(15)) == calendar(plan, at(16))
    before = set(_events(root))
    _edit(root, "start: 20:00\n    end: 22:00", "start: 21:00")
    _edit(root, "due: 2024-07-20\n", "due: 2024-07-22 10:00\n")
    assert set(_events(root)) == before


def test_a_meeting_that_is_logged_late_moves_no_other(root: Path) -> None:
    def starts() -> dict[str, str]:
        found = _events(root).items()
        return {name: event.start.isoformat() for name, event in found if "meeting" in name}  # type: ignore[attr-defined]

    before = starts()
    _edit(root, "assignments:\n", "  - date: 2024-07-13\n    start: 19:00\nassignments:\n")
    assert starts() == {**before, "week01-meeting2": "2024-07-13T19:00:00+09:00"}


def test_a_name_cannot_add_lines(root: Path) -> None:
    _edit(root, "goal: Understand CCE.", 'goal: "a\\nBEGIN:VEVENT\\nUID:evil;,\\\\"')
    assert "evil" not in "".join(_events(root))


# --- feed ---------------------------------------------------------------------------------------------------------


def _feed(root: Path, *attempts: ledger.Attempt) -> ElementTree.Element:
    plan = load_plan(root)
    content = feed(
        plan, progress(plan, Ledger(attempts), at(22)), "https://site.example.org/", lambda one: f"reports/{one.id}/"
    )
    assert content == feed(
        plan, progress(plan, Ledger(attempts), at(28)), "https://site.example.org/", lambda one: f"reports/{one.id}/"
    )
    return ElementTree.fromstring(content)


def test_attempts_and_posts_newest_first(root: Path) -> None:
    top = _feed(root, attempt(at(18), Verdict.FAIL, 40.0, id="1"), attempt(at(21), id="2", message="<b>&\x08"))
    entries = top.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [
        "Week 1: Ann hands in bce, passed (100)",
        "Week 1: Ann writes about bce",
        "Week 1: Ann hands in bce, not yet (40)",
    ]
    assert entries[0].findtext(f"{ATOM}summary") == "<b>&�"
    links = [link.attrib["href"] for entry in entries for link in entry.findall(f"{ATOM}link")]
    assert links == ["reports/2/", "https://ann.example.org/bce", "reports/1/"]
    assert top.findtext(f"{ATOM}updated") == "2024-07-21T12:00:00Z"
    own = [link.attrib["href"] for link in top.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own == ["https://site.example.org/feed.xml"]
    assert [element.findtext(f"{ATOM}author/{ATOM}name") for element in (top, entries[0])] == ["시험 팀", "Ann"]
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == 3


def test_the_feed_is_bounded_and_an_empty_one_is_valid(root: Path) -> None:
    many = [attempt(at(1) + timedelta(hours=index), id=f"{index}") for index in range(MOST + 20)]
    assert len(_feed(root, *many).findall(f"{ATOM}entry")) == MOST
    _edit(root, "    posts: [https://ann.example.org/bce]\n", "")
    assert _feed(root).findtext(f"{ATOM}updated") == "2024-07-14T11:00:00Z"


# --- gradebook ----------------------------------------------------------------------------------------------------


def _rows(root: Path, *attempts: ledger.Attempt, week: int | None = None) -> list[dict[str, str]]:
    plan = load_plan(root)
    text = gradebook(plan, progress(plan, Ledger(attempts), at(22)), week, addresses=True)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_members_by_assignments(root: Path) -> None:
    ann, bob = _rows(root, attempt(at(21, 2, 59, 59), score=95.5))
    assert ann == {
        "member": "ann",
        "name": "Ann",
        "email": "Ann@example.org",
        "week01 bce score": "95.5",
        "week01 bce state": "passed",
        "week01 bce late_hours": "12.0",
        "week01 bce attempts": "1",
        "week01 bce submitted_at": "2024-07-21 11:59:59",
        "week01 cce score": "",
        "week01 cce state": "",
        "week01 cce late_hours": "",
        "week01 cce attempts": "",
        "week01 cce submitted_at": "",
        "average": "95.5",
        "late": "1",
        "missing": "0",
    }
    assert (bob["week01 cce score"], bob["week01 cce state"], bob["average"], bob["missing"]) == (
        "0",
        "missing",
        "0",
        "1",
    )


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\\t", "\\r", "\\n", "＝", "＋", "－", "＠"])
def test_a_name_is_no_formula(root: Path, sign: str) -> None:
    team = root / "weeks" / "team.yml"
    name = f'name: "{sign}HYPERLINK(1)"'
    team.write_text(team.read_text(encoding="utf-8").replace("name: 밥", name), encoding="utf-8")
    assert _rows(root)[1]["name"].startswith("'")


def test_what_does_not_hold_is_no_pass_in_the_gradebook(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger.append(root, attempt(at(18)))
    [one] = ledger.read(root).attempts
    (root / "build").mkdir()
    found = {"versions": {}, "findings": {one.id: {"trust": "broken", "reason": "made up"}}}
    (root / "build" / "verified.json").write_text(json.dumps(found))
    monkeypatch.chdir(root)
    assert main(["gradebook", "--csv", "-"]) == 0
    assert "does-not-hold" in capsys.readouterr().out
    assert main(["post", "--week", "1", "--lang", "en"]) == 0
    assert "passed, record does not hold" in (root / "build" / "post" / "week01" / "week01.md").read_text()


def test_what_is_published_has_no_addresses(root: Path) -> None:
    plan = load_plan(root)
    text = gradebook(plan, progress(plan, Ledger(), at(22)))
    assert text.startswith("member,name,week01 bce score,")
    assert "@" not in text


@pytest.mark.parametrize(
    ("words", "name"), [(["gradebook", "--csv", "out/grades.csv"], "out/grades.csv"), (["calendar"], "meetings.ics")]
)
def test_the_commands_write_their_file(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], name: str
) -> None:
    monkeypatch.chdir(root)
    assert main([*words, "--lang", "en"]) == 0
    assert capsys.readouterr().out == f"Wrote {name}.\n"
    content = (root / name).read_bytes()
    assert content.startswith(b"\xef\xbb\xbfmember,name" if name.endswith("csv") else b"BEGIN:VCALENDAR")

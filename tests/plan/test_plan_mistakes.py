"""Each kind of broken YAML: its line, its column, a sentence that helps, exit status 2, and never a traceback."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from team_folder import TEAM, WEEK, Folder, Outcome

Run = Callable[..., Outcome]


def swapped(text: str, old: str, new: str) -> str:
    """`text` with one thing spoiled; fails when there is nothing to spoil."""
    assert old in text
    return text.replace(old, new, 1)


WEEK_MISTAKES = {
    # the ten of the brief
    "wrong type": ("number: 1", "number: one", "1:9: 'number': expected a whole number, found 'one'"),
    "unknown member": ("member: ada", "member: adda", "9:13: unknown member 'adda'; did you mean 'ada'?"),
    "unknown loss": ("loss: cce", "loss: ccee", "10:11: unknown loss 'ccee'; did you mean 'cce'?"),
    "bad date": ("due: 2024-07-20\n", "due: 2024-02-30\n", "12:10: '2024-02-30' is not in the calendar"),
    "tab indentation": ("    loss: cce", "\tloss: cce", "10:1: a tab indents this line; YAML is indented with spaces"),
    "duplicate key": (
        "    loss: cce\n",
        "    loss: cce\n    loss: bce\n",
        "11:5: key 'loss' stands here a second time; the first is on line 10",
    ),
    "missing field": (
        "    loss: cce\n",
        "",
        "9:5: field 'loss' is missing here; expected: A loss of the catalogue (`python3 tasks.py losses`).",
    ),
    # and more
    "field without a value": (
        "goal: 이해한다\n    due: 2024-07-20\n",
        "goal:\n    due: 2024-07-20\n",
        "11:5: field 'goal'",
    ),
    "only spaces": ("goal: 이해한다", "goal: '  '", "11:11: expected some text, found none"),
    "misspelt key": ("    posts:", "    post:", "17:5: unknown key 'post'; did you mean 'posts'?"),
    "foreign key": ("number: 1", "colour: 1\nnumber: 1", "1:1: unknown key 'colour'; there are: number, title, starts"),
    "text that is a number": (
        "goal: 이해한다",
        "goal: 5",
        "11:11: 'goal': expected text, found the number 5; put it in",
    ),
    "list for text": ("goal: 이해한다", "goal: [a]", "11:11: 'goal': expected text, found a list"),
    "text for list": ("attended: [ada, bob]", "attended: ada", "7:15: 'attended': expected a list (lines that begin"),
    "text for mapping": (
        "- date: 2024-07-14",
        "- evening\n  - date: 2024-07-14",
        "5:5: 'meetings': expected a mapping",
    ),
    "mapping for list": ("attended: [ada, bob]", "attended: {ada: bob}", "7:15: 'attended': expected a list"),
    "unknown member at a meeting": ("[ada, bob]", "[ada, bobb]", "7:21: unknown member 'bobb'; did you mean 'bob'?"),
    "member twice at a meeting": ("[ada, bob]", "[ada, ada]", "7:15: 'ada' is in this list twice"),
    "same loss twice": (
        "member: bob\n    loss: bce",
        "member: ada\n    loss: cce",
        "13:5: 'ada' has 'cce' a second time this week; the first is on line 9",
    ),
    "date of another form": ("date: 2024-07-14", "date: 14.7.2024", "5:11: expected a date such as 2024-07-14, found"),
    "number for a date": ("due: 2024-07-20\n", "due: 5\n", "12:10: expected a date such as 2024-07-20, or with a time"),
    "no such time": ("start: 20:00", "start: 25:00", "6:12: '25:00' is no time of day"),
    "no time": ("start: 20:00", "start: evening", "6:12: expected a time of day such as 20:00, found 'evening'"),
    "bad offset": ("21:30", "21:30+99:00", "16:10: '2024-07-20 21:30+99:00' has no valid offset from UTC"),
    "ends before it starts": (
        "ends: 2024-07-20",
        "ends: 2024-07-13",
        "3:7: the week ends on 2024-07-13, before it starts",
    ),
    "link without scheme": (
        "https://example.org/1",
        "example.org/1",
        "18:9: expected an address that begins with https",
    ),
    "link that is a script": ("https://example.org/1", "javascript:alert(1)", "18:9: expected an address that begins"),
    "unknown device": (
        "due: 2024-07-20\n",
        "due: 2024-07-20\n    devices: [cpu, cudda]\n",
        "13:20: unknown device 'cudda'",
    ),
    "no device": (
        "due: 2024-07-20\n",
        "due: 2024-07-20\n    devices: []\n",
        "13:14: expected at least 1, found an empty",
    ),
    "unknown check": (
        "due: 2024-07-20\n",
        "due: 2024-07-20\n    required: [value, gradeint]\n",
        "13:23: unknown check 'gradeint'; did you mean 'gradient'?",
    ),
    "points for an unknown check": (
        "due: 2024-07-20\n",
        "due: 2024-07-20\n    points: {valu: 3}\n",
        "13:14: unknown check 'valu'; did you mean 'value'?",
    ),
    "negative points": (
        "due: 2024-07-20\n",
        "due: 2024-07-20\n    points: {value: -3}\n",
        "13:21: expected 0 or more, found the number -3",
    ),
    "infinite points": (
        "due: 2024-07-20\n",
        "due: 2024-07-20\n    points: {value: .inf}\n",
        "13:21: 'value': expected a finite number",
    ),
    "points that are no number": (
        "due: 2024-07-20\n",
        "due: 2024-07-20\n    points: {value: many}\n",
        "13:21: 'value': expected a number, found 'many'",
    ),
    "photo outside": (
        "attended:",
        "photos: [../../etc/passwd]\n    attended:",
        "7:14: expected a path inside the team's",
    ),
    "stub that is not there": (
        "due: 2024-07-20\n",
        "due: 2024-07-20\n    stub: a.py\n",
        "13:11: there is no stub 'a.py'",
    ),
    "stub outside": (
        "due: 2024-07-20\n",
        "due: 2024-07-20\n    stub: ../a.py\n",
        "13:11: stub '../a.py' is not inside",
    ),
    "week zero": ("number: 1", "number: 0", "1:9: expected 1 or more, found the number 0"),
    "number in quotes": ("number: 1", "number: '1'", "1:9: 'number': expected a whole number, found '1'"),
    "other number": ("number: 1", "number: 3", "1:9: week 3 belongs in weeks/week03.yml; rename this file or mend"),
    "bracket not closed": ("[ada, bob]", "[ada, bob", "7:15: the bracket that opens here is never closed"),
    "quotes not closed": ("goal: 이해한다", "goal: '이해한다", "11:11: the quotation mark that opens here is never"),
    "quotes too short": ("goal: 이해한다", "goal: 'it's'", "11:15: the text in quotes ends before this; put the whole"),
    "no colon": ("member: ada", "member ada", "9:3: this line lacks a colon and a blank between key and value"),
    "no blank": ("number: 1", "number:1", "1:1: this line lacks a colon and a blank between key and value"),
    "no colon at the end": ("number: 1", "number: 1\n\n# why\nname", "4:1: this line lacks a colon and a blank"),
    "colon in a text": ("goal: 이해한다", "goal: BCE: why", "11:14: a text with a colon and a blank in it has to"),
    "too deep": ("    loss: cce", "      loss: cce", "10:7: this line is indented deeper than the one above"),
    "not deep enough": ("    loss: cce", "   loss: cce", "10:4: this line does not stand below the others of what"),
    "reserved sign": ("goal: 이해한다", "goal: @home", "11:11: a text that begins with @ has to stand in quotes"),
    "emphasis": ("goal: 이해한다", "goal: *why*", "11:11: a text that begins with * has to stand in quotes"),
    "rare": ("goal: 이해한다", "goal: >x", "11:12: not valid YAML: did not find expected comment or line break"),
    "two documents": ("starts:", "---\nstarts:", "2:1: a second document begins here; expected one a file"),
    "python tag": (
        "goal: 이해한다",
        "goal: !!python/name:os.system",
        "11:11: tag !!python/name:os.system is not read here",
    ),
    "alias without anchor": ("goal: 이해한다", "goal: *nobody", "11:11: alias *nobody has no anchor before it"),
    "merge key": ("  - member: ada", "  - <<: {a: b}\n    member: ada", "9:5: merge keys (<<) are not read; write"),
    "list as key": ("number: 1", "number: 1\n? [a]\n: b", "2:3: a key has to be a word; found a list"),
    "control character": ("goal: 이해한다", "goal: a\x07b", "11:12: character U+0007 may not stand in YAML; remove it"),
    "only a word": (WEEK, "hello\n", "1:1: 'the file': expected a mapping (lines of 'key: value'), found 'hello'"),
    "only a list": (WEEK, "- a\n- b\n", "1:1: 'the file': expected a mapping (lines of 'key: value'), found a list"),
}


@pytest.mark.parametrize(("old", "new", "said"), WEEK_MISTAKES.values(), ids=WEEK_MISTAKES.keys())
def test_a_mistake_in_a_week_is_named_with_its_place(folder: Folder, run: Run, old: str, new: str, said: str) -> None:
    folder.write("weeks/week01.yml", swapped(WEEK, old, new))
    outcome = run("validate")
    assert outcome.status == 2
    assert outcome.out == ""
    assert outcome.lines[0].startswith(f"weeks/week01.yml:{said}")
    assert len(outcome.lines) == 1, "one mistake is said once"


TEAM_MISTAKES = {
    "member twice": ("- id: bob", "- id: ada", "7:9: 'ada' stands here a second time; the first is on line 4"),
    "no members": (TEAM[TEAM.index("members") : TEAM.index("meeting")], "members: []\n", "3:10: expected at least 1"),
    "id that is no folder": ("- id: bob", "- id: ../bob", "7:9: expected an id of small letters, digits, '-' and '_'"),
    "id of a Windows device": ("- id: bob", "- id: con", "7:9: expected an id of small letters, digits, '-' and '_'"),
    "no e-mail": ("bob@example.org", "bob", "9:14: expected an e-mail address, found 'bob'"),
    "unknown weekday": ("sunday", "sundy", "12:12: unknown weekday 'sundy'; did you mean 'sunday'?"),
    "unknown time zone": (
        "year: 2024",
        "year: 2024\ntimezone: Asia/Soul",
        "3:11: unknown time zone 'Asia/Soul'; did you",
    ),
    "time zone that is a path": ("year: 2024", "year: 2024\ntimezone: ../../etc/passwd", "3:11: unknown time zone"),
    "unknown language": ("language: en", "language: fr", "14:11: unknown language 'fr'; there are: ko, en"),
    "no year": ("year: 2024", "year: soon", "2:7: 'year': expected a whole number, found 'soon'"),
    "no truth": ("lead: true", "lead: maybe", "6:11: 'lead': expected true or false, found 'maybe'"),
    "no limit": ("year: 2024", "year: 2024\nlimits: {check_seconds: 0}", "3:25: expected a number above 0"),
}


@pytest.mark.parametrize(("old", "new", "said"), TEAM_MISTAKES.values(), ids=TEAM_MISTAKES.keys())
def test_a_mistake_in_the_team_is_named_with_its_place(folder: Folder, run: Run, old: str, new: str, said: str) -> None:
    folder.write("weeks/team.yml", swapped(TEAM, old, new))
    outcome = run("validate")
    assert outcome.status == 2
    assert any(line.startswith(f"weeks/team.yml:{said}") for line in outcome.lines), outcome.err


FILES = {
    "empty": (b"", "1:1: the file is empty; expected at least: number"),
    "only comments": (b"# nothing yet\n\n", "1:1: the file is empty; expected at least: number"),
    "explicitly nothing": (b"---\n", ":1: the file is empty; expected at least: number"),
    "not UTF-8": ("number: 1\ntitle: 손실\n".encode("cp949"), "2:8: byte 0xbc is not UTF-8; save the file as UTF-8"),
    "UTF-16": (WEEK.encode("utf-16"), "1:1: byte 0xff is not UTF-8; save the file as UTF-8"),
    "binary": (b"\x7fELF\x02\x01\x01\x00", "1:1: character U+007F may not stand in YAML; remove it"),
    "too deep": (b"number: " + b"[" * 50_000, "1:40: nested deeper than 32 levels"),
    "too large": (b"# " + b"x" * 2**21, "1:1: larger than 2 MiB; expected a file that people write"),
}


@pytest.mark.parametrize(("content", "said"), FILES.values(), ids=FILES.keys())
def test_a_file_that_is_no_week_is_named(folder: Folder, run: Run, content: bytes, said: str) -> None:
    folder.write("weeks/week01.yml", content)
    outcome = run("validate")
    assert outcome.status == 2
    assert outcome.err.startswith("weeks/week01.yml:") and said in outcome.err
    assert len(outcome.lines) == 1


def test_a_duplicate_week_names_the_other_file(folder: Folder, run: Run) -> None:
    folder.write("weeks/week02.yml", WEEK)
    outcome = run("validate")
    assert outcome.status == 2
    said = "weeks/week02.yml:1:9: duplicate week 1: weeks/week01.yml is week 1 already; give this one another number"
    assert outcome.lines == [said]


@pytest.mark.parametrize("name", ["wek02.yml", "week2.yml", "week02.yaml", "Team.yml"])
def test_a_file_that_would_never_be_read_is_a_mistake(folder: Folder, run: Run, name: str) -> None:
    folder.write(f"weeks/{name}", WEEK)
    outcome = run("validate")
    assert outcome.status == 2
    assert outcome.lines[0].startswith(f"weeks/{name}:1:1: this file is not read: a week is named like week01.yml")


@pytest.mark.parametrize("name", [".week02.yml.swp", "week02.yml~", ".#week02.yml", "notes.md"])
def test_what_editors_leave_behind_is_not_read(folder: Folder, run: Run, name: str) -> None:
    folder.write(f"weeks/{name}", "\t: [")
    assert run("validate").status == 0


def test_every_mistake_of_every_file_is_said_at_once(folder: Folder, run: Run) -> None:
    folder.write("weeks/team.yml", swapped(TEAM, "year: 2024", "yaer: 2024"))
    broken = swapped(swapped(WEEK, "loss: cce", "loss: ccee"), "due: 2024-07-20\n", "due: tomorrow\n")
    folder.write("weeks/week01.yml", swapped(broken, "member: bob", "member: eve"))
    folder.write("weeks/week02.yml", "number: 2\nassignments: none\n")
    assert [line.split(": ")[0] for line in run("validate").lines] == [
        "weeks/team.yml:1:1",
        "weeks/team.yml:2:1",
        "weeks/week01.yml:10:11",
        "weeks/week01.yml:12:10",
        "weeks/week01.yml:13:13",
        "weeks/week02.yml:2:14",
    ]


def test_tabs_are_named_on_every_line_that_has_one(folder: Folder, run: Run) -> None:
    folder.write("weeks/week01.yml", "number: 1\nmeetings:\n\t- date: 2024-07-14\n\t  start: 20:00\n")
    assert [line.split(": ")[0] for line in run("validate").lines] == ["weeks/week01.yml:3:1", "weeks/week01.yml:4:1"]


def test_a_flood_of_mistakes_is_cut_and_counted(folder: Folder, run: Run) -> None:
    folder.write("weeks/week01.yml", "number: 1\n" + "".join(f"key{n}: x\n" for n in range(500)))
    lines = run("validate").lines
    assert len(lines) == 201
    assert lines[-1] == "… and 300 more"


def test_a_folder_a_dangling_link_and_a_pipe_get_a_sentence(folder: Folder, run: Run) -> None:
    weeks = folder.root / "weeks"
    (weeks / "week02.yml").mkdir()
    (weeks / "week03.yml").symlink_to("nowhere.yml")
    os.mkfifo(weeks / "week04.yml")
    outcome = run("validate")
    assert outcome.status == 2
    assert outcome.lines == [
        "weeks/week02.yml:1:1: this is a folder or a device; expected a YAML file",
        "weeks/week03.yml:1:1: this link leads nowhere; expected a YAML file",
        "weeks/week04.yml:1:1: this is a folder or a device; expected a YAML file",
    ]


def test_an_unreadable_file_gets_a_sentence(folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Patched, because the tests may run as root, who may read everything."""
    real = os.open

    def refuse(path: object, *rest: int) -> int:
        if str(path).endswith("week01.yml"):
            raise PermissionError(13, "Permission denied")
        return real(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    outcome = run("validate")
    assert (outcome.status, outcome.err) == (2, "weeks/week01.yml:1:1: cannot be read: Permission denied\n")


def test_a_file_name_cannot_draw_on_the_terminal(folder: Folder, run: Run) -> None:
    folder.write("weeks/week\x1b[2J.yml", WEEK)
    assert "\x1b" not in run("validate").err


def test_outside_a_team_the_folder_is_named(tmp_path: object, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(str(tmp_path))
    outcome = run("validate")
    assert outcome.status == 2
    assert f"no weeks/team.yml in {tmp_path} or above it" in outcome.err


LETTERS = "abcdefghi"
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in pairwise(LETTERS)
)
BOMBS = {
    "a billion laughs": "number: 1\n" + LAUGHS,
    "laughs in mappings": LAUGHS.replace("[", "{p: ").replace("]", "}").replace(", *", ", q: *"),
    "one long list, often": "a: &a [" + "x, " * 500 + "x]\nb: [" + "*a, " * 5000 + "*a]\n",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_an_alias_bomb_is_refused_at_once(folder: Folder, run: Run, bomb: str) -> None:
    folder.write("weeks/week01.yml", bomb)
    began = time.process_time()
    outcome = run("validate")
    assert outcome.status == 2
    assert time.process_time() - began < 2.0
    assert len(outcome.err) < 20_000


def test_an_alias_that_would_contain_itself_is_refused(folder: Folder, run: Run) -> None:
    folder.write("weeks/week01.yml", "number: 1\nmeetings: &a [*a]\n")
    assert run("validate").lines == ["weeks/week01.yml:2:15: alias *a has no anchor before it"]


def test_anchors_in_moderation_are_fine(folder: Folder, run: Run) -> None:
    shared = swapped(WEEK, "goal: 이해한다", "goal: &goal 이해한다")
    folder.write("weeks/week01.yml", shared.replace("goal: 이해한다", "goal: *goal"))
    assert run("validate").status == 0

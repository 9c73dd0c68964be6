"""What a sound plan is read as: the team's true files, and everything that an assignment may say."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from team_folder import TEAM, WEEK, Folder, Outcome

from grader.errors import UsageError
from grader.plan import find_root, load_plan, solutions
from grader.plan.document import read_document

REPOSITORY = Path(__file__).parents[2]


def test_the_true_first_week() -> None:
    plan = load_plan(REPOSITORY)
    team, week = plan.team, plan.week(1)
    assert (team.name, team.year, team.language, team.timezone) == ("코딩황제들", 2024, "ko", "Asia/Seoul")
    assert [(member.id, member.name, member.full_name, member.lead) for member in team.members] == [
        ("junhyeok", "준혁", None, True),
        ("sejun", "세준", "박세준", False),
        ("useok", "우석", "신우석", False),
        ("chaeyeon", "채연", "김채연", False),
    ]
    assert [member.blog for member in team.members] == [
        None,
        "https://kepler-dev-3141.github.io/",
        "https://blog.naver.com/sws040201/",
        "https://kcyeon0127.github.io/",
    ]
    assert [(item.member, item.loss) for item in week.assignments] == [
        ("junhyeok", "emd"),
        ("sejun", "clip"),
        ("useok", "cce"),
        ("chaeyeon", "bce"),
    ]
    assert [post for item in week.assignments for post in item.posts] == [
        "https://blog.naver.com/sws040201/223512772098"
    ]
    assert [(meeting.date, meeting.photos) for meeting in week.meetings] == [(date(2024, 7, 14), ())]


def test_reading_a_plan_imports_neither_torch_nor_numpy() -> None:
    code = "import sys; from grader.plan import load_plan; from pathlib import Path; load_plan(Path(sys.argv[1]));"
    code += "sys.exit(bool({'torch', 'numpy', 'hypothesis'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code, str(REPOSITORY)], check=False).returncode == 0


FULL = """\
number: 7
assignments:
  - member: ada
    loss: bce
    goal: |
      첫 줄
      둘째 줄
    due: 2024-08-31T21:00:00Z
    posts: [https://example.org/a, http://example.org/b]
    devices: [cpu, sim]
    points: {value: 50, gradient: 12.5}
    required: [value]
    result: 되었다
    stub: |
      def bce(p, t):
          raise NotImplementedError
"""


def test_everything_that_an_assignment_may_say(folder: Folder) -> None:
    folder.write("weeks/week07.yml", FULL)
    plan = load_plan(folder.root)
    week = plan.week(7)
    (item,) = week.assignments
    assert item.goal == "첫 줄\n둘째 줄\n"
    assert item.posts == ("https://example.org/a", "http://example.org/b")
    assert (item.devices, item.required, item.result) == (("cpu", "sim"), ("value",), "되었다")
    assert item.points == {"value": 50, "gradient": 12.5}
    assert item.stub == "def bce(p, t):\n    raise NotImplementedError\n"
    assert plan.due_at(week, item) == datetime(2024, 8, 31, 21, tzinfo=UTC)
    assert [week.number for week in plan.weeks] == [1, 7]


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("2024-07-20", datetime(2024, 7, 20, 23, 59, 59)),
        ("'2024-07-20'", datetime(2024, 7, 20, 23, 59, 59)),
        ("2024-07-20 21:30", datetime(2024, 7, 20, 21, 30)),
        ("2024-07-20T21:30:05", datetime(2024, 7, 20, 21, 30, 5)),
        ("2024-07-20 21:30+09:00", datetime(2024, 7, 20, 21, 30)),
        ("2024-07-20 12:30Z", datetime(2024, 7, 20, 21, 30)),
        ("2024-7-2 9:05", datetime(2024, 7, 2, 9, 5)),
    ],
)
def test_a_due_date_is_a_moment_in_the_teams_time_zone(folder: Folder, written: str, due: datetime) -> None:
    folder.write("weeks/week01.yml", WEEK.replace("due: 2024-07-20\n", f"due: {written}\n"))
    plan = load_plan(folder.root)
    week = plan.week(1)
    moment = plan.due_at(week, week.assignments[0])
    assert moment == due.replace(tzinfo=ZoneInfo("Asia/Seoul"))
    assert moment.utcoffset() is not None and moment.isoformat().endswith("+09:00")


@pytest.mark.parametrize("written", ["20:00", "'20:00'", "20:00:00"])
def test_a_time_of_day_needs_no_quotes(folder: Folder, written: str) -> None:
    """YAML 1.1 would read 20:00 as the number 1200."""
    folder.write("weeks/team.yml", TEAM.replace("20:00", written))
    assert load_plan(folder.root).team.meeting.time == time(20)


@pytest.mark.parametrize(
    ("written", "data"),
    [
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("010", 10),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        ("2024-07-14", "2024-07-14"),
        ("'5'", "5"),
        ("!!str 5", "5"),
        ("~", None),
        ("", None),
        ("TRUE", True),
        ("손실", "손실"),
        ('"\\uAC00"', "가"),
        ("9" * 30, "9" * 30),
    ],
)
def test_scalars_are_read_by_yaml_1_2(folder: Folder, written: str, data: object) -> None:
    folder.write("a.yml", f"key: {written}\n")
    document = read_document(folder.root / "a.yml", "a.yml")
    assert document.mistakes == ()
    assert document.root is not None and document.root.data == {"key": data}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_windows_editors_are_understood(folder: Folder, ending: str, mark: bytes) -> None:
    folder.write("weeks/week01.yml", mark + WEEK.replace("\n", ending).encode())
    assert load_plan(folder.root).week(1).assignments[0].goal == "이해한다"


def test_the_teams_grading_stands_where_an_assignment_says_nothing(folder: Folder) -> None:
    grading = "grading:\n  devices: [cpu]\n  points: {value: 10, shapes: 0}\n  required: [value, gradient]\n"
    folder.write("weeks/team.yml", TEAM + grading)
    own = "    devices: [sim]\n    points: {value: 70}\n    required: []\n"
    folder.write("weeks/week01.yml", WEEK.replace("    due: 2024-07-20\n", "    due: 2024-07-20\n" + own))
    first, second = load_plan(folder.root).week(1).assignments
    assert (first.devices, first.points, first.required) == (("sim",), {"value": 70, "shapes": 0}, ())
    assert (second.devices, second.required) == (("cpu",), ("value", "gradient"))
    assert second.points == {"value": 10, "shapes": 0}


def test_without_any_grading_the_graders_defaults_are_left_to_it(folder: Folder) -> None:
    item = load_plan(folder.root).week(1).assignments[0]
    assert (item.devices, item.points, item.required, item.stub) == (None, {}, None, None)


def test_a_stub_of_ones_own_may_be_a_file(folder: Folder) -> None:
    folder.write("stubs/cce.py", "def cce(p, t): ...\n")
    folder.write("weeks/week01.yml", WEEK.replace("loss: cce\n", "loss: cce\n    stub: stubs/cce.py\n"))
    assert load_plan(folder.root).week(1).assignments[0].stub == "def cce(p, t): ...\n"


def test_find_root_climbs_to_the_teams_folder(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = folder.root / "solutions" / "ada" / "week01"
    deep.mkdir(parents=True)
    assert find_root(deep) == folder.root.resolve()
    monkeypatch.chdir(deep)
    assert find_root() == folder.root.resolve()


def test_unknown_weeks_and_members_name_the_known_ones(folder: Folder) -> None:
    plan = load_plan(folder.root)
    assert plan.member("bob").name == "밥"
    with pytest.raises(UsageError, match="there is no week 3 in weeks/; there are: 1"):
        plan.week(3)
    with pytest.raises(UsageError, match="unknown member 'bobb'; did you mean 'bob'"):
        plan.member("bobb")


@pytest.mark.parametrize("suffix", [".py", ".ipynb"])
def test_a_solution_is_found_as_script_or_notebook(folder: Folder, suffix: str) -> None:
    assert solutions.find(folder.root, 1, "ada", "cce") is None
    folder.write(f"solutions/ada/week01/cce{suffix}", "")
    assert solutions.find(folder.root, 1, "ada", "cce") == folder.root / f"solutions/ada/week01/cce{suffix}"


def test_a_script_and_a_notebook_at_once_are_refused_by_name(folder: Folder) -> None:
    folder.write("solutions/ada/week01/cce.py", "")
    folder.write("solutions/ada/week01/cce.ipynb", "")
    both = r"both solutions/ada/week01/cce\.py and solutions/ada/week01/cce\.ipynb are there"
    with pytest.raises(UsageError, match=both):
        solutions.find(folder.root, 1, "ada", "cce")


def test_a_dangling_link_is_found_so_that_grading_can_say_so(folder: Folder) -> None:
    home = solutions.folder(folder.root, 12, "ada")
    assert home == folder.root / "solutions" / "ada" / "week12"
    home.mkdir(parents=True)
    (home / "cce.py").symlink_to("nowhere")
    assert solutions.find(folder.root, 12, "ada", "cce") == home / "cce.py"


def test_validate_sums_up(folder: Folder, run: Callable[..., Outcome]) -> None:
    outcome = run("validate", "--write-schema")
    assert outcome.status == 0
    assert outcome.out.splitlines() == [
        "wrote weeks/schema/team.json",
        "wrote weeks/schema/week.json",
        "weeks/ is in order: 셋, 2 members, 1 week, 2 assignments",
    ]
    assert run("validate", "--write-schema").out == "weeks/ is in order: 셋, 2 members, 1 week, 2 assignments\n"


def test_validate_says_when_the_schemas_are_not_current(folder: Folder, run: Callable[..., Outcome]) -> None:
    folder.write("weeks/schema/team.json", "{}")
    outcome = run("validate")
    assert outcome.status == 0
    assert "weeks/schema/team.json is not current; `python3 tasks.py validate --write-schema` writes it" in outcome.err

"""Next week's YAML comes out of the last one and is right as it stands; a new team's repository, too."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from grader.cli import main
from grader.plan import load_plan
from grader.plan.schema import outdated
from grader.tracking import scaffold
from grader.tracking.next_week import suggestions
from grader.tracking.yaml_text import scalar

Command = Callable[..., int]


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_scalar_is_the_same_text_to_every_reader(text: str) -> None:
    written = scalar(text)
    assert "\n" not in written
    for reader in (yaml.safe_load, YAML(typ="safe", pure=True).load):
        assert reader(f"key: {written}\n") == {"key": text}


@pytest.mark.parametrize(
    "text", ["yes", "No", "null", "~", "1", "1.5", "2024-07-14", "20:00", "- a", "a: b", "a #b", "@x"]
)
def test_what_yaml_would_read_otherwise_is_quoted(text: str) -> None:
    assert scalar(text).startswith('"')


@pytest.fixture
def new_week(root: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.chdir(root)
    return lambda *words: main(["new-week", "--lang", "en", *words])


def test_the_next_week_has_the_last_ones_rhythm(root: Path, new_week: Command) -> None:
    assert new_week("--assign", "bob=emd", "--assign", "ann=clip", "--title", "둘째 주: 시작") == 0
    week = load_plan(root).week(2)
    assert (week.number, week.title) == (2, "둘째 주: 시작")
    assert (week.starts, week.ends) == (date(2024, 7, 21), date(2024, 7, 27))
    assert [(one.member, one.loss) for one in week.assignments] == [("bob", "emd"), ("ann", "clip")]
    assert {one.due for one in week.assignments} <= {date(2024, 7, 27), datetime(2024, 7, 27, 21, 0)}
    [meeting] = week.meetings
    assert (meeting.date, meeting.start, meeting.attended) == (date(2024, 7, 21), time(20, 0), ())
    assert "NotImplementedError" in (root / "solutions" / "bob" / "week02" / "emd.py").read_text(encoding="utf-8")
    assert main(["validate"]) == 0


def test_without_words_everybody_gets_what_they_have_not_had(root: Path, new_week: Command) -> None:
    assert new_week("--no-stubs") == 0
    plan = load_plan(root)
    had = {(one.member, one.loss) for one in plan.week(1).assignments}
    given_now = {(one.member, one.loss) for one in plan.week(2).assignments}
    assert len(given_now) == 2
    assert not had & given_now
    assert not (root / "solutions").exists()
    assert "#" in (root / "weeks" / "week02.yml").read_text(encoding="utf-8")


def test_the_file_is_in_the_teams_language_and_commands_stay_on_a_line(root: Path, new_week: Command) -> None:
    team = root / "weeks" / "team.yml"
    team.write_text(team.read_text(encoding="utf-8").replace("language: en", "language: ko"), encoding="utf-8")
    assert new_week() == 0
    text = (root / "weeks" / "week02.yml").read_text(encoding="utf-8")
    assert "Understand" not in text
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert len(comments) > 5
    assert all(line.count("`") % 2 == 0 and not line.startswith("#  ") for line in comments)


def test_a_year_of_weeks_stays_valid(root: Path, new_week: Command) -> None:
    for number in range(2, 8):
        assert new_week("--no-stubs") == 0
        assert load_plan(root).week(number).starts == date(2024, 7, 14 + 7 * (number - 1)) if number < 4 else True
    assert len(load_plan(root).weeks) == 7


def test_suggestions_are_easy_first_and_spread(root: Path) -> None:
    difficulty = {"bce": 1, "cce": 1, "clip": 2, "emd": 3}
    assert suggestions(load_plan(root), difficulty) == {"ann": "cce", "bob": "bce"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--assign", "ann"], "--assign takes MEMBER=LOSS, found ann."),
        (["--assign", "zoe=bce"], "unknown member 'zoe'"),
        (["--assign", "ann=ccee"], "did you mean 'cce'?"),
    ],
)
def test_mistakes_get_a_sentence_and_write_nothing(
    root: Path, new_week: Command, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert new_week(*words) == 2
    assert sentence in capsys.readouterr().err
    assert not (root / "weeks" / "week02.yml").exists()


def test_a_full_disk_leaves_no_half_week(
    root: Path, new_week: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # The system's own bound on the size of files, since a disk of its own takes rights to mount.
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, before[1]))
    try:
        status = new_week()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert status == 2
    assert "Cannot write" in capsys.readouterr().err
    assert not (root / "weeks" / "week02.yml").exists()


# --- init ---------------------------------------------------------------------------------------------------------

WORDS = ["--team", "새 팀: 하나", "--member", "ann:Ann:ann@example.org", "--member", "bob:밥", "--language", "en"]


def test_a_new_team_is_complete_and_committed(
    tmp_path: Path, git: Callable[..., str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ann")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ann@example.org")
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Ann")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "ann@example.org")
    folder = tmp_path / "new"
    more = ["--weekday", "monday", "--time", "20:30", "--start", "2026-03-02", "--blog", "bob=https://b.example.org/"]
    package = "mogakco @ git+https://example.org/mogakco"
    assert main(["init", str(folder), *WORDS, *more, "--package", package, "--lang", "en"]) == 0
    assert "first week with its stubs" in capsys.readouterr().out
    plan = load_plan(folder)
    assert plan.team.name == "새 팀: 하나"
    assert [(one.id, one.name, one.lead, one.emails, one.blog) for one in plan.team.members] == [
        ("ann", "Ann", True, ("ann@example.org",), None),
        ("bob", "밥", False, (), "https://b.example.org/"),
    ]
    assert plan.team.meeting.weekday == "monday"
    assert plan.week(1).starts == date(2026, 3, 2)
    assert plan.week(1).meetings[0].date == date(2026, 3, 2)
    assert outdated(folder) == []
    for name in ("tasks.py", "mkdocs.yml", ".gitattributes", ".gitignore", "README.md", ".github/workflows/grade.yml"):
        assert (folder / name).is_file()
    assert (folder / "site" / "hook.py").is_file()
    project = (folder / "pyproject.toml").read_text(encoding="utf-8")
    assert 'site = ["mogakco[site] @ git+https://example.org/mogakco"]' in project
    assert git(folder, "status", "--porcelain") == ""
    assert git(folder, "log", "--format=%s").strip() == "Begin"
    monkeypatch.chdir(folder)
    assert main(["validate"]) == 0
    assert "2 members, 1 week, 2 assignments" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--member", "ann:Ann"], "What is the team called?"),
        (["--team", "T"], "Who is in the team?"),
        (["--team", "T", "--member", "ann"], "--member takes ID:NAME"),
        (["--team", "T", "--member", "a:A", "--member", "a:B"], "Two members have the id a."),
        (["--team", "T", "--member", "../x:A"], "an id of small letters"),
        (["--team", "T", "--member", "a:A:nobody"], "an e-mail address"),
        (["--team", "T", "--member", "a:A", "--blog", "b=https://x.example.org"], "unknown member 'b'"),
        (["--team", "T", "--member", "a:A", "--blog", "a=javascript:1"], "an address that begins with https://"),
        (["--team", "T", "--member", "a:A", "--assign", "a=ccee"], "did you mean 'cce'?"),
        (["--team", "T", "--member", "a:A", "--timezone", "Asia/Soul"], "did you mean 'Asia/Seoul'?"),
        (["--team", "T", "--member", "a:A", "--package", "mogako @ https://x"], "under the name mogakco"),
        (["--team", "T", "--member", "a:A", "--package", "https://x/mogakco"], "under the name mogakco"),
    ],
)
def test_mistakes_are_said_before_a_file_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main(["init", str(tmp_path / "new"), "--language", "en", "--lang", "en", *words]) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").touch()
    assert main(["init", str(tmp_path), *WORDS, "--lang", "en"]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_what_could_not_be_finished_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["init", str(tmp_path / "new"), *WORDS, "--package", "mogakco", "--no-git", "--lang", "en"]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, before[1]))
    try:
        status = main(words)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert status == 3
    assert "cannot be written" in capsys.readouterr().err
    assert list((tmp_path / "new").iterdir()) == []
    assert main(words) == 0


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("https://code.example.org/a/mogakco.git", "git+https://code.example.org/a/mogakco.git"),
        ("git@code.example.org:a/mogakco.git", "git+ssh://git@code.example.org/a/mogakco.git"),
        ("https://me:secret@code.example.org/a/mogakco", "git+https://code.example.org/a/mogakco"),
        ("ssh://git:secret@code.example.org/a/mogakco", "git+ssh://git@code.example.org/a/mogakco"),
        ("/srv/mogakco.git", None),
    ],
)
def test_a_new_team_asks_for_the_commit_that_others_can_get(
    repository: Path, git: Callable[..., str], monkeypatch: pytest.MonkeyPatch, address: str, wanted: str | None
) -> None:
    monkeypatch.setattr(scaffold, "_HERE", repository / "grader")
    assert scaffold.requirement_here() == f"mogakco @ {repository.as_uri()}"
    git(repository, "remote", "add", "origin", address)
    place = wanted or repository.as_uri()
    assert scaffold.requirement_here() == f"mogakco @ {place}"
    git(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    pinned = f"{place}@{git(repository, 'rev-parse', 'HEAD').strip()}" if wanted else place
    assert scaffold.requirement_here() == f"mogakco @ {pinned}"


def test_the_template_travels_in_the_wheel(tmp_path: Path) -> None:
    """What `init` copies from a checkout is what it copies from an installed package."""
    checkout = Path(scaffold.__file__).parents[2]
    words = [
        "setup.py",
        "--quiet",
        "egg_info",
        "--egg-base",
        str(tmp_path),
        "build_py",
        "--build-lib",
        str(tmp_path / "lib"),
    ]
    done = subprocess.run([sys.executable, *words], cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    packaged = tmp_path / "lib" / "grader" / "template"
    shipped = {path.relative_to(packaged) for path in packaged.rglob("*") if path.is_file()}
    copied = {inside for _source, inside in scaffold.template_files()}
    assert copied <= shipped
    assert Path("tasks.py") in copied
    assert Path(".github/workflows/site.yml") in copied
    assert not any(inside.name.startswith("readme-") for inside in copied)


def test_at_a_terminal_it_asks_and_asks_again_for_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kim, wrong, twice, lee = (
        ["kim", "김", "", ""],
        ["Lee!"],
        ["kim"],
        ["lee", "이", "l at x", "l@x.org", "blog", ""],
    )
    answers = ["물음", "en", *kim, *wrong, *twice, *lee, "", "friday", "8 pm", "20:00"]
    monkeypatch.setattr("grader.commands.init.can_ask", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    assert main(["init", str(tmp_path / "new"), "--no-git", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "expected an id of small letters" in out
    assert "Two members have the id kim." in out
    assert "expected an e-mail address, found 'l at x'" in out
    assert "expected an address that begins with https:// or http://, found 'blog'" in out
    assert "expected a time such as 20:00, found 8 pm" in out
    team = load_plan(tmp_path / "new").team
    assert [(one.id, one.name, one.lead) for one in team.members] == [("kim", "김", True), ("lee", "이", False)]
    assert (team.meeting.weekday, team.meeting.time) == ("friday", time(20, 0))

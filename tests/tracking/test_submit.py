"""Handing in with real git and a grader made up for it: everything on record, nothing of the user's disturbed."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from tracking_world import FakeGrader, at, be, report, solve

from grader.cli import main
from grader.commands import submit
from grader.grading import versions
from grader.report import Report, Verdict
from grader.tracking import ledger
from grader.tracking.handing_in import Work
from grader.tracking.repository import Repository

Git = Callable[..., str]


@pytest.fixture
def grader(monkeypatch: pytest.MonkeyPatch) -> FakeGrader:
    """Stands where `submit` calls the real one."""
    fake = FakeGrader()

    def grade(_plan: object, _arguments: object, wanted: Sequence[Work]) -> Iterable[Report]:
        return fake(wanted)

    monkeypatch.setattr(submit, "_grade", grade)
    return fake


@pytest.fixture
def hand_in(repository: Path, grader: FakeGrader, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.chdir(repository)
    return lambda *words: main(["submit", "--lang", "en", *words])


def test_a_pass_is_recorded_and_committed(
    repository: Path, git: Git, hand_in: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    head = git(repository, "rev-parse", "HEAD").strip()
    path = solve(repository, "ann", "bce", "right\n")
    (path.parent / "notes.md").write_text("# notes\n")
    assert hand_in("-m", "it works") == 0
    [attempt] = ledger.read(repository).attempts
    assert (attempt.member, attempt.week, attempt.loss, attempt.verdict, attempt.score) == (
        "ann",
        1,
        "bce",
        "pass",
        100,
    )
    assert (attempt.commit, attempt.message, attempt.submitted_by) == (head, "it works", "Ann <ann@example.org>")
    assert attempt.late_by > 0
    assert attempt.due == at(20, 14, 59, 59)
    assert attempt.blob == git(repository, "rev-parse", "HEAD:solutions/ann/week01/bce.py").strip()
    assert Repository(repository).content(attempt.blob) == b"right\n"
    changed = git(repository, "show", "--name-only", "--format=%s", "HEAD").split("\n")
    assert [name for name in changed if name] == [
        "it works",
        "records/ann.jsonl",
        "solutions/ann/week01/bce.py",
        "solutions/ann/week01/notes.md",
    ]
    assert git(repository, "status", "--porcelain") == ""
    out = capsys.readouterr().out
    assert "late (due 2024-07-20 23:59)" in out
    assert "no remote to push to yet" in out


def test_a_failing_submission_is_an_attempt_too(repository: Path, hand_in: Callable[..., int]) -> None:
    solve(repository, "ann", "bce", "wrong\n")
    assert hand_in() == 1
    [attempt] = ledger.read(repository).attempts
    assert (attempt.verdict, attempt.score) == ("fail", 40.0)


def test_what_did_not_change_is_not_graded_again_but_its_notes_go_along(
    repository: Path, git: Git, grader: FakeGrader, hand_in: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    path = solve(repository, "ann", "bce", "right\n")
    assert hand_in() == 0
    (path.parent / "notes.md").write_text("later\n")
    assert hand_in() == 0
    assert len(grader.graded) == len(ledger.read(repository).attempts) == 1
    assert "has not changed since" in capsys.readouterr().out
    assert git(repository, "log", "-1", "--format=%s").strip() == "Week 1: ann hands in notes"
    assert hand_in("--force") == 0
    assert len(grader.graded) == len(ledger.read(repository).attempts) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda root: solve(root, "ann", "bce", "right, but otherwise\n"),
        lambda root: _replace(
            root / "weeks" / "week01.yml", "goal: Understand BCE.", "goal: g\n    points: {value: 9}"
        ),
    ],
)
def test_another_source_or_another_task_is_graded_again(
    repository: Path, grader: FakeGrader, hand_in: Callable[..., int], change: Callable[[Path], object]
) -> None:
    solve(repository, "ann", "bce", "right\n")
    hand_in()
    change(repository)
    hand_in()
    assert len(grader.graded) == 2


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize("text", [None, "stub\n"])
def test_nothing_to_hand_in_is_said_and_not_recorded(
    repository: Path, git: Git, hand_in: Callable[..., int], capsys: pytest.CaptureFixture[str], text: str | None
) -> None:
    if text is not None:
        solve(repository, "ann", "bce", text)
    assert hand_in() == 1
    assert "nothing to hand in yet" in capsys.readouterr().out
    assert ledger.read(repository).attempts == ()
    assert git(repository, "rev-list", "--count", "HEAD").strip() == "1"


def test_what_the_user_has_staged_elsewhere_stays_staged(
    repository: Path, git: Git, hand_in: Callable[..., int]
) -> None:
    solve(repository, "ann", "bce", "right\n")
    (repository / "weeks" / "mine.txt").write_text("staged\n")
    git(repository, "add", "weeks/mine.txt")
    (repository / "weeks" / "other.txt").write_text("not added\n")
    assert hand_in() == 0
    assert git(repository, "status", "--porcelain") == "A  weeks/mine.txt\n?? weeks/other.txt\n"


def test_a_file_that_changes_while_it_is_graded_is_not_recorded(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository)
    solve(repository, "ann", "bce", "right\n")
    fake = FakeGrader()

    def grade(_plan: object, _arguments: object, wanted: Sequence[Work]) -> Iterable[Report]:
        for graded in fake(wanted):
            solve(repository, "ann", "bce", "right, later\n")
            yield graded

    monkeypatch.setattr(submit, "_grade", grade)
    assert main(["submit", "--lang", "en"]) == 1
    assert "changed while it was being graded" in capsys.readouterr().out
    assert ledger.read(repository).attempts == ()


def test_a_folder_named_like_a_solution_is_graded_for_what_it_is(
    repository: Path, hand_in: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "solutions" / "ann" / "week01" / "bce.py").mkdir(parents=True)
    monkeypatch.setattr(submit, "_grade", lambda _plan, _arguments, wanted: [report(Verdict.FAIL, 0.0) for _ in wanted])
    assert hand_in() == 1
    [attempt] = ledger.read(repository).attempts
    assert (attempt.blob, attempt.sha256) == (None, None)


def test_a_torn_line_is_told_when_the_next_is_written(
    repository: Path, hand_in: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    solve(repository, "ann", "bce", "right\n")
    path = ledger.path_of(repository, "ann")
    path.parent.mkdir()
    path.write_bytes(b'{"schema":1,"att')
    assert hand_in() == 0
    assert "Note: records/ann.jsonl:1: the last line broke off after 16 bytes" in capsys.readouterr().out
    assert len(ledger.read(repository).attempts) == 1


# --- states of git in which nothing can be committed --------------------------------------------------------------


def _no_repository(root: Path, git: Git) -> None:
    subprocess.run(["rm", "-rf", str(root / ".git")], check=True)


def _nobody(root: Path, git: Git) -> None:
    git(root, "config", "--unset", "user.email")
    git(root, "config", "--unset", "user.name")


def _detached(root: Path, git: Git) -> None:
    git(root, "checkout", "-q", "--detach")


def _merging(root: Path, git: Git) -> None:
    (root / ".git" / "MERGE_HEAD").write_text(git(root, "rev-parse", "HEAD"))


def _stranger(root: Path, git: Git) -> None:
    be(git, root, "Zoe", "zoe@example.org")


@pytest.mark.parametrize(
    ("spoil", "sentence", "status"),
    [
        (_no_repository, "is no git repository", 3),
        (_nobody, "git does not know who you are", 3),
        (_detached, "You are on no branch", 3),
        (_merging, "A merge, rebase or cherry-pick is under way", 3),
        (_stranger, "No member in weeks/team.yml has the address zoe@example.org", 2),
    ],
)
def test_a_repository_that_cannot_take_a_commit_is_said_before_anything_is_graded(
    repository: Path,
    git: Git,
    grader: FakeGrader,
    hand_in: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Path, Git], None],
    sentence: str,
    status: int,
) -> None:
    solve(repository, "ann", "bce", "right\n")
    spoil(repository, git)
    assert hand_in() == status
    assert sentence in capsys.readouterr().err
    assert grader.graded == []
    assert ledger.read(repository).attempts == ()


def test_somebody_elses_folder_is_said_to_be_one(
    repository: Path, hand_in: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert hand_in() == 3
    assert f"`git config --global --add safe.directory {repository}`" in capsys.readouterr().err


def test_without_git_there_is_a_sentence(
    repository: Path, hand_in: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert hand_in() == 3
    assert "Install git" in capsys.readouterr().err


def test_when_git_refuses_the_commit_the_record_stands(
    repository: Path, git: Git, hand_in: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    solve(repository, "ann", "bce", "right\n")
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not on my watch >&2\nexit 1\n")
    hook.chmod(0o755)
    assert hand_in() == 3
    err = capsys.readouterr().err
    assert "The attempt is on record in records/ann.jsonl, but it could not be committed." in err
    assert "not on my watch" in err
    assert len(ledger.read(repository).attempts) == 1
    hook.unlink()
    assert hand_in() == 0
    assert git(repository, "status", "--porcelain") == ""


def test_somebody_elses_git_command_is_waited_for(repository: Path, git: Git, hand_in: Callable[..., int]) -> None:
    solve(repository, "ann", "bce", "right\n")
    lock = repository / ".git" / "index.lock"
    lock.touch()
    releasing = subprocess.Popen(["sh", "-c", f"sleep 1; rm {lock}"])
    assert hand_in() == 0
    releasing.wait()
    assert git(repository, "status", "--porcelain") == ""


@pytest.mark.parametrize("name", ["index.lock", "HEAD.lock", "refs/heads/main.lock"])
def test_a_lock_that_a_killed_git_left_is_explained_and_nothing_is_lost(
    repository: Path,
    git: Git,
    hand_in: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    monkeypatch.setattr("grader.tracking.repository._LOCK_PATIENCE", 0.2)
    solve(repository, "ann", "bce", "right\n")
    lock = repository / ".git" / name
    lock.touch()
    assert hand_in() == 3
    err = capsys.readouterr().err
    assert "The attempt is on record in records/ann.jsonl, but it could not be committed." in err
    assert "or one was killed and left its lock behind. Nothing was lost." in err
    assert err.rstrip().endswith(f"delete the file {lock}")
    assert len(ledger.read(repository).attempts) == 1
    lock.unlink()
    assert hand_in() == 0
    assert git(repository, "status", "--porcelain") == ""
    assert len(ledger.read(repository).attempts) == 1


def test_before_the_first_commit_it_works_too(
    root: Path, git: Git, grader: FakeGrader, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(root, "init", "-q")
    be(git, root, "Bob", "BOB@example.org")
    monkeypatch.chdir(root)
    solve(root, "bob", "cce", "right\n")
    assert main(["submit", "--lang", "en"]) == 0
    [attempt] = ledger.read(root).attempts
    assert (attempt.member, attempt.commit) == ("bob", None)
    assert git(root, "rev-list", "--count", "HEAD").strip() == "1"


def test_a_folder_below_the_top_of_a_repository_is_a_team_too(
    root: Path, git: Git, grader: FakeGrader, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = root.parent
    git(top, "init", "-q")
    be(git, top, "Ann", "ann@example.org")
    monkeypatch.chdir(root / "weeks")
    solve(root, "ann", "bce", "right\n")
    assert main(["submit", "--lang", "en"]) == 0
    assert "team/records/ann.jsonl" in git(top, "show", "--name-only", "--format=")


def test_who_it_is_can_be_said_or_remembered(
    repository: Path, git: Git, hand_in: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    _stranger(repository, git)
    solve(repository, "bob", "cce", "right\n")
    assert hand_in("--member", "bob") == 0
    git(repository, "config", "mogakco.member", "bob")
    assert hand_in() == 0
    assert hand_in("--member", "zoe") == 2
    assert hand_in("--week", "9") == 2
    assert hand_in("--loss", "emd") == 2
    assert "Week 1 asks bob for cce, not for emd." in capsys.readouterr().err


# --- remotes ------------------------------------------------------------------------------------------------------


@pytest.fixture
def clones(repository: Path, git: Git, tmp_path: Path) -> tuple[Path, Path]:
    """Ann's and Bob's clones of one bare remote."""
    bare = tmp_path / "bare.git"
    git(tmp_path, "init", "-q", "--bare", str(bare))
    git(repository, "push", "-q", str(bare), "main")
    made = []
    for name in ("Ann", "Bob"):
        clone = tmp_path / name
        git(tmp_path, "clone", "-q", str(bare), str(clone))
        be(git, clone, name, f"{name.lower()}@example.org")
        made.append(clone)
    return made[0], made[1]


def test_two_members_two_branches_no_conflict(
    clones: tuple[Path, Path],
    git: Git,
    grader: FakeGrader,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ann, bob = clones
    solve(ann, "ann", "bce", "right\n")
    solve(bob, "bob", "cce", "right\n")
    monkeypatch.chdir(ann)
    assert main(["submit", "--lang", "en", "--push"]) == 0
    assert "Pushed." in capsys.readouterr().out
    monkeypatch.chdir(bob)
    assert main(["submit", "--lang", "en", "--push"]) == 3
    assert "Somebody pushed before you" in capsys.readouterr().err
    git(bob, "pull", "-q", "--no-rebase", "--no-edit")
    # What could not be pushed before is pushed now, though there is nothing new to commit.
    assert main(["submit", "--lang", "en", "--push"]) == 0
    assert "Pushed." in capsys.readouterr().out
    assert git(bob, "status", "--short", "--branch") == "## main...origin/main\n"
    assert main(["submit", "--lang", "en"]) == 0
    assert "push" not in capsys.readouterr().out
    assert [one.member for one in ledger.read(bob).attempts] == ["ann", "bob"]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (None, "there is no remote to push to"),
        ("/nowhere/team.git", "could not be pushed: '/nowhere/team.git' does not appear to be a git repository; Could"),
    ],
)
def test_a_remote_that_cannot_be_reached_is_said_and_the_commit_stands(
    clones: tuple[Path, Path],
    git: Git,
    grader: FakeGrader,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    address: str | None,
    sentence: str,
) -> None:
    ann, _bob = clones
    git(ann, "remote", "remove", "origin")
    if address is not None:
        git(ann, "remote", "add", "origin", address)
    solve(ann, "ann", "bce", "right\n")
    monkeypatch.chdir(ann)
    assert main(["submit", "--lang", "en", "--push"]) == 3
    assert sentence in capsys.readouterr().err
    assert git(ann, "log", "-1", "--format=%s") == "Week 1: ann hands in bce (pass, 100)\n"


def test_the_same_member_from_two_clones_keeps_both_attempts(
    clones: tuple[Path, Path], git: Git, grader: FakeGrader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Union: both lines stay; attempts that both branches have count once."""
    laptop, desktop = clones
    be(git, desktop, "Ann", "ann@example.org")
    for clone, text in ((laptop, "wrong\n"), (desktop, "right\n")):
        monkeypatch.chdir(clone)
        solve(clone, "ann", "bce", text)
        main(["submit", "--lang", "en", "-m", text])
    git(laptop, "push", "-q")
    # Both changed the solution, which a person has to decide; the record merges by itself.
    git(desktop, "fetch", "-q")
    done = subprocess.run(["git", "-C", str(desktop), "merge", "-q", "origin/main"], capture_output=True, check=False)
    assert done.returncode == 1
    assert git(desktop, "diff", "--name-only", "--diff-filter=U") == "solutions/ann/week01/bce.py\n"
    found = ledger.read(desktop)
    assert sorted(one.verdict for one in found.attempts) == ["fail", "pass"]
    assert found.problems == ()


def test_on_a_branch_it_says_how_to_open_the_pull_request(
    clones: tuple[Path, Path],
    git: Git,
    grader: FakeGrader,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ann, _bob = clones
    git(ann, "remote", "set-url", "origin", "git@code.example.org:team/study.git")
    git(ann, "switch", "-q", "-c", "week1")
    solve(ann, "ann", "bce", "right\n")
    monkeypatch.chdir(ann)
    assert main(["submit", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "Now push it: git push -u origin week1" in out
    assert "Then open the pull request: https://code.example.org/team/study/compare/main...week1?expand=1" in out


def test_the_key_of_a_grading_knows_the_graders_version(
    repository: Path, grader: FakeGrader, hand_in: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    solve(repository, "ann", "bce", "right\n")
    hand_in()
    newer = {**versions(), "grader": "99"}
    monkeypatch.setattr("grader.grading.versions", lambda: newer)
    hand_in()
    assert len(grader.graded) == 2


def test_who_it_is_is_asked_once(
    repository: Path,
    git: Git,
    hand_in: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _stranger(repository, git)
    solve(repository, "bob", "cce", "right\n")
    monkeypatch.setattr(submit, "can_ask", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO("bob\n"))
    assert hand_in() == 0
    assert "Which member are you?" in capsys.readouterr().err
    solve(repository, "bob", "cce", "right again\n")
    assert hand_in() == 0
    assert capsys.readouterr().err == ""
    assert [one.member for one in ledger.read(repository).attempts] == ["bob", "bob"]

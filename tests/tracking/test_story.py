"""A team's first weeks, with real git and the real grader: a bare remote, two clones, and everything in between."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tracking_world import be

from grader.cli import main
from grader.tracking import ledger

Git = Callable[..., str]

BCE = """\
import torch


def bce(probabilities, targets):
    if probabilities.shape != targets.shape:
        raise ValueError("shapes differ")
    tiny = 1e-40 if probabilities.dtype == torch.float64 else 1e-30
    right = targets * probabilities.clamp(min=tiny).log()
    wrong = (1 - targets) * (1 - probabilities).clamp(min=tiny).log()
    return -(right + wrong).mean()
"""
SIGN_FLIPPED = BCE.replace("return -(", "return (")
CCE = """\
import torch


def cce(probabilities, targets):
    if probabilities.shape != targets.shape or probabilities.dim() != 2:
        raise ValueError("two tensors of one shape (N, C)")
    logs = probabilities.clamp(min=1e-40 if probabilities.dtype == torch.float64 else 1e-30).log()
    return -(targets * logs).sum() / targets.shape[0]
"""


class Story:
    """One person's terminal: a clone, and what `python3 tasks.py …` prints there."""

    def __init__(self, clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.clone = clone
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words: str, status: int = 0) -> str:
        self._monkeypatch.chdir(self.clone)
        self._capsys.readouterr()
        got = main([*words, *([] if words[0] in ("validate", "stub") else ["--lang", "en"])])
        out, err = self._capsys.readouterr()
        assert got == status, f"{' '.join(words)} gave {got}:\n{out}{err}"
        return out + err


def test_the_whole_story(
    tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["--team", "이야기", "--member", "ann:Ann:ann@example.org", "--member", "bob:밥:bob@example.org"]
    more = ["--language", "en", "--assign", "ann=bce", "--assign", "bob=cce", "--package", "mogakco", "--lang", "en"]
    git(tmp_path, "config", "--global", "user.name", "Ann")
    git(tmp_path, "config", "--global", "user.email", "ann@example.org")
    assert main(["init", "ann", *words, *more]) == 0
    bare, ann_clone, bob_clone = tmp_path / "bare.git", tmp_path / "ann", tmp_path / "bob"
    git(tmp_path, "init", "-q", "--bare", str(bare))
    git(ann_clone, "remote", "add", "origin", str(bare))
    git(ann_clone, "push", "-q", "-u", "origin", "main")
    git(tmp_path, "clone", "-q", str(bare), str(bob_clone))
    be(git, bob_clone, "Bob", "bob@example.org")
    ann, bob = Story(ann_clone, monkeypatch, capsys), Story(bob_clone, monkeypatch, capsys)

    # Week 1: Bob hands in, Ann gets a sign wrong, mends it, and merges what Bob pushed before her.
    assert "to do" in ann("status")
    (bob_clone / "solutions" / "bob" / "week01" / "cce.py").write_text(CCE)
    assert "Handed in on time" in bob("submit", "--push", "-m", "mine")
    solution = ann_clone / "solutions" / "ann" / "week01" / "bce.py"
    solution.write_text(SIGN_FLIPPED)
    assert "[sign-flipped]" in ann("submit", status=1)
    solution.write_text(BCE)
    assert "Somebody pushed before you" in ann("submit", "--push", status=3)
    git(ann_clone, "pull", "-q", "--no-rebase", "--no-edit")
    git(ann_clone, "push", "-q")
    assert "has not changed since" in ann("submit")
    found = ledger.read(ann_clone)
    assert [(one.member, one.verdict) for one in found.attempts] == [
        ("bob", "pass"),
        ("ann", "fail"),
        ("ann", "pass"),
    ]
    assert found.problems == ()
    assert "2 of 2 passed, 0 late, 0 missing, 3 attempts" in ann("status")

    # The lead logs the meeting and writes week 2; stubs are there, and are not handed in by mistake.
    ann("meeting", "add", "--date", "2026-03-02", "--start", "20:00", "--end", "21:30", "--attended", "all")
    assert "week02.yml" in ann("new-week", "--assign", "ann=cce", "--assign", "bob=bce")
    ann("validate")
    git(ann_clone, "add", "-A")
    git(ann_clone, "commit", "-q", "-m", "Week 2")
    git(ann_clone, "push", "-q")
    assert "nothing to hand in yet" in ann("submit", "--week", "2", status=1)

    # What is made of it: records that hold, the post, the gradebook, the calendar, the site.
    git(bob_clone, "pull", "-q", "--no-rebase")
    verified = bob("status", "--verify", "--week", "1")
    assert "right 3, wrong 0, not checked 0" in verified
    bob("post", "--week", "1")
    post = (bob_clone / "build" / "post" / "week01" / "week01.md").read_text(encoding="utf-8")
    assert "- Result: bce: passed, 100 points of 100" in post
    assert "Present: Ann, 밥" in post
    assert bob("gradebook", "--csv", "-").splitlines()[0].startswith("member,name,email,week01 bce score")
    bob("calendar")
    bob("site")
    assert "이야기" in (bob_clone / "public" / "index.html").read_text(encoding="utf-8")

    # A record that somebody wrote by hand is seen through.
    forged = (bob_clone / "records" / "ann.jsonl").read_text().replace('"verdict":"fail"', '"verdict":"pass"')
    (bob_clone / "records" / "ann.jsonl").write_text(forged)
    assert "wrong 1" in bob("status", "--verify", status=1)

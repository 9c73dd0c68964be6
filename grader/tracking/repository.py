"""The team's git repository through the git command: what a submission needs of it, and nothing that rewrites."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from grader.errors import MogakcoError
from grader.messages import gettext as _

_LOCK_PATIENCE = 10.0
"""Seconds to wait for another git command that holds a lock."""
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LOCKED = re.compile(r"Unable to create '(.+\.lock)': File exists")
_UNDER_WAY = ("MERGE_HEAD", "rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD", "REVERT_HEAD")


class GitError(MogakcoError):
    """git is not there, or the repository is in a state in which a commit would go wrong. Nothing was changed."""


@dataclass(frozen=True)
class Identity:
    """Who commits, as git has it."""

    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


@dataclass(frozen=True)
class Repository:
    """A working tree; `root` is the team's folder in it, which may lie below the tree's top."""

    root: Path

    def ready_identity(self) -> Identity:
        """Who would commit. Raises GitError when a commit cannot be made, or would not be found again."""
        inside = self._git("rev-parse", "--is-inside-work-tree", check=False)
        if inside.stdout.strip() != "true":
            if "dubious ownership" in inside.stderr:
                command = f"git config --global --add safe.directory {shlex.quote(str(self.root))}"
                raise GitError(
                    _(
                        "git does not use {root}, because it belongs to another user of this machine. If you trust it, "
                        "say so once: `{command}`, then try again."
                    ).format(root=self.root, command=command)
                )
            reason = inside.stderr.strip().removeprefix("fatal: ")
            raise GitError(
                _("{root} is no git repository ({reason}). Make it one with `git init`, or clone your team's.").format(
                    root=self.root, reason=reason or _("a bare repository")
                )
            )
        for name in _UNDER_WAY:
            if (self.root / self._line("rev-parse", "--git-path", name)).exists():
                raise GitError(
                    _(
                        "A merge, rebase or cherry-pick is under way in this repository. "
                        "Finish it or give it up (`git status` says how), then try again."
                    )
                )
        if self.branch() is None:
            raise GitError(
                _(
                    "You are on no branch (detached HEAD), so a commit would be lost from sight. "
                    "Go to a branch (`git switch main`, or `git switch -c NAME` for a new one), then try again."
                )
            )
        name = os.environ.get("GIT_AUTHOR_NAME") or self.setting("user.name")
        email = os.environ.get("GIT_AUTHOR_EMAIL") or self.setting("user.email")
        committer = self._git("var", "GIT_COMMITTER_IDENT", check=False)
        if not name or not email or committer.returncode != 0:
            raise GitError(
                _(
                    "git does not know who you are. Say so once: "
                    '`git config --global user.name "Your Name"` and '
                    "`git config --global user.email you@example.com`, then try again."
                )
            )
        return Identity(name, email)

    def create(self) -> None:
        """Make the folder a repository with the branch `main`."""
        self._git("init", "--quiet", "--initial-branch=main")

    def setting(self, key: str) -> str:
        """A value of git's configuration, empty when it is not set."""
        return self._git("config", "--get", key, check=False).stdout.strip()

    def remember(self, key: str, value: str) -> None:
        """Set a value in this clone's own configuration."""
        self._git("config", "--local", key, value)

    def branch(self) -> str | None:
        """The branch's name, also before its first commit; None when HEAD is detached."""
        return self._git("symbolic-ref", "--quiet", "--short", "HEAD", check=False).stdout.strip() or None

    def head(self) -> str | None:
        """HEAD's commit id, None before the first commit."""
        return self._git("rev-parse", "--quiet", "--verify", "HEAD", check=False).stdout.strip() or None

    def store(self, path: Path) -> str:
        """Put the file's content among git's objects and return its id; the same id that a commit of it has."""
        return self._line("hash-object", "-w", "--", self._relative(path))

    def content(self, blob: str) -> bytes | None:
        """The bytes behind an id, or None when this clone does not have them."""
        if not _ID.fullmatch(blob):
            return None
        found = self._run(["cat-file", "blob", blob])
        return found.stdout if found.returncode == 0 else None

    def names_of_contents(self, folder: str) -> dict[str, frozenset[str]]:
        """Every content that a commit of any branch put below `folder`: its id, and the paths it had there."""
        words = ("--all", "-m", "--raw", "--no-abbrev", "--no-renames", "--relative", "--format=", "-z", "--", folder)
        parts = [part.strip("\n") for part in self._git("log", *words).stdout.split("\0")]
        found: dict[str, set[str]] = {}
        for about, name in pairwise(parts):
            if about.startswith(":"):
                found.setdefault(about.split(" ")[3], set()).add(name)
        return {blob: frozenset(names) for blob, names in found.items()}

    def time_of(self, commit: str) -> datetime | None:
        """When a commit was made, by its committer's clock; None when this clone does not have it."""
        if not _ID.fullmatch(commit):
            return None
        found = self._git("show", "--no-patch", "--format=%ct", "--end-of-options", f"{commit}^{{commit}}", check=False)
        return _moment(found.stdout.strip()) if found.returncode == 0 else None

    def times_of_lines(self, file: str) -> dict[int, datetime]:
        """When each line of a file was committed first, by its author's clock: by number, from 1.

        Lines that are not committed are left out; all of them are in a shallow clone, which knows no beginnings.
        """
        if self._line("rev-parse", "--is-shallow-repository") == "true":
            return {}
        blamed = self._git("blame", "--root", "--incremental", "--", file, check=False)
        times: dict[str, datetime | None] = {}
        found: dict[int, datetime] = {}
        commit, first, count = "", 0, 0
        for line in blamed.stdout.splitlines():
            key, _blank, rest = line.partition(" ")
            if _ID.fullmatch(key):
                commit = key
                _line, number, length = rest.split(" ")
                first, count = int(number), int(length)
            elif key == "author-time" and commit.strip("0"):
                times[commit] = _moment(rest)
            elif key == "filename" and (moment := times.get(commit)) is not None:
                # The last word about a group of lines; what is said of a commit is said once.
                found.update(dict.fromkeys(range(first, first + count), moment))
        return found

    def commit(self, paths: Sequence[Path], message: str) -> str | None:
        """Commit these files and folders alone and return the commit's id; None when nothing in them had changed.

        What else is staged stays staged. Raises GitError with git's own words when git refuses.
        """
        names = [self._relative(path) for path in paths if os.path.lexists(path)]
        self._patiently("add", "--", *names)
        # An empty folder is nothing to git, and naming it would make the commit fail.
        names = [name for name in names if self._git("ls-files", "--cached", "--", name).stdout]
        if not names or not self._git("status", "--porcelain", "--untracked-files=all", "--", *names).stdout.strip():
            return None
        self._patiently("commit", "--quiet", "--only", "--message", message, "--", *names)
        return self.head()

    def changed_since(self, base: str) -> frozenset[str]:
        """Files, from the team's folder, that differ from where this branch left `base`."""
        changed = self._git("diff", "--name-only", "-z", "--relative", "--end-of-options", f"{base}...HEAD").stdout
        return frozenset(name for name in changed.split("\0") if name)

    def lines_removed(self, base: str, folder: str) -> list[str]:
        """Files below `folder` that have lost or changed lines since this branch left `base`, sorted."""
        words = ("--numstat", "-z", "--no-renames", "--relative", "--end-of-options", f"{base}...HEAD", "--", folder)
        rows = (row.split("\t", 2) for row in self._git("diff", *words).stdout.split("\0") if row)
        # `-` stands for a file that git takes for binary, which no ledger is.
        return sorted(name for _added, removed, name in rows if removed != "0")

    def push(self) -> None:
        """Push the branch, to its upstream or else to a branch of its name on the only (or `origin`) remote."""
        remote = self.remote()
        if self.upstream() is not None:
            words = ["push"]
        elif remote is not None:
            words = ["push", "--set-upstream", remote, self.branch() or "HEAD"]
        else:
            raise GitError(
                _(
                    "It is committed here, but there is no remote to push to, or several: add one "
                    "(`git remote add origin ADDRESS`), or push it yourself."
                )
            )
        pushed = self._git(*words, check=False)
        if pushed.returncode == 0:
            return
        if "rejected" in pushed.stderr or "fetch first" in pushed.stderr:
            raise GitError(
                _(
                    "Somebody pushed before you. Take theirs in with `git pull --no-rebase`, then `git push`; "
                    "records merge by themselves. Your submission is committed here."
                )
            )
        raise GitError(
            _("It is committed here, but could not be pushed: {reason}").format(reason=_last_words(pushed.stderr))
        )

    def has_unpushed(self) -> bool:
        """Whether the branch has commits that its upstream, as this clone knows it, has not; true without upstream."""
        if self.upstream() is None:
            return True
        ahead = self._git("rev-list", "--count", "@{upstream}..HEAD", check=False)
        return ahead.stdout.strip() != "0"

    def upstream(self) -> str | None:
        """The branch that this one follows (`origin/main`), if any."""
        found = self._git("rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{upstream}", check=False)
        return found.stdout.strip() or None if found.returncode == 0 else None

    def remote(self) -> str | None:
        """The remote that a push would go to: `origin`, or the only one there is."""
        remotes = self._git("remote").stdout.split()
        if "origin" in remotes:
            return "origin"
        return remotes[0] if len(remotes) == 1 else None

    def default_branch(self) -> str | None:
        """The remote's default branch as this clone knows it (`main`), or None."""
        remote = self.remote()
        if remote is None:
            return None
        found = self._git("symbolic-ref", "--quiet", "--short", f"refs/remotes/{remote}/HEAD", check=False)
        return found.stdout.strip().removeprefix(f"{remote}/") or None

    def web_address(self) -> str | None:
        """The repository's page (`https://host/owner/name`) where its remote's address tells it."""
        remote = self.remote()
        address = self.setting(f"remote.{remote}.url") if remote else ""
        found = re.fullmatch(
            r"(?:https://(?:[^@/]*@)?|ssh://git@|git@)([\w.-]+)(?::\d+)?[:/]([\w.~-]+(?:/[\w.~-]+)+)/?", address
        )
        return f"https://{found[1]}/{found[2].removesuffix('.git')}" if found else None

    # --- calling git --------------------------------------------------------------------------------------------------

    def _relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix() if path.is_absolute() else path.as_posix()

    def _line(self, *words: str) -> str:
        return self._git(*words).stdout.strip()

    def _patiently(self, *words: str) -> None:
        """Run a command that takes git's locks, waiting for whoever holds one."""
        deadline = time.monotonic() + _LOCK_PATIENCE
        while True:
            done = self._git(*words, check=False)
            if done.returncode == 0:
                return
            held = _LOCKED.search(done.stderr)
            if held is None:
                raise GitError(_("git refused: {reason}").format(reason=_last_words(done.stderr + done.stdout)))
            if time.monotonic() > deadline:
                raise GitError(_held(Path(held[1])))
            time.sleep(0.1)

    def _git(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = self._run(words)
        text = subprocess.CompletedProcess(
            done.args, done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr)
        )
        if check and text.returncode != 0:
            raise GitError(_("git refused: {reason}").format(reason=_last_words(text.stderr + text.stdout)))
        return text

    def _run(self, words: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
        command = ["git", "--literal-pathspecs", "-c", "core.quotepath=false", "-C", str(self.root), *words]
        # In git's own English, because refusals are told apart by it; standard input stays the user's for passwords.
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}
        try:
            return subprocess.run(command, capture_output=True, check=False, env=environment)
        except FileNotFoundError:
            raise GitError(
                _("The command `git` is not there. Install git (https://git-scm.com/downloads) and try again.")
            ) from None
        except OSError as error:
            raise GitError(
                _("The command `git` could not be started: {reason}").format(reason=error.strerror or error)
            ) from error


def _held(lock: Path) -> str:
    """What a lock that nobody gives back means, and when it may be taken away."""
    try:
        since = f"{datetime.fromtimestamp(lock.stat().st_mtime):%Y-%m-%d %H:%M}"
    except OSError:
        since = "?"
    return _(
        "Another git command has been holding this repository since {since}, or one was killed and left its lock "
        "behind. Nothing was lost. Finish what is open in git (an editor's message, a merge in another window), then "
        "submit again. If no git command is running any more, the lock is left over and safe to remove: delete the "
        "file {lock}"
    ).format(since=since, lock=lock)


def _moment(seconds: str) -> datetime | None:
    """Seconds since 1970 as git writes them; None for what no calendar has."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _last_words(text: str) -> str:
    """The end of what git said, without its hints: enough to know what to do."""
    lines = [re.sub(r"^(?:fatal|error): ", "", line.strip()) for line in text.splitlines()]
    told = [line for line in lines if line and not line.startswith("hint:")]
    return "; ".join(line.rstrip(".") for line in told[-4:])[-600:] or _("it gave no reason")

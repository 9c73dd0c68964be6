"""The ledger loses nothing: not to a crash, a full disk, a merge, or a line that somebody wrote by hand."""

from __future__ import annotations

import errno
import multiprocessing
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tracking_world import at, attempt

from grader.report import Verdict
from grader.tracking import ledger
from grader.tracking.attempt import MAX_LINE_BYTES
from grader.tracking.ledger import Flaw, LedgerError

FIRST, SECOND = attempt(at(18), Verdict.FAIL, 40.0, message="first"), attempt(at(19), message="second")


def test_attempts_come_back_in_the_order_of_their_time(tmp_path: Path) -> None:
    for one in (SECOND, FIRST, attempt(at(17), member="bob")):
        assert ledger.append(tmp_path, one) is None
    found = ledger.read(tmp_path)
    assert [(one.member, one.submitted_at.day) for one in found.attempts] == [("bob", 17), ("ann", 18), ("ann", 19)]
    assert [one.where for one in ledger.read_member(tmp_path, "ann").attempts] == [
        "records/ann.jsonl:2",
        "records/ann.jsonl:1",
    ]
    assert found.problems == ()


def test_nothing_recorded_is_an_empty_ledger(tmp_path: Path) -> None:
    assert ledger.read(tmp_path) == ledger.Ledger()
    assert ledger.read_member(tmp_path, "ann") == ledger.Ledger()


def test_the_same_line_twice_counts_once(tmp_path: Path) -> None:
    ledger.append(tmp_path, FIRST)
    ledger.append(tmp_path, FIRST)
    assert ledger.read(tmp_path).attempts == (FIRST,)


@given(cut=st.integers(min_value=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_a_line_torn_anywhere_is_reported_once_and_kept_for_ever(tmp_path: Path, cut: int) -> None:
    path = ledger.path_of(tmp_path, "ann")
    path.unlink(missing_ok=True)
    ledger.append(tmp_path, FIRST)
    whole = SECOND.to_line()
    fragment = whole[: 1 + cut % (len(whole) - 1)]
    with path.open("ab") as file:
        file.write(fragment)

    torn = ledger.read(tmp_path)
    assert torn.attempts == (FIRST,)
    assert [(problem.line, problem.flaw) for problem in torn.problems] == [(2, Flaw.TORN)]

    told = ledger.append(tmp_path, SECOND)
    assert told is not None
    assert str(told).startswith("records/ann.jsonl:2: the last line broke off")
    mended = ledger.read(tmp_path)
    assert mended.attempts == (FIRST, SECOND)
    assert [(problem.line, problem.flaw) for problem in mended.problems] == [(2, Flaw.RECOVERED)]
    assert fragment in path.read_bytes()
    assert ledger.append(tmp_path, attempt(at(20))) is None


def test_a_whole_line_that_only_lost_its_newline_counts(tmp_path: Path) -> None:
    path = ledger.path_of(tmp_path, "ann")
    path.parent.mkdir()
    path.write_bytes(FIRST.to_line())
    assert ledger.read(tmp_path).attempts == (FIRST,)
    assert ledger.append(tmp_path, SECOND) is None
    assert ledger.read(tmp_path) == ledger.Ledger((FIRST, SECOND))


@pytest.mark.parametrize(
    ("content", "line", "flaw", "words"),
    [
        (b"<<<<<<< HEAD\n", 2, Flaw.CONFLICT, "delete this line"),
        (b"=======\n", 2, Flaw.CONFLICT, "delete this line"),
        (b"nonsense\n", 2, Flaw.UNREADABLE, "not whole JSON"),
        (b"\xff\xff\n", 2, Flaw.UNREADABLE, "not UTF-8"),
        (b"\0\0\0\n", 2, Flaw.UNREADABLE, "not whole JSON"),
        (b'{"schema": 9}\n', 2, Flaw.UNREADABLE, "schema 9"),
        (b'{"recovered": {"sha256": 3}}\n', 2, Flaw.UNREADABLE, "another format"),
        (attempt(at(18), member="bob").to_line() + b"\n", 2, Flaw.UNREADABLE, "another member, bob"),
        (b"x" * (MAX_LINE_BYTES + 5) + b"\n", 2, Flaw.UNREADABLE, "longer than"),
        (b"\n  \n\nnonsense\n", 5, Flaw.UNREADABLE, "not whole JSON"),
    ],
)
def test_a_bad_line_is_told_and_costs_no_other(
    tmp_path: Path, content: bytes, line: int, flaw: Flaw, words: str
) -> None:
    path = ledger.path_of(tmp_path, "ann")
    path.parent.mkdir()
    path.write_bytes(FIRST.to_line() + b"\n" + content + SECOND.to_line() + b"\n")
    found = ledger.read(tmp_path)
    assert found.attempts == (FIRST, SECOND)
    [problem] = found.problems
    assert (problem.file, problem.line, problem.flaw) == ("records/ann.jsonl", line, flaw)
    assert words in problem.message


def test_windows_line_ends_are_no_difference(tmp_path: Path) -> None:
    path = ledger.path_of(tmp_path, "ann")
    path.parent.mkdir()
    path.write_bytes(FIRST.to_line() + b"\r\n" + FIRST.to_line() + b"\n")
    assert ledger.read(tmp_path) == ledger.Ledger((FIRST,))


@pytest.mark.parametrize("kind", ["fifo", "link", "folder", "socket-like device"])
def test_what_is_no_file_is_told_and_never_waited_for(tmp_path: Path, kind: str) -> None:
    path = ledger.path_of(tmp_path, "ann")
    path.parent.mkdir()
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/tty")
    [problem] = ledger.read(tmp_path).problems
    assert problem.message.startswith("the file cannot be read")
    with pytest.raises(LedgerError, match="could not be written"):
        ledger.append(tmp_path, FIRST)


# --- a disk that refuses -----------------------------------------------------------------------------------------


def _fails_and_loses_nothing(root: Path, words: str) -> None:
    before = ledger.path_of(root, "ann").read_bytes()
    with pytest.raises(LedgerError) as caught:
        ledger.append(root, SECOND)
    assert words in str(caught.value)
    assert "nothing was lost" in str(caught.value)
    assert ledger.path_of(root, "ann").read_bytes() == before


def test_a_write_that_came_out_short_is_taken_back(tmp_path: Path) -> None:
    """The kernel writes what fits under the size limit and then refuses: as on a disk that fills up."""
    ledger.append(tmp_path, FIRST)
    size = ledger.path_of(tmp_path, "ann").stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, before[1]))
    try:
        _fails_and_loses_nothing(tmp_path, "could not be written")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    ledger.append(tmp_path, SECOND)
    assert ledger.read(tmp_path) == ledger.Ledger((FIRST, SECOND))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EROFS, "mounted read-only"),
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "your quota"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_a_disk_that_refuses_to_write_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    ledger.append(tmp_path, FIRST)

    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "write", refuse)
    _fails_and_loses_nothing(tmp_path, words)


def test_a_disk_that_fails_when_it_has_to_keep_what_it_took(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.append(tmp_path, FIRST)

    def refuse(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", refuse)
    _fails_and_loses_nothing(tmp_path, os.strerror(errno.EIO))


ON_A_MOUNT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tracking_world import at, attempt
from grader.tracking import ledger
root = Path(sys.argv[1])
recorded = 0
try:
    for number in range(1000):
        ledger.append(root, attempt(at(18), message=str(number)))
        recorded += 1
except ledger.LedgerError as error:
    print(error)
found = ledger.read(root)
print(recorded, len(found.attempts), len(found.problems))
"""


def _in_own_mounts(*commands: str) -> subprocess.CompletedProcess[str]:
    """Run shell commands where their mounts are nobody else's; skip where that is not allowed."""
    allowed = (
        subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False) if _has_unshare() else None
    )
    if allowed is None or allowed.returncode != 0:
        pytest.skip("this machine lets nobody mount")
    script = " && ".join(commands)
    return subprocess.run(["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, check=False)


def _has_unshare() -> bool:
    return any((Path(folder) / "unshare").exists() for folder in os.environ.get("PATH", "").split(os.pathsep))


def _appending(root: Path) -> str:
    return f"{sys.executable} -c '{ON_A_MOUNT}' {root} {Path(__file__).parent}"


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    done = _in_own_mounts(f"mount -t tmpfs -o size=16k tmpfs {disk}", _appending(disk))
    assert done.returncode == 0, done.stderr
    sentence, counts = done.stdout.splitlines()
    assert "the disk is full. Nothing was recorded and nothing was lost" in sentence
    recorded, readable, problems = map(int, counts.split())
    assert recorded == readable > 5
    assert problems == 0


def test_a_read_only_disk_gets_a_sentence_and_can_still_be_read(tmp_path: Path) -> None:
    ledger.append(tmp_path, FIRST)
    done = _in_own_mounts(
        f"mount --bind {tmp_path} {tmp_path}", f"mount -o remount,ro,bind {tmp_path}", _appending(tmp_path)
    )
    assert done.returncode == 0, done.stderr
    sentence, counts = done.stdout.splitlines()
    assert "the disk is mounted read-only" in sentence
    assert counts == "0 1 0"


# --- crashes and company -----------------------------------------------------------------------------------------


def _submit_for_ever(root: str, pipe: int) -> None:
    """Append, and only then say so: what was said has to be there whatever happens next."""
    number = 0
    while True:
        ledger.append(Path(root), attempt(at(18), message=f"{os.getpid()} {number}"))
        os.write(pipe, f"{number}\n".encode())
        number += 1


def test_kill_9_at_200_random_moments_costs_at_most_the_record_in_flight(tmp_path: Path) -> None:
    """One process is killed, the next goes on in the same ledger: every record that was acknowledged stays readable."""
    moments = random.Random(20240714)
    context = multiprocessing.get_context("fork")
    acknowledged = in_flight = 0
    for _kill in range(200):
        reading, writing = os.pipe()
        child = context.Process(target=_submit_for_ever, args=(str(tmp_path), writing))
        child.start()
        os.close(writing)
        time.sleep(moments.uniform(0.0, 0.03))
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        with os.fdopen(reading, "rb") as said:
            acknowledged += len(said.read().splitlines())
        in_flight += 1
    found = ledger.read(tmp_path)
    assert acknowledged > 200
    assert acknowledged <= len(found.attempts) <= acknowledged + in_flight
    assert all(problem.flaw in (Flaw.RECOVERED, Flaw.TORN) for problem in found.problems)


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=_submit_some, args=(tmp_path, who)) for who in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join()
        assert child.exitcode == 0
    found = ledger.read(tmp_path)
    assert len(found.attempts) == 4 * 25
    assert found.problems == ()


def _submit_some(root: Path, who: int) -> None:
    for number in range(25):
        ledger.append(root, attempt(at(18), message=f"{who} {number}"))


def test_a_file_that_git_replaced_under_the_lock_is_opened_again(tmp_path: Path) -> None:
    """git checks out by replacing: an append must go into the file that stands there, not into the one that stood."""
    ledger.append(tmp_path, FIRST)
    path = ledger.path_of(tmp_path, "ann")
    # A process of its own, not a fork: a fork would share the lock.
    words = [sys.executable, "-c", APPENDS_ONE, str(tmp_path), str(Path(__file__).parent)]
    with ledger.locked(path, os.O_RDWR, exclusive=True):
        waiting = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert waiting.stdout is not None
        assert waiting.stdout.readline() == "now\n"
        time.sleep(0.2)
        replacement = path.with_suffix(".new")
        replacement.write_bytes(path.read_bytes())
        replacement.replace(path)
    assert waiting.wait(timeout=20) == 0
    waiting.stdout.close()
    assert ledger.read(tmp_path).attempts == (FIRST, SECOND)


APPENDS_ONE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_ledger import SECOND
from grader.tracking import ledger
print("now", flush=True)
ledger.append(Path(sys.argv[1]), SECOND)
"""

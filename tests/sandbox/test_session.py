"""One submission in its process: what loads, what runs, how it ends and with which words."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from bce_calls import RIGHT, SHORT, batch, right, source

from grader.calls import Batch, Call, Ending, SubmissionEnded, tensors
from grader.errors import IsolationUnavailable
from grader.sandbox import Limits, Sandbox, SandboxFailed, Session, client

SLEEP = "import time\ndef bce(p, t):\n    time.sleep(100)\n"


def ending(session: Session, asked: Batch | None = None, seconds: float | None = None) -> SubmissionEnded:
    with pytest.raises(SubmissionEnded) as caught:
        session.run(batch() if asked is None else asked, seconds)
    return caught.value


def test_right_values_and_gradients_come_back(confined: Sandbox) -> None:
    asked = batch(24)
    with confined.open(source(RIGHT), "bce") as session:
        assert session.loaded.found and session.loaded.names == ("bce",)
        answers = session.run(asked)
    assert right(asked, answers)
    for answer, call in zip(answers, asked.calls, strict=True):
        p, t = (np.asarray(argument.value) for argument in call.arguments)
        np.testing.assert_allclose(answer.gradients[0], (p - t) / (p * (1 - p)) / p.size, rtol=1e-9)
        assert answer.gradients[1] is None


def test_a_batch_larger_than_a_pipe_goes_both_ways(confined: Sandbox) -> None:
    asked = batch(2, size=300_000)
    with confined.open(source(RIGHT), "bce") as session:
        answers = session.run(asked, seconds=20)
    assert right(asked, answers)


def test_state_is_kept_between_requests_of_one_submission_and_by_no_other(confined: Sandbox) -> None:
    counting = "calls = []\ndef bce(p, t):\n    calls.append(1)\n    return p.sum() * 0 + len(calls)\n"
    for _ in range(2):
        with confined.open(source(counting), "bce") as session:
            values = [
                float(answer.value) for _ in range(2) for answer in session.run(batch(1)) if answer.value is not None
            ]
        assert values == [1, 2]


def test_two_submissions_are_open_at_once(confined: Sandbox) -> None:
    one, other = (f"def bce(p, t):\n    return p.sum() * 0 + {number}\n" for number in (1, 2))
    with confined.open(source(one), "bce") as first, confined.open(source(other), "bce") as second:
        for session, value in ((first, 1), (second, 2), (first, 1)):
            (answer,) = session.run(batch(1))
            assert answer.value == value
        with confined.open(source("import os; os._exit(3)"), "bce") as third:
            assert "3" in ended_on_load(third).detail
        first.close()
        assert second.run(batch(1))[0].value == 2


def ended_on_load(session: Session) -> SubmissionEnded:
    with pytest.raises(SubmissionEnded) as caught:
        _ = session.loaded
    return caught.value


def test_an_ended_session_says_so_again(confined: Sandbox) -> None:
    with confined.open(source("import os\ndef bce(p, t):\n    os._exit(7)\n"), "bce") as session:
        first = ending(session)
        assert (first.ending, ending(session)) == (Ending.EXITED, first)
    assert "7" in first.detail and session.ended is first


def test_wall_clock_names_the_limit_and_what_was_used(confined: Sandbox) -> None:
    with confined.open(source(SLEEP), "bce") as session:
        ended = ending(session, seconds=0.3)
    assert ended.ending is Ending.WALL_CLOCK and ended.limit == 0.3
    assert ended.used is not None and 0.3 <= ended.used < 5


def test_all_requests_together_have_a_limit_too() -> None:
    limits = replace(SHORT, check_seconds=5.0, submission_seconds=1.0)
    with Sandbox(limits) as sandbox, sandbox.open(source(SLEEP), "bce") as session:
        ended = ending(session)
    assert ended.ending is Ending.WALL_CLOCK and ended.limit == 1.0
    assert ended.used is not None and 1.0 <= ended.used < 5


def test_a_child_that_stops_reading_does_not_hold_the_grader_up(confined: Sandbox) -> None:
    stops = "import signal, threading\nthreading.Timer(0.1, signal.raise_signal, [signal.SIGSTOP]).start()\n" + RIGHT
    with confined.open(source(stops), "bce") as session:
        threading.Event().wait(0.4)
        ended = ending(session, batch(2, size=2_000_000), seconds=0.5)
    assert ended.ending is Ending.WALL_CLOCK


def test_memory_is_refused_at_the_limit(confined: Sandbox) -> None:
    takes = (
        "import torch\ndef bce(p, t):\n    return torch.empty({mib} * 2**20, dtype=torch.uint8)[:1].sum() * p.sum()\n"
    )
    for mib, refused in ((100, False), (600, True)):
        with confined.open(source(takes.format(mib=mib)), "bce") as session:
            (answer,) = session.run(batch(1))
        assert (answer.raised is not None) == refused, mib


@pytest.mark.parametrize(
    ("printed", "kept", "truncated"),
    [
        ("print('안녕', end='')", "안녕", False),
        ("import os; os.write(1, b'out'); os.write(2, b'err')", "outerr", False),
        ("import sys; print('no newline', end='', file=sys.stderr)", "no newline", False),
        ("print('\\x1b[2J\\x00')", "\x1b[2J\x00\n", False),
        ("import os; os.write(1, b'\\xff')", "\ufffd", False),
        ("print('x' * 10**6)", "x" * SHORT.output_bytes, True),
    ],
)
def test_what_it_prints_is_kept_up_to_a_bound(confined: Sandbox, printed: str, kept: str, truncated: bool) -> None:
    with confined.open(source(printed + RIGHT), "bce") as session:
        assert session.loaded.found
    assert (session.output.text, session.output.truncated) == (kept, truncated)


def test_what_was_printed_before_a_crash_is_kept(confined: Sandbox) -> None:
    with confined.open(source("print('here')\nimport ctypes\nctypes.string_at(0)\n"), "bce") as session:
        assert ended_on_load(session).ending is Ending.CRASHED
    assert session.output.text == "here\n"


def test_a_frame_sent_after_the_last_answer_is_told_on_closing(confined: Sandbox) -> None:
    late = """
import os, threading
def bce(p, t):
    threading.Timer(0.1, os.write, [4, b'late']).start()
    return p.sum()
"""
    with confined.open(source(late), "bce") as session:
        session.run(batch(1))
        threading.Event().wait(0.5)
        assert session.ended is None
    assert session.ended is not None and session.ended.ending is Ending.PROTOCOL


def test_nothing_stays_open_or_running() -> None:
    def descriptors() -> int:
        return psutil.Process().num_fds()

    before = descriptors()
    with Sandbox(SHORT) as sandbox:
        sandbox.open(source(RIGHT), "bce").close()
        inside = descriptors()
        for text in (RIGHT, "while True: pass", "import os; os._exit(0)", "x ="):
            with sandbox.open(source(text), "bce"):
                pass
        assert descriptors() == inside
        folder = Path(sandbox._servers[False]._empty)
        assert folder.is_dir() and not list(folder.iterdir())
    assert descriptors() == before
    assert not folder.exists()
    assert [child for child in psutil.Process().children() if child.status() == psutil.STATUS_ZOMBIE] == []


def test_a_dead_server_costs_one_submission_and_is_replaced() -> None:
    with Sandbox(SHORT) as sandbox:
        with sandbox.open(source(SLEEP), "bce") as session:
            server = sandbox._servers[False]._process.pid
            threading.Timer(0.3, os.kill, (server, signal.SIGKILL)).start()
            ended = ending(session, seconds=5)
            assert ended.ending is Ending.CRASHED
        asked = batch()
        with sandbox.open(source(RIGHT), "bce") as session:
            assert right(asked, session.run(asked))
        # Between two submissions, which then costs none.
        os.kill(sandbox._servers[False]._process.pid, signal.SIGKILL)
        with sandbox.open(source(RIGHT), "bce") as session:
            assert right(asked, session.run(asked))


def test_a_server_that_cannot_start_is_an_error_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('torch is broken here')\n")
    shadowed(monkeypatch, tmp_path)
    with Sandbox() as sandbox, pytest.raises(SandboxFailed, match="torch is broken here"):
        sandbox.open(source(RIGHT), "bce")


def shadowed(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Put modules in the way of a server's."""
    environment = client._environment
    monkeypatch.setattr(client, "_environment", lambda cuda: {**environment(cuda), "PYTHONPATH": str(folder)})


LACKS = {"pyseccomp": "landlock", "py_landlock": "seccomp", "both": "limits-only"}


@pytest.mark.parametrize("lacking", LACKS)
def test_exactly_the_parts_that_hold_are_named(lacking: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in ("pyseccomp", "py_landlock") if lacking == "both" else (lacking,):
        (tmp_path / f"{module}.py").write_text("raise ImportError('this kernel has none')\n")
    shadowed(monkeypatch, tmp_path)
    probe = """
def tries(what, action):
    try:
        action()
    except OSError:
        return
    print(what)
import os, socket
tries("reads", lambda: open("/etc/passwd"))
tries("writes", lambda: open("file", "w"))
tries("connects", lambda: socket.socket())
"""
    with Sandbox(SHORT) as sandbox:
        assert sandbox.isolation == LACKS[lacking]
        with sandbox.open(source(probe + RIGHT), "bce") as session:
            assert session.loaded.found
        folder = Path(sandbox._servers[False]._empty)
        assert not list(folder.iterdir())
    does = {"pyseccomp": ["connects"], "py_landlock": ["reads"], "both": ["reads", "connects"]}[lacking]
    assert session.output.text.split() == does
    # Nothing is written even without both: the folder is read-only, and being root gives nothing any more.


def test_isolation_that_is_required_and_lacks_a_part_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pyseccomp.py").write_text("raise ImportError('this kernel has none')\n")
    shadowed(monkeypatch, tmp_path)
    with Sandbox(require_isolation=True) as sandbox, pytest.raises(IsolationUnavailable, match="this kernel has none"):
        sandbox.open(source(RIGHT), "bce")


def test_isolation_that_is_turned_off_says_none(unconfined: Sandbox) -> None:
    assert unconfined.isolation == "none"
    with Sandbox(isolate=False, require_isolation=True) as sandbox, pytest.raises(IsolationUnavailable):
        _ = sandbox.isolation


def test_several_sandboxes_work_from_several_threads() -> None:
    asked = batch()
    results: list[bool] = []

    def work() -> None:
        with Sandbox(SHORT) as sandbox:
            for _ in range(3):
                with sandbox.open(source(RIGHT), "bce") as session:
                    results.append(right(asked, session.run(asked, seconds=20)))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 6


@pytest.mark.parametrize("name", ["check_seconds", "submission_seconds", "memory_bytes", "cpu_seconds"])
def test_a_limit_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Limits(**{name: 0})


def test_everybody_has_the_same_luck(confined: Sandbox) -> None:
    draws = """
import torch, numpy, random
def bce(p, t):
    return p.sum() * 0 + torch.rand(1)[0] + numpy.random.rand() + random.random() + hash('x') % 1000
"""
    values = set()
    for _ in range(2):
        with confined.open(source(draws), "bce") as session:
            (answer,) = session.run(Batch((Call(tensors(np.ones(2), np.ones(2))),)))
            values.add(float(answer.value if answer.value is not None else np.nan))
    assert len(values) == 1

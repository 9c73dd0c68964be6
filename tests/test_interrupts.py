"""Ctrl-C at any moment: a sentence, no traceback, and never lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ANYWHERE = """
import gc, os, signal, time, weakref
from grader import interrupts

def press():
    os.kill(os.getpid(), signal.SIGINT)
    for _ in range(1000):
        pass

def in_the_garbage_collector():
    def callback(phase, info):
        gc.callbacks.remove(callback)
        press()
    gc.callbacks.append(callback)
    gc.collect()

class Dying:
    def __del__(self):
        press()

def in_a_finalizer():
    Dying()

def in_a_weak_reference():
    dying = Dying.__new__(type("Thing", (), {}))
    reference = weakref.ref(dying, lambda _: press())
    del dying

def in_plain_code():
    press()

interrupts.keep()
try:
    PLACE()
    time.sleep(60)
except KeyboardInterrupt:
    print("heard")
"""


@pytest.mark.parametrize(
    "place", ["in_the_garbage_collector", "in_a_finalizer", "in_a_weak_reference", "in_plain_code"]
)
def test_ctrl_c_is_heard_wherever_it_falls(place: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ANYWHERE.replace("PLACE", place)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("heard\n", "")


def test_another_ignored_exception_is_still_shown() -> None:
    code = "from grader import interrupts; interrupts.keep()\nclass D:\n  def __del__(self): 1 / 0\nD()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert "ZeroDivisionError" in done.stderr


@pytest.mark.parametrize("seconds", [0, 0.02, 0.04, 0.08])
def test_ctrl_c_before_a_command_has_begun_ends_it_with_a_sentence(seconds: float, tmp_path: Path) -> None:
    file = tmp_path / "bce.py"
    file.write_text("while True:\n    pass\n")
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "grader.cli", "grade", str(file), "--loss", "bce", "--lang", "en"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # As tasks.py starts it.
        preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}),
    ) as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    # A shell says 130 of both: Python ends by the signal where it came while code from a string was running.
    assert process.returncode in (130, -signal.SIGINT)
    assert (out, err) == ("", "Stopped. What was written stays.\n")

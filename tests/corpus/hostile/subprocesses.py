"""Starts other programs by every door there is."""

import multiprocessing
import os
import pty
import subprocess
import sys


def attempt(what, action):
    try:
        reached = action()
    except (OSError, subprocess.SubprocessError) as error:
        print("refused:", what, type(error).__name__)
    else:
        print("REACHED:" if reached is None or reached == 0 else "refused:", what)


attempt("subprocess", lambda: subprocess.run([sys.executable, "-c", ""], check=True) and None)
attempt("shell", lambda: os.system("true"))
attempt("spawn", lambda: os.posix_spawn("/bin/true", ["true"], {}) and None)
attempt("multiprocessing", lambda: multiprocessing.get_context("fork").Process(target=print).start())
attempt("terminal", lambda: pty.fork() and None)
attempt("exec", lambda: os.execv("/bin/true", ["true"]))


def bce(probabilities, targets):
    kept = probabilities.clamp(1e-12, 1 - 1e-12)
    return -(targets * kept.log() + (1 - targets) * (1 - kept).log()).mean()

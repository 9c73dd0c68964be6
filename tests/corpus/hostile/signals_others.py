"""Kills its parent, its group, and everybody."""

import os
import signal


def attempt(what, action):
    try:
        action()
    except OSError as error:
        print("refused:", what, error.errno)
    else:
        print("REACHED:", what)


attempt("parent", lambda: os.kill(os.getppid(), signal.SIGKILL))
attempt("parent stopped", lambda: os.kill(os.getppid(), signal.SIGSTOP))
attempt("parent probed", lambda: os.kill(os.getppid(), 0))
attempt("parent's group", lambda: os.killpg(os.getpgid(os.getppid()), signal.SIGKILL))
attempt("own group", lambda: os.killpg(0, signal.SIGTERM))
attempt("everybody", lambda: os.kill(-1, signal.SIGKILL))
attempt("descriptor", lambda: signal.pidfd_send_signal(os.pidfd_open(os.getppid()), signal.SIGKILL))


def bce(probabilities, targets):
    kept = probabilities.clamp(1e-12, 1 - 1e-12)
    return -(targets * kept.log() + (1 - targets) * (1 - kept).log()).mean()

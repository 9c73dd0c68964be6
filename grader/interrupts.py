"""Ctrl-C, heard whenever it comes: before the program has begun, and where Python would lose it."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

AGAIN_SECONDS = 0.01
"""After which a lost Ctrl-C is raised anew: longer than a callback takes, shorter than anybody notices."""


def keep() -> None:
    """Have a Ctrl-C that Python ignores raised again.

    KeyboardInterrupt is raised wherever the main thread happens to be. In a callback of the garbage collector, a weak
    reference's or `__del__`, exceptions go nowhere: a traceback is printed ("Exception ignored in") and the program
    carries on as if nobody had pressed anything.
    """
    if not hasattr(signal, "pthread_kill"):
        return
    main = threading.main_thread().ident
    assert main is not None
    default = sys.unraisablehook

    def hook(ignored: UnraisableHookArgs) -> None:
        if ignored.exc_type is not KeyboardInterrupt:
            default(ignored)
            return
        # Not at once: this is still the place in which it would be lost. And a real signal, which ends a wait too.
        timer = threading.Timer(AGAIN_SECONDS, signal.pthread_kill, (main, signal.SIGINT))
        timer.daemon = True
        timer.start()

    sys.unraisablehook = hook


def accept() -> None:
    """Let in the Ctrl-C that `tasks.py` held back while the interpreter started. Raises KeyboardInterrupt for one."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def refuse() -> None:
    """No more of them: the program is over, and its interpreter would print a traceback while it shuts down."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

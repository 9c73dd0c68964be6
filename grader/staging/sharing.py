"""Two processors for one staging: a copy of this process does a part of the work and sends back what came of it."""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from grader.messages import gettext as _
from grader.staging.problems import StagingError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")


def worthwhile(pieces: int) -> bool:
    """Whether copying this process is safe (one thread, Linux) and `pieces` of work are enough to pay for it."""
    return pieces > 200 and sys.platform == "linux" and threading.active_count() == 1


def aside(work: Callable[[], T]) -> Callable[[], T]:
    """Begin `work` in a copy of this process; what comes back waits for its result, and raises what it raised."""
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(work, sending), daemon=True)
    process.start()
    sending.close()

    def result() -> T:
        try:
            value, error = receiving.recv()
        except EOFError:
            raise StagingError(_("The process that staged a part of the pages ended early.")) from None
        finally:
            process.join()
        if error is not None:
            raise error
        found: T = value
        return found

    return result


def _run(work: Callable[[], object], sending: Connection) -> None:
    try:
        outcome: tuple[object, Exception | None] = (work(), None)
    except Exception as error:  # goes over to the one who asked, who raises it
        outcome = (None, error)
    sending.send(outcome)
    sending.close()

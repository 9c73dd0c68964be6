"""A progress bar for runs that take over a second."""

from __future__ import annotations

import time
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from grader.messages import gettext as _
from grader.report import Report

PATIENCE = 1.0


def progress(reports: Iterator[Report], total: int) -> Iterator[Report]:
    """The same reports; the bar appears on standard error after a second and is gone at the end."""
    started = time.monotonic()
    bar = Progress(
        TextColumn(_("grading")),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task("", total=total)
    try:
        for report in reports:
            bar.advance(task)
            if not bar.live.is_started and time.monotonic() - started > PATIENCE:
                bar.start()
            yield report
    finally:
        bar.stop()

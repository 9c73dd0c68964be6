"""Checks without a sandbox: the runner of the child, in this process, for submissions that we wrote ourselves."""

from __future__ import annotations

import hashlib
from functools import cache

from grader.calls import Ask, Cell, Source
from grader.checks import CHECKS, Examination, Finding, check_named
from grader.diagnosis import Diagnosis, diagnose
from grader.losses.base import Loss
from grader.reference import reference_source
from grader.sandbox.runner import Runner, warm

QUICK = tuple(name for name in CHECKS if name != "efficiency")
"""Every check but the one that measures time."""


def source_of(text: str, name: str = "submission.py") -> Source:
    """A submission from text."""
    return Source(name, hashlib.sha256(text.encode()).hexdigest(), (Cell(name, text),))


@cache
def ready() -> None:
    """Warm the runner once a process, as a server does."""
    warm()


class InProcess:
    """One submission and its checks."""

    def __init__(self, loss: Loss, source: Source, seed: int = 5) -> None:
        ready()
        self._loss = loss
        self._source = source
        self._seed = seed
        self._runner = Runner(source, loss.entry, source.file)
        self._loaded = self._runner.load()
        self.ask: Ask = self._runner.run

    def check(self, name: str, device: str = "cpu", seed: int | None = None) -> Finding:
        """What one check finds, with this seed or the submission's own."""

        def ask_reference(batch):  # type: ignore[no-untyped-def]
            runner = Runner(reference_source(self._loss), self._loss.entry)
            runner.load()
            return runner.run(batch)

        return check_named(name)(
            Examination(
                self._loss,
                self._seed if seed is None else seed,
                self._source,
                self._loaded,
                self.ask,
                ask_reference,
                device=device,
            )
        )

    def findings(self, names: tuple[str, ...] = QUICK) -> dict[str, Finding]:
        """What these checks find."""
        return {name: self.check(name) for name in names}

    def not_passed(self, names: tuple[str, ...] = QUICK) -> list[str]:
        """The names of the checks that did not pass; when it does not load, nothing else is tried."""
        if "load" in names and self.check("load").outcome != "pass":
            return ["load"]
        return [name for name in names if self.check(name).outcome != "pass"]

    def diagnosis(self) -> Diagnosis:
        """The known mistake that it behaves like."""
        return diagnose(self._loss, self._seed, self.ask)

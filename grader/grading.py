"""One submission in, one report out: the only place that knows both the checks and the sandbox."""

from __future__ import annotations

import os
import platform
import secrets
import time
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType

from grader import __version__, submission
from grader.calls import Answer, Ask, Batch, Ending, Loaded, Source, SubmissionEnded
from grader.devices import Device, resolve
from grader.messages import gettext as _
from grader.plan.stub import is_unchanged
from grader.reference_child import ReferenceChildren
from grader.report import CheckResult, Misconception, Outcome, Report, Verdict, verdict_of
from grader.sandbox import Limits, Sandbox, Session

LAST = "efficiency"
"""The check that takes longest; what can be said without it is said before it."""


@dataclass(frozen=True)
class Task:
    """One submission to grade: a file (which need not be there) against a loss, and what its week says about it."""

    file: str
    loss: str
    week: int | None = None
    member: str | None = None
    own_stub: str | None = None
    devices: tuple[str, ...] = ()
    """Overrides the run's, where the week asks for particular ones."""
    points: Mapping[str, float] = field(default_factory=dict)
    """Overrides single values of the default table."""
    required: frozenset[str] | None = None
    """Overrides the default set."""
    path: Path | None = None
    """Where the file is, when that is not what `file` says to its reader."""
    seed: int | None = None
    """Instead of the run's, to repeat one grading exactly."""


@dataclass(frozen=True)
class Options:
    """What holds for a whole run."""

    devices: tuple[str, ...] = ()
    seed: int | None = None
    """None draws one, so that no answer can be prepared for it; the report names it."""
    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    isolate: bool = True
    require_isolation: bool = False


def draw_seed() -> int:
    """A seed nobody can foresee: 32 bits."""
    return secrets.randbits(32)


def versions() -> dict[str, str]:
    """What a report was made with. Reads torch's version without importing torch."""
    return {"grader": __version__, "torch": _torch_version(), "python": platform.python_version()}


@cache
def _torch_version() -> str:
    from importlib.metadata import version

    return version("torch")


class Grader:
    """Grades submissions one after another in one sandbox; made once a slot, used by one thread at a time."""

    def __init__(self, options: Options, seed: int, sandbox: Sandbox | None = None) -> None:
        """`sandbox` instead of one of the options' own making."""
        self._options = options
        self._seed = seed
        self._sandbox = sandbox or Sandbox(
            limits=options.limits, isolate=options.isolate, require_isolation=options.require_isolation
        )
        self._references = ReferenceChildren(self._sandbox)
        self._sandbox.start()

    def __enter__(self) -> Grader:
        self._sandbox.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._references.close()
        self._sandbox.__exit__(kind, error, traceback)

    @property
    def isolation(self) -> str:
        """What of the jail holds on this machine: `landlock+seccomp`, or exactly the parts that do."""
        return self._sandbox.isolation

    def grade(self, task: Task) -> Report:
        """The report of one submission. Whatever the submission does is in the report; nothing of it is raised."""
        return _Examiner(self._sandbox, self._references, self._options, self._seed, task).report()


def grade_all(tasks: Sequence[Task], options: Options) -> Generator[Report, None, None]:
    """Grade in the order given, `options.jobs` at once; each report comes as soon as it and all before it are done."""
    seed = draw_seed() if options.seed is None else options.seed
    slots = max(1, min(options.jobs, len(tasks)))
    graders = [Grader(options, seed) for _slot in range(slots)]
    idle: SimpleQueue[Grader] = SimpleQueue()
    for grader in graders:
        grader.__enter__()
        idle.put(grader)

    def one(task: Task) -> Report:
        grader = idle.get()
        try:
            return grader.grade(task)
        finally:
            idle.put(grader)

    try:
        if slots == 1:
            yield from map(one, tasks)
            return
        with ThreadPoolExecutor(slots) as pool:
            futures: list[Future[Report]] = [pool.submit(one, task) for task in tasks]
            try:
                for future in futures:
                    yield future.result()
            finally:
                for future in futures:
                    future.cancel()
    finally:
        for grader in graders:
            grader.__exit__(None, None, None)


class _Examiner:
    """One submission's way through its checks: opens a child where one is needed, and replaces one that ended."""

    def __init__(
        self, sandbox: Sandbox, references: ReferenceChildren, options: Options, seed: int, task: Task
    ) -> None:
        from grader.checks import Earlier
        from grader.losses import get

        self._sandbox = sandbox
        self._references = references
        self._options = options
        self._seed = seed if task.seed is None else task.seed
        self._task = task
        self._loss = get(task.loss)
        self._devices = resolve(task.devices or options.devices)
        self._sessions: dict[str, Session] = {}
        self._started = time.monotonic()
        self._check_started = self._started
        self._in_check = 0.0
        """Seconds that the submission itself has run in this check: the parent's own work is not held against it."""
        self._in_all = 0.0
        self._output: list[str] = []
        self._earlier = Earlier()

    def report(self) -> Report:
        path = self._task.path or Path(self._task.file)
        # lexists: a dangling link is a file that cannot be read, not one that is missing.
        if not os.path.lexists(path):
            return self._missing(_("There is no file {file}.").format(file=_shown(self._task.file)), None)
        try:
            source = submission.read(path, self._task.file)
        except submission.SubmissionUnreadable as error:
            return self._finish(self._unloaded(Outcome.ERROR, str(error)), error.sha256)
        if is_unchanged([cell.source for cell in source.cells], self._loss, self._task.own_stub):
            return self._missing(_("The stub is unchanged."), source.sha256)
        try:
            return self._examine(source)
        finally:
            for device in list(self._sessions):
                self._close(device)

    # --- the checks ---------------------------------------------------------------------------------------------------

    def _examine(self, source: Source) -> Report:
        from grader.checks.expected import expectations

        # Kept for the checks: made here because the first submission of a run waits for its server anyway.
        expectations(self._loss, self._seed)
        try:
            loaded = self._session(source, "cpu").loaded
        except SubmissionEnded as ended:
            self._close("cpu")
            return self._finish(self._unloaded(Outcome.ERROR, self._ending(ended, "load")), source.sha256)
        results: list[CheckResult] = []
        stopped: str | None = None
        diagnosed: tuple[Misconception | None, str | None] = (None, None)
        for name, device in self._expected():
            if name == LAST and stopped is None:
                # Before what takes longest, so that a slow submission is diagnosed too.
                diagnosed = self._diagnose(source, results)
            if device.unavailable is not None:
                results.append(self._skipped(name, device, device.unavailable))
                continue
            if stopped is not None:
                results.append(self._skipped(name, device, stopped))
                continue
            result, stopped = self._run(source, loaded, name, device)
            results.append(result)
        misconception, hint = diagnosed
        if hint is not None:
            results = _with_hint(results, hint)
        results = self._with_late_frames(results)
        return self._finish(results, source.sha256, misconception)

    def _with_late_frames(self, results: Sequence[CheckResult]) -> list[CheckResult]:
        """The same results, with `purity` an error if anything came back after the last answer."""
        sessions = list(self._sessions.values())
        for device in list(self._sessions):
            self._close(device)
        for ended in (session.ended for session in sessions):
            if ended is not None and ended.ending is Ending.PROTOCOL:
                message = self._ending(ended, "purity")
                return [
                    replace(result, outcome=Outcome.ERROR, points=0.0, message=message)
                    if result.name == "purity"
                    else result
                    for result in results
                ]
        return list(results)

    def _expected(self) -> list[tuple[str, Device]]:
        """Every (check, device) that a report has to hold: `device` once a device, everything else on the CPU."""
        from grader.checks import CHECKS

        cpu = Device("cpu")
        return [(name, device) for name in CHECKS for device in (self._devices if name == "device" else (cpu,))]

    def _run(self, source: Source, loaded: Loaded, name: str, device: Device) -> tuple[CheckResult, str | None]:
        """One check, and why the rest cannot run, if that is so."""
        from grader.checks import Examination, check_named

        self._check_started = time.monotonic()
        self._in_check = 0.0
        examination = Examination(
            loss=self._loss,
            seed=self._seed,
            source=source,
            loaded=loaded,
            ask=self._ask(source, device.name),
            ask_reference=self._references.ask(self._loss),
            device=device.name,
            device_note=device.note,
            earlier=self._earlier,
        )
        try:
            finding = check_named(name)(examination)
        except SubmissionEnded as ended:
            self._close(device.name)
            message = self._ending(ended, name)
            stopped = (
                _("Not run: {message}").format(message=message)
                if ended.ending in (Ending.WALL_CLOCK, Ending.CPU)
                else None
            )
            return self._result(name, device, Outcome.ERROR, message), stopped
        share = finding.share if finding.share is not None else float(finding.outcome is Outcome.PASS)
        result = self._result(
            name,
            device,
            finding.outcome,
            finding.message,
            share=share,
            counterexample=finding.counterexample,
            hint=finding.hint,
            notes=finding.notes,
        )
        failed = name == "load" and finding.outcome is not Outcome.PASS
        return result, _("Not run: the function could not be loaded.") if failed else None

    def _diagnose(self, source: Source, results: Sequence[CheckResult]) -> tuple[Misconception | None, str | None]:
        from grader.diagnosis import diagnose

        wrong = {result.name for result in results if result.outcome in (Outcome.FAIL, Outcome.ERROR)}
        if not wrong & {"value", "gradient", "stability"}:
            return None, None
        self._in_check = 0.0
        try:
            diagnosis = diagnose(self._loss, self._seed, self._ask(source, "cpu"))
        except SubmissionEnded:
            # It has been said already how it ended; a submission that ends again is like no known mistake.
            self._close("cpu")
            return None, None
        return diagnosis.misconception, diagnosis.pair

    # --- calling ------------------------------------------------------------------------------------------------------

    def _session(self, source: Source, device: str) -> Session:
        place = "cpu" if device == "sim" else device
        if place not in self._sessions:
            session = self._sandbox.open(source, self._loss.entry, device=place)
            session.__enter__()
            self._sessions[place] = session
        return self._sessions[place]

    def _ask(self, source: Source, device: str) -> Ask:
        def ask(batch: Batch) -> list[Answer]:
            limits = self._options.limits
            left = min(limits.check_seconds - self._in_check, limits.submission_seconds - self._in_all)
            if left <= 0:
                raise self._out_of_time(self._in_check, self._in_all)
            session = self._session(source, device)
            before = time.monotonic()
            try:
                return session.run(batch, seconds=left)
            except SubmissionEnded as ended:
                if ended.ending is Ending.WALL_CLOCK:
                    took = time.monotonic() - before
                    raise self._out_of_time(self._in_check + took, self._in_all + took) from ended
                raise
            finally:
                took = time.monotonic() - before
                self._in_check += took
                self._in_all += took

        return ask

    def _out_of_time(self, in_check: float, in_all: float) -> SubmissionEnded:
        """The limit of the check or that of the whole submission, whichever is used up."""
        limits = self._options.limits
        if in_check >= limits.check_seconds:
            return SubmissionEnded(Ending.WALL_CLOCK, used=in_check, limit=limits.check_seconds)
        return SubmissionEnded(Ending.WALL_CLOCK, used=in_all, limit=limits.submission_seconds)

    def _close(self, device: str) -> None:
        session = self._sessions.pop("cpu" if device == "sim" else device, None)
        if session is not None:
            session.__exit__(None, None, None)
            self._output.append(session.output.text)

    # --- words --------------------------------------------------------------------------------------------------------

    def _ending(self, ended: SubmissionEnded, check: str) -> str:
        used = ended.used or 0.0
        limit = ended.limit or 0.0
        if ended.ending is Ending.WALL_CLOCK:
            return _("It ran {used:.1f} s on `{check}`, limit {limit:.1f} s.").format(
                used=used, check=check, limit=limit
            )
        if ended.ending is Ending.CPU:
            return _("It used {used:.1f} s of processor time on `{check}`, limit {limit:.1f} s.").format(
                used=used, check=check, limit=limit
            )
        if ended.ending is Ending.MEMORY:
            return _("It ran out of memory on `{check}`, limit {limit:.0f} MiB.").format(
                check=check, limit=limit / 2**20
            )
        if ended.ending is Ending.EXITED:
            return _("It ended the process on `{check}` ({detail}).").format(check=check, detail=ended.detail)
        if ended.ending is Ending.PROTOCOL:
            return _("Something other than its answers came back on `{check}` ({detail}).").format(
                check=check, detail=ended.detail
            )
        return _("It crashed on `{check}` ({detail}).").format(check=check, detail=ended.detail)

    # --- results ------------------------------------------------------------------------------------------------------

    def _points(self, name: str) -> float:
        from grader.checks.defaults import POINTS

        points = float(self._task.points.get(name, POINTS[name]))
        if name == "device":
            return points / max(1, sum(device.unavailable is None for device in self._devices))
        return points

    def _result(
        self, name: str, device: Device, outcome: Outcome, message: str, *, share: float = 0.0, **more: object
    ) -> CheckResult:
        from grader.checks.defaults import REQUIRED

        required = REQUIRED if self._task.required is None else self._task.required
        most = 0.0 if device.unavailable is not None else self._points(name)
        return CheckResult(
            name=name,
            outcome=outcome,
            message=message,
            device=device.name,
            required=name in required,
            points=round(most * share, 4),
            max_points=round(most, 4),
            seconds=time.monotonic() - self._check_started,
            **more,  # type: ignore[arg-type]
        )

    def _skipped(self, name: str, device: Device, reason: str) -> CheckResult:
        self._check_started = time.monotonic()
        return self._result(name, device, Outcome.SKIP, reason)

    def _unloaded(self, outcome: Outcome, message: str) -> list[CheckResult]:
        """`load` with this outcome and everything else skipped because of it."""
        reason = _("Not run: the function could not be loaded.")
        return [
            self._result(name, device, outcome, message)
            if name == "load"
            else self._skipped(name, device, device.unavailable or reason)
            for name, device in self._expected()
        ]

    def _missing(self, reason: str, sha256: str | None) -> Report:
        checks = [self._skipped(name, device, reason) for name, device in self._expected()]
        return self._finish(checks, sha256, verdict=Verdict.MISSING)

    def _finish(
        self,
        checks: Sequence[CheckResult],
        sha256: str | None,
        misconception: Misconception | None = None,
        verdict: Verdict | None = None,
    ) -> Report:
        for device in list(self._sessions):
            self._close(device)
        expected = [(name, device.name) for name, device in self._expected()]
        return Report(
            loss=self._loss.id,
            file=self._task.file,
            sha256=sha256,
            verdict=verdict_of(checks, expected) if verdict is None else verdict,
            checks=tuple(checks),
            isolation=self._sandbox.isolation,
            seed=self._seed,
            seconds=time.monotonic() - self._started,
            graded_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            versions=versions(),
            week=self._task.week,
            member=self._task.member,
            misconception=misconception,
            output="".join(self._output),
            devices={device.name: device.note for device in self._devices if device.note},
        )


def _shown(file: str) -> str:
    """A file name for a sentence: bytes that are no UTF-8 come out as escapes."""
    return file.encode("utf-8", "backslashreplace").decode("utf-8")


def _with_hint(results: Sequence[CheckResult], hint: str) -> list[CheckResult]:
    """The same results, with the hint on the first one that failed."""
    first = next(index for index, result in enumerate(results) if result.stands_in_the_way)
    return [replace(result, hint=hint) if index == first else result for index, result in enumerate(results)]

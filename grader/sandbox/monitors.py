"""What runs and what it costs while the entry is called: ready-made losses, and the peak of tensor memory.

Two nets for ready-made losses. Python's profile hook sees every function of torch (and of a few other packages) that is
a loss, under whatever alias, with the submission's line. Torch's own profiler sees every operation that reaches the C++
dispatcher before it is taken apart, from scripted functions too, and `cross_entropy` with soft targets, of which only
primitives are left at dispatch. It counts the allocator's bytes as well.

It is a rule of the exercise that is watched here, not a boundary: code that sets out to hide a call can.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import torch

from grader.calls import Event, Location, Watch
from grader.sandbox.runner_faults import Text

MOST_EVENTS = 20

_LOSS = re.compile(r"_loss(?:_|\d|$)|(?:^|_)(?:cross_entropy|kl_div|nll)(?:_|$)")
"""Names of functions, without `aten::`. A submission's own function may have such a name: it lives in no file below."""
_OPERATION = re.compile(r"^aten::.*(?:_loss(?:_|\d|$)|cross_entropy|kl_div)")
_ANYTHING = re.compile("")

_TORCH = Path(torch.__file__).parent
_FUNCTIONS_IN = {
    str(_TORCH / "nn" / "functional.py"): _LOSS,
    str(_TORCH / "_refs" / "nn" / "functional" / "__init__.py"): _LOSS,
    str(_TORCH / "_decomp" / "decompositions.py"): _LOSS,
    str(_TORCH / "_decomp" / "decompositions_for_jvp.py"): _LOSS,
    str(_TORCH / "distributions" / "kl.py"): re.compile(r"^(?:kl_divergence|_kl_\w+)$"),
}
"""Files of torch and the names of the functions in them that are losses."""
_MODULES_IN = frozenset({str(_TORCH / "nn" / "modules" / "loss.py"), str(_TORCH / "nn" / "modules" / "adaptive.py")})
"""Files whose every `forward` is a loss; the class of `self` is its name."""
_DISTRIBUTIONS = str(_TORCH / "distributions")
_CALLS_OPERATION = str(_TORCH / "_ops.py")
_PACKAGES = {
    "scipy/stats": re.compile("^(?:wasserstein_distance|energy_distance|entropy)"),
    "scipy/special": re.compile("^(?:kl_div|rel_entr)$"),
    "sklearn/metrics": re.compile("^(?:log_loss|hinge_loss|brier_score_loss)$"),
    "ot": _ANYTHING,
    "geomloss": _ANYTHING,
    "torchmetrics": _ANYTHING,
    "open_clip": re.compile("Loss|^forward$"),
}
"""Folders in site-packages and the names of the functions below them that are losses."""

_setprofile: Callable[[Any], None] = sys.setprofile
_getprofile: Callable[[], Any] = sys.getprofile
_setprofile_of_threads: Callable[[Any], None] = threading.setprofile
_start_profiler: Callable[[Any], None] | None = getattr(torch._C._autograd, "_enable_profiler_legacy", None)
_stop_profiler: Callable[[], Iterable[Iterable[Any]]] = getattr(torch._C._autograd, "_disable_profiler_legacy", list)


def _profiler_settings(memory: bool) -> Any:
    profiler = torch._C._profiler
    shapes = stack = flops = modules = False
    return profiler.ProfilerConfig(
        profiler.ProfilerState.CPU, shapes, memory, stack, flops, modules, profiler._ExperimentalConfig()
    )


class Monitors:
    """Entered around the forward and again around the backward pass of one call; what was seen adds up."""

    def __init__(
        self,
        text: Text,
        watch: frozenset[Watch],
        inner: AbstractContextManager[object],
        entry: Location | None = None,
    ) -> None:
        """`inner` is entered inside; `entry` stands for the line where an operation's own cannot be told."""
        self.events: list[Event] = []
        self.peak_bytes = 0
        self._live_bytes = 0
        self._inner = inner
        self._entry = entry
        self._calls = _Calls(text, self.events) if Watch.ORIGINALITY in watch else None
        self._memory = Watch.MEMORY in watch
        self._before: Any = None

    def __enter__(self) -> None:
        self._inner.__enter__()
        if _start_profiler is not None:
            _start_profiler(_profiler_settings(self._memory))
        if self._calls is not None:
            self._before = _getprofile()
            _setprofile_of_threads(self._calls)
            _setprofile(self._calls)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._calls is not None:
            _setprofile(self._before)
            _setprofile_of_threads(self._before)
        recorded = [event for thread in _stop_profiler() for event in thread]
        self._inner.__exit__(kind, error, traceback)
        if self._memory:
            self._add_up(recorded)
        # A line of the submission was found already: the operations below it are the same loss once more.
        if self._calls is not None and not self.events:
            self._note_operations(recorded)

    def _add_up(self, recorded: Iterable[Any]) -> None:
        for event in recorded:
            if event.kind() == "memory_alloc":
                self._live_bytes += event.cpu_memory_usage()
                self.peak_bytes = max(self.peak_bytes, self._live_bytes)

    def _note_operations(self, recorded: Iterable[Any]) -> None:
        names = dict.fromkeys(event.name() for event in recorded if event.kind() == "push")
        for name in names:
            if _OPERATION.search(name) and not name.endswith("_backward") and len(self.events) < MOST_EVENTS:
                self.events.append(Event("ready-made", name.removeprefix("aten::"), self._entry))


class _Calls:
    """The profile hook: notes a call of a loss, at the submission's line, once a line."""

    def __init__(self, text: Text, events: list[Event]) -> None:
        self._text = text
        self._events = events
        self._patterns: dict[str, re.Pattern[str] | None] = {}

    def __call__(self, frame: FrameType, kind: str, argument: Any) -> None:
        if kind == "call":
            name = self._python_loss(frame)
        elif kind == "c_call":
            name = _builtin_loss(argument)
        else:
            return
        if name is not None and not _importing(frame):
            self._note(name, self._text.of_frame(frame))

    def _note(self, name: str, where: Location | None) -> None:
        known = any(event.where == where for event in self._events)
        if not known and len(self._events) < MOST_EVENTS:
            self._events.append(Event("ready-made", name, where))

    def _python_loss(self, frame: FrameType) -> str | None:
        """The name of the loss whose Python code `frame` starts to run, or None."""
        code = frame.f_code
        file = code.co_filename
        if file not in self._patterns:
            self._patterns[file] = _pattern_for(file)
        pattern = self._patterns[file]
        if pattern is None or pattern.search(code.co_name) is None:
            return None
        if file == _CALLS_OPERATION:
            # Not getattr: an operation answers attributes it lacks by calling itself.
            operation = frame.f_locals.get("self")
            known = {} if operation is None else object.__getattribute__(operation, "__dict__")
            name = str(known.get("_qualified_op_name") or known.get("_name") or "")
            return name.removeprefix("aten::") if _OPERATION.search(name) else None
        if file in _MODULES_IN:
            return type(frame.f_locals.get("self")).__name__
        return code.co_name


def _importing(frame: FrameType | None) -> bool:
    """Whether a module is just being imported: what packages run then is not the submission's doing."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _pattern_for(file: str) -> re.Pattern[str] | None:
    """Which names of functions defined in `file` are losses; None if there are none."""
    if file in _MODULES_IN:
        return re.compile("^forward$")
    if file == _CALLS_OPERATION:
        return re.compile("^__call__$")
    if file.startswith(_DISTRIBUTIONS) and file not in _FUNCTIONS_IN:
        return re.compile("^log_prob$")
    if file in _FUNCTIONS_IN:
        return _FUNCTIONS_IN[file]
    _, found, inside = file.rpartition("/site-packages/")
    if not found:
        return None
    return next((pattern for folder, pattern in _PACKAGES.items() if inside.startswith(f"{folder}/")), None)


def _builtin_loss(function: Any) -> str | None:
    """The name of one of torch's C++ functions if it is a loss, or None. Those live in modules, not in objects."""
    name = getattr(function, "__name__", "")
    if not isinstance(name, str) or not _LOSS.search(name):
        return None
    owner = getattr(function, "__self__", None)
    home = getattr(owner, "__name__", "") or getattr(function, "__module__", "") or ""
    return name if str(home).startswith(("torch", "_VariableFunctions")) else None

"""Runs the corpus of bce and cce in this process and judges it by an oracle of its own, apart from the grader.

These files are the project's own, so no sandbox is needed. A fault is named for the check that has to find it.
"""

from __future__ import annotations

import contextlib
import io
import linecache
import sys
import tempfile
import tokenize
import tomllib
import types
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import torch
from IPython.core.inputtransformer2 import TransformerManager

CORPUS = Path(__file__).parent
DTYPES = (torch.float64, torch.float32)
RUNNABLE_MAGICS = ("%%time", "%%capture")
Entry = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
Pair = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True)
class Edge:
    """A pair at the edge, and the weight of what it gets wrong: the loss lies between 15 and 120 times that."""

    pair: Pair
    wrong: float


@dataclass(frozen=True)
class Oracle:
    """What a right answer is. Pairs are float64; float32 cases are rounded from them before the oracle sees them."""

    name: str
    value: Entry
    ordinary: Sequence[Pair]
    """Probabilities in [0.05, 0.95], where no guard of a right answer can be seen."""
    large: Pair
    """As ordinary, with so many elements that products underflow and one level of recursion each is too deep."""
    near_edge: Sequence[Pair]
    """Probabilities in [1e-4, 1 - 1e-4]."""
    edges: Sequence[Edge]
    misfits: Sequence[Pair]
    """Shapes that have to raise."""


def table(loss: str) -> dict[str, dict[str, dict[str, Any]]]:
    """`<loss>.toml`, with `accept` and `reject`."""
    return tomllib.loads((CORPUS / f"{loss}.toml").read_text(encoding="utf-8"))


def files(kind: str, loss: str) -> list[str]:
    return sorted(path.name for path in (CORPUS / kind / loss).iterdir() if path.suffix in {".py", ".ipynb"})


def cells(path: Path) -> list[str]:
    """Python source of a submission: the file, or a notebook's code cells without magics that run no Python.

    Raises SyntaxError where a file's bytes are not in the encoding that it declares.
    """
    if path.suffix == ".py":
        with tokenize.open(path) as file:
            return [file.read()]
    notebook = nbformat.read(path, as_version=4)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    runnable = []
    for source in sources:
        first, _, rest = source.partition("\n")
        if first.startswith("%%"):
            source = rest if first.split()[0] in RUNNABLE_MAGICS else ""
        runnable.append(TransformerManager().transform_cell(source))
    return runnable


class NoShell:
    """Stands for IPython: magics and shell lines do nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args, **options: None


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


def load(path: Path, entry: str) -> Entry:
    """The entry of a submission; raises what a `.py` file raises, or LookupError where nothing callable is found."""
    module = types.ModuleType(f"corpus_{path.parent.name}_{path.stem}")
    module.__dict__.update(get_ipython=NoShell, __file__=str(path))
    # As the sandbox does: what a file draws does not hang on the tests before it.
    torch.manual_seed(0)
    sys.modules[module.__name__] = module
    with quiet(), tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        try:
            sources = cells(path)
        except SyntaxError as error:
            raise LookupError(f"{path.name}: {error}") from error
        for number, source in enumerate(sources):
            name = f"{path}:{number}"
            linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
            try:
                exec(compile(source, name, "exec"), module.__dict__)
            except BaseException as error:
                if path.suffix == ".py":
                    raise LookupError(f"{path.name} raises {error!r}") from error
    found = module.__dict__.get(entry)
    if not callable(found):
        raise LookupError(f"{path.name} has no callable {entry}")
    return found


def faults(function: Entry, oracle: Oracle) -> dict[str, str]:
    """The first fault of each kind, by the check that has to find it; empty for a right answer."""
    found: dict[str, str] = {}
    with quiet():
        for dtype in DTYPES:
            for judge in (_values, _gradients, _edges, _purity, _misfits):
                for check, fault in judge(function, oracle, dtype):
                    found.setdefault(check, f"{dtype}: {fault}")
    return found


def _cast(pair: Pair, dtype: torch.dtype) -> Pair:
    """Copies of one dtype with the same strides."""
    return tuple(tensor.detach().to(dtype, memory_format=torch.preserve_format, copy=True) for tensor in pair)


def _strided(tensor: torch.Tensor) -> torch.Tensor:
    wide = torch.full((*tensor.shape, 2), 0.123, dtype=tensor.dtype)
    wide[..., 0] = tensor
    return wide[..., 0]


def _answer(function: Entry, p: torch.Tensor, t: torch.Tensor) -> tuple[torch.Tensor | None, str]:
    try:
        loss = function(p, t)
    except Exception as error:
        return None, f"raises {error!r}"
    if not isinstance(loss, torch.Tensor):
        return None, f"returns {type(loss).__name__}"
    if loss.dim() or loss.dtype != p.dtype or loss.device != p.device:
        return None, f"returns {tuple(loss.shape)} {loss.dtype} on {loss.device}"
    return loss, ""


def _values(function: Entry, oracle: Oracle, dtype: torch.dtype) -> Iterator[tuple[str, str]]:
    large = [oracle.large] if dtype == torch.float64 else []
    for pairs, guard in (([*oracle.ordinary, *large], 0.0), (oracle.near_edge, 1e-6)):
        for pair in pairs:
            p, t = _cast(pair, dtype)
            expected = float(oracle.value(p.double(), t.double()))
            tolerance = guard + max(expected, 0.1) * (1e-9 if dtype == torch.float64 else 2e-5)
            loss, fault = _answer(function, p, t)
            if loss is None:
                yield "value", f"{tuple(p.shape)} {fault}"
            elif not abs(float(loss) - expected) <= tolerance:
                yield "value", f"{tuple(p.shape)} expected {expected}, got {float(loss)}"


def _gradients(function: Entry, oracle: Oracle, dtype: torch.dtype) -> Iterator[tuple[str, str]]:
    upstream = -1.75
    for pair in oracle.ordinary:
        p, t = _cast(pair, dtype)
        double = p.double().requires_grad_()
        (expected,) = torch.autograd.grad(oracle.value(double, t.double()) * upstream, double)
        p.requires_grad_()
        loss, fault = _answer(function, p, t)
        if loss is None:
            yield "gradient", fault
            continue
        try:
            loss.backward(torch.tensor(upstream, dtype=dtype))
        except Exception as error:
            yield "gradient", f"backward raises {error!r}"
            continue
        if p.grad is None:
            yield "gradient", "no gradient reaches the probabilities"
            continue
        off = (p.grad.double() - expected).abs().max() / expected.abs().max()
        if not off <= (1e-8 if dtype == torch.float64 else 1e-4):
            yield "gradient", f"{tuple(p.shape)} is off by {float(off)} of its largest entry"


def _edges(function: Entry, oracle: Oracle, dtype: torch.dtype) -> Iterator[tuple[str, str]]:
    for edge in oracle.edges:
        p, t = _cast(edge.pair, dtype)
        p.requires_grad_()
        loss, fault = _answer(function, p, t)
        if loss is None:
            yield "stability", fault
            continue
        low, high = 15 * edge.wrong - 1e-6, 120 * edge.wrong + 1e-6
        if not low <= float(loss.detach()) <= high:
            yield "stability", f"p {p.tolist()}, t {t.tolist()}: {float(loss)} is not in [{low}, {high}]"
        if not loss.requires_grad:
            yield "gradient", "no graph"
            continue
        with contextlib.suppress(Exception):  # a backward pass that raises is a fault of the gradient, found there
            loss.backward()
        if p.grad is not None and p.grad.isnan().any():
            yield "stability", f"p {p.tolist()}, t {t.tolist()}: gradient {p.grad.tolist()}"


def _purity(function: Entry, oracle: Oracle, dtype: torch.dtype) -> Iterator[tuple[str, str]]:
    for pair in (*oracle.ordinary[:3], oracle.edges[-1].pair):
        for wants_gradient in (False, True):
            arguments = _cast(pair, dtype)
            arguments[0].requires_grad_(wants_gradient)
            before = [argument.detach().clone() for argument in arguments]
            # Often enough that a sum in another order each time differs in its last digit at least once.
            answers = [_answer(function, *arguments)[0] for _time in range(8)]
            given = [answer for answer in answers if answer is not None]
            for index, (argument, copy) in enumerate(zip(arguments, before, strict=True)):
                if not torch.equal(argument, copy):
                    yield "purity", f"changes argument {index}"
                if argument.requires_grad != (wants_gradient and index == 0):
                    yield "purity", f"sets requires_grad of argument {index}"
                if argument.grad is not None or argument._backward_hooks:
                    yield "purity", f"leaves a gradient or a hook on argument {index}"
            for other in given[1:]:
                if not torch.allclose(given[0], other, 0, 0, equal_nan=True):
                    yield "purity", f"gives {float(given[0])}, then {float(other)}"


def _misfits(function: Entry, oracle: Oracle, dtype: torch.dtype) -> Iterator[tuple[str, str]]:
    for pair in oracle.misfits:
        p, t = _cast(pair, dtype)
        with contextlib.suppress(Exception):
            got = function(p, t)
            yield "shapes", f"{tuple(p.shape)} and {tuple(t.shape)} give {got}"

"""Stand-ins for plots, progress bars and display: a missing display or package never hides a definition after it.

They are used even where the real package is installed: matplotlib takes half a second to import and writes a font
cache, neither of which a submission that is being graded has any use for.
"""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import numpy as np

STUBBED = (
    "matplotlib",
    "mpl_toolkits",
    "pylab",
    "koreanize_matplotlib",
    "seaborn",
    "plotly",
    "bokeh",
    "altair",
    "IPython",
    "ipywidgets",
    "google.colab",
    "tqdm",
)
"""Packages that only draw or display. `google` itself stays what it is if it is installed."""


class Anything:
    """Accepts every attribute, call, index, operator and `with`; is empty, false and zero. Nothing is drawn."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            # Protocols (pickling, copying, numpy's array interface) must see that they are not supported.
            raise AttributeError(name)
        return Anything()

    def __setattr__(self, name: str, value: object) -> None:
        return None

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        if len(arguments) == 1 and not keywords and _can_be_decorated(arguments[0]):
            return arguments[0]
        return Anything()

    def subplots(self, nrows: int = 1, ncols: int = 1, *, squeeze: bool = True, **keywords: Any) -> Any:
        """As `Figure.subplots`: one set of axes, or an array of them."""
        return _axes(nrows, ncols, squeeze)

    def __getitem__(self, key: object) -> Any:
        return Anything()

    def __setitem__(self, key: object, value: object) -> None:
        return None

    def __delitem__(self, key: object) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        """As many as are unpacked (`n, bins, patches = plt.hist(x)`), and none for a loop."""
        return iter([Anything() for _ in range(_unpacked_by(sys._getframe(1)))])

    def __len__(self) -> int:
        return 0

    def __contains__(self, item: object) -> bool:
        return False

    def __bool__(self) -> bool:
        return False

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exception: object) -> None:
        return None

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return 0

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__

    def __add__(self, other: object) -> Any:
        return Anything()

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __add__
    __pow__ = __rpow__ = __mod__ = __rmod__ = __floordiv__ = __rfloordiv__ = __matmul__ = __rmatmul__ = __add__
    __and__ = __rand__ = __or__ = __ror__ = __add__

    def __neg__(self) -> Any:
        return Anything()

    def __abs__(self) -> Any:
        return Anything()

    def __int__(self) -> int:
        return 0

    __index__ = __int__

    def __float__(self) -> float:
        return 0.0

    def __round__(self, digits: int | None = None) -> float:
        return 0 if digits is None else 0.0

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.zeros((), dtype=dtype)

    def __format__(self, specification: str) -> str:
        return ""

    def __repr__(self) -> str:
        return "<not drawn while being graded>"

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return (Anything,)


def _can_be_decorated(value: object) -> bool:
    """A function or class handed over alone, as a decorator gets it (`@interact`): it has to come back."""
    return isinstance(value, type) or hasattr(value, "__code__")


def _unpacked_by(frame: Any) -> int:
    """How many items the instruction at which `frame` stands wants to unpack; 0 if it is no unpacking."""
    code = frame.f_code.co_code
    operation, argument = dis.opname[code[frame.f_lasti]], code[frame.f_lasti + 1]
    if operation == "UNPACK_SEQUENCE":
        return int(argument)
    return int(argument & 0xFF) if operation == "UNPACK_EX" else 0


def _axes(nrows: int, ncols: int, squeeze: bool) -> Any:
    axes = np.empty((max(1, int(nrows)), max(1, int(ncols))), dtype=object)
    for index in np.ndindex(axes.shape):
        axes[index] = Anything()
    if not squeeze:
        return axes
    return axes.item() if axes.size == 1 else axes.squeeze()


def _subplots(nrows: int = 1, ncols: int = 1, *, squeeze: bool = True, **keywords: Any) -> tuple[Any, Any]:
    """As `pyplot.subplots`: the figure and its axes."""
    return Anything(), _axes(nrows, ncols, squeeze)


class _Progress(Anything):
    """As `tqdm`: a loop over it is a loop over what it was given, and nothing is shown."""

    def __init__(self, iterable: Iterable[Any] | None = None, *arguments: object, **keywords: object) -> None:
        # Past `__setattr__`, which keeps nothing.
        self.__dict__["iterable"] = () if iterable is None else iterable

    def __iter__(self) -> Iterator[Any]:
        return iter(self.__dict__["iterable"])

    def __len__(self) -> int:
        return len(self.__dict__["iterable"])

    @staticmethod
    def write(*arguments: object, **keywords: object) -> None:
        """As `tqdm.write`, whose lines are about progress."""

    @classmethod
    def pandas(cls, *arguments: object, **keywords: object) -> None:
        """As `tqdm.pandas`."""


def _trange(*arguments: int, **keywords: object) -> _Progress:
    """As `tqdm.trange`."""
    return _Progress(range(*arguments))


class _StubModule(ModuleType):
    __version__ = "0"
    __all__: Sequence[str] = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Anything()


class _Finder(MetaPathFinder, Loader):
    """Answers imports of the stubbed packages and everything below them."""

    def __init__(self) -> None:
        self.made: dict[str, ModuleType] = {}

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if any(name == stubbed or name.startswith(f"{stubbed}.") for stubbed in STUBBED):
            return ModuleSpec(name, self, is_package=True)
        if name == "google" and not _exists_elsewhere(name, self):
            return ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        self.made[spec.name] = _StubModule(spec.name)
        return self.made[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        if module.__name__ == "matplotlib":
            # `from matplotlib import pyplot` asks for the attribute before it tries an import.
            __import__("matplotlib.pyplot")
        if module.__name__ in ("matplotlib.pyplot", "pylab"):
            module.__dict__["subplots"] = _subplots
        if module.__name__.partition(".")[0] == "tqdm":
            module.__dict__.update(tqdm=_Progress, tqdm_notebook=_Progress, trange=_trange, tnrange=_trange)
            module.__dict__.update(auto=module, notebook=module)


def _exists_elsewhere(name: str, finder: MetaPathFinder) -> bool:
    others = (other for other in sys.meta_path if other is not finder and hasattr(other, "find_spec"))
    return any(other.find_spec(name, None) is not None for other in others)


_FINDER = _Finder()
# Bound before any submission runs, which may put something else in their place.
_modules, _finders = sys.modules, sys.meta_path


@contextmanager
def installed() -> Iterator[None]:
    """While entered, imports of plotting packages give stand-ins, the same ones each time. Real ones imported stay."""
    _finders.insert(0, _FINDER)
    for name, module in _FINDER.made.items():
        _modules.setdefault(name, module)
    try:
        yield
    finally:
        if _FINDER in _finders:
            _finders.remove(_FINDER)
        for name, module in _FINDER.made.items():
            if _modules.get(name) is module:
                del _modules[name]


class _Shell(Anything):
    """What `get_ipython()` gives: magics do nothing and shell lines answer with no lines."""

    def run_line_magic(self, *arguments: object, **keywords: object) -> None:
        return None

    run_cell_magic = magic = system = run_line_magic

    def getoutput(self, *arguments: object, **keywords: object) -> list[str]:
        return []


def _display(*objects: object, **keywords: object) -> None:
    return None


def notebook_names() -> Mapping[str, Callable[..., Any]]:
    """What a notebook finds in its namespace without importing it."""
    return {"get_ipython": _Shell, "display": _display}

"""Making the grader's own code unfindable in the server, before any submission's process is forked from it.

What runs there goes on by the references it holds; `import grader` fails as if it had never been installed. That is for
clarity and not a boundary: the files are kept unreadable by the jail, and they hold nothing that makes a wrong answer
right.
"""

from __future__ import annotations

import importlib.abc
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

PACKAGE = "grader"


class _Refuse(importlib.abc.MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] == PACKAGE:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return None


def forget_the_grader() -> None:
    """Drop the package and whatever finds it from the import system of this process."""
    for name in list(sys.modules):
        if name.partition(".")[0] == PACKAGE or name.startswith("__editable__"):
            del sys.modules[name]
    others = [finder for finder in sys.meta_path if not _module_of(finder).startswith("__editable__")]
    sys.meta_path[:] = [_Refuse(), *others]
    sys.argv[:] = [""]


def _module_of(finder: object) -> str:
    return str(getattr(finder, "__module__", None) or type(finder).__module__)

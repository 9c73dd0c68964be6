"""Whether the file runs and holds the function."""

from __future__ import annotations

import difflib

from grader.calls import Loaded, Problem
from grader.checks.base import Examination, Finding
from grader.checks.text import at, problem
from grader.losses.base import Loss
from grader.messages import gettext as _
from grader.report import Outcome


def load(examination: Examination) -> Finding:
    """The file runs and defines the function under its name, with the right arguments.

    A notebook's cell that raises is only a note, as long as the function is there in the end.
    """
    loss, loaded = examination.loss, examination.loaded
    notes = tuple(
        _("A cell raised and the later ones went on: {problem}").format(problem=problem(warning))
        for warning in loaded.warnings
    )
    if loaded.problem is not None:
        return Finding(Outcome.ERROR, _sentence(loaded.problem), hint=_remedy(loaded.problem), notes=notes)
    if not loaded.found:
        return Finding(Outcome.FAIL, _missing(loss, loaded), notes=notes)
    wrong = _wrong_arity(loss, loaded)
    if wrong is not None:
        return Finding(Outcome.FAIL, wrong, notes=notes)
    return Finding(Outcome.PASS, _("{entry} is there.").format(entry=f"{loss.entry}()"), notes=notes)


def _sentence(raised: Problem) -> str:
    if issubclass_named(raised, "SyntaxError"):
        return _("The file is not valid Python: {problem}.").format(problem=problem(raised))
    return _("Running the file raised {problem}.").format(problem=problem(raised))


def issubclass_named(raised: Problem, name: str) -> bool:
    """Whether the exception's class name is that of a builtin or of one of its builtin subclasses."""
    import builtins

    found, base = getattr(builtins, raised.type, None), getattr(builtins, name)
    return isinstance(found, type) and issubclass(found, base)


def _remedy(raised: Problem) -> str | None:
    if raised.type == "ModuleNotFoundError":
        return _("A submission may import the standard library, torch and numpy; a notebook matplotlib too.")
    if raised.type == "SystemExit":
        return _('Leave exit() to scripts: put it below `if __name__ == "__main__":`.')
    return None


def _missing(loss: Loss, loaded: Loaded) -> str:
    near = difflib.get_close_matches(loss.entry, loaded.names, n=1, cutoff=0.5)
    lowered = [name for name in loaded.names if name.lower() == loss.entry.lower()]
    if lowered or near:
        return _("There is no function {entry}; is {near} meant to be it?").format(
            entry=loss.entry, near=(lowered or near)[0]
        )
    if loaded.names:
        return _("There is no function {entry}; the file defines {names}.").format(
            entry=loss.entry, names=", ".join(loaded.names[:5])
        )
    return _("There is no function {entry}, and no other.").format(entry=loss.entry)


def _wrong_arity(loss: Loss, loaded: Loaded) -> str | None:
    if loaded.arity is None:
        return None
    fewest, most = loaded.arity
    needed = sum(not parameter.optional for parameter in loss.parameters)
    takes = str(fewest) if fewest == most else f"{fewest}–{'∞' if most is None else most}"
    if fewest > needed or (most is not None and most < len(loss.parameters)):
        wants = str(needed) if needed == len(loss.parameters) else f"{needed}–{len(loss.parameters)}"
        return _("{entry} takes {takes} positional arguments, but is called with {wants}: {signature}{where}.").format(
            entry=loss.entry,
            takes=takes,
            wants=wants,
            signature=", ".join(parameter.name for parameter in loss.parameters),
            where=at(loaded.location),
        )
    return None

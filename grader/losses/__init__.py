"""The catalogue of losses: one module each, found by its file and imported only when it is asked for.

Importing this package costs no torch; `get` and `catalogue` do.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.messages import gettext as _

if TYPE_CHECKING:
    from grader.losses.base import Loss

__all__ = ["catalogue", "get", "ids"]


@cache
def ids() -> tuple[str, ...]:
    """The id of every loss, in alphabetical order: the names of this package's public modules except `base`."""
    names = (module.name for module in iter_modules(__path__))
    return tuple(sorted(name for name in names if name != "base" and not name.startswith("_")))


def get(id: str) -> Loss:
    """The loss with this id; imports its module, and torch with it, at first use.

    Raises UsageError for an id that is not in the catalogue, with the nearest one that is.
    """
    if id not in ids():
        near = get_close_matches(id, ids(), n=1, cutoff=0.5)
        if near:
            raise UsageError(_("unknown loss {id!r}; did you mean {near!r}?").format(id=id, near=near[0]))
        raise UsageError(_("unknown loss {id!r}; there are {ids}").format(id=id, ids=", ".join(ids())))
    loss: Loss = import_module(f"{__name__}.{id}").LOSS
    return loss


def catalogue() -> tuple[Loss, ...]:
    """Every loss, in the order of `ids`."""
    return tuple(get(id) for id in ids())

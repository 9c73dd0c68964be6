"""What the catalogue says about each loss, as plain data.

The losses import torch, which takes as long as building half of the site, though their words need none of it. So
another process, this module run by itself, reads them without it, while the rest is staged, and only after one of
their files has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from grader import losses
from grader.messages import gettext as _
from grader.staging.problems import StagingError

if TYPE_CHECKING:
    from grader.losses.base import Loss


@dataclass
class Catalogue:
    """Starts reading when it is made; `read` waits for the end."""

    cache: Path
    _key: str = ""
    _process: subprocess.Popen[bytes] | None = None
    _kept: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        sources = [Path(__file__), *sorted(Path(losses.__file__).parent.glob("*.py"))]
        self._key = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
        try:
            kept = json.loads(self.cache.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            kept = {}
        if kept.get("key") == self._key:
            self._kept = kept["losses"]
        else:
            self._process = subprocess.Popen([sys.executable, "-m", __name__], stdout=subprocess.PIPE)

    def read(self) -> list[dict[str, Any]]:
        """One mapping a loss, in the catalogue's order; texts stay in every language they have."""
        if self._process is not None:
            output, _errors = self._process.communicate()
            if self._process.returncode:
                raise StagingError(_("The catalogue of losses could not be read; the reason stands above."))
            self._kept, self._process = json.loads(output), None
            self.cache.parent.mkdir(parents=True, exist_ok=True)
            self.cache.write_text(json.dumps({"key": self._key, "losses": self._kept}), encoding="utf-8")
        return self._kept


# --- in the other process ---------------------------------------------------------------------------------------------


class _Named(ModuleType):
    """Stands where torch would for files that only name it; anything more that is asked of it is an error."""

    def __getattr__(self, name: str) -> _Named:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Named(f"{self.__name__}.{name}")

    def __str__(self) -> str:
        raise TypeError(f"{self.__name__} is only named here")

    __repr__ = __str__


def plain(loss: Loss) -> dict[str, Any]:
    """What a page says of a loss."""
    return {
        "id": loss.id,
        "entry": loss.entry,
        "title": dict(loss.title),
        "summary": dict(loss.summary),
        "difficulty": loss.difficulty,
        "formula": loss.formula,
        "example": loss.example,
        "sources": list(loss.sources),
        "rules": [dict(rule) for rule in loss.rules],
        "parameters": [
            {
                "name": parameter.name,
                "shape": parameter.shape,
                "meaning": dict(parameter.meaning),
                "optional": parameter.optional,
                "differentiable": parameter.differentiable,
            }
            for parameter in loss.parameters
        ],
        "mistakes": [{"id": mistake.id, "message": dict(mistake.message)} for mistake in loss.mistakes],
    }


def main() -> None:
    """Print the catalogue as JSON: without torch, or with it where a loss needs it before it is called."""
    sys.modules["torch"] = _Named("torch")
    try:
        found = json.dumps([plain(loss) for loss in losses.catalogue()])
    except Exception:  # whatever a file met that did more than name torch; if it was not that, it comes again below
        for name in [name for name in sys.modules if name == "torch" or name.startswith(f"{losses.__name__}.")]:
            del sys.modules[name]
        found = json.dumps([plain(loss) for loss in losses.catalogue()])
    try:
        print(found, flush=True)
    except BrokenPipeError:
        # Staging stopped meanwhile, at a mistake that it has told.
        os._exit(0)


if __name__ == "__main__":
    main()

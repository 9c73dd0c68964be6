"""What the catalogue says about each loss, as plain data.

The losses import torch, which takes longer than building the whole site. So another process reads them, at the same
time as the rest is staged, and only after one of their files has changed.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader import losses
from grader.messages import gettext as _
from grader.staging.problems import StagingError

_READ = """
import json, sys
from grader.losses import catalogue
def plain(loss):
    return {
        "id": loss.id, "entry": loss.entry, "title": dict(loss.title), "summary": dict(loss.summary),
        "difficulty": loss.difficulty, "formula": loss.formula, "example": loss.example, "sources": list(loss.sources),
        "rules": [dict(rule) for rule in loss.rules],
        "parameters": [{"name": p.name, "shape": p.shape, "meaning": dict(p.meaning), "optional": p.optional,
                        "differentiable": p.differentiable} for p in loss.parameters],
        "mistakes": [{"id": m.id, "message": dict(m.message)} for m in loss.mistakes],
    }
json.dump([plain(loss) for loss in catalogue()], sys.stdout)
"""


@dataclass
class Catalogue:
    """Starts reading when it is made; `read` waits for the end."""

    cache: Path
    _key: str = ""
    _process: subprocess.Popen[bytes] | None = None
    _kept: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        folder = Path(losses.__file__).parent
        sources = b"".join(path.read_bytes() for path in sorted(folder.glob("*.py")))
        self._key = hashlib.sha256(_READ.encode() + sources).hexdigest()
        try:
            kept = json.loads(self.cache.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            kept = {}
        if kept.get("key") == self._key:
            self._kept = kept["losses"]
        else:
            self._process = subprocess.Popen([sys.executable, "-c", _READ], stdout=subprocess.PIPE)

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

"""The computed pictures and the sliders that prose asks for: `{{ figure: transport }}`, `{{ slider: normals }}`.

Another process draws, while the rest is staged, what has changed since the last time, in every language at once;
a picture is told apart by the source of its module.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.messages import LANGUAGES, language
from grader.messages import gettext as _
from grader.staging import figures
from grader.staging.problems import StagingError
from grader.staging.text import no_fences

_DRAW = """
import importlib, json, os, sys
names, languages = json.load(sys.stdin)
modules = {name: importlib.import_module("grader.staging.figures." + name) for name in names}
drawn = {name: {language: module.render(language) for language in languages} for name, module in modules.items()}
try:
    print(json.dumps(drawn), flush=True)
except BrokenPipeError:
    os._exit(0)  # staging stopped meanwhile, at a mistake that it has told
"""
FOLDER = Path(figures.__file__).parent


@dataclass
class Drawings:
    """Starts drawing when it is made; `inserts` waits for the end."""

    root: Path
    _kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        try:
            self._kept = json.loads(self._cache.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._kept = {}
        shared = _DRAW.encode() + b"".join(path.read_bytes() for path in sorted(FOLDER.glob("_*.py")))
        for path in sorted(FOLDER.glob("[a-z]*.py")):
            self._keys[path.stem] = hashlib.sha256(shared + path.read_bytes()).hexdigest()
        stale = [name for name, key in self._keys.items() if self._kept.get(name, {}).get("key") != key]
        self._kept = {name: kept for name, kept in self._kept.items() if name in self._keys and name not in stale}
        if stale:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _DRAW], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps([stale, LANGUAGES]).encode())
            self._process.stdin.close()
            self._process.stdin = None

    @property
    def _cache(self) -> Path:
        return self.root / "build" / "figures.json"

    def inserts(self) -> dict[str, str]:
        """HTML, in the language in force, for every directive there is: `figure: name` and `slider: name`."""
        if self._process is not None:
            output, _errors = self._process.communicate()
            if self._process.returncode:
                raise StagingError(_("A figure could not be drawn; the reason stands above."))
            for name, drawn in json.loads(output).items():
                svg = {lang: no_fences(each) for lang, each in drawn.items()}
                self._kept[name] = {"key": self._keys[name], "svg": svg}
            self._process = None
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            self._cache.write_text(json.dumps(self._kept, ensure_ascii=False), encoding="utf-8")
        stills = {name: kept["svg"][language()] for name, kept in self._kept.items()}
        made = {
            f"figure: {name}": f'<figure class="drawn" id="figure-{name}">{svg}</figure>'
            for name, svg in stills.items()
        }
        for script in sorted((self.root / "site" / "assets").glob("*.js")):
            # Where scripts are off the still of the same name remains; the script puts its controls into the same box.
            made[f"slider: {script.stem}"] = (
                f'<div class="slider" data-slider="{script.stem}">{stills.get(script.stem, "")}</div>'
                f'<script src="../../assets/{script.name}" defer></script>'
            )
        return made

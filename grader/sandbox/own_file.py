"""A submission's own source as a file, for one that opens `__file__`.

The processes of a server share one Landlock ruleset, which lets them read any file below one folder and list nothing:
a process can read what it knows the name of, and it is told its own.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from secrets import token_hex

from grader.calls import Source


class OwnFile:
    """One submission's file below `folder`; `path` is "" for a notebook, which is no file where it runs."""

    def __init__(self, folder: str, source: Source) -> None:
        self.path = ""
        self._folder = Path(folder, token_hex(16))
        if source.notebook:
            return
        path = self._folder / (Path(source.file).name or "submission.py")
        try:
            self._folder.mkdir(mode=0o700)
            path.write_text(source.cells[0].source, encoding="utf-8", errors="surrogatepass", newline="")
        except (OSError, ValueError):
            # No room, or a name that is none here. Most submissions never ask for it, and one that does is told.
            self.remove()
            return
        self.path = str(path)

    def remove(self) -> None:
        """Take it away with its folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

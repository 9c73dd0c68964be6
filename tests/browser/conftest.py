"""A built site with planted scripts, served on this machine, and a Chromium that looks at it."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "staging"))

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium."""
    found = next((path for name in CHROMIUMS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no Chromium is installed (looked for {', '.join(CHROMIUMS)})")
    return found


@pytest.fixture(scope="session")
def site(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built pages of a study in which every member's text carries a script."""
    from study import plant, write_study

    from grader.staging.building import build

    root = plant(write_study(tmp_path_factory.mktemp("team"), weeks=3))
    made = build(root, root / "public")
    assert made.refusals == ()
    return root / "public"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


class _Slow(_Quiet):
    """Pages come piece by piece, as over a phone's connection."""

    def copyfile(self, source: BinaryIO, outputfile: BinaryIO) -> None:
        content = source.read()
        piece = len(content) if not self.path.endswith("/") else len(content) // 12 + 1
        for start in range(0, len(content), piece):
            outputfile.write(content[start : start + piece])
            outputfile.flush()
            time.sleep(0.03 if piece < len(content) else 0)


@contextmanager
def _served(folder: Path, handler: type[_Quiet]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""
    with _served(site, _Quiet) as found:
        yield found


@pytest.fixture
def slow_address(site: Path) -> Iterator[str]:
    """Where it is served slowly."""
    with _served(site, _Slow) as found:
        yield found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[object]:
    """One browser for all tests; each opens a context of its own."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield running
        running.close()

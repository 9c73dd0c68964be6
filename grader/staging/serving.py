"""The site while it is written: every save is staged and built, and browsers that show it reload.

The server listens on this machine only. A page asks `/.changes?since=N` and is answered when there is something newer:
a new build, or a sentence about what is wrong, which it shows without losing its place.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

WAIT_SECONDS = 25.0

_SCRIPT = b"""<script>
(function () {
  let since = %d;
  async function follow() {
    while (true) {
      try {
        const found = await (await fetch("/.changes?since=" + since)).json();
        const wrong = document.getElementById("wrong") || document.body.appendChild(document.createElement("pre"));
        wrong.id = "wrong";
        wrong.textContent = found.error;
        wrong.hidden = !found.error;
        wrong.style.cssText = "position:fixed;inset:auto 0 0 0;margin:0;padding:1em;z-index:99;white-space:pre-wrap;"
          + "background:#8f1d1d;color:#fff;font:14px monospace";
        if (found.version > since && !found.error) return location.reload();
        since = found.version;
      } catch (error) {
        await new Promise((resume) => setTimeout(resume, 1000));
      }
    }
  }
  follow();
})();
</script>"""


class News:
    """The number of the latest build, and what is wrong with the files as they are."""

    def __init__(self) -> None:
        self.version = 1
        self.error = ""
        self._changed = threading.Condition()

    def tell(self, error: str = "") -> None:
        """A build is done, or could not be."""
        with self._changed:
            self.version += 1
            self.error = error
            self._changed.notify_all()

    def after(self, version: int) -> tuple[int, str]:
        """The state once it is newer than `version`, or as it is after a while."""
        with self._changed:
            self._changed.wait_for(lambda: self.version > version, timeout=WAIT_SECONDS)
            return self.version, self.error


class _Handler(SimpleHTTPRequestHandler):
    """Files of the built site; pages with the script that follows changes."""

    def __init__(self, *arguments: object, news: News, directory: str) -> None:
        self.news = news
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/.changes":
            since = parse_qs(address.query).get("since", ["0"])[0]
            version, error = self.news.after(int(since) if since.isdigit() else 0)
            self._answer(json.dumps({"version": version, "error": error}).encode(), "application/json")
            return
        path = Path(self.translate_path(self.path))
        if address.path.endswith("/"):
            path /= "index.html"
        if path.suffix == ".html" and path.is_file():
            script = _SCRIPT % self.news.version
            self._answer(path.read_bytes().replace(b"</body>", script + b"</body>"), "text/html; charset=utf-8")
            return
        super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def _answer(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: the terminal is for what is wrong in the notes."""


class Server(ThreadingHTTPServer):
    """Serves `folder` on this machine."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int, news: News) -> None:
        super().__init__(("127.0.0.1", port), partial(_Handler, news=news, directory=str(folder)))

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away while it was answered is nothing to tell."""


def follow(
    paths: Iterable[Path], rebuild: Callable[[set[Path]], str], news: News, stop: threading.Event | None = None
) -> None:
    """Call `rebuild` with what changed, again and again, and tell the browsers; it gives the error's text, or ""."""
    from watchfiles import watch

    there = [path for path in paths if path.exists()]
    for changes in watch(*there, debounce=60, step=20, rust_timeout=500, stop_event=stop):
        news.tell(rebuild({Path(path) for _kind, path in changes}))

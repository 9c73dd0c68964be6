"""`serve`: show the site on this machine and follow every save."""

from __future__ import annotations

import argparse
import sys
import threading
import webbrowser
from pathlib import Path

from grader.errors import MogakcoError, UsageError
from grader.messages import LANGUAGES
from grader.messages import gettext as _
from grader.plan import find_root

PORT = 8000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--port", type=int, default=PORT, help=_("port on this machine; else {port}").format(port=PORT))
    parser.add_argument("--lang", choices=LANGUAGES, help=_("language; else the team's"))
    parser.add_argument("--open", action="store_true", help=_("open a browser"))


def run(arguments: argparse.Namespace) -> int:
    """Build, then serve until interrupted."""
    from grader.staging import building, serving

    root = find_root()
    out = root / "build" / "served"
    languages = [arguments.lang] if arguments.lang else []
    news = serving.News()

    def rebuild(changed: set[Path]) -> str:
        frame = (root / "mkdocs.yml", root / "site" / "theme")
        whole = not changed or any(path == part or part in path.parents for path in changed for part in frame)
        try:
            made = building.build(root, out, languages=languages, dirty=not whole)
        except MogakcoError as error:
            print(error, file=sys.stderr)
            return str(error)
        for problem in made.problems:
            print(problem, file=sys.stderr)
        for refusal in made.refusals:
            print(refusal, file=sys.stderr)
        return "\n".join(made.refusals)

    news.error = rebuild(set())
    try:
        server = serving.Server(out, arguments.port, news)
    except (OSError, OverflowError) as error:
        raise UsageError(
            _("Port {port} can not be used ({reason}); choose another with --port.").format(
                port=arguments.port, reason=getattr(error, "strerror", None) or error
            )
        ) from None
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    print(_("The site is at {address} and follows every save. Ctrl-C ends it.").format(address=address), flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if arguments.open:
        webbrowser.open(address)
    watched = [root / name for name in ("weeks", "solutions", "records", "site", "mkdocs.yml")]
    serving.follow(watched, rebuild, news)
    return 0

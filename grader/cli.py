"""The command line: one table of commands, each in a module of its own that is imported only when it is called."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise

from grader import interrupts
from grader.errors import MogakcoError
from grader.messages import LANGUAGES, N_
from grader.messages import gettext as _

COMMANDS = {
    "grade": N_("grade submissions, any file or what the week assigns"),
    "watch": N_("grade again whenever a submission is saved"),
    "submit": N_("grade, record and commit your week's work"),
    "status": N_("this week at a glance"),
    "validate": N_("check everything in weeks/"),
    "stub": N_("write the week's missing stubs into solutions/"),
    "losses": N_("list the catalogue of losses"),
    "new-week": N_("write next week's YAML and stubs"),
    "meeting": N_("log a meeting: start, end or add"),
    "post": N_("write the weekly post"),
    "calendar": N_("write meetings.ics"),
    "gradebook": N_("members × assignments as CSV"),
    "site": N_("build the team's site"),
    "serve": N_("show the site and follow changes"),
    "init": N_("make a new team's repository"),
    "bench": N_("measure the grader on this machine"),
}


def speak(words: Sequence[str]) -> None:
    """The language for the parser's own words, which come before any option is read."""
    from grader.commands.options import choose_language

    asked = next((word for before, word in pairwise(words) if before == "--lang"), None)
    choose_language(argparse.Namespace(lang=asked if asked in LANGUAGES else None))


def build_parser(command: str | None = None) -> argparse.ArgumentParser:
    """The parser; with `command`, only that one's arguments are filled in, so that no other module is imported."""
    parser = argparse.ArgumentParser(prog="tasks.py", description=_("Mogakco: study together, hand in, be graded."))
    subparsers = parser.add_subparsers(dest="command", required=True, metavar=_("TASK"))
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=_(summary), description=_(summary))
        if name == command:
            import_module(f"grader.commands.{name.replace('-', '_')}").add_arguments(subparser)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status; every error that a user can cause becomes a sentence."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    command = next((word for word in words if word in COMMANDS), None)
    try:
        interrupts.accept()
        speak(words)
        parsed = build_parser(command).parse_args(words)
        module = import_module(f"grader.commands.{parsed.command.replace('-', '_')}")
        return int(module.run(parsed))
    except MogakcoError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    except BrokenPipeError:
        # The reader (head, less) went away: nothing is left to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print(_("Stopped. What was written stays."), file=sys.stderr)
        return 130
    except OSError as error:
        print(_("The system refused: {error}. What was written before stays.").format(error=error), file=sys.stderr)
        return MogakcoError.exit_status
    except Exception:
        return _failed_itself()


def _failed_itself() -> int:
    """Say that this is a fault of the program and where its traceback was put, for whoever reports it."""
    with tempfile.NamedTemporaryFile("w", prefix="mogakco-", suffix=".log", delete=False, encoding="utf-8") as log:
        traceback.print_exc(file=log)
    print(
        _("Mogakco itself failed, which is no fault of yours. The details are in {file}; please report them.").format(
            file=log.name
        ),
        file=sys.stderr,
    )
    return MogakcoError.exit_status


def program() -> int:
    """`main`, as the whole of a process."""
    interrupts.keep()
    status = main()
    interrupts.refuse()
    return status


if __name__ == "__main__":
    sys.exit(program())

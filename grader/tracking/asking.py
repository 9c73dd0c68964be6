"""Asking the user, where there is one to ask."""

from __future__ import annotations

import sys

from grader.errors import UsageError
from grader.messages import gettext as _


def can_ask() -> bool:
    """Somebody sits at a terminal."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, default: str = "", *, choices: tuple[str, ...] = ()) -> str:
    """One line from the user, the default for an empty one, asked again until it is among `choices` (if given).

    Raises UsageError when the terminal is closed before an answer.
    """
    while True:
        print(f"{question} [{default}] " if default else f"{question} ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise UsageError(_("Nothing was answered."))
        answer = line.strip() or default
        if not choices or answer in choices:
            return answer
        print(_("One of: {choices}").format(choices=", ".join(choices)), file=sys.stderr)

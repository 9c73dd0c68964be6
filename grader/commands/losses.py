"""`losses`: the catalogue, as a table or as JSON."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from grader import losses
from grader.commands.options import add_language_option, choose_language
from grader.messages import gettext as _
from grader.messages import language

if TYPE_CHECKING:
    from grader.losses.base import Loss


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--json", action="store_true", help=_("as one JSON array, with the text in every language"))
    add_language_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it, and return the exit status."""
    choose_language(arguments)
    catalogue = losses.catalogue()
    if arguments.json:
        print(json.dumps([_as_json(loss) for loss in catalogue], ensure_ascii=False, indent=2))
        return 0
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in (_("loss"), _("function"), _("name"), _("difficulty"), _("what it measures")):
        table.add_column(heading, overflow="fold")
    for loss in catalogue:
        stars = "★" * loss.difficulty + "☆" * (3 - loss.difficulty)
        words = (loss.id, loss.entry, loss.title[language()], stars, loss.summary[language()])
        table.add_row(*(Text(word) for word in words))
    Console().print(table)
    return 0


def _as_json(loss: Loss) -> dict[str, Any]:
    return {
        "id": loss.id,
        "entry": loss.entry,
        "title": dict(loss.title),
        "summary": dict(loss.summary),
        "difficulty": loss.difficulty,
        "parameters": [
            {"name": parameter.name, "shape": parameter.shape, "optional": parameter.optional}
            for parameter in loss.parameters
        ],
        "formula": loss.formula,
        "mistakes": [mistake.id for mistake in loss.mistakes],
        "sources": list(loss.sources),
    }

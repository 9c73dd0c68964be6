"""Bring the Korean catalogue up to date with the sentences in the source: `python -m tests.catalogue`.

It keeps the translations that still have a sentence, drops the others, adds what is new without a translation, and
compiles the `.mo` that `grader.messages` reads. The same sentences give the same bytes: no dates, no line numbers.
It exits with 1 while a sentence has no translation, and prints those that have none.
"""

from __future__ import annotations

import ast
import inspect
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from grader import losses

ROOT = Path(__file__).parent.parent
PO = ROOT / "grader" / "locale" / "ko" / "LC_MESSAGES" / "grader.po"
MO = PO.with_suffix(".mo")
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
COMMENT = "# What Mogakco says, in Korean. `python -m tests.catalogue` keeps it up to date."
# As grader.staging.theme sets them: a template that they cannot read is an error, not a file without sentences.
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}

Id = str | tuple[str, ...]


class Korean(Catalog):
    """A catalogue whose header says only what a reader of it needs, and nothing that changes from day to day."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", "ko"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
        ]


def sentences() -> Iterator[Id]:
    """Every sentence that is looked up in the catalogue; one with a number in it as (singular, plural)."""
    for path in sorted((ROOT / "grader").rglob("*.py")):
        yield from _in_python(ast.parse(path.read_text(encoding="utf-8")))
    for folder in ("templates", "theme"):
        for path in sorted((ROOT / "site" / folder).rglob("*.*")):
            yield from _in_template(path)
    for path in sorted((ROOT / "grader" / "checks").glob("*.py")):
        yield from _first_sentence(path)
    yield from _names_of_inputs()


def _names_of_inputs() -> Iterator[str]:
    """What the losses call their cases and edges, but for formulas (`p = 0, t = 1`), which every language reads."""
    for loss in losses.catalogue():
        cases = loss.cases(np.random.default_rng(0))
        for name in {one.name for one in (*cases, *loss.probes())}:
            if re.search("[a-z]{3}", name):
                yield name


def _in_python(tree: ast.AST) -> Iterator[Id]:
    """The literals that are marked or looked up, read from the tree: Babel overlooks those inside f-strings."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in KEYWORDS:
            literals = tuple(argument.value for argument in node.args[:2] if isinstance(argument, ast.Constant))
            if literals:
                yield literals if node.func.id == "ngettext" else literals[0]
        elif node.func.id == "Field":
            # What a field of weeks/ is for: the sentence about a missing one quotes it.
            yield from (
                keyword.value.value
                for keyword in node.keywords
                if keyword.arg == "description" and isinstance(keyword.value, ast.Constant)
            )


def _in_template(path: Path) -> Iterator[Id]:
    with path.open("rb") as file:
        for _line, message, _comments, _context in extract("jinja2.ext:babel_extract", file, KEYWORDS, options=JINJA):
            yield message


def _first_sentence(path: Path) -> Iterator[str]:
    """What `grader.checks.first_sentence` looks up, read from the text: importing a check imports torch."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if (
            isinstance(node, ast.FunctionDef)
            and node.name == path.stem
            and ast.unparse(node.returns or node) == "Finding"
        ):
            yield inspect.cleandoc(ast.get_docstring(node) or "").split("\n\n")[0].replace("\n", " ")


def translated() -> Catalog:
    """The catalogue as it is committed."""
    with PO.open("rb") as file:
        return read_po(file, locale="ko")


def updated(before: Catalog) -> Catalog:
    """The sentences of the source, each with the translation that it has in `before`."""
    after = Korean(locale="ko", header_comment=COMMENT, fuzzy=False)
    for sentence in sentences():
        known = before.get(sentence if isinstance(sentence, str) else sentence[0])
        string = known.string if known and known.id == sentence and not known.fuzzy else ""
        if isinstance(sentence, tuple):
            # One form for every number: whatever else stands there was written under another header.
            string = (string[0] if isinstance(string, tuple | list) and string else "",)
        after.add(sentence, string)
    return after


def written(catalogue: Catalog) -> bytes:
    """The text of the .po file."""
    file = io.BytesIO()
    write_po(file, catalogue, width=0, sort_output=True, no_location=True, ignore_obsolete=True)
    return file.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """The bytes of the .mo file."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """The English sentences that Korean readers would see in English."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and not (message.string if isinstance(message.string, str) else all(message.string))
    ]


def main() -> int:
    catalogue = updated(translated())
    PO.write_bytes(written(catalogue))
    MO.write_bytes(compiled(catalogue))
    missing = untranslated(catalogue)
    for sentence in missing:
        print(sentence)
    print(f"{len(catalogue)} sentences, {len(missing)} without a translation", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

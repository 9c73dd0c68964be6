"""A submission's source for its page: Python with line numbers, a notebook cell by cell. Nothing is ever run."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from markupsafe import Markup

from grader.messages import gettext as _
from grader.staging.code import fenced
from grader.staging.lines import in_notebook
from grader.staging.text import in_html

_LONGEST_OUTPUT = 20_000
_LARGEST_PICTURE = 2_000_000


LineOf: TypeAlias = Callable[[int], int]
"""A line of a text cell to the line of the file that has it."""


@dataclass(frozen=True)
class _Cell:
    """What is shown of one cell."""

    kind: str
    source: str
    outputs: tuple[Mapping[str, Any], ...]


def as_markdown(text: str, file: str, render: Callable[[str, LineOf], Markup]) -> Markup:
    """The source as Markdown; `render` makes HTML of a notebook's text cells, which are as untrusted as notes."""
    if not file.endswith(".ipynb"):
        return Markup(fenced(text, "python", line_numbers=True))
    try:
        cells = _cells(text)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Markup(fenced(text[:_LONGEST_OUTPUT], "text"))
    parts = []
    for number, cell in enumerate(cells, 1):
        if cell.kind == "code":
            parts.append(fenced(cell.source, "python", line_numbers=True))
            parts += [shown for output in cell.outputs if (shown := _output(output))]
        elif cell.kind == "markdown":
            before = [other.source for other in cells[:number]]
            parts.append(f'<div class="cell">{render(cell.source, partial(in_notebook, text, before))}</div>')
    return Markup("\n\n".join(parts))


def _cells(text: str) -> Sequence[_Cell]:
    """Cells of a notebook in its present format; older ones are brought up to it."""
    raw = json.loads(text)
    if raw.get("nbformat") != 4:
        from nbformat import reads

        try:
            raw = reads(text, as_version=4)  # type: ignore[no-untyped-call]
        except Exception as error:  # converting trips over spoilt ones in ways of its own (jsonschema's, for one)
            raise ValueError(type(error).__name__) from error
    return [
        _Cell(cell["cell_type"], _joined(cell["source"]), tuple(map(dict, cell.get("outputs", ()))))
        for cell in raw["cells"]
    ]


def _output(output: Mapping[str, Any]) -> str:
    """Text and bitmaps only: HTML, scripts and widgets of a notebook stay outside."""
    data = output.get("data")
    data = data if isinstance(data, Mapping) else {}
    picture = _text(data.get("image/png")) or _text(data.get("image/jpeg"))
    if picture:
        return _bitmap(picture)
    if output.get("output_type") == "error":
        text = f"{output.get('ename', '')}: {output.get('evalue', '')}"
    else:
        text = _text(output.get("text")) or _text(data.get("text/plain"))
    return f'<pre class="output" tabindex="0">{in_html(text[:_LONGEST_OUTPUT])}</pre>' if text.strip() else ""


def _bitmap(encoded: str) -> str:
    from PIL import Image

    from grader.tracking.photos import PhotoError, webp_of

    if len(encoded) > _LARGEST_PICTURE:
        return ""
    try:
        picture = webp_of(base64.b64decode(encoded), _("the picture in the notebook"))
    except (ValueError, PhotoError):
        return ""
    with Image.open(io.BytesIO(picture)) as made:
        size = f'width="{made.width}" height="{made.height}"'
    data = base64.b64encode(picture).decode("ascii")
    return f'<p><img src="data:image/webp;base64,{data}" {size} alt="{in_html(_("what the cell drew"))}"></p>'


def _joined(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _text(value: object) -> str:
    """Text of an output, whole or in lines; what is neither says nothing."""
    try:
        return _joined(value)  # type: ignore[arg-type]
    except TypeError:
        return ""


def signature(loss: Mapping[str, Any]) -> str:
    """How the graded function is called, as a Markdown block of code with the example from the catalogue."""
    names = ", ".join(p["name"] + ("=None" if p["optional"] else "") for p in loss["parameters"])
    return fenced(f"{loss['entry']}({names})\n\n{loss['example'].strip()}", "pycon")

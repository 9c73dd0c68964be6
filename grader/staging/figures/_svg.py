"""From a matplotlib figure to inline SVG that takes the page's colours, in light, dark and print.

What is drawn uses the sentinel colours below; each becomes a CSS variable of the site, so the SVG holds no colour of
its own. One point of the figure is one CSS pixel, and a narrow screen shrinks it.
"""

from __future__ import annotations

import html
import io
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

TEXT = "#010101"
FIRST = "#020202"
SECOND = "#030303"
LINE = "#040404"
QUIET = "#050505"

_VARIABLES = {
    TEXT: "currentColor",
    FIRST: "var(--accent)",
    SECOND: "var(--warm)",
    LINE: "var(--line)",
    QUIET: "var(--quiet)",
}

WIDTH = 460
"""In pixels: shrunk to a phone's 350, letters of 14 are still read."""
LETTERS = 14
SMALL = 12

_STYLE: Any = {
    "svg.fonttype": "none",
    "font.size": LETTERS,
    "axes.unicode_minus": True,
    "text.parse_math": False,
    "path.simplify": True,
    "path.simplify_threshold": 0.3,
}


def canvas(height: int, columns: Sequence[float] = (1,), rows: Sequence[float] = (1,), **spacing: float) -> Any:
    """A figure of `WIDTH` × `height` pixels and the array of its axes, rows × columns of these relative sizes."""
    with rc_context(_STYLE):
        figure = Figure(figsize=(WIDTH / 72, height / 72))
        figure.patch.set_visible(False)
        axes = figure.subplots(
            len(rows),
            len(columns),
            squeeze=False,
            gridspec_kw={"width_ratios": columns, "height_ratios": rows, **spacing},
        )
    return figure, axes


def plain(axes: Axes, title: str, x: str = "") -> None:
    """A quiet frame: a title on the left, a name below, lines of the grid and no ticks."""
    axes.patch.set_visible(False)
    axes.set_title(title, loc="left", fontsize=LETTERS, color=TEXT, pad=8)
    if x:
        axes.set_xlabel(x, fontsize=LETTERS, color=QUIET, labelpad=4)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LINE)
    axes.grid(axis="y", color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=SMALL, labelcolor=QUIET, pad=7)


def label(axes: Axes, x: float, y: float, text: str, **style: Any) -> None:
    """Words inside the axes, at data coordinates."""
    axes.text(x, y, text, **{"fontsize": LETTERS, "color": TEXT, **style})


def written(figure: Figure, name: str, title: str, description: str, data: Mapping[str, str] | None = None) -> str:
    """The figure as one `<svg>` element; `title` and `description` are read out, `data` becomes data-* attributes.

    Equal figures give equal bytes: no date, and ids that hang on `name` alone.
    """
    raw = io.StringIO()
    with rc_context({**_STYLE, "svg.hashsalt": name}), warnings.catch_warnings():
        # Hangul is set by the reader's browser; that matplotlib's own font has none of it does not matter.
        warnings.filterwarnings("ignore", message=r"Glyph \d+")
        figure.savefig(raw, format="svg", metadata={"Date": None})
    body = raw.getvalue()
    body = body[body.index("<svg") :]
    body = body[body.index(">") + 1 : body.rindex("</svg>")]
    body = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>|<style[^>]*>.*?</style>", "", body, flags=re.DOTALL)
    body = re.sub(r'<g id="[^"]*"', "<g", body)
    body = re.sub(r"<defs>\s*</defs>", "", body)
    body = re.sub(r"font(-family)?: ?[^;\"]*(;|(?=\"))", _font, body)
    for sentinel, variable in _VARIABLES.items():
        body = body.replace(sentinel, variable)
    body = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\d+\.\d\d)\d+", r"\1", tag[0]), body)
    body = re.sub(r"\s*\n\s*", " ", body).replace("> <", "><").strip()
    width, height = (round(72 * inches) for inches in figure.get_size_inches())
    facts = "".join(f' data-{key}="{html.escape(value)}"' for key, value in (data or {}).items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" class="drawn" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" stroke-linejoin="round"{facts}>'
        f'<title id="{name}-title">{html.escape(title)}</title><desc id="{name}-desc">{html.escape(description)}</desc>'
        f"{body}</svg>"
    )


def _font(declaration: re.Match[str]) -> str:
    """Keep the size of a font, leave the family to the page."""
    size = re.search(r"\d+(\.\d+)?px", declaration[0])
    return f"font-size: {size[0]};" if size else ""

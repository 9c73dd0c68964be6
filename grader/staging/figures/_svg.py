"""Inline SVG that takes the page's colours, in light, dark and print, and its fonts.

Every colour is a CSS variable of the site. One unit of a picture is one CSS pixel, and a narrow screen shrinks it.
Writing the few shapes that these pictures need costs a hundredth of importing a plotting library.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

TEXT = "currentColor"
FIRST = "var(--accent)"
SECOND = "var(--warm)"
LINE = "var(--line)"
QUIET = "var(--quiet)"

WIDTH = 460
"""In pixels: shrunk to a phone's 350, letters of 14 are still read."""
LEFT, RIGHT = 41, 451
"""Where curves begin and end: the numbers beside them stand to the left."""
LETTERS = 14
SMALL = 12
STROKE = 2.2

DASHED = "7 4"
DOTTED = "1 3"
DASH_DOTTED = "9 3 2 3"


@dataclass
class Picture:
    """What is drawn so far, in pixels from the upper left corner."""

    height: int
    parts: list[str] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        colour: str = TEXT,
        size: int = LETTERS,
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        """Words whose baseline begins (`start`), has its `middle` or ends (`end`) at this point."""
        style = f"font-size: {size}px; fill: {colour}; text-anchor: {anchor}" + ("; font-weight: 700" if bold else "")
        self.parts.append(f'<text x="{_px(x)}" y="{_px(y)}" style="{style}">{html.escape(words)}</text>')

    def line(self, points: Iterable[tuple[float, float]], colour: str, width: float = STROKE, dashes: str = "") -> None:
        """Straight from point to point."""
        path = "M" + "L".join(f"{_px(x)} {_px(y)}" for x, y in points)
        style = f"fill: none; stroke: {colour}; stroke-width: {width:g}" + (
            f"; stroke-dasharray: {dashes}" if dashes else ""
        )
        self.parts.append(f'<path d="{path}" style="{style}"/>')

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str = "none",
        *,
        opacity: float = 1.0,
        stroke: str = "none",
        stroke_width: float = 1.0,
    ) -> None:
        """A rectangle from its upper left corner."""
        style = f"fill: {fill}" + (f"; fill-opacity: {opacity:.2g}" if opacity < 1 else "")
        style += f"; stroke: {stroke}; stroke-width: {stroke_width:g}" if stroke != "none" else ""
        self.parts.append(
            f'<rect x="{_px(x)}" y="{_px(y)}" width="{_px(width)}" height="{_px(height)}" style="{style}"/>'
        )

    def svg(self, name: str, title: str, description: str, data: Mapping[str, str] | None = None) -> str:
        """One `<svg>` element; `title` and `description` are read out, `data` becomes data-* attributes.

        Equal pictures give equal bytes, and the ids hang on `name` alone.
        """
        facts = "".join(f' data-{key}="{html.escape(value)}"' for key, value in (data or {}).items())
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="drawn" width="{WIDTH}" height="{self.height}" '
            f'viewBox="0 0 {WIDTH} {self.height}" role="img" aria-labelledby="{name}-title {name}-desc" '
            f'stroke-linejoin="round"{facts}><title id="{name}-title">{html.escape(title)}</title>'
            f'<desc id="{name}-desc">{html.escape(description)}</desc>{"".join(self.parts)}</svg>'
        )


@dataclass(frozen=True)
class Axes:
    """A part of a picture with coordinates of its own, both linear."""

    picture: Picture
    top: float
    bottom: float
    x: tuple[float, float]
    """What lies at `LEFT` and at `RIGHT`."""
    y: tuple[float, float]
    """What lies at `bottom` and at `top`."""

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The pixel of a point."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return LEFT + across * (RIGHT - LEFT), self.bottom + up * (self.top - self.bottom)

    def frame(self, title: str, up: Sequence[float], across: Mapping[float, str], name: str = "") -> None:
        """A quiet frame: the title above, a line and a number for each of `up`, words below at `across`, and a name."""
        self.picture.text(LEFT, self.top - 10, title)
        for y in up:
            height = self.at(0, y)[1]
            self.picture.line([(LEFT, height), (RIGHT, height)], LINE, 0.8)
            self.picture.text(LEFT - 7, height + 4, number(y), colour=QUIET, size=SMALL, anchor="end")
        for x, words in across.items():
            self.picture.text(
                self.at(x, 0)[0], self.bottom + 18, words, colour=QUIET, size=SMALL, anchor=self._anchor(x)
            )
        if name:
            self.picture.text((LEFT + RIGHT) / 2, self.bottom + 38, name, colour=QUIET, anchor="middle")

    def _anchor(self, x: float) -> str:
        """Numbers at the right end stay inside the picture."""
        return "end" if x == self.x[1] else "middle"

    def curve(self, points: Iterable[tuple[float, float]], colour: str, dashes: str = "") -> None:
        """A line through points of these axes."""
        self.picture.line((self.at(x, y) for x, y in points), colour, dashes=dashes)

    def label(self, x: float, y: float, words: str, colour: str = TEXT, anchor: str = "start") -> None:
        """Words at a point of these axes."""
        self.picture.text(*self.at(x, y), words, colour=colour, anchor=anchor)


def steps(low: float, high: float, count: int) -> list[float]:
    """`count` equal steps from `low` to `high`, both ends included."""
    return [low + (high - low) * step / count for step in range(count + 1)]


def numbered(values: Iterable[float]) -> dict[float, str]:
    """Numbers below axes, each at its own place."""
    return {value: number(value) for value in values}


def number(value: float, digits: int | None = None) -> str:
    """With a minus sign as printed, and `digits` behind the point; without `digits` as few as it takes."""
    return (f"{value:g}" if digits is None else f"{value:.{digits}f}").replace("-", "−")


def live_words(words: Mapping[str, str]) -> dict[str, str]:
    """What the script of the same name says, as the data-words attribute that it reads."""
    return {"words": json.dumps(words, ensure_ascii=False)}


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")

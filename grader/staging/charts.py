"""Small charts as inline SVG, in colours of the page, with a text for those who do not see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from grader.staging.text import in_html


@dataclass(frozen=True)
class Point:
    """One attempt: its score in percent, what it is called, and whether it passed."""

    score: float
    label: str
    passed: bool


_APART = 44
"""Between two names below the axis, at least."""
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 640, 180, 34, 12, 26


def scores(points: Sequence[Point], title: str, *, groups: Sequence[str] = ()) -> Markup:
    """Scores over attempts: a filled dot passed, a hollow one did not; `groups` has each one's name below the axis."""
    step = (_WIDTH - _LEFT - 20) / max(len(points), 1)

    def x(index: int) -> float:
        return round(_LEFT + step * (index + 0.5), 1)

    def y(score: float) -> float:
        return round(_TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - score / 100), 1)

    lines = "".join(
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - 8}" y1="{y(mark)}" y2="{y(mark)}"/>'
        f'<text class="tick" x="{_LEFT - 6}" y="{y(mark) + 4}" text-anchor="end">{mark}</text>'
        for mark in (0, 50, 100)
    )
    path = " ".join(f"{'M' if i == 0 else 'L'}{x(i)} {y(point.score)}" for i, point in enumerate(points))
    radius = round(min(5.0, max(2.0, step * 0.4)), 1)
    dots = "".join(
        f'<circle class="{"passed" if point.passed else "failed"}" cx="{x(i)}" cy="{y(point.score)}" r="{radius}">'
        f"<title>{in_html(point.label)}</title></circle>"
        for i, point in enumerate(points)
    )
    names, before, free = [], None, 0.0
    for i, name in enumerate(groups):
        if name != before and x(i) >= free:
            names.append(f'<text class="tick" x="{x(i)}" y="{_HEIGHT - 6}" text-anchor="middle">{in_html(name)}</text>')
            free = x(i) + _APART
        before = name
    return Markup(
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{in_html(title)}">'
        f'{lines}<path class="line" d="{path}"/>{dots}{"".join(names)}</svg>'
    )

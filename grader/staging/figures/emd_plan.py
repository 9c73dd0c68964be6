"""The optimal transport plan between two small histograms, those of the worked example on EMD's page."""

from __future__ import annotations

from fractions import Fraction

from grader.staging.figures._svg import FIRST, LINE, QUIET, SECOND, SMALL, Picture, number
from grader.staging.figures._transport import coupling, work

P = tuple(Fraction(tenths, 10) for tenths in (3, 2, 0, 2, 3))
Q = tuple(Fraction(tenths, 10) for tenths in (0, 2, 5, 3, 0))

CELL = 66
LEFT, TOP = 122, 104
"""Where the cells of the matrix begin."""
HIGHEST = 76
"""Pixels of the largest bar."""

WORDS = {
    "ko": {
        "direction": "행 P → 열 Q",
        "distance": "거리 {distance}",
        "title": "두 히스토그램 사이의 최적 운송 계획",
        "move": "{source}에서 {target}로 {mass}",
        "description": "옮기는 흙: {moves}. 일의 합은 {work}.",
    },
    "en": {
        "direction": "row P → column Q",
        "distance": "distance {distance}",
        "title": "The optimal transport plan between two histograms",
        "move": "{mass} from {source} to {target}",
        "description": "Earth moved: {moves}. The work adds up to {work}.",
    },
}


def render(language: str = "ko") -> str:
    """Inline SVG: the plan as a matrix, P beside its rows and Q above its columns."""
    say, plan = WORDS[language], coupling(P, Q)
    picture = Picture(TOP + len(P) * CELL + 4)
    picture.text(LEFT / 2, 48, f"EMD = {number(float(work(plan)))}", anchor="middle", bold=True)
    picture.text(LEFT / 2, 70, say["direction"], colour=QUIET, size=SMALL, anchor="middle")
    _bars(picture)
    moves = []
    for i, row in enumerate(plan):
        for j, mass in enumerate(row):
            x, y, size = LEFT + j * CELL + 2, TOP + i * CELL + 2, CELL - 4
            if mass:
                moved = number(float(mass))
                picture.box(x, y, size, size, FIRST, opacity=1.6 * float(mass), stroke=LINE)
                picture.text(x + size / 2, y + size / 2 + 2, moved, anchor="middle")
                away = say["distance"].format(distance=abs(i - j))
                picture.text(x + size / 2, y + size / 2 + 20, away, size=SMALL - 1, anchor="middle")
                moves.append(say["move"].format(source=i, target=j, mass=moved))
            else:
                picture.box(x, y, size, size, stroke=LINE)
    description = say["description"].format(moves=", ".join(moves), work=number(float(work(plan))))
    return picture.svg("emd_plan", say["title"], description)


def _bars(picture: Picture) -> None:
    """Both histograms, standing on the matrix."""
    scale = HIGHEST / float(max(*P, *Q))
    width = 0.8 * CELL
    for place, mass in enumerate(Q):
        middle, tall = LEFT + (place + 0.5) * CELL, scale * float(mass)
        picture.box(middle - width / 2, TOP - 4 - tall, width, tall, SECOND, opacity=0.75)
        picture.text(middle, TOP - 10 - tall, f"Q({place}) {number(float(mass))}", size=SMALL, anchor="middle")
    for place, mass in enumerate(P):
        middle, tall = TOP + (place + 0.5) * CELL, scale * float(mass)
        picture.box(LEFT - 4 - tall, middle - width / 2, tall, width, SECOND, opacity=0.75)
        picture.text(LEFT - 10 - tall, middle + 4, f"P({place}) {number(float(mass))}", size=SMALL, anchor="end")

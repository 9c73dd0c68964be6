"""What EMD has that BCE lacks: two normals move apart, and only EMD's gradient stays."""

from __future__ import annotations

import math

from grader.staging.figures._normals import apart
from grader.staging.figures._svg import (
    DASH_DOTTED,
    DASHED,
    DOTTED,
    FIRST,
    LEFT,
    QUIET,
    RIGHT,
    SECOND,
    SMALL,
    TEXT,
    Axes,
    Picture,
    live_words,
    number,
    numbered,
    steps,
)

FARTHEST = 8.0
CURVES = {"emd": (34, 178), "values": (238, 382), "slopes": (442, 586)}
"""Top and bottom of the three parts, in pixels."""

WORDS = {
    "ko": {
        "values": "JS와 최적 판별자의 BCE",
        "slopes": "거리에 대한 기울기의 크기",
        "distance": "두 평균 사이의 거리 Δ",
        "title": "두 정규분포가 멀어질 때의 EMD, JS, 최적 판별자의 BCE",
        "description": "거리가 {distance}이면 EMD는 {emd}이고 기울기는 여전히 1이다. JS는 log 2에, BCE는 0에 붙고 둘의 "
        "기울기는 {slope}로 사라진다.",
    },
    "en": {
        "values": "JS and the optimal discriminator's BCE",
        "slopes": "Size of the gradient by distance",
        "distance": "distance Δ between the means",
        "title": "EMD, JS and the optimal discriminator's BCE as two normals move apart",
        "description": "At distance {distance} the EMD is {emd} and its gradient still 1. JS clings to log 2 and BCE "
        "to 0, and the gradient of both has vanished to {slope}.",
    },
}
LIVE = {
    "ko": {
        "label": "두 평균 사이의 거리 Δ =",
        "value": "값",
        "gradient": "기울기의 크기",
        "bce": "최적 판별자의 BCE",
        "corner": "0 … 1 (꺾인 점)",
        "spoken": "거리 {distance}, EMD {distance}, JS {js}, JS의 기울기 {slope}",
    },
    "en": {
        "label": "Distance Δ between the means =",
        "value": "value",
        "gradient": "size of gradient",
        "bce": "BCE of the optimal discriminator",
        "corner": "0 … 1 (a corner)",
        "spoken": "distance {distance}, EMD {distance}, JS {js}, gradient of JS {slope}",
    },
}


def render(language: str = "ko") -> str:
    """Inline SVG: EMD; Jensen-Shannon and the optimal discriminator's BCE; the gradients with respect to the distance.

    data-* attributes give the script of the same name its words and the pixels between which the distance runs.
    """
    say = WORDS[language]
    found = {distance: apart(distance) for distance in steps(0, FARTHEST, 80)}
    across = numbered(steps(0, FARTHEST, 8))
    picture = Picture(632)

    emd = Axes(picture, *CURVES["emd"], (0, FARTHEST), (0, 8.4))
    emd.frame("EMD", (0, 2, 4, 6, 8), across)
    emd.curve(((distance, there.emd) for distance, there in found.items()), FIRST)

    values = Axes(picture, *CURVES["values"], (0, FARTHEST), (0, 0.84))
    values.frame(say["values"], steps(0, 0.8, 4), across)
    limit = values.at(0, math.log(2))[1]
    picture.line([(LEFT, limit), (RIGHT, limit)], QUIET, 1, DOTTED)
    picture.text(LEFT + 4, limit - 5, "log 2", colour=QUIET, size=SMALL)
    values.curve(((distance, there.jensen_shannon) for distance, there in found.items()), SECOND, DASHED)
    values.curve(((distance, there.bce) for distance, there in found.items()), TEXT, DASH_DOTTED)
    values.label(FARTHEST, 0.57, "JS", SECOND, "end")
    values.label(FARTHEST, 0.06, "BCE", TEXT, "end")

    slopes = Axes(picture, *CURVES["slopes"], (0, FARTHEST), (0, 1.15))
    slopes.frame(say["slopes"], steps(0, 1, 4), across, say["distance"])
    slopes.curve(((distance, there.emd_gradient) for distance, there in found.items()), FIRST)
    slopes.curve(((distance, there.jensen_shannon_gradient) for distance, there in found.items()), SECOND, DASHED)
    slopes.label(FARTHEST, 0.87, "EMD", FIRST, "end")
    slopes.label(FARTHEST, 0.06, "JS = BCE", SECOND, "end")

    last = found[FARTHEST]
    return picture.svg(
        "vanishing",
        say["title"],
        say["description"].format(
            distance=number(FARTHEST), emd=number(last.emd), slope=number(last.jensen_shannon_gradient, 4)
        ),
        {
            "farthest": number(FARTHEST),
            "left": f"{LEFT}",
            "right": f"{RIGHT}",
            "spans": ";".join(f"{top},{bottom}" for top, bottom in CURVES.values()),
            **live_words(LIVE[language]),
        },
    )

"""The softmax of one row of CLIP's similarity matrix at the multiplier that training starts with."""

from __future__ import annotations

from grader.staging.figures._clip import SCALE, softmax
from grader.staging.figures._svg import FIRST, LEFT, LINE, QUIET, RIGHT, Axes, Picture, live_words, number, steps

COSINES = (0.31, 0.27, 0.18, 0.05, -0.08)
"""Of one image with five texts; the first is its own. Also in site/assets/clip_temperature.js, through data-cosines."""

WORDS = {
    "ko": {
        "probabilities": "배율 s = {scale} 일 때의 확률",
        "cosine": "코사인 유사도 (맨 왼쪽이 진짜 짝)",
        "title": "한 이미지와 다섯 글의 softmax",
        "description": "코사인 유사도가 {first}인 진짜 짝의 확률은 {first_share}, "
        "{second}인 글의 확률은 {second_share}이다.",
    },
    "en": {
        "probabilities": "Probabilities at the multiplier s = {scale}",
        "cosine": "cosine similarity (the true partner on the left)",
        "title": "The softmax of one image over five texts",
        "description": "The true partner, of cosine similarity {first}, has the probability {first_share}; the text "
        "of {second} has {second_share}.",
    },
}
LIVE = {
    "ko": {
        "label": "배율 s =",
        "cosine": WORDS["ko"]["cosine"],
        "summary": "진짜 짝의 확률 {share}, 이 행의 손실 {loss}",
        "spoken": "배율 {scale}, 진짜 짝의 확률 {share}, 이 행의 손실 {loss}",
    },
    "en": {
        "label": "Multiplier s =",
        "cosine": WORDS["en"]["cosine"],
        "summary": "Probability of the true partner {share}, loss of this row {loss}",
        "spoken": "multiplier {scale}, probability of the true partner {share}, loss of this row {loss}",
    },
}


def render(language: str = "ko") -> str:
    """Inline SVG: five bars. data-* attributes give the script of the same name the cosines and its words."""
    say = WORDS[language]
    shares = softmax([[SCALE * cosine for cosine in COSINES]], 1)[0]
    room = (RIGHT - LEFT) / len(COSINES)
    middles = [LEFT + (place + 0.5) * room for place in range(len(COSINES))]
    picture = Picture(250)
    bars = Axes(picture, 34, 196, (LEFT, RIGHT), (0, 1.08))
    places = {middle: number(cosine, 2) for middle, cosine in zip(middles, COSINES, strict=True)}
    bars.frame(say["probabilities"].format(scale=number(SCALE, 1)), steps(0, 1, 5), places, say["cosine"])
    tops = [bars.at(0, share)[1] for share in shares]
    for middle, top, share in zip(middles, tops, shares, strict=True):
        picture.text(middle, top - 7, number(share, 3), size=13, anchor="middle")
    for place, (middle, top) in enumerate(zip(middles, tops, strict=True)):
        fill, stroke = (FIRST, FIRST) if place == 0 else (LINE, QUIET)
        picture.box(middle - 0.31 * room, top, 0.62 * room, bars.bottom - top, fill, stroke=stroke)
    description = say["description"].format(
        first=COSINES[0], first_share=number(shares[0], 3), second=COSINES[1], second_share=number(shares[1], 3)
    )
    data = {"cosines": ",".join(map(str, COSINES)), **live_words(LIVE[language])}
    return picture.svg("clip_temperature", say["title"], description, data)

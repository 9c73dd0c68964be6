"""Cosines of five unseen pairs before and after a toy pair of encoders was trained with the CLIP loss."""

from __future__ import annotations

from functools import cache

from grader.staging.figures._clip import Matrix, Toy, train
from grader.staging.figures._svg import FIRST, QUIET, SECOND, SMALL, TEXT, Picture, number

CELL = 40
TOP = 62
SIDES = {"before": 51, "after": 259}
"""Where the cells of the two matrices begin, from the left."""

WORDS = {
    "ko": {
        "before": "학습 전",
        "after": "학습 뒤",
        "image": "이미지 {number}",
        "text": "글 {number}",
        "title": "학습 전과 뒤의 코사인 유사도",
        "description": "행은 이미지 다섯, 열은 글 다섯. 대각선이 진짜 짝이다. 대각선의 평균은 학습 전 {own_before}, "
        "학습 뒤 {own_after}이고, 나머지의 평균은 {others_before}에서 {others_after}로 바뀐다.",
    },
    "en": {
        "before": "Before training",
        "after": "After training",
        "image": "image {number}",
        "text": "text {number}",
        "title": "Cosine similarities before and after training",
        "description": "Five images down, five texts across; the true pairs are on the diagonal. The mean of the "
        "diagonal is {own_before} before training and {own_after} after it; that of the rest goes from "
        "{others_before} to {others_after}.",
    },
}


def render(language: str = "ko") -> str:
    """Inline SVG: two matrices side by side, images down and texts across."""
    say, toy = WORDS[language], _trained()
    picture = Picture(TOP + len(toy.before) * CELL + 6)
    for when, cosines in (("before", toy.before), ("after", toy.after)):
        picture.text(SIDES[when], 20, say[when])
        _matrix(picture, SIDES[when], cosines)
        for place in range(len(cosines)):
            words = say["text"].format(number=place + 1)
            picture.text(SIDES[when] + _middle(place), TOP - 8, words, colour=QUIET, size=SMALL - 1, anchor="middle")
    for place in range(len(toy.before)):
        words = say["image"].format(number=place + 1)
        picture.text(SIDES["before"] - 6, TOP + _middle(place) + 4, words, colour=QUIET, size=SMALL - 1, anchor="end")
    description = say["description"].format(
        own_before=number(_own(toy.before), 2),
        own_after=number(_own(toy.after), 2),
        others_before=number(_others(toy.before), 2),
        others_after=number(_others(toy.after), 2),
    )
    return picture.svg("clip_similarity", say["title"], description)


@cache
def _trained() -> Toy:
    """Training is most of what this picture costs, and it is the same in every language."""
    return train()


def _own(cosines: Matrix) -> float:
    return sum(cosines[i][i] for i in range(len(cosines))) / len(cosines)


def _others(cosines: Matrix) -> float:
    n = len(cosines)
    return (sum(map(sum, cosines)) - n * _own(cosines)) / (n * n - n)


def _middle(place: int) -> float:
    return (place + 0.5) * CELL


def _matrix(picture: Picture, left: float, cosines: Matrix) -> None:
    """Each cell as deep as its cosine is far from 0, in one colour above and another below; true pairs framed."""
    for i, row in enumerate(cosines):
        for j, cosine in enumerate(row):
            shown = round(cosine, 2) + 0.0
            x, y, size = left + j * CELL + 1, TOP + i * CELL + 1, CELL - 2
            picture.box(
                x,
                y,
                size,
                size,
                FIRST if shown >= 0 else SECOND,
                opacity=0.55 * abs(shown),
                stroke=TEXT if i == j else "none",
                stroke_width=1.4,
            )
            picture.text(x + size / 2, y + size / 2 + 4, number(shown, 2), size=SMALL + 1, anchor="middle")

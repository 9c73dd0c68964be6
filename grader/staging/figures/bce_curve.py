"""Binary cross entropy of one element and its gradient against the predicted probability, for both targets."""

from __future__ import annotations

import math

from grader.staging.figures._svg import DASHED, FIRST, SECOND, Axes, Picture, numbered, steps

STEEPEST = 20.0
"""Where the gradients, which have no bound, leave the picture."""

WORDS = {
    "ko": {
        "loss": "손실",
        "gradient": "p에 대한 기울기",
        "p": "예측 확률 p",
        "title": "BCE의 손실과 기울기",
        "description": "가로는 예측 확률 p. 정답이 1이면 손실은 p가 1일 때 0이고 p가 0으로 갈수록 한없이 커진다. "
        "정답이 0이면 좌우가 바뀐다. 기울기의 크기는 맞은 쪽 끝에서 1이고 틀린 쪽 끝에서 한없이 커진다.",
    },
    "en": {
        "loss": "Loss",
        "gradient": "Gradient with respect to p",
        "p": "predicted probability p",
        "title": "BCE's loss and gradient",
        "description": "Across: the predicted probability p. For a target of 1 the loss is 0 where p is 1 and grows "
        "without bound as p goes to 0. For a target of 0 left and right change places. The gradient has size 1 at the "
        "right end and grows without bound at the wrong one.",
    },
}


def render(language: str = "ko") -> str:
    """Inline SVG: the losses above, their gradients with respect to p below."""
    say = WORDS[language]
    inside = steps(0.005, 0.995, 198)
    bounded = [p for p in inside if p >= 1 / STEEPEST]
    picture = Picture(424)
    loss = Axes(picture, 34, 178, (0, 1), (0, 5.3))
    loss.frame(say["loss"], range(6), numbered(steps(0, 1, 5)))
    loss.curve(((p, -math.log(p)) for p in inside), FIRST)
    loss.curve(((p, -math.log(1 - p)) for p in inside), SECOND, DASHED)
    loss.label(0.07, 3.6, "t = 1: −log p", FIRST)
    loss.label(0.93, 3.6, "t = 0: −log(1 − p)", SECOND, "end")
    slope = Axes(picture, 238, 380, (0, 1), (-STEEPEST, STEEPEST))
    slope.frame(say["gradient"], (-20, -10, 0, 10, 20), numbered(steps(0, 1, 5)), say["p"])
    slope.curve(((p, -1 / p) for p in bounded), FIRST)
    slope.curve(((1 - p, 1 / p) for p in bounded), SECOND, DASHED)
    slope.label(0.14, -14, "t = 1: −1/p", FIRST)
    slope.label(0.88, 11, "t = 0: 1/(1 − p)", SECOND, "end")
    return picture.svg("bce_curve", say["title"], say["description"])

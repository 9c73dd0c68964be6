"""Categorical cross entropy of one sample and its gradients against the true class's probability."""

from __future__ import annotations

import math

from grader.staging.figures._svg import DASHED, FIRST, SECOND, Axes, Picture, numbered, steps

STEEPEST = 10.0
"""Where the gradient with respect to the probability, which has no bound, leaves the picture."""

WORDS = {
    "ko": {
        "loss": "손실",
        "gradients": "기울기",
        "p": "정답 클래스의 확률 p",
        "at probability": "확률에 대해: −1/p",
        "at logit": "softmax 앞의 로짓에 대해: p − 1",
        "title": "CCE의 손실과 기울기",
        "description": "가로는 정답 클래스에 준 확률 p. 손실 −log p는 p가 1이면 0이고 0으로 갈수록 한없이 커진다. "
        "확률에 대한 기울기 −1/p도 한없이 커지지만, 로짓에 대한 기울기 p − 1은 −1과 0 사이에 머문다.",
    },
    "en": {
        "loss": "Loss",
        "gradients": "Gradients",
        "p": "probability p of the right class",
        "at probability": "with respect to the probability: −1/p",
        "at logit": "with respect to the logit before the softmax: p − 1",
        "title": "CCE's loss and gradients",
        "description": "Across: the probability p of the right class. The loss −log p is 0 where p is 1 and grows "
        "without bound as p goes to 0. So does the gradient with respect to the probability, −1/p, but the one with "
        "respect to the logit, p − 1, stays between −1 and 0.",
    },
}


def render(language: str = "ko") -> str:
    """Inline SVG: the loss above; below, the gradient with respect to the probability and to its logit."""
    say = WORDS[language]
    inside = steps(0.005, 1, 199)
    picture = Picture(424)
    loss = Axes(picture, 34, 178, (0, 1), (0, 5.3))
    loss.frame(say["loss"], range(6), numbered(steps(0, 1, 5)))
    loss.curve(((p, -math.log(p)) for p in inside), FIRST)
    loss.label(0.08, 3.6, "−log p", FIRST)
    slope = Axes(picture, 238, 380, (0, 1), (-STEEPEST, 2.5))
    slope.frame(say["gradients"], (-10, -5, 0), numbered(steps(0, 1, 5)), say["p"])
    slope.curve(((p, -1 / p) for p in inside if p >= 1 / STEEPEST), FIRST)
    slope.curve(((p, p - 1) for p in inside), SECOND, DASHED)
    slope.label(0.2, -7, say["at probability"], FIRST)
    slope.label(0.02, 0.9, say["at logit"], SECOND)
    return picture.svg("cce_curve", say["title"], say["description"])

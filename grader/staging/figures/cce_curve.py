"""Categorical cross entropy of one sample and its gradients against the true class's probability."""

from __future__ import annotations

import numpy as np

from grader.staging.figures._svg import FIRST, SECOND, canvas, label, plain, written

STEEPEST = 10.0


def render() -> str:
    """Inline SVG: the loss above; below, the gradient with respect to the probability and to its logit."""
    p = np.linspace(0.005, 1, 200)
    figure, axes = canvas(430, rows=(1, 1), hspace=0.62, left=0.09, right=0.98, top=0.93, bottom=0.11)
    loss, slope = axes[:, 0]
    plain(loss, "손실")
    loss.plot(p, -np.log(p), color=FIRST, linewidth=2.2)
    label(loss, 0.08, 3.6, "−log p", color=FIRST)
    loss.set_ylim(0, 5.3)
    plain(slope, "기울기", "정답 클래스의 확률 p")
    shown = p[p >= 1 / STEEPEST]
    slope.plot(shown, -1 / shown, color=FIRST, linewidth=2.2)
    slope.plot(p, p - 1, color=SECOND, linewidth=2.2, linestyle="--")
    label(slope, 0.24, -6.5, "확률에 대해:  −1/p", color=FIRST)
    label(slope, 0.02, 0.9, "softmax 앞의 로짓에 대해:  p − 1", color=SECOND)
    slope.set_ylim(-STEEPEST, 2.5)
    slope.set_yticks([-10, -5, 0])
    for each in (loss, slope):
        each.set_xlim(0, 1)
    return written(
        figure,
        "cce_curve",
        "CCE의 손실과 기울기",
        "가로는 정답 클래스에 준 확률 p. 손실 −log p는 p가 1이면 0이고 0으로 갈수록 한없이 커진다. 확률에 대한 기울기 "
        "−1/p도 한없이 커지지만, 로짓에 대한 기울기 p − 1은 −1과 0 사이에 머문다.",
    )

"""Binary cross entropy of one element and its gradient against the predicted probability, for both targets."""

from __future__ import annotations

import numpy as np

from grader.staging.figures._svg import FIRST, SECOND, canvas, label, plain, written

STEEPEST = 20.0
"""Where the gradients, which have no bound, leave the picture."""


def render() -> str:
    """Inline SVG: the losses above, their gradients with respect to p below."""
    p = np.linspace(0.005, 0.995, 199)
    figure, axes = canvas(430, rows=(1, 1), hspace=0.62, left=0.09, right=0.98, top=0.93, bottom=0.11)
    loss, slope = axes[:, 0]
    plain(loss, "손실")
    loss.plot(p, -np.log(p), color=FIRST, linewidth=2.2)
    loss.plot(p, -np.log(1 - p), color=SECOND, linewidth=2.2, linestyle="--")
    label(loss, 0.06, 3.6, "t = 1:  −log p", color=FIRST)
    label(loss, 0.94, 3.6, "t = 0:  −log(1 − p)", color=SECOND, ha="right")
    loss.set_ylim(0, 5.3)
    plain(slope, "p 에 대한 기울기", "예측 확률 p")
    right, wrong = p[p >= 1 / STEEPEST], p[1 - p >= 1 / STEEPEST]
    slope.plot(right, -1 / right, color=FIRST, linewidth=2.2)
    slope.plot(wrong, 1 / (1 - wrong), color=SECOND, linewidth=2.2, linestyle="--")
    label(slope, 0.14, -14, "t = 1:  −1/p", color=FIRST)
    label(slope, 0.88, 10, "t = 0:  1/(1 − p)", color=SECOND, ha="right")
    slope.set_ylim(-STEEPEST, STEEPEST)
    for each in (loss, slope):
        each.set_xlim(0, 1)
    return written(
        figure,
        "bce_curve",
        "BCE의 손실과 기울기",
        "가로는 예측 확률 p. 정답이 1이면 손실은 p가 1일 때 0이고 p가 0으로 갈수록 한없이 커진다. 정답이 0이면 좌우가 "
        "바뀐다. 기울기의 크기는 맞은 쪽 끝에서 1이고 틀린 쪽 끝에서 한없이 커진다.",
    )

"""Cosines of five unseen pairs before and after a toy pair of encoders was trained with the CLIP loss."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from grader.staging.figures._clip import Matrix, train
from grader.staging.figures._svg import FIRST, QUIET, SECOND, SMALL, TEXT, canvas, label, written


def render() -> str:
    """Inline SVG: two matrices side by side, images down and texts across."""
    toy = train()
    figure, axes = canvas(276, columns=(1, 1), wspace=0.12, left=0.09, right=0.995, top=0.84, bottom=0.04)
    _matrix(axes[0, 0], toy.before, "학습 전")
    _matrix(axes[0, 1], toy.after, "학습 뒤")
    axes[0, 1].set_yticks([])
    return written(
        figure,
        "clip_similarity",
        "학습 전과 뒤의 코사인 유사도",
        "행은 이미지 다섯, 열은 글 다섯. 대각선이 진짜 짝이다. "
        f"대각선의 평균은 학습 전 {np.diagonal(toy.before).mean():.2f}, "
        f"학습 뒤 {np.diagonal(toy.after).mean():.2f}이고, "
        f"나머지의 평균은 {_others(toy.before):.2f}에서 {_others(toy.after):.2f}로 바뀐다.",
    )


def _others(cosines: Matrix) -> float:
    n = len(cosines)
    return float((cosines.sum() - np.trace(cosines)) / (n * n - n))


def _matrix(axes: Axes, cosines: Matrix, title: str) -> None:
    n = len(cosines)
    axes.patch.set_visible(False)
    axes.set_title(title, loc="left", color=TEXT, pad=26)
    for (i, j), cosine in np.ndenumerate(np.round(cosines, 2) + 0.0):
        shade = 0.55 * abs(cosine)
        axes.add_patch(
            Rectangle((j - 0.47, i - 0.47), 0.94, 0.94, color=FIRST if cosine >= 0 else SECOND, alpha=shade, lw=0)
        )
        if i == j:
            axes.add_patch(Rectangle((j - 0.47, i - 0.47), 0.94, 0.94, fill=False, edgecolor=TEXT, lw=1.4))
        label(
            axes, j, i, f"{cosine:.2f}".replace("-", "−"), ha="center", va="center_baseline", fontsize=SMALL, color=TEXT
        )
    axes.set_xlim(-0.5, n - 0.5)
    axes.set_ylim(n - 0.5, -0.5)
    axes.set_aspect("equal", anchor="NW")
    axes.set_xticks(range(n), [f"글 {k + 1}" for k in range(n)])
    axes.set_yticks(range(n), [f"그림{k + 1}" for k in range(n)])
    axes.tick_params(
        length=0, labelsize=SMALL - 1, labelcolor=QUIET, top=True, labeltop=True, bottom=False, labelbottom=False, pad=2
    )
    for spine in axes.spines.values():
        spine.set_visible(False)

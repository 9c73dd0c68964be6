"""The softmax of one row of CLIP's similarity matrix at the multiplier that training starts with."""

from __future__ import annotations

import numpy as np

from grader.staging.figures._clip import SCALE, softmax
from grader.staging.figures._svg import FIRST, LETTERS, LINE, QUIET, canvas, label, plain, written

COSINES = (0.31, 0.27, 0.18, 0.05, -0.08)
"""Of one image with five texts; the first is its own. Also in site/assets/clip_temperature.js, through data-cosines."""


def render() -> str:
    """Inline SVG: five bars."""
    probabilities = softmax(SCALE * np.array([COSINES]), 1)[0]
    figure, axes = canvas(250, left=0.09, right=0.98, top=0.86, bottom=0.2)
    bars = axes[0, 0]
    plain(bars, f"배율 s = {SCALE:.1f} 일 때의 확률")
    bars.set_ylim(0, 1.08)
    bars.set_xlim(-0.6, len(COSINES) - 0.4)
    for place, probability in enumerate(probabilities):
        share = round(float(probability), 3)
        bars.bar(
            place, share, width=0.62, color=FIRST if place == 0 else LINE, edgecolor=FIRST if place == 0 else QUIET
        )
        label(bars, place, share + 0.03, f"{share:.3f}", ha="center", fontsize=LETTERS - 1)
    bars.set_xticks(range(len(COSINES)), [f"{cosine:.2f}".replace("-", "−") for cosine in COSINES])
    bars.set_xlabel("코사인 유사도 (맨 왼쪽이 진짜 짝)", color=QUIET)
    return written(
        figure,
        "clip_temperature",
        "한 이미지의 다섯 글에 대한 softmax",
        f"코사인 유사도가 0.31인 진짜 짝의 확률은 {probabilities[0]:.3f}, "
        f"0.27인 글의 확률은 {probabilities[1]:.3f}이다.",
        {"cosines": ",".join(map(str, COSINES))},
    )

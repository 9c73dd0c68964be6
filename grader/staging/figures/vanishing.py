"""Why week 1 studies EMD beside BCE: two normals move apart, and only EMD's gradient stays."""

from __future__ import annotations

import math

import numpy as np

from grader.staging.figures._normals import apart
from grader.staging.figures._svg import FIRST, LETTERS, QUIET, SECOND, TEXT, WIDTH, canvas, label, plain, written

FARTHEST = 8.0
HEIGHT = 640


def render() -> str:
    """Inline SVG: EMD; Jensen-Shannon and the optimal discriminator's BCE; the gradients with respect to the distance.

    data-* attributes give the script of the same name the pixels between which the distance runs.
    """
    distances = np.linspace(0, FARTHEST, 161)
    found = [apart(float(distance)) for distance in distances]
    figure, axes = canvas(HEIGHT, rows=(1, 1, 1), hspace=0.55, left=0.09, right=0.98, top=0.95, bottom=0.08)
    emd, values, slopes = axes[:, 0]

    plain(emd, "EMD")
    emd.plot(distances, [each.emd for each in found], color=FIRST, linewidth=2.2)
    emd.set_ylim(0, 8.4)

    plain(values, "JS 와 최적 판별자의 BCE")
    values.axhline(math.log(2), color=QUIET, linewidth=1, linestyle=":")
    label(values, 0.1, 0.73, "log 2", color=QUIET, fontsize=LETTERS - 2)
    values.plot(distances, [each.jensen_shannon for each in found], color=SECOND, linewidth=2.2, linestyle="--")
    values.plot(distances, [each.bce for each in found], color=TEXT, linewidth=2.2, linestyle="-.")
    label(values, FARTHEST, 0.58, "JS", color=SECOND, ha="right")
    label(values, FARTHEST, 0.06, "BCE", color=TEXT, ha="right")
    values.set_ylim(0, 0.84)

    plain(slopes, "거리에 대한 기울기의 크기", "두 평균 사이의 거리 Δ")
    slopes.plot(distances, [each.emd_gradient for each in found], color=FIRST, linewidth=2.2)
    slopes.plot(
        distances, [each.jensen_shannon_gradient for each in found], color=SECOND, linewidth=2.2, linestyle="--"
    )
    label(slopes, FARTHEST, 0.87, "EMD", color=FIRST, ha="right")
    label(slopes, FARTHEST, 0.06, "JS = BCE", color=SECOND, ha="right")
    slopes.set_ylim(0, 1.15)

    for each in (emd, values, slopes):
        each.set_xlim(0, FARTHEST)
    places = [each.get_position() for each in (emd, values, slopes)]
    spans = ";".join(f"{(1 - place.y1) * HEIGHT:.1f},{(1 - place.y0) * HEIGHT:.1f}" for place in places)
    last = found[-1]
    return written(
        figure,
        "vanishing",
        "두 정규분포가 멀어질 때의 EMD, JS, 최적 판별자의 BCE",
        f"거리가 {FARTHEST:g}이면 EMD는 {last.emd:g}이고 기울기는 여전히 1이다. JS는 log 2에, BCE는 0에 붙고 "
        f"둘의 기울기는 {last.jensen_shannon_gradient:.4f}로 사라진다.",
        {
            "farthest": f"{FARTHEST:g}",
            "left": f"{places[0].x0 * WIDTH:.1f}",
            "right": f"{places[0].x1 * WIDTH:.1f}",
            "spans": spans,
        },
    )

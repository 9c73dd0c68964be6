"""The optimal transport plan between two small histograms, those of the worked example on EMD's page."""

from __future__ import annotations

from fractions import Fraction

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from grader.staging.figures._svg import FIRST, LINE, QUIET, SECOND, SMALL, TEXT, canvas, label, written
from grader.staging.figures._transport import coupling, work

P = tuple(Fraction(tenths, 10) for tenths in (3, 2, 0, 2, 3))
Q = tuple(Fraction(tenths, 10) for tenths in (0, 2, 5, 3, 0))


def render() -> str:
    """Inline SVG: the plan as a matrix, P beside its rows and Q above its columns."""
    plan = coupling(P, Q)
    figure, axes = canvas(
        440, columns=(0.34, 1), rows=(0.34, 1), wspace=0.04, hspace=0.04, left=0.01, right=0.99, top=0.99, bottom=0.01
    )
    corner, above, beside, matrix = axes.ravel()
    for each in (corner, above, beside, matrix):
        each.axis("off")
    corner.set_xlim(0, 1)
    corner.set_ylim(0, 1)
    label(corner, 0.5, 0.5, f"EMD = {float(work(plan))}", ha="center", color=TEXT, fontweight="bold")
    label(corner, 0.5, 0.25, "행 P → 열 Q", ha="center", fontsize=SMALL, color=QUIET)
    _bars(above, Q, "Q", across=True)
    _bars(beside, P, "P", across=False)
    n = len(P)
    matrix.set_xlim(-0.5, n - 0.5)
    matrix.set_ylim(n - 0.5, -0.5)
    for i, row in enumerate(plan):
        for j, mass in enumerate(row):
            matrix.add_patch(Rectangle((j - 0.47, i - 0.47), 0.94, 0.94, fill=False, edgecolor=LINE, lw=1))
            if mass:
                matrix.add_patch(
                    Rectangle((j - 0.47, i - 0.47), 0.94, 0.94, color=FIRST, alpha=round(1.6 * float(mass), 2), lw=0)
                )
                label(matrix, j, i, f"{float(mass)}", ha="center", va="center_baseline")
                label(matrix, j, i + 0.34, f"거리 {abs(i - j)}", ha="center", fontsize=SMALL - 1)
    moves = ", ".join(
        f"{i}에서 {j}로 {float(mass)}" for i, row in enumerate(plan) for j, mass in enumerate(row) if mass
    )
    return written(
        figure, "emd_plan", "두 히스토그램 사이의 최적 운송 계획", f"옮기는 흙: {moves}. 일의 합은 {float(work(plan))}."
    )


def _bars(axes: Axes, masses: tuple[Fraction, ...], name: str, *, across: bool) -> None:
    """A histogram whose bars stand on the matrix."""
    places, heights = range(len(masses)), [float(mass) for mass in masses]
    if across:
        axes.bar(places, heights, width=0.8, color=SECOND, alpha=0.75)
        axes.set_xlim(-0.5, len(masses) - 0.5)
        axes.set_ylim(0, 0.72)
    else:
        axes.barh(places, heights, height=0.8, color=SECOND, alpha=0.75)
        axes.set_ylim(len(masses) - 0.5, -0.5)
        axes.set_xlim(0.72, 0)
    for place, height in zip(places, heights, strict=True):
        words = f"{name}({place}) {height:g}"
        if across:
            label(axes, place, height + 0.04, words, ha="center", fontsize=SMALL)
        else:
            label(axes, height + 0.03, place, words, ha="right", va="center_baseline", fontsize=SMALL)

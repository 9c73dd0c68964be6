"""The optimal plan between two histograms on a line."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def coupling(source: Sequence[Fraction], target: Sequence[Fraction]) -> list[list[Fraction]]:
    """Mass from each bin of `source` (rows) to each of `target`: the leftmost earth fills the leftmost place.

    On a line no other plan costs less (Villani, Topics in Optimal Transportation, section 2.2). Both sum to the same.
    """
    plan = [[Fraction(0)] * len(target) for _bin in source]
    left, room = list(source), list(target)
    i = j = 0
    while i < len(left) and j < len(room):
        moved = min(left[i], room[j])
        plan[i][j] += moved
        left[i] -= moved
        room[j] -= moved
        if left[i] == 0:
            i += 1
        else:
            j += 1
    return plan


def work(plan: Sequence[Sequence[Fraction]]) -> Fraction:
    """Mass times distance, the bins one apart."""
    return sum((mass * abs(i - j) for i, row in enumerate(plan) for j, mass in enumerate(row)), Fraction(0))

"""Scores over attempts, as a chart that stays legible from one attempt to a year of them."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from grader.staging.charts import Point, scores


@pytest.mark.parametrize("count", [1, 2, 12, 52, 200])
def test_names_below_the_axis_are_spread_over_all_of_it(count: int) -> None:
    drawn = scores([Point(50.0, "x", True)] * count, "title", groups=[str(n) for n in range(count)])
    places = [float(x) for x in re.findall(r'<text class="tick" x="([\d.]+)" y="\d+" text-anchor="middle"', drawn)]
    dots = [float(x) for x in re.findall(r'cx="([\d.]+)"', drawn)]
    assert len(dots) == count
    assert all(after - before >= 44 for before, after in pairwise(places))
    assert dots[-1] - places[-1] < 100


@pytest.mark.parametrize(("score", "y"), [(0.0, 154.0), (100.0, 12.0), (50.0, 83.0)])
def test_a_score_stands_where_its_line_is(score: float, y: float) -> None:
    drawn = scores([Point(score, "<b>", False)], "title", groups=["1"])
    assert f'cy="{y}"' in drawn and f'y1="{y}" y2="{y}"' in drawn
    assert "&lt;b&gt;" in drawn and 'class="failed"' in drawn

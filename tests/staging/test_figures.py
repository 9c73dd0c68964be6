"""The computed pictures of the loss pages: what they draw is right, and how it is written suits any page."""

from __future__ import annotations

import importlib
import math
import re
import warnings
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from grader.staging import figures
from grader.staging.figures import _clip, _transport
from grader.staging.figures._normals import apart
from grader.staging.figures.clip_temperature import COSINES
from grader.staging.figures.emd_plan import P, Q

FOLDER = Path(figures.__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
SITE = Path(__file__).parents[2] / "site"
_SVG = "{http://www.w3.org/2000/svg}"


def render(name: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return str(importlib.import_module(f"grader.staging.figures.{name}").render())


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return {name: render(name) for name in NAMES}


def test_every_figure_and_slider_that_the_prose_asks_for_exists() -> None:
    asked = {
        found
        for page in (SITE / "content" / "losses").glob("*.md")
        for found in re.findall(r"^\{\{ (figure|slider): ([\w-]+) \}\}$", page.read_text(encoding="utf-8"), re.M)
    }
    assert {name for _kind, name in asked} == set(NAMES)
    assert all((SITE / "assets" / f"{name}.js").is_file() for kind, name in asked if kind == "slider")


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_is_one_svg_that_is_read_out_and_comes_out_the_same_again(name: str, drawn: dict[str, str]) -> None:
    root = ElementTree.fromstring(drawn[name])
    assert root.tag == f"{_SVG}svg"
    title, description = root.findall(f"{_SVG}title") + root.findall(f"{_SVG}desc")
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text and len(description.text or "") > 20
    assert render(name) == drawn[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_has_no_colour_and_no_font_of_its_own(name: str, drawn: dict[str, str]) -> None:
    colours = re.findall(r"(?:fill|stroke|color): ?([^;\"]+)", drawn[name])
    assert set(colours) <= {"none", "currentColor"} | {f"var(--{v})" for v in ("accent", "warm", "line", "quiet")}
    assert "font-family" not in drawn[name]
    assert not re.search(r"<style|<script|<image|<metadata|\bhttps?://(?!www\.w3\.org)", drawn[name])


def test_no_two_figures_share_an_id(drawn: dict[str, str]) -> None:
    ids = [found for svg in drawn.values() for found in re.findall(r'\bid="([^"]+)"', svg)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("distance", [0.0, 0.5, 1.0, 3.0, 8.0])
def test_emd_is_the_distance_and_what_bce_loses_jensen_shannon_gains(distance: float) -> None:
    found = apart(distance)
    assert found.emd == distance
    assert found.emd_gradient == 1
    assert found.bce + found.jensen_shannon == pytest.approx(math.log(2), abs=1e-12)
    assert 0 <= found.jensen_shannon + 1e-12 <= math.log(2) + 1e-12


def test_jensen_shannon_is_that_of_its_definition() -> None:
    x = np.linspace(-12, 14, 20_001)
    p, q = (np.exp(-((x - mean) ** 2) / 2) / math.sqrt(2 * math.pi) for mean in (0, 2))
    m = (p + q) / 2
    defined = np.trapezoid(p * np.log(p / m) + q * np.log(q / m), x) / 2
    assert apart(2).jensen_shannon == pytest.approx(defined, abs=1e-9)


@pytest.mark.parametrize("distance", [0.1, 1.0, 2.5, 6.0])
def test_the_gradient_is_the_difference_quotient(distance: float) -> None:
    ahead, behind = apart(distance + 1e-4), apart(distance - 1e-4)
    quotient = (ahead.jensen_shannon - behind.jensen_shannon) / 2e-4
    assert apart(distance).jensen_shannon_gradient == pytest.approx(quotient, abs=1e-7)


def test_far_apart_jensen_shannon_saturates_and_its_gradient_vanishes() -> None:
    far = apart(8)
    assert far.jensen_shannon == pytest.approx(math.log(2), abs=1e-4)
    assert 0 < far.jensen_shannon_gradient < 1e-3 < apart(1).jensen_shannon_gradient


@pytest.mark.parametrize(
    ("source", "target", "least"),
    [(P, Q, Fraction(11, 10)), (Q, P, Fraction(11, 10)), (P, P, 0), ((1, 0, 0), (0, 0, 1), 2)],
)
def test_the_plan_has_both_marginals_and_costs_what_lies_between_the_distribution_functions(
    source: tuple[Fraction, ...], target: tuple[Fraction, ...], least: Fraction
) -> None:
    plan = _transport.coupling(source, target)
    assert [sum(row) for row in plan] == list(source)
    assert [sum(column) for column in zip(*plan, strict=True)] == list(target)
    between = sum(abs(sum(source[: k + 1]) - sum(target[: k + 1])) for k in range(len(source)))
    assert _transport.work(plan) == between == least


def test_training_raises_the_diagonal_of_pairs_that_were_never_seen() -> None:
    toy = _clip.train()
    off = ~np.eye(len(toy.after), dtype=bool)
    assert toy.losses[-1] < toy.losses[0] / 10
    assert np.diagonal(toy.after).min() > 0.9 > np.diagonal(toy.before).mean() + 0.5
    assert (toy.after.argmax(axis=0) == np.arange(5)).all() and (toy.after.argmax(axis=1) == np.arange(5)).all()
    assert toy.after[off].mean() < 0.1


def test_the_toys_gradient_is_the_difference_quotient() -> None:
    rng = np.random.default_rng(3)
    images, texts = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    _loss, at_images, at_texts = _clip.loss_and_gradients(images, texts, 5.0)
    for rows, gradient in ((images, at_images), (texts, at_texts)):
        for place in np.ndindex(rows.shape):
            kept = rows[place]
            values = []
            for step in (1e-5, -1e-5):
                rows[place] = kept + step
                values.append(_clip.loss_and_gradients(images, texts, 5.0)[0])
            rows[place] = kept
            assert gradient[place] == pytest.approx((values[0] - values[1]) / 2e-5, abs=1e-8)


def test_the_sliders_start_from_what_the_stills_say(drawn: dict[str, str]) -> None:
    temperature = ElementTree.fromstring(drawn["clip_temperature"])
    assert temperature.get("data-cosines") == ",".join(map(str, COSINES))
    vanishing = ElementTree.fromstring(drawn["vanishing"])
    assert len((vanishing.get("data-spans") or "").split(";")) == 3
    assert float(vanishing.get("data-left") or 0) < float(vanishing.get("data-right") or 0) <= 460

"""The computed pictures of the loss pages: what they draw is right, and how it is written suits any page."""

from __future__ import annotations

import ast
import importlib
import json
import math
import random
import re
from fractions import Fraction
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from grader.messages import LANGUAGES
from grader.staging import figures
from grader.staging.figures import _clip, _transport
from grader.staging.figures._normals import apart
from grader.staging.figures.clip_temperature import COSINES
from grader.staging.figures.emd_plan import P, Q

FOLDER = Path(figures.__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
SLIDERS = ("clip_temperature", "vanishing")
SITE = Path(__file__).parents[2] / "site"
HANGUL = re.compile("[가-힣]")
_SVG = "{http://www.w3.org/2000/svg}"


def render(name: str, language: str) -> str:
    return str(importlib.import_module(f"grader.staging.figures.{name}").render(language))


@pytest.fixture(scope="module")
def every() -> dict[tuple[str, str], str]:
    """Each figure in each language."""
    return {(name, language): render(name, language) for name in NAMES for language in LANGUAGES}


@pytest.fixture(scope="module", params=LANGUAGES)
def drawn(request: pytest.FixtureRequest, every: dict[tuple[str, str], str]) -> dict[str, str]:
    """The figures of a page in one language."""
    return {name: every[name, request.param] for name in NAMES}


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
    assert "{" not in f"{title.text}{description.text}"


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_speaks_one_language(name: str, every: dict[tuple[str, str], str]) -> None:
    assert HANGUL.search(every[name, "ko"])
    assert not HANGUL.search(every[name, "en"])


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_draws_the_same_in_every_language(name: str, every: dict[tuple[str, str], str]) -> None:
    shapes = {
        language: [
            (element.tag, {key: value for key, value in element.attrib.items() if key != "data-words"})
            for element in ElementTree.fromstring(every[name, language]).iter()
        ]
        for language in LANGUAGES
    }
    assert shapes["ko"] == shapes["en"]


@pytest.mark.parametrize(("name", "language"), [*product(NAMES, LANGUAGES)])
def test_what_is_drawn_stays_inside_the_picture(name: str, language: str, every: dict[tuple[str, str], str]) -> None:
    root = ElementTree.fromstring(every[name, language])
    width, height = float(root.get("width") or 0), float(root.get("height") or 0)
    assert root.get("viewBox") == f"0 0 {width:g} {height:g}"
    for text in root.iter(f"{_SVG}text"):
        style = text.get("style") or ""
        size = float(re.findall(r"font-size: (\d+)px", style)[0])
        # Hangul is as wide as it is high, other letters a little over half of that.
        long = size * sum(1 if HANGUL.match(letter) else 0.56 for letter in text.text or "")
        x, y = float(text.get("x") or 0), float(text.get("y") or 0)
        begins = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[style.split("text-anchor: ")[1].split(";")[0]] * long
        assert begins >= -1 and begins + long <= width + 1, text.text
        assert size * 0.7 <= y <= height - size * 0.2, text.text
    for line in root.iter(f"{_SVG}path"):
        points = re.findall(r"(-?[\d.]+) (-?[\d.]+)", line.get("d") or "")
        assert all(0 <= float(x) <= width and 0 <= float(y) <= height for x, y in points)


@pytest.mark.parametrize("name", SLIDERS)
def test_a_script_has_its_words_from_the_still_in_every_language(name: str, every: dict[tuple[str, str], str]) -> None:
    script = (SITE / "assets" / f"{name}.js").read_text(encoding="utf-8")
    assert not HANGUL.search(script)
    asked = set(re.findall(r"\bwords\.(\w+)", script))
    said = {
        language: json.loads(ElementTree.fromstring(every[name, language]).get("data-words") or "")
        for language in LANGUAGES
    }
    assert all(set(words) == asked for words in said.values())
    for key in asked:
        places = {language: set(re.findall(r"\{(\w+)\}", words[key])) for language, words in said.items()}
        assert places["ko"] == places["en"]
        assert all(re.search(rf"\b{place}\b[:,]", script) for place in places["ko"])


def test_drawing_imports_nothing_that_is_slow_to_import() -> None:
    asked = {
        (module or "").partition(".")[0]
        for path in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert not asked & {"matplotlib", "numpy", "scipy", "torch"}


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
    before, after = np.array(toy.before), np.array(toy.after)
    off = ~np.eye(len(after), dtype=bool)
    assert toy.losses[-1] < toy.losses[0] / 10
    assert np.diagonal(after).min() > 0.85 > np.diagonal(before).mean() + 0.5
    assert (after.argmax(axis=0) == np.arange(5)).all() and (after.argmax(axis=1) == np.arange(5)).all()
    assert np.abs(after[off]).max() < 0.5 < np.abs(before[off]).max()


def test_the_toys_gradient_is_the_difference_quotient() -> None:
    chance = random.Random(3)
    images, texts = ([[chance.gauss(0, 1) for _ in range(3)] for _ in range(4)] for _side in range(2))
    _loss, at_images, at_texts = _clip.loss_and_gradients(images, texts, 5.0)
    for rows, gradient in ((images, at_images), (texts, at_texts)):
        for i, j in product(range(4), range(3)):
            kept, values = rows[i][j], []
            for step in (1e-5, -1e-5):
                rows[i][j] = kept + step
                values.append(_clip.loss_and_gradients(images, texts, 5.0)[0])
            rows[i][j] = kept
            assert gradient[i][j] == pytest.approx((values[0] - values[1]) / 2e-5, abs=1e-8)


def test_the_sliders_start_from_what_the_stills_say(drawn: dict[str, str]) -> None:
    temperature = ElementTree.fromstring(drawn["clip_temperature"])
    assert temperature.get("data-cosines") == ",".join(map(str, COSINES))
    vanishing = ElementTree.fromstring(drawn["vanishing"])
    assert len((vanishing.get("data-spans") or "").split(";")) == 3
    assert float(vanishing.get("data-left") or 0) < float(vanishing.get("data-right") or 0) <= 460

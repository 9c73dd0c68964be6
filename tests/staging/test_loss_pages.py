"""The hand-written pages of the losses: one content in two languages, and no number that was not computed."""

from __future__ import annotations

import math
import re
import shutil
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest
from study import NOW, write_study

from grader import losses
from grader.staging.build import stage
from grader.staging.figures import _transport
from grader.staging.figures._clip import loss_and_gradients, softmax
from grader.staging.figures.emd_plan import P, Q
from tests import formulas

FOLDER = Path(__file__).parents[2] / "site" / "content" / "losses"
FILES = {"ko": "{loss}.md", "en": "{loss}.en.md"}
SAME = {
    "levels of headings": r"^(#+) ",
    "displayed formulas": r"\$\$\n([\s\S]+?)\n\$\$",
    "figures and sliders": r"^\{\{ .* \}\}$",
    "steps": r"^\*\*(?:Step )?(\d)(?:단계)?\.",
    "rows of tables": r"^(\|)",
    "items of lists": r"^(- )",
}
SAME_IN_ANY_ORDER = {
    "formulas in a line": r"(?<!\$)\$(?!\$)([^$\n]+)\$",
    "links": r"\]\((\S+?)\)",
    "numbers with a point": r"\d+\.\d+",
}


def prose(loss: str, lang: str) -> str:
    return (FOLDER / FILES[lang].format(loss=loss)).read_text(encoding="utf-8")


def example(loss: str, lang: str) -> str:
    """The worked example, which ends the page."""
    return prose(loss, lang).rpartition("\n## ")[2]


def test_every_loss_has_a_page_in_both_languages() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {
        name.format(loss=loss) for loss in losses.ids() for name in FILES.values()
    }


@pytest.mark.parametrize("loss", losses.ids())
@pytest.mark.parametrize("what", SAME)
def test_both_languages_have_the_same(what: str, loss: str) -> None:
    found = {lang: re.findall(SAME[what], prose(loss, lang), re.MULTILINE) for lang in FILES}
    assert found["ko"] == found["en"]


@pytest.mark.parametrize("loss", losses.ids())
@pytest.mark.parametrize("what", SAME_IN_ANY_ORDER)
def test_both_languages_have_the_same_in_any_order(what: str, loss: str) -> None:
    found = {lang: Counter(re.findall(SAME_IN_ANY_ORDER[what], prose(loss, lang))) for lang in FILES}
    assert found["ko"] == found["en"] and found["ko"]


@pytest.mark.parametrize("loss", losses.ids())
def test_a_page_is_in_its_own_language(loss: str) -> None:
    assert not re.search("[가-힣]", prose(loss, "en"))
    korean = re.sub(r"\$[^$]*\$|\]\(.*?\)", "", prose(loss, "ko"))
    assert len(re.findall("[가-힣]", korean)) > len(re.findall("[a-z]", korean))


# --- numbers ----------------------------------------------------------------------------------------------------------


def of_bce() -> Iterable[float]:
    costs = [-math.log(0.9), -math.log(1 - 0.2), -math.log(0.6)]
    yield from costs
    yield from (1 / (3 * 0.9), 1 / (3 * 0.8), 1 / (3 * 0.6))
    yield sum(costs) / 3
    yield from (-math.log(0.01), (costs[0] + costs[1] - math.log(0.01)) / 3, math.log(2))


def of_cce() -> Iterable[float]:
    right = (0.7, 0.6, 0.2)
    costs = [-math.log(p) for p in right]
    yield from costs
    yield from (1 / (3 * p) for p in right)
    yield sum(costs) / 3
    target, predicted = (0.9, 0.05, 0.05), (0.7, 0.2, 0.1)
    soft = -sum(t * math.log(p) for t, p in zip(target, predicted, strict=True))
    floor = -sum(t * math.log(t) for t in target)
    yield from (*(-math.log(p) for p in predicted), soft, floor, soft - floor, math.log(3))


def of_clip() -> Iterable[float]:
    images, texts = ((2.0, 0.0), (0.0, 1.0)), ((1.0, 1.0), (0.0, 3.0))
    half = math.sqrt(0.5)
    cosines = ((half, 0.0), (half, 1.0))
    yield half
    sides = []
    for axis in (1, 0):
        shares = softmax(cosines, axis)
        costs = [-math.log(shares[i][i]) for i in range(2)]
        sides.append(sum(costs) / 2)
        yield from (*costs, sides[-1])
    assert sum(sides) / 2 == pytest.approx(loss_and_gradients(images, texts, 1.0)[0])
    yield from (loss_and_gradients(images, texts, scale)[0] for scale in (1.0, 10.0, 100.0))


def of_emd() -> Iterable[float]:
    u, v = (0, 1, 5), (2, 3)
    spread = [point for point in u for _share in range(2)], [point for point in v for _share in range(3)]
    yield sum(abs(x - y) for x, y in zip(*spread, strict=True)) / 6


COMPUTED = {"bce": of_bce, "cce": of_cce, "clip": of_clip, "emd": of_emd}


@pytest.mark.parametrize("lang", FILES)
@pytest.mark.parametrize("loss", losses.ids())
def test_the_long_numbers_of_a_worked_example_are_those_computed(loss: str, lang: str) -> None:
    shown = set(re.findall(r"\d\.\d{4}(?!\d)", example(loss, lang)))
    assert shown == {f"{number:.4f}" for number in COMPUTED[loss]()}


@pytest.mark.parametrize("lang", FILES)
def test_the_table_of_emds_example_is_computed(lang: str) -> None:
    text = example("emd", lang)
    rows = dict(re.findall(r"^\| (\$.+?\$) \| (.+) \|$", text, re.MULTILINE))
    distribution = [[sum(masses[: place + 1], Fraction(0)) for place in range(len(P))] for masses in (P, Q)]
    gaps = [abs(p - q) for p, q in zip(*distribution, strict=True)]
    expected = {"$P$": P, "$Q$": Q, "$F_P$": distribution[0], "$F_Q$": distribution[1]}
    expected[r"$\lvert F_P - F_Q \rvert$"] = gaps
    assert {name: [Fraction(cell) for cell in cells.split(" | ")] for name, cells in rows.items()} == {
        name: list(values) for name, values in expected.items()
    }
    total = f"{float(sum(gaps)):g}"
    assert f"$W_1 = {' + '.join(f'{float(gap):g}' for gap in gaps[:-1])} = {total}$" in text
    moves = [
        rf"{float(mass):g} \cdot {abs(i - j)}"
        for i, row in enumerate(_transport.coupling(P, Q))
        for j, mass in enumerate(row)
        if mass
    ]
    assert f"{' + '.join(moves)} = {total}" in text
    means = [sum(place * mass for place, mass in enumerate(masses)) for masses in (P, Q)]
    assert all(f"{float(number):.1f}" in text for number in (*means, abs(means[0] - means[1])))


# --- the staged pages -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def english_pages(tmp_path_factory: pytest.TempPathFactory, build_cache: Path) -> dict[str, str]:
    """The loss pages of a Korean team's study staged in English, while CCE has no English page."""
    root = write_study(tmp_path_factory.mktemp("english") / "team", weeks=1)
    shutil.copytree(build_cache, root / "build")
    (root / "site").unlink()
    shutil.copytree(FOLDER.parents[1], root / "site")
    (root / "site" / "content" / "losses" / "cce.en.md").unlink()
    stage(root, language="en", now=NOW)
    return {path.stem: path.read_text(encoding="utf-8") for path in (root / "build" / "docs" / "losses").glob("*.md")}


@pytest.mark.parametrize("loss", ["bce", "clip", "emd"])
def test_an_english_page_has_no_korean_but_members_names(loss: str, english_pages: dict[str, str]) -> None:
    page = english_pages[loss]
    assert page.count('role="img"') > 10 and page.count('class="drawn" width') == 1 + (loss != "bce")
    ours = re.sub(r'<ul class="people">.*?</ul>', "", page, flags=re.DOTALL)
    assert re.findall(".{,30}[가-힣]+.{,30}", ours) == []


def test_a_loss_without_a_page_in_a_language_shows_the_korean_one(english_pages: dict[str, str]) -> None:
    assert {page for page, text in english_pages.items() if "강점과 약점" in text} == {"cce"}


def test_their_formulas_are_drawn_ahead() -> None:
    """A first build needs no MathJax for them; after a change, `python -m tests.formulas` draws them again."""
    assert formulas.FILE.read_text(encoding="utf-8") == formulas.drawn()

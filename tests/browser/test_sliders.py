"""The two pictures that can be moved: what the script reads off is what the figures' own modules compute."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from grader.staging.figures._clip import softmax
from grader.staging.figures._normals import apart
from grader.staging.figures.clip_temperature import COSINES


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 390, "height": 900})
    yield context.new_page()
    context.close()


def numbers(page: Any, selector: str) -> list[float]:
    return [float(text) for text in page.locator(selector).all_inner_texts()]


@pytest.mark.parametrize("steps", [0, 20, 50])
def test_the_normals_move_apart_by_keyboard(page: Any, address: str, steps: int) -> None:
    page.goto(address + "losses/emd/")
    slider = page.get_by_role("slider")
    slider.focus()
    for _press in range(steps):
        page.keyboard.press("ArrowRight")
    distance = float(slider.input_value())
    assert distance == pytest.approx(3 + steps / 10)
    there = apart(distance)
    slope = there.jensen_shannon_gradient
    shown = numbers(page, ".slider td:not(:empty)")
    assert shown == pytest.approx([distance, 1, there.jensen_shannon, slope, there.bce, slope], abs=6e-5)
    assert f"EMD {distance:.1f}" in slider.get_attribute("aria-valuetext")


def test_the_cursor_stands_at_the_ends_of_the_still_where_the_slider_does(page: Any, address: str) -> None:
    page.goto(address + "losses/emd/")
    still = page.locator(".slider svg[role=img]")
    slider = page.get_by_role("slider")
    for key, side in (("Home", "data-left"), ("End", "data-right")):
        slider.press(key)
        places = still.locator("line").evaluate_all("lines => lines.map(line => line.getAttribute('x1'))")
        assert [float(x) for x in places] == pytest.approx([float(still.get_attribute(side))] * 3)


@pytest.mark.parametrize("key", ["Home", "ArrowLeft", "End"])
def test_the_multiplier_sharpens_the_softmax(page: Any, address: str, key: str) -> None:
    page.goto(address + "losses/clip/")
    slider = page.get_by_role("slider")
    slider.press(key)
    shares = softmax(10 ** float(slider.input_value()) * np.array([COSINES]), 1)[0]
    shown = [float(text) for text in page.locator(".slider rect + text").all_text_contents()]
    assert shown == pytest.approx(shares, abs=6e-4)
    assert f"{-math.log(shares[0]):.4f}" in page.locator(".slider p").inner_text()


@pytest.mark.parametrize("loss", ["emd", "clip"])
def test_the_still_remains_without_scripts(browser: Any, address: str, loss: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{address}losses/{loss}/")
        assert page.locator(".slider svg[role=img]").is_visible()
        assert page.get_by_role("slider").count() == 0
    finally:
        context.close()

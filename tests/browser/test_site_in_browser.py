"""The built site as a browser shows it: every kind of page, wide and narrow, light and dark."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
PAGES = {
    "home": "",
    "weeks": "weeks/",
    "week": "weeks/week01/",
    "members": "members/",
    "member": "members/member01/",
    "report": "reports/member03/week01-bce/",
    "losses": "losses/",
    "loss with a slider": "losses/emd/",
    "loss": "losses/cce/",
    "loss with a map": "losses/clip/",
    "meetings": "meetings/",
    "activity": "activity/",
}
LOOKS = {"wide, light then dark": (1280, "light", "dark"), "phone, dark then light": (390, "dark", "light")}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""What axe asks that has another answer in another scheme."""
SHIFTS = """
window.shifted = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const moved = entry.sources.map((source) => source.node && (source.node.className || source.node.nodeName));
    if (!entry.hadRecentInput) window.shifted.push(`${entry.value.toFixed(4)}: ${moved.join(", ")}`);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


@dataclass
class Visit:
    """A page in the browser and everything that it said and asked for."""

    page: Any
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def go(self, address: str) -> None:
        self.page.goto(address, wait_until="load")
        self.page.wait_for_timeout(150)

    @property
    def strangers(self) -> list[str]:
        return [url for url in self.asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))]


@pytest.fixture
def desk(browser: Any) -> Iterator[Visit]:
    """A fresh context, wide and light."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield _watched(context)
    context.close()


def _watched(context: Any) -> Visit:
    page = context.new_page()
    made = Visit(page)
    page.add_init_script(SHIFTS)
    page.on("console", lambda message: made.said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: made.said.append(str(error)))
    page.on("dialog", lambda dialog: (made.said.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: made.asked.append(request.url))
    return made


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize(("width", "first", "then"), LOOKS.values(), ids=LOOKS.keys())
def test_a_page_is_sound(browser: Any, address: str, kind: str, width: int, first: str, then: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=first)
    try:
        visit = _watched(context)
        visit.go(address + PAGES[kind])
        assert visit.page.evaluate("window.shifted") == []
        assert visit.page.locator("h1").count() == 1
        _is_quiet_and_fits(visit, first)
        visit.page.add_script_tag(path=str(AXE))
        assert _not_accessible(visit.page, WCAG) == []
        # As a reader changes it, with the button in the header; a second visit of every page would show no more.
        visit.page.locator("[data-md-component=palette] label:visible").click()
        visit.page.wait_for_timeout(150)
        _is_quiet_and_fits(visit, then)
        assert _not_accessible(visit.page, OF_COLOURS) == []
    finally:
        context.close()


def _is_quiet_and_fits(visit: Visit, scheme: str) -> None:
    page = visit.page
    assert page.evaluate("document.body.dataset.mdColorScheme") == {"light": "default", "dark": "slate"}[scheme]
    assert page.evaluate("window.planted || ''") == ""
    assert visit.said == []
    assert visit.strangers == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def _not_accessible(page: Any, asked: list[str]) -> list[str]:
    """What axe finds serious or critical, asked by tags or by rules."""
    found = page.evaluate("asked => axe.run(document, { runOnly: asked, resultTypes: ['violations'] })", asked)
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_a_page_arrives_slowly(browser: Any, slow_address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    try:
        page = context.new_page()
        page.add_init_script(SHIFTS)
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 3})
        for kind in ("home", "weeks", "week", "report"):
            page.goto(slow_address + PAGES[kind], wait_until="load")
            page.wait_for_timeout(150)
            assert page.evaluate("window.shifted") == [], kind
    finally:
        context.close()


@pytest.mark.parametrize("words", ["손실", "손실은", "이동거리", "엔트로피", "엔트로피를", "EMD", "우석", "clip"])
def test_search_finds(desk: Visit, address: str, words: str) -> None:
    desk.go(address)
    field = desk.page.locator(".md-search__input")
    field.click()
    field.fill(words)
    field.dispatch_event("keyup")
    results = desk.page.locator(".md-search-result__item")
    results.first.wait_for(timeout=10_000)
    assert results.count() >= 1
    assert desk.page.evaluate("window.planted || ''") == ""
    assert desk.said == []


def test_planted_scripts_do_not_run_from_search_results(desk: Visit, address: str) -> None:
    desk.go(address)
    for words in ("첫", "세준", "코딩황제들", "script", "onerror"):
        field = desk.page.locator(".md-search__input")
        field.click()
        field.fill(words)
        field.dispatch_event("keyup")
        desk.page.wait_for_timeout(250)
    assert desk.page.evaluate("window.planted || ''") == ""
    assert desk.said == []


def test_every_page_of_the_hostile_study_is_quiet(desk: Visit, address: str, site: Path) -> None:
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("index.html"))
    for path in pages:
        desk.go(address + path)
        # What opens on a click is looked into as well.
        desk.page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
        assert desk.page.evaluate("window.planted || ''") == "", path
    assert desk.said == []
    assert desk.strangers == []


def test_home_is_light(desk: Visit, address: str) -> None:
    """With its styles, its scripts and the search index, compressed as hosts of static pages send them."""
    desk.go(address)
    desk.page.wait_for_load_state("networkidle")
    loaded = {url for url in desk.asked if url.startswith(address)}
    assert len(loaded) > 5
    sent = {url: len(gzip.compress(desk.page.request.get(url).body())) for url in loaded}
    assert 20_000 < sum(sent.values()) < 500_000, sent


def test_the_matrix_leads_to_the_report_by_keyboard(desk: Visit, address: str) -> None:
    desk.go(address)
    desk.page.locator("table.matrix a.cell.passed, table.matrix a.cell.failed").first.focus()
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url("**/reports/**")
    assert desk.page.locator("table.checks").count() == 1


def test_the_matrix_says_everything_without_colour(desk: Visit, address: str) -> None:
    desk.go(address)
    cells = desk.page.locator("table.matrix a.cell")
    texts = cells.all_text_contents()
    assert len(texts) == 12
    assert all(any(loss in text for loss in ("bce", "cce", "clip", "emd")) for text in texts)
    states = {cell.get_attribute("class").split()[1]: cell.text_content().strip()[0] for cell in cells.all()}
    assert len(set(states.values())) == len(states)


def test_every_link_and_anchor_leads_somewhere(site: Path) -> None:
    from html.parser import HTMLParser
    from urllib.parse import unquote, urljoin, urlsplit

    class Links(HTMLParser):
        def __init__(self, text: str) -> None:
            super().__init__()
            self.links: list[str] = []
            self.ids: set[str] = set()
            self.feed(text)

        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            found = dict(attributes)
            self.ids |= {name for name in (found.get("id"), found.get("name")) if name}
            self.links += [link for link in (found.get("href"), found.get("src")) if link and tag != "use"]

    pages = {path: Links(path.read_text(encoding="utf-8")) for path in site.rglob("index.html")}
    broken = []
    for path, found in pages.items():
        here = "/" + path.parent.relative_to(site).as_posix().removeprefix(".") + "/"
        for link in found.links:
            parts = urlsplit(urljoin("http://site" + here.replace("//", "/"), link))
            if parts.netloc != "site":
                continue
            target = site / unquote(parts.path).lstrip("/")
            target = target / "index.html" if parts.path.endswith("/") else target
            # As browsers look it up: an id that is the fragment as it is written, else as it is meant.
            anchors = {parts.fragment, unquote(parts.fragment)}
            if not target.is_file():
                broken.append(f"{here}: {link}")
            elif parts.fragment and target in pages and not anchors & pages[target].ids:
                broken.append(f"{here}: {link} (no such anchor)")
    assert broken == []


def test_a_page_works_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(address)
        assert page.locator("table.matrix").is_visible()
        page.goto(address + PAGES["week"])
        assert page.get_by_role("heading", level=1).is_visible()
    finally:
        context.close()


@pytest.mark.parametrize("loss", ["emd", "clip"])
def test_a_slider_moves_what_it_is_about(desk: Visit, address: str, loss: str) -> None:
    desk.go(f"{address}losses/{loss}/")
    box = desk.page.locator(".slider")
    handle = box.locator("input[type=range]")
    handle.focus()
    before = box.inner_text()
    for _step in range(5):
        desk.page.keyboard.press("ArrowRight")
    assert box.inner_text() != before
    assert desk.said == []


@pytest.mark.parametrize("loss", ["emd", "clip"])
def test_the_still_remains_without_scripts(browser: Any, address: str, loss: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{address}losses/{loss}/")
        assert page.locator(".slider svg").first.is_visible()
        assert page.locator(".slider input").count() == 0
    finally:
        context.close()

"""Formulas as inline SVG, made when the site is built: no script and no font in the page, and a wrong one is a message.

MathJax 4 runs inside QuickJS (`quickjax`). What it draws is kept by content in one file. Its glyph outlines are taken
out of each formula and given once a page (`glyph_sheet`), which makes a page with sixty formulas five times lighter.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.messages import gettext as _

# Macros of blog editors that arrive with pasted formulas; MathJax does not know them and they mean nothing.
_EDITOR_MACROS = r"\def\combi#1{#1}\def\placeholder#1{#1}"
_GLYPH = re.compile(r'<path id="MJX-\d+-([^"]+)" d="([^"]*)"\s*/>')
_USE = re.compile(r'(xlink:)?href="#MJX-\d+-([^"]+)"')
_ERROR = re.compile(r'data-mjx-error="([^"]*)"')
_UNDEFINED = re.compile(r'<g data-mml-node="mtext"(?=[^>]* fill="red")[^>]*? data-latex="(\\[^"]+)"')
# A definition would stay in the renderer and change every later formula; these get one of their own.
_DEFINES = re.compile(
    r"\\(?:[egx]?def|let|(?:re)?new(?:command|environment)|Declare|provide|require|math(?:char|code)|catcode)"
)
_TAG = re.compile(r"<\s*/?\s*([A-Za-z!?][^\s/>]*)")
_HREF = re.compile(r"""\bhref\s*=\s*(?!"#g-[^"]*")""")
_TAGS = re.compile(r"<[A-Za-z][^>]*>")
_UNTRUSTED = re.compile(r' (?:on[a-z]+|class|id|style|data-[\w-]+)="[^"]*"')
_DRAWN_TAGS = frozenset({"svg", "g", "use", "path", "rect", "line", "text", "polygon", "polyline", "circle", "ellipse"})
_LONGEST = 8_000
_SECONDS = 5
_NOT_DRAWN = re.compile(
    r' (?:data-(?:mml-node|mjx-texclass|latex|c|variant|semantic-[a-z]+)|focusable|xmlns(?::xlink)?)="[^"]*"'
)
_DEFS = re.compile(r"<defs>.*?</defs>|<defs/>", re.DOTALL)
_VERSION = "4"


@dataclass(frozen=True)
class Formula:
    """One drawn formula, or why it could not be drawn."""

    svg: str
    """Without glyph outlines: it refers to those of the page's `glyph_sheet`."""
    glyphs: tuple[str, ...]
    """Ids of the outlines that it needs."""
    error: str = ""


@dataclass
class Formulas:
    """Draws formulas and remembers them in `cache`, a JSON file; `ahead` is such a file that came with the site."""

    cache: Path
    ahead: Path | None = None
    _drawn: dict[str, dict[str, Any]] = field(default_factory=dict)
    _outlines: dict[str, str] = field(default_factory=dict)
    _renderer: Any = None
    _changed: bool = False

    def __post_init__(self) -> None:
        for file in (self.ahead, self.cache):
            if file is None:
                continue
            try:
                kept = json.loads(file.read_text(encoding="utf-8"))
                if kept["version"] == _VERSION:
                    drawn, outlines = dict(kept["drawn"]), dict(kept["outlines"])
                    self._drawn |= drawn
                    self._outlines |= outlines
            except (OSError, ValueError, KeyError, TypeError):
                # They are drawn anew.
                continue

    def draw(self, tex: str, *, display: bool) -> Formula:
        """The formula in TeX (without dollars) as SVG; `error` says what is wrong with it, in TeX's own words."""
        key = hashlib.sha256(f"{display}\0{tex}".encode()).hexdigest()[:24]
        if key not in self._drawn:
            self._drawn[key] = self._draw(tex.strip(), display)
            self._changed = True
        kept = self._drawn[key]
        return Formula(kept["svg"], tuple(kept["glyphs"]), kept["error"])

    def glyph_sheet(self, glyphs: set[str]) -> str:
        """The outlines that the formulas of one page share, as one invisible SVG; empty when there are none."""
        if not glyphs:
            return ""
        paths = "".join(f'<path id="g-{glyph}" d="{self._outlines[glyph]}"/>' for glyph in sorted(glyphs))
        return f'<svg class="glyphs" width="0" height="0" aria-hidden="true"><defs>{paths}</defs></svg>'

    def share(self) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
        """Everything drawn, for `take` in another process."""
        return (self._drawn, self._outlines) if self._changed else ({}, {})

    def take(self, shared: tuple[dict[str, dict[str, Any]], dict[str, str]]) -> None:
        """Keep what another process drew as well."""
        self._changed = self._changed or bool(shared[0])
        self._drawn.update(shared[0])
        self._outlines.update(shared[1])

    def save(self) -> None:
        """Keep what was drawn for the next run."""
        if self._changed:
            self.cache.parent.mkdir(parents=True, exist_ok=True)
            kept = {"version": _VERSION, "drawn": self._drawn, "outlines": self._outlines}
            self.cache.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
            self._changed = False

    def _draw(self, tex: str, display: bool) -> dict[str, Any]:
        if len(tex) > _LONGEST:
            return _failed(_("the formula is longer than {most} characters").format(most=_LONGEST))
        renderer = self._renderer
        if renderer is None or _DEFINES.search(tex):
            renderer = _new_renderer()
        try:
            svg = str(renderer.render(tex, display=display))
        except Exception as error:  # quickjax hands on whatever its engine raises (syntax, time, memory)
            self._renderer = None
            return _failed(str(error).splitlines()[0])
        self._renderer = self._renderer if _DEFINES.search(tex) else renderer
        if wrong := _ERROR.search(svg):
            return _failed(html.unescape(wrong[1]))
        if undefined := _UNDEFINED.search(svg):
            return _failed(_("undefined control sequence {name}").format(name=html.unescape(undefined[1])))
        found = dict(_GLYPH.findall(svg))
        body = _USE.sub(r'href="#g-\2"', _DEFS.sub("", svg, count=1))
        body = _NOT_DRAWN.sub("", body)
        root, rest = body[: body.index(">") + 1], body[body.index(">") + 1 :]
        # \\style, \\class and the like put attributes of their author's choice on any element but the root.
        body = root + _TAGS.sub(lambda tag: _UNTRUSTED.sub("", tag[0]), rest)
        if set(_TAG.findall(body)) - _DRAWN_TAGS or _HREF.search(body):
            return _failed(_("links and pictures are not drawn in formulas"))
        self._outlines.update(found)
        label = html.escape(" ".join(tex.split()), quote=True)
        body = body.replace('role="img"', f'role="img" aria-label="{label}"', 1)
        return {"svg": body, "glyphs": sorted(found), "error": ""}


def _new_renderer() -> Any:
    from quickjax import MathJaxRenderer

    renderer = MathJaxRenderer()
    # The library offers no limit of its own, and a formula may define a macro that never ends.
    renderer._ctx.set_time_limit(_SECONDS)
    renderer.render(_EDITOR_MACROS)
    return renderer


def _failed(message: str) -> dict[str, Any]:
    return {"svg": "", "glyphs": [], "error": message}

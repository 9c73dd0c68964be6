"""Notes as they are written in Obsidian, and the site's own prose, to HTML that holds nothing but what it may hold.

comrak reads the Markdown (CommonMark and GFM, bold that touches Hangul, formulas, source positions); what a member
wrote passes nh3; then one walk over the clean HTML puts in what needs the site: formulas, links and pictures of the
vault, callouts, highlighted code, anchors. Everything that is wrong is marked where it stands and told with its line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias
from urllib.parse import unquote

import nh3

from grader.messages import N_
from grader.messages import gettext as _
from grader.staging.code import highlighted
from grader.staging.math import Formulas
from grader.staging.pictures import PictureError, Pictures
from grader.staging.problems import Problem
from grader.staging.text import in_html, in_markdown, nfc, no_fences, path_in_url, slug, web_address
from grader.staging.vault import PICTURES, Vault

Link = Callable[[str, str], str]
"""A staged page or file and an anchor (or "") to a relative address."""


@dataclass(frozen=True)
class Place:
    """Where a text comes from and where it is shown."""

    file: str
    """For messages: `solutions/sejun/week01/notes.md`."""
    link: Link
    prefix: str
    """Of every anchor in it, so that two notes on one page do not share any."""
    vault: Vault | None = None
    note: str = ""
    """Its path in the vault."""
    pages: Mapping[str, str] = field(default_factory=dict)
    """What a Markdown link to a file may mean: `cce.md` → `losses/cce.md`."""
    inserts: Mapping[str, str] = field(default_factory=dict)
    """What a line such as `{{ figure: transport }}` is replaced by."""
    shift: int = 2
    """How many levels the headings go down."""
    trusted: bool = False
    """The site's own prose: any HTML, and headings that the page's table of contents shows."""
    line_of: Callable[[int], int] = int
    """A line of the text to its line in `file`, where they are not the same. Asked only when something is wrong."""


@dataclass
class Rendered:
    """A text as HTML."""

    html: str = ""
    glyphs: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    attachments: set[str] = field(default_factory=set)
    """Vault paths of files that the text links to, pictures aside."""


_TAGS = frozenset(
    {
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "center",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    }
)
_ATTRIBUTES = {
    "*": {"lang"},
    "a": {"href", "title", "id", "data-footnote-ref", "data-footnote-backref", "data-sourcepos"},
    "abbr": {"title"},
    "code": {"class"},
    "details": {"open"},
    "img": {"src", "alt", "title", "width", "height", "data-sourcepos"},
    "input": {"type", "checked"},
    "li": {"id"},
    "ol": {"start"},
    "section": {"data-footnotes"},
    "span": {"data-math-style", "data-sourcepos"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
}
_CALLOUTS = {
    **dict.fromkeys(("note",), "note"),
    **dict.fromkeys(("abstract", "summary", "tldr"), "abstract"),
    **dict.fromkeys(("info", "todo"), "info"),
    **dict.fromkeys(("tip", "hint", "important"), "tip"),
    **dict.fromkeys(("success", "check", "done"), "success"),
    **dict.fromkeys(("question", "help", "faq"), "question"),
    **dict.fromkeys(("warning", "caution", "attention"), "warning"),
    **dict.fromkeys(("failure", "fail", "missing"), "failure"),
    **dict.fromkeys(("danger", "error"), "danger"),
    "bug": "bug",
    "example": "example",
    **dict.fromkeys(("quote", "cite"), "quote"),
}
_CALLOUT_TITLES = {
    "note": N_("Note"),
    "abstract": N_("Summary"),
    "info": N_("Info"),
    "tip": N_("Tip"),
    "success": N_("Done"),
    "question": N_("Question"),
    "warning": N_("Warning"),
    "failure": N_("Failure"),
    "danger": N_("Danger"),
    "bug": N_("Bug"),
    "example": N_("Example"),
    "quote": N_("Quote"),
}

# One alternative for each thing in which the later ones mean nothing; `keep` is left as it stands.
_SYNTAX = re.compile(
    r"""
      (?P<fence>^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(?P<ticks>`{3,}|~{3,})[^\n]*
          (?:\n(?:[^\n]*\n)*?[ \t>]*(?P=ticks)[`~]*[ \t]*$|[\s\S]*\Z))
    | (?P<code>(?P<run>`+)(?!`)(?:(?!\n[ \t]*\n)[\s\S])+?(?<!`)(?P=run)(?!`))
    | (?P<escaped>\\[\[\]!$%~`{])
    | (?P<display>\$\$[\s\S]+?\$\$)
    | (?P<inline>(?<![\w$])\$(?=[^\s$])(?:[^$\n\\]|\\.)+?(?<=\S)\$(?!\d))
    | (?P<comment>%%[\s\S]*?%%)
    | (?P<embed>!\[\[(?P<shown>[^\[\]\n]+)\]\])
    | (?P<wiki>\[\[(?P<target>[^\[\]\n]+)\]\])
    | (?P<insert>^\{\{[ ]*(?P<directive>[a-z]+:[ ]*[\w-]+)[ ]*\}\}[ \t]*$)
    | (?P<address><?https?://[^\s<>]+>?)
    | (?P<tilde>(?<!~)~(?!~))
    """,
    re.VERBOSE | re.MULTILINE,
)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
Token: TypeAlias = tuple[str, str, str, str]
"""A tag or a piece of text: the whole of it, then of a tag `/` if it closes, its name and its attributes."""
_TOKEN = re.compile(r'(<(/?)([A-Za-z][A-Za-z0-9]*)((?:[^>"]|"[^"]*")*)>|<!--.*?-->|[^<]+|<)', re.DOTALL)
_ATTRIBUTE = re.compile(r'([A-Za-z-]+)(?:="([^"]*)")?')
_HELD = re.compile("\ue000(\\d+)\ue001")
_CALLOUT = re.compile(r"\[!([A-Za-z-]+)\]([-+]?)[ \t]*")
_SIZE = re.compile(r"(\d{1,4})(?:x(\d{1,4}))?\Z")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_SOURCE_POSITION = re.compile(r' data-sourcepos="[^"]*"')


@cache
def _options() -> tuple[Any, Any, Any]:
    import comrak

    extension = comrak.ExtensionOptions()
    for name in (
        "table",
        "strikethrough",
        "footnotes",
        "math_dollars",
        "tasklist",
        "highlight",
        "autolink",
        "cjk_friendly_emphasis",
    ):
        setattr(extension, name, True)
    render = comrak.RenderOptions()
    render.unsafe_ = True  # raw HTML comes out whole; nh3 decides on it
    render.hardbreaks = True
    render.sourcepos = True
    return extension, comrak.ParseOptions(), render


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        clean_content_tags={"script", "style"},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def anchors(text: str, prefix: str) -> dict[str, str]:
    """The headings of a note, each with its anchor, in order; fences are no headings."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    fence = ""
    for line in text.splitlines():
        stripped = line.strip()
        if fence:
            fence = "" if stripped.startswith(fence) and not stripped.strip(fence[0]) else fence
        elif stripped.startswith(("```", "~~~")):
            fence = stripped[:3]
        elif heading := _HEADING.match(line):
            title = _plain(heading[2])
            found.setdefault(title, _unused(f"{prefix}{slug(title)}", taken))
    return found


def _plain(heading: str) -> str:
    return " ".join(nfc(re.sub(r"[*_`=~$\[\]#]", "", heading)).split())


def _unused(anchor: str, taken: set[str]) -> str:
    unused, number = anchor, 1
    while unused in taken:
        unused, number = f"{anchor}-{number}", number + 1
    taken.add(unused)
    return unused


class Renderer:
    """Turns texts into HTML; owns what is shared between them (formulas, pictures)."""

    def __init__(self, formulas: Formulas, pictures: Pictures) -> None:
        self.formulas = formulas
        self.pictures = pictures

    def render(self, text: str, place: Place) -> Rendered:
        """The text as HTML; problems carry the lines of `text`."""
        return _Walk(self, place, nfc(text).replace("\r\n", "\n")).run()


@dataclass(frozen=True)
class _Held:
    """Something set aside before the Markdown is read."""

    source: str
    line: int
    kind: str
    value: str


class _Walk:
    """One text on its way."""

    def __init__(self, renderer: Renderer, place: Place, text: str) -> None:
        self.renderer = renderer
        self.place = place
        front = _FRONT_MATTER.match(text)
        self.skipped = front[0].count("\n") if front else 0
        self.text = (text[front.end() :] if front else text).replace("\ue000", "�").replace("\ue001", "�")
        self.held: list[_Held] = []
        self.out: list[str] = []
        self.result = Rendered()
        self.taken: set[str] = set()
        self.tables = {n for n, line in enumerate(self.text.split("\n"), 1) if line.lstrip(" \t>").startswith("|")}

    def run(self) -> Rendered:
        import comrak

        markdown = _SYNTAX.sub(self._hold, self.text)
        markup = comrak.render_markdown(markdown, *_options())
        if not self.place.trusted:
            markup = _cleaner().clean(markup)
        self._walk(markup)
        self.result.html = no_fences("".join(self.out))
        return self.result

    # --- before the Markdown is read ---

    def _hold(self, match: re.Match[str]) -> str:
        kind = match.lastgroup if match.lastgroup in ("escaped", "tilde", "address", "comment") else None
        kind = kind or next(name for name in _KINDS if match[name] is not None)
        whole = match[0]
        if kind in ("fence", "code", "escaped", "address", "display"):
            return whole
        line = self.text.count("\n", 0, match.start()) + 1
        if kind == "inline":
            return re.sub(r"(?<!\\)\|", r"\\vert ", whole) if line in self.tables else whole
        if kind == "tilde":
            return r"\~"
        value = {"embed": match["shown"], "wiki": match["target"], "insert": match["directive"], "comment": ""}[kind]
        if kind == "insert" and not self.place.trusted:
            return whole
        self.held.append(_Held(whole, line + self.skipped, kind, (value or "").replace("\\|", "|")))
        # Lines that a comment spans stay, so that what follows keeps its line numbers.
        return f"\ue000{len(self.held) - 1}\ue001" + "\n" * (whole.count("\n") if kind == "comment" else 0)

    # --- over the clean HTML ---

    def _walk(self, markup: str) -> None:
        tokens: list[Token] = _TOKEN.findall(markup)
        position = 0
        closers: list[str] = []
        depth = 0
        while position < len(tokens):
            text, close, tag, written = tokens[position]
            position += 1
            if not tag:
                self.out.append(self._restored(text, escape=True) if text.startswith("<") else self._text(text))
                continue
            closing = bool(close)
            if tag not in _SPECIAL or (closing and tag != "blockquote"):
                if tag in _CONTAINERS:
                    depth += -1 if closing else 1
                self.out.append(self._through(tag, text, closing))
                continue
            attributes = dict(_ATTRIBUTE.findall(written))
            line = self._line(attributes)
            if tag == "blockquote":
                if closing:
                    self.out.append(closers.pop() if closers else text)
                    depth -= 1
                    continue
                position, opened, closer = self._blockquote(tokens, position)
                self.out.append(opened)
                closers.append(closer)
                depth += 1
                continue
            if tag == "p" and self._is_insert(tokens, position):
                self.out.append(self._text(tokens[position][0]))
                position += 2
            elif tag == "span" and "data-math-style" in attributes:
                position, tex = _inner(tokens, position, "span")
                self.out.append(self._formula(tex, attributes["data-math-style"] == "display", line))
            elif tag == "pre":
                position, code = _inner(tokens, position, "pre")
                self.out.append(self._code(code))
            elif tag == "code":
                position, code = _inner(tokens, position, "code")
                self.out.append(f"<code>{self._restored(code, escape=True)}</code>")
            elif tag == "a":
                self.out.append(self._anchor(attributes, line))
            elif tag == "img":
                self.out.append(self._image(attributes, line))
            elif tag == "input":
                self.out.append(_checkbox("checked" in attributes))
            elif re.fullmatch("h[1-6]", tag):
                position, inside = _between(tokens, position, tag)
                self._heading(int(tag[1]), inside, at_top=depth == 0)
            else:
                self.out.append(self._plain_tag(text))

    def _through(self, tag: str, text: str, closing: bool) -> str:
        """A tag that is kept; a table gets a frame that scrolls, with the keyboard too."""
        if tag == "table":
            frame = (
                f'<div class="table-scroll" tabindex="0" role="group" aria-label="{_("table")}"><table class="plain">'
            )
            return "</table></div>" if closing else frame
        return text if closing else self._plain_tag(text)

    def _line(self, attributes: Mapping[str, str]) -> int:
        start = attributes.get("data-sourcepos", "").partition(":")[0]
        if start.isdigit():
            return int(start) + self.skipped
        # The reader gives no place to what is written as HTML, so its address is looked for.
        address = html.unescape(attributes.get("src") or attributes.get("href") or "")
        found = re.search(rf"""(?:src|href)\s*=\s*["']?\s*{re.escape(address)}""", self.text) if address else None
        return self.text.count("\n", 0, found.start() if found else 0) + 1 + self.skipped

    def _plain_tag(self, text: str) -> str:
        if " " not in text:
            return text
        text = _SOURCE_POSITION.sub("", text)
        if not self.place.trusted and " id=" in text:
            text = re.sub(r' id="([^"]*)"', lambda found: f' id="{self.place.prefix}{found[1]}"', text)
        return self._restored(text, escape=True)

    def _restored(self, text: str, *, escape: bool) -> str:
        """What was set aside, put back as it was written: it stood in code or in an attribute."""

        def source(match: re.Match[str]) -> str:
            held = self.held[int(match[1])].source
            return html.escape(held) if escape else held

        return _HELD.sub(source, text) if "\ue000" in text else text

    def _text(self, text: str) -> str:
        return _HELD.sub(lambda match: self._put(self.held[int(match[1])]), text) if "\ue000" in text else text

    def _put(self, held: _Held) -> str:
        if held.kind == "comment":
            return ""
        if held.kind == "insert":
            name = " ".join(held.value.split())
            if name in self.place.inserts:
                return self.place.inserts[name]
            return self._broken(held.source, held.line, _("nothing is called {name} here").format(name=f"'{name}'"))
        target, *labels = (part.strip() for part in held.value.split("|"))
        if held.kind == "embed" and _suffix(target) in PICTURES:
            return self._embedded(target, labels, held)
        return self._wiki_link(target, labels[-1] if labels else "", held)

    def _is_insert(self, tokens: list[Token], position: int) -> bool:
        held = _HELD.fullmatch(tokens[position][0].strip()) if position < len(tokens) else None
        return held is not None and self.held[int(held[1])].kind == "insert"

    # --- links and pictures ---

    def _embedded(self, target: str, labels: list[str], held: _Held) -> str:
        size = _SIZE.fullmatch(labels[-1]) if labels else None
        caption = labels[0] if labels and not (size and len(labels) == 1) else ""
        path = self.place.vault.file(target, self.place.note) if self.place.vault else None
        if path is None:
            return self._broken(held.source, held.line, _("no picture is called {name}").format(name=f"'{target}'"))
        return self._picture(path, caption or target.rsplit("/", 1)[-1].rsplit(".", 1)[0], caption, size, held.line)

    def _picture(self, path: str, alt: str, caption: str, size: re.Match[str] | None, line: int) -> str:
        assert self.place.vault is not None
        try:
            picture = self.renderer.pictures.of(path, self.place.vault.files[path])
        except PictureError as error:
            return self._broken(path, line, str(error))
        width, height = picture.width, picture.height
        if size:
            width, height = int(size[1]), int(size[2] or round(int(size[1]) * height / max(width, 1)))
        source = picture.data_uri or path_in_url(self.place.link(picture.path, ""))
        image = (
            f'<img src="{html.escape(source)}" alt="{in_html(alt)}" width="{width}" height="{height}" loading="lazy">'
        )
        if not caption:
            return image
        return f'<span class="captioned">{image}<span class="caption">{in_html(caption)}</span></span>'

    def _wiki_link(self, target: str, label: str, held: _Held) -> str:
        name, _hash, heading = target.partition("#")
        shown = label or (target.replace("#", " › ").strip(" ›") if name else heading)
        if not name:
            address = self._own_heading(heading)
        elif _suffix(name) and self.place.vault and (path := self.place.vault.file(name, self.place.note)):
            try:
                address = self._file(path)
            except PictureError as error:
                return self._broken(shown, held.line, str(error))
        else:
            address = self._note_address(name, heading)
        if address is None:
            reason = _("nothing in the notes is called {name}").format(name=f"'{target}'")
            return self._broken(shown, held.line, reason)
        return f'<a href="{html.escape(address)}">{in_html(shown)}</a>'

    def _own_heading(self, heading: str) -> str | None:
        found = anchors(self.text, self.place.prefix).get(_plain(heading.split("#")[-1]))
        return f"#{found}" if found else None

    def _note_address(self, name: str, heading: str) -> str | None:
        note = self.place.vault.note(name, self.place.note) if self.place.vault else None
        if note is None:
            page = self.place.pages.get(name)
            return self.place.link(page, heading) if page else None
        if not heading or heading.startswith("^"):
            return self.place.link(note.page, note.anchor)
        assert self.place.vault is not None
        text = self.place.vault.files[note.path].read_text(encoding="utf-8", errors="replace")
        found = anchors(text, f"{note.anchor}-").get(_plain(heading.split("#")[-1]))
        return self.place.link(note.page, found) if found else None

    def _anchor(self, attributes: Mapping[str, str], line: int) -> str:
        href = html.unescape(self._restored(attributes.get("href", ""), escape=False))
        title = f' title="{attributes["title"]}"' if attributes.get("title") else ""
        if self.place.trusted and "href" not in attributes:
            return f'<a id="{attributes.get("id", "")}">'
        if "data-footnote-ref" in attributes or "data-footnote-backref" in attributes:
            label = _("back to the text") if "data-footnote-backref" in attributes else _("footnote")
            own = f' id="{self.place.prefix}{attributes["id"]}"' if attributes.get("id") else ""
            return f'<a href="#{self.place.prefix}{href[1:]}"{own} aria-label="{label}">'
        if web_address(href):
            return f'<a href="{html.escape(href)}"{title} rel="nofollow noopener">'
        if href.startswith("mailto:"):
            return f'<a href="{html.escape(href)}"{title}>'
        try:
            address = self._local(unquote(href))
        except PictureError as error:
            self._tell(line, str(error))
            return f'<a class="broken" title="{in_html(error)}">'
        if address is None:
            self._tell(line, _("the link leads nowhere: {address}").format(address=unquote(href) or "''"))
            return f'<a class="broken" title="{_("this link leads nowhere")}">'
        return f'<a href="{html.escape(address)}"{title}>'

    def _local(self, href: str) -> str | None:
        name, _hash, fragment = href.partition("#")
        if not name:
            found = anchors(self.text, self.place.prefix)
            known = fragment if fragment in found.values() else found.get(_plain(fragment))
            known = known or next((a for a in found.values() if a == f"{self.place.prefix}{slug(fragment)}"), None)
            return f"#{known}" if known else None
        if name in self.place.pages:
            return self.place.link(self.place.pages[name], fragment)
        if name.lower().endswith(".md"):
            return self._note_address(name.removesuffix(".md"), fragment)
        path = self.place.vault.file(name, self.place.note) if self.place.vault else None
        return self._file(path) if path else None

    def _file(self, path: str) -> str:
        """The address of a file of the vault; a picture's is that of the copy without metadata. Raises PictureError."""
        assert self.place.vault is not None
        if _suffix(path) not in PICTURES:
            self.result.attachments.add(path)
            return self.place.link(f"files/{path}", "")
        picture = self.renderer.pictures.of(path, self.place.vault.files[path])
        if not picture.path:
            raise PictureError(_("an SVG is shown in a page, never linked to, since it could hold a script"))
        return self.place.link(picture.path, "")

    def _image(self, attributes: Mapping[str, str], line: int) -> str:
        source = html.unescape(self._restored(attributes.get("src", ""), escape=False))
        alt = html.unescape(self._restored(attributes.get("alt", ""), escape=False))
        if web_address(source):
            # A picture of another host would tell that host who reads this page; a link does so only when asked.
            return f'<a href="{html.escape(source)}" rel="nofollow noopener">{in_html(alt or source)}</a>'
        if self.place.trusted:
            return f'<img src="{html.escape(source)}" alt="{in_html(alt)}">'
        label, bar, wanted = alt.rpartition("|")
        size = _SIZE.fullmatch(wanted.strip()) if bar or wanted.strip().isdigit() else None
        if size is None and attributes.get("width", "").isdigit():
            size = _SIZE.fullmatch("x".join(filter(None, (attributes["width"], attributes.get("height", "")))))
        path = self.place.vault.file(unquote(source), self.place.note) if self.place.vault else None
        if path is None or _suffix(path) not in PICTURES:
            return self._broken(
                alt or source, line, _("no picture is called {name}").format(name=f"'{unquote(source)}'")
            )
        return self._picture(path, label if size and bar else alt, "", size, line)

    # --- blocks ---

    def _heading(self, level: int, inside: list[Token], *, at_top: bool) -> None:
        before = self.out
        self.out = []
        self._walk("".join(token[0] for token in inside))
        content, self.out = "".join(self.out), before
        title = _plain(html.unescape(re.sub(r"<[^>]+>", "", _labelled(content))))
        anchor = _unused(f"{self.place.prefix}{slug(title)}", self.taken)
        level = min(level + self.place.shift, 6)
        if self.place.trusted and at_top:
            line = re.sub(r"<[^>]*>|[^<]+", lambda part: _in_heading(part[0]), content)
            self.out.append(f'\n\n{"#" * level} {line} {{ #{anchor} data-toc-label="{in_html(title)}" }}\n\n')
        else:
            self.out.append(f'<h{level} id="{anchor}">{content}</h{level}>')

    def _blockquote(self, tokens: list[Token], position: int) -> tuple[int, str, str]:
        """Where to go on, what opens it and what closes it: a callout when its first line says so."""
        start = position
        while start < len(tokens) and not tokens[start][0].strip():
            start += 1
        plain = (position, "<blockquote>", "</blockquote>")
        if start + 1 >= len(tokens) or tokens[start][2] != "p":
            return plain
        marked = _CALLOUT.match(tokens[start + 1][0])
        if marked is None:
            return plain
        kind = _CALLOUTS.get(marked[1].lower(), "note")
        first = [tokens[start + 1][0][marked.end() :]]
        end = start + 2
        while end < len(tokens) and tokens[end][1:3] not in (("", "br"), ("/", "p")):
            first.append(tokens[end][0])
            end += 1
        before, self.out = self.out, []
        self._walk("".join(first))
        title, self.out = "".join(self.out).strip() or _(_CALLOUT_TITLES[kind]), before
        # The paragraph went on below the title, or ended with it.
        went_on = end < len(tokens) and tokens[end][2] == "br"
        rest = "<p>" if went_on else ""
        if marked[2]:
            opened = " open" if marked[2] == "+" else ""
            return end + 1, f'<details class="{kind}"{opened}><summary>{title}</summary>{rest}', "</details>"
        return end + 1, f'<div class="admonition {kind}"><p class="admonition-title">{title}</p>{rest}', "</div>"

    def _code(self, markup: str) -> str:
        language = re.search(r'class="language-([\w+#.-]+)', markup)
        source = html.unescape(re.sub(r"<[^>]*>", "", self._restored(markup, escape=True)))
        return highlighted(source, language[1] if language else "")

    def _formula(self, markup: str, display: bool, line: int) -> str:
        tex = html.unescape(self._restored(markup, escape=True)).strip()
        drawn = self.renderer.formulas.draw(tex, display=display)
        if drawn.error:
            reason = _("the formula is wrong: {reason}").format(reason=drawn.error)
            return self._broken(f"$${tex}$$" if display else f"${tex}$", line, reason)
        self.result.glyphs.update(drawn.glyphs)
        kind = "math display" if display else "math"
        focus = f' tabindex="0" role="group" aria-label="{_("formula")}"' if display else ""
        return f'<span class="{kind}"{focus}>{drawn.svg}</span>'

    def _broken(self, shown: str, line: int, reason: str) -> str:
        self._tell(line, reason)
        return f'<span class="broken"><code>{in_html(shown)}</code> <small>{in_html(reason)}</small></span>'

    def _tell(self, line: int, message: str) -> None:
        self.result.problems.append(Problem(self.place.file, self.place.line_of(line), message))


_KINDS = ("fence", "code", "escaped", "display", "inline", "comment", "embed", "wiki", "insert", "address", "tilde")
_SPECIAL = frozenset({"blockquote", "p", "span", "pre", "code", "a", "img", "input"} | {f"h{n}" for n in range(1, 7)})
"""Elements that something is done with; all others go through as they are."""
_CONTAINERS = frozenset({"div", "section", "details", "table", "ul", "ol", "dl", "figure", "center"})
"""A heading inside one of these is not one of the page's own."""


def _inner(tokens: list[Token], position: int, tag: str) -> tuple[int, str]:
    """Everything up to the end of the element that has just begun, and the position behind it."""
    after, inside = _between(tokens, position, tag)
    return after, "".join(token[0] for token in inside)


def _between(tokens: list[Token], position: int, tag: str) -> tuple[int, list[Token]]:
    depth, start = 1, position
    while position < len(tokens):
        _text, close, name, _attributes = tokens[position]
        if name == tag:
            depth += -1 if close else 1
            if depth == 0:
                return position + 1, tokens[start:position]
        position += 1
    return position, tokens[start:position]


def _checkbox(checked: bool) -> str:
    label = _("done") if checked else _("not done")
    return f'<span class="task" role="img" aria-label="{label}">{"☑" if checked else "☐"}</span>'


def _labelled(markup: str) -> str:
    """The heading for a table of contents: a formula is its TeX there."""
    return re.sub(r'<svg[^>]*aria-label="([^"]*)"[^>]*>.*?</svg>', r"\1", markup, flags=re.DOTALL)


def _in_heading(part: str) -> str:
    return part if part.startswith("<") else str(in_markdown(html.unescape(part))) if part.strip() else part


def _suffix(path: str) -> str:
    return "." + path.rsplit(".", 1)[-1].lower() if "." in path.rsplit("/", 1)[-1] else ""

"""Text from people, made safe for the two places it goes to: HTML inside a Markdown file, and a Markdown line."""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import quote, urlsplit

from markupsafe import Markup

_MARKDOWN_SIGNS = re.compile(r"[!-/:-@\[-`{-~]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPECIAL = re.compile(r"[&<>\"'`~\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/~._-]*")
_NOT_IN_SLUG = re.compile(r"[^\w\- ]")


def nfc(text: str) -> str:
    """Composed Hangul: macOS hands out file names whose letters are split into jamo, and no link would match them."""
    return unicodedata.normalize("NFC", text)


def in_html(text: object) -> Markup:
    """Escaped for HTML that stands in a Markdown file.

    Fences are looked for before raw HTML is set aside, so backticks and tildes go too; control characters would end as
    Python-Markdown's own placeholders.
    """
    if isinstance(text, Markup):
        return text
    if _SPECIAL.search(plain := str(text)) is None:
        return Markup(plain)
    escaped = html.escape(_CONTROLS.sub("�", plain))
    return Markup(no_fences(escaped))


def no_fences(markup: str) -> str:
    """HTML whose lines can not be taken for a code fence."""
    return markup.replace("`", "&#96;").replace("~", "&#126;")


def in_markdown(text: object) -> Markup:
    """One line of Markdown that shows exactly `text`: every sign that could mean something becomes an entity."""
    line = " ".join(_CONTROLS.sub("�", str(text)).split())
    return Markup(_MARKDOWN_SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", line))


def slug(text: str) -> str:
    """An anchor that keeps Hangul: `정의와 유도` becomes `정의와-유도`."""
    return "-".join(_NOT_IN_SLUG.sub("", nfc(text).lower()).split()) or "section"


def web_address(url: str) -> str | None:
    """`url` when it leads to a web page (http or https with a host), else None."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.hostname else None


def path_in_url(path: str) -> str:
    """A relative path as it stands in a link: NFC, percent-encoded, slashes kept."""
    return path if _PLAIN_PATH.fullmatch(path) else quote(nfc(path), safe="/~-._")


_ADDRESS = re.compile(r"https?://[^\s<>()\"]+[^\s<>()\".,;:]|arXiv:\s?(\d{4}\.\d{4,5})")


def linked(text: str) -> Markup:
    """A line of a bibliography whose web addresses and arXiv numbers are links."""
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        address = f"https://arxiv.org/abs/{found[1]}" if found[1] else found[0]
        parts += [in_html(text[end : found.start()]), Markup('<a href="'), in_html(address)]
        parts += [Markup('" rel="noopener">'), in_html(found[0]), Markup("</a>")]
        end = found.end()
    return Markup("").join([*parts, in_html(text[end:])])

"""The templates of `site/templates`, with everything that they may call."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grader.messages import gettext, language, ngettext
from grader.staging import dates
from grader.staging.text import in_html, in_markdown, web_address


@cache
def environment(folder: Path, compiled: Path) -> Environment:
    """Templates escape what they print; a name that is not there is an error. `compiled` keeps them between runs."""
    compiled.mkdir(parents=True, exist_ok=True)
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        bytecode_cache=FileSystemBytecodeCache(str(compiled)),
        finalize=_printed,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update(_=_translated, ngettext=ngettext, web_address=web_address)
    made.filters.update(
        md=in_markdown,
        day=dates.day,
        moment=dates.moment,
        deadline=dates.deadline,
        clock=dates.clock,
        span=dates.span,
        hours=dates.hours,
        number=_number,
    )
    return made


def _printed(value: Any) -> Any:
    """Fences and control characters are escaped as well: the page is read as Markdown afterwards."""
    return value if isinstance(value, Markup) else in_html(value)


def _translated(message: str, **values: object) -> str:
    """A sentence in the reader's language, with its named places filled in; escaped only when printed."""
    found = _found(language(), message)
    return found.format(**values) if values else found


@cache
def _found(language: str, message: str) -> str:
    """A page has a hundred of these; looking one up costs more than everything else that is done with it."""
    return gettext(message)


def _number(value: float | None) -> str:
    """A score without a needless `.0`."""
    return "–" if value is None else f"{value:g}"

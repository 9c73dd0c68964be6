"""The templates of `site/templates`, with everything that they may call."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grader.messages import gettext, ngettext
from grader.staging import dates
from grader.staging.text import in_html, in_markdown, web_address

_SENTENCE = re.compile(r"""\{\{ _\((["'])([^"'\\{}]*)\1\)(\|md)? \}\}""")


class _TranslatedLoader(FileSystemLoader):
    """Puts in what is the same on each page while a template is read: a report has forty sentences, a year has many."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, file, up_to_date = super().get_source(environment, template)
        return _SENTENCE.sub(_put_in, source), file, up_to_date


def _put_in(found: re.Match[str]) -> str:
    sentence = gettext(found[2])
    return str(in_markdown(sentence) if found[3] else in_html(sentence))


@cache
def environment(folder: Path, compiled: Path, language: str) -> Environment:
    """Templates escape what they print; a name that is not there is an error. `compiled` keeps them between runs.

    `language` is the one in force, since compiled templates have its sentences in them.
    """
    compiled.mkdir(parents=True, exist_ok=True)
    made = Environment(
        loader=_TranslatedLoader(folder),
        autoescape=True,
        bytecode_cache=FileSystemBytecodeCache(str(compiled), f"{language}-%s.cache"),
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
    found = gettext(message)
    return found.format(**values) if values else found


def _number(value: float | None) -> str:
    """A score without a needless `.0`."""
    return "–" if value is None else f"{value:g}"

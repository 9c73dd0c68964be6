"""Source code as HTML in the classes that the theme colours."""

from __future__ import annotations

import html
import re
from functools import lru_cache


@lru_cache(maxsize=1024)
def highlighted(source: str, language: str = "") -> str:
    """A block of code; an unknown language is shown plain."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language) if language and len(source) < 100_000 else None
    except ClassNotFound:
        lexer = None
    inside = highlight(source, lexer, HtmlFormatter(nowrap=True)) if lexer else html.escape(source)
    return f'<div class="highlight"><pre tabindex="0"><code>{inside}</code></pre></div>'


def fenced(source: str, language: str, *, line_numbers: bool = False) -> str:
    """Markdown for a code block that no line of `source` can end early."""
    longest = max((len(run) for run in re.findall(r"`{3,}", source)), default=2)
    fence = "`" * (longest + 1)
    numbers = ' linenums="1"' if line_numbers else ""
    return f"{fence}{language}{numbers}\n{source.rstrip(chr(10))}\n{fence}"

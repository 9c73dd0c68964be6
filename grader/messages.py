"""Sentences in the reader's language: gettext catalogues in `grader/locale`, English in the source.

Write `_("ran {seconds:.1f} s, limit {limit:.1f} s").format(seconds=…, limit=…)`: the literal is the key, so that
`pybabel extract` finds it, and it is looked up when the sentence is made, never at import. A sentence that has to stand
in a table at module level is marked with `N_` and looked up with `_` where it is used.
"""

from __future__ import annotations

import gettext as _gettext
from functools import cache
from pathlib import Path

LANGUAGES = ("ko", "en")
_language = "en"


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    if language == "en":
        return _gettext.NullTranslations()
    return _gettext.translation("grader", Path(__file__).parent / "locale", languages=[language], fallback=False)


def set_language(language: str) -> None:
    """Choose the language of every later sentence; raises ValueError for one that has no catalogue."""
    global _language
    if language not in LANGUAGES:
        raise ValueError(f"no catalogue for language {language!r}; there are {', '.join(LANGUAGES)}")
    _language = language


def language() -> str:
    """The language in force, `ko` or `en`."""
    return _language


def gettext(message: str) -> str:
    """The sentence in the language in force; the English source text where the catalogue has none."""
    return _catalogue(_language).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """As gettext, for a sentence with a number in it."""
    return _catalogue(_language).ngettext(singular, plural, number)


def N_(message: str) -> str:  # noqa: N802  (the name that extraction tools look for)
    """Mark a literal for extraction without translating it yet."""
    return message

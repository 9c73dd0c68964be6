"""A mistake in `weeks/`, as data: where it is and a sentence; and the nearest valid name for a wrong one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import normalize

from grader.errors import PlanError
from grader.messages import gettext as _


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing that is wrong in one file; lines and columns count from 1, columns in characters."""

    file: str
    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.sentence}"


MOST_SHOWN = 200
"""Beyond that, the rest are counted: a file of another kind has as many mistakes as lines."""


def as_error(mistakes: Iterable[Mistake]) -> PlanError:
    """All of them as one error, a line each, sorted by place; the same mistake is said once."""
    ordered = sorted(set(mistakes))
    lines = [str(mistake) for mistake in ordered[:MOST_SHOWN]]
    if len(ordered) > MOST_SHOWN:
        lines.append(_("… and {count} more").format(count=len(ordered) - MOST_SHOWN))
    return PlanError("\n".join(lines))


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The valid name that `word` was probably meant to be, or None when none comes near."""
    from difflib import get_close_matches

    known = list(names)
    folded = {normalize("NFC", name).casefold(): name for name in known}
    wanted = normalize("NFC", word).casefold().strip()
    close = get_close_matches(wanted, folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def shown(value: object, width: int = 60) -> str:
    """A value as a message quotes it: on one line, without control characters, cut at `width` characters."""
    text = value if isinstance(value, str) else str(value)
    plain = "".join(character if character.isprintable() else "·" for character in text)
    return plain if len(plain) <= width else plain[: width - 1] + "…"


def unknown(what: str, word: str, names: Iterable[str]) -> str:
    """`unknown loss 'ccee'; did you mean 'cce'?`, or, when nothing is near, which names there are.

    Valid names are quoted as carefully as the wrong one: a member's id may itself be what is wrong in another file.
    """
    known = sorted(names)
    guess = nearest(word, known)
    found = shown(word)
    if guess is not None:
        return _("unknown {what} '{found}'; did you mean '{guess}'?").format(what=what, found=found, guess=shown(guess))
    if not known:
        return _("unknown {what} '{found}'; there are none yet").format(what=what, found=found)
    listed = ", ".join(map(shown, known[:12])) + (", …" if len(known) > 12 else "")
    return _("unknown {what} '{found}'; there are: {listed}").format(what=what, found=found, listed=listed)

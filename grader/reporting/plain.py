"""Text from a submission, made safe to print: no control characters, no escape sequences, no endless lines."""

from __future__ import annotations

import unicodedata

KEEP = {"\n", "\t"}


def printable(text: str, most: int = 2000) -> str:
    """The text with every control, format and surrogate character escaped, cut after `most` characters.

    A terminal obeys what it is sent: a submission must not be able to move the cursor over its own verdict, nor to
    turn the direction of the line around.
    """
    cut = text if len(text) <= most else text[:most] + " …"
    return "".join(
        character
        if character in KEEP or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in cut
    )

"""Text as a YAML scalar that every reader takes for the same text."""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"[^\W\d_](?:[\w .()/·~-]*[\w.)])?\Z")
_READ_OTHERWISE = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"})


def scalar(text: str) -> str:
    """On one line: plain where YAML 1.1 and 1.2 both take it for text, else in JSON's quotes, which are YAML's too."""
    if _PLAIN.match(text) and text.casefold() not in _READ_OTHERWISE:
        return text
    return "".join(
        character if character.isprintable() else f"\\U{ord(character):08x}"
        for character in json.dumps(text, ensure_ascii=False)
    )

"""What each check is worth and which ones a verdict rests on, unless a week's YAML says otherwise."""

from __future__ import annotations

from types import MappingProxyType

POINTS = MappingProxyType(
    {
        "load": 0.0,
        "value": 40.0,
        "gradient": 20.0,
        "stability": 10.0,
        "purity": 5.0,
        "device": 10.0,
        "originality": 5.0,
        "shapes": 5.0,
        "efficiency": 5.0,
    }
)
"""They add up to 100; those of `device` are shared out over the devices that were there."""

REQUIRED = frozenset({"load", "value", "gradient", "stability", "purity", "device", "originality"})
"""The others are scored, but a submission passes without them."""

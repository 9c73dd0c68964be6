"""When two gradings are the same one: the hash of what a week asks, and the key of a grading."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.plan.model import Assignment


def definition_of(assignment: Assignment) -> str:
    """Sixteen hexadecimal digits over everything in an assignment that decides about a verdict or a score."""
    return _hash(
        {
            "loss": assignment.loss,
            "stub": assignment.stub,
            "devices": list(assignment.devices or ()),
            "points": dict(assignment.points),
            "required": None if assignment.required is None else sorted(assignment.required),
        }
    )[:16]


def key_of(
    sha256: str, definition: str, versions: Mapping[str, str], seed: int | None, devices: Sequence[str] = ()
) -> str:
    """The key of one grading: source, definition, versions, the seed and the devices that were asked for."""
    return _hash(
        {
            "sha256": sha256,
            "definition": definition,
            "versions": dict(versions),
            "seed": seed,
            "devices": list(devices),
        }
    )


def _hash(value: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=True).encode("ascii")).hexdigest()

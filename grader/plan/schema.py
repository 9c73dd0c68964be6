"""JSON Schemas of `weeks/`, by which editors complete and check while one types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from grader import losses
from grader.plan.model import Team, Week

_MODELS: dict[str, type[BaseModel]] = {"team.json": Team, "week.json": Week}


def schema_texts() -> dict[str, str]:
    """The text of each schema file by its name."""
    return {name: _text(model) for name, model in _MODELS.items()}


def _text(model: type[BaseModel]) -> str:
    schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    if model is Week:
        schema["$defs"]["Assignment"]["properties"]["loss"]["enum"] = list(losses.ids())
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def folder(root: Path) -> Path:
    """Where the schema files stand."""
    return root / "weeks" / "schema"


def outdated(root: Path) -> list[Path]:
    """The schema files that are not there or say something else than the models."""
    stale = []
    for name, text in schema_texts().items():
        path = folder(root) / name
        try:
            current = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            current = None
        if current != text:
            stale.append(path)
    return stale


def write_schemas(root: Path) -> list[Path]:
    """Write those that are outdated, and return them; raises OSError."""
    stale = outdated(root)
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(schema_texts()[path.name], encoding="utf-8", newline="\n")
    return stale

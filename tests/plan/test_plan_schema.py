"""The JSON Schemas that editors use: current, sound, and of one mind with the models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from team_folder import TEAM, WEEK, Folder

from grader.plan.document import read_document
from grader.plan.schema import outdated, schema_texts

REPOSITORY = Path(__file__).parents[2]


def test_the_committed_schemas_are_current() -> None:
    assert outdated(REPOSITORY) == [], "run `python3 tasks.py validate --write-schema`"


def validator(name: str) -> Draft202012Validator:
    schema: dict[str, Any] = json.loads(schema_texts()[name])
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def data(folder: Folder, text: str) -> Any:
    folder.write("a.yml", text)
    root = read_document(folder.root / "a.yml", "a.yml").root
    assert root is not None
    return root.data


@pytest.mark.parametrize("name", ["team", "week"])
def test_the_true_files_fit_their_schema(name: str) -> None:
    path = REPOSITORY / "weeks" / {"team": "team.yml", "week": "week01.yml"}[name]
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema=schema/{name}.json"
    root = read_document(path, path.name).root
    assert root is not None
    assert list(validator(f"{name}.json").iter_errors(root.data)) == []


@pytest.mark.parametrize(
    ("name", "text", "old", "new"),
    [
        ("week", WEEK, "loss: cce", "loss: ccee"),
        ("week", WEEK, "    loss: cce\n", ""),
        ("week", WEEK, "posts:", "post:"),
        ("week", WEEK, "number: 1", "number: one"),
        ("week", WEEK, "start: 20:00", "start: evening"),
        ("week", WEEK, "https://example.org/1", "example.org/1"),
        ("team", TEAM, "sunday", "sundy"),
        ("team", TEAM, "id: ada", "id: A d a"),
        ("team", TEAM, "year: 2024", "year: 24"),
    ],
)
def test_an_editor_marks_what_validate_refuses(folder: Folder, name: str, text: str, old: str, new: str) -> None:
    checker = validator(f"{name}.json")
    assert list(checker.iter_errors(data(folder, text))) == []
    assert list(checker.iter_errors(data(folder, text.replace(old, new, 1)))) != []


def test_every_field_says_what_it_is_for() -> None:
    for text in schema_texts().values():
        schema = json.loads(text)
        for model in [schema, *schema["$defs"].values()]:
            for field, entry in model.get("properties", {}).items():
                assert entry.get("description"), f"{model.get('title')}.{field}"

"""Pydantic's errors as mistakes of a file: the place, what was found, what was expected, the nearest valid name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from grader.messages import gettext as _
from grader.plan.document import Document, Loc, Node
from grader.plan.mistakes import Mistake, nearest, shown
from grader.plan.model import quoted


def mistake_of(document: Document, root: Node, model: type[BaseModel], error: ErrorDetails) -> Mistake:
    """One error of `model.model_validate(root.data)` as a mistake at the line and column of its cause."""
    loc = error["loc"]
    kind = error["type"]
    if kind == "missing":
        return _missing(document.file, root, model, loc)
    if kind == "extra_forbidden":
        return _extra(document.file, root, model, loc)
    if loc and loc[-1] == "[key]":
        line, column = _key_position(root, loc[:-1])
        return Mistake(document.file, line, column, _value(loc[:-1], error))
    node = root.at(loc)
    return Mistake(document.file, node.line, node.column, _value(loc, error))


def _missing(file: str, root: Node, model: type[BaseModel], loc: Loc) -> Mistake:
    holder, name = root.at(loc[:-1]), str(loc[-1])
    asked = _description(model, loc)
    there = holder.get(name)
    if there is not None:
        sentence = _("field '{name}' has no value; expected: {description}").format(name=name, description=asked)
        return Mistake(file, *holder.keys[name], sentence)
    sentence = _("field '{name}' is missing here; expected: {description}").format(name=name, description=asked)
    return Mistake(file, holder.line, holder.column, sentence)


def _extra(file: str, root: Node, model: type[BaseModel], loc: Loc) -> Mistake:
    line, column = _key_position(root, loc)
    name = str(loc[-1])
    if name == "<<":
        return Mistake(file, line, column, _("merge keys (<<) are not read; write the fields out"))
    owner = model_at(model, loc[:-1])
    known = list(owner.model_fields) if owner is not None else []
    guess = nearest(name, known)
    found = shown(name)
    if guess is not None:
        sentence = _("unknown key '{found}'; did you mean '{guess}'?").format(found=found, guess=guess)
    else:
        sentence = _("unknown key '{found}'; there are: {known}").format(found=found, known=", ".join(known))
    return Mistake(file, line, column, sentence)


def _key_position(root: Node, loc: Loc) -> tuple[int, int]:
    holder = root.at(loc[:-1])
    return holder.keys.get(str(loc[-1]), (holder.line, holder.column))


def _value(loc: Loc, error: ErrorDetails) -> str:
    """The sentence for a value of the wrong kind or out of bounds."""
    kind, found, context = error["type"], quoted(error["input"]), error.get("ctx", {})
    if kind == "plan":
        return str(context["sentence"])
    if kind == "literal_error":
        return _choice(_name(loc), error)
    bounds = {
        "greater_than": _("expected a number above {bound}, found {found}"),
        "greater_than_equal": _("expected {bound} or more, found {found}"),
        "less_than": _("expected a number below {bound}, found {found}"),
        "less_than_equal": _("expected {bound} or less, found {found}"),
    }
    if kind in bounds:
        bound = next(context[key] for key in ("gt", "ge", "lt", "le") if key in context)
        return bounds[kind].format(bound=f"{bound:g}", found=found)
    if kind == "too_short":
        return _("expected at least {bound}, found an empty list").format(bound=context["min_length"])
    expected = _expected(kind)
    name = _name(loc)
    if expected is None:
        return f"{name}: {error['msg']}"
    if kind == "string_type" and isinstance(error["input"], (int, float)):
        sentence = _("'{name}': expected text, found {found}; put it in quotes if it is meant as text")
        return sentence.format(name=name, found=found)
    return _("'{name}': expected {expected}, found {found}").format(name=name, expected=expected, found=found)


def _expected(kind: str) -> str | None:
    words = {
        "string_type": _("text"),
        "int_type": _("a whole number"),
        "int_from_float": _("a whole number"),
        "int_parsing": _("a whole number"),
        "float_type": _("a number"),
        "finite_number": _("a finite number"),
        "bool_type": _("true or false"),
        "bool_parsing": _("true or false"),
        "tuple_type": _("a list (lines that begin with '- ')"),
        "list_type": _("a list (lines that begin with '- ')"),
        "dict_type": _("a mapping (lines of 'key: value')"),
        "model_type": _("a mapping (lines of 'key: value')"),
        "model_attributes_type": _("a mapping (lines of 'key: value')"),
    }
    return words.get(kind)


def _choice(what: str, error: ErrorDetails) -> str:
    """For a value that has to be one of a few words."""
    names = re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
    found = error["input"]
    listed = ", ".join(names)
    if not isinstance(found, str):
        return _("'{name}': expected one of {names}, found {found}").format(
            name=what, names=listed, found=quoted(found)
        )
    guess = nearest(found, names)
    if guess is None:
        return _("unknown {what} '{found}'; there are: {listed}").format(what=what, found=shown(found), listed=listed)
    return _("unknown {what} '{found}'; did you mean '{guess}'?").format(what=what, found=shown(found), guess=guess)


def _name(loc: Loc) -> str:
    """What a message calls the value: its key, in the singular for an element of a list."""
    keys = [step for step in loc if isinstance(step, str)]
    if not keys:
        return _("the file")
    inside = bool(loc) and isinstance(loc[-1], int)
    singular: Mapping[str, str] = {"devices": _("device"), "required": _("check")}
    return singular.get(keys[-1], keys[-1]) if inside else keys[-1]


def model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel] | None:
    """The model that the value at `loc` is read into, None where it is none (a list of words, say)."""
    current: type[BaseModel] | None = model
    for step in loc:
        if isinstance(step, int):
            continue
        field = current.model_fields.get(step) if current is not None else None
        current = _model_in(field.annotation) if field is not None else None
    return current


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)


def _description(model: type[BaseModel], loc: Loc) -> str:
    owner = model_at(model, loc[:-1])
    field = owner.model_fields.get(str(loc[-1])) if owner is not None else None
    return _(field.description) if field is not None and field.description else ""

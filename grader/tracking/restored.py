"""A stored report as the object it was written from, so that what renders a fresh one renders an old one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.report import CheckResult, Counterexample, Misconception, Outcome, Report, Verdict


def report_of(stored: Mapping[str, Any]) -> Report:
    """The Report of `Report.to_json()`'s object as the ledger holds it. Parts of the wrong kind are left out."""
    return Report(
        loss=_text(stored.get("loss")),
        file=_text(stored.get("file")),
        sha256=stored["sha256"] if isinstance(stored.get("sha256"), str) else None,
        verdict=Verdict(stored["verdict"]),
        checks=tuple(_check(check) for check in stored["checks"]),
        isolation=_text(stored.get("isolation")),
        seed=stored["seed"] if isinstance(stored.get("seed"), int) else 0,
        seconds=_number(stored.get("seconds")),
        graded_at=_text(stored.get("graded_at")),
        versions=_texts(stored.get("versions")),
        week=stored["week"] if isinstance(stored.get("week"), int) else None,
        member=stored["member"] if isinstance(stored.get("member"), str) else None,
        misconception=_misconception(stored.get("misconception")),
        output=_text(stored.get("output")),
        devices=_texts(stored.get("devices")),
    )


def _check(stored: Mapping[str, Any]) -> CheckResult:
    notes, hint = stored.get("notes"), stored.get("hint")
    return CheckResult(
        name=stored["name"],
        outcome=Outcome(stored["outcome"]),
        message=stored["message"],
        device=stored["device"],
        required=stored.get("required") is not False,
        points=float(stored["points"]),
        max_points=float(stored["max_points"]),
        counterexample=_counterexample(stored.get("counterexample")),
        seconds=_number(stored.get("seconds")),
        hint=hint if isinstance(hint, str) else None,
        notes=tuple(note for note in notes if isinstance(note, str)) if isinstance(notes, list) else (),
    )


def _counterexample(stored: Any) -> Counterexample | None:
    if not isinstance(stored, dict):
        return None
    where = stored.get("where")
    return Counterexample(
        call=_text(stored.get("call")),
        expected=_text(stored.get("expected")),
        got=_text(stored.get("got")),
        where=where if isinstance(where, str) else None,
        device=_text(stored.get("device")) or "cpu",
    )


def _misconception(stored: Any) -> Misconception | None:
    if not isinstance(stored, dict):
        return None
    return Misconception(_text(stored.get("id")), _text(stored.get("message")))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> dict[str, str]:
    return {key: text for key, text in value.items() if isinstance(text, str)} if isinstance(value, dict) else {}


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return 0.0
    try:
        return float(value)
    except OverflowError:
        return 0.0

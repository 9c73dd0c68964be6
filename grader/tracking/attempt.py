"""One attempt: a member handed in a solution, and this is what the grader found. One line of the ledger."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NoReturn

from grader.messages import gettext as _

SCHEMA = 1
MAX_LINE_BYTES = 1 << 20
"""No line of a ledger is longer, newline included; a longer one is neither written nor read."""
KEPT_OUTPUT = 8_000
KEPT_TEXT = 2_000
MOST_POINTS = 1_000_000.0
"""More than any week can give: a thousand a check."""
VERDICTS = ("pass", "fail", "missing")
OUTCOMES = ("pass", "fail", "error", "skip")

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""As JSON writes half of a pair; Hangul may begin with `\\ud`, too, but goes on from 0 to 7."""


class UnreadableError(ValueError):
    """A line that is no attempt; the message says why, for people, without quoting what it holds."""


@dataclass(frozen=True)
class Attempt:
    """What was handed in, by whom, when, and the whole report. Read from a file that anybody may have edited."""

    member: str
    week: int
    loss: str
    submitted_at: datetime
    """Aware, UTC, whole seconds."""
    report: Mapping[str, Any]
    """`Report.to_json()`; `checks`, `score` and `verdict` have the types that `grader.report` gives them."""
    due: datetime | None = None
    """The deadline that was in force when it was handed in (aware, UTC); the plan may say something else today."""
    late_by: int = 0
    """Seconds after `due`, 0 when on time or when there was no deadline."""
    definition: str = ""
    """Hash of what the week asked for (loss, devices, points, required checks): a part of the grading key."""
    key: str = ""
    """Of the grading: source, definition, versions, and the seed and devices if some were asked for."""
    blob: str | None = None
    """git's id of the source's content: `git cat-file blob <id>` gives the source of any attempt back."""
    commit: str | None = None
    """HEAD when it was handed in: the commit that holds this attempt is a child of it."""
    message: str = ""
    submitted_by: str = ""
    """`Name <address>` as git has it."""
    id: str = field(default="", compare=False)
    """Twelve hexadecimal digits of the line's sha256: stable, fit for a file name or an anchor."""
    where: str = field(default="", compare=False)
    """`records/sejun.jsonl:3`."""

    @property
    def verdict(self) -> str:
        """`pass`, `fail` or `missing`."""
        return str(self.report["verdict"])

    @property
    def passed(self) -> bool:
        return self.verdict == "pass"

    @property
    def score(self) -> float:
        """Percent, 0 to 100."""
        return float(self.report["score"])

    @property
    def sha256(self) -> str | None:
        """Of the source's bytes."""
        value = self.report.get("sha256")
        return value if isinstance(value, str) else None

    @property
    def file(self) -> str:
        """As submitted, relative to the repository: `solutions/sejun/week01/clip.py`."""
        return str(self.report.get("file", ""))

    @property
    def devices(self) -> Mapping[str, str]:
        """The hardware behind each device that ran: `{"cuda": "NVIDIA H200"}`."""
        devices = self.report.get("devices")
        return devices if isinstance(devices, dict) else {}

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "attempt": {
                "member": self.member,
                "week": self.week,
                "loss": self.loss,
                "submitted_at": to_text(self.submitted_at),
                "due": to_text(self.due) if self.due else None,
                "on_time": self.late_by == 0,
                "late_by": self.late_by,
                "definition": self.definition,
                "key": self.key,
                "blob": self.blob,
                "commit": self.commit,
                "message": self.message,
                "submitted_by": self.submitted_by,
            },
            "report": dict(self.report),
        }

    def to_line(self) -> bytes:
        """The line without its newline, ASCII, at most MAX_LINE_BYTES: what a submission printed is cut first."""
        whole = self.to_json()
        whole["report"] = _shortened(whole["report"], KEPT_OUTPUT, None)
        line = dump(whole)
        if len(line) >= MAX_LINE_BYTES:
            whole["report"] = _shortened(whole["report"], KEPT_TEXT, KEPT_TEXT)
            line = dump(whole)
        if len(line) >= MAX_LINE_BYTES:
            raise UnreadableError(
                _("the report is larger than {bytes} bytes even when shortened").format(bytes=MAX_LINE_BYTES)
            )
        return line


def from_line(line: bytes, where: str = "") -> Attempt:
    """The attempt on one line (without newline). Raises UnreadableError for everything else, whatever the bytes are."""
    whole = parse(line)
    if whole.get("schema") != SCHEMA:
        raise UnreadableError(
            _("it was written in another format (schema {schema}, this version reads {known})").format(
                schema=str(whole.get("schema"))[:20], known=SCHEMA
            )
        )
    attempt, report = whole.get("attempt"), whole.get("report")
    if not isinstance(attempt, dict) or not isinstance(report, dict):
        raise UnreadableError(_("it is JSON, but not an attempt with a report"))
    check_report(report)
    try:
        return Attempt(
            member=_text(attempt, "member"),
            week=_whole_number(attempt, "week"),
            loss=_text(attempt, "loss"),
            submitted_at=_moment(attempt["submitted_at"]),
            report=report,
            due=_moment(attempt["due"]) if attempt.get("due") is not None else None,
            late_by=max(0, _whole_number(attempt, "late_by")),
            definition=_text(attempt, "definition"),
            key=_text(attempt, "key"),
            blob=_optional_text(attempt, "blob"),
            commit=_optional_text(attempt, "commit"),
            message=_text(attempt, "message"),
            submitted_by=_text(attempt, "submitted_by"),
            id=hashlib.sha256(line).hexdigest()[:12],
            where=where,
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise UnreadableError(
            _("a field of the attempt is missing or of the wrong kind ({field})").format(field=error)
        ) from None


def parse(line: bytes) -> dict[str, Any]:
    """The JSON object on a line. Raises UnreadableError; lone surrogates in texts are escaped, so that they print."""
    try:
        text = line.decode("utf-8")
        whole = json.loads(text, parse_constant=_no_constant)
        if _SURROGATE.search(text):
            whole = _printable(whole)
    except UnicodeDecodeError:
        raise UnreadableError(_("it is not UTF-8 text")) from None
    except (ValueError, RecursionError):
        raise UnreadableError(_("it is not whole JSON")) from None
    if not isinstance(whole, dict):
        raise UnreadableError(_("it is JSON, but not an attempt with a report"))
    return whole


def to_text(moment: datetime) -> str:
    """UTC, RFC 3339, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def dump(whole: Mapping[str, Any]) -> bytes:
    """One line of JSON in ASCII, without its newline."""
    return json.dumps(whole, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")


def _shortened(report: Mapping[str, Any], output: int, text: int | None) -> dict[str, Any]:
    """The report with its output cut to `output` characters and, if asked, every other text to `text`."""
    short = {key: _cut(value, text) if text else value for key, value in report.items()}
    printed = short.get("output")
    if isinstance(printed, str) and len(printed) > output:
        short["output"] = printed[:output] + "…"
    return short


def _cut(value: Any, most: int) -> Any:
    if isinstance(value, str) and len(value) > most:
        return value[:most] + "…"
    if isinstance(value, dict):
        return {key: _cut(item, most) for key, item in value.items()}
    if isinstance(value, list):
        return [_cut(item, most) for item in value[:200]]
    return value


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {_printable(key): _printable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_printable(item) for item in value]
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _text(fields: Mapping[str, Any], key: str) -> str:
    value = fields[key]
    if not isinstance(value, str):
        raise TypeError(key)
    return value


def _optional_text(fields: Mapping[str, Any], key: str) -> str | None:
    return None if fields.get(key) is None else _text(fields, key)


def _whole_number(fields: Mapping[str, Any], key: str) -> int:
    value = fields[key]
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 1 << 53:
        raise TypeError(key)
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None or not 2000 <= moment.year < 2200:
        raise ValueError(value)
    return moment.astimezone(UTC)


def check_report(report: Mapping[str, Any]) -> None:
    """Raise UnreadableError for an object that `restored.report_of` could not make a Report of."""
    score, checks = report.get("score"), report.get("checks")
    sound = (
        report.get("verdict") in VERDICTS
        and _is_number(score, 100)
        and isinstance(checks, list)
        and all(_is_check(check) for check in checks)
    )
    if not sound:
        raise UnreadableError(_("its report has no verdict, no score from 0 to 100, or checks of the wrong kind"))


def _is_check(check: Any) -> bool:
    return (
        isinstance(check, dict)
        and all(isinstance(check.get(key), str) for key in ("name", "device", "message"))
        and check.get("outcome") in OUTCOMES
        and _is_number(check.get("max_points"), MOST_POINTS)
        and _is_number(check.get("points"), check["max_points"])
    )


def _is_number(value: Any, most: float) -> bool:
    """A number from 0 to `most`: no infinity, no NaN, no integer too large for a float."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most

"""A line of the ledger: what is written is read, and whatever else stands there is refused with a reason."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tracking_world import at, attempt, report

from grader.report import Verdict
from grader.tracking.attempt import KEPT_OUTPUT, MAX_LINE_BYTES, UnreadableError, from_line
from grader.tracking.restored import report_of

UNHURRIED = settings(deadline=None)
"""How long a line takes is the machine's affair."""

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from([10**400, -(10**400)]) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@UNHURRIED
@given(st.text(), st.sampled_from([0.0, 40.5, 100.0]), st.datetimes(min_value=at(1).replace(tzinfo=None, year=2001)))
def test_what_is_written_is_read(message: str, score: float, moment: Any) -> None:
    whole = attempt(at(18), score=score, message=message.encode("utf-8", "backslashreplace").decode(), due=at(20))
    assert from_line(whole.to_line()) == whole


def test_a_lone_surrogate_comes_back_as_text_that_can_be_printed() -> None:
    read = from_line(attempt(at(18), message="caf\udce9").to_line())
    assert read.message == "caf\\udce9"
    read.message.encode("utf-8")


@pytest.mark.parametrize("message", ["한글로 쓴 말", "\U0001f389 끝", "\\ud800 is only text"])
def test_text_of_any_script_comes_back_as_it_was(message: str) -> None:
    assert from_line(attempt(at(18), message=message).to_line()).message == message


def test_the_report_can_be_restored_from_its_line() -> None:
    made = report(Verdict.FAIL, 40.0, sha256="00", output="hello")
    assert report_of(from_line(attempt(at(18), report=made.to_json()).to_line()).report) == made


def test_what_a_submission_printed_is_cut() -> None:
    long = replace(attempt(at(18)), report=report(output="x" * 3_000_000).to_json())
    line = long.to_line()
    assert len(line) < 20_000
    assert len(from_line(line).report["output"]) == KEPT_OUTPUT + 1


def test_a_report_that_is_too_large_in_every_part_is_shortened_below_the_bound() -> None:
    huge = report().to_json()
    huge["checks"][0]["message"] = "\x00" * 2_000_000
    assert len(replace(attempt(at(18)), report=huge).to_line()) < MAX_LINE_BYTES


def _changed(**attempt_fields: Any) -> bytes:
    whole = attempt(at(18)).to_json()
    whole["attempt"].update(attempt_fields)
    return json.dumps(whole).encode()


def _with_report(**fields: Any) -> bytes:
    whole = attempt(at(18)).to_json()
    whole["report"].update(fields)
    return json.dumps(whole).encode()


def _with_check(**fields: Any) -> bytes:
    whole = attempt(at(18)).to_json()
    whole["report"]["checks"][0].update(fields)
    return json.dumps(whole).encode()


def _nested(depth: int) -> bytes:
    """Deep enough to be read, and too deep for the text in it to be looked at."""
    return b'{"a":' + b"[" * depth + b'"\\ud800"' + b"]" * depth + b"}"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"", "not whole JSON"),
        (b'{"schema":1,"attempt"', "not whole JSON"),
        (b"[" * 100_000, "not whole JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[1]", "not an attempt"),
        (b'{"schema":1}', "not an attempt"),
        (b'{"schema":2}', "another format (schema 2"),
        (_changed(week="1"), "(week)"),
        (_changed(week=True), "(week)"),
        (_changed(member=None), "(member)"),
        (_changed(late_by=1.5), "(late_by)"),
        (_changed(submitted_at="2024-07-18T12:00:00"), "wrong kind"),
        (_changed(submitted_at="9999-12-31T23:59:59Z"), "wrong kind"),
        (_changed(submitted_at=17), "wrong kind"),
        (_with_report(score=101), "no score from 0 to 100"),
        (_with_report(score=float("nan")), "not whole JSON"),
        (_with_report(score=True), "no score from 0 to 100"),
        (_with_report(verdict="splendid"), "no verdict"),
        (_with_report(checks=[{}]), "checks of the wrong kind"),
        (_with_report(checks={}), "checks of the wrong kind"),
        (_with_report(score=10**400), "no score from 0 to 100"),
        (_with_check(points=10**400, max_points=10**401), "checks of the wrong kind"),
        (_with_check(max_points=1).replace(b'"max_points": 1', b'"max_points": 1e999'), "checks of the wrong kind"),
        (_with_check(points=101.0), "checks of the wrong kind"),
        (_with_check(points=-1.0), "checks of the wrong kind"),
        (_nested(700), "not whole JSON"),
    ],
)
def test_a_line_that_is_no_attempt_is_refused_with_its_reason(line: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        from_line(line)
    assert reason in str(caught.value)


@UNHURRIED
@given(st.binary() | ANY_JSON.map(lambda value: json.dumps(value).encode()))
def test_no_line_raises_anything_else(line: bytes) -> None:
    with pytest.raises(UnreadableError):
        from_line(line)


@UNHURRIED
@given(st.sampled_from(sorted(attempt(at(18)).to_json()["attempt"])), ANY_JSON)
def test_no_field_of_any_kind_raises_anything_else(field: str, value: Any) -> None:
    try:
        from_line(_changed(**{field: value}))
    except UnreadableError:
        return


@UNHURRIED
@given(st.sampled_from(sorted(report().to_json())), ANY_JSON)
def test_a_report_that_is_accepted_can_be_restored_whatever_stands_in_it(field: str, value: Any) -> None:
    try:
        read = from_line(_with_report(**{field: value}))
    except UnreadableError:
        return
    report_of(read.report)

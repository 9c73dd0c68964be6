"""A record's claim is held against itself, against git and against a second grading; else it is not believed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tracking_world import VERSIONS, at, attempt, report, solve

from grader.plan import load_plan
from grader.report import CheckResult, Outcome, Report, Verdict
from grader.tracking import verification
from grader.tracking.attempt import Attempt
from grader.tracking.definition import definition_of
from grader.tracking.handing_in import source_hash
from grader.tracking.progress import Trust
from grader.tracking.repository import Repository
from grader.tracking.verification import Claim, compare, contradiction

CHECKS = (
    CheckResult("value", Outcome.PASS, "ok", points=60, max_points=60),
    CheckResult("device", Outcome.PASS, "ok", device="cuda", points=20, max_points=20),
    CheckResult("efficiency", Outcome.PASS, "ok", required=False, points=20, max_points=20),
)


def graded(*checks: CheckResult, verdict: Verdict = Verdict.PASS) -> dict[str, Any]:
    return report(verdict, checks=checks or CHECKS).to_json()


def changed(index: int, **fields: Any) -> tuple[CheckResult, ...]:
    checks = list(CHECKS)
    checks[index] = replace(checks[index], **fields)
    return tuple(checks)


FAILED = {"outcome": Outcome.FAIL, "points": 0.0}
SKIPPED = {"outcome": Outcome.SKIP, "points": 0.0}


@pytest.mark.parametrize(
    ("found", "trust"),
    [
        (graded(), Trust.HOLDS),
        (graded(*changed(2, **FAILED)), Trust.HOLDS),
        (graded(*changed(1, **SKIPPED)), Trust.HOLDS),
        (graded(*changed(0, **FAILED), verdict=Verdict.FAIL), Trust.BROKEN),
        (graded(*changed(0, outcome=Outcome.ERROR, points=0.0), verdict=Verdict.FAIL), Trust.BROKEN),
        (graded(*changed(1, **FAILED), verdict=Verdict.FAIL), Trust.BROKEN),
        (graded(*CHECKS, CheckResult("stability", Outcome.PASS, "ok")), Trust.BROKEN),
        (graded(*changed(0, points=20.0)), Trust.BROKEN),
    ],
)
def test_a_second_grading_decides(found: dict[str, Any], trust: Trust) -> None:
    assert compare(graded(), found).trust is trust


@pytest.mark.parametrize(
    "spoil",
    [
        lambda claim: claim["checks"][0].update(outcome="fail"),
        lambda claim: claim.update(checks=[]),
        lambda claim: claim.update(score=12.0),
        lambda claim: claim["checks"][0].update(points=1.0),
    ],
)
def test_a_record_that_contradicts_itself_is_broken(spoil: Callable[[dict[str, Any]], None]) -> None:
    claim = copy.deepcopy(graded())
    assert contradiction(claim) is None
    spoil(claim)
    found = contradiction(claim)
    assert found is not None
    assert found.trust is Trust.BROKEN


# --- with a repository -------------------------------------------------------------------------------------------


class Regrader:
    """Passes every source that says `right`, and remembers what it was asked."""

    def __init__(self) -> None:
        self.sources: list[bytes] = []

    def __call__(self, claims: Sequence[Claim]) -> Iterator[Report]:
        for claim in claims:
            self.sources.append(claim.source)
            right = b"right" in claim.source
            yield report(Verdict.PASS, 100.0) if right else report(Verdict.FAIL, 0.0)


@pytest.fixture
def record(repository: Path) -> Callable[..., Attempt]:
    """`record(text)`: an attempt that claims a pass for a source of this text."""
    plan = load_plan(repository)

    def make(text: str = "right\n", **more: Any) -> Attempt:
        path = solve(repository, "ann", "bce", text)
        values = {
            "blob": Repository(repository).store(path),
            "definition": definition_of(plan.week(1).assignments[0]),
            "report": report(sha256=source_hash(path)).to_json(),
            "id": f"{abs(hash(text)):012x}"[:12],
        }
        return attempt(at(18), **{**values, **more})

    return make


def verify(root: Path, *attempts: Attempt, regrader: Regrader | None = None, **more: Any) -> list[tuple[Trust, str]]:
    found = verification.verify(load_plan(root), attempts, regrader or Regrader(), VERSIONS, **more)
    return [(found[one.id].trust, found[one.id].reason) for one in attempts]


def test_a_true_claim_holds_and_a_false_one_does_not(repository: Path, record: Callable[..., Attempt]) -> None:
    false, true = record("wrong\n"), record("right\n")
    [(of_false, reason), (of_true, _)] = verify(repository, false, true)
    assert (of_false, of_true) == (Trust.BROKEN, Trust.HOLDS)
    assert reason.startswith("Graded again")
    assert verification.load(repository) == {false.id: Trust.BROKEN, true.id: Trust.HOLDS}


def test_an_older_source_is_taken_from_git(repository: Path, record: Callable[..., Attempt]) -> None:
    old = record("right, the first time\n")
    solve(repository, "ann", "bce", "something else by now\n")
    regrader = Regrader()
    assert verify(repository, old, regrader=regrader) == [(Trust.HOLDS, "")]
    assert regrader.sources == [b"right, the first time\n"]


@pytest.mark.parametrize(
    ("more", "trust", "words"),
    [
        ({"blob": None}, Trust.UNCHECKED, "not in this clone"),
        ({"blob": "0" * 40}, Trust.UNCHECKED, "not in this clone"),
        ({"blob": "--help"}, Trust.UNCHECKED, "not in this clone"),
        ({"definition": "other"}, Trust.UNCHECKED, "asks for something else"),
        ({"week": 7}, Trust.UNCHECKED, "asks for something else"),
        ({"report": report(sha256="ab" * 32).to_json()}, Trust.BROKEN, "not the one that the record names"),
        ({"report": report().to_json()}, Trust.UNCHECKED, "does not name its source"),
        ({"report": report(versions={"grader": "0", "torch": "2"}).to_json()}, Trust.UNCHECKED, "another version"),
        ({"report": {**report().to_json(), "versions": "none"}}, Trust.UNCHECKED, "another version"),
        ({"report": {**report().to_json(), "score": 3.0}}, Trust.BROKEN, "not the sum"),
    ],
)
def test_what_can_be_said_without_grading(
    repository: Path, record: Callable[..., Attempt], more: dict[str, Any], trust: Trust, words: str
) -> None:
    one = record(**more)
    solve(repository, "ann", "bce", "something else by now\n")
    regrader = Regrader()
    [(found, reason)] = verify(repository, one, regrader=regrader)
    assert found is trust
    assert words in reason
    assert regrader.sources == []


def test_what_was_checked_is_not_graded_again(repository: Path, record: Callable[..., Attempt]) -> None:
    one = record()
    regrader = Regrader()
    for force in (False, False, True):
        assert verify(repository, one, regrader=regrader, force=force) == [(Trust.HOLDS, "")]
    assert len(regrader.sources) == 2


@pytest.mark.parametrize(
    "content", ["", "[]", '{"findings": 3}', json.dumps({"versions": VERSIONS, "findings": {"x": {}}})]
)
def test_a_spoilt_cache_is_no_cache(repository: Path, record: Callable[..., Attempt], content: str) -> None:
    (repository / "build").mkdir()
    (repository / "build" / "verified.json").write_text(content)
    assert verification.load(repository) == {}
    assert verify(repository, record()) == [(Trust.HOLDS, "")]

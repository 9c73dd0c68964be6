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
from grader.tracking import ledger, verification
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
        (graded(*changed(0, points=20.0, max_points=20.0)), Trust.BROKEN),
        (graded(CHECKS[0], CHECKS[2], replace(CHECKS[1], device="cpu"), verdict=Verdict.PASS), Trust.BROKEN),
        (graded(*changed(1, **SKIPPED, max_points=0.0), replace(CHECKS[1], device="cpu")), Trust.HOLDS),
    ],
)
def test_a_second_grading_decides(found: dict[str, Any], trust: Trust) -> None:
    assert compare(graded(), found).trust is trust


@pytest.mark.parametrize(
    "claimed",
    [
        graded(*CHECKS, CheckResult("splendour", Outcome.PASS, "ok", points=900, max_points=900)),
        graded(*changed(1, points=900, max_points=900)),
        graded(*changed(2, points=900, max_points=900)),
        graded(CHECKS[1], CHECKS[2]),
    ],
)
def test_points_of_ones_own_making_do_not_count(claimed: dict[str, Any]) -> None:
    """Also where the device that the record was made on is not here."""
    cuda_is_not_here = changed(1, **SKIPPED, max_points=0.0)
    for found in (graded(), graded(*cuda_is_not_here, replace(CHECKS[1], device="cpu"))):
        assert compare(claimed, found).trust is Trust.BROKEN


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

SEED = 7
"""Of every record here."""


class Regrader:
    """Passes a source that says `right`, and one that says `prepared` with the record's own seed; remembers all."""

    def __init__(self) -> None:
        self.sources: list[bytes] = []
        self.seeds: list[int] = []

    def __call__(self, claims: Sequence[Claim]) -> Iterator[Report]:
        for claim in claims:
            self.sources.append(claim.source)
            self.seeds.append(claim.seed)
            right = b"right" in claim.source or (b"prepared" in claim.source and claim.seed == SEED)
            yield made(Verdict.PASS if right else Verdict.FAIL)


def made(verdict: Verdict = Verdict.PASS, **more: Any) -> Report:
    """As the grader makes them: two checks on the CPU, all or nothing."""
    outcome, points = (Outcome.PASS, 50.0) if verdict is Verdict.PASS else (Outcome.FAIL, 0.0)
    checks = tuple(CheckResult(name, outcome, "", points=points, max_points=50) for name in ("value", "device"))
    return report(verdict, checks=checks, seed=SEED, **more)


@pytest.fixture
def record(repository: Path) -> Callable[..., Attempt]:
    """`record(text)`: an attempt that claims a pass for a source of this text; `report_fields` go into its report."""
    plan = load_plan(repository)

    def make(text: str = "right\n", report_fields: dict[str, Any] | None = None, **more: Any) -> Attempt:
        path = solve(repository, "ann", "bce", text)
        values = {
            "blob": Repository(repository).store(path),
            "definition": definition_of(plan.week(1).assignments[0]),
            "report": {**made(sha256=source_hash(path)).to_json(), **(report_fields or {})},
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


CHECK = {"name": "value", "device": "cpu", "outcome": "pass", "message": "", "points": 50.0, "max_points": 50.0}
DEVICE = {**CHECK, "name": "device"}


@pytest.mark.parametrize(
    ("more", "fields", "trust", "words"),
    [
        ({"blob": None}, {}, Trust.UNCHECKED, "not in this clone"),
        ({"blob": "0" * 40}, {}, Trust.UNCHECKED, "not in this clone"),
        ({"blob": "--help"}, {}, Trust.UNCHECKED, "not in this clone"),
        ({"definition": "other"}, {}, Trust.UNCHECKED, "asks for something else"),
        ({"week": 7}, {}, Trust.UNCHECKED, "asks for something else"),
        ({}, {"sha256": "ab" * 32}, Trust.BROKEN, "not the one that the record names"),
        ({}, {"sha256": None}, Trust.UNCHECKED, "does not name its source"),
        *(({}, {"seed": seed}, Trust.UNCHECKED, "or its seed") for seed in (-1, 2**64, True, "7")),
        ({}, {"versions": {"grader": "0", "torch": "2"}}, Trust.UNCHECKED, "another version"),
        ({}, {"versions": "none"}, Trust.UNCHECKED, "another version"),
        ({}, {"score": 3.0}, Trust.BROKEN, "not the sum"),
        ({}, {"checks": [CHECK, DEVICE, DEVICE]}, Trust.BROKEN, "twice"),
        ({}, {"checks": [CHECK]}, Trust.BROKEN, "other devices"),
        ({}, {"checks": [CHECK, {**DEVICE, "device": "abacus"}]}, Trust.BROKEN, "other devices"),
        *(
            ({}, {"file": file}, Trust.BROKEN, "of another file")
            for file in ("", "bce.py", "solutions/bob/week01/cce.py", "a\0b", "x" * 5000, "solutions/ann/week01/cce.py")
        ),
        ({"submitted_at": at(15)}, {}, Trust.BROKEN, "was not graded when"),
        ({"submitted_at": at(19)}, {}, Trust.BROKEN, "was not graded when"),
        *(({}, {"graded_at": when}, Trust.BROKEN, "was not graded when") for when in ("", "soon", 7, None)),
        ({"submitted_at": at(31)}, {"graded_at": "2024-07-31T12:00:00Z"}, Trust.BROKEN, "still to come"),
    ],
)
def test_what_can_be_said_without_grading(
    repository: Path,
    record: Callable[..., Attempt],
    more: dict[str, Any],
    fields: dict[str, Any],
    trust: Trust,
    words: str,
) -> None:
    one = record(report_fields=fields, **more)
    solve(repository, "ann", "bce", "something else by now\n")
    regrader = Regrader()
    [(found, reason)] = verify(repository, one, regrader=regrader, now=at(30))
    assert (found, words in reason) == (trust, True), reason
    assert regrader.sources == []


def test_the_devices_of_the_week_are_asked_for(repository: Path, record: Callable[..., Attempt]) -> None:
    week = repository / "weeks" / "week01.yml"
    week.write_text(week.read_text(encoding="utf-8").replace("loss: bce", "loss: bce\n    devices: [cpu, sim]"))
    definition = definition_of(load_plan(repository).week(1).assignments[0])
    both = [CHECK, DEVICE, {**DEVICE, "device": "sim", "outcome": "skip", "points": 0.0, "max_points": 0.0}]
    [(trust, reason)] = verify(repository, record(definition=definition))
    assert (trust, "other devices" in reason) == (Trust.BROKEN, True)
    assert verify(repository, record("right too\n", {"checks": both}, definition=definition)) == [(Trust.HOLDS, "")]


def test_somebody_elses_source_is_not_ones_own(
    repository: Path, record: Callable[..., Attempt], git: Callable[..., str]
) -> None:
    theirs = solve(repository, "bob", "cce", "right, says Bob\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "bob")
    fields = {"sha256": source_hash(theirs)}
    stolen = record("wrong\n", fields, blob=Repository(repository).store(theirs))
    [(trust, reason)] = verify(repository, stolen)
    assert (trust, "by somebody else" in reason) == (Trust.BROKEN, True)
    # Two who found the same words each have them as their own.
    solve(repository, "ann", "bce", "right, says Bob\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "ann")
    solve(repository, "ann", "bce", "another try\n")
    assert verify(repository, stolen, force=True) == [(Trust.HOLDS, "")]


def test_answers_prepared_for_a_seed_are_seen_through(repository: Path, record: Callable[..., Attempt]) -> None:
    regrader = Regrader()
    [(trust, reason)] = verify(repository, record("prepared\n"), regrader=regrader)
    assert (trust, "and with no other" in reason) == (Trust.BROKEN, True)
    assert [seed == SEED for seed in regrader.seeds] == [False, True, False]


def test_a_failing_claim_is_graded_with_its_own_seed(repository: Path, record: Callable[..., Attempt]) -> None:
    regrader = Regrader()
    failing = {**made(Verdict.FAIL).to_json(), "sha256": source_hash(solve(repository, "ann", "bce", "wrong\n"))}
    assert verify(repository, record("wrong\n", failing), regrader=regrader) == [(Trust.HOLDS, "")]
    assert regrader.seeds == [SEED]


def _appended(root: Path, git: Callable[..., str], one: Attempt, committed: str) -> Attempt:
    """The attempt as it stands in the ledger, committed at that time."""
    ledger.append(root, one)
    git(root, "add", "-A")
    git(root, "-c", "user.name=Ann", "commit", "-q", "-m", "on record", f"--date={committed}")
    [found] = ledger.read(root).attempts
    return found


@pytest.mark.parametrize(
    ("committed", "trust"), [("2024-07-18T12:00:09Z", Trust.HOLDS), ("2024-07-23T12:00:00Z", Trust.UNCHECKED)]
)
def test_in_time_is_what_git_bears_out(
    repository: Path, record: Callable[..., Attempt], git: Callable[..., str], committed: str, trust: Trust
) -> None:
    [(found, reason)] = verify(repository, _appended(repository, git, record(), committed))
    assert found is trust
    assert ("cannot be told" in reason) is (trust is Trust.UNCHECKED)


def test_a_record_cannot_build_on_a_later_commit(
    repository: Path, record: Callable[..., Attempt], git: Callable[..., str]
) -> None:
    [(trust, reason)] = verify(repository, record(commit=git(repository, "rev-parse", "HEAD").strip()))
    assert (trust, "made after it" in reason) == (Trust.BROKEN, True)
    for unknown in ("0" * 40, "HEAD", "--help"):
        assert verify(repository, record(commit=unknown), force=True) == [(Trust.HOLDS, "")]


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

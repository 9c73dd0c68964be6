"""`status`: this week at a glance."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from grader.commands.options import add_grading_options, choose_language, options_from
from grader.messages import gettext as _
from grader.messages import ngettext
from grader.plan import Plan, find_root, load_plan
from grader.reporting.plain import printable
from grader.reporting.terminal import console
from grader.tracking import ledger, verification
from grader.tracking.attempt import Attempt
from grader.tracking.ledger import Flaw
from grader.tracking.progress import Progress, Standing, State, Trust, progress
from grader.tracking.verification import Claim, Finding, explained
from grader.tracking.wording import duration

if TYPE_CHECKING:
    from rich.console import Console

    from grader.report import Report

STATE_STYLES = {
    State.PASSED: ("✓", "bold blue"),
    State.FAILED: ("✗", "bold dark_orange"),
    State.MISSING: ("!", "bold dark_orange"),
    State.UPCOMING: ("·", "dim"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--week", type=int, metavar="N", help=_("the week; else the one that is running"))
    parser.add_argument("--verify", action="store_true", help=_("grade the records' sources again and compare"))
    parser.add_argument("--force", action="store_true", help=_("with --verify: also those that were checked before"))
    add_grading_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """0; with --verify 1 when a record does not hold."""
    choose_language(arguments)
    plan = load_plan(find_root())
    records = ledger.read(plan.root)
    now = datetime.now(UTC)
    findings: Mapping[str, Finding] = {}
    if arguments.verify:
        findings = verify_records(plan, records.attempts, arguments)
    made = progress(plan, records, now, trust=verification.load(plan.root))
    to = console()
    number = arguments.week if arguments.week is not None else made.current_week
    if number is None:
        to.print(_("Nothing is planned yet. `python3 tasks.py new-week` writes the first week."))
    else:
        plan.week(number)
        _print_week(to, plan, made, number, verified=arguments.verify)
    _print_team(to, plan, made)
    _print_problems(to, made)
    if arguments.verify:
        _print_findings(to, records.attempts, findings)
    return int(any(finding.trust is Trust.BROKEN for finding in findings.values()))


def verify_records(plan: Plan, attempts: Iterable[Attempt], arguments: argparse.Namespace) -> Mapping[str, Finding]:
    """Grade again what can be; `arguments` as add_grading_options leaves them, and `force`."""
    from grader.grading import versions

    return verification.verify(
        plan, attempts, lambda claims: _regrade(plan, arguments, claims), versions(), force=arguments.force
    )


def _regrade(plan: Plan, arguments: argparse.Namespace, claims: Sequence[Claim]) -> Iterator[Report]:
    from grader.devices import resolve
    from grader.grading import grade_all
    from grader.weekly import task_of

    options = options_from(arguments, plan.team)
    with tempfile.TemporaryDirectory(prefix="mogakco-") as folder:
        tasks = []
        for place, claim in enumerate(claims):
            attempt = claim.attempt
            path = Path(folder) / str(place) / Path(attempt.file).name
            path.parent.mkdir()
            path.write_bytes(claim.source)
            task = task_of(plan, plan.week(attempt.week), claim.assignment)
            devices = claim.devices
            if all(device.unavailable for device in resolve(devices)):
                # So that there is one `device` check at least, to know what it is worth.
                devices = (*devices, "cpu")
            tasks.append(replace(task, file=attempt.file, path=path, devices=devices, seed=claim.seed))
        yield from grade_all(tasks, options)


def _print_week(to: Console, plan: Plan, made: Progress, number: int, *, verified: bool) -> None:
    week = plan.week(number)
    title = _("Week {number}").format(number=number) + (f" · {week.title}" if week.title else "")
    to.print(Text(printable(f"{plan.team.name} · {title}"), style="bold"))
    to.print()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    table.add_column(_("who"), overflow="fold")
    table.add_column(_("loss"), no_wrap=True)
    table.add_column(_("where it stands"))
    table.add_column(_("score"), no_wrap=True, justify="right")
    table.add_column(_("attempts"), no_wrap=True, justify="right")
    table.add_column(_("due"), no_wrap=True)
    found = made.week(number)
    for standing in found.standings if found else ():
        mark, style = STATE_STYLES[standing.state]
        table.add_row(
            printable(plan.member(standing.member).name),
            standing.loss,
            Text(f"{mark} {_where_it_stands(standing, verified=verified)}", style=style),
            "–" if standing.score is None else f"{standing.score:.1f}",
            str(len(standing.attempts)),
            _due(standing, made.now),
        )
    to.print(table)
    to.print()


def _where_it_stands(standing: Standing, *, verified: bool) -> str:
    words = {
        State.PASSED: _("passed"),
        State.FAILED: _("not yet"),
        State.MISSING: _("missing"),
        State.UPCOMING: _("to do"),
    }[standing.state]
    if standing.late:
        words += ", " + _("{late} late").format(late=duration(standing.late_by))
    if standing.trust is Trust.BROKEN:
        words += ", " + _("record does not hold")
    elif verified and standing.best is not None and standing.trust is Trust.UNCHECKED:
        words += ", " + _("not checked")
    return words


def _due(standing: Standing, now: datetime) -> str:
    when = f"{standing.due:%m-%d %H:%M}"
    if standing.state is State.PASSED:
        return when
    left = standing.due - now
    if left < timedelta():
        return _("{when} (over)").format(when=when)
    return _("{when} (in {left})").format(when=when, left=duration(left))


def _print_team(to: Console, plan: Plan, made: Progress) -> None:
    if made.next_meeting is not None:
        to.print(
            _("Next meeting: {when} (in {left})").format(
                when=f"{made.next_meeting:%Y-%m-%d %H:%M}", left=duration(made.next_meeting - made.now)
            )
        )
    streaks = [
        ngettext("{name} {weeks} week", "{name} {weeks} weeks", member.streak).format(
            name=plan.member(member.member).name, weeks=member.streak
        )
        for member in made.members
        if member.streak
    ]
    if streaks:
        to.print(_("Kept in a row: {streaks}").format(streaks=printable(", ".join(streaks))))
    totals = made.totals
    to.print(
        ngettext(
            "In all: {passed} of {assigned} passed, {late} late, {missing} missing, {attempts} attempt.",
            "In all: {passed} of {assigned} passed, {late} late, {missing} missing, {attempts} attempts.",
            totals.attempts,
        ).format(
            passed=totals.passed,
            assigned=totals.assigned,
            late=totals.late,
            missing=totals.missing,
            attempts=totals.attempts,
        )
    )


def _print_problems(to: Console, made: Progress) -> None:
    for problem in made.problems:
        if problem.flaw is not Flaw.RECOVERED:
            to.print(Text(printable(str(problem)), style="dark_orange"))


def _print_findings(to: Console, attempts: Sequence[Attempt], findings: Mapping[str, Finding]) -> None:
    to.print()
    counts = {trust: sum(finding.trust is trust for finding in findings.values()) for trust in Trust}
    to.print(
        _("Records held against their sources: right {holds}, wrong {broken}, not checked {unchecked}.").format(
            holds=counts[Trust.HOLDS], broken=counts[Trust.BROKEN], unchecked=counts[Trust.UNCHECKED]
        )
    )
    for trust, style in ((Trust.BROKEN, "bold dark_orange"), (Trust.UNCHECKED, "dim")):
        for attempt in (one for one in attempts if findings[one.id].trust is trust):
            finding = findings[attempt.id]
            hardware = ", ".join(f"{name}: {note}" for name, note in attempt.devices.items() if name != "sim")
            line = f"{attempt.where}: {explained(finding)}" + (f" ({hardware})" if hardware else "")
            to.print(Text(printable(line), style=style))

"""A report on a terminal: verdict and score, one line a check, and the first thing to repair.

Marks and words carry the meaning; colour (blue and orange, which every eye tells apart) only repeats it. Piped output
has neither colour nor escape sequences.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.messages import gettext as _
from grader.messages import ngettext
from grader.report import CheckResult, Outcome, Report, Verdict
from grader.reporting.plain import printable

MARKS = {
    Outcome.PASS: ("✓", "bold blue"),
    Outcome.FAIL: ("✗", "bold dark_orange"),
    Outcome.ERROR: ("!", "bold dark_orange"),
    Outcome.SKIP: ("–", "dim"),
}
VERDICT_STYLES = {Verdict.PASS: "bold blue", Verdict.FAIL: "bold dark_orange", Verdict.MISSING: "bold"}


def console(stream: TextIO | None = None, *, width: int | None = None) -> Console:
    """A console that wraps at the terminal's width (80 where there is none) and never guesses at markup."""
    made = Console(file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)
    if width is None and not made.is_terminal:
        made.width = 80
    return made


def verdict_word(verdict: Verdict) -> str:
    """The verdict in the language in force."""
    return {Verdict.PASS: _("passed"), Verdict.FAIL: _("not yet"), Verdict.MISSING: _("missing")}[verdict]


def print_report(to: Console, report: Report, *, verbose: bool = False) -> None:
    """One submission in full."""
    to.print(_heading(report))
    checks = [check for check in report.checks if verbose or not _is_silent(check)]
    if report.verdict is Verdict.MISSING:
        to.print(Padding(Text(printable(report.checks[0].message)), (0, 0, 0, 2)))
    else:
        to.print(_checks(checks))
    for failing in _to_repair(report, verbose=verbose):
        to.print()
        _print_repair(to, failing)
    if report.misconception is not None:
        to.print()
        _labelled(to, _("Likely mistake"), f"{report.misconception.message} [{report.misconception.id}]")
    _print_notes(to, report, verbose=verbose)
    if report.output.strip() and (verbose or report.verdict is Verdict.FAIL):
        to.print()
        _labelled(to, _("It printed"), printable(report.output.rstrip(), most=100_000 if verbose else 600))


def print_summary(to: Console, reports: Sequence[Report]) -> None:
    """A line a submission, then what each that did not pass has to repair first."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    for title, justify in ((_("verdict"), "left"), (_("score"), "right"), (_("loss"), "left"), (_("who"), "left")):
        table.add_column(title, justify="right" if justify == "right" else "left", no_wrap=True)
    table.add_column(_("file"), overflow="fold")
    for report in reports:
        table.add_row(
            Text(verdict_word(report.verdict), style=VERDICT_STYLES[report.verdict]),
            f"{report.score:.1f}" if report.verdict is not Verdict.MISSING else "–",
            report.loss,
            report.member or "–",
            printable(report.file),
        )
    to.print(table)
    for report in reports:
        if report.verdict is Verdict.FAIL:
            to.print()
            print_report(to, report)


def print_check(to: Console, check: CheckResult, report: Report) -> None:
    """One check that did not pass: its sentence, the input, expected and got, and the mistake behind it if known."""
    to.print(_heading(report))
    to.print(_checks([check]))
    _print_repair(to, check)
    if report.misconception is not None:
        _labelled(to, _("Likely mistake"), f"{report.misconception.message} [{report.misconception.id}]")


def print_total(to: Console, reports: Sequence[Report]) -> None:
    """How many passed, with which seed and how they were kept apart from this machine."""
    passed = sum(report.verdict is Verdict.PASS for report in reports)
    sentence = ngettext(
        "{passed} of {count} submission passed.", "{passed} of {count} submissions passed.", len(reports)
    ).format(passed=passed, count=len(reports))
    to.print()
    to.print(Text(sentence, style="bold"))
    to.print(
        Text(
            _("seed {seed} · isolation: {isolation}").format(
                seed=", ".join(dict.fromkeys(str(report.seed) for report in reports)),
                isolation=", ".join(dict.fromkeys(report.isolation for report in reports)),
            ),
            style="dim",
        )
    )


def print_kept(to: Console, reports: Sequence[Report]) -> None:
    """How many of the reports were made before and still hold, and how to have them made again."""
    if reports:
        sentence = _("{count} of them unchanged since they were graded; --force grades them again").format(
            count=len(reports)
        )
        to.print(Text(sentence, style="dim"))


def _heading(report: Report) -> Text:
    mark = {Verdict.PASS: "✓", Verdict.FAIL: "✗", Verdict.MISSING: "–"}[report.verdict]
    heading = Text()
    heading.append(f"{mark} {verdict_word(report.verdict)}", style=VERDICT_STYLES[report.verdict])
    if report.verdict is not Verdict.MISSING:
        heading.append(f"  {report.score:.1f}", style="bold")
    heading.append(f"  {report.loss}")
    if report.member is not None:
        heading.append(f" · {report.member}")
    heading.append(f" · {printable(report.file)}", style="dim")
    return heading


def _is_silent(check: CheckResult) -> bool:
    """A check that was skipped because nothing could run is said once, by the one that stood in the way."""
    return check.outcome is Outcome.SKIP and check.max_points > 0


def _checks(checks: Sequence[CheckResult]) -> Padding:
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(overflow="fold")
    for check in checks:
        mark, style = MARKS[check.outcome]
        name = check.name if check.name != "device" else f"device[{check.device}]"
        points = "" if check.max_points == 0 else f"{round(check.points, 1):g}/{round(check.max_points, 1):g}"
        table.add_row(Text(mark, style=style), name, Text(points, style="dim"), Text(printable(check.message)))
    return Padding(table, (0, 0, 0, 2))


def _to_repair(report: Report, *, verbose: bool) -> list[CheckResult]:
    failing = [check for check in report.checks if check.outcome in (Outcome.FAIL, Outcome.ERROR)]
    failing.sort(key=lambda check: not check.required)
    return failing if verbose else failing[:1]


def _print_repair(to: Console, check: CheckResult) -> None:
    name = check.name if check.name != "device" else f"device[{check.device}]"
    to.print(Text(_("To repair first: {name}").format(name=name), style="bold"))
    to.print(Padding(Text(_sentence_of(check.name)), (0, 0, 0, 2)))
    if check.counterexample is not None:
        example = check.counterexample
        _labelled(to, _("Input"), printable(example.call))
        if example.where:
            _labelled(to, _("Where"), printable(example.where))
        _labelled(to, _("Expected"), printable(example.expected))
        _labelled(to, _("Got"), printable(example.got))
    if check.hint:
        _labelled(to, _("Hint"), printable(check.hint))


def _sentence_of(name: str) -> str:
    from grader.checks import first_sentence

    return first_sentence(name)


def _labelled(to: Console, label: str, text: str) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, min_width=8)
    table.add_column(overflow="fold")
    table.add_row(Text(label, style="bold"), Text(text))
    to.print(Padding(table, (0, 0, 0, 2)))


def _print_notes(to: Console, report: Report, *, verbose: bool) -> None:
    notes = list(dict.fromkeys(note for check in report.checks for note in check.notes))
    shown = notes if verbose else notes[:3]
    if not shown:
        return
    to.print()
    for note in shown:
        _labelled(to, _("Note"), printable(note))

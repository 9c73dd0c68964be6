"""What a pull request's page shows of its grading: a Markdown summary, and JUnit XML for tools that read it."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence

from grader.messages import gettext as _
from grader.report import CheckResult, Outcome, Report, Verdict
from grader.reporting.terminal import verdict_word

_CONTROL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKS = {Verdict.PASS: "✅", Verdict.FAIL: "❌", Verdict.MISSING: "⬜"}


def markdown(reports: Sequence[Report], warnings: Sequence[str] = ()) -> str:
    """A table of the submissions, what each has to repair first, and what a person should look at.

    Names and messages come from strangers: they stand in HTML text, escaped, where no Markdown is read.
    """
    told = [f"<p>⚠️ {_text(warning)}</p>" for warning in warnings]
    if not reports:
        return "\n\n".join([_("No solution changed."), *told]) + "\n"
    heads = "".join(f"<th>{head}</th>" for head in (_("verdict"), _("score"), _("loss"), _("who"), _("file")))
    rows = [
        f"<tr><td>{_MARKS[report.verdict]} {verdict_word(report.verdict)}</td><td>{report.score:.1f}</td>"
        f"<td>{_text(report.loss)}</td><td>{_text(report.member or '–')}</td>"
        f"<td><code>{_text(report.file)}</code></td></tr>"
        for report in reports
    ]
    failing = [_repair(report) for report in reports if report.verdict is Verdict.FAIL]
    table = f"<table><tr>{heads}</tr>\n" + "\n".join(rows) + "\n</table>"
    return "\n\n".join(["## " + _("Grading"), table, *failing, *told]) + "\n"


def _repair(report: Report) -> str:
    first = next((check for check in report.checks if check.stands_in_the_way), None)
    if first is None:
        return ""
    lines = [f"<details open><summary><code>{_text(report.file)}</code>: {_text(_name(first))}</summary>"]
    lines.append(f"<p>{_text(first.message)}</p>")
    if first.counterexample is not None:
        found = first.counterexample
        lines.append(
            f"<pre>{_text(found.call)}\n{_text(_('expected'))}: {_text(found.expected)}\n"
            f"{_text(_('got'))}: {_text(found.got)}</pre>"
        )
    if report.misconception is not None:
        lines.append(f"<p>{_text(report.misconception.message)}</p>")
    return "\n".join([*lines, "</details>"])


def junit(reports: Sequence[Report]) -> bytes:
    """One test suite a submission, one test case a check."""
    top = ElementTree.Element("testsuites", {"name": "mogakco"})
    for report in reports:
        checks = report.checks
        suite = ElementTree.SubElement(
            top,
            "testsuite",
            {
                "name": _plain(report.file),
                "tests": str(len(checks)),
                "failures": str(sum(check.stands_in_the_way for check in checks)),
                "errors": "0",
                "skipped": str(sum(_is_skipped(check) for check in checks)),
                "time": f"{report.seconds:.3f}",
                "timestamp": report.graded_at,
            },
        )
        for check in checks:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                {"classname": _plain(report.file), "name": _name(check), "time": f"{check.seconds:.3f}"},
            )
            if check.stands_in_the_way:
                ElementTree.SubElement(case, "failure", {"message": _plain(check.message)}).text = _plain(check.message)
            elif _is_skipped(check):
                ElementTree.SubElement(case, "skipped", {"message": _plain(check.message)})
    ElementTree.indent(top)
    return bytes(ElementTree.tostring(top, encoding="utf-8", xml_declaration=True))


def _is_skipped(check: CheckResult) -> bool:
    """Skipped, or a check that is not required and did not pass: neither breaks the build."""
    return check.outcome is not Outcome.PASS and not check.stands_in_the_way


def _name(check: CheckResult) -> str:
    return f"{check.name}[{check.device}]"


def _plain(text: str) -> str:
    return _CONTROL.sub("�", text)


def _text(text: str) -> str:
    """Escaped for HTML; a blank line would end the HTML block and let Markdown begin."""
    return re.sub(r"\n\s*\n", "\n", html.escape(_plain(text)))

"""Ask a submission for a list of expected answers and put what is wrong into one finding."""

from __future__ import annotations

from collections.abc import Sequence

from grader.calls import Answer, Batch
from grader.checks.base import Examination, Finding
from grader.checks.counterexample import Judge, counterexample, smallest
from grader.checks.expected import Expected
from grader.checks.judging import Wrong
from grader.messages import gettext as _
from grader.report import Outcome


def answers_to(examination: Examination, expected: Sequence[Expected], *, backward: bool) -> list[Answer]:
    """One answer a case, in order, all asked for in one frame."""
    calls = tuple(one.call(backward=backward) for one in expected)
    return examination.ask(Batch(calls, device=examination.device))


def finding_of(
    examination: Examination,
    expected: Sequence[Expected],
    answers: Sequence[Answer],
    judge: Judge,
    *,
    backward: bool,
    right: str,
) -> Finding:
    """Pass with the sentence `right`, or the first wrong case in words and the smallest one as counterexample."""
    judged = [(one, judge(one, answer)) for one, answer in zip(expected, answers, strict=True)]
    failing: list[tuple[Expected, Wrong]] = [(one, wrong) for one, wrong in judged if wrong is not None]
    if not failing:
        return Finding(Outcome.PASS, right)
    small, wrong = smallest(examination, failing, judge, backward=backward)
    names = list(dict.fromkeys(f"{_(one.case.name)} ({one.dtype})" for one, _wrong in failing))
    message = _("{wrong} {failed} of {total} cases, among them: {names}.").format(
        wrong=wrong.message, failed=len(failing), total=len(expected), names="; ".join(names[:3])
    )
    outcome = Outcome.ERROR if any(bad.outcome is Outcome.ERROR for _one, bad in failing) else Outcome.FAIL
    return Finding(
        outcome,
        message,
        counterexample=counterexample(examination.loss, small, wrong, examination.device),
        hint=wrong.hint,
    )

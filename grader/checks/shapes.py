"""Arguments that do not fit together raise."""

from __future__ import annotations

from grader.calls import Argument, Batch, Call
from grader.checks.base import Examination, Finding
from grader.checks.expected import rounded
from grader.checks.text import call
from grader.messages import gettext as _
from grader.report import Counterexample, Outcome


def shapes(examination: Examination) -> Finding:
    """Arguments whose shapes do not fit together raise an error instead of broadcasting to a wrong number."""
    bad_calls = examination.loss.bad_calls()
    arguments = [rounded(bad.arguments, "float32") for bad in bad_calls]
    batch = Batch(
        tuple(Call(tuple(Argument(value) for value in values)) for values in arguments), device=examination.device
    )
    answers = examination.ask(batch)
    accepted = [
        (bad, values, answer)
        for bad, values, answer in zip(bad_calls, arguments, answers, strict=True)
        if answer.raised is None
    ]
    if not accepted:
        return Finding(Outcome.PASS, _("{count} mismatches, each raised.").format(count=len(bad_calls)))
    _first, values, answer = accepted[0]
    got = answer.returned if answer.value is None else str(answer.value)
    return Finding(
        Outcome.FAIL,
        _("{failed} of {total} mismatches raised nothing: {names}.").format(
            failed=len(accepted), total=len(bad_calls), names=", ".join(bad.name for bad, _v, _a in accepted[:3])
        ),
        counterexample=Counterexample(call(examination.loss, values), _("an exception"), got),
        hint=_("Compare the shapes first and raise ValueError; broadcasting makes a number of almost anything."),
        share=1.0 - len(accepted) / len(bad_calls),
    )

"""Arguments are left as they were, and the same call gives the same answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grader.calls import Answer, Batch, Watch
from grader.checks.base import Examination, Finding
from grader.checks.counterexample import counterexample, size
from grader.checks.expected import Expected, expectations, sample
from grader.checks.judging import Wrong
from grader.checks.stability import answers_at_edges, edges
from grader.checks.text import call
from grader.losses.base import Value
from grader.messages import N_
from grader.messages import gettext as _
from grader.report import Counterexample, Outcome

CASES = 6


def purity(examination: Examination) -> Finding:
    """The call changes none of its arguments, and the same call gives the same answer again.

    The calls run with and without gradients; each is made twice in a row and once more after all the others, so that an
    answer that depends on what was asked before is seen.
    """
    expected = _sample(expectations(examination.loss, examination.seed))
    calls = tuple(one.call(backward=backward) for backward in (True, False) for one in expected)
    twice = Batch(calls, device=examination.device, watch=frozenset({Watch.PURITY}), repeats=2)
    answers = [*examination.ask(twice), *examination.ask(replace(twice, repeats=1))]
    cases = [*expected, *expected]
    changed = [(one.arguments, answer) for one, answer in zip((*cases, *cases), answers, strict=True) if answer.changed]
    changed += _changed_at_an_edge(examination)
    if changed:
        arguments, answer = min(changed, key=lambda pair: size(pair[0]))
        return _changed(examination, arguments, answer.changed)
    first, second = answers[: len(cases)], answers[len(cases) :]
    for one, before, after in zip(cases, first, second, strict=True):
        seen = _values(before) + _values(after)
        if any(not _same(seen[0], value) for value in seen[1:]):
            different = next(value for value in seen[1:] if not _same(seen[0], value))
            # All their digits: two answers may differ in the last one.
            wrong = Wrong("", repr(float(seen[0])), repr(float(different)))
            return Finding(
                Outcome.FAIL,
                _("The same call gave two different answers."),
                counterexample=counterexample(examination.loss, one, wrong, examination.device),
                hint=_("Random numbers, dropout, or something kept from one call to the next make a loss change."),
            )
    if not any(_values(answer) for answer in answers):
        return Finding(Outcome.ERROR, _("No call gave a tensor, so that there was nothing to compare."))
    return Finding(Outcome.PASS, _("Arguments unchanged, same answer again."))


def _changed(examination: Examination, arguments: tuple[Value, ...], what: tuple[str, ...]) -> Finding:
    named = ", ".join(_named(examination, change) for change in what)
    return Finding(
        Outcome.FAIL,
        _("The call changed its arguments ({what}).").format(what=named),
        counterexample=Counterexample(
            call(examination.loss, arguments, examination.device),
            _("arguments as they were"),
            named,
            device=examination.device,
        ),
        hint=_("Methods that end in _ work in place, and so do += and assignment to a slice: make a new tensor."),
    )


def _changed_at_an_edge(examination: Examination) -> list[tuple[tuple[Value, ...], Answer]]:
    """A clamp in place changes only what lies outside of its bounds, so it is looked for there."""
    answers = answers_at_edges(examination)
    return [
        (arguments, answer)
        for (_probe, _dtype, arguments), answer in zip(edges(examination.loss), answers, strict=True)
        if answer.changed
    ]


def _sample(expected: tuple[Expected, ...]) -> list[Expected]:
    """A few small cases in both dtypes, a strided one among them when there is any."""
    few = sample(expected, CASES)
    strided = next((one for one in expected if any(one.case.strided)), None)
    return few if strided is None or any(one is strided for one in few) else [*few, strided]


def _values(answer: Answer) -> list[np.ndarray]:
    single = [answer.value] if answer.value is not None else []
    return [value for value in (answer.repeated or single) if value.shape == ()]


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return one.dtype == other.dtype and one.tobytes() == other.tobytes()


CHANGES = {
    "type": N_("its type"),
    "shape": N_("its shape"),
    "values": N_("its values"),
    "version": N_("written to in place"),
    "requires_grad": "requires_grad",
    "grad": ".grad",
    "hooks": N_("its hooks"),
}
"""What the runner can see changed, in words."""


def _named(examination: Examination, change: str) -> str:
    """`argument 0: values` with the parameter's name instead of its number."""
    head, _colon, what = change.partition(": ")
    number_text = head.removeprefix("argument ")
    names = [parameter.name for parameter in examination.loss.parameters]
    if number_text.isdecimal() and int(number_text) < len(names):
        return f"{names[int(number_text)]}: {_(CHANGES.get(what, what))}"
    return change

"""The loss works where its inputs are."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

import numpy as np

from grader.calls import Answer, Batch, Event, Watch
from grader.checks.base import Examination, Finding
from grader.checks.counterexample import counterexample, smallest
from grader.checks.expected import Expected, expectations, sample
from grader.checks.judging import Wrong, wrong_gradient, wrong_value
from grader.checks.text import at
from grader.losses.base import Loss
from grader.messages import gettext as _
from grader.report import Outcome

CASES = 8
WIDER = 32.0
"""An accelerator sums in another order and with fused operations: its answers may be this much further away."""


def device(examination: Examination) -> Finding:
    """Value and gradient are right on the device, and the result stays there.

    Without an accelerator the device is simulated: the same rules about which tensors may meet, the CPU's arithmetic.
    """
    name = examination.device
    every = expectations(examination.loss, examination.seed)
    expected = sample([one for one in every if name != "mps" or one.dtype != "float64"], CASES)
    if name in ("cuda", "mps"):
        expected = [_widened(one) for one in expected]
    # Watched for `originality`, which itself calls on the CPU only: a branch may be for other devices alone.
    watch = frozenset[Watch]() if name == "cpu" else frozenset({Watch.ORIGINALITY})
    answers = examination.ask(Batch(tuple(one.call(backward=True) for one in expected), device=name, watch=watch))
    judge = partial(_wrong, examination.loss, name)
    failing = [
        (one, wrong) for one, answer in zip(expected, answers, strict=True) if (wrong := judge(one, answer)) is not None
    ]
    note = examination.device_note
    events = [event for answer in answers for event in answer.events]
    examination.earlier.ready_made += [event for event in events if event.kind == "ready-made"]
    notes = _synchronisations(events, name)
    if not failing:
        return Finding(
            Outcome.PASS,
            _("{count} cases on {device} ({note}).").format(count=len(expected), device=name, note=note)
            if note
            else _("{count} cases on {device}.").format(count=len(expected), device=name),
            notes=notes,
        )
    one, wrong = smallest(examination, failing, judge, backward=True)
    where = _("On {device} ({note})").format(device=name, note=note) if note else _("On {device}").format(device=name)
    sentence = _("{where}: {wrong} {failed} of {total} cases.").format(
        where=where, wrong=wrong.message, failed=len(failing), total=len(expected)
    )
    return Finding(
        Outcome.ERROR if any(bad.outcome is Outcome.ERROR for _one, bad in failing) else Outcome.FAIL,
        " ".join((sentence, *_strangers(events))),
        counterexample=counterexample(examination.loss, one, wrong, name),
        hint=wrong.hint or _hint(wrong),
        notes=notes,
    )


def _widened(one: Expected) -> Expected:
    tolerance = replace(
        one.tolerance,
        value=one.tolerance.value * WIDER,
        gradients=tuple(
            None if allowed is None else np.asarray(allowed) * WIDER for allowed in one.tolerance.gradients
        ),
    )
    return replace(one, tolerance=tolerance)


def _wrong(loss: Loss, name: str, one: Expected, answer: Answer) -> Wrong | None:
    if answer.raised is None and answer.value is not None and answer.device != name:
        return Wrong(
            _("The result is on {came}, the inputs are on {device}.").format(came=answer.device, device=name),
            name,
            answer.device,
            hint=_("Make new tensors with device=x.device, or with x.new_zeros, zeros_like and the like."),
        )
    return wrong_value(one, answer) or wrong_gradient(loss, one, answer)


def _hint(wrong: Wrong) -> str | None:
    if re.search(r"same device|numpy|cpu", wrong.got, re.IGNORECASE):
        return _("A tensor made without device= is on the CPU; numpy works on the CPU alone.")
    return None


def _strangers(events: list[Event]) -> tuple[str, ...]:
    """One sentence a line that made a tensor elsewhere than on the device and let it meet one that is there."""
    lines = dict.fromkeys((event.name, event.where) for event in events if event.kind == "wrong-device")
    return tuple(
        _("{name} made a tensor on the CPU{where}.").format(name=function, where=at(where))
        for function, where in list(lines)[:3]
    )


def _synchronisations(events: list[Event], name: str) -> tuple[str, ...]:
    """One note a line that waits for the device, and only on a device where waiting costs."""
    if name == "cpu":
        return ()
    lines = dict.fromkeys((event.name, event.where) for event in events if event.kind == "host-sync")
    return tuple(
        _("{name} waits for the device (a host synchronisation){where}.").format(name=function, where=at(where))
        for function, where in list(lines)[:3]
    )

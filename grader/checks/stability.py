"""The edges of the domain, constructed and never left to chance."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from grader.calls import Answer, Argument, Batch, Call, Watch
from grader.checks.base import Examination, Finding
from grader.checks.counterexample import size
from grader.checks.expected import differentiable, rounded
from grader.checks.judging import Wrong, wrong_graph
from grader.checks.text import call, literal, number, problem
from grader.losses.base import Loss, Probe, Value
from grader.messages import gettext as _
from grader.report import Counterexample, Outcome

Edge = tuple[Probe, str, tuple[Value, ...]]


@lru_cache(maxsize=16)
def edges(loss: Loss) -> tuple[Edge, ...]:
    """Every probe of the loss in each of its dtypes, with its arguments in that dtype."""
    return tuple((probe, dtype, rounded(probe.arguments, dtype)) for probe in loss.probes() for dtype in probe.dtypes)


def edge_calls(loss: Loss) -> tuple[Call, ...]:
    """The calls that ask for the probes' values and gradients, upstream 1."""
    return tuple(
        Call(
            tuple(
                Argument(value, requires_grad=want)
                for value, want in zip(arguments, differentiable(loss, arguments), strict=True)
            ),
            upstream=1.0,
        )
        for _probe, _dtype, arguments in edges(loss)
    )


def answers_at_edges(examination: Examination) -> list[Answer]:
    """The submission's answers to `edge_calls`, asked for once and watched for what `purity` wants to know of them."""
    if examination.earlier.at_edges is None:
        watched = Batch(edge_calls(examination.loss), device=examination.device, watch=frozenset({Watch.PURITY}))
        examination.earlier.at_edges = examination.ask(watched)
    return examination.earlier.at_edges


def stability(examination: Examination) -> Finding:
    """At the edge of its domain the loss stays finite and right, and its gradient has no NaN.

    The probes are the loss's own: a probability of exactly 0 or 1, the largest scale, the largest positions, ties.
    """
    loss = examination.loss
    answers = answers_at_edges(examination)
    failing = [
        (edge, wrong)
        for edge, answer in zip(edges(loss), answers, strict=True)
        if (wrong := wrong_edge(loss, edge, answer)) is not None
    ]
    if not failing:
        return Finding(Outcome.PASS, _("{count} constructed edges.").format(count=len(answers)))
    (probe, dtype, arguments), wrong = min(failing, key=lambda pair: size(pair[0][2]))
    return Finding(
        Outcome.ERROR if any(bad.outcome is Outcome.ERROR for _edge, bad in failing) else Outcome.FAIL,
        _("{wrong} {failed} of {total} edges, first: {name} ({dtype}).").format(
            wrong=wrong.message, failed=len(failing), total=len(answers), name=_(probe.name), dtype=dtype
        ),
        counterexample=Counterexample(
            call(
                loss,
                arguments,
                examination.device,
                wants=() if wrong.argument is None else differentiable(loss, arguments),
                gradient_of=wrong.argument,
            ),
            wrong.expected,
            wrong.got,
            wrong.where,
            examination.device,
        ),
        hint=wrong.hint,
    )


def wrong_edge(loss: Loss, edge: Edge, answer: Answer) -> Wrong | None:
    """What is wrong at one probe: it raised, the value is outside what the probe allows, or a gradient is."""
    probe, _dtype, arguments = edge
    if answer.raised is not None:
        text = problem(answer.raised)
        return Wrong(_("It raised {problem}.").format(problem=text), _(probe.expected), text, outcome=Outcome.ERROR)
    if answer.value is None or answer.value.shape != ():
        return Wrong(_("It returned no 0-dim tensor."), _(probe.expected), answer.returned)
    value = float(answer.value)
    if not probe.accepts_value(value):
        sentence = _("The value is wrong at an edge.") if np.isfinite(value) else _("The value is not finite.")
        return Wrong(sentence, _(probe.expected), number(value))
    wanted = [True if want else None for want in differentiable(loss, arguments)]
    lost = wrong_graph(loss, wanted, answer)
    if lost is not None:
        return lost
    gradients = _as_float64(answer.gradients)
    if not probe.accepts_gradients(gradients):
        return _wrong_edge_gradient(loss, probe, gradients)
    return None


def _as_float64(gradients: Sequence[object | None]) -> list[np.ndarray | None]:
    return [None if gradient is None else np.asarray(gradient, dtype=np.float64) for gradient in gradients]


def _wrong_edge_gradient(loss: Loss, probe: Probe, gradients: Sequence[np.ndarray | None]) -> Wrong:
    has_nan = any(gradient is not None and np.isnan(gradient).any() for gradient in gradients)
    index = next(
        (
            position
            for position, gradient in enumerate(gradients)
            if gradient is not None and (np.isnan(gradient).any() if has_nan else True)
        ),
        0,
    )
    gradient = gradients[index]
    name = loss.parameters[index].name
    return Wrong(
        _("The gradient has NaN at an edge.") if has_nan else _("The gradient is wrong at an edge."),
        _(probe.expected_gradients),
        "" if gradient is None else literal(gradient).removeprefix("torch.tensor(").split(", dtype=")[0],
        where=_("gradient of {name}").format(name=name),
        argument=index,
        hint=_("Inf times 0 is NaN in the backward pass too, also in the branch that torch.where does not choose.")
        if has_nan
        else None,
    )

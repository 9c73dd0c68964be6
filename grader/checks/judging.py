"""One answer against what was expected: the first thing that is wrong with it, as data, or None.

Everything is compared here as plain numbers in float64; nothing of the submission's own comparison is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.calls import Answer, Array
from grader.checks.expected import Expected
from grader.checks.text import number, problem
from grader.losses.base import Loss
from grader.messages import gettext as _
from grader.report import Outcome


@dataclass(frozen=True)
class Wrong:
    """What is wrong with one answer: a sentence, what was expected, what came, and which part of it."""

    message: str
    expected: str
    got: str
    where: str | None = None
    outcome: Outcome = Outcome.FAIL
    hint: str | None = None
    argument: int | None = None
    """Whose gradient it is about; None where it is about the value."""


def _wrong_form(right: Expected, answer: Answer) -> Wrong | None:
    dtype = right.dtype
    expected = _("a 0-dim tensor of {dtype}").format(dtype=f"torch.{dtype}")
    if answer.raised is not None:
        return Wrong(
            _("It raised {problem}.").format(problem=problem(answer.raised)),
            number(right.value),
            problem(answer.raised),
            outcome=Outcome.ERROR,
        )
    if answer.value is None:
        return Wrong(
            _("It returned {returned}, not a tensor.").format(returned=answer.returned), expected, answer.returned
        )
    if answer.value.shape != ():
        shape = str(tuple(answer.value.shape))
        return Wrong(_("The result has shape {shape}; a loss is 0-dim: ().").format(shape=shape), expected, shape)
    came = answer.dtype
    if came != dtype:
        return Wrong(
            _("The result is {came} for {dtype} inputs; keep the dtype of the inputs.").format(came=came, dtype=dtype),
            expected,
            f"torch.{came}",
        )
    return None


def wrong_value(expected: Expected, answer: Answer) -> Wrong | None:
    """Whether the value is the reference's within the case's tolerance; NaN and infinity never are."""
    form = _wrong_form(expected, answer)
    if form is not None or answer.value is None:
        return form
    value = float(answer.value)
    if np.isfinite(value) and abs(value - expected.value) <= expected.tolerance.value:
        return None
    return Wrong(_("The value is wrong."), *_told_apart(expected.value, value))


def _told_apart(expected: float, came: float) -> tuple[str, str]:
    """Both numbers with as many digits as it takes to tell one from the other; zero without a sign."""
    texts = "", ""
    for digits in (6, 9, 12, 17):
        texts = f"{expected + 0.0:.{digits}g}", f"{came + 0.0:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def wrong_gradient(loss: Loss, expected: Expected, answer: Answer) -> Wrong | None:
    """Whether every gradient that is wanted came, is finite and is the reference's within tolerance."""
    form = _wrong_form(expected, answer)
    if form is not None:
        return form
    lost = wrong_graph(loss, expected.gradients, answer)
    if lost is not None:
        return lost
    if not expected.case.compare_gradient:
        return _wrong_subgradient(loss, expected, answer)
    for index, right in enumerate(expected.gradients):
        came = answer.gradients[index]
        if right is None or came is None:
            continue
        allowed = expected.tolerance.gradients[index]
        wrong = _wrong_array(loss, index, right, came, (0.0 if allowed is None else allowed) * abs(expected.upstream))
        if wrong is not None:
            return wrong
    return None


def wrong_graph(loss: Loss, wanted: Sequence[object | None], answer: Answer) -> Wrong | None:
    """Whether a gradient arrived at every argument that wants one, telling the ways to lose it apart."""
    indices = [index for index, right in enumerate(wanted) if right is not None]
    names = [loss.parameters[index].name for index in indices]
    if answer.backward_raised is not None:
        text = problem(answer.backward_raised)
        return Wrong(
            _("backward() raised {problem}.").format(problem=text),
            _("gradients for {names}").format(names=", ".join(names)),
            text,
            outcome=Outcome.ERROR,
            argument=indices[0],
        )
    if not answer.attached:
        return Wrong(
            _("The result hangs on no autograd graph, so that no gradient reaches {names}.").format(
                names=", ".join(names)
            ),
            _("gradients for {names}").format(names=", ".join(names)),
            _("no gradient"),
            hint=_("detach(), .data, .item(), float(), numpy and torch.tensor(x) cut the graph; so does no_grad()."),
            argument=indices[0],
        )
    for index, right in enumerate(wanted):
        if right is not None and (len(answer.gradients) <= index or answer.gradients[index] is None):
            name = loss.parameters[index].name
            return Wrong(
                _("No gradient reaches {name}, though it reaches others.").format(name=name)
                if len(names) > 1
                else _("No gradient reaches {name}.").format(name=name),
                _("a gradient for {name}").format(name=name),
                _("no gradient"),
                where=_("gradient of {name}").format(name=name),
                hint=_("Something between {name} and the result cuts the graph.").format(name=name),
                argument=index,
            )
    return None


def _wrong_subgradient(loss: Loss, expected: Expected, answer: Answer) -> Wrong | None:
    scaled = [
        None if gradient is None else np.asarray(gradient, dtype=np.float64) / expected.upstream
        for gradient in answer.gradients
    ]
    for index, gradient in enumerate(scaled):
        if gradient is not None and not np.isfinite(gradient).all():
            name = loss.parameters[index].name
            return Wrong(
                _("The gradient of {name} is not finite at a tie.").format(name=name),
                _("any finite subgradient"),
                _first_not_finite(gradient),
                where=_("gradient of {name}").format(name=name),
                argument=index,
            )
    if loss.subgradient is not None and not loss.subgradient(expected.arguments, scaled):
        return Wrong(
            _("At a tie the gradient is larger than any subgradient."),
            _("a finite subgradient"),
            "; ".join(np.array2string(gradient, precision=4) for gradient in scaled if gradient is not None),
            argument=next(index for index, gradient in enumerate(scaled) if gradient is not None),
        )
    return None


def _first_not_finite(values: Array) -> str:
    return str(values[~np.isfinite(values)][0])


def _wrong_array(loss: Loss, argument: int, right: Array, came: Array, allowed: Array | float) -> Wrong | None:
    name = loss.parameters[argument].name
    where = _("gradient of {name}").format(name=name)
    if came.shape != right.shape:
        return Wrong(
            _("The gradient of {name} has the wrong shape.").format(name=name),
            str(right.shape),
            str(came.shape),
            where=where,
            argument=argument,
        )
    values = came.astype(np.float64)
    finite = np.isfinite(values)
    distance = np.abs(np.where(finite, values, 0.0) - right)
    bad = ~finite | (distance > allowed)
    if not bad.any():
        return None
    worst = np.unravel_index(int(np.argmax(np.where(finite, distance - allowed, np.inf))), right.shape)
    index = "".join(f"[{position}]" for position in worst)
    return Wrong(
        _("The gradient of {name} is wrong.").format(name=name),
        *_told_apart(float(right[worst]), float(values[worst])),
        where=_("gradient of {name}").format(name=f"{name}{index}"),
        hint=_constant_factor(right, values),
        argument=argument,
    )


def _constant_factor(right: Array, came: Array) -> str | None:
    # One element is always some multiple of another.
    if right.size < 2 or not np.isfinite(came).all():
        return None
    largest = int(np.argmax(np.abs(right)))
    if right.flat[largest] == 0.0:
        return None
    factor = float(came.flat[largest] / right.flat[largest])
    apart = np.abs(came - factor * right).max()
    if apart > 1e-3 * np.abs(came).max() or abs(factor - 1.0) < 1e-3:
        return None
    return _("Every element is {factor} times what it should be.").format(factor=number(factor))

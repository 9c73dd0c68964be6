"""The gradient of the loss."""

from __future__ import annotations

from functools import partial

from grader.checks.base import Examination, Finding
from grader.checks.cases import answers_to, finding_of
from grader.checks.expected import expectations
from grader.checks.judging import wrong_gradient
from grader.messages import gettext as _


def gradient(examination: Examination) -> Finding:
    """backward() gives the right gradient for every argument that needs one.

    Each case is multiplied with a random upstream gradient, so that a backward pass that ignores it is seen, and
    compared with the reference's float64 gradient element by element.
    """
    expected = expectations(examination.loss, examination.seed)
    answers = answers_to(examination, expected, backward=True)
    names = ", ".join(parameter.name for parameter in examination.loss.parameters if parameter.differentiable)
    right = _("{count} cases, for {names}.").format(count=len(expected), names=names)
    judge = partial(wrong_gradient, examination.loss)
    return finding_of(examination, expected, answers, judge, backward=True, right=right)

"""The value of the loss."""

from __future__ import annotations

from grader.checks.base import Examination, Finding
from grader.checks.cases import answers_to, finding_of
from grader.checks.expected import expectations
from grader.checks.judging import wrong_value
from grader.messages import gettext as _


def value(examination: Examination) -> Finding:
    """The loss has the right value, in float64 and in float32.

    Drawn and constructed inputs against the float64 reference; the tolerance of each follows from its dtype and from
    how the reference is conditioned there.
    """
    expected = expectations(examination.loss, examination.seed)
    answers = answers_to(examination, expected, backward=False)
    right = _("{count} cases, float64 and float32.").format(count=len(expected))
    return finding_of(examination, expected, answers, wrong_value, backward=False, right=right)

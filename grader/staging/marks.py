"""How an assignment stands, as the small marks that thousands of places show: a sign and words first, colour last.

They are made here and not in a template because a year's matrix has thousands of them, most of them alike.
"""

from __future__ import annotations

from functools import cache

from markupsafe import Markup

from grader.messages import gettext as _
from grader.messages import language
from grader.staging.dates import span
from grader.staging.text import in_html
from grader.tracking.progress import Standing, State, Trust

SIGNS = {State.PASSED: "✓", State.FAILED: "✗", State.MISSING: "!", State.UPCOMING: "·"}


def badge(standing: Standing) -> Markup:
    """Sign, words and score; lateness and a record that does not hold beside it."""
    late = _("late by {span}").format(span=span(standing.late_by)) if standing.late else ""
    return _badge(language(), standing.state, standing.score, late, standing.trust is Trust.BROKEN)


def cell(standing: Standing, address: str) -> Markup:
    """A cell of the matrix: a link that says everything to those who do not see its colour."""
    state = _state(standing.state)
    late = " · " + _("late by {span}").format(span=span(standing.late_by)) if standing.late else ""
    loss = in_html(standing.loss)
    score = "" if standing.score is None else f'<span class="score">{standing.score:g}</span>'
    flag = f'<span class="flag">{in_html(_("late"))}</span>' if standing.late else ""
    return Markup(
        f'<a class="cell {standing.state}{" late" * standing.late}" href="{address}" '
        f'title="{loss} · {in_html(state + late)}">'
        f'<span class="sign" aria-hidden="true">{SIGNS[standing.state]}</span><span class="what">{loss}</span>{score}'
        f'<span class="only-read">{in_html(state)}</span>{flag}</a>'
    )


@cache
def _badge(language: str, state: State, score: float | None, late: str, broken: bool) -> Markup:
    words = in_html(_state(state)) + ("" if score is None else f" · {score:g}")
    parts = [f'<span class="badge {state}"><span aria-hidden="true">{SIGNS[state]}</span> {words}</span>']
    if late:
        parts.append(f'<span class="badge late">{in_html(late)}</span>')
    if broken:
        parts.append(f'<span class="badge broken">{in_html(_("record does not hold"))}</span>')
    return Markup(" ".join(parts))


def _state(state: State) -> str:
    states = {
        State.PASSED: _("passed"),
        State.FAILED: _("not passed yet"),
        State.MISSING: _("missing"),
        State.UPCOMING: _("open"),
    }
    return states[state]

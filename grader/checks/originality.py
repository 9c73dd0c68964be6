"""The loss is written from primitives: a rule of the exercise, not a security boundary."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import TypeVar

from grader.calls import Batch, Call, Cell, Event, Location, Source, Watch
from grader.checks.base import Examination, Finding
from grader.checks.counterexample import size
from grader.checks.expected import SMALL, expectations
from grader.checks.stability import edge_calls, edges
from grader.checks.text import at
from grader.messages import gettext as _
from grader.report import Outcome

T = TypeVar("T")

READY_MADE = frozenset(
    {
        "binary_cross_entropy",
        "binary_cross_entropy_with_logits",
        "cosine_embedding_loss",
        "cross_entropy",
        "cross_entropy_loss",
        "gaussian_nll_loss",
        "huber_loss",
        "kl_div",
        "l1_loss",
        "mse_loss",
        "nll_loss",
        "poisson_nll_loss",
        "smooth_l1_loss",
        "soft_margin_loss",
        "wasserstein_distance",
        "emd2_1d",
        "wasserstein_1d",
    }
)
"""Names looked for in the text. What decides is what runs; this only adds a note where a branch did not run."""


def originality(examination: Examination) -> Finding:
    """The loss is written from primitives and calls no ready-made loss.

    What counts is what runs when the function is called, whatever its name or alias; the text of the file is read too,
    and a ready-made loss that was not reached is a note.
    """
    calls = tuple(_watched(examination))
    answers = examination.ask(Batch(calls, device=examination.device, watch=frozenset({Watch.ORIGINALITY})))
    seen = [event for answer in answers for event in answer.events if event.kind == "ready-made"]
    events = list(dict.fromkeys([*seen, *examination.earlier.ready_made]))
    if events:
        return Finding(
            Outcome.FAIL,
            _("A ready-made loss ran: {names}.").format(names=", ".join(_described(event) for event in _first(events))),
            hint=_("The exercise is to write it from log, exp, sort, sums and products. It is a rule, not a lock."),
        )
    if all(answer.raised is not None for answer in answers):
        return Finding(Outcome.ERROR, _("Every call raised, so that nothing could be watched."))
    notes = tuple(
        _("{name} stands in the file, but did not run{where}.").format(name=name, where=at(where))
        for name, where in mentions(examination.source)
    )
    return Finding(Outcome.PASS, _("Only primitives ran."), notes=notes)


def _watched(examination: Examination) -> Iterator[Call]:
    """Every case and every edge once, by turns in each dtype, with a gradient and without: a ready-made loss may stand
    in a branch for hard targets, for one rank, for many elements or for a probability of 0."""
    loss = examination.loss
    cases = ((id(one.case), one) for one in expectations(loss, examination.seed))
    for number, one in enumerate(_by_turns(cases)):
        # A loop over many elements takes long enough to watch once.
        yield one.call(backward=number // 2 % 2 == 0 and size(one.arguments) <= SMALL)
    at_edges = zip(edges(loss), edge_calls(loss), strict=True)
    for call in _by_turns((id(probe), call) for (probe, *_rest), call in at_edges):
        yield replace(call, upstream=None)


def _by_turns(grouped: Iterable[tuple[int, T]]) -> Iterator[T]:
    """One of each group: the first of the first, the second of the second, and round again."""
    for number, (_key, group) in enumerate(groupby(grouped, key=lambda pair: pair[0])):
        members = [member for _same, member in group]
        yield members[number % len(members)]


def _first(events: list[Event]) -> list[Event]:
    """One event a line of the submission, the outermost name first, at most three."""
    lines: dict[Location | None, Event] = {}
    for event in events:
        lines.setdefault(event.where, event)
    return list(lines.values())[:3]


def _described(event: Event) -> str:
    return f"{event.name}{at(event.where)}"


def mentions(source: Source) -> list[tuple[str, Location]]:
    """Where the text names a ready-made loss outside comments and strings: as an attribute, a name or an import."""
    return [mention for cell in source.cells for mention in _mentions_in(cell)]


def _mentions_in(cell: Cell) -> list[tuple[str, Location]]:
    try:
        tree = ast.parse(cell.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # The load check has said so already; text that cannot be parsed names nothing.
        return []
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    lines = cell.source.splitlines()
    found = []
    for node in ast.walk(tree):
        name = _name_of(node)
        if name is None or name in own or not (name in READY_MADE or _is_loss_module(node)):
            continue
        line = getattr(node, "lineno", 1)
        found.append((name, Location(cell.name, line, lines[line - 1] if line <= len(lines) else "")))
    return found


def _name_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.alias):
        return node.name
    return None


def _is_loss_module(node: ast.AST) -> bool:
    """`nn.BCELoss`, `torch.nn.CrossEntropyLoss`: an attribute of something called nn."""
    if not isinstance(node, ast.Attribute) or not node.attr.endswith("Loss"):
        return False
    owner = node.value
    return (isinstance(owner, ast.Name) and owner.id == "nn") or (
        isinstance(owner, ast.Attribute) and owner.attr == "nn"
    )

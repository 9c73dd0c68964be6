"""Small changes to a reference, one at a time: what a slip of the keyboard or of the mind would make of it."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SWAPPED_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
}
SWAPPED_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
SWAPPED_NAMES = {
    "mean": "sum",
    "sum": "mean",
    "log": "log2",
    "log1p": "log",
    "exp": "exp2",
    "abs": "square",
    "sqrt": "abs",
    "softmax": "sigmoid",
    "logsumexp": "sum",
    "log_softmax": "softmax",
    "cumsum": "cumprod",
    "minimum": "maximum",
    "maximum": "minimum",
    "diff": "cumsum",
    "diagonal": "ravel",
    "sort": "flip",
}


@dataclass(frozen=True)
class Mutant:
    """One changed reference: which operator, where, and the whole text."""

    operator: str
    line: int
    change: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.operator}:{self.change}"


Rewrite = Callable[[ast.AST], Iterator[tuple[ast.AST, str]]]


def _operators(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.BinOp) and type(node.op) in SWAPPED_OPERATORS:
        changed = copy.deepcopy(node)
        changed.op = SWAPPED_OPERATORS[type(node.op)]()
        yield changed, f"{ast.unparse(node)} → {ast.unparse(changed)}"


def _operands(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.BinOp):
        for side in (node.left, node.right):
            yield copy.deepcopy(side), f"{ast.unparse(node)} → {ast.unparse(side)}"


def _signs(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield copy.deepcopy(node.operand), f"{ast.unparse(node)} → {ast.unparse(node.operand)}"


def _comparisons(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPPED_COMPARISONS:
        changed = copy.deepcopy(node)
        changed.ops[0] = SWAPPED_COMPARISONS[type(node.ops[0])]()
        yield changed, f"{ast.unparse(node)} → {ast.unparse(changed)}"


def _connectives(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.BoolOp):
        for value in node.values:
            yield copy.deepcopy(value), f"{ast.unparse(node)} → {ast.unparse(value)}"


def _numbers(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        for other in (node.value + 1, node.value * 1000 if isinstance(node.value, float) else node.value - 1):
            yield ast.Constant(other), f"{node.value} → {other}"


def _truths(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value), f"{node.value} → {not node.value}"


def _methods(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.Attribute) and node.attr in SWAPPED_NAMES:
        changed = copy.deepcopy(node)
        changed.attr = SWAPPED_NAMES[node.attr]
        yield changed, f"{ast.unparse(node)} → .{changed.attr}"


def _calls_dropped(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = node.func.value
        kept = node.args[0] if isinstance(owner, ast.Name) and owner.id in ("torch", "math") and node.args else owner
        if not (isinstance(kept, ast.Name) and kept.id in ("torch", "math")):
            yield copy.deepcopy(kept), f"{ast.unparse(node)} → {ast.unparse(kept)}"


def _arguments_swapped(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.Call) and len(node.args) >= 2:
        changed = copy.deepcopy(node)
        changed.args[0], changed.args[1] = changed.args[1], changed.args[0]
        yield changed, f"{ast.unparse(node)} → {ast.unparse(changed)}"


def _keywords_dropped(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.Call):
        for index, keyword in enumerate(node.keywords):
            changed = copy.deepcopy(node)
            del changed.keywords[index]
            yield changed, f"{ast.unparse(node)} without {keyword.arg}"


def _branches(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.IfExp):
        yield copy.deepcopy(node.body), f"{ast.unparse(node)} → {ast.unparse(node.body)}"
        yield copy.deepcopy(node.orelse), f"{ast.unparse(node)} → {ast.unparse(node.orelse)}"


def _detached(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        changed = ast.Call(ast.Attribute(copy.deepcopy(node), "detach", ast.Load()), [], [])
        yield changed, f"{ast.unparse(node)}.detach()"


OPERATORS: dict[str, Rewrite] = {
    "operator swapped": _operators,
    "operand dropped": _operands,
    "sign dropped": _signs,
    "comparison turned round": _comparisons,
    "condition dropped": _connectives,
    "number changed": _numbers,
    "truth turned round": _truths,
    "function swapped": _methods,
    "call dropped": _calls_dropped,
    "arguments swapped": _arguments_swapped,
    "keyword dropped": _keywords_dropped,
    "branch dropped": _branches,
    "graph cut": _detached,
}


class _Replace(ast.NodeTransformer):
    def __init__(self, target: ast.AST, replacement: ast.AST) -> None:
        self._target = target
        self._replacement = replacement

    def visit(self, node: ast.AST) -> ast.AST:
        return self._replacement if node is self._target else super().generic_visit(node)


def _without_annotations(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            for argument in (*node.args.args, *node.args.kwonlyargs):
                argument.annotation = None
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:]
    return tree


def mutants(text: str) -> list[Mutant]:
    """Every mutant of the functions in the text, each with one change; texts of error messages are left alone."""
    tree = _without_annotations(ast.parse(text))
    ignored = {
        id(inner) for node in ast.walk(tree) if isinstance(node, ast.Raise | ast.Import) for inner in ast.walk(node)
    }
    found = []
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
        for node in ast.walk(function):
            if id(node) in ignored:
                continue
            for operator, rewrite in OPERATORS.items():
                for replacement, change in rewrite(node):
                    found.append(_mutant(tree, node, replacement, operator, change))
    return found


def _mutant(tree: ast.Module, node: ast.AST, replacement: ast.AST, operator: str, change: str) -> Mutant:
    marker = getattr(node, "lineno", 0)
    memo: dict[int, object] = {}
    clone = copy.deepcopy(tree, memo)
    changed = _Replace(memo[id(node)], ast.fix_missing_locations(replacement)).visit(clone)  # type: ignore[arg-type]
    return Mutant(operator, marker, change, ast.unparse(ast.fix_missing_locations(changed)))

"""Entries of a dict that a caller leaves out: `if reduce_only: order["reduceOnly"] = True`, and nobody asks for it."""

from __future__ import annotations

import ast

from bybit_lint.analysis.callgraph.taken_branches import AskedAround
from bybit_lint.analysis.syntax.nodes import access_path
from bybit_lint.analysis.traffic.contexts import CallingContext
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import Site


class LeftOut:
    """The entries of a project's dicts that are stored in one branch alone."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._around = evaluator.helper(AskedAround)
        self._only: dict[ast.AST, bool] = {}

    def has(self, context: CallingContext, place: Site) -> bool:
        """Proven: what is stored at a place is not, for who calls, and nothing else stands for it."""
        is_only = self._only.get(place.node)
        if is_only is None:
            is_only = self._only[place.node] = _is_only_store(place)
        return is_only and self._around.is_skipped(place, context.term)


def _is_only_store(place: Site) -> bool:
    """True for the value that one branch puts into a dict which is written out without it, and nothing else does."""
    match place.module.names.parents.get(place.node):
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=key)) as target]):
            bindings = place.scope.function.bindings
            made = [binding.value for binding in bindings.get(name, ())]
            keys = made[0].keys if len(made) == 1 and isinstance(made[0], ast.Dict) else [None]
            is_new = all(isinstance(each, ast.Constant) and each.value != key for each in keys)
            return is_new and len(bindings.get(access_path(target) or "", ())) == 1
    return False

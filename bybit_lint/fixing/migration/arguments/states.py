"""The states of orders that are looked for: live ones and finished ones are asked for by two methods of V5."""

from __future__ import annotations

import ast

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.flow.uses import UseTracker
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import literal_key

LIVE = {"New", "PartiallyFilled", "Created", "Untriggered", "Active"}
"""States of orders that can still be filled."""
FINISHED = {"Filled", "Cancelled", "Rejected", "Deactivated"}
STATUS = "order_status"


def sought(program: Program, module: Module, node: ast.Call) -> set[str]:
    """The states of orders that are looked for in its answer; live ones where finished ones are left out."""
    taken = UseTracker(program).of(module, node).taken
    found: set[str] = set()
    for site in (site for way, site in taken.items() if way[-1:] == (STATUS,)):
        for test in ast.walk(site.module.names.statement(site.node) or site.node):
            if isinstance(test, ast.Compare) and _is_status(test.left):
                is_sought = isinstance(test.ops[0], (ast.Eq, ast.In))
                said = _words(test.comparators[0])
                found |= said if is_sought else LIVE if said <= FINISHED else {""}
    return found


def _is_status(node: ast.expr) -> bool:
    """True for the state of an order that is read from an answer."""
    match node:
        case ast.Subscript(slice=key) | ast.Call(func=ast.Attribute(attr="get"), args=[key, *_]):
            return literal_key(key) == STATUS
    return False


def _words(node: ast.expr) -> set[str]:
    """The texts that a literal consists of."""
    parts = node.elts if isinstance(node, (ast.List, ast.Tuple, ast.Set)) else [node]
    return {str(part.value) if isinstance(part, ast.Constant) else "" for part in parts} or {""}

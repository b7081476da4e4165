"""What a function asks that tells of another field: `row["orderStatus"] == "Filled"` of the order's mean price."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.syntax.guards import tests
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.nodes import walk
from bybit_lint.analysis.syntax.scopes import Binding
from bybit_lint.knowledge.answers import told_by


def asks_if_empty(names: ModuleIndex, function: ast.AST, field: str) -> bool:
    """True if a function asks, at any place, what says whether a field is an empty text."""
    telling = {node for other in told_by().get(field, ()) for node in names.items.get(other, ())}
    return bool(telling) and not telling.isdisjoint(_asked(names, function))


def _asked(names: ModuleIndex, function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of the tests of a function, and of what is bound to the names in them."""
    bound: set[Binding] = set()
    for test in tests(function):
        for node in walk(test):
            yield node
            if isinstance(node, ast.Name):
                bound.update(names.scope(node).bindings.get(node.id, ()))
    for binding in bound:
        yield from _bound(binding)


def _bound(binding: Binding) -> Iterator[ast.AST]:
    """The nodes of what a name is bound to; of a tuple, the part that the name takes."""
    value = binding.value
    for place in binding.index:
        if isinstance(value, ast.Tuple) and 0 <= place < len(value.elts):
            value = value.elts[place]
    if value is not None:
        yield from walk(value)

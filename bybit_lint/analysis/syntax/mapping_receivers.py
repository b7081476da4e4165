"""What a file uses as a dict: `x["key"]`, `x.items()`, `x.get("key")`. No client of a library is used like that."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.nodes import access_path

METHODS = {"items", "keys", "values", "setdefault", "pop", "popitem"}


class MappingReceivers:
    """The names and attributes of a file that are used as dicts: a name in its function, an attribute anywhere."""

    def __init__(self, names: ModuleIndex) -> None:
        self.names = names
        self._known = {place for node in self._used() if (place := self._place(node)) is not None}

    def has(self, node: ast.expr) -> bool:
        """True for an expression that is used as a dict somewhere."""
        return self._place(node) in self._known

    def is_read_by(self, call: ast.Call) -> bool:
        """True for `x.get("key")`, and for any `get` of what is used as a dict elsewhere."""
        match call.func:
            case ast.Attribute(attr="get", value=receiver):
                return _names_key(call) or self.has(receiver)
        return False

    def _used(self) -> Iterator[ast.expr]:
        for found in self.names.items.values():
            for node in found:
                if isinstance(node, ast.Subscript):
                    yield node.value
        for call in self.names.called(*METHODS, "get"):
            if isinstance(call.func, ast.Attribute) and (call.func.attr != "get" or _names_key(call)):
                yield call.func.value

    def _place(self, node: ast.expr) -> tuple[ast.AST | None, str] | None:
        path = access_path(node)
        if path is None:
            return None
        return (self.names.scope(node).function.node if isinstance(node, ast.Name) else None), path


def _names_key(call: ast.Call) -> bool:
    """True for `x.get("key")`, which cannot be an address."""
    key = call.args[0] if call.args else None
    return isinstance(key, ast.Constant) and isinstance(key.value, str) and "/" not in key.value

"""What a file uses as a dict: `x["key"]`, `x.items()`, `x.get("key")`. No client of a library is used like that."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.nodes import access_path, called_name

KINDS = {"dict", "Mapping", "MutableMapping"}
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
                return self._names_key(call) or self.has(receiver)
        return False

    def _used(self) -> Iterator[ast.expr]:
        for found in self.names.items.values():
            for node in found:
                if isinstance(node, ast.Subscript):
                    yield node.value
        for call in self.names.called(*METHODS, "get"):
            if isinstance(call.func, ast.Attribute) and (call.func.attr != "get" or self._names_key(call)):
                yield call.func.value
        for call in self.names.called("isinstance"):
            if len(call.args) == 2 and not KINDS.isdisjoint(map(called_name, _options(call.args[1]))):
                yield call.args[0]

    def _names_key(self, call: ast.Call) -> bool:
        """True for `x.get("key")`, which cannot be an address, and for each of some keys that are written out."""
        key = call.args[0] if call.args else None
        if not isinstance(key, ast.Name):
            return _is_key(key)
        bound = self.names.scope(call).bindings.get(key.id, ())
        keys = [b.value for b in bound if b.how == "for" and b.value is not None and not b.index]
        return (
            bool(keys) and len(keys) == len(bound) and all(_options(k) and all(map(_is_key, _options(k))) for k in keys)
        )

    def _place(self, node: ast.expr) -> tuple[ast.AST | None, str] | None:
        path = access_path(node)
        if path is None:
            return None
        return (self.names.scope(node).function.node if isinstance(node, ast.Name) else None), path


def _is_key(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and "/" not in node.value


def _options(node: ast.expr) -> list[ast.expr]:
    """The items of a tuple or a list that is written out, else the one thing itself."""
    return node.elts if isinstance(node, (ast.Tuple, ast.List, ast.Set)) else [node]

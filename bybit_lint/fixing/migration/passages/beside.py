"""What is done with parameters beside sending them, as far as it neither reads nor changes them."""

from __future__ import annotations

import ast
from collections.abc import Collection

from bybit_lint.analysis.syntax.logging_calls import LOGGING
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.clients.rest import VERBS
from bybit_lint.fixing.migration.passages.bodies import SAME, Body


class Beside:
    """Looks at the uses of what is sent in one body; those that are `seen` are known already."""

    def __init__(self, body: Body, seen: Collection[ast.expr]) -> None:
        self.seen, self.parents = seen, body.module.names.parents
        self.sending: set[ast.Call] = set()
        """Other calls that send the same."""

    def is_plain(self, load: ast.Name) -> bool:
        """True for a use that neither reads nor changes it: it is sent, shown, or asked whether it is there."""
        if load in self.seen:
            return True
        around = self.parents.get(load)
        outer = self.parents.get(around)
        match around:
            case (
                ast.Compare(ops=[ast.Is() | ast.IsNot()]) | ast.UnaryOp(op=ast.Not()) | ast.If() | ast.FormattedValue()
            ):
                return not isinstance(around, ast.FormattedValue) or _is_shown(
                    self.parents.get(self.parents.get(around))
                )
            case ast.Call():
                return _is_shown(around) or (called_name(around.func) in ("dumps", "str") and _is_shown(outer))
            case ast.keyword(arg="params" | "data" | "json") if isinstance(outer, ast.Call) and is_sending(outer):
                self.sending.add(outer)
                return True
            case ast.Attribute(attr="items" | "keys"):
                return self._is_cleaned(outer)
            case ast.Subscript(ctx=ast.Del()):
                return not isinstance(around.slice, ast.Constant)
        return False

    def _is_cleaned(self, rows: ast.AST | None) -> bool:
        """True for a loop over it that takes out what is None."""
        around = self.parents.get(rows)
        while isinstance(around, ast.Call) and called_name(around.func) in SAME:
            around = self.parents.get(around)
        if isinstance(around, ast.comprehension):
            return self.parents.get(around) in self.seen
        return isinstance(around, ast.For) and any(isinstance(node, ast.Delete) for node in ast.walk(around))


def is_sending(call: ast.Call) -> bool:
    """True for what is called as requests are sent: `session.post`."""
    return isinstance(call.func, ast.Attribute) and call.func.attr in (*VERBS, "request")


def _is_shown(call: ast.AST | None) -> bool:
    """True for a call that prints or logs."""
    return isinstance(call, ast.Call) and called_name(call.func) in {*LOGGING, "print", "pprint"}

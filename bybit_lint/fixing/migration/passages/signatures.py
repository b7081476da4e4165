"""What was put into a request of before V5 only to sign it: key, time, signature, and what makes them. It goes."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from bybit_lint.analysis.syntax.index import nodes_in
from bybit_lint.analysis.syntax.nodes import literal_key
from bybit_lint.fixing.migration.arguments.entries import place
from bybit_lint.fixing.migration.passages.bodies import Body, Secret
from bybit_lint.fixing.migration.steps import Undecided

KEY, TIME, SIGN = "api_key", "timestamp", "sign"
WINDOWS = ("recv_window", "recvWindow")
SIGNING = frozenset({KEY, TIME, SIGN, "signature", "sign_type", *WINDOWS})
"""Parameters of before V5 that are headers now."""
SOMETIMES = "it is signed on some ways only"


class Signature:
    """What one body puts in to sign what is sent."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.said: dict[str, ast.expr] = {}
        """What it is signed with, by name."""
        self.gone: set[ast.AST] = set()
        """Statements, and values of entries, that go."""
        self.cuts: dict[ast.AST, set[int]] = defaultdict(set)
        """The entries of dicts that go, by where they begin."""
        self.condition: ast.Name | None = None
        """The parameter that says whether it is signed at all: `if signed:`."""

    def say(self, name: str, value: ast.expr) -> None:
        """Take a value for what it is signed with; it goes."""
        self.said.setdefault({"signature": SIGN, WINDOWS[1]: WINDOWS[0]}.get(name, name), value)
        self.gone.add(value)

    def drop(self, statement: ast.AST) -> None:
        """Let a statement go that every way comes to, or every one that is signed. Raises Undecided."""
        around = self.body.module.names.parents.get(statement)
        if (
            around is not self.body.scope.node
            and not isinstance(around, (ast.Try, ast.With, ast.While, ast.For, ast.Module))
            and not self._is_on_condition(around)
        ):
            raise Undecided(SOMETIMES)
        self.gone.add(statement)

    def let_go(self, statement: ast.AST) -> None:
        """Let a statement go that gives what is sent its own name again, as a function has signed it."""
        self._is_on_condition(self.body.module.names.parents.get(statement))
        self.gone.add(statement)

    def _is_on_condition(self, around: ast.AST | None) -> bool:
        """True for `if signed:`, where that is a parameter, and the one that says so."""
        if not isinstance(around, ast.If) or around.orelse or not isinstance(around.test, ast.Name):
            return False
        bindings = self.body.scope.bindings.get(around.test.id, ())
        is_parameter = [binding.how for binding in bindings] == ["parameter"]
        is_first = self.body.module.names.parents.get(around) is self.body.scope.node
        is_one = self.condition is None or self.body.module.names.parents.get(self.condition) is around
        if is_parameter and is_first and is_one:
            self.condition = around.test
        return is_parameter and is_first and is_one

    def close(self) -> None:
        """Let the condition go, too, where nothing is left that is done on it."""
        around = self.body.module.names.parents.get(self.condition) if self.condition else None
        if isinstance(around, ast.If) and self.gone.issuperset(around.body):
            self.gone.add(around)

    def takes(self, group: ast.expr, spread: ast.expr) -> bool:
        """True for a dict of nothing but what signs, which goes from where it is spread: `**{"sign": sign}`."""
        written = spread
        if isinstance(spread, ast.Name):
            holder = self.body.module.names.scope(spread).holder(spread.id)
            bindings = holder.bindings[spread.id] if holder else []
            value = bindings[0].value if len(bindings) == 1 else None
            written = value if isinstance(value, ast.Dict) else spread
        if not isinstance(written, ast.Dict) or not written.keys:
            return False
        keys = [literal_key(key) if key else None for key in written.keys]
        if not all(key in SIGNING for key in keys):
            return False
        for key, value in zip(keys, written.values, strict=True):
            self.say(str(key), value)
        self.gone.add(spread)
        around = self.body.module.names.parents.get(spread)
        head = around if isinstance(around, ast.keyword) else spread
        self.cuts[group].add(self._item_start(group, head))
        return True

    def _item_start(self, group: ast.expr, item: ast.AST) -> int:
        start = place(self.body.source, item)[0]
        return start if isinstance(group, ast.Call) else self.body.source.body.rindex(b"**", 0, start)

    # --- what it is made with -----------------------------------------------------------------------------------------

    @cached_property
    def secret(self) -> Secret | None:
        """What signs, and in whose words that is said."""
        if SIGN not in self.said:
            return None
        gone = [node for each in self.gone for node in ast.walk(each)]
        return self.body.secret_in(gone) or self.body.secret_in([*nodes_in(self.body.scope.node)])

    @cached_property
    def kept(self) -> set[str]:
        """The names that the new signature is made with."""
        kept = [self.said.get(KEY), self.secret and self.secret.said]
        return {node.id for expr in kept if expr is not None for node in ast.walk(expr) if isinstance(node, ast.Name)}

    def made_by(self) -> Mapping[ast.Call, Body]:
        """The calls of functions that made it, which go."""
        calls = [node for each in self.gone for node in ast.walk(each) if isinstance(node, ast.Call)]
        functions = ((call, self.body.function_of(call)) for call in calls)
        found = {call: self.body.within(function) for call, function in functions if function is not None}
        return {call: body for call, body in found.items() if body.secret_in([*ast.walk(body.scope.node)])}

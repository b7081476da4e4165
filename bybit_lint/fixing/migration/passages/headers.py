"""Requests whose signature stands in their headers already, as V3 had it and V5 has it: how they are signed stays.

What is signed is what is sent, so that it is right for whatever goes by its name.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.syntax.scopes import Binding, Scope
from bybit_lint.fixing.migration.passages.bodies import PURE
from bybit_lint.fixing.migration.passages.payloads import ELSEWHERE, Payload
from bybit_lint.fixing.migration.passages.spelling import Spelling
from bybit_lint.fixing.migration.steps import Undecided

SIGN = "x-bapi-sign"
NEEDED = {"x-bapi-api-key", SIGN, "x-bapi-timestamp"}
SIGNING = NEEDED | {"x-bapi-sign-type", "x-bapi-recv-window", "cdn-request-id", "referer", "x-referer"}
"""What may stand in headers that sign."""


def are_signed(names: Collection[str]) -> bool:
    """True for headers that sign as V5 reads it."""
    return {name.lower() for name in names} >= NEEDED


class SignedBeside(Payload):
    """What one function has to do with what is sent, and signed as it is sent."""

    def __init__(self, program: Program, module: Module, scope: Scope) -> None:
        super().__init__(program, module, scope)
        self.spellings: list[Spelling] = []
        """The texts that it is spelt out in: one, or one on each way."""
        self.is_signed = False
        """True if a text is made of what is sent, beside what is sent: what is signed."""

    def _sent(self, expr: ast.expr) -> ast.expr:
        if isinstance(expr, ast.Constant) and isinstance(expr.value, str):
            self._seen.add(expr)
            return self._text(expr)
        return super()._sent(expr)

    def _text(self, expr: ast.expr) -> ast.expr:
        spelling = Spelling(self.module, expr)
        self.spellings.append(spelling)
        self._is_root(expr)
        self.entries += spelling.entries
        return expr

    def _named(self, name: ast.Name) -> ast.expr:
        self._hold(name)
        return self._by_bindings(name)

    def _bound(self, name: str, binding: Binding) -> None:
        value = binding.value
        if binding.how in ("parameter", "rest"):
            self.parameter = name
        elif binding.how != "assign" or value is None or binding.index:
            raise Undecided(ELSEWHERE)
        elif isinstance(value, ast.Constant) and not value.value:
            self._seen.add(value)  # no parameters on this way
        else:
            self.sent(value)

    def finish(self) -> None:
        """Look at all else that is done with what is sent. Raises Undecided where it may be changed, or read."""
        for load in list(self._loads()):
            self._store(load)
        others = [load for load in self._loads() if load not in self._seen and not self.beside.is_plain(load)]
        self.is_signed = any(map(self._is_text_of_it, others))
        for load in others:
            if not self._is_text_of_it(load):
                raise Undecided(f"{load.id}, which is sent, is used for something else too")

    def _is_text_of_it(self, load: ast.Name) -> bool:
        """True for what becomes a part of the text that is signed or sent."""
        around = self.module.names.parents.get(load)
        match around:
            case ast.BinOp(op=ast.Add()) | ast.FormattedValue():
                return True
            case ast.Attribute(attr="items" | "encode"):
                return True
            case ast.Call():
                is_of_it = called_name(around.func) in PURE or self.is_of_signing(around) or self._signs(around)
                return load in around.args and (is_of_it or self._is_dropped(around))
        return False

    def _is_dropped(self, call: ast.Call) -> bool:
        """True for what is read out of it and given a name that nobody asks for: `told = json.loads(payload)`."""
        around = self.module.names.parents.get(call)
        target = around.targets[0] if isinstance(around, ast.Assign) and len(around.targets) == 1 else None
        is_named = isinstance(target, ast.Name) and self.scope.holder(target.id) is self.scope
        return is_named and called_name(call.func) == "loads" and not self.loads_of(getattr(target, "id", ""))

    def _signs(self, call: ast.Call) -> bool:
        """True for what gives the signature in the headers, however it makes that."""
        around = self.module.names.parents.get(call)
        names = {ast.dump(target) for target in around.targets} if isinstance(around, ast.Assign) else set()
        said = (node for node in ast.walk(self.scope.node) if isinstance(node, ast.Dict))
        values = (value for each in said for key, value in zip(each.keys, each.values, strict=True) if _is_sign(key))
        return any(value is call or ast.dump(value).replace("Load()", "Store()") in names for value in values)


def _is_sign(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and str(key.value).lower() == SIGN

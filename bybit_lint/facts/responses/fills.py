"""What a bot takes for the fill of an order, although the answer to the order does not have it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.flow.exception_handlers import may_be_caught
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.guards import tests
from bybit_lint.analysis.syntax.logging_calls import LOGGING
from bybit_lint.analysis.syntax.nodes import called_name, position
from bybit_lint.analysis.syntax.scopes import Scope
from bybit_lint.analysis.values.terms import Constant
from bybit_lint.clients import ccxt
from bybit_lint.facts.responses.fields import Fields, Read, field_name
from bybit_lint.vocabulary import Reading

ORDERS = ("/v5/order/realtime", "/v5/order/history", "/v5/execution/list")
"""Where the bot can learn what became of an order."""


class Fills(Fields):
    """Fields that are never there."""

    def all(self, reads: list[Read]) -> Iterator[Reading]:
        """One fact for each answer, at the first field that it does not have."""
        by_answer: dict[tuple[ast.expr, ast.AST], list[Read]] = {}
        for read in sorted(reads, key=lambda read: position(read.node)):
            function = self.names.scope(read.node).function.node
            is_planned = self._has_fallback(read.node) or self._is_doubted(read.node) or self._is_only_shown(read)
            if not is_planned and not (self._goes_on(read) and self._asks_again(function, read.node)):
                by_answer.setdefault((read.answer.made.site.node, function), []).append(read)
        for first, *more in by_answer.values():
            others = tuple(self.span(read.node) for read in more)
            yield self.reading(first).replace(absent=first.field.detail, others=others)

    def _has_fallback(self, node: ast.expr) -> bool:
        """True if something that is no literal takes its place where it is missing."""
        default = node.args[1] if isinstance(node, ast.Call) and len(node.args) > 1 else None
        above = self.names.parents.get(node)
        instead = above.values if isinstance(above, ast.BoolOp) and isinstance(above.op, ast.Or) else []
        later = instead[instead.index(node) + 1 :] if node in instead else instead[-1:]
        planned = [d for d in (default, *later) if d is not None and d is not node]
        return any(
            not isinstance(self.program.evaluator.evaluate(self.module, d), Constant)
            and not (_is_of_same(node, d) or self._is_of_same_answer(node, d))
            for d in planned
        )

    def _is_of_same_answer(self, node: ast.expr, other: ast.expr) -> bool:
        """True for two keys that are asked of parts of one answer, each by a name of its own."""
        made = [{part and part.made.site for part in self.answers.of(self.module, each)} for each in (node, other)]
        return len(made[0]) == 1 and None not in made[0] and made[0] == made[1]

    def _is_doubted(self, node: ast.expr) -> bool:
        """True if the bot asks whether the field is there, or whether there is anything in the name it gives to it."""
        asked = list(tests(self.names.scope(node).function.node))
        if any(_asks_for(test, field_name(node)) for test in asked):
            return True
        match self.names.parents.get(node):
            case ast.Assign(targets=[ast.Name(id=name)]):
                return any(_asks_whether(test, name) for test in asked)
        return False

    def _is_only_shown(self, read: Read) -> bool:
        """True if the field cannot raise where it is missing, and all that becomes of it are words for people."""
        return _is_none(read) and all(self._is_shown(node) for node in self._goes(read.node))

    def _goes_on(self, read: Read) -> bool:
        """True if the bot goes on where the field is missing."""
        return _is_none(read) or may_be_caught(self.names, read.node)

    def _goes(self, node: ast.expr) -> list[ast.expr]:
        """Where a value is used: where it stands, or wherever the one name is read that it, or a dict of it, has."""
        node = self._with_its_stand_ins(node)
        above = self.names.parents.get(node)
        held = above if isinstance(above, ast.Dict) and node in above.values else node
        binder, scope = self.names.parents.get(held), self.names.scope(node).function
        match binder:
            case ast.Assign(targets=[ast.Name(id=name)]) if self._is_its_own(scope, name):
                loads = self.names.loads(scope.node, name)
                return [load for load in loads if self._may_be(load, name, binder)] or [node]
        return [node]

    def _with_its_stand_ins(self, node: ast.expr) -> ast.expr:
        """What a value and those that take its place make together: `answer.get("price") or "unknown"`."""
        above = self.names.parents.get(node)
        while isinstance(above, ast.BoolOp) and isinstance(above.op, ast.Or):
            node, above = above, self.names.parents.get(above)
        return node

    def _is_its_own(self, scope: Scope, name: str) -> bool:
        """True if nobody but the code of a scope reads one of its names."""
        is_program = scope.parent is None and not self.program.project.is_imported(self.module)
        return name not in scope.outer_names and (scope.is_function or is_program)

    def _may_be(self, load: ast.expr, name: str, binder: ast.AST) -> bool:
        found = reaching.reaching(self.names, self.names.scope(load), name, load).bindings
        return not found or any(binding.statement is binder for binding in found)

    def _is_shown(self, node: ast.expr) -> bool:
        """True for an argument of `print()` or of a log, and for what stands in a text beside words."""
        node = self._with_its_stand_ins(node)
        above = self.names.parents.get(node)
        match above:
            case ast.FormattedValue(format_spec=None):
                text = self.names.parents.get(above)
                return isinstance(text, ast.JoinedStr) and any(map(_is_wording, text.values))
            case ast.Call(func=function, args=args):
                return node in args and called_name(function) in LOGGING
        return False

    def _asks_again(self, function: ast.AST, node: ast.AST) -> bool:
        """True if the same function asks Bybit what became of its orders, behind a node."""
        for call in self.names.calls_in[function]:
            if not self.names.follows(call, node):
                continue
            answers = self.answers.of(self.module, call) if self.effects.reaches_bybit(self.module, call) else ()
            if any(a and a.request.endpoint in ORDERS for a in answers):
                return True
        return False


def _is_none(read: Read) -> bool:
    """True if there is None where the field is missing, rather than an exception."""
    answer = read.answer
    is_unified = answer.client is ccxt and not answer.is_raw and "info" not in answer.way
    return isinstance(read.node, ast.Call) or is_unified


def _is_wording(part: ast.expr) -> bool:
    """True for words with a space, which no field of an order has."""
    text = str(part.value) if isinstance(part, ast.Constant) else ""
    return " " in text and any(map(str.isalpha, text))


def _asks_for(test: ast.expr, field: str) -> bool:
    """True for `"field" in answer`, and for that as a part of `and` or `or`."""
    match test:
        case ast.Compare(left=ast.Constant(value=value), ops=[ast.In() | ast.NotIn()]):
            return value == field
        case ast.BoolOp(values=values):
            return any(_asks_for(value, field) for value in values)
    return False


def _asks_whether(test: ast.expr, name: str) -> bool:
    """True for `name`, `not name`, `name is None`, and for these as a part of `and` or `or`."""
    match test:
        case ast.Name(id=asked):
            return asked == name
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return _asks_whether(inner, name)
        case ast.Compare(left=inner, comparators=[ast.Constant(value=None)]):
            return _asks_whether(inner, name)
        case ast.BoolOp(values=values):
            return any(_asks_whether(value, name) for value in values)
    return False


def _is_of_same(node: ast.expr, other: ast.expr) -> bool:
    """True for two keys that are asked of one answer: what has not the first has hardly the other."""
    return ast.dump(_root(node)) == ast.dump(_root(other))


def _root(node: ast.expr) -> ast.expr:
    """`answer` in `answer["result"].get("price")`."""
    while True:
        match node:
            case ast.Subscript(value=inner) | ast.Attribute(value=inner) | ast.Call(func=ast.Attribute(value=inner)):
                node = inner
            case _:
                return node

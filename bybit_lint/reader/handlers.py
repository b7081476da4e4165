"""The functions that a stream calls with its messages: what in them may raise, keep the stream waiting, or trade.

Over an exception of its callback pybit closes the stream for good (https://github.com/bybit-exchange/pybit/issues/209).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from bybit_lint.clients import streams
from bybit_lint.knowledge.streams import methods
from bybit_lint.names import FUNCTIONS, FunctionNode, called_name
from bybit_lint.project import Module
from bybit_lint.reader.calls import Argument
from bybit_lint.reader.reach import Place
from bybit_lint.reader.terms import Function, Invocation, Term, alternatives, path
from bybit_lint.vocabulary import Handler, Related, Span

if TYPE_CHECKING:
    from bybit_lint.reader.facts import Reader

DEPTH = 4
"""How many functions may stand between the callback and what is found."""
GIVEN = {"topic", "type", "ts", "data"}
"""What every message of a stream has."""
NUMBERS = {"builtins.float", "builtins.int", "decimal.Decimal"}
LOOPLESS = {"asyncio.create_task", "asyncio.ensure_future", "asyncio.get_running_loop"}
HARMLESS_DECORATORS = {"staticmethod", "classmethod"}
PARTIALS = ("functools.partial", "functools.partialmethod")
GUARD = "bybit_lint.shim.guarded"
CANDLES = "kline"
CLOSED = b"confirm"


def handlers(reader: Reader, module: Module) -> Iterator[Handler]:
    """The callbacks that the subscriptions of a module hand over."""
    for node in module.names.calls:
        if called_name(node.func) in methods() and node in reader.spoken:
            for call in reader.seen(module, node):
                held = streams.callback(call)
                if isinstance(held, Argument):
                    yield from _handlers(reader, held, called_name(node.func))


def _handlers(reader: Reader, held: Argument, method: str) -> Iterator[Handler]:
    for term in reader.callers.expanded(held.term):
        for option in alternatives(term):
            function, is_guarded = _unwrapped(option)
            if isinstance(function, Function):
                yield Listener(reader, function).handler(held.span, methods()[method].topic, is_guarded)


def _unwrapped(term: Term) -> tuple[Term, bool]:
    """The function that a partial or the shim's guard calls, and whether there is a guard."""
    is_guarded = False
    while isinstance(term, Invocation) and term.positional and path(term.callee) in (*PARTIALS, GUARD):
        is_guarded |= path(term.callee) == GUARD
        term = term.positional[0].term
    return term, is_guarded


class Listener:
    """A function that is called with messages, or by one that is."""

    def __init__(self, reader: Reader, function: Function) -> None:
        self.reader = reader
        self.function = function
        self.module = function.module
        self.node: FunctionNode = function.node

    def handler(self, handed: Span, topic: str, is_guarded: bool) -> Handler:
        return Handler(
            span=handed,
            name=getattr(self.node, "name", "lambda"),
            fails=None if is_guarded else self.fails(),
            blocks=self.blocks,
            trades=self.trades,
            takes_open_candles=topic == CANDLES and self.trades is not None and not self._asks_if_closed(),
            is_coroutine=isinstance(self.node, ast.AsyncFunctionDef),
        )

    # What may raise --------------------------------------------------------------------------------------------------

    def fails(self, depth: int = DEPTH) -> Related | None:
        """The first expression that may raise, with nothing around that would catch it."""
        if self._is_decorated:
            return None
        return next(
            (found for node in self._nodes if (found := self._failure(node, depth)) and not self._caught(node)), None
        )

    def _failure(self, node: ast.AST, depth: int) -> Related | None:
        match node:
            case ast.Raise():
                return self._related(node, "raised here")
            case ast.Subscript(value=base, slice=key, ctx=ast.Load()) if self._may_lack(base, key):
                return self._related(node, "raises if it is missing")
            case ast.Call():
                return self._failing_call(node, depth)
        return None

    def _failing_call(self, call: ast.Call, depth: int) -> Related | None:
        called = path(self.reader.resolver.at(self.module, call.func).term) or ""
        if called in NUMBERS and call.args and self._is_told(call.args[0]) and not self._is_asked(call.args[0]):
            return self._related(call, "raises if it is empty or no number")
        if called in LOOPLESS:
            return self._related(call, "no event loop runs in the stream's thread")
        is_request = call in self.reader.spoken and isinstance(call.func, ast.Attribute)
        if is_request and called_name(call.func) not in methods():
            return self._related(call, "raises when the request fails")
        inner = [inner.fails(depth - 1) for inner in self._called(call)] if depth else []
        return next((found for found in inner if found), None)

    def _may_lack(self, base: ast.expr, key: ast.expr) -> bool:
        """True for a part of a message that it need not have, and that nobody asks for first."""
        if isinstance(key, ast.Slice) or not self._is_told(base):
            return False
        if isinstance(key, ast.Constant):
            return key.value not in (*GIVEN, 0) and repr(key.value) not in self._asked_for
        return True

    def _is_asked(self, value: ast.expr) -> bool:
        """True for `x or 0`, and for `x` where an `if x` lets nothing empty through."""
        match value:
            case ast.BoolOp(op=ast.Or(), values=[*_, ast.Constant(value=int() | float())]):
                return True
        tests = (a.test for a in self.module.names.ancestors(value) if isinstance(a, (ast.If, ast.IfExp)))
        return any(ast.unparse(value) in ast.unparse(test) for test in tests)

    def _is_told(self, node: ast.expr) -> bool:
        """True if an expression depends on what the function is given."""
        return bool(self.reader.resolver.parameters.of(self.reader.resolver.at(self.module, node).term))

    @cached_property
    def _asked_for(self) -> set[str]:
        """The keys whose presence the function asks for."""
        tests = (n for n in self._nodes if isinstance(n, ast.Compare) and isinstance(n.ops[0], (ast.In, ast.NotIn)))
        return {repr(test.left.value) for test in tests if isinstance(test.left, ast.Constant)}

    @property
    def _is_decorated(self) -> bool:
        """True if something wraps the function, and may catch what it raises."""
        decorators = [] if isinstance(self.node, ast.Lambda) else self.node.decorator_list
        return any(called_name(d) not in HARMLESS_DECORATORS for d in decorators)

    def _caught(self, node: ast.AST) -> bool:
        """True if a `try` around a node keeps what it raises to itself."""
        child = node
        for around in self.module.names.ancestors(node):
            if isinstance(around, ast.Try) and child in around.body and around.handlers:
                return True
            if isinstance(around, (ast.With, ast.AsyncWith)) and any(
                isinstance(i.context_expr, ast.Call) and called_name(i.context_expr.func) == "suppress"
                for i in around.items
            ):
                return True
            child = around
        return False

    # What blocks, and what trades ------------------------------------------------------------------------------------

    @property
    def blocks(self) -> Related | None:
        """The first call that keeps the stream waiting."""
        return self._leads_to(self.reader.sleep, "waits here")

    @cached_property
    def trades(self) -> Related | None:
        """The first order that the function, or one that it calls, places."""
        return self._leads_to(self.reader.order, "placed here")

    def _leads_to(self, reach: Callable[[Module, ast.Call], Place | None], words: str) -> Related | None:
        found = next((place for call in self._calls if (place := reach(self.module, call))), None)
        return Related(found[0].source.span(found[1]), words) if found else None

    def _asks_if_closed(self, depth: int = DEPTH) -> bool:
        """True unless no file that takes part in handling the message speaks of confirmed candles."""
        if CLOSED in self.module.source.data:
            return True
        return depth > 0 and any(
            inner._asks_if_closed(depth - 1) for call in self._calls for inner in self._called(call)
        )

    # The code itself -------------------------------------------------------------------------------------------------

    def _related(self, node: ast.expr | ast.stmt, words: str) -> Related:
        return Related(self.module.source.span(node), words)

    def _called(self, call: ast.Call) -> list[Listener]:
        """The functions of the project that a call may be one of."""
        return [
            Listener(self.reader, f)
            for f in self.reader.callees.functions(self.module, call)
            if f.node is not self.node
        ]

    @property
    def _calls(self) -> list[ast.Call]:
        if isinstance(self.node, ast.Lambda):
            return [node for node in self._nodes if isinstance(node, ast.Call)]
        found = self.module.names.calls_in[self.node]
        return sorted(found, key=lambda call: (call.lineno, call.col_offset))

    @cached_property
    def _nodes(self) -> list[ast.expr | ast.stmt | ast.excepthandler]:
        """What the function evaluates itself, in the order of its lines."""
        body = [self.node.body] if isinstance(self.node, ast.Lambda) else self.node.body
        stack: list[ast.AST] = list(body)
        found = []
        while stack:
            node = stack.pop()
            found.append(node)
            if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                stack.extend(c for name, c in _parts(node) if name not in ("annotation", "returns"))
        placed = [node for node in found if isinstance(node, (ast.expr, ast.stmt, ast.excepthandler))]
        return sorted(placed, key=lambda node: (node.lineno, node.col_offset, -(node.end_col_offset or 0)))


def _parts(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for name, value in ast.iter_fields(node):
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.AST):
                yield name, item

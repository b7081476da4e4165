"""An order that stands twice: in an attempt, and in its handler or behind it, where it is sent once more."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.flow import exception_handlers
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.guards import asks_for_nothing
from bybit_lint.analysis.syntax.jumps import always_exits, ends_in_jump, names_in, preceding
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, called_name, unawaited
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Related

ALIKE = {None, "category", "symbol", "side"}
"""The arguments that say which order it is, a spread dict among them; what else may differ for a second try."""


class EnclosingRetry(NamedTuple):
    """That a call is made again."""

    module: Module
    call: ast.Call
    cause: Related
    region: ast.expr | ast.stmt
    """What is evaluated anew for each try."""
    first: ast.stmt | None = None
    """The statement before which something can be made once for all tries."""


class SecondTries:
    """The calls that send once more what an attempt before them has sent."""

    def __init__(self, program: Program, effects: Effects) -> None:
        self.program, self.effects = program, effects

    def of(self, module: Module, call: ast.Call) -> Iterator[EnclosingRetry]:
        """The attempt that a call repeats."""
        for attempt in self._attempts(module, call):
            handler = self.effects.taking_lost(module, call, attempt)
            is_here = handler is not None and (_stands_in(module, call, handler) or _falls_through(handler))
            if handler is not None and is_here and self._sends(module, attempt, call):
                cause = Related(module.source.span(handler), "a lost answer ends here, and the order is sent again")
                yield EnclosingRetry(module, call, cause, call)
                return

    def _attempts(self, module: Module, call: ast.Call) -> Iterator[ast.Try]:
        """The attempts that have failed where a call is made: in one of their handlers, or right behind them."""
        child: ast.AST = call
        for around in module.names.ancestors(call):
            if isinstance(around, ast.ExceptHandler):
                attempt = module.names.parents.get(around)
                yield from [attempt] if isinstance(attempt, ast.Try) else []
                return
            if isinstance(child, ast.stmt):
                before = _before(around, child)
                if before is not None and (always_exits(before.body) or _asks_for(child, before)):
                    yield before
            if isinstance(around, FUNCTIONS) or (isinstance(around, ast.If) and not asks_for_nothing(around.test)):
                return
            child = around

    def _sends(self, module: Module, attempt: ast.Try, call: ast.Call) -> bool:
        """True if an attempt makes the same call, and hears of its failure."""
        names = module.names
        calls = names.calls_named.get(called_name(call.func), ())
        found = (other for other in calls if names.stands_in(attempt.body, other) and _is_alike(other, call))
        return any(self.effects.order_placed(module, o) and self.effects.may_raise(module, o) for o in found)


def _stands_in(module: Module, call: ast.Call, handler: ast.ExceptHandler) -> bool:
    """True if a handler makes a call whatever was raised."""
    around = list(module.names.ancestors(call))
    return handler in around and not any(isinstance(a, (ast.If, ast.Match)) for a in around[: around.index(handler)])


def _falls_through(handler: ast.ExceptHandler) -> bool:
    """True if what stands behind the attempt is done after the handler, whatever was raised."""
    return exception_handlers.continues(handler) and not ends_in_jump(handler.body)


def _before(around: ast.AST, statement: ast.stmt) -> ast.Try | None:
    """The attempt before a statement of a block, with nothing but words and waits between them."""
    for earlier in reversed(preceding(around, statement)):
        if isinstance(earlier, ast.Try):
            return earlier
        if not _is_word(earlier):
            return None
    return None


def _is_word(statement: ast.stmt) -> bool:
    """True for what is only printed, logged or waited for."""
    call = unawaited(statement.value) if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and called_name(call.func) in exception_handlers.HARMLESS


def _asks_for(statement: ast.stmt, attempt: ast.Try) -> bool:
    """True for an `if` that asks whether an attempt has given a name nothing."""
    if not isinstance(statement, ast.If) or not asks_for_nothing(statement.test):
        return False
    return bool(names_in([statement.test]) & names_in(attempt.body, ast.Store))


def _is_alike(one: ast.Call, other: ast.Call) -> bool:
    """True if two calls send the same order, as far as it is written beside them."""
    return one is not other and _said(one) == _said(other)


def _said(call: ast.Call) -> tuple[str, list[str], list[tuple[str | None, str]]]:
    words = [(k.arg, ast.dump(k.value)) for k in call.keywords if k.arg in ALIKE]
    return ast.dump(call.func), [ast.dump(a) for a in call.args], sorted(words, key=str)

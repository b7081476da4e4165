"""Orders that are held back by what is found inside of an attempt: where the read fails, nothing holds them back."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from bybit_lint.analysis.flow.emptiness import value_tests
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import LoopNode, names_in, own
from bybit_lint.analysis.syntax.logging_calls import only_logs
from bybit_lint.analysis.syntax.nodes import walk
from bybit_lint.analysis.traffic.failed_holdings import FailedHoldings
from bybit_lint.analysis.traffic.failures import Failure
from bybit_lint.tuples import NamedTuple

Leaver: TypeAlias = ast.Return | ast.Continue
NOTHING = ast.List(elts=[], ctx=ast.Load())
"""What a read gives where there is nothing."""


class OpenGuard(NamedTuple):
    """An attempt that leaves if there is something, whose handler goes on, and the order that is placed then."""

    handler: ast.ExceptHandler
    request: ast.Call
    asked: ast.expr
    order: ast.Call


class OpenGuards:
    """Those of one project."""

    def __init__(self, reads: FailedHoldings) -> None:
        self.reads, self.effects = reads, reads.effects

    def of(self, module: Module) -> Iterator[OpenGuard]:
        for failure in self.reads.failures.of(module):
            handler, attempt = failure.taking, failure.last
            if not isinstance(handler, ast.ExceptHandler) or not isinstance(attempt, ast.Try):
                continue
            leavers = [*_leavers(module.names, attempt)] if all(map(_only_tells, handler.body)) else []
            request = self.reads.request(module, failure) if leavers else None
            if request is None:
                continue
            read = _names_of(attempt, request)
            asked = [a for leaver in leavers if (a := _asked(module, attempt, leaver, request, read)) is not None]
            order = self._order(module, failure, attempt) if asked else None
            if order is not None:
                yield OpenGuard(handler, request, asked[0], order)

    def _order(self, module: Module, failure: Failure, attempt: ast.Try) -> ast.Call | None:
        """The order that is placed behind an attempt, whatever became of it."""
        names, kept = module.names, names_in([attempt], ast.Store)
        for call in module.names.calls_in[failure.function]:
            if names.follows(call, attempt) and self.effects.places_new(module, call):
                between = (b for b in names.branches if names.follows(b.test, attempt) and names.follows(call, b.test))
                if not any(names_in([branch.test]) & kept for branch in between):
                    return call
        return None


def _leavers(names: ModuleIndex, attempt: ast.Try) -> Iterator[Leaver]:
    """What leaves an attempt for good before its end: the function, or this round of the loop around it."""
    for node in own(attempt.body):
        if isinstance(node, ast.Return):
            yield node
        elif isinstance(node, ast.Continue):
            loop = next((around for around in names.ancestors(node) if isinstance(around, LoopNode)), None)
            if loop is not None and names.holds(loop, attempt):
                yield node


def _only_tells(statement: ast.stmt) -> bool:
    """True for what says only that something has failed."""
    return isinstance(statement, ast.Pass) or only_logs(statement)


def _names_of(attempt: ast.Try, request: ast.Call) -> set[str]:
    """The names of what was read, and of what is made of it."""
    read: set[str] = set()
    for statement in sorted(own(attempt.body), key=lambda node: getattr(node, "lineno", 0)):
        match statement:
            case ast.Assign(value=value, targets=targets) if _is_of(value, request, read):
                read |= names_in(targets, ast.Store)
            case ast.For(iter=rows, target=target) | ast.AsyncFor(iter=rows, target=target) if _is_of(
                rows, request, read
            ):
                read |= names_in([target], ast.Store)
    return read


def _is_of(value: ast.expr, request: ast.Call, read: set[str]) -> bool:
    return bool(names_in([value]) & read) or request in walk(value)


def _asked(module: Module, attempt: ast.Try, leaver: Leaver, request: ast.Call, read: set[str]) -> ast.expr | None:
    """What is asked before an attempt is left that is only left where there is something; None for any other."""
    found: ast.expr | None = None
    for around in module.names.ancestors(leaver):
        if around is attempt:
            return found
        if isinstance(around, ast.If) and (says := _says_nothing(module, around, request, read)):
            if any(module.names.stands_in(branch, leaver) for branch in says):
                return None
            found = found or around.test
        if isinstance(around, (ast.For, ast.AsyncFor)) and _is_of(around.iter, request, read):
            found = found or around.iter
    return None


def _says_nothing(module: Module, test: ast.If, request: ast.Call, read: set[str]) -> list[Sequence[ast.AST]]:
    """What is done behind a test where nothing was read; nothing where it does not ask for that."""
    names = module.names
    asked = [n for n in walk(test.test) if n is request or (isinstance(n, ast.Name) and n.id in read)]
    parts = (_whole(names, node) for node in asked)
    return [t.branch for part in parts for t in value_tests(module, part, NOTHING) if t.node is test]


def _whole(names: ModuleIndex, node: ast.expr) -> ast.expr:
    """`rows[0].get("size")` for the `rows` in it."""
    while True:
        match names.parents.get(node):
            case ast.Await() | ast.Attribute() as around:
                node = around
            case ast.Subscript(value=value) as around if value is node:
                node = around
            case ast.Call(func=func) as around if func is node:
                node = around
            case _:
                return node

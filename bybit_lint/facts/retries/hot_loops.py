"""Retries that nothing ends and nothing slows down."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.flow.loops import Loop
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import always_exits, exits
from bybit_lint.analysis.syntax.nodes import called_name, walk
from bybit_lint.analysis.traffic.retry_loops import RetryLoops
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.retries.quick_calls import QuickCalls
from bybit_lint.vocabulary import Retry


@extracts(Retry)
class HotLoops:
    """The hot loops of a project."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.traffic, self.effects = analysis.program, analysis.traffic, analysis.effects
        self.quick = QuickCalls(analysis)

    def facts(self, module: Module) -> Iterator[Retry]:
        attempts = RetryLoops(self.program, self.traffic, self.effects, module)
        for loop in map(Loop, module.names.loops):
            for attempt in (s for s in loop.node.body if isinstance(s, ast.Try)):
                if loop.is_endless or _waits_for_success(module.names, attempt, loop):
                    yield from self._told(attempts, attempt, loop)

    def _told(self, attempts: RetryLoops, attempt: ast.Try, loop: Loop) -> Iterator[Retry]:
        module = attempts.module
        handler = next((h for h in attempt.handlers if not always_exits(h.body)), None)
        if handler is None or self._is_bounded(attempt, handler):
            return
        after = [s for s in loop.node.body if s is not attempt]
        if not all(
            self.quick.is_quick(module, call) for call in attempts.calls([*handler.body, *attempt.finalbody, *after])
        ):
            return
        if any(self.quick.sleeps(module, call) for call in attempts.calls(attempt.body)):
            return
        again = attempts.retried_call(attempt, loop)
        if again is not None:
            name = called_name(deferred_callee(again)[0])
            what = "the connection" if attempts.opens_socket(again) else f"{name}()" if name else "the call"
            span = module.source.span
            yield Retry(span(handler), span(again), what, "none at all", False, is_hot=True)

    def _is_bounded(self, attempt: ast.Try, handler: ast.ExceptHandler) -> bool:
        """True if something may end the loop after a failure."""
        raises = any(isinstance(node, ast.Raise) for node in walk(handler))
        return raises or any(exits([*handler.body, *attempt.finalbody]))


def _waits_for_success(names: ModuleIndex, attempt: ast.Try, loop: Loop) -> bool:
    """True if a loop goes on until the attempt goes well: `while not done`, where nobody else sets `done`."""
    match getattr(loop.node, "test", None):
        case ast.Name(id=flag) | ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=flag)):
            scope = names.scope(loop.node).function
        case _:
            return False
    bindings = scope.bindings.get(flag, ())
    if not bindings or any(flag in other.outer_names for other in names.scopes.values()):
        return False
    well = [*attempt.body, *attempt.orelse]
    inside = [b.statement for b in bindings if names.holds(loop.node, b.statement)]
    is_switch = all(isinstance(b.value, ast.Constant) for b in bindings)
    return scope.is_function and is_switch and all(names.stands_in(well, statement) for statement in inside)

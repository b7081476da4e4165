"""Handlers of a failed connection that open it again at once: nothing slows them down, and nothing ends them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import positional_parameters
from bybit_lint.analysis.syntax.nodes import walk
from bybit_lint.analysis.traffic.retry_loops import RetryLoops
from bybit_lint.analysis.traffic.running_sockets import RUN
from bybit_lint.analysis.values.terms import Function, alternatives
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.retries.quick_calls import QuickCalls
from bybit_lint.vocabulary import Retry
from bybit_lint.vocabulary.retries import CONNECTION

FAILED, ARGUMENTS = "on_error", 2
"""What `WebSocketApp` calls when it cannot connect, too, and with how many arguments (websocket-client 1.0)."""


@extracts(Retry, words="on_error")
class HotCallbacks:
    """The hot callbacks of a project's sockets."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.traffic, self.effects = analysis.program, analysis.traffic, analysis.effects
        self.quick = QuickCalls(analysis)

    def facts(self, module: Module) -> Iterator[Retry]:
        for socket in (call for call in module.names.calls if call in self.traffic.sockets):
            for keyword in (keyword for keyword in socket.keywords if keyword.arg == FAILED):
                for handler in alternatives(self.program.evaluator.evaluate(module, keyword.value)):
                    if isinstance(handler, Function) and self._is_called(handler):
                        yield from self._told(handler, module, socket)

    def _is_called(self, handler: Function) -> bool:
        """True if a function takes the arguments that it is called with."""
        taken = positional_parameters(handler.node.args)
        return len(taken) - self.program.evaluator.parameters.offset(handler) == ARGUMENTS

    def _told(self, handler: Function, module: Module, socket: ast.Call) -> Iterator[Retry]:
        again = self._opening(handler, socket)
        if again is not None and self._runs_at_once(handler.module, again):
            span = handler.module.source.span(again)
            yield Retry(span, module.source.span(socket), CONNECTION, "none at all", False, is_hot=True)

    def _opening(self, handler: Function, socket: ast.Call) -> ast.Call | None:
        """The call of a handler that opens the same socket again, whatever is asked before."""
        attempts = RetryLoops(self.program, self.traffic, self.effects, handler.module)
        for statement in [] if isinstance(handler.node, ast.Lambda) else handler.node.body:
            calls = attempts.calls([statement])
            opening = [call for call in calls if self._opens(handler.module, call, socket)]
            if opening:
                return opening[0] if isinstance(statement, (ast.Expr, ast.Assign)) else None
            if _leaves(statement) or not all(self.quick.is_quick(handler.module, call) for call in calls):
                return None
        return None

    def _opens(self, module: Module, call: ast.Call, socket: ast.Call) -> bool:
        place = self.effects.socket_opened(module, call)
        return place is not None and place[1] is socket

    def _runs_at_once(self, module: Module, call: ast.Call) -> bool:
        """True if what opens a socket runs it, waits for nothing on the way, and never leaves it be."""
        functions = self.program.callees.functions(module, call)
        bodies = [function.node.body for function in functions if not isinstance(function.node, ast.Lambda)]
        if self.quick.sleeps(module, call) or any(_leaves(statement) for body in bodies for statement in body):
            return False
        return any(RUN in ast.unparse(statement) for body in bodies for statement in body)


def _leaves(statement: ast.stmt) -> bool:
    return any(isinstance(node, (ast.Return, ast.Raise)) for node in walk(statement))

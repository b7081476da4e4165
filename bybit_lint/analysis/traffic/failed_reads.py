"""What a function gives where what it asked Bybit for has failed: a value that a handler stands for."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from bybit_lint.analysis.flow.exception_handlers import (
    caught_exceptions,
    enclosing_attempts,
    includes_lost_answer,
    is_kept_inside,
)
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.jumps import LoopNode, following, names_in, own
from bybit_lint.analysis.syntax.nodes import FUNCTIONS
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.analysis.values.terms import Site

Value: TypeAlias = ast.expr | None
"""What a function gives; None for a `None` that nobody has written."""
PLAIN = {"staticmethod", "classmethod", "override"}
"""Decorators under which a function gives what it returns."""
TYPE_ERRORS = {"builtins.Exception", "builtins.BaseException", "builtins.TypeError", "builtins.AttributeError"}


class FailedRead(NamedTuple):
    """A function, and the way through it on which a failure of Bybit's ends as a value."""

    function: ast.FunctionDef | ast.AsyncFunctionDef
    attempt: ast.Try
    handler: ast.ExceptHandler
    request: ast.Call
    """The call that fails."""
    value: Value
    """What it gives then."""
    end: ast.Return | ast.ExceptHandler
    """Where the handler says so; the handler, if that is said behind it."""

    @property
    def is_generator(self) -> bool:
        """True if it gives its values one after another."""
        return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in ast.walk(self.function))


def is_none(value: Value) -> bool:
    """True for a None, be it written or not."""
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


class FailedReads:
    """The functions of a project that give a value where what they asked for has failed."""

    def __init__(self, effects: Effects) -> None:
        self.effects, self.program = effects, effects.program

    def of(
        self, module: Module, is_wanted: Callable[[Value], bool], asks: Callable[[Module, ast.Call], bool] | None = None
    ) -> Iterator[FailedRead]:
        """Those of a file that somebody calls, that give a value which is wanted, and ask for what is meant."""
        for handler in module.names.handlers:
            attempt = module.names.parents.get(handler)
            if not isinstance(attempt, ast.Try):
                continue
            function = module.names.scope(attempt).function.node
            if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            for value, end in _given(module, attempt, handler):
                is_called = is_wanted(value) and any(self.program.project.calls_of(function.name))
                is_called = is_called and (isinstance(end, ast.Return) or not _leaves(handler))
                request = self._request(module, function, attempt, handler, asks) if is_called else None
                if request is not None and _is_undecorated(function):
                    yield FailedRead(function, attempt, handler, request, value, end)

    def asked(self, read: FailedRead) -> Iterator[tuple[Site, ast.expr]]:
        """Where such a function is called, and the expression that its value is there."""
        for site in self.program.callers.sites(read.function):
            call, names = site.node, site.module.names
            if not isinstance(call, ast.Call) or deferred_callee(call)[1]:
                continue
            above = names.parents.get(call)
            is_awaited = isinstance(above, ast.Await)
            is_only = len(self.program.callees.functions(site.module, call)) == 1
            if is_only and is_awaited == isinstance(read.function, ast.AsyncFunctionDef):
                yield site, above if isinstance(above, ast.Await) else call

    def _request(
        self,
        module: Module,
        function: ast.AST,
        attempt: ast.Try,
        handler: ast.ExceptHandler,
        asks: Callable[[Module, ast.Call], bool] | None,
    ) -> ast.Call | None:
        """The call of an attempt whose lost answer a handler takes."""
        if not includes_lost_answer(caught_exceptions(self.program.evaluator, module, handler.type)):
            return None
        for call in module.names.calls_in[function]:
            if (
                module.names.stands_in(attempt.body, call)
                and (asks is None or asks(module, call))
                and self.effects.may_raise(module, call)
                and not is_kept_inside(self.program, module, call, attempt)
            ):
                return call
        return None

    def is_expected(self, module: Module, node: ast.AST) -> bool:
        """True if a `try` around a node takes what is raised where something is made of None."""
        return any(
            not TYPE_ERRORS.isdisjoint(caught_exceptions(self.program.evaluator, module, handler.type))
            for attempt in enclosing_attempts(module.names, node)
            for handler in attempt.handlers
        )


def _is_undecorated(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """True if no decorator may change what a function gives."""
    return all(isinstance(d, ast.Name) and d.id in PLAIN for d in function.decorator_list)


def _given(
    module: Module, attempt: ast.Try, handler: ast.ExceptHandler
) -> Iterator[tuple[Value, ast.Return | ast.ExceptHandler]]:
    """What a function gives once a handler is through, and where that is said; nothing where that is not known."""
    last = handler.body[-1]
    if isinstance(last, ast.Return):
        yield last.value, last
        return
    loop = next((around for around in module.names.ancestors(attempt) if isinstance(around, LoopNode)), None)
    for node in own(handler.body) if loop is not None else ():
        if loop is not None and isinstance(node, ast.Return) and _is_for_last(module, node, handler, loop):
            yield node.value, node
            return
    if not attempt.finalbody:
        yield from ((value, handler) for value in _behind(module, attempt))


def _counters(loop: LoopNode) -> set[str]:
    """The names by which a loop counts: what a `for` takes, and what goes up in a round."""
    counted = names_in([loop.target]) if isinstance(loop, (ast.For, ast.AsyncFor)) else set()
    return counted.union(*(names_in([n.target]) for n in own(loop.body) if isinstance(n, ast.AugAssign)))


def _is_for_last(module: Module, end: ast.Return, handler: ast.ExceptHandler, loop: LoopNode) -> bool:
    """True if nothing decides whether a handler comes to a `return` but how many attempts there were."""
    inside = itertools.takewhile(lambda around: around is not handler, module.names.ancestors(end))
    asked = [names_in([around.test]) if isinstance(around, ast.If) else {handler.name} for around in inside]
    counters = _counters(loop) if asked else set()
    return bool(asked) and all(names & counters and handler.name not in names for names in asked)


def _leaves(handler: ast.ExceptHandler) -> bool:
    """True if a handler may end in an exception or a value: the last of several attempts often does."""
    return any(isinstance(node, (ast.Raise, ast.Return)) for statement in handler.body for node in ast.walk(statement))


def _behind(module: Module, statement: ast.stmt) -> Iterator[Value]:
    """What a function returns behind a statement, if nothing else is done there but to leave a `for`."""
    here: ast.AST = statement
    for around in module.names.ancestors(statement):
        if here in getattr(around, "finalbody", ()):
            return  # what a `finally` returns takes the place of more than this
        match following(around, here):
            case [ast.Return(value=value), *_]:
                yield value
                return
            case [_, *_]:
                return
        if isinstance(around, FUNCTIONS):
            yield None
            return
        has_more = isinstance(around, (ast.For, ast.AsyncFor, ast.Try)) and (
            around.orelse or isinstance(around, ast.Try)
        )
        if has_more or isinstance(around, (ast.While, ast.ExceptHandler, ast.match_case)):
            return
        here = around

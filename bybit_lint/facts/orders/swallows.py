"""Handlers that take every failure of an order and leave no trace that the program could see.

What is proven: the answer is not used, nothing is noted down after the order that a failure would leave out, nothing is
returned that tells one from the other, and no loop comes back to look.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.flow import exception_handlers
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import names_in
from bybit_lint.analysis.syntax.logging_calls import LOGGING
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, called_name
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.vocabulary import Swallow

QUIET = (ast.Pass, ast.Expr)
TELLING = {*LOGGING, "get", "str"}
"""What is called to write down what came back."""


@extracts(Swallow)
class Swallows:
    """The handlers that swallow the failure of an order."""

    def __init__(self, analysis: Analysis) -> None:
        self.evaluator, self.effects = analysis.program.evaluator, analysis.effects

    def facts(self, module: Module) -> Iterator[Swallow]:
        for handler in module.names.handlers:
            attempt = module.names.parents.get(handler)
            if isinstance(attempt, ast.Try) and _is_quiet(handler) and _takes_all(self.evaluator, module, handler):
                order = next(_orders(self.effects, module, attempt), None)
                if order is not None and not _leaves_trace(module, attempt, order):
                    name = called_name(deferred_callee(order)[0])
                    span = module.source.span
                    is_logged = any(isinstance(s, ast.Expr) and isinstance(s.value, ast.Call) for s in handler.body)
                    yield Swallow(span(handler), span(order), f"{name}()" if name else "the order", is_logged)


def _is_quiet(handler: ast.ExceptHandler) -> bool:
    """True if a handler does nothing, or only writes the failure down."""
    for statement in handler.body:
        match statement:
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case ast.Expr(value=ast.Call(func=function)) if called_name(function) in LOGGING:
                pass
            case _:
                return False
    return True


def _takes_all(evaluator: Evaluator, module: Module, handler: ast.ExceptHandler) -> bool:
    return not exception_handlers.ALL.isdisjoint(exception_handlers.caught_exceptions(evaluator, module, handler.type))


def _orders(effects: Effects, module: Module, attempt: ast.Try) -> Iterator[ast.Call]:
    """The calls of an attempt that place, change or cancel an order, and whose answer nobody keeps."""
    for call in module.names.calls_in[module.names.scope(attempt).function.node]:
        around = list(module.names.ancestors(call))
        if attempt in around and _stands_in(module, around, attempt) and effects.changes_orders(module, call):
            yield call


def _stands_in(module: Module, around: list[ast.AST], attempt: ast.Try) -> bool:
    """True if what stands inside these nodes is the attempt's own, and a statement to itself or only told of."""
    inner = around[: around.index(attempt)]
    is_body = bool(inner) and inner[-1] in attempt.body
    own = [node for node in inner if not isinstance(node, (ast.Await, ast.Expr, ast.For, ast.If))]
    return is_body and all(isinstance(node, ast.Assign) and _is_only_told(module, node) for node in own)


def _is_only_told(module: Module, kept: ast.Assign) -> bool:
    """True if the name that an answer is kept in is only printed or logged, or asked for what to print or log."""
    names = module.names
    match kept.targets:
        case [ast.Name(id=name)]:
            return all(_is_told(names, load) for load in names.loads(names.scope(kept).function.node, name))
    return False


def _is_told(names: ModuleIndex, load: ast.expr) -> bool:
    match names.statement(load):
        case ast.Expr() as statement:
            return _tells(statement)
        case ast.If(test=test, body=body, orelse=orelse):
            return names.holds(test, load) and all(map(_tells, (*body, *orelse)))
    return False


def _tells(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and called_name(call.func) in LOGGING


def _leaves_trace(module: Module, attempt: ast.Try, order: ast.Call) -> bool:
    """True if the program can tell later whether the order went well."""
    names = module.names
    if any(isinstance(node, ast.While) for node in names.ancestors(attempt)):
        return True  # it comes back, and may look
    block = [*attempt.body, *attempt.orelse, *attempt.finalbody]
    nodes = [node for statement in block for node in ast.walk(statement)]
    leaving = (n for n in nodes if isinstance(n, (ast.Return, ast.Raise, ast.Break, ast.Yield, *FUNCTIONS)))
    if attempt.orelse or any(not names.follows(order, n) for n in leaving):
        return True  # what leaves before the order tells nothing of it
    targets = [n for n in nodes if isinstance(n, (ast.Attribute, ast.Subscript)) and isinstance(n.ctx, ast.Store)]
    if targets or any(isinstance(n, (ast.Global, ast.Nonlocal)) for n in nodes):
        return True
    after = [n for n in nodes if isinstance(n, ast.Call) and names.follows(n, order)]
    if any(called_name(call.func) not in TELLING for call in after):
        return True
    bound = names_in(block, ast.Store)
    function = names.scope(attempt).function.node
    again = (n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id in bound)
    return any(names.follows(name, attempt) for name in again)

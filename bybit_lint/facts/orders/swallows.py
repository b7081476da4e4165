"""Handlers that take every failure of an order and leave no trace that the program could see.

What is proven: the answer is not used, nothing is noted down after the order that a failure would leave out, nothing is
returned that tells one from the other, or nobody looks at it, and no loop comes back to look.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.flow import exception_handlers
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import names_in
from bybit_lint.analysis.syntax.logging_calls import LOGGING, only_logs
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, called_name, unawaited, walk
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import Site
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Swallow

TELLS = regex(r"tell|notif|send|alert|message|msg|post|report|telegram|log|print|warn|error", re.IGNORECASE)
"""How functions are called that tell people of something."""
TELLING = {*LOGGING, "get", "str"}
"""What is called to write down what came back."""


@extracts(Swallow)
class Swallows:
    """The handlers that swallow the failure of an order."""

    def __init__(self, analysis: Analysis) -> None:
        self.evaluator, self.effects = analysis.program.evaluator, analysis.effects
        self.program, self.unread = analysis.program, UnreadResults(analysis.program)

    def facts(self, module: Module) -> Iterator[Swallow]:
        for handler in module.names.handlers:
            attempt = module.names.parents.get(handler)
            if isinstance(attempt, ast.Try) and _takes_all(self.evaluator, module, handler):
                is_unread = _returns(handler) and self.unread.are_of(module.names.scope(attempt).function.node)
                order = next(_orders(self.effects, module, attempt, is_unread=is_unread), None)
                if order is None or not self._is_quiet(module, attempt, handler, is_unread=is_unread):
                    continue
                if not _leaves_trace(module, attempt, order, is_unread=is_unread):
                    name = called_name(deferred_callee(order)[0])
                    span = module.source.span
                    is_logged = any(isinstance(s, ast.Expr) and isinstance(s.value, ast.Call) for s in handler.body)
                    yield Swallow(span(handler), span(order), f"{name}()" if name else "the order", is_logged)

    def _is_quiet(self, module: Module, attempt: ast.Try, handler: ast.ExceptHandler, *, is_unread: bool) -> bool:
        """True if a handler does nothing, only writes the failure down, or tells it before the next order goes out."""
        loud = [statement for statement in handler.body[: -1 if is_unread else None] if not _is_word(statement)]
        return not loud or (self._places_next(module, attempt) and all(self._tells_people(module, s) for s in loud))

    def _places_next(self, module: Module, attempt: ast.Try) -> bool:
        """True if what stands behind an attempt, in the same block, places an order."""
        names, parent = module.names, module.names.parents.get(attempt)
        block = getattr(parent, "body", [])
        behind = block[block.index(attempt) + 1 :] if attempt in block else []
        calls = names.calls_in[names.scope(attempt).function.node]
        placing = [s for s in behind if isinstance(s, (ast.Expr, ast.Assign, ast.Return))]
        return any(names.stands_in(placing, call) and self.effects.order_placed(module, call) for call in calls)

    def _tells_people(self, module: Module, statement: ast.stmt) -> bool:
        """True for a call that is given the failure, or words, and whose function neither raises nor asks Bybit."""
        call = unawaited(statement.value) if isinstance(statement, ast.Expr) else None
        if not isinstance(call, ast.Call) or not TELLS.search(called_name(call.func)):
            return False
        functions = self.program.callees.functions(module, call)
        raising = any(isinstance(node, ast.Raise) for found in functions for node in walk(found.node))
        return not raising and not self.effects.reaches_bybit(module, call)


class UnreadResults:
    """Answers whether anybody looks at what a function returns."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def are_of(self, function: ast.AST) -> bool:
        """True if all that call a function are seen, and none takes what it returns."""
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return False
        sites = self.program.callers.sites(function)
        named = [*self.program.project.calls_of(function.name), *self.program.project.deferred(function.name)]
        return bool(sites) and len(sites) == len(named) and all(map(_is_dropped, sites))


def _is_dropped(site: Site) -> bool:
    above = site.module.names.parents.get(site.node)
    above = site.module.names.parents.get(above) if isinstance(above, ast.Await) else above
    return isinstance(site.node, ast.Call) and isinstance(above, ast.Expr)


def _returns(handler: ast.ExceptHandler) -> bool:
    """True if a handler ends with a value that says that nothing was done."""
    match handler.body[-1]:
        case ast.Return(value=None | ast.Constant()):
            return True
    return False


def _is_word(statement: ast.stmt) -> bool:
    """True for what only stands there, or writes something down."""
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=function)):
            return called_name(function) in LOGGING
    return False


def _takes_all(evaluator: Evaluator, module: Module, handler: ast.ExceptHandler) -> bool:
    return not exception_handlers.ALL.isdisjoint(exception_handlers.caught_exceptions(evaluator, module, handler.type))


def _orders(effects: Effects, module: Module, attempt: ast.Try, *, is_unread: bool) -> Iterator[ast.Call]:
    """The calls of an attempt that place, change or cancel an order, and whose answer nobody keeps."""
    for call in module.names.calls_in[module.names.scope(attempt).function.node]:
        around = list(module.names.ancestors(call))
        is_own = attempt in around and _stands_in(module, around, attempt, is_unread=is_unread)
        if is_own and effects.changes_orders(module, call):
            yield call


def _stands_in(module: Module, around: list[ast.AST], attempt: ast.Try, *, is_unread: bool) -> bool:
    """True if what stands inside these nodes is the attempt's own, and a statement to itself or only told of."""
    inner = around[: around.index(attempt)]
    is_body = bool(inner) and inner[-1] in attempt.body
    plain = (ast.Await, ast.Expr, ast.For, ast.If, *((ast.Return,) if is_unread else ()))
    own = [node for node in inner if not isinstance(node, plain)]
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
            return only_logs(statement)
        case ast.If(test=test, body=body, orelse=orelse):
            return names.holds(test, load) and all(map(only_logs, (*body, *orelse)))
    return False


def _leaves_trace(module: Module, attempt: ast.Try, order: ast.Call, *, is_unread: bool) -> bool:
    """True if the program can tell later whether the order went well."""
    names = module.names
    if any(isinstance(node, ast.While) for node in names.ancestors(attempt)):
        return True  # it comes back, and may look
    block = [*attempt.body, *attempt.orelse, *attempt.finalbody]
    nodes = [node for statement in block for node in walk(statement)]
    leavers = (ast.Raise, ast.Break, ast.Yield, *FUNCTIONS, *(() if is_unread else (ast.Return,)))
    leaving = (n for n in nodes if isinstance(n, leavers))
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
    again = (n for n in walk(function) if isinstance(n, ast.Name) and n.id in bound)
    return any(names.follows(name, attempt) for name in again)

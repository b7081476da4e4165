"""Exception handlers: which failures they take, and whether they let the program go on."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import always_exits, following, may_leave, names_in, own
from bybit_lint.analysis.syntax.logging_calls import LOGGING
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, called_name
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import ListTerm, Term, alternatives, qualified_name

ALL = {"builtins.Exception", "builtins.BaseException"}
LOST = ALL | {
    "builtins.OSError",
    "builtins.IOError",
    "builtins.ConnectionError",
    "builtins.ConnectionResetError",
    "builtins.TimeoutError",
    "socket.timeout",
    "asyncio.TimeoutError",
    "asyncio.exceptions.TimeoutError",
    "pybit.exceptions.FailedRequestError",
    "requests.RequestException",
    "requests.Timeout",
    "requests.ReadTimeout",
    "requests.ConnectionError",
    "requests.exceptions.RequestException",
    "requests.exceptions.Timeout",
    "requests.exceptions.ReadTimeout",
    "requests.exceptions.ConnectionError",
    "httpx.HTTPError",
    "httpx.RequestError",
    "httpx.TransportError",
    "httpx.TimeoutException",
    "httpx.ReadTimeout",
    "httpx.ReadError",
    "aiohttp.ClientError",
    "aiohttp.ServerDisconnectedError",
    "aiohttp.ServerTimeoutError",
    "aiohttp.client_exceptions.ClientError",
    "ccxt.BaseError",
    "ccxt.OperationFailed",
    "ccxt.NetworkError",
    "ccxt.RequestTimeout",
    "ccxt.ExchangeNotAvailable",
}
"""What may be raised when the answer got lost; after these nobody knows whether the order was placed."""

HARMLESS = LOGGING | {"sleep"}
SUPPRESSING = {"suppress", "raises", "assertRaises"}
"""Context managers that keep an exception to themselves: those of contextlib, pytest and unittest."""


def enclosing_attempts(names: ModuleIndex, node: ast.AST) -> Iterator[ast.Try]:
    """Each `try` whose body holds a node, nearest first, up to the function that the node stands in."""
    child = node
    for around in names.ancestors(node):
        if isinstance(around, ast.Try) and child in around.body:
            yield around
        child = around


def enclosing_suppressions(names: ModuleIndex, node: ast.AST) -> Iterator[tuple[ast.With | ast.AsyncWith, ast.Call]]:
    """Each `with suppress(...)` around a node, nearest first, and its `suppress(...)`, which stands before the node."""
    child = node
    for around in names.ancestors(node):
        if isinstance(around, (ast.With, ast.AsyncWith)):
            yield from ((around, manager) for manager in _suppressing(around, child))
        child = around


def _suppressing(block: ast.With | ast.AsyncWith, child: ast.AST) -> Iterator[ast.Call]:
    """The calls of `suppress()` in a `with` that are in force where one of its parts is evaluated."""
    for item in block.items:
        if item is child:
            return
        if isinstance(item.context_expr, ast.Call) and called_name(item.context_expr.func) in SUPPRESSING:
            yield item.context_expr


def stands_in_handler(module: Module, node: ast.AST) -> bool:
    """True for what a function only does where something has failed."""
    return any(isinstance(around, ast.ExceptHandler) for around in module.names.ancestors(node))


def may_be_caught(names: ModuleIndex, node: ast.AST) -> bool:
    """True if a `try` or a `suppress()` around a node may keep what it raises in its function."""
    is_tried = any(attempt.handlers for attempt in enclosing_attempts(names, node))
    return is_tried or any(enclosing_suppressions(names, node))


def caught_exceptions(evaluator: Evaluator, module: Module, expression: ast.expr | None) -> set[str | None]:
    """The paths of the exceptions that `except expression` takes; all of them without one."""
    if expression is None:
        return {"builtins.BaseException"}
    return named_exceptions(evaluator.evaluate(module, expression))


def named_exceptions(taken: Term) -> set[str | None]:
    """The paths of the exceptions that something stands for: one of them, or several in a tuple."""
    terms = alternatives(taken)
    inner = [e.term for term in terms if isinstance(term, ListTerm) for e in term.items]
    return {_known(qualified_name(option)) for term in inner or terms for option in alternatives(term)}


def _known(name: str | None) -> str | None:
    """The name of an exception, those of ccxt as they are called in `ccxt` itself."""
    if name is None or not name.startswith("ccxt."):
        return name
    return f"ccxt.{name.rpartition('.')[2]}"


def includes_lost_answer(found: set[str | None]) -> bool:
    """True if what is caught includes an answer that got lost."""
    return not found.isdisjoint(LOST)


def continues(handler: ast.ExceptHandler) -> bool:
    """True if the program goes on after a handler whatever was raised: nothing in it leaves because of the error."""
    return not always_exits(handler.body) and not _asks_what_failed(handler)


def goes_round(handler: ast.ExceptHandler) -> bool:
    """True if a handler may send its loop round whatever was raised: many raise after the last try only."""
    return any(isinstance(node, ast.Continue) for node in own(handler.body)) and not _asks_what_failed(handler)


def _asks_what_failed(handler: ast.ExceptHandler) -> bool:
    """True if a handler leaves, or goes round, because of the error that it was given."""
    error = {handler.name or "", *_derived(handler)}
    tests = [node for node in own(handler.body) if isinstance(node, (ast.If, ast.Match)) and may_leave(node)]
    return any(error & names_in([node.subject if isinstance(node, ast.Match) else node.test]) for node in tests)


def is_contained(program: Program, module: Module, node: ast.AST) -> bool:
    """True if whatever fails at a node stays in its function, and nothing there raises for want of an answer."""
    function = module.names.scope(node).function.node
    body = getattr(function, "body", None)
    raised = [n for n in own(body) if isinstance(n, ast.Raise)] if isinstance(body, list) else []
    return all(_is_quieted(program, module, n) for n in (node, *raised))


def is_kept_inside(program: Program, module: Module, node: ast.AST, outer: ast.Try | None = None) -> bool:
    """True if whatever fails at a node is kept by a `try` in its function, inside the body of an outer one if any."""
    inner = itertools.takewhile(lambda attempt: attempt is not outer, enclosing_attempts(module.names, node))
    for attempt in inner:
        taking = list(_taking(program, module, attempt))
        if taking and all(_is_quiet(program, module, handler) for handler in taking):
            return True
    return False


def _is_quieted(program: Program, module: Module, node: ast.AST) -> bool:
    """True if a `try` around a node takes everything, and its function comes to its end after that."""
    for attempt in enclosing_attempts(module.names, node):
        taking = list(_taking(program, module, attempt))
        if taking:
            return all(_is_quiet(program, module, handler) for handler in taking) and (
                all(isinstance(handler.body[-1], ast.Return) for handler in taking) or _is_last(module, attempt)
            )
    return False


def _taking(program: Program, module: Module, attempt: ast.Try) -> Iterator[ast.ExceptHandler]:
    """The handlers that take some failure, up to the one that takes them all; none without such a one."""
    for position, handler in enumerate(attempt.handlers):
        if not ALL.isdisjoint(caught_exceptions(program.evaluator, module, handler.type)):
            yield from attempt.handlers[: position + 1]
            return


def _is_quiet(program: Program, module: Module, handler: ast.ExceptHandler) -> bool:
    """True if nothing in a handler raises on purpose, nor in the functions of the bot that it calls."""
    for node in own(handler.body):
        if isinstance(node, ast.Raise):
            return False
        called = program.callees.functions(module, node) if isinstance(node, ast.Call) else []
        bodies = [f.node.body for f in called if not isinstance(f.node, ast.Lambda)]
        if any(isinstance(inner, ast.Raise) for body in bodies for inner in own(body)):
            return False
    return True


def _is_last(module: Module, statement: ast.stmt) -> bool:
    """True if after a statement its function only returns something that is there, or goes round."""
    here: ast.AST = statement
    for around in module.names.ancestors(statement):
        if not all(map(_is_plain, following(around, here))):
            return False
        if isinstance(around, FUNCTIONS):
            return True
        here = around
    return False


def _is_plain(statement: ast.stmt) -> bool:
    """True for the end of a round or of a function, and for words and waits before it."""
    match statement:
        case ast.Return(value=None | ast.Constant() | ast.Name() | ast.List(elts=[]) | ast.Dict(keys=[])):
            return True
        case ast.Expr(value=ast.Call() as call) | ast.Expr(value=ast.Await(value=ast.Call() as call)):
            return called_name(call.func) in HARMLESS
    return isinstance(statement, (ast.Pass, ast.Continue, ast.Break))


def _derived(handler: ast.ExceptHandler) -> set[str]:
    """Names that are bound to something made of the error."""
    bound = [node for node in own(handler.body) if isinstance(node, ast.Assign)]
    return {name for node in bound if handler.name in names_in([node.value]) for name in names_in(node.targets)}

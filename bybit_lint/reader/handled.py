"""Exception handlers: which failures they take, and whether they let the program go on."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.names import FUNCTIONS
from bybit_lint.project import Module
from bybit_lint.reader.loops import leaves, names_in
from bybit_lint.reader.resolve import Resolver
from bybit_lint.reader.terms import Sequence, alternatives, path

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


def caught(resolver: Resolver, module: Module, expression: ast.expr | None) -> set[str | None]:
    """The paths of the exceptions that `except expression` takes; all of them without one."""
    if expression is None:
        return {"builtins.BaseException"}
    terms = alternatives(resolver.at(module, expression).term)
    inner = [e.term for term in terms if isinstance(term, Sequence) for e in term.items]
    return {_known(path(option)) for term in inner or terms for option in alternatives(term)}


def _known(name: str | None) -> str | None:
    """The name of an exception, those of ccxt as they are called in `ccxt` itself."""
    is_ccxt = name is not None and name.startswith("ccxt.")
    return f"ccxt.{name.rpartition('.')[2]}" if is_ccxt and name else name


def loses(found: set[str | None]) -> bool:
    """True if what is caught includes an answer that got lost."""
    return not found.isdisjoint(LOST)


def of_lost_answer(resolver: Resolver, module: Module, attempt: ast.Try) -> ast.ExceptHandler | None:
    """The handler that takes an answer that got lost."""
    handlers = (h for h in attempt.handlers if loses(caught(resolver, module, h.type)))
    return next(handlers, None)


def goes_on(handler: ast.ExceptHandler) -> bool:
    """True if the program goes on after a handler whatever was raised: nothing in it leaves because of the error."""
    if leaves(handler.body):
        return False
    error = {handler.name or "", *_derived(handler)}
    tests = [node for node in _own(handler.body) if isinstance(node, (ast.If, ast.Match)) and _may_leave(node)]
    return not any(error & names_in([node.subject if isinstance(node, ast.Match) else node.test]) for node in tests)


def _may_leave(branch: ast.stmt) -> bool:
    return any(isinstance(node, (ast.Return, ast.Raise, ast.Break, ast.Continue)) for node in _own([branch]))


def _derived(handler: ast.ExceptHandler) -> set[str]:
    """Names that are bound to something made of the error."""
    bound = [node for node in _own(handler.body) if isinstance(node, ast.Assign)]
    return {name for node in bound if handler.name in names_in([node.value]) for name in names_in(node.targets)}


def _own(block: list[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes of a block, without those of functions in it."""
    stack: list[ast.AST] = [*block]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, FUNCTIONS):
            stack.extend(ast.iter_child_nodes(node))

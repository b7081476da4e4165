"""Code that sends nothing, because a test has put something else in the place of the client."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.source import Source, once_per_source
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import qualified_name

PATCHES = {"unittest.mock.patch", "mock.patch", "mock.mock.patch"}
SENDERS = ("requests", "httpx", "aiohttp", "urllib", "pybit", "ccxt")


def is_mocked(evaluator: Evaluator, module: Module, node: ast.AST) -> bool:
    """True inside `@patch("requests.get")` and `with patch("pybit.unified_trading.HTTP"):`."""
    return _speaks_of_mocks(module.source) and any(
        _replaces_sender(evaluator, module, call) for call in _around(module, node)
    )


@once_per_source
def _speaks_of_mocks(source: Source) -> bool:
    return b"mock" in source.data


def _around(module: Module, node: ast.AST) -> Iterator[ast.Call]:
    """The calls that decorate the functions and classes around a node, and those of the `with` around it."""
    for around in module.names.ancestors(node):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield from (d for d in around.decorator_list if isinstance(d, ast.Call) and node is not d)
        elif isinstance(around, (ast.With, ast.AsyncWith)):
            yield from (i.context_expr for i in around.items if isinstance(i.context_expr, ast.Call))


def _replaces_sender(evaluator: Evaluator, module: Module, call: ast.Call) -> bool:
    match call.args:
        case [ast.Constant(value=str() as target), *_] if called_name(call.func) == "patch":
            is_patch = qualified_name(evaluator.evaluate(module, call.func)) in PATCHES
            return is_patch and any(part in SENDERS for part in target.split("."))
    return False

"""Who sends Bybit's ping, `{"op": "ping"}` as text, and whether the receiving code stays calm at the answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bybit_lint.names import FUNCTIONS, Names
from bybit_lint.project import Module, Project

PING = re.compile(rb"""\bop\\?["']?\s*[:=]\s*\\?["']ping|(?<![\w.])(?:start_)?heartbeat\(""")
"""The ping as a dict, as JSON text or as a keyword, or the shim's helper that sends it."""
MESSAGE_KEYS = {"topic", "data", "type", "op", "success", "ret_msg"}


def is_pinged(project: Project, module: Module) -> bool:
    """True unless neither the module nor any it is linked to by imports holds Bybit's ping."""
    return any(PING.search(linked.source.data) for linked in project.around(module))


def expects_pong(names: Names) -> bool:
    """True if every function that takes a message apart asks first what it is."""
    readers = {scope for key in _message_reads(names) if (scope := _function(names, key)) is not None}
    return bool(readers) and all(_asks(function) for function in readers)


def _message_reads(names: Names) -> Iterator[ast.AST]:
    for node in names.parents:
        match node:
            case ast.Subscript(slice=ast.Constant(value=str() as key)) if key in MESSAGE_KEYS:
                yield node
            case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str() as key), *_]) if (
                key in MESSAGE_KEYS
            ):
                yield node


def _function(names: Names, node: ast.AST) -> ast.AST | None:
    return next((a for a in names.ancestors(node) if isinstance(a, (*FUNCTIONS, ast.Module))), None)


def _asks(function: ast.AST) -> bool:
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str() as key), *_]) if (
                key in MESSAGE_KEYS
            ):
                return True
            case ast.Compare(left=ast.Constant(value=str() as key), ops=[ast.In() | ast.NotIn()]) if (
                key in MESSAGE_KEYS
            ):
                return True
            case ast.Try():
                return True
    return False

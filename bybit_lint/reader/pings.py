"""Who sends Bybit's ping, `{"op": "ping"}` as text, and whether the receiving code stays calm at the answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import takewhile

from bybit_lint.names import FUNCTIONS, Names
from bybit_lint.project import Module, Project, once_per_source
from bybit_lint.source import Source

PING = re.compile(rb"""op(?<!\wop)\\?["']?\s*[:=]\s*\\?["']ping""")
"""The ping as a dict, as JSON text or as a keyword. A pattern that begins with a letter is found fastest."""
HELPER = re.compile(rb"(?<![\w.])(?:start_)?heartbeat\(")
"""The shim's helper that sends it."""
PING_WORDS = (b"ping", b"heartbeat(")
"""One of these stands wherever a ping is sent."""
LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.comprehension)
MESSAGE_KEYS = {"topic", "data", "type", "op", "success", "ret_msg"}


def is_pinged(project: Project, module: Module) -> bool:
    """True unless neither the module nor any it is linked to by imports holds Bybit's ping."""
    if not any(project.says(word) for word in PING_WORDS):
        return False
    return any(_sends_ping(linked.source) for linked in project.around(module))


@once_per_source
def _sends_ping(source: Source) -> bool:
    patterns = (PING, HELPER) if b"heartbeat(" in source.data else (PING,)
    places = (match.start() for pattern in patterns for match in pattern.finditer(source.data))
    return any(not _is_commented_out(source.data, place) for place in places)


def _is_commented_out(data: bytes, place: int) -> bool:
    """True in a line that is nothing but a comment."""
    return data[data.rfind(b"\n", 0, place) + 1 : place].lstrip().startswith(b"#")


def is_brief(names: Names, call: ast.Call) -> bool:
    """True for a socket that is only looked at: its block uses it in no loop, and nobody else gets hold of it."""
    item = names.parents.get(call)
    block = names.parents.get(item) if isinstance(item, ast.withitem) else None
    if not isinstance(item, ast.withitem) or not isinstance(block, (ast.With, ast.AsyncWith)):
        return False
    name = item.optional_vars.id if isinstance(item.optional_vars, ast.Name) else None
    inner = [node for statement in block.body for node in ast.walk(statement)]
    uses = [node for node in inner if isinstance(node, ast.Name) and node.id == name]
    around = [a for use in uses for a in takewhile(lambda a: a is not block, names.ancestors(use))]
    is_kept = any(isinstance(a, LOOPS) for a in around)
    return not is_kept and all(isinstance(names.parents[use], ast.Attribute) for use in uses)


def expects_pong(names: Names) -> bool:
    """True if every function that takes a message apart asks first what it is."""
    readers = {scope for key in _message_reads(names) if (scope := _function(names, key)) is not None}
    return bool(readers) and all(_asks(function) for function in readers)


def _message_reads(names: Names) -> Iterator[ast.AST]:
    for key in MESSAGE_KEYS:
        yield from names.items.get(key, ())


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

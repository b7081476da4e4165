"""Which calls could speak to Bybit, by their own words alone: their names, paths and hosts, the shape of arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum
from functools import cached_property

from bybit_lint.analysis.domains import strings
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import DEFERRING, deferred_callee, thread_target
from bybit_lint.analysis.syntax.logging_calls import LOGGING
from bybit_lint.analysis.syntax.nodes import arguments, called_name
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.clients import ccxt, passed, pybit, pybit_legacy, pybybit, rest, sockets, streams, swagger
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple


class Evidence(Enum):
    """What makes a call a candidate."""

    NAME = "its name"
    HANDED = "a method that it is handed"
    PATH = "a path or host of Bybit's"
    SHAPE = "its arguments"


class Lead(NamedTuple):
    """A call that could speak to Bybit: what it calls in the end, and what says so."""

    call: ast.Call
    func: ast.expr
    evidence: Evidence


CLIENTS = (pybit.NAMES, pybit_legacy.METHODS, pybybit.NAMES, ccxt.METHODS, streams.NAMES, swagger.NAMES - {"from_url"})
CHATS = {"send_message"}
"""Methods of Bybit's that nearly always are a chat library's."""
METHODS = frozenset(
    name
    for names in CLIENTS
    for name in names
    if name.strip("_") == name and name not in CHATS and (("_" in name) or not (name.islower() or name[:1].isupper()))
)
"""Names of methods that say something by themselves: those of one word, as `withdraw`, are anybody's."""
SENDERS = rest.NAMES | sockets.NAMES | {"fetch", "_request", "ws_connect", "build_request"}
"""Calls whose arguments are followed to see whether they are an address of Bybit's."""
EVERYDAY = LOGGING | {name for kind in (str, bytes, list, dict, set, tuple) for name in dir(kind)} | {"put", "emit"}
"""Methods of texts, containers and loggers: what they are given is kept or shown, and sent nowhere."""
SIZES = {"qty", "amount", "quantity", "size"}
ADDRESS = regex(
    rf"(?:https?|wss?)://(?:api|stream)(?:[\w.-]|{strings.HOLE})*\.by(?:bit|tick)|"
    rf"(?:wss://)?{strings.HOLE}?/?(?:v5|{rest.OLDER.replace('v2', 'v2/p(?:ublic|rivate)')})/[\w-]"
)
"""How an address begins, or a path, which may stand behind something that is not known."""
SPEAKING = (b"/v5/", b"ybit", b"bytick", b"/private/", b"/public/")


class Leads:
    """Finds the candidates of one file."""

    def __init__(self, evaluator: Evaluator, module: Module) -> None:
        self.evaluator, self.module = evaluator, module
        self._may_hold_address = any(word in module.source.data for word in SPEAKING)

    def all(self) -> Iterator[Lead]:
        """Every candidate, once."""
        names = self.module.names
        for name, calls in names.calls_named.items():
            spoken = {names.aliases.get(name, name), *names.nicknames.get(name, ())}
            is_named = any(is_method(word) for word in spoken)
            for call in calls:
                lead = Lead(call, call.func, Evidence.NAME) if is_named else self._lead(call, name)
                if lead is not None:
                    yield lead

    def _lead(self, call: ast.Call, name: str) -> Lead | None:
        func = thread_target(call) or deferred_callee(call)[0]
        if func is not call.func and is_method(called_name(func)):
            return Lead(call, func, Evidence.NAME)
        handed = next(filter(_is_bound_method, arguments(call)), None) if name not in DEFERRING else None
        if handed is not None and name not in EVERYDAY:
            return Lead(call, handed, Evidence.HANDED)
        if self._is_given_address(call, name):
            return Lead(call, func, Evidence.PATH)
        is_record = name in EVERYDAY or name[:1].isupper()
        return Lead(call, func, Evidence.SHAPE) if not is_record and _has_shape(call) else None

    def _is_given_address(self, call: ast.Call, name: str) -> bool:
        if name in EVERYDAY and not (name == "get" and isinstance(call.func, ast.Attribute)):
            return False
        if self._may_hold_address and any(_holds_address(node) for node in arguments(call)):
            return True
        if any(isinstance(node, ast.Name) and node.id in self._addressed for node in arguments(call)):
            return True
        return name in SENDERS and not reads_key(call) and any(map(self._is_address, arguments(call)))

    @cached_property
    def _addressed(self) -> set[str]:
        """The names of the file that stand for a text with an address in it."""
        if not self._may_hold_address:
            return set()
        bindings = (b for s in self.module.names.scopes.values() for found in s.bindings.values() for b in found)
        return {b.path for b in bindings if b.how == "assign" and b.value is not None and _holds_address(b.value)}

    def _is_address(self, node: ast.expr) -> bool:
        if not isinstance(node, (ast.Name, ast.Attribute, ast.JoinedStr, ast.BinOp)):
            return False
        return any(ADDRESS.match(text) for text in strings.texts(self.evaluator.evaluate(self.module, node)))


def is_method(name: str) -> bool:
    """True for the name of a client's method, also for ccxt's names of endpoints."""
    return name in METHODS or (name.startswith(ccxt.PREFIXES) and ccxt.path_of(name) is not None)


def _is_bound_method(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and is_method(node.attr)


def reads_key(call: ast.Call) -> bool:
    """True for `x.get("key")`."""
    first = call.args[0] if call.args else None
    return called_name(call.func) == "get" and isinstance(first, ast.Constant) and "/" not in str(first.value)


def _holds_address(node: ast.expr) -> bool:
    """True for a text that is written out, or put together here, and begins with a path or a host of Bybit's."""
    match node:
        case ast.Constant(value=str() as text):
            return ADDRESS.match(text) is not None
        case ast.JoinedStr(values=[ast.FormattedValue(), second, *_]):
            return _holds_address(second)
        case ast.JoinedStr(values=[first, *_]):
            return _holds_address(first)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _holds_address(left) or _holds_address(right)
    return False


def _has_shape(call: ast.Call) -> bool:
    """True for `category="linear"` and for a symbol with a side and a size, as keywords or in a dict."""
    if _speaks({keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}):
        return True
    dicts = (node for node in arguments(call) if isinstance(node, ast.Dict))
    return any(_speaks(dict(_entries(node))) for node in dicts)


def _entries(node: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, value


def _speaks(given: dict[str, ast.expr]) -> bool:
    category = given.get("category")
    if isinstance(category, ast.Constant) and category.value in passed.CATEGORIES:
        return True
    return given.keys() >= {"symbol", "side"} and not SIZES.isdisjoint(given)

"""Whether a connection that was lost is opened again: by a loop around it, or by a handler that starts anew.

Every mention of a function's name counts as a way to it, so that nothing is missed that might connect again.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from bybit_lint.names import FUNCTIONS, Names, called_name
from bybit_lint.project import Module
from bybit_lint.reader.resolve import Resolver
from bybit_lint.reader.terms import Site, path

STARTERS = {
    "Thread",
    "run",
    "run_until_complete",
    "create_task",
    "ensure_future",
    "run_coroutine_threadsafe",
    "gather",
    "start",
    "wait_for",
    "submit",
    "to_thread",
    "run_in_executor",
}
"""Calls that start what they are handed, once."""
RECEIVERS = {"recv", "receive", "receive_json", "receive_str"}
KEYWORDS = {None, "target", "main"}


_known: WeakKeyDictionary[Names, dict[str, list[ast.expr]]] = WeakKeyDictionary()


def is_made_once(resolver: Resolver, site: Site) -> bool:
    """True if it is proven that the connection made at `site` is never made again, and meant to be kept."""
    return _is_kept(site.module.names, site.node) and Ways(resolver).is_once(site.module, site.node)


class Ways:
    """The ways through a project by which code is come to."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver

    def is_once(self, module: Module, node: ast.AST, seen: tuple[ast.AST, ...] = ()) -> bool:
        """True if nothing evaluates a node a second time, after a first time."""
        for around in module.names.ancestors(node):
            if isinstance(around, (ast.While, ast.For, ast.AsyncFor, ast.ExceptHandler)):
                return False
            if isinstance(around, (*FUNCTIONS, ast.ClassDef, ast.Module)):
                return self._is_called_once(module, around, seen)
        return False

    def _is_called_once(self, module: Module, function: ast.AST, seen: tuple[ast.AST, ...]) -> bool:
        if isinstance(function, ast.Module):
            return True
        if isinstance(function, ast.Lambda):
            return self._is_started_once(module, function, seen)
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return False
        if function in seen or function.decorator_list:
            return False
        found = list(self._mentioned(module, self._called(module, function)))
        return bool(found) and all(self._is_started_once(where, node, (*seen, function)) for where, node in found)

    @staticmethod
    def _called(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        """The name by which a function is called: its class's for `__init__`."""
        parent = module.names.parents.get(function)
        is_constructor = function.name == "__init__" and isinstance(parent, ast.ClassDef)
        return parent.name if is_constructor and isinstance(parent, ast.ClassDef) else function.name

    def _is_started_once(self, module: Module, node: ast.expr, seen: tuple[ast.AST, ...]) -> bool:
        """True for a mention that is a call, or handed to something that calls it once."""
        parent = module.names.parents.get(node)
        if isinstance(parent, ast.Call) and parent.func is node:
            return self.is_once(module, parent, seen)
        keyword = parent if isinstance(parent, ast.keyword) else None
        call = module.names.parents.get(keyword) if keyword else parent
        if not isinstance(call, ast.Call) or called_name(call.func) not in STARTERS:
            return False
        return (keyword is None or keyword.arg in KEYWORDS) and self.is_once(module, call, seen)

    def _mentioned(self, module: Module, name: str) -> Iterator[tuple[Module, ast.expr]]:
        """Every expression that ends in a name, in the files that may mean this module's."""
        for linked in self.resolver.project.around(module):
            if linked.is_readable and name.encode() in linked.source.data:
                for node in _mentions(linked.names).get(name, ()):
                    if path(self.resolver.at(linked, node).term) is None:
                        yield linked, node


def _mentions(names: Names) -> dict[str, list[ast.expr]]:
    """The expressions of a file that end in a name, by that name."""
    if names not in _known:
        found = _known[names] = defaultdict(list)
        for node in names.nodes():
            if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
                found[called_name(node)].append(node)
    return _known[names]


def _is_kept(names: Names, node: ast.AST) -> bool:
    """True if a connection is kept for good: run for ever, or asked for messages without an end.

    A few messages and the end is a look at the connection, not a bot.
    """
    if isinstance(node, ast.Call) and called_name(node.func) == "run_forever":
        return True
    if isinstance(node, ast.Attribute):
        return True
    function = names.scope(node).function.node
    calls = [c for c in names.calls_in[function] if called_name(c.func) in RECEIVERS]
    loops = [a for call in calls for a in names.ancestors(call) if isinstance(a, ast.While)]
    is_endless = any(isinstance(loop.test, (ast.Constant, ast.Name, ast.Attribute)) for loop in loops)
    return is_endless or _is_iterated(names, node, function)


def _is_iterated(names: Names, node: ast.AST, function: ast.AST) -> bool:
    """True for `for message in ws` over what the connection gave."""
    opened = _targets(names.statement(node))
    loops = (n for n in ast.walk(function) if isinstance(n, (ast.For, ast.AsyncFor)))
    return any(isinstance(loop.iter, ast.Name) and loop.iter.id in opened for loop in loops)


def _targets(statement: ast.stmt | None) -> set[str]:
    """The names that an assignment or a `with` gives to what it opens."""
    match statement:
        case ast.With(items=items) | ast.AsyncWith(items=items):
            targets = [item.optional_vars for item in items]
        case ast.Assign(targets=found):
            targets = list(found)
        case _:
            targets = []
    return {target.id for target in targets if isinstance(target, ast.Name)}

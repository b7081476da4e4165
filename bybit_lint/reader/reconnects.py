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
from bybit_lint.reader import pings
from bybit_lint.reader.constructors import INIT
from bybit_lint.reader.resolve import Resolver
from bybit_lint.reader.terms import Above, Function, Part, Site, Term, alternatives, path

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
ANEW = (b"os.exec", b"type(self)(", b"__class__(")
"""What a bot writes that starts itself anew, or makes an object like the one that has failed."""
RECEIVERS = {"recv", "receive", "receive_json", "receive_str"}
KEYWORDS = {None, "target", "main"}


_known: WeakKeyDictionary[Names, dict[str, list[ast.expr]]] = WeakKeyDictionary()


def is_made_once(resolver: Resolver, site: Site) -> bool:
    """True if it is proven that the connection made at `site` is never made again, and meant to be kept."""
    is_tended = pings.is_pinged(resolver.project, site.module)
    if any(resolver.project.says(word) for word in ANEW):
        return False
    return _is_kept(site.module.names, site.node, is_tended) and Ways(resolver).is_once(site.module, site.node)


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
        found = [*self._mentioned(module, self._called(module, function)), *self._set_up(module, function)]
        return bool(found) and all(self._is_started_once(where, node, (*seen, function)) for where, node in found)

    @staticmethod
    def _called(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        """The name by which a function is called: its class's for `__init__`."""
        parent = module.names.parents.get(function)
        is_constructor = function.name == INIT and isinstance(parent, ast.ClassDef)
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

    def _set_up(
        self, module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef
    ) -> Iterator[tuple[Module, ast.expr]]:
        """Every `x.__init__` that may be a certain constructor: called again, it makes the connection again."""
        for where, node in self._mentioned(module, INIT) if function.name == INIT else ():
            found = alternatives(self.resolver.at(where, node).term)
            known = [term.node for term in found if isinstance(term, Function)]
            is_above = any(isinstance(term, Part) and isinstance(term.base, Above) for term in found)
            if function in known or not (known or is_above):
                yield where, node

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


def _is_kept(names: Names, node: ast.AST, is_tended: bool) -> bool:
    """True if a connection is kept for good: run for ever, or asked for messages without an end.

    A few messages and the end is a look at the connection, not a bot; nor is a loop that prints them for somebody,
    unless it is tended: who sends pings means it to last.
    """
    if isinstance(node, ast.Call) and called_name(node.func) == "run_forever":
        return True
    if isinstance(node, ast.Attribute):
        return True
    function = names.scope(node).function.node
    calls = [c for c in names.calls_in[function] if called_name(c.func) in RECEIVERS]
    loops = [a for call in calls for a in names.ancestors(call) if isinstance(a, ast.While)]
    is_endless = any(isinstance(loop.test, (ast.Constant, ast.Name, ast.Attribute)) for loop in loops)
    iterated = _iterated(names, node, function)
    messages = [*calls, *(load for name in iterated for load in names.loads(function, name))]
    is_shown = "" not in iterated and all(_is_printed(names, function, message) for message in messages)
    return (is_endless or bool(iterated)) and (is_tended or not is_shown)


def prints(handler: Term) -> bool:
    """True for `print`, and for a function that does nothing with its last argument but print it."""
    if not isinstance(handler, Function):
        return path(handler) == "builtins.print"
    names, given = handler.module.names, handler.node.args.args
    loads = names.loads(handler.node, given[-1].arg) if given else []
    return bool(loads) and all(_is_printed(names, handler.node, load) for load in loads)


def _iterated(names: Names, node: ast.AST, function: ast.AST) -> list[str]:
    """The names of the messages in `for message in ws` over what the connection gave; "" for what is no name."""
    opened = _targets(names.statement(node))
    loops = (n for n in ast.walk(function) if isinstance(n, (ast.For, ast.AsyncFor)))
    over = [loop for loop in loops if isinstance(loop.iter, ast.Name) and loop.iter.id in opened]
    return [loop.target.id if isinstance(loop.target, ast.Name) else "" for loop in over]


def _is_printed(names: Names, function: ast.AST, message: ast.expr, depth: int = 3) -> bool:
    """True if nothing becomes of a message but what is printed, whole or decoded."""
    node, above = message, names.parents.get(message)
    while isinstance(above, (ast.Await, ast.Attribute, ast.FormattedValue, ast.JoinedStr)):
        node, above = above, names.parents.get(above)
    match above:
        case ast.Expr():
            return True
        case ast.Call(func=called) if called_name(called).endswith("print"):  # pprint and the like among them
            return True
        case ast.Call(func=ast.Attribute(attr="loads"), args=[only]):
            return only is node and _is_printed(names, function, above, depth - 1) if depth else False
        case ast.Assign(targets=[ast.Name(id=name)]):
            loads = names.loads(function, name)
            return depth > 0 and all(_is_printed(names, function, load, depth - 1) for load in loads)
    return False


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

"""The index of one file: where each name is bound, what stands where, and what is around it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import takewhile
from typing import TypeVar

from bybit_lint.analysis.syntax.binder import Binder
from bybit_lint.analysis.syntax.nodes import (
    BODIES,
    FIELDS,
    FUNCTIONS,
    PARENT,
    Parents,
    called_name,
    literal_key,
    position,
    walk,
)
from bybit_lint.analysis.syntax.scopes import Scope

Node = TypeVar("Node", bound=ast.AST)


class ModuleIndex(Binder):
    """What a walk over one file has recorded, and what follows from it."""

    parents = Parents()

    def __init__(self, tree: ast.Module) -> None:
        super().__init__(tree)
        self.flows: dict[tuple[Scope, str], object] = {}
        """What `reaching` keeps of a path between two uses of it."""
        self.conditions: dict[ast.AST, Mapping[str, object]] = {}
        """What `conditions` knows of statements."""
        self._loads: dict[ast.AST, dict[str, list[ast.Name]]] = {}

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Names given by `from x import name as alias`, with the name each stands for."""
        imports = (b for found in self.module.bindings.values() for b in found if b.how == "import")
        return {b.path: name for b in imports if isinstance(b.extra, tuple) and (name := b.extra[2]) and name != b.path}

    @cached_property
    def nicknames(self) -> dict[str, set[str]]:
        """Variables and attributes that are called, with the last names of what is assigned: `make = ccxt.bybit`."""
        found: dict[str, set[str]] = defaultdict(set)
        for name, bindings in self.attributes.items():
            values = [b.value for b in bindings if isinstance(b.value, (ast.Attribute, ast.Call))]
            names = {last for value in values for last in _last_names(value)} if name in self.calls_named else None
            if names:
                found[name] |= names
        for scope in self.scopes.values():
            for name in (path for path in scope.bindings if path in self.calls_named):
                if names := {last for value in assigned(scope, name) for last in _last_names(value)}:
                    found[name] |= names
        return found

    @cached_property
    def remade(self) -> dict[object, list[ast.AST]]:
        """Where a dict is given what is made of what it has there, by its keys: `row["size"] = float(row["size"])`.

        Under None is what goes by a variable: `row[name] = float(row[name])`.
        """
        found: dict[object, list[ast.AST]] = defaultdict(list)
        for store in (store for stores in self.kept.values() for store in stores):
            if store.key is not None and isinstance(store.binding.value, ast.Call):
                held, key = ast.unparse(store.holder), ast.unparse(store.key)
                read = (node for node in walk(store.binding.value) if isinstance(node, ast.Subscript))
                if any(ast.unparse(node.value) == held and ast.unparse(node.slice) == key for node in read):
                    found[literal_key(store.key)].append(store.binding.statement)
        return found

    def loads(self, function: ast.AST, name: str) -> list[ast.Name]:
        """Where a function reads one of its names."""
        if function not in self._loads:
            found: dict[str, list[ast.Name]] = defaultdict(list)
            for node in nodes_in(function):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                    found[node.id].append(node)
            self._loads[function] = found
        return self._loads[function].get(name, [])

    def called(self, *names: str) -> Iterator[ast.Call]:
        """The calls whose callee's last name is one of `names`."""
        return (call for name in names for call in self.calls_named.get(name, ()))

    def exports(self, name: str) -> bool:
        """Whether a star import of this file would bring a name that is bound in it."""
        stated = [b.value for b in self.module.bindings.get("__all__", ())]
        if len(stated) == 1 and isinstance(stated[0], (ast.List, ast.Tuple)):
            return any(isinstance(item, ast.Constant) and item.value == name for item in stated[0].elts)
        return not name.startswith("_")

    def scope(self, node: ast.AST) -> Scope:
        """The scope in which a node is evaluated."""
        child, parent = node, getattr(node, PARENT, None)
        while parent is not None:
            scope = self.scopes.get(parent)
            if scope is not None and not _stands_outside(child, parent):
                return scope
            child, parent = parent, getattr(parent, PARENT, None)
        return self.module

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The statement a node belongs to."""
        here: ast.AST | None = node
        while here is not None and not isinstance(here, ast.stmt):
            here = getattr(here, PARENT, None)
        return here

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, nearest first, up to the function it stands in."""
        parent = getattr(node, PARENT, None)
        while parent is not None:
            yield parent
            if isinstance(parent, BODIES):
                return
            parent = getattr(parent, PARENT, None)

    def within_function(self, node: ast.AST) -> Iterator[ast.AST]:
        """The same without that function."""
        return takewhile(lambda around: not isinstance(around, FUNCTIONS), self.ancestors(node))

    def holds(self, outer: ast.AST, inner: ast.AST) -> bool:
        """True if a node stands somewhere in another one, or is that itself."""
        return inner is outer or any(parent is outer for _, parent in _upward(inner))

    def stands_in(self, block: Iterable[ast.AST], node: ast.AST) -> bool:
        """True if a node stands in one of the statements of a block, or is it."""
        return _is_in(frozenset(block), node)

    def those_in(self, block: Iterable[ast.stmt], nodes: Iterable[Node]) -> list[Node]:
        """Those of some nodes that stand in one of the statements of a block."""
        statements = frozenset(block)
        return [node for node in nodes if _is_in(statements, node)]

    def follows(self, later: ast.AST, earlier: ast.AST) -> bool:
        """True if a node stands behind another one, be it on the same line; none follows what it stands in."""
        branches = {parent: child for child, parent in _upward(earlier)}
        for child, parent in _upward(later):
            if parent in branches:  # the nearest node that holds both
                other = branches[parent]
                return child is not other and _stands_behind(parent, child, other)
        return False

    def nodes(self) -> Iterator[ast.AST]:
        """Every node of the file; to look at all of them takes long."""
        return nodes_in(self.tree)


def nodes_in(top: ast.AST) -> Iterator[ast.AST]:
    """A node and all that stands in it, as it is written; twice as fast as `ast.walk`, which goes level by level."""
    stack = [top]
    while stack:
        node = stack.pop()
        yield node
        for name in FIELDS[type(node)]:
            value = getattr(node, name)
            if type(value) is list:
                stack += [item for item in reversed(value) if item]
            elif value:
                stack.append(value)


def assigned(scope: Scope, name: str) -> list[ast.expr]:
    """What is assigned to a name of a scope as a whole."""
    found = (b for b in scope.bindings.get(name, ()) if b.how in ("assign", "walrus") and not b.index)
    return [binding.value for binding in found if binding.value is not None]


def _is_in(statements: frozenset[ast.AST], node: ast.AST) -> bool:
    here: ast.AST | None = node
    while here is not None and here not in statements:
        here = getattr(here, PARENT, None)
    return here is not None


def _upward(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Each node on the way from a node to the top of its file, with its parent."""
    parent = getattr(node, PARENT, None)
    while parent is not None:
        yield node, parent
        node, parent = parent, getattr(parent, PARENT, None)


def _stands_behind(parent: ast.AST, one: ast.AST, other: ast.AST) -> bool:
    """True if one child of a node is written after another: decorators come before all else, whatever `ast` says."""
    places = [position(child) for child in (one, other) if isinstance(child, (ast.expr, ast.stmt))]
    if len(places) == 2 and places[0] != places[1]:  # what stands in an f-string has the place of all of it
        return places[0] > places[1]
    children = list(ast.iter_child_nodes(parent))
    return children.index(one) > children.index(other)


def _stands_outside(child: ast.AST, parent: ast.AST) -> bool:
    """Decorators, defaults, annotations and bases are evaluated around the definition, not in it."""
    if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return child in parent.decorator_list or child is parent.args or child is parent.returns
    if isinstance(parent, ast.Lambda):
        return child is parent.args
    if isinstance(parent, ast.ClassDef):
        return child not in parent.body
    return False


def _last_names(value: ast.expr) -> Iterator[str]:
    """The last names of what a value may be; empty for an attribute whose name is not written out."""
    match value:
        case ast.Name() | ast.Attribute():
            yield called_name(value)
        case ast.BoolOp(values=values):
            yield from (name for inner in values for name in _last_names(inner))
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_last_names(body), *_last_names(orelse))
        case ast.Call(func=ast.Name(id="partial") | ast.Attribute(attr="partial"), args=[inner, *_]):
            yield from _last_names(inner)
        case ast.Call(func=ast.Name(id="getattr"), args=[_, attribute, *_]):
            yield str(attribute.value) if isinstance(attribute, ast.Constant) else ""
        case ast.Subscript(value=ast.Attribute(attr="__dict__") | ast.Call(func=ast.Name(id="vars")), slice=attribute):
            yield str(attribute.value) if isinstance(attribute, ast.Constant) else ""

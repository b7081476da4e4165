"""Where each name of one file is bound: its scopes, its bindings and the parent of every node.

A name is an access path: `qty`, `self.qty`, `params['qty']`. One walk over the tree finds them all.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from bybit_lint.analysis.bounds import is_bounded
from bybit_lint.analysis.syntax.nodes import (
    BODIES,
    COMPREHENSIONS,
    FUNCTIONS,
    PARENT,
    Parents,
    access_path,
    called_name,
    literal_key,
)
from bybit_lint.analysis.syntax.scopes import Binding, Scope, _bind_parameters


def number(node: ast.expr) -> float | None:
    """The number that an expression is written as, if it is one to compute with."""
    match node:
        case ast.Constant(value=int() | float() as value) if is_bounded(value):
            return value
    return None


def _last_names(value: ast.expr) -> Iterator[str]:
    """The last names of what a value may be; empty for an attribute whose name is not written out."""
    match value:
        case ast.Name() | ast.Attribute():
            yield called_name(value)
        case ast.BoolOp(values=values):
            yield from (name for inner in values for name in _last_names(inner))
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_last_names(body), *_last_names(orelse))
        case ast.Call(func=ast.Name(id="getattr"), args=[_, attribute, *_]):
            yield str(attribute.value) if isinstance(attribute, ast.Constant) else ""


class ModuleIndex:
    """The index of one file."""

    parents = Parents()

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.scopes: dict[ast.AST, Scope] = {}
        self.calls: list[ast.Call] = []
        self.calls_named: dict[str, list[ast.Call]] = defaultdict(list)
        """The calls by the last name of what is called."""
        self.calls_in: dict[ast.AST, list[ast.Call]] = defaultdict(list)
        """The calls of each function, without those of the functions in it."""
        self.returns: dict[ast.AST, list[ast.expr]] = defaultdict(list)
        """What each function returns."""
        self.generators: set[ast.AST] = set()
        """The functions that yield."""
        self.dicts: list[ast.Dict] = []
        self.loops: list[ast.For | ast.AsyncFor | ast.While] = []
        self.handlers: list[ast.ExceptHandler] = []
        self.items: dict[object, list[ast.expr]] = defaultdict(list)
        """By key: every `x[key]` that is read and every `x.get(key)`, where the key is written out."""
        self.reversals: list[ast.Subscript] = []
        """Every `x[::-1]`."""
        self.attributes: dict[str, list[Binding]] = defaultdict(list)
        """By attribute name: every `x.name = ...` of the file."""
        self.kept: dict[str, list[Binding]] = defaultdict(list)
        """By the last name of a dict: everything that is stored in it."""
        self.flows: dict[tuple[Scope, str], object] = {}
        """What `flow` keeps of a path between two uses of it."""
        self._loads: dict[ast.AST, dict[str, list[ast.Name]]] = {}
        self.module = Scope(tree, None)
        self.scopes[tree] = self.module
        self._walk()

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Names given by `from x import name as alias`, with the name each stands for."""
        imports = (b for found in self.module.bindings.values() for b in found if b.how == "import")
        return {b.path: name for b in imports if isinstance(b.extra, tuple) and (name := b.extra[2]) and name != b.path}

    @cached_property
    def nicknames(self) -> dict[str, set[str]]:
        """Variables that are called, with the last names of what is assigned to them: `make = ccxt.bybit`."""
        found: dict[str, set[str]] = defaultdict(set)
        for scope in self.scopes.values():
            for name in scope.bindings.keys() & self.calls_named.keys():
                assigned = (b.value for b in scope.bindings[name] if b.how == "assign" and b.value is not None)
                found[name].update(last for value in assigned for last in _last_names(value))
        return found

    def loads(self, function: ast.AST, name: str) -> list[ast.Name]:
        """Where a function reads one of its names."""
        if function not in self._loads:
            found: dict[str, list[ast.Name]] = defaultdict(list)
            for node in ast.walk(function):
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

    def nodes(self) -> Iterator[ast.AST]:
        """Every node of the file; to look at all of them takes long."""
        stack: list[ast.AST] = [self.tree]
        while stack:
            node = stack.pop()
            yield node
            for name in FIELDS[type(node)]:
                value = getattr(node, name)
                stack += reversed([item for item in value if item]) if type(value) is list else [value] if value else ()

    def _walk(self) -> None:
        """Visit every node once; half of all are names and constants, in which there is nothing to visit."""
        stack: list[tuple[ast.AST, Scope]] = [(self.tree, self.module)]
        push = stack.append
        while stack:
            node, scope = stack.pop()
            kind = type(node)
            collect = COLLECTORS.get(kind)
            if collect is not None:
                collect(self, node, scope)
            if kind in SCOPE_TYPES:
                inner = self.scopes[node] = Scope(node, scope)
                _bind_parameters(inner)
                scope = inner
            for name in FIELDS[kind]:
                value = getattr(node, name)
                if type(value) is list:
                    for item in value:
                        if item is not None:
                            item.parent = node
                            if type(item) not in LEAVES:
                                push((item, scope))
                elif value is not None:
                    value.parent = node
                    if type(value) not in LEAVES:
                        push((value, scope))

    # What each kind of node binds ------------------------------------------------------------------------------------

    def bind(
        self,
        scope: Scope,
        target: ast.AST,
        how: str,
        statement: ast.AST,
        value: ast.expr | None,
        index: tuple[int, ...] = (),
    ) -> None:
        if type(target) is ast.Name:  # as most are
            self.record(Binding(target.id, how, statement, value, scope, index))
            return
        if isinstance(target, (ast.Tuple, ast.List)):
            for position, item in enumerate(target.elts):
                self.bind(scope, item, how, statement, value, (*index, position))
            return
        if isinstance(target, ast.Starred):
            self.bind(scope, target.value, "unknown", statement, None)
            return
        path = access_path(target)
        if path is None and isinstance(target, ast.Subscript) and (of := access_path(target.value)):
            path = f"{of}[?]"
        if path:
            binding = Binding(path, how, statement, value, scope, index)
            self.record(binding)
            if isinstance(target, ast.Subscript):
                self.kept[called_name(target.value)].append(binding)
            if isinstance(target, ast.Attribute):
                self.attributes[target.attr].append(binding)

    def record(self, binding: Binding) -> None:
        binding.scope.bindings[binding.path].append(binding)
        if binding.path in binding.scope.outer_names:
            self.module.bindings[binding.path].append(binding)

    def _call(self, node: ast.Call, scope: Scope) -> None:
        self.calls.append(node)
        self.calls_in[scope.function.node].append(node)
        name = called_name(node.func)
        self.calls_named[name].append(node)
        if name in HOLDERS and isinstance(node.func, ast.Attribute):
            self._holder(node, name, node.func.value, scope)

    def _holder(self, node: ast.Call, name: str, holder: ast.expr, scope: Scope) -> None:
        if name == "get" and node.args:
            self.items[literal_key(node.args[0])].append(node)
        path = access_path(holder) if name != "get" else None
        if path and name == "update" and len(node.args) <= 1:
            self.record(Binding(path, "update", node, node.args[0] if node.args else None, scope, extra=node))
        elif path and name == "append" and len(node.args) == 1:
            self.record(Binding(f"{path}[+]", "append", node, node.args[0], scope))

    def _item(self, node: ast.Subscript, _: Scope) -> None:
        key = literal_key(node.slice)
        if key is not None and isinstance(node.ctx, ast.Load):
            self.items[key].append(node)
        elif isinstance(node.slice, ast.Slice) and node.slice.step is not None and literal_key(node.slice.step) == -1:
            self.reversals.append(node)

    def _dict(self, node: ast.Dict, _: Scope) -> None:
        self.dicts.append(node)

    def _return(self, node: ast.Return, scope: Scope) -> None:
        if node.value is not None:
            self.returns[scope.function.node].append(node.value)

    def _yield(self, _: ast.Yield | ast.YieldFrom, scope: Scope) -> None:
        self.generators.add(scope.function.node)

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, scope: Scope) -> None:
        self.loops.append(node)
        if not isinstance(node, ast.While):
            self.bind(scope, node.target, "for", node, node.iter)

    def _assign(self, node: ast.Assign, scope: Scope) -> None:
        for target in node.targets:
            self.bind(scope, target, "assign", node, node.value)

    def _annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        if node.value is not None:
            self.bind(scope, node.target, "assign", node, node.value)
        elif isinstance(scope.node, ast.ClassDef):
            self.bind(scope, node.target, "field", node, None)

    def _augmented(self, node: ast.AugAssign, scope: Scope) -> None:
        self.bind(scope, node.target, "augmented", node, node.value)

    def _walrus(self, node: ast.NamedExpr, scope: Scope) -> None:
        self.bind(scope.function, node.target, "walrus", node, node.value)

    def _with(self, node: ast.With | ast.AsyncWith, scope: Scope) -> None:
        for item in node.items:
            if item.optional_vars is not None:
                self.bind(scope, item.optional_vars, "with", node, item.context_expr)

    def _comprehension(self, node: ast.expr, scope: Scope) -> None:
        inner = self.scopes[node] = Scope(node, scope)
        for generator in node.generators:  # type: ignore[attr-defined]  # only comprehensions come here
            self.bind(inner, generator.target, "for", node, generator.iter)

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, scope: Scope) -> None:
        how = "class" if isinstance(node, ast.ClassDef) else "def"
        self.record(Binding(node.name, how, node, None, scope))

    def _import(self, node: ast.Import, scope: Scope) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            target = alias.name if alias.asname else name
            self.record(Binding(name, "import", node, None, scope, extra=(0, target, None)))

    def _import_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            extra = (node.level, node.module or "", alias.name)
            self.record(Binding(alias.asname or alias.name, "import", node, None, scope, extra=extra))

    def _outer(self, node: ast.Global | ast.Nonlocal, scope: Scope) -> None:
        """In a module itself the statement says nothing, be it `nonlocal`, which only the compiler refuses."""
        if scope is self.module:
            return
        fresh = frozenset(node.names) - scope.outer_names
        scope.outer_names |= fresh
        for name in fresh:  # statements before the declaration cannot assign the name, the walk may see them later
            for binding in scope.bindings.get(name, ()):
                self.module.bindings[name].append(binding)

    def _handler(self, node: ast.ExceptHandler, scope: Scope) -> None:
        self.handlers.append(node)
        if node.name:
            self.record(Binding(node.name, "unknown", node, None, scope))


def _stands_outside(child: ast.AST, parent: ast.AST) -> bool:
    """Decorators, defaults, annotations and bases are evaluated around the definition, not in it."""
    if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return child in parent.decorator_list or child is parent.args or child is parent.returns
    if isinstance(parent, ast.Lambda):
        return child is parent.args
    if isinstance(parent, ast.ClassDef):
        return child not in parent.body
    return False


CHILDLESS = {
    "annotation",
    "arg",
    "asname",
    "attr",
    "conversion",
    "ctx",
    "id",
    "is_async",
    "kind",
    "kwd_attrs",
    "level",
    "module",
    "name",
    "op",
    "ops",
    "rest",
    "simple",
    "str",
    "type_comment",
    "type_ignores",
}
"""Fields that hold no node worth a visit; most of all nodes are `Load()` otherwise."""
LEAVES = frozenset({ast.Name, ast.Constant, ast.alias})
BARREN = LEAVES | {ast.Global, ast.Nonlocal, ast.MatchSingleton}
FIELDS: dict[type, tuple[str, ...]] = {
    kind: () if kind in BARREN else tuple(name for name in kind._fields if name not in CHILDLESS)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""The fields of each kind of node in which nodes stand."""
HOLDERS = frozenset({"get", "update", "append"})
"""Methods by which dicts and lists are read and filled."""
SCOPE_TYPES = frozenset((*FUNCTIONS, ast.ClassDef))
COLLECTORS: dict[type[ast.AST], Callable[[ModuleIndex, Any, Scope], None]] = {
    ast.Call: ModuleIndex._call,
    ast.Dict: ModuleIndex._dict,
    ast.Subscript: ModuleIndex._item,
    ast.Return: ModuleIndex._return,
    ast.Yield: ModuleIndex._yield,
    ast.YieldFrom: ModuleIndex._yield,
    ast.For: ModuleIndex._loop,
    ast.AsyncFor: ModuleIndex._loop,
    ast.While: ModuleIndex._loop,
    ast.Assign: ModuleIndex._assign,
    ast.AnnAssign: ModuleIndex._annotated,
    ast.AugAssign: ModuleIndex._augmented,
    ast.NamedExpr: ModuleIndex._walrus,
    ast.With: ModuleIndex._with,
    ast.AsyncWith: ModuleIndex._with,
    ast.FunctionDef: ModuleIndex._definition,
    ast.AsyncFunctionDef: ModuleIndex._definition,
    ast.ClassDef: ModuleIndex._definition,
    ast.Import: ModuleIndex._import,
    ast.ImportFrom: ModuleIndex._import_from,
    ast.Global: ModuleIndex._outer,
    ast.Nonlocal: ModuleIndex._outer,
    ast.ExceptHandler: ModuleIndex._handler,
    **dict.fromkeys(COMPREHENSIONS, ModuleIndex._comprehension),
}

"""One walk over the tree of a file, which records what each node binds and where the others of its kind stand.

A name is an access path: `qty`, `self.qty`, `params['qty']`.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from bybit_lint.analysis.compact import ByKind
from bybit_lint.analysis.syntax.nodes import (
    COMPREHENSIONS,
    FIELDS,
    FUNCTIONS,
    IS_LEAF,
    access_path,
    called_name,
    literal_key,
    walk,
)
from bybit_lint.analysis.syntax.scopes import Binding, Scope, Store, bind_parameters


class Binder:
    """What a file binds and holds, by kind."""

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
        self.generators: dict[ast.AST, list[ast.Yield | ast.YieldFrom]] = defaultdict(list)
        """The functions that yield, and where."""
        self.dicts: list[ast.Dict] = []
        self.loops: list[ast.For | ast.AsyncFor | ast.While] = []
        self.handlers: list[ast.ExceptHandler] = []
        self.branches: list[ast.If] = []
        self.choices: list[ast.IfExp] = []
        self.items: dict[object, list[ast.expr]] = defaultdict(list)
        """By key: every `x[key]` that is read and every `x.get(key)`, where the key is written out."""
        self.reversals: list[ast.Subscript] = []
        """Every `x[::-1]`."""
        self.tails: list[ast.Subscript] = []
        """The last of a list, however many: `closes[-20:]`, `closes[-n:-1]`."""
        self.attributes: dict[str, list[Binding]] = defaultdict(list)
        """By attribute name: every `x.name = ...` of the file."""
        self.kept: dict[str, list[Store]] = defaultdict(list)
        """By the last name of a dict or a list: everything that is put into it."""
        self.kept_under: dict[object, list[Store]] = defaultdict(list)
        """By key: every `x[key] = ...` where the key is written out."""
        self.module = Scope(tree, None)
        self.scopes[tree] = self.module
        self._lent: list[tuple[str, Scope]] = []
        """The names that a function declares `nonlocal`, and its scope."""
        self._walk()
        for name, scope in self._lent:
            _give_back(name, scope)

    def _walk(self) -> None:
        """Visit every node once; half of all are names and constants, in which there is nothing to visit."""
        stack: list[tuple[ast.AST, Scope]] = [(self.tree, self.module)]
        push = stack.append
        while stack:
            node, scope = stack.pop()
            kind = type(node)
            collect = COLLECTORS[kind]
            if collect is not None:
                collect(self, node, scope)
            if IS_SCOPE[kind]:
                inner = self.scopes[node] = Scope(node, scope)
                bind_parameters(inner)
                scope = inner
            for name in FIELDS[kind]:
                value = getattr(node, name)
                if type(value) is list:
                    for item in value:
                        if item is not None:
                            item.parent = node
                            if not IS_LEAF[type(item)]:
                                push((item, scope))
                elif value is not None:
                    value.parent = node
                    if not IS_LEAF[type(value)]:
                        push((value, scope))

    def _bind(
        self,
        scope: Scope,
        target: ast.AST,
        how: str,
        statement: ast.AST,
        value: ast.expr | None,
        index: tuple[int, ...] = (),
    ) -> None:
        """Record what a target binds: a name, an access path, or each part of a tuple."""
        if isinstance(target, ast.Name):  # as most are
            self._record(Binding(target.id, how, statement, value, scope, index))
            return
        if isinstance(target, (ast.Tuple, ast.List)):
            for position, item in enumerate(target.elts):
                self._bind(scope, item, how, statement, value, (*index, position))
            return
        if isinstance(target, ast.Starred):
            self._bind(scope, target.value, "unknown", statement, None)
            return
        path = access_path(target)
        if path is None and isinstance(target, ast.Subscript):
            of = access_path(target.value)
            path = f"{of}[?]" if of else NOWHERE
        binding = Binding(path or NOWHERE, how, statement, value, scope, index)
        if isinstance(target, ast.Subscript):
            self._keep(target.value, target.slice, binding)
        if path:
            self._record(binding)
            if isinstance(target, ast.Attribute):
                self.attributes[target.attr].append(binding)

    def _keep(self, holder: ast.expr, key: ast.expr | None, binding: Binding) -> None:
        """Remember what is put into a dict or a list, whatever else knows of it by its path."""
        store = Store(holder, key, binding)
        self.kept[called_name(holder)].append(store)
        if key is not None and (literal := literal_key(key)) is not None:
            self.kept_under[literal].append(store)

    def _record(self, binding: Binding) -> None:
        held = binding.scope.bindings
        if binding.path in held:
            held[binding.path].append(binding)
        else:
            held[binding.path] = [binding]  # which has room for one, as most need; one that grows, for four
        if binding.path in binding.scope.outer_names and (binding.path, binding.scope) not in self._lent:
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
            return
        path = access_path(holder)
        if path is None:
            self._inner(node, name, holder, scope)
            return
        if name == "update" and len(node.args) <= 1:
            binding = Binding(path, "update", node, node.args[0] if node.args else None, scope, extra=node)
        elif name in ("pop", "setdefault") and node.args and isinstance(literal_key(node.args[0]), str):
            binding = Binding(path, "update", node, None, scope, extra=node)
        elif name in FILLERS and len(node.args) > (name == "insert"):
            binding = Binding(f"{path}[+]", FILLERS[name], node, node.args[name == "insert"], scope)
        else:
            return
        self._record(binding)
        self._keep(holder, None, binding)

    def _inner(self, node: ast.Call, name: str, holder: ast.expr, scope: Scope) -> None:
        """What is put into a list in a dict: `held[key].append(value)`, `held.setdefault(key, []).append(value)`."""
        if FILLERS.get(name) != "append" or len(node.args) != 1:
            return
        match holder:
            case (
                ast.Subscript(value=outer, slice=key)
                | ast.Call(func=ast.Attribute(value=outer, attr="setdefault"), args=[key, *_])
            ):
                self._keep(outer, key, Binding(NOWHERE, "listed", node, node.args[0], scope))

    def _item(self, node: ast.Subscript, _: Scope) -> None:
        key = literal_key(node.slice)
        if key is not None and isinstance(node.ctx, ast.Load):
            self.items[key].append(node)
        elif isinstance(node.slice, ast.Slice) and node.slice.step is not None and literal_key(node.slice.step) == -1:
            self.reversals.append(node)
        elif isinstance(node.slice, ast.Slice) and _counts_from_end(node.slice):
            self.tails.append(node)

    def _deleted(self, node: ast.Delete, scope: Scope) -> None:
        for target in node.targets:
            path = access_path(target.value) if isinstance(target, ast.Subscript) else None
            if path is not None and isinstance(target, ast.Subscript) and isinstance(literal_key(target.slice), str):
                binding = Binding(path, "update", node, None, scope, extra=target)
                self._record(binding)
                self._keep(target.value, None, binding)

    def _dict(self, node: ast.Dict, _: Scope) -> None:
        self.dicts.append(node)

    def _return(self, node: ast.Return, scope: Scope) -> None:
        if node.value is not None:
            self.returns[scope.function.node].append(node.value)

    def _yield(self, node: ast.Yield | ast.YieldFrom, scope: Scope) -> None:
        self.generators[scope.function.node].append(node)

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, scope: Scope) -> None:
        self.loops.append(node)
        if not isinstance(node, ast.While):
            self._bind(scope, node.target, "for", node, node.iter)

    def _assign(self, node: ast.Assign, scope: Scope) -> None:
        for target in node.targets:
            self._bind(scope, target, "assign", node, node.value)

    def _annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        if node.value is not None:
            self._bind(scope, node.target, "assign", node, node.value)
        elif isinstance(scope.node, ast.ClassDef):
            self._bind(scope, node.target, "field", node, None)

    def _augmented(self, node: ast.AugAssign, scope: Scope) -> None:
        self._bind(scope, node.target, "augmented", node, node.value)

    def _walrus(self, node: ast.NamedExpr, scope: Scope) -> None:
        self._bind(scope.function, node.target, "walrus", node, node.value)

    def _with(self, node: ast.With | ast.AsyncWith, scope: Scope) -> None:
        for item in node.items:
            if item.optional_vars is not None:
                self._bind(scope, item.optional_vars, "with", node, item.context_expr)

    def _match(self, node: ast.Match, scope: Scope) -> None:
        """A case that takes all of the subject gives it another name; others take something out of it."""
        for case in node.cases:
            for pattern in walk(case.pattern):
                name = getattr(pattern, "rest" if isinstance(pattern, ast.MatchMapping) else "name", None)
                if isinstance(name, str):
                    is_whole = pattern is case.pattern and isinstance(pattern, ast.MatchAs)
                    value = node.subject if is_whole else None
                    how = "assign" if is_whole else "match"
                    self._record(Binding(name, how, case.pattern, value, scope, extra=node.subject))

    def _comprehension(self, node: ast.expr, scope: Scope) -> None:
        inner = self.scopes[node] = Scope(node, scope)
        for generator in node.generators:  # type: ignore[attr-defined]  # only comprehensions come here
            self._bind(inner, generator.target, "for", node, generator.iter)

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, scope: Scope) -> None:
        how = "class" if isinstance(node, ast.ClassDef) else "def"
        self._record(Binding(node.name, how, node, None, scope))

    def _import(self, node: ast.Import, scope: Scope) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            target = alias.name if alias.asname else name
            self._record(Binding(name, "import", node, None, scope, extra=(0, target, None)))

    def _import_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            extra = (node.level, node.module or "", alias.name)
            self._record(Binding(alias.asname or alias.name, "import", node, None, scope, extra=extra))

    def _outer(self, node: ast.Global | ast.Nonlocal, scope: Scope) -> None:
        """In a module itself the statement says nothing, be it `nonlocal`, which only the compiler refuses."""
        if scope is self.module:
            return
        fresh = [name for name in dict.fromkeys(node.names) if name not in scope.outer_names]
        scope.outer_names |= {*fresh}
        if isinstance(node, ast.Nonlocal):
            self._lent += ((name, scope) for name in fresh)
            return
        for name in fresh:  # statements before the declaration cannot assign the name, the walk may see them later
            for binding in scope.bindings.get(name, ()):
                self.module.bindings[name].append(binding)

    def _branch(self, node: ast.If, _: Scope) -> None:
        self.branches.append(node)

    def _choice(self, node: ast.IfExp, _: Scope) -> None:
        self.choices.append(node)

    def _handler(self, node: ast.ExceptHandler, scope: Scope) -> None:
        self.handlers.append(node)
        if node.name:
            self._record(Binding(node.name, "unknown", node, None, scope))


def _give_back(name: str, borrower: Scope) -> None:
    """Tell the function whose name another one declares `nonlocal` what is bound to it there."""
    around = borrower.parent.outward() if borrower.parent else ()
    owner = next((s for s in around if s.is_function and s.binds(name) and name not in s.outer_names), None)
    if owner is not None:
        owner.bindings[name] += borrower.bindings.get(name, ())


def _counts_from_end(part: ast.Slice) -> bool:
    """True for what begins so far from the end, and is not turned round."""
    is_from_end = isinstance(part.lower, ast.UnaryOp) and isinstance(part.lower.op, ast.USub)
    return is_from_end and part.step is None and (part.upper is None or isinstance(part.upper, ast.UnaryOp))


FILLERS = {
    **dict.fromkeys(("append", "appendleft", "insert", "add", "put", "put_nowait"), "append"),
    **dict.fromkeys(("extend", "extendleft"), "extend"),
}
"""Methods by which lists and queues are filled, with one thing or with several."""
HOLDERS = frozenset({"get", "update", "pop", "setdefault", *FILLERS})
"""Methods by which dicts and lists are read and filled."""
NOWHERE = ""
"""The path of what has none."""
IS_SCOPE = ByKind(dict.fromkeys((*FUNCTIONS, ast.ClassDef), True), False)
_COLLECTORS: Mapping[type[ast.AST], Callable[[Binder, Any, Scope], None] | None] = {
    ast.Call: Binder._call,
    ast.Delete: Binder._deleted,
    ast.Dict: Binder._dict,
    ast.Subscript: Binder._item,
    ast.Return: Binder._return,
    ast.Yield: Binder._yield,
    ast.YieldFrom: Binder._yield,
    ast.For: Binder._loop,
    ast.AsyncFor: Binder._loop,
    ast.While: Binder._loop,
    ast.Assign: Binder._assign,
    ast.AnnAssign: Binder._annotated,
    ast.AugAssign: Binder._augmented,
    ast.NamedExpr: Binder._walrus,
    ast.With: Binder._with,
    ast.Match: Binder._match,
    ast.AsyncWith: Binder._with,
    ast.FunctionDef: Binder._definition,
    ast.AsyncFunctionDef: Binder._definition,
    ast.ClassDef: Binder._definition,
    ast.Import: Binder._import,
    ast.ImportFrom: Binder._import_from,
    ast.Global: Binder._outer,
    ast.Nonlocal: Binder._outer,
    ast.ExceptHandler: Binder._handler,
    ast.If: Binder._branch,
    ast.IfExp: Binder._choice,
    **dict.fromkeys(COMPREHENSIONS, Binder._comprehension),
}
COLLECTORS = ByKind(_COLLECTORS, None)

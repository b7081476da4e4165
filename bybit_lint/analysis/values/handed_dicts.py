"""Dicts that a function of the project is handed and changes: `add_stop(order)` before `place_order(**order)`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.argument_binding import bind_call
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.nodes import unawaited
from bybit_lint.analysis.syntax.scopes import Scope
from bybit_lint.analysis.values.mappings import Entries
from bybit_lint.analysis.values.substitution import Substituting, Substitution
from bybit_lint.analysis.values.terms import DictTerm, Expression, Function, Parameter, Site, Spread, Term, key_of
from bybit_lint.tuples import NamedTuple

Filled = Callable[[Site, Scope, str, Term], Term]
"""What a dict under a name holds at a site."""


class Handing(NamedTuple):
    """A call that is handed a dict by its name, the function that it calls, and the name of the dict there."""

    call: ast.Call
    function: Function
    name: str

    def is_certain(self, site: Site) -> bool:
        """True if whoever comes to a site has made the call."""
        names = site.module.names
        statement = names.statement(self.call)
        if not isinstance(statement, (ast.Expr, ast.Assign)) or unawaited(statement.value) is not self.call:
            return False
        block = reaching.block_of(names.parents[statement], statement) or []
        return names.stands_in(block, site.node) or site.node is names.parents[statement]


class HandedDicts:
    """Answers which call changes a dict before a site, and what the dict is behind it."""

    def __init__(self, evaluation: Substituting, filled: Filled) -> None:
        self.evaluation = evaluation
        self.filled = filled
        self._calls: dict[tuple[Scope, str], list[tuple[ast.Call, ast.Name]]] = {}

    def last(self, site: Site, scope: Scope, name: str) -> Handing | None:
        """The last call before a site that changes the very dict that the name stands for there."""
        if (scope, name) not in self._calls:
            self._calls[scope, name] = list(_given(site.module.names, scope, name))
        calls = self._calls[scope, name]
        before = [(call, given) for call, given in calls if is_behind(site, scope, call)]
        if not before:
            return None
        here = reaching.reaching(site.module.names, scope, name, site.node).bindings
        for call, given in reversed(before):
            is_same = reaching.reaching(site.module.names, scope, name, call).bindings == here
            handing = self._handing(site.module, call, given) if is_same else None
            if handing is not None and self._changes(handing):
                return handing
        return None

    def behind(self, module: Module, handing: Handing) -> DictTerm | None:
        """The dict once a call is done; None if that is not known."""
        call, function, _ = handing
        made = self.evaluation.made(Site(module, call, module.names.scope(call)), call, function)
        left = self.evaluation.memo.once(("left", function.node, handing.name), self._left, function, handing.name)
        found = Substitution(self.evaluation, function, made).of(left)
        return found if isinstance(found, DictTerm) else None

    def _handing(self, module: Module, call: ast.Call, given: ast.Name) -> Handing | None:
        """What a call does with a dict that it is given; None where it calls nothing of the project's."""
        function = self.evaluation.at(module, call.func).term
        if not isinstance(function, Function):
            return None
        name = bind_call(function.node, call, self.evaluation.parameters.offset(function)).parameter_of(given)
        return None if name is None else Handing(call, function, name)

    def _changes(self, handing: Handing, around: tuple[ast.AST, ...] = ()) -> bool:
        """True for a function that puts something into the dict that it is given, or has another one do that."""
        module, node, name = handing.function.module, handing.function.node, handing.name
        scope = module.names.scopes[node]
        own = {binding.how for binding in scope.bindings[name]}
        if node in around or node in module.names.generators or not own <= {"parameter", "update"}:
            return False
        if "update" in own or any(is_entry(name, path) for path in scope.bindings):
            return True
        inner = (self._handing(module, call, given) for call, given in _given(module.names, scope, name))
        return any(found is not None and self._changes(found, (*around, node)) for found in inner)

    def _left(self, function: Function, name: str) -> Term:
        """The dict that a function was given, when it is done, in terms of what it was."""
        module, node = function.module, function.node
        scope = module.names.scopes[node]
        end = Site(module, node, scope)  # type: ignore[arg-type]  # what stands nowhere: the end of the function
        given = Expression(end, Parameter(node, name, module))
        found = self.filled(end, scope, name, DictTerm({}, True, end, (), (Spread(given, frozenset()),)))
        if not isinstance(found, DictTerm):
            return found
        entries = Entries.of(found)
        for path in scope.bindings:
            if is_entry(name, path) and (key := str(key_of(path[path.index("[") :]))) not in entries.entries:
                entries.take(key)  # it is put there on a way that ends before
        return entries.dict(end)


def is_behind(site: Site, scope: Scope, node: ast.AST) -> bool:
    """True for a site that follows a node of its function, and for the end of the function itself."""
    return site.node is scope.node or site.module.names.follows(site.node, node)


def is_entry(name: str, path: str) -> bool:
    """True for the path of an entry whose key is written out: `name['key']`."""
    is_inside = path.startswith(f"{name}[") and path.count("[") == 1 and "." not in path.partition("]")[2]
    return is_inside and not path.endswith(("[?]", "[+]"))


def _given(names: ModuleIndex, scope: Scope, name: str) -> Iterator[tuple[ast.Call, ast.Name]]:
    """The calls of a function that are given what a name stands for, as it is, in the order in which they stand."""
    for load in names.loads(scope.node, name):
        parent = names.parents.get(load)
        call = names.parents.get(parent) if isinstance(parent, ast.keyword) else parent
        if isinstance(call, ast.Call) and load is not call.func and names.scope(load) is scope:
            yield call, load

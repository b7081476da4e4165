"""Dicts of the project: how they are written, and what is stored in them before they are used."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import partial
from operator import is_
from typing import TypeGuard

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.nodes import position
from bybit_lint.analysis.syntax.scopes import NO_NAMES, Binding, Scope, Store
from bybit_lint.analysis.values.changes import Changes, is_below
from bybit_lint.analysis.values.handed_dicts import HandedDicts, is_behind, is_entry
from bybit_lint.analysis.values.library_models import is_elsewhere
from bybit_lint.analysis.values.mappings import Entries
from bybit_lint.analysis.values.stores import Stores, name_of_taken
from bybit_lint.analysis.values.substitution import Substituting
from bybit_lint.analysis.values.terms import (
    DictTerm,
    Expression,
    External,
    Instance,
    Invocation,
    ListTerm,
    Site,
    Spread,
    Term,
    Union,
    key_of,
    union,
)

METHODS = {"clear", "copy", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"}
"""What a dict can be asked."""
QUOTES = ("'", '"')
"""How a key begins that is text; one that is not known is `?`, and what is appended to a list stands under `+`."""


class Dicts:
    """Answers the evaluator's questions about dicts whose keys are text."""

    def __init__(self, evaluation: Substituting) -> None:
        self.evaluation = evaluation
        self.stores = Stores(evaluation)
        self.handed = HandedDicts(evaluation, self.filled)
        self._stored_in: dict[Scope, frozenset[str]] = {}
        """The names of what something is stored in."""
        self._dicts_of_callers: dict[tuple[Scope, str], bool] = {}

    def written(self, site: Site, keys: list[ast.expr | None], values: list[ast.expr]) -> Term:
        found = Entries()
        for key, value in zip(keys, values, strict=True):
            held = self.evaluation.expression(self.evaluation.beside(site, value))
            if key is None:
                found.spread(held)
            else:
                found.put_under(Expression(self.evaluation.beside(site, key), self.evaluation.inner(site, key)), held)
        return found.dict(site)

    def comprehended(self, site: Site, node: ast.DictComp) -> Term:
        """`{k: v for k, v in items if ...}` as the call `dict(items)` that it is, at most; else its keys and values.

        It is whole, too, where only what is nothing is left out.
        """
        same = _gone_through(node)
        if same is not None:
            given = self.evaluation.expression(Site(site.module, same, site.scope))
            is_closed = all(_is_of_nothing(test, node.value) for test in node.generators[0].ifs)
            return self.evaluation.apply(Invocation(External("builtins.dict"), (given,), {}, is_closed, site))
        parts = (self.evaluation.beside(site, part) for part in (node.key, node.value))
        key, value = map(self.evaluation.expression, parts)
        return DictTerm({}, False, site, ((key, value),))

    def filled(self, site: Site, scope: Scope, name: str, term: Term) -> Term:
        """A dict with what was stored in it between its making and `site`; a list with what is appended anywhere."""
        if isinstance(term, Union):
            ways = [self.filled(site, scope, name, option) for option in term.terms]
            return term if all(map(is_, ways, term.terms)) else union(ways, is_certain=term.is_certain)
        if isinstance(term, ListTerm):
            return self.stores.held_by(term, list(self._put(site.module, scope, f"{name}[+]", f"{name}[?]")))
        own = self._stored(site, scope, name, term)
        handing = self.handed.last(site, scope, name) if isinstance(own, DictTerm) else None
        changed = self.handed.behind(site.module, handing) if handing is not None else None
        if handing is None or changed is None:
            return own
        later = self._stored(site, scope, name, changed, since=handing.call)
        return later if handing.is_certain(site) else union([own, later])

    def _stored(self, site: Site, scope: Scope, name: str, term: Term, since: ast.AST | None = None) -> Term:
        """A dict with what its own function has stored in it by its name, all of it or what follows a call."""
        if not self._is_stored_in(scope, name):
            return term
        if not isinstance(term, DictTerm):
            if not self._is_dict_of_callers(site.module, scope, name, term):
                return term
            term = DictTerm({}, True, site, (), (Spread(Expression(site, term), frozenset()),))
        found, changes = Entries.of(term), Changes(site, scope, name)
        puts: list[tuple[ast.AST, Callable[[], None]]] = []
        for module, store in self._put(site.module, scope, name, f"{name}[?]"):
            if since is None or module.names.follows(store.binding.statement, since):
                puts.append((store.binding.statement, partial(self._change, module, store, changes, found)))
        for key in scope.bindings:
            if is_entry(name, key) and (stored := self._assigned(site, scope, key, since)):
                last = max((each.statement for each in stored), key=_place)
                puts.append((last, partial(self._store, changes, key, found, stored)))
        for _, put in sorted(puts, key=lambda each: _place(each[0])):
            put()
        return found.dict(term.site)

    def _change(self, module: Module, store: Store, changes: Changes, found: Entries) -> None:
        """Do to the entries of a dict what an update, or an assignment under whatever key, does before it is used."""
        taking = store.binding.extra if name_of_taken(store) else None
        if isinstance(taking, ast.AST):
            if is_behind(changes.site, changes.scope, taking):
                self.stores.put(module, store, found)
        elif (is_certain := changes.is_certain(store.binding)) is not None:
            if is_below(store.binding):
                self.stores.put(module, store, found)
            elif is_certain:
                before = {**found.entries}
                self.stores.put(module, store, found)
                put = (name for name, held in found.entries.items() if before.get(name) is not held)
                changes.ends.update({key: [store.binding] for key in put})
            else:
                more = Entries()
                self.stores.put(module, store, more)
                changes.perhaps(store.binding, more, found)

    @staticmethod
    def _put(module: Module, scope: Scope, *paths: str) -> Iterator[tuple[Module, Store]]:
        """What is put under some paths in a function."""
        name = paths[0].removesuffix("[+]").rpartition(".")[2]
        for store in module.names.kept.get(name, ()):
            is_here = store.binding.scope.function is scope.function and store.binding.path in paths
            if is_here and not is_elsewhere(module.names, store.binding.statement):
                yield module, store

    def _is_stored_in(self, scope: Scope, name: str) -> bool:
        """Whether anything is stored in a dict under its own name."""
        if scope not in self._stored_in:
            held = (path[:i] for path in scope.bindings for i, letter in enumerate(path) if letter == "[")
            updated = (path for path, found in scope.bindings.items() if any(b.how == "update" for b in found))
            self._stored_in[scope] = frozenset((*held, *updated)) or NO_NAMES
        return name in self._stored_in[scope]

    def _is_dict_of_callers(self, module: Module, scope: Scope, name: str, term: Term) -> bool:
        """True for what callers pass where nothing but a dict is asked what is asked of it."""
        if not self.evaluation.parameters.measured(term).functions or isinstance(term, (ListTerm, Instance, Union)):
            return False
        if (scope, name) not in self._dicts_of_callers:
            parents = [module.names.parents.get(load) for load in module.names.loads(scope.node, name)]
            asked = {parent.attr for parent in parents if isinstance(parent, ast.Attribute)}
            stored = [key[len(name) + 1 :] for key in scope.bindings if key.startswith(f"{name}[")]
            is_text = all(key.startswith(QUOTES) for key in stored)
            self._dicts_of_callers[scope, name] = is_text and asked <= METHODS
        return self._dicts_of_callers[scope, name]

    def _assigned(self, site: Site, scope: Scope, key: str, since: ast.AST | None) -> list[Binding]:
        """The assignments of an entry that reach a place."""
        names = site.module.names
        reached = reaching.reaching(names, scope, key, site.node).bindings
        stored = [b for b in reached if b.path == key and b.how == "assign" and b.value is not None]
        stored = [b for b in stored if not is_elsewhere(names, b.statement)]
        return [b for b in stored if since is None or names.follows(b.statement, since)]

    def _store(self, changes: Changes, key: str, found: Entries, stored: list[Binding]) -> None:
        site, scope = changes.site, changes.scope
        reached = reaching.reaching(site.module.names, scope, key, site.node)
        entry = key_of(key[key.index("[") :])
        last = stored[0].value
        assert last is not None
        terms = [self.evaluation.bound(site.module, binding) for binding in stored]
        if not reached.is_complete or len(stored) < len(reached.bindings):
            terms += [found.entries[str(entry)].term] if str(entry) in found.entries else []
        found.put(str(entry), Expression(Site(site.module, last, scope), union(terms)))
        changes.ends[str(entry)] = stored


def _place(statement: ast.AST) -> tuple[int, int]:
    assert isinstance(statement, (ast.stmt, ast.expr))
    return position(statement)


def _gone_through(node: ast.DictComp) -> ast.expr | None:
    """What a comprehension has its keys and values from: `items`, and `d` in `{k: d[k] for k in sorted(d)}`."""
    first, *more = node.generators
    if more:
        return None
    target, key = ast.unparse(first.target), ast.unparse(node.key)
    if target == f"({key}, {ast.unparse(node.value)})":
        return first.iter
    match node.value:
        case ast.Subscript(value=held, slice=taken) | ast.Call(ast.Attribute(held, "get"), args=[taken]):
            is_own = target == key == ast.unparse(taken) and ast.unparse(held) == ast.unparse(_of_keys(first.iter))
            return held if is_own else None
    return None


def _is_of_nothing(test: ast.expr, value: ast.expr) -> bool:
    """True for what only asks whether a value is None or empty: `v`, `v is not None`, `v not in (None, "")`."""
    said = ast.unparse(value)
    match test:
        case ast.Compare(left=left, ops=[ast.IsNot() | ast.NotEq() | ast.NotIn()], comparators=[other]):
            held = other.elts if isinstance(other, (ast.List, ast.Tuple, ast.Set)) else [other]
            return ast.unparse(left) == said and all(
                isinstance(each, ast.Constant) and each.value in (None, "") for each in held
            )
        case ast.BoolOp(op=ast.And(), values=values):
            return all(_is_of_nothing(each, value) for each in values)
    return ast.unparse(test) == said


def _of_keys(node: ast.expr) -> ast.expr:
    """The dict whose keys are gone through, in whatever order."""
    match node:
        case ast.Call(func=ast.Name(id="sorted" | "list" | "tuple" | "set" | "reversed"), args=[inner, *_]):
            return _of_keys(inner)
        case ast.Call(func=ast.Attribute(value=base, attr="keys"), args=[]):
            return base
    return node


def is_bare(term: Term) -> TypeGuard[DictTerm]:
    """True for a dict that was empty when it was made, as in `params or {}`."""
    return isinstance(term, DictTerm) and isinstance(term.site.node, ast.Dict) and not term.site.node.keys

"""Dicts and lists that several functions share: what they hold is all that any of them puts there."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.scopes import Store
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.library_models import is_elsewhere
from bybit_lint.analysis.values.stores import Stores
from bybit_lint.analysis.values.terms import (
    CYCLE,
    Class,
    Constant,
    DictTerm,
    Instance,
    Invocation,
    ListTerm,
    Parameter,
    ProjectModule,
    Site,
    Term,
    Union,
    Unknown,
    alternatives,
    qualified_name,
    union,
)

K = TypeVar("K")
SET_ELSEWHERE = Unknown("perhaps set by a function that it is passed to")


class Kept:
    """Answers what is put into attributes and globals that are dicts or lists."""

    def __init__(self, evaluation: Evaluation, hierarchy: Hierarchy) -> None:
        self.evaluation = evaluation
        self.hierarchy = hierarchy
        self.stores = Stores(evaluation)
        self._counted: dict[str, int] = {}

    def of_attribute(self, of: Class, name: str, term: Term) -> Term:
        """What objects of a class have under a name, with all that is put into it."""
        return self.filled(term, self.put_by(of, name))

    def put_by(self, of: Class, name: str) -> list[tuple[Module, Store]]:
        """All that is put into what objects of a class have under a name."""
        return [found for found in self._named(name, of.module) if self._is_of(of, *found)]

    def put_in(self, function: ast.AST, name: str, home: Module) -> list[tuple[Module, Store]]:
        """All that a function puts into something by a name of its own."""
        named = (found for found in self._named(name, home) if isinstance(found[1].holder, ast.Name))
        return [found for found in named if found[1].binding.scope.function.node is function]

    def of_global(self, module: Module, name: str, term: Term) -> Term:
        """What a module has under a name, with all that is put into it."""
        return self.filled(term, [found for found in self._named(name, module) if self._is_global(module, *found)])

    def is_filled(self, name: str) -> bool:
        """False if nothing is put into anything of that name."""
        return name in self._by_name

    def by_other_names(self, term: DictTerm, key: str, held: Term, site: Site | None) -> Term:
        """An entry of a dict, be it set under another name of the dict: `for row in rows: row[key] = value`."""
        if key not in self._by_key:
            return held
        here = site.scope.function.node if site is not None else None
        memo_key = ("by other names", term.site.node, key, here)
        found = self.evaluation.memo.once(memo_key, lambda: union([CYCLE, *self._set_elsewhere(term.site, key, here)]))
        return union([held, found], is_certain=False)

    def _set_elsewhere(self, made: Site, key: str, here: ast.AST | None) -> Iterator[Term]:
        for module, store in self._by_key.get(key, ()):
            function = store.binding.scope.function
            is_own = isinstance(store.holder, ast.Name) and any(
                binding.value is made.node for binding in function.bindings.get(store.holder.id, ())
            )  # what its own name tells is followed where it is read
            if is_own or not module.counts_for(made.module):
                continue
            options = alternatives(self.evaluation.term(Site(module, store.holder, store.binding.scope)))
            if any(isinstance(option, DictTerm) and option.site.node is made.node for option in options):
                yield self.stores.value(module, store).term
            elif module is made.module and function.node is not here and any(map(_is_passed, options)):
                yield SET_ELSEWHERE

    def _named(self, name: str, home: Module) -> Iterator[tuple[Module, Store]]:
        """All that is put into anything of that name; what tests put there is for tests only."""
        for module, store in self._by_name.get(name, ()):
            if module.counts_for(home) and not is_elsewhere(module.names, store.binding.statement):
                yield module, store

    @cached_property
    def _by_name(self) -> dict[str, list[tuple[Module, Store]]]:
        return self._gathered(lambda module: module.names.kept)

    @cached_property
    def _by_key(self) -> dict[object, list[tuple[Module, Store]]]:
        return self._gathered(lambda module: module.names.kept_under)

    def _gathered(self, of: Callable[[Module], Mapping[K, list[Store]]]) -> dict[K, list[tuple[Module, Store]]]:
        found: dict[K, list[tuple[Module, Store]]] = defaultdict(list)
        for module in self.evaluation.project.readable:
            for key, stores in of(module).items():
                found[key] += ((module, store) for store in stores)
        return found

    def _is_of(self, of: Class, module: Module, store: Store) -> bool:
        """True for `self.name[key] = ...` in a method of the class, and for the same of an object of it."""
        if not isinstance(store.holder, ast.Attribute):
            return False
        owner = self.hierarchy.of_own(module, store.binding.scope, store.holder.value)
        if owner is not None:
            return self._is_above(of, owner) or self._is_above(owner, of)
        base = self.evaluation.term(Site(module, store.holder.value, store.binding.scope))
        classes = (t.of if isinstance(t, Instance) else t for t in alternatives(base))
        return any(isinstance(c, Class) and self._is_above(of, c) for c in classes)

    def _is_above(self, base: Class, of: Class) -> bool:
        return any(ancestor.node is base.node for ancestor in self.hierarchy.lineage(of))

    def _is_global(self, home: Module, module: Module, store: Store) -> bool:
        """True for `NAME[key] = ...` where the name is the module's, and for the same by way of an import."""
        if isinstance(store.holder, ast.Attribute):
            base = self.evaluation.term(Site(module, store.holder.value, store.binding.scope))
            return any(isinstance(t, ProjectModule) and t.module is home for t in alternatives(base))
        name = store.holder.id if isinstance(store.holder, ast.Name) else ""
        scope = store.binding.scope
        while scope.parent is not None:
            if any(b.how != "update" for b in scope.bindings.get(name, ())) and name not in scope.outer_names:
                return False
            scope = scope.parent
        return module is home or self._is_imported(home, module, name)

    def _is_imported(self, home: Module, module: Module, name: str) -> bool:
        for binding in module.names.module.bindings.get(name, ()):
            if binding.how == "import" and isinstance(binding.extra, tuple) and binding.extra[2] == name:
                level, dotted, _ = binding.extra
                if self.evaluation.project.imported(module, level, dotted) is home:
                    return True
        return False

    # What is held ----------------------------------------------------------------------------------------------------

    def filled(self, term: Term, stores: list[tuple[Module, Store]]) -> Term:
        """A dict or a list with what some statements put into it."""
        if not stores:
            return term
        stores = [found for found in stores if len(stores) == 1 or not self._is_dead(*found)] or stores
        options = alternatives(term)
        if any(isinstance(option, (DictTerm, ListTerm)) for option in options):
            found = [self.stores.held_by(option, stores) for option in options]
            return union(found, is_certain=not isinstance(term, Union) or term.is_certain)
        return self._of_objects(stores) or term

    def _is_dead(self, module: Module, store: Store) -> bool:
        """True for what would be passed to a method that no code of the project names, be it in a text."""
        function = store.binding.scope.function.node
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or function.decorator_list:
            return False
        if not any(map(_is_passed, alternatives(self.stores.value(module, store).term))):
            return False
        owner = self.hierarchy.class_of(module, function)
        is_inherited = owner is not None and any(True for _ in self.hierarchy.bases(owner))
        return not function.name.startswith("__") and not is_inherited and self._mentions(function.name) == 1

    def _mentions(self, name: str) -> int:
        """How often a word stands in the project's code, but for its tests."""
        if name not in self._counted:
            word = re.compile(rb"\b" + re.escape(name.encode()) + rb"\b")
            modules = (module for module in self.evaluation.project.readable if not module.is_test)
            self._counted[name] = sum(len(word.findall(module.source.data)) for module in modules)
        return self._counted[name]

    def _of_objects(self, stores: list[tuple[Module, Store]]) -> Term | None:
        """What is held in something unknown, if it is nothing but objects, which stay what they are."""
        values = [self.stores.value(*found) for found in stores if found[1].key is not None]
        if not values or not all(_is_object(option) for value in values for option in alternatives(value.term)):
            return None
        return self.stores.held_by(DictTerm({}, False, values[0].site), stores)


def _is_passed(term: Term) -> bool:
    """True for what only callers know, be it with something of its own put into it."""
    if isinstance(term, DictTerm):
        return any(_is_passed(spread.held.term) for spread in term.spreads)
    return isinstance(term, Parameter)


def _is_object(term: Term) -> bool:
    """True for None and for what a class was called to make; numbers, texts and dicts change while they are kept."""
    if isinstance(term, Constant):
        return term.value is None
    return isinstance(term, Instance) or (
        isinstance(term, Invocation) and not (qualified_name(term.callee) or "builtins.").startswith("builtins.")
    )

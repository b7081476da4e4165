"""Clients that are kept in a dict, one under each key: what is read from it is one of those that were put there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, called_name, parameters
from bybit_lint.analysis.syntax.scopes import Binding
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.terms import (
    Access,
    Class,
    Constant,
    DictTerm,
    Instance,
    Invocation,
    Site,
    Term,
    Unknown,
    alternatives,
    qualified_name,
    union,
)


class Pools:
    """Answers the evaluator's questions about dicts that several functions share."""

    def __init__(self, evaluation: Evaluation, hierarchy: Hierarchy) -> None:
        self.evaluation = evaluation
        self.hierarchy = hierarchy

    def read(self, site: Site, holder: ast.expr, key: Term, found: Term) -> Term:
        """An item of the dict `holder`: `found`, unless that says nothing and only objects are ever stored there."""
        if not all(_says_nothing(term) for term in alternatives(found)):
            return found
        held = [*_written(found), *self._kept(site, holder, key)]
        stored = [term for option in held for term in alternatives(option) if not _is_none(term)]
        return union(stored, is_certain=len(stored) < 2) if stored and all(map(_is_object, stored)) else found

    def _kept(self, site: Site, holder: ast.expr, key: Term) -> Iterator[Term]:
        """What is stored in a dict under a key, or under keys that nobody knows."""
        name = called_name(holder)
        keys = ("[?]", f"[{key.value!r}]") if isinstance(key, Constant) else ("]",)
        for module, binding in self._stored(site, holder, name) if name in self._names else ():
            if binding.path.endswith(keys):
                yield self.evaluation.bound(module, binding)

    @cached_property
    def _names(self) -> set[str]:
        return {name for module in self.evaluation.project.readable for name in module.names.kept}

    def _stored(self, site: Site, holder: ast.expr, name: str) -> Iterator[tuple[Module, Binding]]:
        """The assignments to items of a dict that is a global of the module, or that objects of a class have."""
        if isinstance(holder, ast.Attribute):
            owners = alternatives(self.evaluation.inner(site, holder.value))
            classes = [t.of if isinstance(t, Instance) else t for t in owners if isinstance(t, (Instance, Class))]
            for of in (ancestor for found in classes for ancestor in self.hierarchy.lineage(found)):
                yield from ((of.module, b) for b in of.module.names.kept.get(name, ()) if self._is_own(of, b, name))
        elif name in site.module.names.module.bindings:
            held = site.module.names.kept.get(name, ())
            yield from ((site.module, b) for b in held if b.path.startswith(f"{name}["))

    def _is_own(self, of: Class, binding: Binding, name: str) -> bool:
        """True for `self.name[...] = ...` in a method of the class."""
        function = binding.scope.function.node
        owner = self.hierarchy.class_of(of.module, function) if isinstance(function, FUNCTIONS) else None
        named = parameters(function) if isinstance(function, FUNCTIONS) else []
        is_own = owner is not None and owner.node is of.node
        return is_own and bool(named) and binding.path.startswith(f"{named[0].arg}.{name}[")


def _says_nothing(term: Term) -> bool:
    return isinstance(term, (Access, Unknown)) and qualified_name(term) is None


def _written(found: Term) -> Iterator[Term]:
    """What stands in the dict that something is read from under a key that nobody knows."""
    for term in alternatives(found):
        if isinstance(term, Access) and isinstance(term.base, DictTerm) and term.key == "[]":
            yield from (held.term for held in term.base.entries.values())


def _is_none(term: Term) -> bool:
    return isinstance(term, Constant) and term.value is None


def _is_object(term: Term) -> bool:
    """True for what a class was called to make; numbers, texts and dicts change while they are kept."""
    return isinstance(term, Instance) or (
        isinstance(term, Invocation) and not (qualified_name(term.callee) or "builtins.").startswith("builtins.")
    )

"""Attributes that other code sets than the methods of their object: `app.state.client = HTTP()`."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.scopes import Binding
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.terms import (
    MISSING,
    Access,
    Class,
    Constant,
    External,
    Formatted,
    Instance,
    Invocation,
    Operation,
    Site,
    Term,
    alternatives,
    qualified_name,
    union,
)
from bybit_lint.tuples import NamedTuple

Identity: TypeAlias = str | tuple[object, ...]
"""What two terms have in common that are one and the same object of a library's."""
BUILTIN = "builtins."


class OutsideAssignment(NamedTuple):
    """An assignment to an attribute, and what stands before the dot."""

    module: Module
    binding: Binding
    base: ast.expr


class OutsideAssignments:
    """Answers what is set on objects from outside, be they of the project's classes or of a library's."""

    def __init__(self, evaluation: Evaluation, hierarchy: Hierarchy) -> None:
        self.evaluation = evaluation
        self.hierarchy = hierarchy

    def of_class(self, of: Class, name: str) -> Iterator[Term]:
        """What is assigned to the attribute of an object of the class, or of the class itself."""
        for found in self._by_name.get(name, ()):
            classes = map(class_of, self._held(found)) if found.module.counts_for(of.module) else ()
            if any(c is not None and c.node is of.node for c in classes):
                yield self.evaluation.bound(found.module, found.binding)

    def of_library(self, term: Term, name: str, site: Site | None) -> Term | None:
        """What is assigned to the attribute of something that a library has, or was called to make.

        Only objects and texts are followed: whatever else libraries are told so (flags, headers, other functions) is
        for them, and their models look there by themselves.
        """
        identity = identity_of(term) if name in self._by_name else None
        if identity is None:
            return None
        home = site.module if site else None
        key = ("set on", identity, name, home is not None and home.is_test)
        found = self.evaluation.memo.once(key, lambda: self._set_on(identity, name, home))
        return None if found is MISSING else found

    def _set_on(self, identity: Identity, name: str, home: Module | None) -> Term:
        values = [
            self.evaluation.bound(found.module, found.binding)
            for found in self._by_name[name]
            if found.module.counts_for(home) and any(identity_of(held) == identity for held in self._held(found))
        ]
        is_followed = bool(values) and all(_is_followed(way) for value in values for way in alternatives(value))
        return union(values, is_certain=len(values) < 2) if is_followed else MISSING

    def _held(self, found: OutsideAssignment) -> tuple[Term, ...]:
        return alternatives(self.evaluation.term(Site(found.module, found.base, found.binding.scope)))

    @cached_property
    def _by_name(self) -> dict[str, list[OutsideAssignment]]:
        """By attribute: the assignments to it by way of any name but that of a method's own object."""
        found: dict[str, list[OutsideAssignment]] = defaultdict(list)
        for module in self.evaluation.project.readable:
            for name, bindings in module.names.attributes.items():
                for binding in bindings:
                    base = _base_of(binding, name)
                    if base is not None and self.hierarchy.of_own(module, binding.scope, base) is None:
                        found[name].append(OutsideAssignment(module, binding, base))
        return found


def class_of(term: Term) -> Class | None:
    """The class whose attribute an attribute of a term may be."""
    return term.of if isinstance(term, Instance) else term if isinstance(term, Class) else None


def identity_of(term: Term) -> Identity | None:
    """What tells an object of a library's from others: its name there, or the call that made it."""
    match term:
        case External(name=name):
            return name
        case Access(base=base, key=key) if key.startswith("."):
            inner = identity_of(base)
            return inner + key if isinstance(inner, str) else inner and (inner, key)
        case Invocation(callee=callee, site=site):
            return (site.node,) if qualified_name(callee) else None
    return None


def _is_followed(term: Term) -> bool:
    match term:
        case Constant(value=value):
            return value is None or isinstance(value, str)
        case Invocation(callee=callee):
            return not (qualified_name(callee) or BUILTIN).startswith(BUILTIN)
    return isinstance(term, (Instance, Formatted, Operation))


def _base_of(binding: Binding, name: str) -> ast.expr | None:
    """What stands before the dot in an assignment to an attribute."""
    match binding.statement:
        case ast.Assign(targets=targets):
            return next((t.value for t in targets if isinstance(t, ast.Attribute) and t.attr == name), None)
        case ast.AnnAssign(target=ast.Attribute(value=base, attr=attr), value=ast.expr()) if attr == name:
            return base
    return None

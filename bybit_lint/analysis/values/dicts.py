"""Dicts of the project: how they are written, and what is stored in them before they are used."""

from __future__ import annotations

import ast
from typing import TypeGuard

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.scopes import Binding, Scope
from bybit_lint.analysis.values.containers import mapping
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.library_models import is_elsewhere
from bybit_lint.analysis.values.terms import (
    Constant,
    DictTerm,
    Expression,
    ListTerm,
    Pair,
    Site,
    Term,
    Union,
    key_of,
    union,
)


class Dicts:
    """Answers the evaluator's questions about dicts whose keys are text."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self._stored_in: dict[tuple[Scope, str], bool] = {}

    def written(self, site: Site, keys: list[ast.expr | None], values: list[ast.expr]) -> Term:
        entries: dict[str, Expression] = {}
        others: list[Pair] = []
        closed = True
        for key, value in zip(keys, values, strict=True):
            held = self.evaluation.expression(self.evaluation.beside(site, value))
            if key is None:
                closed &= self.spread(held.term, entries, others)
            elif isinstance(name := self.evaluation.inner(site, key), Constant):
                entries[str(name.value)] = held
            else:
                others.append((Expression(self.evaluation.beside(site, key), name), held))
        return DictTerm(entries, closed and not others, site, tuple(others))

    @staticmethod
    def spread(term: Term, into: dict[str, Expression], others: list[Pair] | None = None) -> bool:
        """Add what `**term` brings; False if that is not all known."""
        found = mapping(term)
        if found is None:
            return False
        into.update(found.entries)
        if others is not None:
            others += found.others
        return found.is_closed

    def filled(self, site: Site, scope: Scope, name: str, term: Term) -> Term:
        """A dict with what was stored in it between its making and `site`; a list with what is appended anywhere."""
        if isinstance(term, ListTerm):
            return self._extended(site.module, scope, name, term)
        if isinstance(term, Union) and any(map(is_bare, term.terms)):
            ways = [self.filled(site, scope, name, t) if is_bare(t) else t for t in term.terms]
            return union(ways, is_certain=term.is_certain)
        if not isinstance(term, DictTerm) or not self._is_stored_in(scope, name):
            return term
        entries, closed = dict(term.entries), term.is_closed
        for key, bindings in scope.bindings.items():
            if key == name and any(b.how == "update" for b in bindings):
                for binding in bindings:
                    if binding.how == "update" and not is_elsewhere(site.module.names, binding.statement):
                        closed &= self._update(site.module, binding, entries)
            elif key == f"{name}[?]":
                closed = False
            elif key.startswith(f"{name}[") and key.count("[") == 1 and "." not in key.partition("]")[2]:
                self._store(site, scope, key, entries)
        return DictTerm(entries, closed, term.site)

    def _extended(self, module: Module, scope: Scope, name: str, term: ListTerm) -> Term:
        appended = scope.bindings.get(f"{name}[+]", ())
        added = [self.evaluation.at(module, binding.value) for binding in appended if binding.value is not None]
        return ListTerm((*term.items, *added), False, term.site) if added else term

    def _is_stored_in(self, scope: Scope, name: str) -> bool:
        """Whether anything is stored in a dict under its own name."""
        if (scope, name) not in self._stored_in:
            is_updated = any(b.how == "update" for b in scope.bindings.get(name, ()))
            self._stored_in[scope, name] = is_updated or any(key.startswith(f"{name}[") for key in scope.bindings)
        return self._stored_in[scope, name]

    def _update(self, module: Module, binding: Binding, entries: dict[str, Expression]) -> bool:
        closed = True
        if binding.value is not None:
            closed = self.spread(self.evaluation.at(module, binding.value).term, entries)
        if isinstance(binding.extra, ast.Call):
            for keyword in binding.extra.keywords:
                if keyword.arg is None:
                    closed &= self.spread(self.evaluation.at(module, keyword.value).term, entries)
                else:
                    entries[keyword.arg] = self.evaluation.at(module, keyword.value)
        return closed

    def _store(self, site: Site, scope: Scope, key: str, entries: dict[str, Expression]) -> None:
        reached = reaching.reaching(site.module.names, scope, key, site.node)
        stored = [b for b in reached.bindings if b.path == key and b.how == "assign" and b.value is not None]
        stored = [b for b in stored if not is_elsewhere(site.module.names, b.statement)]
        if not stored:
            return
        entry = key_of(key[key.index("[") :])
        last = stored[0].value
        assert last is not None
        terms = [self.evaluation.bound(site.module, binding) for binding in stored]
        if not reached.is_complete or len(stored) < len(reached.bindings):
            terms += [entries[str(entry)].term] if str(entry) in entries else []
        entries[str(entry)] = Expression(Site(site.module, last, scope), union(terms))


def is_bare(term: Term) -> TypeGuard[DictTerm]:
    """True for a dict that was empty when it was made, as in `params or {}`."""
    return isinstance(term, DictTerm) and isinstance(term.site.node, ast.Dict) and not term.site.node.keys

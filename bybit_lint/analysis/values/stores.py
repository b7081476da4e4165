"""What one statement puts into a dict or a list: `held[key] = value`, `held.append(value)`, `held.update(more)`."""

from __future__ import annotations

import ast

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import literal_key
from bybit_lint.analysis.syntax.scopes import Store
from bybit_lint.analysis.values.containers import element
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.mappings import Entries
from bybit_lint.analysis.values.terms import DictTerm, Expression, ListTerm, Site, Term, union


class Stores:
    """Answers what is put somewhere."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation

    def value(self, module: Module, store: Store) -> Expression:
        """What is put there, or one of what is."""
        binding = store.binding
        site = Site(module, binding.value if binding.value is not None else store.holder, binding.scope)
        if binding.how == "append":
            return self.evaluation.expression(site)
        if binding.how == "listed":
            return Expression(site, ListTerm((self.evaluation.expression(site),), False, site))
        if binding.how == "extend":
            return Expression(site, element(self.evaluation.term(site)))
        return Expression(site, self.evaluation.bound(module, binding))

    def put(self, module: Module, store: Store, found: Entries) -> None:
        """Do to the entries of a dict what a statement does."""
        match store.binding.extra:
            case _ if taken := name_of_taken(store):
                found.take(taken)
            case ast.Call(func=ast.Attribute(attr="setdefault"), args=[key, value]):
                found.put_below(str(literal_key(key)), self.evaluation.at(module, value))
            case ast.Call(args=given, keywords=keywords):
                for node in (*given, *(keyword.value for keyword in keywords if keyword.arg is None)):
                    found.spread(self.evaluation.at(module, node))
                for keyword in keywords:
                    if keyword.arg is not None:
                        found.put(keyword.arg, self.evaluation.at(module, keyword.value))
            case _ if store.key is not None:
                under = self.evaluation.expression(Site(module, store.key, store.binding.scope))
                found.put_under(under, self.value(module, store))

    def held_by(self, term: Term, stores: list[tuple[Module, Store]]) -> Term:
        """A dict or a list with what is put into it, nobody knows when; each key may have any of its values."""
        match term:
            case ListTerm(items=items, site=site):
                added = [self.value(*store) for store in stores if store[1].binding.how != "update"]
                return ListTerm((*items, *added), False, site) if added else term
            case DictTerm(site=site):
                found = Entries.of(term)
                for module, store in stores:
                    more = Entries()
                    self.put(module, store, more)
                    for name, held in more.entries.items():
                        found.put(name, Expression(held.site, _either(found.entries.get(name), held)))
                    found.others += more.others
                    found.is_whole &= more.is_whole and not more.spreads
                return found.dict(site)
        return term


def name_of_taken(store: Store) -> str:
    """The key that `pop` or `del` takes out of a dict; empty for a statement that puts something there."""
    match store.binding.extra:
        case ast.Subscript(slice=key) | ast.Call(func=ast.Attribute(attr="pop"), args=[key, *_]):
            return str(literal_key(key))
    return ""


def _either(one: Expression | None, other: Expression) -> Term:
    return other.term if one is None else union([one.term, other.term], is_certain=False)

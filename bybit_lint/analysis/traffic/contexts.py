"""The callers that a call is seen from."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.callgraph.callers import Callers
from bybit_lint.analysis.values.constructors import INIT
from bybit_lint.analysis.values.substitution import Substitution
from bybit_lint.analysis.values.terms import Instance, Site, Term, Union, union
from bybit_lint.vocabulary import Noun, Span


class CallingContext:
    """The callers a wrapper is seen from: none for the code as it stands, one per layer otherwise."""

    def __init__(
        self,
        callers: Callers,
        layers: tuple[Substitution, ...] = (),
        wanted: frozenset[type[Noun]] | None = None,
    ) -> None:
        self.callers = callers
        self.evaluator = callers.evaluator
        self.frames = layers
        self.wanted = wanted
        """The nouns that somebody asks for; None for all."""

    def term(self, term: Term) -> Term:
        for layer in self.frames:
            term = layer.of(term)
        return term

    def is_strange(self, place: Span) -> bool:
        """True for a place in a class that no object is of which comes here: in another heir than the one called.

        A base calls on its own object what its heirs fill in, `self.send(self.amount(money))`: both are one heir's.
        """
        return any(strange.holds(place) for strange in self._strange)

    @cached_property
    def _strange(self) -> tuple[Span, ...]:
        hierarchy = self.evaluator.hierarchy
        found: dict[Span, None] = {}
        for layer in self.frames:
            owner, site = layer.function.owner, layer.made.site
            called = site.node.func if isinstance(site.node, ast.Call) else None
            if isinstance(owner, Instance) and isinstance(called, ast.Attribute):
                base = hierarchy.of_own(site.module, site.scope, called.value)
                if base is not None and base.node is not owner.of.node:
                    heirs = hierarchy.strangers(owner.of, base)
                    found |= dict.fromkeys(heir.module.source.span(heir.node) for heir in heirs)
        return tuple(found)

    def leading(self, site: Site) -> Iterator[Site]:
        """A call, and those callers that lead to it; who makes an object does not make the calls of its methods."""
        yield site
        for layer in self.frames:
            if any(scope.node is layer.function.node for scope in site.scope.outward()):
                site = layer.made.site
                yield site

    def as_kept(self, site: Site, term: Term) -> Term:
        """A term of what is only passed to a method that keeps it, as those who call that method make it.

        Those around `site`, and who makes the object, are asked one by one.
        """
        if isinstance(term, Union):
            return union([self.as_kept(site, option) for option in term.terms], is_certain=term.is_certain)
        sites = (site, *(layer.made.site for layer in self.frames))
        around = {scope.node for each in sites for scope in each.scope.outward()}
        functions = {parameter.function for parameter in self.evaluator.parameters.of(term)}
        if not functions or any(f in around or getattr(f, "name", "") == INIT for f in functions):
            return term
        ways = self.callers.in_all_contexts(term)
        return union(ways, is_certain=len(ways) < 2)

    def within(self, layer: Substitution) -> CallingContext:
        return CallingContext(self.callers, (*self.frames, layer), self.wanted)

"""What two terms have in common that are made of the very same parts at the same place: one stands for all of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeAlias

from bybit_lint.analysis.values.terms import (
    Access,
    DictTerm,
    Element,
    Expression,
    Formatted,
    Invocation,
    ListTerm,
    Operation,
    Site,
    Spread,
    Term,
    Union,
)

Shape: TypeAlias = tuple[Hashable, ...]


class Shapes:
    """One term for all of a shape. Callers that pass the same make the same of it; who has read it once, has read all.

    The parts of a term have to be the ones that stand for theirs already.
    """

    def __init__(self) -> None:
        self._known: dict[Shape, Term] = {}

    def one(self, term: Term) -> Term:
        """The term that stands for all that are made as this one is."""
        shape_of = SHAPES.get(type(term))
        return term if shape_of is None else self._known.setdefault(shape_of(term), term)


def _place(site: Site | None) -> Hashable:
    return None if site is None else site.node


def _expressions(held: Iterable[Expression]) -> Shape:
    return tuple([part for each in held for part in (each.site.node, each.term)])


def _spreads(spreads: tuple[Spread, ...]) -> Shape:
    return tuple([(s.held.site.node, s.held.term, s.over, s.taken) for s in spreads])


def _of_invocation(term: Invocation) -> Shape:
    named = tuple(term.keywords), _expressions(term.keywords.values()) if term.keywords else None
    rest = _expressions((term.rest,)) if term.rest else None
    spreads = _spreads(term.spreads) if term.spreads else None
    return Invocation, term.callee, _expressions(term.positional), named, rest, spreads, term.is_whole, term.site.node


def _of_dict(term: DictTerm) -> Shape:
    others = tuple([_expressions(pair) for pair in term.others])
    named = tuple(term.entries), _expressions(term.entries.values())
    return DictTerm, *named, others, _spreads(term.spreads), term.is_whole, term.site.node


SHAPES: Mapping[type, Callable[[Any], Shape]] = {
    Access: lambda term: (Access, term.base, term.key, _place(term.site)),
    Element: lambda term: (Element, term.base),
    Operation: lambda term: (Operation, term.operator, term.operands, term.site.node),
    Formatted: lambda term: (Formatted, term.parts, term.spec, term.site.node),
    Union: lambda term: (Union, term.terms, term.is_certain),
    DictTerm: _of_dict,
    ListTerm: lambda term: (ListTerm, _expressions(term.items), term.is_closed, term.first, term.site.node),
    Invocation: _of_invocation,
}

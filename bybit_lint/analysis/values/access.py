"""What an attribute, an item or an element of a value is."""

from __future__ import annotations

import ast

from bybit_lint.analysis.values.annotations import Annotations
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.members import Members
from bybit_lint.analysis.values.name_lookup import NameLookup
from bybit_lint.analysis.values.object_pools import Pools
from bybit_lint.analysis.values.terms import (
    CYCLE,
    Above,
    Access,
    Class,
    Constant,
    DictTerm,
    Element,
    External,
    Instance,
    Invocation,
    ListTerm,
    Parameter,
    ProjectModule,
    Site,
    Term,
    Union,
    Unknown,
    element,
    union,
)

KEYS = (str, int, float, bytes)
"""What an item is known by."""


class Accesses:
    """Answers the evaluator's questions about what is taken from a value."""

    def __init__(
        self, evaluation: Evaluation, names: NameLookup, annotations: Annotations, members: Members, pools: Pools
    ) -> None:
        self.evaluation = evaluation
        self.names = names
        self.annotations = annotations
        self.members = members
        self.pools = pools

    def attribute_at(self, site: Site, node: ast.Attribute) -> Term:
        """An attribute, or what was stored under it just before."""
        return self.names.stored(site) or self.attribute(self.evaluation.inner(site, node.value), f".{node.attr}", site)

    def item_at(self, site: Site, node: ast.Subscript) -> Term:
        """An item, or what a dict that several functions share has under its key."""
        stored = self.names.stored(site)
        if stored is not None:
            return stored
        key = self.evaluation.inner(site, node.slice)
        found = self.item(self.evaluation.inner(site, node.value), key, site)
        return self.pools.read(site, node.value, key, found)

    def attribute(self, term: Term, key: str, site: Site | None = None) -> Term:
        """An attribute of a term; `key` with its dot."""
        name = key[1:]
        match term:
            case Union(terms=terms):
                return union([self.attribute(t, key, site) for t in terms], is_certain=term.is_certain)
            case Constant(value=None):
                return CYCLE  # nothing comes from here: None has no attributes
            case ProjectModule(module=module):
                return self.names.global_name(module, name) if module.is_readable else Unknown("unreadable module")
            case Instance(of=of):
                return (
                    self.members.member(of, name, term)
                    or self.members.inherited(of, key, site)
                    or Access(term, key, site)
                )
            case Class():
                return self.members.member(term, name, None) or Access(term, key, site)
            case Above(of=of):
                return self.members.above(of, key, site) or Access(term, key, site)
            case Parameter():
                typed = self.annotations.instance(term)
                return Access(term, key, site) if typed is None else self.attribute(typed, key, site)
        return Access(term, key, site)

    def item(self, term: Term, key: Term, site: Site | None) -> Term:
        """What a term has under a key."""
        if isinstance(term, Union):
            return union([self.item(t, key, site) for t in term.terms], is_certain=term.is_certain)
        constant = key.value if isinstance(key, Constant) and isinstance(key.value, KEYS) else None
        if isinstance(term, DictTerm) and constant is not None:
            found = term.entries.get(str(constant))
            return found.term if found else Unknown("not in the dict")
        if isinstance(term, ListTerm) and isinstance(constant, int) and term.is_closed:
            is_there = -len(term.items) <= constant < len(term.items)
            return term.items[constant].term if is_there else Unknown("no such item")
        if isinstance(term, Element) and isinstance(constant, int) and (column := _column(term.base, constant)):
            return element(column)
        return Access(term, f"[{constant!r}]" if constant is not None else "[]", site)


def _column(term: Term, position: int) -> Term | None:
    """What the items of a `zip()` or `enumerate()` have at a position is taken from."""
    match term:
        case Invocation(callee=External(name="builtins.zip"), positional=columns) if 0 <= position < len(columns):
            return columns[position].term
        case Invocation(callee=External(name="builtins.enumerate"), positional=[first, *_]) if position == 1:
            return first.term
    return None

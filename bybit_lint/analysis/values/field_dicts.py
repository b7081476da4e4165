"""The dict that is made of all fields of an object: `asdict(order)`, `order.model_dump()`, `order._asdict()`."""

from __future__ import annotations

import ast

from bybit_lint.analysis.values.fields import alias
from bybit_lint.analysis.values.mappings import Entries
from bybit_lint.analysis.values.members import Members
from bybit_lint.analysis.values.terms import (
    Class,
    Constant,
    DictTerm,
    Expression,
    Instance,
    Invocation,
    ListTerm,
    Site,
    Term,
    Unknown,
)

FUNCTIONS = frozenset({"dataclasses.asdict", "attr.asdict", "attrs.asdict", "vars"})
METHODS = frozenset({".model_dump", ".dict", "._asdict"})
UNFILLED = Unknown("field")


class FieldDicts:
    """Answers what is in the dict of an object's fields."""

    def __init__(self, members: Members) -> None:
        self.members = members

    def of(self, owner: Term, made: Invocation) -> DictTerm | None:
        """The dict that a call makes of an object; None where it is not known which fields that has, or gives."""
        if not isinstance(owner, Instance) or not self.members.fields.are_all(owner.of):
            return None
        left = _named(made, "exclude")
        if left is None or "include" in made.keywords:
            return None
        is_by_alias, is_full = _is_said(made, "by_alias"), not _is_said(made, "exclude_none")
        found = Entries()
        for name, statement in self.members.fields.declared(owner.of).items():
            term = self.members.member(owner.of, name, owner) or UNFILLED
            if name not in left and (is_full or not (isinstance(term, Constant) and term.value is None)):
                key = (alias(statement, is_out=True) or name) if is_by_alias else name
                found.put(key, Expression(self._site(owner.of, statement), term))
        return found.dict(made.site)

    def _site(self, of: Class, field: ast.AnnAssign) -> Site:
        """Where a field is declared: nothing can be mended there, and an object's number is used elsewhere, too."""
        holder = next(each for each in self.members.hierarchy.lineage(of) if field in each.node.body)
        return Site(holder.module, field.target, holder.module.names.scopes[holder.node])


def _named(made: Invocation, name: str) -> frozenset[str] | None:
    """The texts of a set that is written out in a call; None where it is not."""
    held = made.keywords.get(name)
    if held is None:
        return frozenset()
    items = held.term.items if isinstance(held.term, ListTerm) and held.term.is_closed else None
    if items is None or not all(isinstance(item.term, Constant) for item in items):
        return None
    return frozenset(str(item.term.value) for item in items if isinstance(item.term, Constant))


def _is_said(made: Invocation, name: str) -> bool:
    held = made.keywords.get(name)
    return held is not None and isinstance(held.term, Constant) and bool(held.term.value)


def is_typed_dict(of: Class) -> bool:
    """True for a class whose objects are dicts of what they are made with."""
    return any(
        (isinstance(base, ast.Name) and base.id == "TypedDict")
        or (isinstance(base, ast.Attribute) and base.attr == "TypedDict")
        for base in of.node.bases
    )

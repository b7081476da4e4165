"""Dicts and lists as values: what is taken out of them, by a key, by a loop or whole, and what two of them make."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import product, takewhile

from bybit_lint.analysis.values.mappings import updated
from bybit_lint.analysis.values.terms import (
    CYCLE,
    MISSING,
    Access,
    Again,
    Constant,
    DictTerm,
    Element,
    Expression,
    External,
    Formatted,
    Invocation,
    ListTerm,
    Operation,
    Parameter,
    Site,
    Term,
    Union,
    alternatives,
    union,
)

KEYS = (str, int, float, bytes)
"""What an item is known by."""
COMPUTED = (Operation, Invocation, Access, Element, Parameter, Formatted, External)
"""Terms for what is only known when the program runs: they are of one sort."""


def element(term: Term) -> Term:
    """What a loop takes from a term; of a choice, from those that have something in them."""
    found = _element(term)
    return Element(term) if isinstance(found, Again) else found


def _element(term: Term) -> Term:
    match term:
        case Union(terms=terms):
            return union([_element(option) for option in terms], is_certain=term.is_certain)
        case Constant(value=None) | ListTerm(items=(), is_closed=True):
            return CYCLE  # nothing comes from here
        case ListTerm(items=items) if items:
            return union([item.term for item in items])
        case DictTerm() if keys := _keys(term):
            return union([*keys, *(() if term.is_closed or term.others else (Element(term),))])
    return Element(term)


def item(term: Term, key: Term) -> Term | None:
    """What a dict or a list has under a key; None where nobody knows."""
    constant = _known(key)
    match term:
        case Constant(value=None):
            return CYCLE  # nothing comes from here: None has no items
        case Constant(value=str()) | Formatted() if isinstance(constant, str):
            return CYCLE  # nor has a text any under a name: what says that a request failed, in the place of a dict
        case DictTerm(entries=entries, others=others):
            stored = [value.term for _, value in others]
            if constant is None and term.spreads:
                return None
            if constant is None and not entries:
                return _one_of_stored(stored)
            if constant is None:
                return one_of([*(e.term for e in entries.values()), *stored])
            held = entries.get(str(constant))
            if held is not None:  # a text or number that is written out is a default, whatever a loop puts over it
                stored = [] if isinstance(held.term, Constant) else stored
                return union([held.term, *stored], is_certain=not stored)
            return _one_of_stored(stored) or MISSING
        case ListTerm(items=items, is_closed=True) if isinstance(constant, int):
            is_there = -len(items) <= constant < len(items)
            return items[constant].term if is_there else MISSING
        case ListTerm(items=items, first=first) if isinstance(constant, int) and 0 <= constant < first:
            return items[constant].term
        case ListTerm(items=items) if constant is None or isinstance(constant, int):
            return one_of([held.term for held in items], is_each=_is_counted(key))
        case Element(base=base) if isinstance(constant, int) and (column := _column(base, constant)):
            return element(column)
    return None


def is_bare(term: Term) -> bool:
    """True for a dict in which nothing is: `{}` in the place of one that could not be had."""
    return isinstance(term, DictTerm) and term.is_closed and not term.entries and not term.others


def is_of_callers(term: Term, key: Term) -> bool:
    """True for a section of a dict of sections, which have no key in common, and an entry of one, if callers say which.

    What they say is lost in a choice of all; it is kept in a call of `get`.
    """
    if not isinstance(key, Parameter):
        return False
    match term:
        case Invocation(callee=Access(base=base, key=".get"), positional=[section, *_]):
            return is_of_callers(base, section.term)
    if not isinstance(term, DictTerm) or len(term.entries) < 2:
        return False
    sections = [e.term for e in term.entries.values() if isinstance(e.term, DictTerm)]
    shared = frozenset.intersection(*(frozenset(section.entries) for section in sections)) if sections else frozenset()
    return len(sections) == len(term.entries) and not shared


def unknown_item(term: Term, key: Term, site: Site | None) -> Access:
    """An item that is only known by its key, if by that."""
    constant = _known(key)
    return Access(term, f"[{constant!r}]" if constant is not None else "[]", site)


def _known(key: Term) -> str | int | float | bytes | None:
    return key.value if isinstance(key, Constant) and isinstance(key.value, KEYS) else None


def one_of(terms: Sequence[Term], *, is_each: bool = False) -> Term | None:
    """One of several, nobody knows which; None if they are of several sorts, as the fields of a row are.

    `is_each` says that a loop comes to each of them.
    """
    sorts = {sort for term in terms for option in alternatives(term) if (sort := _sort(option)) is not None}
    return union(list(terms), is_certain=is_each or len(terms) < 2) if len(sorts) == 1 else None


def _is_counted(key: Term) -> bool:
    """True for the number of a loop's round, and for the one before or after it: `for i in range(n): rows[i - 1]`."""
    match key:
        case Element(base=Invocation(callee=External(name="builtins.range"))):
            return True
        case Access(base=Element(base=Invocation(callee=External(name="builtins.enumerate"))), key="[0]"):
            return True
        case Operation(operator=operator, operands=(counted, Constant(value=int()))):
            return issubclass(operator, (ast.Add, ast.Sub)) and _is_counted(counted)
    return False


def _one_of_stored(terms: Sequence[Term]) -> Term | None:
    """One of what is held under keys that nobody has written out, and so of one sort, as is what is worked out."""
    sorts = {_sort(option) for term in terms for option in alternatives(term)} - {None}
    is_one = bool(sorts) and len(sorts - {object}) <= 1
    return union(list(terms), is_certain=len(terms) < 2) if is_one else None


def _sort(term: Term) -> type | None:
    if isinstance(term, Constant):
        return None if term.value is None else float if isinstance(term.value, int) else type(term.value)
    return object if isinstance(term, COMPUTED) else type(term)


def sliced(term: Term, node: ast.Slice, site: Site) -> Term | None:
    """A part of a list: exactly, where it is written out; else some of what may be in it, made where it is taken."""
    if not isinstance(term, ListTerm):
        return None
    bounds = [_bound(part) for part in (node.lower, node.upper, node.step)]
    if term.is_closed and False not in bounds:
        return ListTerm(term.items[slice(*bounds)], True, term.site)
    return ListTerm(term.items, False, site) if one_of([held.term for held in term.items]) else None


def _bound(node: ast.expr | None) -> int | bool | None:
    """A bound of a slice; False if it is not written out."""
    match node:
        case None:
            return None
        case ast.Constant(value=int() as value):
            return value or None
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value or None
    return False


def values(term: DictTerm) -> ListTerm:
    """What `d.values()` gives."""
    held = (*term.entries.values(), *(value for _, value in term.others))
    return ListTerm(held, term.is_closed, term.site)


def pairs(term: DictTerm) -> ListTerm:
    """What `d.items()` gives."""
    site = term.site
    found = [(Expression(site, Constant(key)), held) for key, held in term.entries.items()]
    rows = (Expression(site, ListTerm(pair, True, site)) for pair in (*found, *term.others))
    return ListTerm(tuple(rows), term.is_closed, site)


def keys(term: DictTerm) -> ListTerm:
    """What `d.keys()` gives."""
    return ListTerm(tuple(Expression(term.site, key) for key in _keys(term)), term.is_closed, term.site)


def _keys(term: DictTerm) -> list[Term]:
    return [*map(Constant, term.entries), *(key.term for key, _ in term.others)]


def joined(operation: Operation) -> Term | None:
    """What `+`, `*` and `|` make of lists and dicts; None for all else."""
    match operation:
        case Operation(operands=operands) if any(map(_is_one_of_several, operands)):
            ways = [Operation(operation.operator, way, operation.site) for way in product(*map(alternatives, operands))]
            found = [joined(way) or way for way in ways]
            is_list = any(isinstance(way, ListTerm) for way in found)  # then it was one in the round before, too
            return union([way for way in found if not (is_list and _is_added_to_itself(way))])
        case Operation(operator=ast.Add, operands=(Again(), ListTerm(items=items))):
            return ListTerm(items, False, operation.site)
        case Operation(operator=ast.Add, operands=(ListTerm() as one, ListTerm() as other)):
            return chained([one, other], operation.site)
        case Operation(operator=ast.Add, operands=(ListTerm() as one, other)):
            return chained([one, starred(Expression(operation.site, other))], operation.site)
        case Operation(operator=ast.Add, operands=(one, ListTerm() as other)):
            return chained([starred(Expression(operation.site, one)), other], operation.site)
        case Operation(operator=ast.Mult, operands=(ListTerm(items=items), _)):
            return ListTerm(items, False, operation.site)
        case Operation(operator=ast.BitOr, operands=(DictTerm() as one, DictTerm() as other)):
            return updated(one, other, operation.site)
    return None


def _is_added_to_itself(term: Term) -> bool:
    """True for a sum with what it was in the round before."""
    return isinstance(term, Operation) and any(isinstance(operand, Again) for operand in term.operands)


def chained(parts: Sequence[ListTerm], site: Site) -> ListTerm:
    """The list of the items of several, one after the other."""
    closed = list(takewhile(lambda part: part.is_closed, parts))
    first = sum(part.first for part in parts[: len(closed) + 1])
    items = tuple(item for part in parts for item in part.items)
    return ListTerm(items, len(closed) == len(parts), site, first)


def starred(held: Expression) -> ListTerm:
    """What `*rows` brings into a list."""
    match held.term:
        case ListTerm() as rows:
            return rows
        case Again() | Constant(value=None):
            return ListTerm((), False, held.site)
    return ListTerm((Expression(held.site, element(held.term)),), False, held.site)


def _is_one_of_several(term: Term) -> bool:
    """True for a choice with a list or a dict in it; numbers are not told apart before they are used."""
    return isinstance(term, Union) and any(isinstance(option, (ListTerm, DictTerm)) for option in alternatives(term))


def _column(term: Term, position: int) -> Term | None:
    """What the items of a `zip()` or `enumerate()` have at a position is taken from."""
    match term:
        case Invocation(callee=External(name="builtins.zip"), positional=columns) if 0 <= position < len(columns):
            return columns[position].term
        case Invocation(callee=External(name="builtins.enumerate"), positional=[first, *_]) if position == 1:
            return first.term
    return None

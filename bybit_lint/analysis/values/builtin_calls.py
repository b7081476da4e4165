"""What Python's own functions make of what they are given, and the methods of dicts and lists of what these hold."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TypeAlias

from bybit_lint.analysis.values.containers import element, is_of_callers, item, keys, pairs, unknown_item, values
from bybit_lint.analysis.values.dicts import is_bare
from bybit_lint.analysis.values.mappings import made_of, mapping, updated
from bybit_lint.analysis.values.terms import (
    ITEM_OR_DEFAULT,
    MISSING,
    Access,
    Constant,
    DictTerm,
    Element,
    Expression,
    External,
    Instance,
    Invocation,
    ListTerm,
    Operation,
    Term,
    Union,
    union,
)

Maker: TypeAlias = Callable[[Term, Invocation], "Term | None"]


def of_function(name: str, made: Invocation) -> Term | None:
    """What a builtin gives, whichever of several things it is given; None if that is the call itself, at most."""
    make = FUNCTIONS.get(name)
    if make is None:
        return None
    if not made.positional:
        return EMPTY[name](made) if name in EMPTY else None
    first, *rest = made.positional
    if not isinstance(first.term, Union):
        return make(first.term, made)
    found = []
    for option in first.term.terms:
        given = (Expression(first.site, option), *rest)
        call = made.of(made.callee, given)
        found.append(make(option, call) or call)
    return union(found, is_certain=first.term.is_certain)


def of_method(base: Term, name: str, made: Invocation) -> Term | None:
    """What a method of a dict or a list gives."""
    if isinstance(base, DictTerm):
        if name in WHOLE and (name == "copy" or not base.spreads):
            return WHOLE[name](base)
        if (
            name not in ("get", "pop", "setdefault")
            or not made.positional
            or is_of_callers(base, made.positional[0].term)
        ):
            return None
        return _looked_up(base, name, made)
    if isinstance(base, ListTerm):
        if name in TAKEN and not made.positional:
            return element(base)
        if name == "pop":
            return item(base, made.positional[0].term)
        return base if name == "copy" else None
    return None


def field_of(made: Invocation, name: str) -> Term | None:
    """What an object of a class that is made in one call has in a field: of `namedtuple(...)` and `SimpleNamespace`."""
    match made.callee:
        case External(name="types.SimpleNamespace") | Access(base=External(name="types"), key=".SimpleNamespace"):
            names: list[str] = []
        case Invocation(
            callee=External(name="collections.namedtuple")
            | Access(base=External(name="collections"), key=".namedtuple"),
            positional=[_, listed],
        ):
            match listed.term:
                case Constant(value=str() as text):
                    names = text.replace(",", " ").split()
                case ListTerm(items=items):
                    names = [str(e.term.value) for e in items if isinstance(e.term, Constant)]
                case _:
                    return None
        case _:
            return None
    held = made.keywords.get(name) or dict(zip(names, made.positional, strict=False)).get(name)
    return held.term if held is not None else None


def _looked_up(base: DictTerm, name: str, made: Invocation) -> Term:
    """An entry, or what stands in for it."""
    key = made.positional[0].term
    default = made.positional[1].term if len(made.positional) > 1 else None
    found = item(base, key) or unknown_item(base, key, made.site)
    is_there = isinstance(key, Constant) and str(key.value) in base.entries
    is_missing = base.is_closed and isinstance(key, Constant) and not is_there
    if default is None:
        is_none = is_missing and name == "get" and not is_bare(base)  # that stands for what is not there itself
        return Constant(None, made.site) if is_none else found
    if is_there and name != "pop":
        return found
    return default if is_missing else union([found, default])


def _dict(first: Term, made: Invocation) -> Term | None:
    found = _zipped(first) or mapping(first)
    return updated(found, _named(made), made.site) if found else None


def _named(made: Invocation) -> DictTerm:
    """The dict of the keywords of a call."""
    return DictTerm(made.keywords, made.is_whole and made.rest is None, made.site, (), made.spreads)


def _zipped(first: Term) -> DictTerm | None:
    """The dict of a `zip()` of keys and values."""
    match first:
        case Invocation(callee=External(name="builtins.zip"), positional=[names, held], site=site):
            match names.term, held.term:
                case ListTerm(items=left, is_closed=True), ListTerm(items=right, is_closed=True):
                    return made_of(zip(left, right, strict=False), True, site)
            pair = (Expression(names.site, element(names.term)), Expression(held.site, element(held.term)))
            return DictTerm({}, False, site, (pair,))
    return None


def _list(first: Term, _: Invocation) -> Term:
    return keys(first) if isinstance(first, DictTerm) else first


def _in_order(first: Term, made: Invocation) -> Term:
    """The same items, nobody knows in which order; pairs make the same dict in any."""
    held = _list(first, made)
    if not isinstance(held, ListTerm) or len(held.items) < 2 or mapping(held) is not None:
        return held
    return ListTerm(held.items, False, held.site)


def _reversed(first: Term, made: Invocation) -> Term:
    held = _list(first, made)
    return ListTerm(held.items[::-1], held.is_closed, held.site) if isinstance(held, ListTerm) else held


def _next(first: Term, made: Invocation) -> Term:
    default = [held.term for held in made.positional[1:2]]
    return union([element(first), *default])


def _item_or_default(first: Term, made: Invocation) -> Term | None:
    """An item of what is left for `*args`, or the default of the parameter that it is for."""
    _, key, default = (held.term for held in made.positional)
    if not isinstance(first, ListTerm):
        return None
    found = item(first, key)
    return default if found is MISSING else found if first.is_closed else None


def _picked(first: Term, made: Invocation) -> Term | None:
    """`max(records, key=...)` is one of them; of bare numbers, `max` says more than that."""
    return element(first) if len(made.positional) == 1 and "key" in made.keywords else None


def _sum(first: Term, made: Invocation) -> Term | None:
    if not isinstance(first, ListTerm) or isinstance(each := element(first), Element):
        return None
    return Operation(ast.Add, (each, each), made.site)


def _type(first: Term, _: Invocation) -> Term | None:
    return first.of if isinstance(first, Instance) else None


def _filtered(_: Term, made: Invocation) -> Term | None:
    held = made.positional[1].term if len(made.positional) == 2 else None
    return ListTerm(held.items, False, held.site) if isinstance(held, ListTerm) else None


def _where(_: Term, made: Invocation) -> Term | None:
    """`where(is_up, high, low)` picks one of two, be they columns."""
    return union([held.term for held in made.positional[1:]]) if len(made.positional) == 3 else None


def _selected(_: Term, made: Invocation) -> Term | None:
    """`select([is_up, is_down], [high, low], default=last)` picks one of several."""
    choices, *rest = (held.term for held in made.positional[1:]) if len(made.positional) > 1 else [MISSING]
    named = made.keywords.get("default")
    default = named.term if named is not None else next(iter(rest), Constant(0))
    return union([element(choices), default]) if isinstance(choices, ListTerm) else None


def _replaced(first: Term, made: Invocation) -> Term | None:
    """`replace(plan, qty=...)`: an object that is made as the other one was, but for what is said."""
    if not isinstance(first, Instance) or first.made is None:
        return None
    was = first.made
    named = {**was.keywords, **made.keywords}
    return Instance(
        first.of, Invocation(was.callee, was.positional, named, was.is_closed and made.is_closed, made.site)
    )


QUEUES = (
    *("asyncio.Queue", "asyncio.PriorityQueue", "asyncio.LifoQueue"),
    *("queue.Queue", "queue.SimpleQueue", "queue.LifoQueue", "queue.PriorityQueue"),
    *("multiprocessing.Queue", "multiprocessing.SimpleQueue", "multiprocessing.JoinableQueue"),
)
FUNCTIONS: Mapping[str, Maker] = {
    **dict.fromkeys(("dict", "collections.OrderedDict"), _dict),
    "collections.defaultdict": lambda _, made: DictTerm({}, False, made.site),
    **dict.fromkeys(("list", "tuple", "iter", "set", "frozenset", "collections.deque"), _list),
    "sorted": _in_order,
    "reversed": _reversed,
    "filter": _filtered,
    "next": _next,
    ITEM_OR_DEFAULT: _item_or_default,
    "max": _picked,
    "min": _picked,
    "sum": _sum,
    "type": _type,
    **dict.fromkeys(("copy.copy", "copy.deepcopy"), lambda first, _: first),
    **dict.fromkeys(("dataclasses.replace", "copy.replace"), _replaced),
    "numpy.where": _where,
    "numpy.select": _selected,
    **dict.fromkeys(QUEUES, lambda _, made: ListTerm((), False, made.site)),
}
"""By name: what it makes of its first argument."""
EMPTY: Mapping[str, Callable[[Invocation], Term]] = {
    **dict.fromkeys(
        ("dict", "collections.OrderedDict", "collections.defaultdict"),
        _named,
    ),
    **dict.fromkeys(("list", "tuple", "collections.deque"), lambda made: ListTerm((), made.is_closed, made.site)),
    **dict.fromkeys(QUEUES, lambda made: ListTerm((), False, made.site)),
}
"""What they make of nothing."""
NAMES = {"getattr", *(path.rpartition(".")[2] for path in (*FUNCTIONS, *EMPTY))}
"""The last names of the functions that are known here."""
WHOLE: Mapping[str, Callable[[DictTerm], Term]] = {
    "copy": lambda base: base,
    "items": pairs,
    "keys": keys,
    "values": values,
}
TAKEN = ("pop", "popleft", "get", "get_nowait")
"""Methods that take something out of a list or a queue."""

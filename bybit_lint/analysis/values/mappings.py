"""Dicts put together of entries, of each other and of `**more`, of which only callers may know what it brings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from bybit_lint.analysis.values.terms import (
    Atom,
    Constant,
    DictTerm,
    Expression,
    ListTerm,
    Pair,
    Site,
    Spread,
    Term,
    Union,
    alternatives,
    union,
)


class Entries:
    """The entries of a dict, or the keywords of a call, while they are put together."""

    def __init__(self, entries: Mapping[str, Expression] | None = None, *, is_whole: bool = True) -> None:
        self.entries = dict(entries or {})
        self.is_whole = is_whole
        self.others: list[Pair] = []
        """The keys and values whose keys nobody knows."""
        self._spreads: list[Spread] = []
        self._brought: frozenset[str] = frozenset()
        """The names that came with the spreads before."""

    @classmethod
    def of(cls, term: DictTerm) -> Entries:
        """The entries of a dict, to put others after them."""
        found = cls(term.entries, is_whole=term.is_whole)
        found.others += term.others
        found._spreads += term.spreads
        return found

    @property
    def spreads(self) -> tuple[Spread, ...]:
        return tuple(self._spreads)

    def dict(self, site: Site) -> DictTerm:
        return DictTerm(self.entries, self.is_whole and not self.others, site, tuple(self.others), self.spreads)

    def put(self, name: str, held: Expression) -> None:
        """An entry that replaces whatever stands before it under its name."""
        self.entries[name] = held
        self._spreads = [Spread(s.held, s.over - {name}, s.taken) for s in self._spreads]

    def put_under(self, key: Expression, held: Expression) -> None:
        """An entry under a key that may be known."""
        if isinstance(key.term, Constant):
            self.put(str(key.term.value), held)
        else:
            self.others.append((key, held))

    def put_below(self, name: str, held: Expression) -> None:
        """An entry that is there if nothing else is, as of `setdefault`."""
        is_below = name not in self.entries
        self.entries.setdefault(name, held)
        if is_below:
            self._spreads = [Spread(s.held, s.over | {name}, s.taken) for s in self._spreads]

    def take(self, name: str) -> None:
        """An entry that may be there no more."""
        self.entries.pop(name, None)
        self._spreads = [Spread(s.held, s.over, s.taken | {name}) for s in self._spreads]
        self.is_whole = False

    def spread(self, held: Expression) -> None:
        """What `**held` brings, in the place of whatever stands before it."""
        self._bring(Spread(held, frozenset(self.entries)))

    def pass_on(self, held: Expression) -> None:
        """What `**held` brings to a call, where no name may be said twice: nothing that is named before."""
        self._bring(Spread(held, frozenset()))

    def filled(self, spreads: tuple[Spread, ...], fill: Callable[[Expression], Expression]) -> Entries:
        """What the spreads among the entries bring, once `fill` says it."""
        for spread in spreads:
            self._bring(Spread(fill(spread.held), spread.over | self._brought, spread.taken))
        return self

    def _bring(self, spread: Spread) -> None:
        term = brought(spread.held.term)
        if not isinstance(term, DictTerm):
            is_open = term is None or not isinstance(term, Atom)
            self._spreads += [spread] if term is not None and is_open else []
            self.is_whole &= is_open
            return
        own = {name: held for name, held in term.entries.items() if name not in spread.taken}
        for name, held in own.items():
            if name not in self.entries or name in spread.over:
                self.entries[name] = held
        self.others += term.others
        for s in term.spreads:
            self._spreads.append(Spread(s.held, s.over | (spread.over - own.keys()), s.taken | spread.taken))
        self._brought |= own.keys()
        self.is_whole &= term.is_whole


def updated(one: DictTerm, other: DictTerm, site: Site) -> DictTerm:
    """A dict with the entries of another over its own."""
    found = Entries.of(one)
    found.spread(Expression(site, other))
    return found.dict(site)


def made_of(pairs: Iterable[Pair], is_closed: bool, site: Site) -> DictTerm:
    """The dict of some keys and values."""
    found = Entries(is_whole=is_closed)
    for key, value in pairs:
        found.put_under(key, value)
    return found.dict(site)


def mapping(term: Term) -> DictTerm | None:
    """The dict that a term is or, as pairs, makes; of a choice, each key as one of what it is in all of them."""
    match term:
        case DictTerm():
            return term
        case ListTerm(items=items, is_closed=is_closed, site=site):
            rows = [row.term.items for row in items if isinstance(row.term, ListTerm) and len(row.term.items) == 2]
            return made_of([(row[0], row[1]) for row in rows], is_closed, site) if len(rows) == len(items) else None
        case Union(terms=terms):
            found = [mapping(option) for option in terms if not (isinstance(option, Constant) and option.value is None)]
            known = [option for option in found if option is not None]
            return merged(known) if known and len(known) == len(found) else None
    return None


def merged(options: Sequence[DictTerm]) -> DictTerm:
    """One of several dicts as one dict."""
    if len(options) == 1:
        return options[0]
    entries = {}
    for name in dict.fromkeys(name for option in options for name in option.entries):
        held = [option.entries[name] for option in options if name in option.entries]
        entries[name] = Expression(held[0].site, union([e.term for e in held]))
    is_whole = all(o.is_whole and o.entries.keys() == entries.keys() for o in options)
    others = tuple(other for o in options for other in o.others)
    spread = _one_spread([o.spreads for o in options])
    is_whole &= spread is not None or not any(o.spreads for o in options)
    return DictTerm(entries, is_whole, options[0].site, others, (spread,) if spread else ())


def _one_spread(options: Sequence[tuple[Spread, ...]]) -> Spread | None:
    """What any of several dicts has from elsewhere; None if that is nothing, or several things in one of them."""
    found = [spread for spreads in options for spread in spreads]
    if not found or any(len(spreads) > 1 for spreads in options):
        return None
    held = Expression(found[0].held.site, union([spread.held.term for spread in found]))
    over = frozenset.intersection(*(spread.over for spread in found))
    return Spread(held, over, frozenset.union(*(spread.taken for spread in found)))


def behind(made: DictTerm, key: Term) -> Term | None:
    """What an entry that is not among those of a dict can only come from."""
    if not isinstance(key, Constant) or str(key.value) in made.entries or made.others:
        return None
    found = [spread.held.term for spread in made.spreads if key.value not in spread.taken]
    return found[0] if len(found) == 1 else None


def brought(term: Term) -> Term | None:
    """What `**term` is of: None, or an empty dict, in its place brings nothing, and None if it is never else."""
    options = [option for option in alternatives(term) if not is_nothing(option)]
    meant = options[0] if len(options) == 1 else term
    return (mapping(meant) or meant) if options else None


def is_nothing(term: Term) -> bool:
    """True for None, and for a dict in which nothing is."""
    is_empty = isinstance(term, DictTerm) and term.is_closed and not term.entries
    return is_empty or (isinstance(term, Constant) and term.value is None)

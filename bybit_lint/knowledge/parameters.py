"""What each endpoint takes: its parameters, the values they have, and what it cannot do without.

The tables are read where an endpoint is asked for, and only its own rows are taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from bybit_lint.knowledge import endpoint_at, places, rows, rows_of
from bybit_lint.tuples import NamedTuple

LEG = ">"
"""How the name of a parameter begins that belongs to each order of a batch."""
ALL = "&"
"""What stands between parameters that are missing together, and between conditions that have to be met together."""
RANGE = "1.."
"""How the values of a number begin that has a largest one: `1..200`."""


SHAPES = {
    "[A-Z0-9,-]+": "capital letters and digits",
    "[A-Za-z0-9_-]{1,36}": "up to 36 letters, digits, - and _",
}
"""The patterns in words."""


class Parameter(NamedTuple):
    """One parameter of an endpoint."""

    name: str
    required: str
    """`yes`, `no`, or which of two sources alone says yes: `docs` or `pybit`."""
    type: str
    values: tuple[str, ...]
    """All values it has; empty where there is no such list."""
    pattern: str
    """What its text must look like as a whole; empty where anything goes."""
    most: int
    """The largest number it has; 0 where no such is stated."""
    source: str
    date: str

    def allows_around(self, known: str) -> bool:
        """The same of a text of which only some pieces are known: no piece of a right one is wrong by itself."""
        return not self.pattern or not known or bool(re.fullmatch(self.pattern, known))

    @property
    def shape(self) -> str:
        """What its text must look like, in words; empty where anything goes."""
        return SHAPES[self.pattern] if self.pattern else ""

    def flaw(self, known: str) -> str:
        """What is wrong with a text that has not its shape: a character, or how long it is at least."""
        strange = next((character for character in known if not re.fullmatch(self.pattern, character)), "")
        return f'"{strange}" in it' if strange else f"at least {len(known)} characters"

    @property
    def is_limited(self) -> bool:
        """True if it is known which values it has."""
        return bool(self.values or self.pattern or self.most)

    def allows(self, value: object) -> bool:
        """True unless it is proven that Bybit has no such value; text and number are not told apart."""
        said = str(value)
        if self.most:
            return not said.isdecimal() or len(said) < len(str(self.most)) or int(said[:20]) <= self.most
        return said in self.values if self.values else not self.pattern or bool(re.fullmatch(self.pattern, said))


class Condition(NamedTuple):
    """One of several parameters is given, perhaps with one of some values."""

    names: tuple[str, ...]
    values: tuple[str, ...] = ()
    """Empty for any."""

    @property
    def words(self) -> str:
        """`category=linear or inverse`."""
        return "=".join(filter(None, (" or ".join(self.names), " or ".join(self.values))))


class Need(NamedTuple):
    """Something an endpoint cannot do without: one of several parameters, or all of them, perhaps on conditions."""

    names: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    """What has to be so, all of it, that it is needed; empty where it always is."""
    is_choice: bool = True
    """True if one of the names does; False where it is known only that none of them will not do."""
    otherwise: str = ""
    """What Bybit does without it, in a few words; empty where it refuses the request."""

    @property
    def is_plain(self) -> bool:
        """True if one parameter is always needed."""
        return not self.conditions and len(self.names) == 1

    def of_a_leg(self) -> Need:
        """The same by the names that the parameters of a batch's order have in it."""
        bare = tuple(name.removeprefix(LEG) for name in self.names)
        conditions = (c._replace(names=tuple(n.removeprefix(LEG) for n in c.names)) for c in self.conditions)
        return self._replace(names=bare, conditions=tuple(conditions))


class ClientNeed(NamedTuple):
    """Something that a method of ccxt refuses to go without, before anything is sent."""

    name: str
    """An argument of the method, or an entry of its `params`."""
    because: tuple[str, ...]
    """One of these has to be there (`type=limit`: with this value) that it is needed; empty where it always is."""
    is_of_contracts: bool
    """True if it is needed for contracts only."""
    unless: tuple[str, ...]
    """Beside one of these it is not known to be needed."""
    otherwise: str
    """What ccxt does without it, in a few words."""


def parameters(path: str) -> Mapping[str, Parameter]:
    """The parameters of an endpoint by their names; those of a batch's orders begin with `>`."""
    return {p.name: p for p in _parameters(path)}


def legs(path: str) -> Mapping[str, Parameter]:
    """The parameters of one order of a batch, and the category that it shares with the others."""
    found = {p.name.removeprefix(LEG): p for p in _parameters(path) if p.name.startswith(LEG)}
    return {**found, **{p.name: p for p in _parameters(path) if p.name == "category"}}


@cache
def is_complete(path: str) -> bool:
    """True if an endpoint is known to take no other parameters than the table's."""
    endpoint = endpoint_at(path)
    return endpoint is not None and endpoint.is_complete


@cache
def needs(path: str) -> tuple[Need, ...]:
    """What an endpoint needs, beginning with what it always needs; the names of a batch's orders begin with `>`."""
    always = [Need((p.name,)) for p in _parameters(path) if p.required == "yes"]
    return (*always, *(_need(*cells) for cells in rows_of("needs", path)))


@cache
def equals(path: str) -> tuple[tuple[str, str, Condition], ...]:
    """The pairs of parameters that have to have one value, each on a condition."""
    found = ((names.partition("|"), _condition(when)) for names, when, *_ in rows_of("equals", path))
    return tuple((one, other, condition) for (one, _, other), condition in found)


@cache
def meant_by(name: str) -> tuple[str, ...]:
    """The parameters that a name from elsewhere usually stands for."""
    return _aliases("parameter_aliases").get(name, ())


@cache
def value_meant(name: str, said: str) -> str:
    """The value of a parameter that is called otherwise elsewhere (`5m`, `GoodTillCancel`); empty where none is."""
    return next(iter(_aliases("value_aliases").get(f"{name} {said}", ())), "")


@cache
def is_value_somewhere(name: str, said: str) -> bool:
    """True if some endpoint has a value for its parameter of this name."""
    listed = {path for path, parameter in places("parameters") if parameter.removeprefix(LEG) == name}
    return any(said in p.values for path in listed for p in _parameters(path) if p.name.removeprefix(LEG) == name)


def category_of(category: str, symbol: str) -> str:
    """The category that a symbol's form belongs to, if that is certainly not `category`; empty otherwise."""
    found = (row[2] for row in rows("foreign_symbols") if row[0] == category and re.fullmatch(row[1], symbol))
    return next(found, "")


@cache
def ccxt_names() -> frozenset[str]:
    """The entries of `params` that ccxt knows by itself, whatever the method."""
    return frozenset(name for name, *_ in rows("ccxt_params"))


@cache
def ccxt_needs(method: str) -> tuple[ClientNeed, ...]:
    """What a unified method of ccxt refuses to go without."""
    listed = (row for row in rows("ccxt_needs") if method in row[0].split("|"))
    return tuple(
        ClientNeed(name, _listed(because), market == "contract", _listed(unless), otherwise)
        for _, name, because, market, unless, otherwise, *_ in listed
    )


@cache
def ccxt_strangers() -> Mapping[str, str]:
    """Entries of an order's `params` that other exchanges have, and what becomes of them at Bybit, in a few words."""
    return {name: words for name, words, *_ in rows("ccxt_strangers")}


@cache
def complete_names() -> frozenset[str]:
    """The parameters of all endpoints whose parameters are all known."""
    return frozenset(name.removeprefix(LEG) for path, name in places("parameters") if is_complete(path))


@cache
def _parameters(path: str) -> tuple[Parameter, ...]:
    return tuple(_parameter(*cells) for cells in rows_of("parameters", path))


def _parameter(name: str, required: str, kind: str, values: str, source: str, date: str) -> Parameter:
    most = values.removeprefix(RANGE) if values.startswith(RANGE) else "0"
    listed = () if values.startswith(("~", "-", RANGE)) else tuple(values.split("|"))
    pattern = values[1:] if values.startswith("~") else ""
    return Parameter(name, required, kind, listed, pattern, int(most), source, date)


def _need(names: str, when: str, otherwise: str, *_: str) -> Need:
    conditions = tuple(_condition(said) for said in when.split(ALL)) if when != "-" else ()
    is_choice = ALL not in names
    listed = tuple(names.split("|" if is_choice else ALL))
    return Need(listed, conditions, is_choice, otherwise.strip("-"))


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell != "-" else ()


def _condition(said: str) -> Condition:
    names, sign, values = said.partition("=")
    return Condition(tuple(names.split("|")), tuple(values.split("|")) if sign else ())


@cache
def _aliases(table: str) -> Mapping[str, tuple[str, ...]]:
    return {said: tuple(meant.split("|")) for said, meant, *_ in rows(table)}

"""What becomes of each call of pybit before V5: its name, its arguments, what has to be added, and what to decide."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Mapping
from functools import cache

from bybit_lint.knowledge import endpoint_of, rows
from bybit_lint.tuples import NamedTuple

ANY = "*"
MANUAL = "manual"
REVIEW = "review"
RAW = "raw"
"""What stands in the place of a client where there is none, and no key either."""
CCXT = "ccxt"
"""What stands in the place of a client for endpoints that ccxt called by name; their methods are `GET/v2/...`."""
VERBS = ("GET", "POST", "DELETE")
"""What stands in the place of a client where there is none, and a signature."""
SAME = "="
"""What stands before the name of the method of pybit that a method of another older client is."""


class Parameter(NamedTuple):
    """A V5 parameter, and how the value is rewritten for it: `text`, `ms`, `tif`; empty for as it is."""

    name: str
    how: str


class Way(NamedTuple):
    """What becomes of one argument."""

    old: str
    new: tuple[Parameter, ...]
    """Empty for one that goes."""
    only: str
    """The one value with which it goes; empty for any."""


class Migration(NamedTuple):
    """What becomes of one method of a client."""

    method: str
    level: str
    """`certain`, `review` or `manual`."""
    v5_method: str
    """The method of `pybit.unified_trading.HTTP`, `Helpers.close_position`, or empty."""
    arguments: Mapping[str, Way]
    """By their old names; those that have a position come first."""
    added: Mapping[str, str]
    """Parameters that V5 asks for beside them, with their values; `$category` and the like are found in the bot."""
    because: str
    """What a person has to look at, or to decide."""
    answer: str
    """What its answers are called among `answers`; empty where nothing is known of them."""


@cache
def migrations() -> Mapping[tuple[str, str], Migration]:
    """By client (`usdt_perpetual`, `HTTP` for the client of all markets) and method."""
    found: dict[tuple[str, str], Migration] = {}
    for named, level, v5_method, arguments, more, because, answer, *_ in rows("migrations"):
        method, _, clients = named.partition(" ")
        made = Migration(
            method, level, v5_method.strip("-"), ways(arguments), added(more), because.strip("-"), answer.strip("-")
        )
        found |= {(client, method): made for client in clients.split(",")}
    return found


def meant_by(library: str, name: str) -> str:
    """The method of pybit before V5 that a method of another older client is; empty where there is none."""
    known = migrations().get((library, name))
    return known.v5_method.removeprefix(SAME) if known is not None and known.v5_method.startswith(SAME) else ""


@cache
def asked_at() -> Mapping[str, Migration]:
    """What is asked without a client before V5, by its path: `usdt_perpetual.query_kline` for its `v5_method`.

    What is added is what Bybit took for granted before, and takes otherwise now.
    """
    known = ((path, made) for (client, path), made in migrations().items() if client == RAW)
    raw = {path: made._replace(v5_method=made.v5_method.removeprefix(SAME)) for path, made in known}
    return {**_asked_of_ccxt(), **raw}


def _asked_of_ccxt() -> Mapping[str, Migration]:
    """What ccxt asked for without a key, which the same path gives to who asks without a client."""
    found = {}
    for said, meant in implicit().items():
        verb, _, path = said.partition("/")
        is_open = verb == "GET" and not {"public", "quote"}.isdisjoint(path.split("/"))
        known = migrations().get(meant)
        endpoint = endpoint_of(known.v5_method) if is_open and known is not None else None
        if known is not None and endpoint is not None and not endpoint.needs_auth:
            found[f"/{path}"] = Migration("", known.level, ".".join(meant), {}, {}, "", "")
    return found


@cache
def implicit() -> Mapping[str, tuple[str, str]]:
    """What an endpoint is that ccxt called by its own name, by verb and path: a client of pybit's and its method."""
    known = ((path, made.v5_method) for (client, path), made in migrations().items() if client == CCXT)
    named = ((path, method.removeprefix(SAME).partition(".")) for path, method in known)
    return {path: (client, method) for path, (client, _, method) in named}


@cache
def signed_at() -> Mapping[tuple[str, str], Migration]:
    """What is asked with a signature, but without a client, before V5: by its verb and its path, as in `asked_at`."""
    known = ((key, made) for key, made in migrations().items() if key[0] in VERBS)
    return {key: made._replace(v5_method=made.v5_method.removeprefix(SAME)) for key, made in known}


@cache
def usual() -> Mapping[str, Way]:
    """What becomes of arguments that old bots give to methods which are not known to take them."""
    return migrations()[ANY, ANY].arguments


@cache
def ways(cell: str) -> Mapping[str, Way]:
    """`symbol,order_type=orderType,leverage=buyLeverage:text+sellLeverage:text,side=-,page=-1`."""
    return {way.old: way for way in map(_way, cell.split(","))} if cell != "-" else {}


def _way(cell: str) -> Way:
    old, sign, new = cell.partition("=")
    if new.startswith("-"):
        return Way(old, (), new[1:])
    parameters = (part.partition(":") for part in (new if sign else old).split("+"))
    return Way(old, tuple(Parameter(name, how) for name, _, how in parameters), "")


def added(cell: str) -> Mapping[str, str]:
    pairs = (part.partition("=") for part in cell.split(",") if cell != "-")
    return {name: value for name, _, value in pairs}


@cache
def values(how: str) -> Mapping[object, object]:
    """What becomes of the values of one kind: `GoodTillCancel` of `tif` is `GTC`."""
    keyed = ((row[0].partition(" "), row[1]) for row in rows("migration_values"))
    return {literal_eval(said): literal_eval(meant) for (kind, _, said), meant in keyed if kind == how}


@cache
def topics() -> Mapping[str, str]:
    """What a topic begins with before V5, and what it begins with in V5; one without a dot is all of a private one."""
    return {row[0]: row[1] for row in rows("migration_topics")}


class Place(NamedTuple):
    """Where V5 has what an older answer had in some place."""

    way: tuple[str, ...]
    """Keys from the answer; `*` for a position."""
    how: str
    """How it is made what it was: `number` of a text, `candles` of rows; empty for as it is."""


@cache
def answers() -> Mapping[str, Mapping[tuple[str, ...], Place | None]]:
    """By what answers are called, and the old way through them; None for what V5 does not tell there."""
    found: dict[str, dict[tuple[str, ...], Place | None]] = {}
    for place, v5_way, how, *_ in rows("migration_answers"):
        name, _, way = place.partition(" ")
        known = Place(tuple(v5_way.split(".")), how.strip("-")) if v5_way != "-" else None
        found.setdefault(name, {})[tuple(way.split("."))] = known
    return found

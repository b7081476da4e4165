"""Bybit's APIs before V5: the paths of their endpoints and streams, and the streams of the clients of their time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bybit_lint.knowledge import rows
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

DEPTH = 2
"""How many segments of a path tell the API it belongs to: `/v2/private`, `/spot/v3`."""

INVERSE = regex(r"[A-Z0-9]+USD(?:[A-Z][0-9]{2})?")
"""The symbols of inverse contracts, by which the clients of all markets chose them: `BTCUSD`, `BTCUSDM23`."""


class Path(NamedTuple):
    """A path of an older API."""

    path: str
    kind: str
    """`REST` or `stream`."""
    v5_path: str
    """What takes its place; empty if that is not one path, or none."""
    source: str
    date: str


@cache
def paths() -> Mapping[str, Path]:
    """The known paths of endpoints and streams."""
    return {row[0]: Path(row[0], row[1], row[2].strip("-"), row[3], row[4]) for row in rows("legacy_paths")}


@cache
def families() -> tuple[str, ...]:
    """How the paths of the older APIs begin."""
    return tuple(sorted({"/".join(path.split("/")[: DEPTH + 1]) for path in paths()}))


def is_legacy(path: str) -> bool:
    """True for a path of an older API, be it unknown otherwise."""
    return f"{path}/".startswith(tuple(f"{family}/" for family in families()))


@cache
def streams() -> Mapping[str, str]:
    """The stream methods of older clients, each with the call that takes its place, if there is one."""
    return {row[0]: row[1].strip("-") for row in rows("legacy_streams")}


class GivenUp(NamedTuple):
    """An endpoint of V5 that Bybit has given up, with those values of `category` with which that is so."""

    endpoint: str
    categories: tuple[str, ...]
    """Empty for any."""
    effect: str
    """What becomes of the request, in a few words."""
    instead: str
    """The endpoint that takes its place; empty where there is none."""


@cache
def given_up() -> Mapping[str, GivenUp]:
    """The endpoints of V5 that Bybit has given up, by their paths."""
    return {
        path: GivenUp(path, _categories(when), effect, instead.strip("-"))
        for path, when, effect, instead, *_ in rows("given_up")
    }


def is_given_up(endpoint: str, category: object) -> bool:
    """True for a request to an endpoint that Bybit has given up, whatever else is wrong with it."""
    known = given_up().get(endpoint)
    return known is not None and (not known.categories or category in known.categories)


def _categories(when: str) -> tuple[str, ...]:
    return tuple(when.removeprefix("category=").split("|")) if when != "-" else ()

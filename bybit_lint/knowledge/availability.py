"""What Bybit has in demo trading, and how long a time a query may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bybit_lint.knowledge import rows, words
from bybit_lint.tuples import NamedTuple

ALL = "*"
DAY = 86_400_000
"""Milliseconds of a day."""


@cache
def _demo() -> Mapping[str, frozenset[str]]:
    found = ((row[0], row[1]) for row in rows("demo_endpoints"))
    return {path: frozenset(words(categories)) for path, categories in found}


def is_in_demo(path: str, category: str = "") -> bool:
    """Whether demo trading has an endpoint, for a category or for one that is not known."""
    family = path.rpartition("/")[0] + "/" + ALL
    known = _demo().get(path, _demo().get(family))
    return known is not None and (not known or not category or category in known)


@cache
def _ranges() -> Mapping[str, int]:
    return {row[0]: int(row[1]) for row in rows("time_ranges")}


def longest_range(path: str) -> int | None:
    """How many days there may be from startTime to endTime; None where Bybit states no limit."""
    return _ranges().get(path)


class Pages(NamedTuple):
    """How many rows of a list come at once."""

    path: str
    default: int
    most: int
    categories: tuple[str, ...]
    """Those of which there are more rows than come without being asked for; none for all of them."""


@cache
def pages() -> Mapping[str, Pages]:
    """The lists that have pages, by their V5 paths."""
    return {row[0]: Pages(row[0], int(row[1]), int(row[2]), words(row[3])) for row in rows("pages")}

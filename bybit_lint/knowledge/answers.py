"""Fields of Bybit's answers that are not what bots expect of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from bybit_lint.knowledge import rows
from bybit_lint.tuples import NamedTuple

ANY = "*"


class Field(NamedTuple):
    """A field of an answer that bots read."""

    endpoint: str
    """The V5 path, `*` for all of them, with `ccxt:` before it for what ccxt's own methods return."""
    way: tuple[str, ...]
    """Keys from the answer to the field; `*` for a position."""
    what: str
    """`absent`: it is never there. `empty`: it may be an empty text. `renamed`: V5 calls it otherwise."""
    detail: str
    source: str
    date: str

    @property
    def is_in_row(self) -> bool:
        """False where the field is proven to be in no row of a list."""
        return self.endpoint == ANY or self.way[-2:-1] == (ANY,)

    def is_at(self, endpoint: str, way: tuple[object, ...]) -> bool:
        """Whether it is this field that is read; one of all endpoints may lie anywhere below `result`."""
        if self.endpoint == ANY:
            return (way[:1], way[-1:]) == (self.way[:1], self.way[-1:]) and (len(way) > 1) is (len(self.way) > 1)
        keys = tuple(ANY if isinstance(key, int) else key for key in way)
        return endpoint == self.endpoint and keys == self.way


@cache
def fields() -> Mapping[str, Sequence[Field]]:
    """The fields by their last name."""
    found: dict[str, list[Field]] = {}
    for place, *cells in rows("answer_fields"):
        endpoint, _, way = place.partition(" ")
        keys = tuple(way.split("."))
        found.setdefault(keys[-1], []).append(Field(endpoint, keys, *cells))
    return found


@cache
def told_by() -> Mapping[str, frozenset[str]]:
    """The fields that say whether another one is empty, by the name of that: an order's status of its mean price."""
    return {field: frozenset(names.split(",")) for field, names, *_ in rows("telling_fields")}

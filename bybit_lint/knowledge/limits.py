"""How often Bybit may be asked."""

from __future__ import annotations

from bybit_lint.knowledge import rows
from bybit_lint.tuples import NamedTuple


class Limits(NamedTuple):
    """How many requests a second one account may send to an endpoint, by category; `-` where none is stated."""

    path: str
    linear_inverse: str
    option: str
    spot: str
    source: str
    date: str


def limits(path: str) -> Limits | None:
    """The rate limits of an endpoint; None where Bybit states none."""
    return next((Limits(*row) for row in rows("rate_limits") if row[0] == path), None)

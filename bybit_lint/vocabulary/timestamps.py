"""Moments that Bybit is told of: when a request was made, and from when to when a query asks."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from bybit_lint.vocabulary.fixes import Fix, Verb
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Span

TIMES = frozenset(("start", "end", "startTime", "endTime"))
"""Arguments of queries that are moments, in milliseconds (https://bybit-exchange.github.io/docs/v5/market/kline)."""
CCXTS = frozenset(("since", "until"))
"""What ccxt calls them."""


class Reuse(Enum):
    """Why a timestamp does not belong to one request alone."""

    LITERAL = "is written in the source"
    IMPORT = "was read when the program started"
    OBJECT = "was read when the client was made"
    REPEATED = "was signed before the loop that sends it"


class Timestamp(Noun):
    """A moment that Bybit is told, and what is proven to be wrong with it."""

    span: Span
    """Where it is read or written; for what is sent again, where that happens."""
    given: Span
    """Where it is given to Bybit; for what is sent again, where it was signed."""
    name: str
    """What it is for: an argument's name, `timestamp`, or `expires` of a login."""
    unit: str = ""
    """What it counts in if that is not milliseconds: `seconds`."""
    is_naive: bool = False
    """A time of one time zone was read as one of another."""
    reuse: Reuse | None = None
    mender: Verb | None = None

    @property
    def is_signed(self) -> bool:
        """False for the start and end of a query, which nobody signs by themselves."""
        return self.name not in TIMES | CCXTS

    def mend(self) -> Fix | None:
        """Count in milliseconds since 1970, UTC."""
        return Fix("count in milliseconds since 1970, UTC", (self.mender,), is_safe=True) if self.mender else None

    def words(self) -> Iterator[str]:
        yield self.name
        yield f"in {self.unit or 'milliseconds, perhaps'}"
        yield from ("of another zone",) if self.is_naive else ()
        yield from (f"reused: {self.reuse.value}",) if self.reuse else ()

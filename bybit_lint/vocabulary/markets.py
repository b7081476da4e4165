"""What a client makes of an order or a query that its caller meant otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from bybit_lint.vocabulary.fixes import Fix
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Span


class Unacknowledged(Noun):
    """A query that the client refuses until it is told that the bot knows how far back it looks."""

    what: str
    """The call in a few words: `fetch_order()`."""
    fix: Fix | None = None
    not_fixed: str = ""

    def words(self) -> Iterator[str]:
        yield self.what


class LostEntry(Noun):
    """An order with a price that the client makes the stops of a position of, so that it is never sent."""

    span: Span
    """The first of the two triggers that do it."""
    fix: Fix | None = None

    def words(self) -> Iterator[str]:
        yield "in a dict of a caller" if self.fix is None else "in a dict of its own"


class Mistake(Enum):
    """Which market a client takes something for. The value says what comes of it and what to write instead."""

    SPOT = "{said} is the spot market whatever defaultType says: {what} is for coins; write {meant} for the contract"
    CONTRACT = "{said} is a contract whatever defaultType says: {what} is no spot order; write {meant} for spot"
    NO_LEVERAGE = "{said} is the spot market, which has no leverage: {what} is refused; write {meant} for the contract"
    FORMER = "{said} is no market since V5: {what} raises BadSymbol; write {meant}"
    UNHEARD = "defaultType stands beside options: nothing takes notice of it; write {meant}"


class MarketMistake(Noun):
    """A market that is not the one that the bot speaks of elsewhere."""

    said: str
    mistake: Mistake
    what: str = ""
    """What it is for, in a few words: `create_order()`."""
    meant: str = ""
    fix: Fix | None = None

    def words(self) -> Iterator[str]:
        yield self.mistake.name.lower()
        yield self.said
        yield self.what

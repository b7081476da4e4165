"""What a bot says of the account it trades on, and the orders that do not fit it."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.fixes import Fix
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Related, Span


class Account(Noun):
    """What is proven of the account, at the place that says so."""

    position_mode: str = ""
    """`hedge` where positions of both sides are held beside each other; empty where that is not proven."""
    how: str = ""
    """What says so: `switched to`, or `named by its sides`."""

    def words(self) -> Iterator[str]:
        yield self.position_mode
        yield self.how


class UnindexedOrder(Noun):
    """An order of a contract in hedge mode that says nothing of the position it is for."""

    what: str
    """The call in a few words: `place_order()`."""
    account: Account | None
    """Where the bot itself says that the account is in hedge mode; None where the config says it."""
    fix: Fix | None = None

    @property
    def related(self) -> tuple[Related, ...]:
        if self.account is None:
            return ()
        return (Related(self.account.span, f"hedge mode is {self.account.how} here"),)

    def words(self) -> Iterator[str]:
        yield self.what
        yield self.account.how if self.account else "said by the config"


class UnreducedOrder(Noun):
    """An order opposite to a held position, of its size, that opens another one where that position is gone."""

    what: str
    """The call in a few words: `place_order()`."""
    instead: str
    """What to write, as its client calls it: `reduceOnly=True`."""
    side: Span
    """Where the side of the position is read."""
    size: Span
    """Where its size is read."""
    fix: Fix | None = None
    told: str = ""
    """What the bot's own wrapper is told so by (`reduce_only`), which it does not send."""

    @property
    def related(self) -> tuple[Related, ...]:
        return Related(self.side, "the position's side"), Related(self.size, "its size")

    def words(self) -> Iterator[str]:
        yield self.what
        yield f"without {self.instead}"
        yield f"told by {self.told}" if self.told else ""

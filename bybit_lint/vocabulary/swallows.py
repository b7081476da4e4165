"""Failures of orders that nobody hears of."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Span


class Swallow(Noun):
    """A handler that takes every failure of an order, after which the program goes on as if it had worked."""

    span: Span
    """The handler."""
    order: Span
    """The call whose failure it takes."""
    what: str
    """What is called, in a few words: `cancel_order()`."""
    is_logged: bool = False
    """True if the failure is written down, at least."""

    def words(self) -> Iterator[str]:
        yield self.what
        yield "logged" if self.is_logged else "passed over"

"""Calls of the bot's own functions on the way to Bybit that Python itself refuses."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Related


class ImpossibleCall(Noun):
    """A call that raises whatever it is given: what is called does not take that, or is not there at all."""

    called: str
    """`close()`, `Broker()`."""
    why: str
    """`takes no symbol`, `is no method of Broker`."""
    error: str
    """`TypeError` or `AttributeError`."""
    definition: Related

    def words(self) -> Iterator[str]:
        yield self.called
        yield self.why

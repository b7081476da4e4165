"""What all nouns have in common: the place where they were found, and words for what is proven of them."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.places import Span
from bybit_lint.vocabulary.record import Record


class Noun(Record):
    """Something at one place of a bot that rules judge. What it is called is the name of its class."""

    span: Span

    def words(self) -> Iterator[str]:
        """What is proven of it, for one line; `perhaps` is what is not. A value is told by its origins only.

        These words are printed: no key is ever among them.
        """
        raise NotImplementedError(f"{type(self).__name__} has no words")

"""What becomes of a read that has failed."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Related, Span


class UncheckedNone(Noun):
    """Something that is made of what a function gives, which has no such part where its request has failed."""

    name: str
    """The function, without parentheses: `wallet`."""
    value: str
    """What it gives then: `None`, `{"error": ...}`."""
    handler: Span
    """Where it gives that."""
    error: str
    """What is raised then: `TypeError`, `AttributeError`, `KeyError`."""

    @property
    def related(self) -> tuple[Related, ...]:
        return (Related(self.handler, f"a failure ends here as {self.value}"),)

    def words(self) -> Iterator[str]:
        yield f"{self.name}() raises {self.error}"


class EmptyRead(Noun):
    """A failed read of positions or orders that ends as a value which says that there are none."""

    what: str
    """What is called, without parentheses: `get_positions`."""
    value: str
    """What stands for the failure: `[]`; empty where nothing does, and the bot goes on as if it had asked."""
    test: Span
    """Where it is asked whether there is anything."""
    order: Span
    """The order that is placed where there is nothing."""

    @property
    def related(self) -> tuple[Related, ...]:
        return Related(self.test, "asked for here"), Related(self.order, "the order that follows")

    def words(self) -> Iterator[str]:
        yield f"{self.what}() ends as {self.value}" if self.value else f"{self.what}() is passed over"

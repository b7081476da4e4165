"""What becomes of a read that has failed."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Related, Span


class UncheckedNone(Noun):
    """Something that is made of what a function gives, which is None where what it asks Bybit for has failed."""

    name: str
    """The function, without parentheses: `wallet`."""
    handler: Span
    """Where it gives None."""
    error: str
    """What is raised then: `TypeError`, `AttributeError`."""

    @property
    def related(self) -> tuple[Related, ...]:
        return (Related(self.handler, "a failure ends here as None"),)

    def words(self) -> Iterator[str]:
        yield f"{self.name}() raises {self.error}"

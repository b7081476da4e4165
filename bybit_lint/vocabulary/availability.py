"""Requests that Bybit does not grant as they are: where they are sent to, and for how long a time they ask."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.fixes import Fix
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Related, Span


class DemoRequest(Noun):
    """A request to demo trading for something that is only there in real trading."""

    endpoint: str
    category: str = ""
    """The category it is not there for; empty where it is there for none."""
    client: Span | None = None
    """Where demo trading is selected, if that stands elsewhere."""

    @property
    def related(self) -> tuple[Related, ...]:
        return (Related(self.client, "demo trading is selected here"),) if self.client else ()

    def words(self) -> Iterator[str]:
        yield self.endpoint
        yield self.category


class WideRange(Noun):
    """A query for a longer time than its endpoint tells of at once."""

    endpoint: str
    days: int
    """From start to end, rounded up."""
    most: int

    def words(self) -> Iterator[str]:
        yield self.endpoint
        yield f"{self.days} of {self.most} days"


class BusyLoop(Noun):
    """A loop that asks Bybit in each round, and has a way round without a wait."""

    span: Span
    """The loop's first line."""
    what: str
    """What is asked: `get_positions()`."""
    by: Span | None = None
    """What leads round without a wait, where the other ways wait: a handler, or a `continue`."""
    is_failure: bool = False
    """True if that is a handler."""

    @property
    def related(self) -> tuple[Related, ...]:
        return (Related(self.by, "from here it goes round at once"),) if self.by else ()

    def words(self) -> Iterator[str]:
        yield self.what
        yield "after a failure" if self.is_failure else "by a jump" if self.by else "in each round"


class FirstPage(Noun):
    """A list of which only the first page is asked for, and which is gone through as if it were all of it."""

    span: Span
    """The request."""
    endpoint: str
    rows: int
    """How many come at most."""
    most: int
    """How many come at most where they are asked for."""
    used: Span | None = None
    """Where it is gone through."""
    fix: Fix | None = None

    @property
    def related(self) -> tuple[Related, ...]:
        return (Related(self.used, "it is gone through here"),) if self.used else ()

    def words(self) -> Iterator[str]:
        yield self.endpoint
        yield f"{self.rows} of {self.most} rows"

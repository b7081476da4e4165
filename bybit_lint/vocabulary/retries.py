"""What is sent again after it failed."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.fixes import Fix, Verb
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Span

CONNECTION = "the connection"


class Retry(Noun):
    """Something sent to Bybit again after it failed, and the wait before it."""

    span: Span
    """Where the delay is decided: the call that sleeps, or the retry library's setting."""
    repeats: Span
    """The call that is made again."""
    what: str
    """What is made again, in a few words: `place_order`, `the connection`."""
    delay: str
    """How long it waits, in a few words: "always 5 s", "2 ** attempt"."""
    is_synchronised: bool
    """Proven: every bot that failed at the same moment waits equally long."""
    spreader: Verb | None = None
    is_hot: bool = False
    """Proven: nothing makes it wait and nothing ends it but success."""

    @property
    def is_connection(self) -> bool:
        """True for a socket, to which Bybit answers no retCodes."""
        return self.what == CONNECTION

    def jitter(self) -> Fix | None:
        """Wait a random part of the delay, at least half of it."""
        return (
            Fix("spread the delay at random within its bounds", (self.spreader,), is_safe=True)
            if self.spreader
            else None
        )

    def words(self) -> Iterator[str]:
        yield f"{self.what} {self.delay},"
        yield "hot" if self.is_hot else "synchronised" if self.is_synchronised else "perhaps spread"

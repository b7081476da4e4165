"""What keeps a coroutine, and with it all others, waiting."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.findings import Repair
from bybit_lint.vocabulary.fixes import Fix, Verb
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Span


class Blocking(Noun):
    """A call in a coroutine that does not give way while it waits."""

    what: str
    """What is called, in a few words: `time.sleep()`, `get_tickers()`."""
    is_pause: bool
    """True if it only sleeps, False if it waits for an answer."""
    waits: Span | None = None
    """Where it waits, if that is in a function of the bot's own."""
    verb: Verb | None = None
    """How it is made to give way, where that is known."""
    reason: str = ""
    """Why that is not known."""

    def give_way(self) -> Repair:
        """Sleep without holding up the others, or wait for the answer in a thread, beside which they go on."""
        if self.verb is None:
            return {"not_fixed": self.reason}
        title = "sleep without holding up the others" if self.is_pause else "wait for the answer in a thread"
        return {"fix": Fix(title, (self.verb,), is_safe=self.is_pause)}

    def words(self) -> Iterator[str]:
        yield self.what
        yield from (f"waits at {span.path}:{span.line}" for span in [self.waits] if span)

"""Orders that are sent again although the first one may have been placed."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.findings import Repair
from bybit_lint.vocabulary.fixes import Fix, Verb
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Related, Span


class Resend(Noun):
    """An order that is sent again after a failure which does not say whether it was placed."""

    span: Span
    """The call that is made again: the order itself, or a function of the bot's own that places it."""
    what: str
    """What is made again, in a few words: `place_order()`."""
    cause: Related
    """What makes it again."""
    is_anonymous: bool = False
    """Proven: the order has no orderLinkId."""
    is_renamed: bool = False
    """Proven: each try has an orderLinkId of its own."""
    order: Span | None = None
    """Where the order is sent, if that is another place."""
    verbs: tuple[Verb, ...] = ()
    """How all tries are given one orderLinkId, where that is known."""

    def places(self) -> tuple[Related, ...]:
        """What makes it again, and where the order is sent."""
        return (self.cause, *([Related(self.order, "the order is sent here")] if self.order else ()))

    def carry_link_id(self) -> Repair:
        """Give all tries one orderLinkId, made before the first: Bybit then refuses the second as a duplicate."""
        if not self.verbs:
            return {"not_fixed": "the orderLinkId has to be made where the order is decided on, outside of the retry"}
        return {"fix": Fix("make one orderLinkId before the first try", self.verbs)}

    def words(self) -> Iterator[str]:
        yield f"{self.what} {self.cause.message},"
        yield "anonymous" if self.is_anonymous else "renamed" if self.is_renamed else "perhaps known"

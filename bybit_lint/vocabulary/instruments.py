"""What a bot takes for an instrument's filters."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.findings import Repair
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Related


class FilterField(Noun):
    """A field of an instrument that the bot reads, although the instrument has none or it is no step."""

    name: str
    effect: str
    """What happens to the bot or its orders."""
    fault: str
    """Why: what is wrong with the field."""
    related: Related
    """The request it is the answer to, or the order it ends in."""
    repair: Repair
    categories: tuple[str, ...] = ()
    """Those of the instruments; one may be empty, which is not known."""
    is_price: bool = False
    """True if it is about prices, False for quantities."""
    is_ordered: bool = True
    """False where the bot stops before it orders anything, or where it reads no step."""

    def words(self) -> Iterator[str]:
        yield f"{self.name}: {self.fault}"

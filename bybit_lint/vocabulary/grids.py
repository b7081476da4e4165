"""Numbers of orders that are on no multiple of the instrument's step or tick."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.findings import Repair
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Related, Span
from bybit_lint.vocabulary.values import UNROUNDED, Kind, Origin


class OffGrid(Noun):
    """A number that is sent to Bybit and is off the instrument's grid, told once (see `Argument.stand`)."""

    name: str
    """The argument of an order that it becomes, as the bot writes it (`qty`, `stop_loss`)."""
    is_price: bool
    origin: Origin
    related: tuple[Related, ...]
    repair: Repair
    categories: tuple[str, ...] = ()
    """Those of the orders it is for; one may be empty, which is not known."""

    @property
    def is_unrounded(self) -> bool:
        """True if nobody has rounded it; otherwise it has a fixed number of decimals."""
        return self.origin.kind in UNROUNDED

    @property
    def is_cut(self) -> bool:
        """True if it is on the grid at last, and lost more on the way than the grid asks for."""
        return self.origin.kind in (Kind.CUT, Kind.COARSENED)

    @property
    def cut_when(self) -> str:
        """On which side of the rounding to the grid it was cut."""
        return "before" if self.origin.kind is Kind.CUT else "after"

    @property
    def story(self) -> str:
        """What happened to it, as the begin of a sentence."""
        return f"{self.name} {self.origin.story}"

    def words(self) -> Iterator[str]:
        yield self.story
        yield from (f"{end.message} at {end.span.path}:{end.span.line}" for end in self.related)


class GuessedStep(Noun):
    """A literal that takes the place of an instrument's step or minimum once its look-up has failed."""

    code: str
    """The number: `0.1`."""
    fields: tuple[str, ...]
    """What Bybit calls that in whose place it stands, or others beside it: `qtyStep`, `minOrderQty`."""
    order: Span
    """The order whose number is made with it."""
    categories: tuple[str, ...] = ()
    """Those of the orders it is for; one may be empty, which is not known."""

    @property
    def related(self) -> tuple[Related, ...]:
        return (Related(self.order, "the order that it is for"),)

    @property
    def stead(self) -> str:
        """In whose place it stands: `qtyStep, tickSize and minOrderQty`."""
        *others, last = self.fields
        return f"{', '.join(others)} and {last}" if others else last

    def words(self) -> Iterator[str]:
        yield f"{self.code} for {self.stead}"

"""Roundings to the instrument's step that are wrong for some steps."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from bybit_lint.vocabulary.findings import Repair
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Related


class Misrounding(Enum):
    """What goes wrong when a number is rounded to a step. The value says which number comes out wrong, and how."""

    QUANTIZE = "quantize() keeps the step's decimals and no more: 123.7 stays 123.7 at step 0.5, and 1237 at step 10"
    FLOATS = "multiplying by a float step misses the step: 3 * 0.1 is 0.30000000000000004"
    RECIPROCAL = "dividing by 1 / step misses steps such as 0.00001: 1 / 0.00001 is 99999.99999999999"
    FLOOR = "cutting a quotient of floats can lose a whole step: floor(0.29 / 0.01) is 28, and the rest stays open"
    SUM = "adding floats misses the step: 0.1 + 0.2 is 0.30000000000000004"
    TEXT = "counting the step's decimals is wrong for steps such as 0.5, 10 or 0.10"
    MINIMUM = "the least quantity is not the step, and counting its decimals is wrong for 0.5, 10 or 0.10"
    LOGARITHM = "the logarithm of the step is wrong for steps such as 0.5 or 5"
    DIGITS = "ccxt gives a step here, no number of decimals: round(x, 0.001) is an error, and 10 ** -0.001 is no step"
    EXPONENT = "normalize() turns 100 into the text 1E+2"
    SCALE = "priceScale is how a price is shown, and the tick may be coarser"


class Rounding(Noun):
    """A place that rounds to an instrument's step in a way that fails for some steps, and whose result is ordered."""

    how: Misrounding
    number: str
    """The argument of an order that it ends in (`qty`)."""
    related: tuple[Related, ...]
    """Where its result is handed on, and the orders."""
    repair: Repair
    categories: tuple[str, ...] = ()
    """Those of the orders it is for; one may be empty, which is not known."""
    is_price: bool | None = None
    """Whether a price is rounded or a quantity; None for both."""

    def words(self) -> Iterator[str]:
        yield f"by {self.how.name.lower()} for {self.number}"

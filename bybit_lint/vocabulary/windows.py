"""How long after its timestamp Bybit takes a request."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import ClassVar

from bybit_lint.vocabulary.fixes import Fix, Verb
from bybit_lint.vocabulary.nouns import Noun

DEFAULT = 5000
"""Milliseconds that Bybit grants if nobody asks for more (https://bybit-exchange.github.io/docs/v5/guide)."""
LONGEST = 2 * DEFAULT
"""Twice of that forgives any clock worth the name; whatever is older may be about a price that is gone."""


class WindowPlace(Enum):
    """Who is given a recv_window, and whether they look at it."""

    CLIENT = "a client that counts with it"
    HEADER = "Bybit, in a header"
    QUERY = "Bybit, in the header of what only asks"
    PARAMETERS = "Bybit, among the parameters"
    CONFIG = "a config that is read"
    METHOD = "a method that asks nobody for it"
    NOBODY = "a config that is not read there"


class Window(Noun):
    """A recv_window that is set somewhere."""

    USUAL: ClassVar = DEFAULT

    place: WindowPlace
    milliseconds: int | None = None
    """The number it is proven to be, as text or not, on some way through the code."""
    is_text: bool = False
    number: Verb | None = None
    """Makes a number of it."""
    remover: Verb | None = None
    setter: Verb | None = None
    """Writes the default."""

    @property
    def is_misplaced(self) -> bool:
        """True if nobody reads it where it stands."""
        return self.place in (WindowPlace.METHOD, WindowPlace.NOBODY)

    @property
    def is_short(self) -> bool:
        """True below the default; 0 leaves the choice to Bybit."""
        return self.milliseconds is not None and not self.is_misplaced and 0 < self.milliseconds < DEFAULT

    @property
    def is_long(self) -> bool:
        is_of_orders = not self.is_misplaced and self.place is not WindowPlace.QUERY
        return self.milliseconds is not None and is_of_orders and self.milliseconds > LONGEST

    def as_number(self) -> Fix | None:
        return Fix("make it a number", (self.number,), is_safe=True) if self.number else None

    def leave_out(self) -> Fix | None:
        """Take it out of the request. Unsafe: an order is sent without it then."""
        return Fix("take it out of the request", (self.remover,)) if self.remover else None

    def reset(self) -> Fix | None:
        """Go back to Bybit's default. Unsafe: requests that come late are refused then, or taken."""
        return Fix(f"set it to {DEFAULT}, Bybit's default", (self.setter,)) if self.setter else None

    def words(self) -> Iterator[str]:
        yield "of unknown length" if self.milliseconds is None else f"{self.milliseconds} ms"
        yield "as text" if self.is_text else ""
        yield f"for {self.place.value}"

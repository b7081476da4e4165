"""Calls that say something else than Bybit or its client understands: names, values, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from bybit_lint.vocabulary.findings import Repair
from bybit_lint.vocabulary.fixes import Fix, Rename, Replace, Rewrite
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Span

TWICE = "a text beside it says the same, and has to be changed with it: if it is signed, nothing else may be sent"


class Misnamed(Noun, uncompared=("is_said_twice",)):
    """An argument under a name that the endpoint does not know."""

    endpoint: str
    name: str
    meant: str = ""
    """The parameter it is taken for; empty where there is none like it."""
    target: Span | None = None
    """The argument, where its name stands beside it and can be changed."""
    is_harmless: bool = False
    """Proven: under the right name no order differs from one that worked, because there was none or it only asks."""
    unblocks_orders: bool = False
    is_needed: bool = False
    """True if Bybit may refuse the request for lack of what is meant."""
    is_order: bool = False
    """True for an order, not for a position's stops."""
    is_off: bool = False
    """Proven: it says False."""
    category: str = ""
    """The category of the request; empty where that is not proven."""
    elsewhere: str = ""
    """The endpoint of orders or positions that knows the name, if this one knows none like it."""
    instead: str = ""
    """What becomes of the order without it, and what to write instead, where that is known."""
    is_said_twice: bool = False
    """A text beside it says it once more, as the query that is signed does."""

    def rename(self) -> Repair:
        """Give it the name it is taken for."""
        if not self.meant:
            return {"not_fixed": "only you know what it is meant for"}
        if self.target is None:
            return {"not_fixed": "the name is not written beside the value"}
        if self.is_said_twice:
            return {"not_fixed": TWICE}
        fix = Fix(f"call it {self.meant}", (Rename(self.target, self.meant),), self.is_harmless, self.unblocks_orders)
        return {"fix": fix}

    def words(self) -> Iterator[str]:
        yield self.name
        yield f"({self.meant})" if self.meant else "(unknown)"
        yield f"for {self.category}" if self.category else ""


class Misvalued(Noun, uncompared=("endpoint", "sent", "is_alone", "code", "market", "is_in_text", "is_said_twice")):
    """A literal that is none of its parameter's values."""

    span: Span
    """Where the literal is written."""
    endpoint: str
    """One that it is sent to; there may be others."""
    name: str
    said: str
    """The literal as text."""
    values: tuple[str, ...] = ()
    """All values the parameter has, where they are listed."""
    category: str = ""
    """For a symbol: the category that its form belongs to."""
    sent: Span | None = None
    """Where it is sent, if that is somewhere else; there may be others."""
    is_alone: bool = False
    """Proven: what is sent is a name for the literal, and nothing else reads that name."""
    right: str = ""
    """Source text of the value that it is taken for; empty where there is none like it."""
    is_harmless: bool = False
    """Proven: with the right value no order differs from one that worked."""
    unblocks_orders: bool = False
    written: str = ""
    """The parameter as the bot calls it, if that is another name."""
    code: str = ""
    """The literal as it is written."""
    market: str = ""
    """The category of the request; empty where that is not proven."""
    most: int = 0
    """The largest number that the parameter has; 0 where no such is stated."""
    flaw: str = ""
    """What is wrong with a text that has not the shape of its parameter's: `"." in it`."""
    shape: str = ""
    """That shape, in words; empty where the values are listed."""
    is_in_text: bool = False
    """It stands in the query of an address."""
    against: str = ""
    """The argument that has to have the same value and has another, as `slSize=50`."""
    reduced_by: str = ""
    """For the positionIdx of an order with reduceOnly: the side of the order, which is that of the position as well."""
    is_of_others: bool = False
    """Other endpoints have this value: perhaps it is one of them that is meant to be asked."""
    is_said_twice: bool = False
    """A text beside it says it once more, as the query that is signed does."""

    def correct(self) -> Repair:
        """Write the value it is taken for."""
        if self.most:
            return {"not_fixed": "only you know how many rows are needed"}
        if self.against or self.reduced_by:
            return {"not_fixed": "only you know which of the two is meant"}
        if not self.right:
            return {"not_fixed": "only you know which value is meant"}
        if self.sent is not None and not self.is_alone:
            return {"not_fixed": "the same text may be used for something else on its way to the request"}
        if self.is_said_twice:
            return {"not_fixed": TWICE}
        verb = Rewrite(self.span, self.right) if self.is_in_text else Replace(self.span, "", self.right)
        fix = Fix(f"write {self.right}", (verb,), self.is_harmless, self.unblocks_orders)
        return {"fix": fix}

    def words(self) -> Iterator[str]:
        yield self.name
        yield f"({self.right or self.category})" if self.right or self.category else ""
        yield f"over {self.most}" if self.most else ""
        yield f"with {self.flaw}" if self.flaw else ""
        yield f"beside {self.against}" if self.against else ""
        yield f"reduced by a {self.reduced_by}" if self.reduced_by else ""
        yield f"for {self.market}" if self.market else ""


class Missing(Noun):
    """Parameters that a request needs and is proven not to have."""

    endpoint: str
    names: tuple[str, ...]
    because: str = ""
    """What makes them necessary (`orderType=Limit`); empty where they always are."""
    is_choice: bool = False
    """True if one of them would do."""
    is_order: bool = False
    category: str = ""
    """The category of the request; empty where that is not proven."""
    otherwise: str = ""
    """What is done without them, in a few words; empty where Bybit refuses the request."""
    who: str = "Bybit"
    """Who does that: Bybit, or the client before anything is sent."""

    def words(self) -> Iterator[str]:
        yield ("|" if self.is_choice else " ").join(self.names)
        yield f"with {self.because}" if self.because else ""
        yield f"for {self.category}" if self.category else ""
        yield from (("accepted",) if self.who == "Bybit" else (f"refused by {self.who}",)) if self.otherwise else ()


class Break(Enum):
    """Why a client cannot make a call. The value says it, with the method and what it is taken for."""

    UNKNOWN = "this client has no method {name}: the call stops with an AttributeError{guess}"
    MINUS = "{name} is a subtraction, which stops with an error{guess}"
    POSITIONAL = "{name} takes named arguments only: the call stops with a TypeError; name each of them"
    MISPLACED = "{name} takes this dict for its {meant}, and nothing in it is sent; write params= before it"
    PRICED = "{name} takes this dict for its price, and stops with a decimal.InvalidOperation; write params= before it"
    UNEXPECTED = "{name} takes no argument {said}: the call stops with a TypeError{guess}"
    OUTSIDE = "{name} takes no argument {said}: the call stops with a TypeError; write it in params"
    EXCHANGED = "{name} takes the id first and the symbol second: ccxt knows no such market, and raises BadSymbol"
    COUNTED = "{name} takes {said} for its since, a moment in ms of 1970: old rows come; write limit={said}"


class BrokenCall(Noun):
    """A call that its client cannot make: it fails, or sends something else, whatever Bybit would say."""

    library: str
    name: str
    """The method."""
    flaw: Break
    meant: str = ""
    """The method it is taken for, or the argument that is; empty where there is none like it."""
    fix: Fix | None = None
    said: str = ""
    """The argument as it is written, where that is what is wrong."""

    def words(self) -> Iterator[str]:
        yield self.library
        yield self.name
        yield f"({self.meant})" if self.meant else ""
        yield self.flaw.name.lower()
        yield self.said

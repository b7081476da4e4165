"""What is asked of Bybit: requests, and the orders among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import ClassVar

from bybit_lint.vocabulary.findings import Repair
from bybit_lint.vocabulary.fixes import Fix, Replace, SetArgument, Unwrap, Wrap
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Span
from bybit_lint.vocabulary.values import Argument, Kind, Origin


class Request(Noun, uncompared=("arguments",)):
    """One call of a Bybit endpoint, whichever client makes it, or a call of the bot's own wrapper around one.

    Where one call of a wrapper asks for the same on several ways, it asks once: what is an order is told apart by what
    it sends, too.
    """

    library: str
    endpoint: str
    """The V5 path (`/v5/order/create`)."""
    arguments: Mapping[str, Argument] = MappingProxyType({})
    is_closed: bool = True
    """False if there may be arguments that cannot be seen (`**kwargs`, a dict from elsewhere)."""
    client: str | None = None
    """Source text of the client, or of the base URL for raw requests, that can be asked beside the call."""
    is_awaited: bool = False
    sent: Span | None = None
    """The request inside the wrapper, where `span` is a call of the bot's own wrapper."""
    place: str = ""
    """The function it is made in."""
    is_json: bool = False
    """True if JSON is made of what is sent, or of a part of it."""
    is_settled: bool = False
    """Proven: whoever calls the function around it, nothing else is to be told of it."""
    is_endless: bool = False
    """Proven: nothing ends its wait for an answer."""

    @property
    def category(self) -> str:
        """The category it is for; empty where that is not proven."""
        return str(self.constant("category") or "")

    def constant(self, name: str) -> object:
        """The value of an argument where it is one proven literal, else None."""
        held = self.arguments.get(name)
        return held.value.constant if held else None

    def lacks(self, name: str) -> bool:
        """True only if it is proven that the argument is not sent."""
        return self.is_closed and (name not in self.arguments or self._is_left_out(name))

    def _is_left_out(self, name: str) -> bool:
        """True for None in pybit's methods, which send all but that (pybit 5.17.0, `_clean_query()`)."""
        return self.library == "pybit" and self.arguments[name].is_nothing

    def limit_wait(self) -> Fix:
        """Give up after ten seconds, as pybit does by itself."""
        return Fix("wait ten seconds for an answer", (SetArgument(self.span, "timeout", "10"),))

    def decimals(self) -> Iterator[Argument]:
        """The arguments of which no JSON can be made, those that are decided where the finding stands."""
        for argument in self.arguments.values() if self.is_json else ():
            if argument.is_decimal and (self.sent is None or argument.is_passed):
                yield argument

    @staticmethod
    def write_out(argument: Argument) -> Fix:
        """Send a number as text, without an exponent."""
        verb = Wrap(argument.target, "format", (), ('"f"',), module="builtins")
        return Fix("send the number as text", (verb,), is_safe=True, unblocks_orders=True)

    def words(self) -> Iterator[str]:
        yield self.endpoint
        yield from (f"{name}={argument.kinds}" for name, argument in sorted(self.arguments.items()))
        yield from () if self.is_closed else ("...",)
        yield from (f"sent at {span.path}:{span.line}" for span in [self.sent] if span)


FINEST = "3"
"""The decimals that no step of a contract is finer than, as most bots trade them."""

SPOT_UNIT = ("marketUnit", "side", "orderType")


class Order(Request, costly=("arguments",)):
    """A Request that places or changes an order or a position's stops; a batch gives one Order per leg."""

    QUANTITIES: ClassVar = ("qty", "tpSize", "slSize")
    NEW: ClassVar = ("/v5/order/create", "/v5/order/create-batch")
    is_id_said_again: bool = False
    """True if the text of its constant orderLinkId stands somewhere else too."""
    PRICES: ClassVar = (
        "price",
        "triggerPrice",
        "takeProfit",
        "stopLoss",
        "tpLimitPrice",
        "slLimitPrice",
        "activePrice",
    )

    def quantities(self) -> Iterator[Argument]:
        """The arguments that Bybit holds against the instrument's lot size; seen from a caller, those it decides."""
        return self._decided(self.QUANTITIES)

    @property
    def closes(self) -> bool:
        """Proven: it only reduces a position."""
        reduces = self.arguments.get("reduceOnly")
        return reduces is not None and reduces.value.constant in (True, "true")

    @property
    def is_market(self) -> bool:
        """Proven: it takes what the book has, and waits for no price."""
        order_type = self.arguments.get("orderType")
        return order_type is not None and order_type.value.constant == "Market"

    @property
    def is_spot_market_buy(self) -> bool:
        """Proven, and told to whoever decides it."""
        said = {"category": "spot", "side": "Buy", "orderType": "Market"}
        held = [self.arguments.get(name) for name in said]
        is_new = self.sent is None or any(argument.is_passed for argument in held if argument)
        return is_new and [argument and argument.value.constant for argument in held] == [*said.values()]

    @property
    def constant_link_id(self) -> Argument | None:
        """The orderLinkId of a new order, if it is one and the same text each time, whoever calls."""
        argument = self.arguments.get("orderLinkId") if self.endpoint in self.NEW and self.sent is None else None
        constant = argument.value.constant if argument else None
        return argument if constant and isinstance(constant, str) else None

    def renew_link_id(self, link_id: Argument) -> Repair:
        """Make an orderLinkId for each order."""
        if self.is_id_said_again or [origin.span for origin in link_id.value.origins] != [link_id.target]:
            return {"not_fixed": "the text stands elsewhere, where it may be needed to find the order again"}
        verb = Replace(link_id.target, "new_order_link_id")
        return {"fix": Fix("make an orderLinkId for each order", (verb,), unblocks_orders=True)}

    @property
    def is_for_one_instrument(self) -> bool:
        """True if the symbol is written out beside the number: its decimals may have been chosen for it."""
        symbol = self.arguments.get("symbol")
        return symbol is not None and [(o.kind, o.span) for o in symbol.value.origins] == [(Kind.CONSTANT, symbol.span)]

    def prices(self) -> Iterator[Argument]:
        """The arguments that Bybit holds against the instrument's tick; a market order's price counts for nothing."""
        return self._decided(self.PRICES[1:] if self.is_market else self.PRICES)

    def _decided(self, names: Iterable[str]) -> Iterator[Argument]:
        for name in names:
            argument = self.arguments.get(name)
            if argument is not None and (self.sent is None or argument.is_passed):
                yield argument

    def off_grid(self) -> Iterator[tuple[Argument, Origin]]:
        """The numbers that are off the instrument's grid, or coarser than it, and what put them there."""
        for number in (*self.quantities(), *self.prices()):
            origin = number.value.unrounded or self._unfit_decimals(number)
            is_all = origin is not None and origin.kind is Kind.AGGREGATE  # of a coin, to be paid with
            if origin is not None and not (is_all and self._is_fine(number, origin)):
                yield number, origin

    def _unfit_decimals(self, number: Argument) -> Origin | None:
        """What gave a number decimals that do not fit all instruments it may be for."""
        fixed = number.value.fixed or number.value.cut or number.value.coarsened
        if fixed is None and number.name in self.PRICES:  # a size with fewer decimals is a bit smaller, and no more
            fixed = number.value.trimmed
        is_fine = fixed is None or self.is_for_one_instrument or self._is_fine(number, fixed)
        return None if is_fine else fixed

    def _is_fine(self, number: Argument, origin: Origin) -> bool:
        """True if a fixed number of decimals does no harm.

        Whole prices fit all ticks but the largest. Quote coin has more decimals than anybody chooses, and contracts of
        inverse have none: one is one dollar
        (https://bybit-exchange.github.io/docs-legacy/futuresV2/inverse/#t-placeactive).
        """
        if number.name in self.PRICES:
            return origin.is_whole
        if origin.kind is Kind.COARSENED and origin.note == FINEST:
            return True
        category = self.arguments.get("category")
        if category is None:
            return False
        are_contracts = category.value.constant == "inverse" and origin.is_whole
        return are_contracts or self.unit(category) == "quoteCoin"

    def rounding(self, number: Argument) -> Repair:
        """Round a number to the instrument's step or tick, or the reason why that cannot be done here."""
        grid = "tick" if number.name in self.PRICES else "step"
        category, symbol = (self.arguments.get(name) for name in ("category", "symbol"))
        if self.client is None:
            return {"not_fixed": f"no client is at hand here that could be asked for the instrument's {grid}"}
        if category is None or symbol is None or category.code is None or symbol.code is None:
            return {"not_fixed": "category and symbol are not at hand beside the number"}
        named = [argument.place for argument in (category, symbol) if argument.written is None]
        if any(place != number.place for place in (self.place, *named)):
            return {"not_fixed": "client, category and symbol are not at hand where the number is written"}
        leading = (self.client, category.code, symbol.code)
        if grid == "tick":
            return self._rounded(number, "round_price", leading, self.direction(number), grid)
        unit = self.unit(category)
        if unit is None:
            return {"not_fixed": "only you know whether this quantity is in base or quote coin"}
        return self._rounded(number, "round_qty", leading, 'unit="quoteCoin"' if unit == "quoteCoin" else "", grid)

    @staticmethod
    def _rounded(number: Argument, helper: str, leading: tuple[str, ...], option: str, grid: str) -> Repair:
        verb = Wrap(number.target, helper, leading, (option,) if option else (), peel="str")
        what = "price" if grid == "tick" else "quantity"
        title = f"round the {what} to the instrument's {grid}"
        is_partial = number.value.fixed is not None
        return {"fix": Fix(title, (verb,), is_safe=True, unblocks_orders=True, is_partial=is_partial)}

    @staticmethod
    def uncut(origin: Origin) -> Repair:
        """Take a rounding to a fixed number of decimals out that comes before the one to the step."""
        if origin.rounding is None:
            return {"not_fixed": "what rounds it may be needed elsewhere; take it out if it is not"}
        verb = Unwrap(origin.rounding.whole, origin.rounding.number)
        return {"fix": Fix("leave the rounding to the instrument", (verb,), unblocks_orders=True)}

    def direction(self, price: Argument) -> str:
        """How a price is told to be rounded so that it gets no worse: a selling limit up, all others down."""
        side = self.arguments.get("side")
        if price.name != "price" or side is None or side.said == "Buy":
            return ""
        if side.said is not None:
            return "up=True" if side.said == "Sell" else ""
        return f'up={side.code} == "Sell"' if side.code is not None and side.place == price.place else ""

    def unit(self, category: Argument) -> str | None:
        """The coin the quantity is counted in: spot market buys count in quote coin unless marketUnit says otherwise.

        https://bybit-exchange.github.io/docs/v5/order/create-order
        """
        if category.written in ("linear", "inverse", "option"):
            return "baseCoin"
        said = {name: self.arguments[name].said if name in self.arguments else None for name in SPOT_UNIT}
        if said["marketUnit"] in ("baseCoin", "quoteCoin"):
            return str(said["marketUnit"])
        if said["side"] == "Sell" or said["orderType"] == "Limit":
            return "baseCoin"
        is_plain = category.written == "spot" and self.lacks("marketUnit")
        return "quoteCoin" if is_plain and said["side"] == "Buy" and said["orderType"] == "Market" else None

"""What ccxt makes of orders and queries that were meant otherwise: other markets, other requests, refusals.

https://github.com/ccxt/ccxt/blob/v4.5.90/python/ccxt/bybit.py: `create_order_request()`, `create_order()`, `market()`,
`set_leverage()` and `fetch_order()`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property

from bybit_lint.analysis.domains.strings import HOLE
from bybit_lint.analysis.flow.exception_handlers import enclosing_attempts
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.traffic.arguments import Argument
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.values.terms import Constant, alternatives
from bybit_lint.clients import ArgumentView, ccxt, entries_of
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.orders.params import entry
from bybit_lint.knowledge import accounts, dialects
from bybit_lint.vocabulary import (
    Fix,
    LostEntry,
    MarketMistake,
    Mistake,
    Noun,
    Order,
    Rename,
    Request,
    Rewrite,
    Span,
    Unacknowledged,
    Verb,
)

TRIGGERS = {"stopLossPrice": "stopLoss", "takeProfitPrice": "takeProfit"}
"""What makes a stop or a target of an order, and what adds one to it."""
LEVERAGE = "/v5/position/set-leverage"
REFUSES_SINCE = "4.4.6"
"""4.3.95 knows no acknowledgement, 4.4.6 wants one."""
SOME = "…"
"""What stands in a message for a part of a text that is not known."""


@extracts(LostEntry, MarketMistake, Unacknowledged, words="ccxt")
class Markets:
    """The calls of unified methods that do something else than their caller means."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.traffic, self.effects = analysis.program, analysis.traffic, analysis.effects
        self.packages = analysis.packages

    def facts(self, module: Module) -> Iterator[Noun]:
        for call, request in self.traffic.requests.get(module, ()):
            if request.library != ccxt.LIBRARY or not call.is_only or ccxt.place_of_params(call) is None:
                continue
            if isinstance(request, Order) and request.endpoint in Order.NEW:
                yield from self._lost(call, request)
            yield from self._mistaken(call, request)
            if ccxt.method_of(call).name in dialects.ccxt_acknowledged():
                yield from self._unacknowledged(module, call)

    # What is refused --------------------------------------------------------------------------------------------------

    def _unacknowledged(self, module: Module, call: Call) -> Iterator[Unacknowledged]:
        """A query for one order that says nothing of being acknowledged, unless the account is a classic one."""
        if call.sent is not None or self._is_classic(call) or self._is_acknowledged:
            return
        if self.packages.versions(module, "ccxt").is_below(REFUSES_SINCE):
            return
        params = call.get("params", ccxt.place_of_params(call))
        is_known = call.is_closed and (params is None or (params.entries is not None and params.is_closed))
        if not is_known or "acknowledged" in entries_of(params):
            return
        if any(self._asks_again(module, attempt) for attempt in enclosing_attempts(module.names, call.site.node)):
            return
        fix = _acknowledged(call) if call.get("symbol", 1) else None
        why = (
            ""
            if fix
            else "the symbol is missing, too"
            if not call.get("symbol", 1)
            else "its params are made elsewhere"
        )
        yield Unacknowledged(call.own_span, f"{ccxt.method_of(call).name}()", fix, why)

    def _is_classic(self, call: Call) -> bool:
        options = ccxt.options(call)
        unified = options.get("enableUnifiedAccount")
        said = self.program.project.account.type
        return said not in ("", accounts.UNIFIED) or "fetchOrder" in options or unified is not None

    @cached_property
    def _is_acknowledged(self) -> bool:
        """True if the bot may acknowledge it for all its calls, in the options of its exchange."""
        return any(self.program.project.says(said) for said in (b'"fetchOrder"', b"'fetchOrder'"))

    def _asks_again(self, module: Module, attempt: ast.Try) -> bool:
        """True if a handler asks otherwise: then the refusal does no harm."""
        names = module.names
        calls = names.calls_in[names.scope(attempt).function.node]
        inside = [c for handler in attempt.handlers for c in calls if names.stands_in(handler.body, c)]
        return any(self.effects.reaches_bybit(module, c) for c in inside)

    # What becomes another request -------------------------------------------------------------------------------------

    def _lost(self, call: Call, order: Order) -> Iterator[LostEntry]:
        """An order with a price, and two triggers that make the stops of a position of it."""
        params = call.get("params", ccxt.place_of_params(call))
        entries = entries_of(params)
        found = {name: entries[name] for name in TRIGGERS if name in entries and entries[name].code != "None"}
        is_plain = order.lacks("reduceOnly") and "triggerPrice" not in entries
        is_limit = order.constant("orderType") == "Limit" and "price" in order.arguments
        is_news = call.sent is None or any(held.is_added for held in found.values())
        if len(found) == len(TRIGGERS) and is_plain and is_limit and is_news:
            fix = Fix("attach them to the order", tuple(_attached(found)), unblocks_orders=True)
            yield LostEntry(found["stopLossPrice"].span, fix if call.sent is None else None)

    # What is for another market ---------------------------------------------------------------------------------------

    def _mistaken(self, call: Call, request: Request) -> Iterator[MarketMistake]:
        """A symbol of another market than the exchange is made for, or of none, told where it is one.

        What is made of whatever callers pass is told where that is done.
        """
        symbol = ccxt.symbol_of(call)
        said = _said(symbol) if symbol else ""
        is_made_here = call.sent is not None and call.own_span in self._made
        if symbol is None or not said or is_made_here or not (call.sent is None or symbol.is_passed):
            return
        like = said.replace(SOME, "X")
        kind, traded = ccxt.category_of(like), ccxt.traded(call)
        what = f"{ccxt.method_of(call).name}()"
        is_order = isinstance(request, Order)
        if kind == "spot" and request.category in ("linear", "inverse"):
            return  # ccxt sends the category of `params` and the symbol's letters: that is the contract
        base, _, quote = said.partition("/")
        contract = f"{said}:{quote}"
        if request.endpoint == LEVERAGE and kind == "spot" and quote in ("USDT", "USDC"):
            yield MarketMistake(symbol.value.span, said, Mistake.NO_LEVERAGE, what, contract)
        elif ccxt.FORMER.fullmatch(like) and traded in ("linear", "inverse") and request.category != "spot":
            meant = f"{said}:{base}"
            yield MarketMistake(symbol.value.span, said, Mistake.FORMER, what, meant, _respelt(symbol, said, meant))
        elif is_order and kind == "spot" and traded == "linear" and not self._is_both("linear"):
            yield MarketMistake(symbol.value.span, said, Mistake.SPOT, what, contract)
        elif is_order and kind == "linear" and traded == "spot" and not self._is_both("spot"):
            yield MarketMistake(symbol.value.span, said, Mistake.CONTRACT, what, said.partition(":")[0])

    @cached_property
    def _made(self) -> set[Span]:
        """The calls that make their symbol of what callers pass."""
        calls = (call for found in self.traffic.requests.values() for call, _ in found if call.sent is None)
        symbols = ((call, ccxt.symbol_of(call)) for call in calls)
        return {call.own_span for call, symbol in symbols if symbol and SOME in _said(symbol)}

    def _is_both(self, category: str) -> bool:
        """True if the bot names markets of a category, so that it means each symbol as it stands."""
        return category in self._named

    @cached_property
    def _named(self) -> frozenset[str]:
        found = [ccxt.symbol_of(call) for told in self.traffic.requests.values() for call, _ in told]
        texts = (text for symbol in found if symbol for text in symbol.texts)
        return frozenset(ccxt.category_of(text.replace(HOLE, "X")) for text in texts)


def _said(symbol: ArgumentView) -> str:
    """The symbol that is proven, with `…` for a coin that is not known: `…/USDT`."""
    if isinstance(symbol.constant, str):
        return symbol.constant
    if isinstance(symbol, Argument) and (market := _market_of_all(symbol)):
        return f"{SOME}{market}"
    only = symbol.texts[0] if len(symbol.texts) == 1 else ""
    coin, slash, rest = only.partition("/")
    return f"{coin.replace(HOLE, SOME)}{slash}{rest}" if HOLE in coin and slash and HOLE not in rest else ""


def _market_of_all(symbol: Argument) -> str:
    """What stands behind the coin in each of several symbols, as a list has them: `/USDT`; empty if they differ."""
    options = alternatives(symbol.term)
    names = [option.value for option in options if isinstance(option, Constant) and isinstance(option.value, str)]
    markets = {name.partition("/")[2] for name in names}
    return f"/{markets.pop()}" if 1 < len(options) == len(names) and len(markets) == 1 and "" not in markets else ""


def _acknowledged(call: Call) -> Fix | None:
    """Say that the bot knows that only the last 500 orders are looked at."""
    verb = entry(call, '"acknowledged": True')
    return None if verb is None else Fix("say that the last 500 orders are enough", (verb,), is_safe=True)


def _attached(triggers: Mapping[str, Argument]) -> Iterator[Verb]:
    """Make of each trigger one that is added to the order."""
    for name, held in triggers.items():
        span = held.span
        yield Rename(span, TRIGGERS[name])
        yield Rewrite(Span(*span[:3], *span[1:3], span.start, span.start), '{"triggerPrice": ')
        yield Rewrite(Span(span.path, *span[3:5], *span[3:5], span.end, span.end), "}")


def _respelt(symbol: ArgumentView, said: str, meant: str) -> Fix | None:
    """The symbol as it is called since V5, where it stands in the call or has a name that nothing else reads."""
    literal = next((literal for way in symbol.literals for literal in way), None)
    if literal is None or said not in literal.code:
        return None
    if not (symbol.span.holds(literal.span) or symbol.is_name_of(literal)):
        return None
    verb = Rewrite(literal.span, literal.code.replace(said, meant))
    return Fix(f"call it {meant}", (verb,), unblocks_orders=True)

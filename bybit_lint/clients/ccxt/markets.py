"""The markets of ccxt: which category an exchange trades, and which one a symbol is of."""

from __future__ import annotations

from collections.abc import Mapping

from bybit_lint.clients import ArgumentView, CallView, entries_of
from bybit_lint.clients.ccxt.names import method_of, place_of_params
from bybit_lint.patterns import regex
from bybit_lint.vocabulary.values import UNKNOWN

FORMER = regex(r"[A-Z]+/USD")
"""An inverse contract as ccxt called it before V5; since then it is `BTC/USD:BTC`."""
COIN = rf"[A-Z0-9{UNKNOWN}]+"
"""What is traded, be it known or not: `f"{coin}/USDT"`."""
FORMS = (
    (regex(rf"{COIN}/[A-Z0-9]+"), "spot"),
    (regex(rf"{COIN}/USD[TC]:USD[TC](?:-\d{{6}})?"), "linear"),
    (regex(r"([A-Z0-9]+)/USD:\1(?:-\d{6})?"), "inverse"),
    (regex(rf"{COIN}/USD[TC]:USD[TC]-\d{{6}}-\d+-[CP]"), "option"),
)
"""How ccxt writes the symbols of each category's markets (https://docs.ccxt.com/#/README?id=symbols-and-market-ids)."""
TYPES = {"spot": "spot", "swap": "linear", "future": "linear", "linear": "linear", "option": "option"}
"""What `defaultType` says of the markets that a bot mostly trades."""


def symbol_of(call: CallView) -> ArgumentView | None:
    """The symbol that a unified method is given; None for any other call."""
    if place_of_params(call) is None:
        return None
    names = [*method_of(call).arguments]
    return call.get("symbol", names.index("symbol")) if "symbol" in names else None


def category(call: CallView) -> str:
    """The category of the market that a unified method is called for; empty where that is not proven."""
    symbol = symbol_of(call)
    found = {category_of(text) for text in symbol.texts} if symbol and symbol.texts else {traded(call)}
    return found.pop() if len(found) == 1 else ""


def category_of(symbol: str) -> str:
    """The category of a market by its symbol (`BTC/USDT:USDT`); empty where it is not known."""
    return next((category for form, category in FORMS if form.fullmatch(symbol)), "")


def options(call: CallView) -> Mapping[str, ArgumentView]:
    """The options of the config that the exchange of a call is made with."""
    return entries_of(entries_of(call.maker("config", 0)).get("options"))


def traded(call: CallView) -> str:
    """The category that an exchange is made for, by its `defaultType`; empty where that says nothing."""
    kind = options(call).get("defaultType")
    return TYPES.get(str(kind.constant), "") if kind else ""


def is_former(symbol: ArgumentView | None) -> bool:
    """True for a symbol that only ccxt before V5 knows: then the other words are those of its time too."""
    return symbol is not None and any(FORMER.fullmatch(text) for text in symbol.texts)


def is_contract(fields: Mapping[str, ArgumentView]) -> bool:
    """Proven: none of the symbols that a call may be for is one of spot; only those of contracts have a colon."""
    symbol = fields.get("symbol")
    return symbol is not None and bool(symbol.texts) and all(":" in text for text in symbol.texts)

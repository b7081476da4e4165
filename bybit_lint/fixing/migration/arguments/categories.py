"""Which category a symbol is of: what the old clients chose their paths by, and V5 has to be told."""

from __future__ import annotations

from collections.abc import Mapping

from bybit_lint.analysis.values.terms import Constant
from bybit_lint.fixing.migration.arguments.values import Value
from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.knowledge.legacy import INVERSE
from bybit_lint.patterns import regex

CLIENTS: Mapping[str, str] = {
    "usdt_perpetual": "linear",
    "inverse_perpetual": "inverse",
    "inverse_futures": "inverse",
    "spot": "spot",
    "usdc_perpetual": "linear",
    "usdc_options": "option",
    "copy_trading": "linear",
}
"""The clients of one market."""
CONTRACTS = ("usdt_perpetual", "inverse_perpetual", "inverse_futures")
UNSAID = "nothing says which category is meant"
LINEAR = regex(r"[A-Z0-9]+(?:USDT|PERP)|[A-Z0-9]+-\w+")


def category(client: str, symbol: Value | None, *, is_public: bool = False) -> str:
    """The category of what a client is asked. Raises Undecided where it is decided only at run time.

    Of contracts anybody could ask the clients of either market for what is public: there the symbol decides.
    """
    if client in CLIENTS:
        own = CLIENTS[client]
        if symbol is None or not is_public or client not in CONTRACTS:
            return own
        said = symbol.constant
        return (of_symbol(said) if isinstance(said, str) else of_ending(symbol.ending)) or own
    if symbol is None:
        raise Undecided(UNSAID)
    said = [way.value if isinstance(way, Constant) else None for way in symbol.ways]
    found = {of_symbol(text) if isinstance(text, str) else "" for text in said}
    if len(found) == 1 and (only := found.pop() or of_ending(symbol.ending)):
        return only
    raise Undecided("its symbol decides the category, and is known only at run time")


def of_ending(text: str) -> str:
    """The category of all symbols that end with a text: the client of all markets asked for no more than that."""
    return "linear" if text.endswith("USDT") else "inverse" if text.endswith("USD") else ""


def of_symbol(symbol: str) -> str:
    """The category of a symbol as the client of all markets chose it: `BTCUSDT`, `BTCUSD`, `BTCUSDM23`."""
    if LINEAR.fullmatch(symbol):
        return "linear"
    return "inverse" if INVERSE.fullmatch(symbol) else ""

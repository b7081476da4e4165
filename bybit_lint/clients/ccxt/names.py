"""What ccxt calls its exchange, its methods and what they are given, in both spellings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from bybit_lint.clients import CallView
from bybit_lint.knowledge import dialects
from bybit_lint.knowledge import parameters as tables

LIBRARY = "ccxt"
NUMBERS_SINCE = "4.5.65"
"""The version from which on numbers in answers are numbers; before, they are texts, unless orjson is installed.

It is `on_json_response()` that makes them so (https://github.com/ccxt/ccxt/blob/v4.5.64/python/ccxt/base/exchange.py).
"""
ENDPOINTS_SINCE = "2.9.4"
"""A version that has V5's endpoints by their own names; 2.7.80 has none of them.

https://github.com/ccxt/ccxt/blob/2.9.4/python/ccxt/bybit.py
"""
CLASSES = {
    f"{module}.bybit{inner}"
    for module in ("ccxt", "ccxt.async_support", "ccxt.pro", "ccxtpro")
    for inner in ("", ".bybit")
}
SPELLINGS = {"ohlcv": "OHLCV", "adl": "ADL"}
"""Words that are no capitalised words in camelCase: fetchOHLCV."""


def camel(name: str) -> str:
    """`fetch_open_orders` as ccxt's twin of it, `fetchOpenOrders`."""
    first, *rest = name.split("_")
    return first + "".join(SPELLINGS.get(word, word.capitalize()) for word in rest)


METHODS = {twin: method for name, method in dialects.ccxt_methods().items() for twin in (name, camel(name))}
LEGS = {"create_orders": "create_order", "edit_orders": "edit_order"}
"""Methods that send several orders, each with the one that sends a single one."""
CONSUMED = {"hedged", "postOnly", "cost", "method", "tradingStopEndpoint", "createMarketBuyOrderRequiresPrice"}
"""Entries of `params` that Bybit never sees."""


def has(name: str) -> bool:
    """True if an exchange has something by a name besides endpoints, in either spelling."""
    return any(name in (known, camel(known)) for known in _in_snake_case().get(_squeezed(name), ()))


@cache
def _in_snake_case() -> Mapping[str, Sequence[str]]:
    """What an exchange has, by what its spellings have in common: few are asked for, and only those are spelt."""
    found = defaultdict(list)
    for name in dialects.ccxt_attributes():
        found[_squeezed(name)].append(name)
    return found


def _squeezed(name: str) -> str:
    return name.replace("_", "").lower()


def method_of(call: CallView) -> dialects.Method:
    """The unified method that is called. Raises KeyError for any other call."""
    return METHODS[call.path.partition("().")[2]]


def place_of_params(call: CallView) -> int | None:
    """Where a unified method takes `params` without its name; None for any other call."""
    made, _, name = call.path.partition("().")
    return len(METHODS[name].arguments) if made in CLASSES and name in METHODS else None


def is_known(name: str) -> bool:
    """True if an entry of `params` means something to ccxt, or to an endpoint that it may choose."""
    return name in CONSUMED or name in tables.ccxt_names() or name in tables.complete_names()

"""ccxt: `ccxt.bybit`, its asynchronous twin, and `ccxt.pro.bybit`.

ccxt has words of its own (`amount`, `buy`, `BTC/USDT:USDT`) and turns them into Bybit's. What goes through its unified
methods it fits to the instrument by itself; what goes straight to an endpoint (`private_post_v5_order_create`) is sent
as it stands (https://github.com/ccxt/ccxt/blob/v4.5.90/python/ccxt/bybit.py). It signs and pings by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.clients import CallView
from bybit_lint.clients.ccxt.broken_calls import outdated as outdated
from bybit_lint.clients.ccxt.broken_calls import unknown as unknown
from bybit_lint.clients.ccxt.endpoints import endpoint_meant as endpoint_meant
from bybit_lint.clients.ccxt.endpoints import former as former
from bybit_lint.clients.ccxt.endpoints import implicit
from bybit_lint.clients.ccxt.endpoints import is_outdated as is_outdated
from bybit_lint.clients.ccxt.endpoints import is_strange as is_strange
from bybit_lint.clients.ccxt.endpoints import path_of as path_of
from bybit_lint.clients.ccxt.endpoints import subtraction as subtraction
from bybit_lint.clients.ccxt.markets import FORMER as FORMER
from bybit_lint.clients.ccxt.markets import category as category
from bybit_lint.clients.ccxt.markets import category_of as category_of
from bybit_lint.clients.ccxt.markets import options as options
from bybit_lint.clients.ccxt.markets import symbol_of as symbol_of
from bybit_lint.clients.ccxt.markets import traded as traded
from bybit_lint.clients.ccxt.names import CLASSES as CLASSES
from bybit_lint.clients.ccxt.names import ENDPOINTS_SINCE as ENDPOINTS_SINCE
from bybit_lint.clients.ccxt.names import LIBRARY as LIBRARY
from bybit_lint.clients.ccxt.names import METHODS as METHODS
from bybit_lint.clients.ccxt.names import NUMBERS_SINCE as NUMBERS_SINCE
from bybit_lint.clients.ccxt.names import camel as camel
from bybit_lint.clients.ccxt.names import has as has
from bybit_lint.clients.ccxt.names import method_of as method_of
from bybit_lint.clients.ccxt.names import place_of_params as place_of_params
from bybit_lint.clients.ccxt.sessions import SANDBOX, made_with, rehearsing
from bybit_lint.clients.ccxt.unified import unified
from bybit_lint.knowledge import streams
from bybit_lint.vocabulary import Legacy, LegacyUse, Noun, Subscription

ROOTS: tuple[str, ...] = ("ccxt",)
WATCHES = "watch"
"""How the methods of `ccxt.pro` begin that wait for a stream's next message, and open the stream if there is none."""
BOOKS = {f"{WATCHES}{book}" for book in ("_order_book", "OrderBook", "_order_book_for_symbols", "OrderBookForSymbols")}
"""Those whose second argument is the depth of an order book."""
PREFIXES: tuple[str, ...] = ("public", "private", "v2_p", "v2P", WATCHES)
NAMES = frozenset({"", "bybit", "__init__", *METHODS, *SANDBOX})
"""`getattr(ccxt, "bybit")(...)` is a call of something without a name."""


def read(call: CallView) -> Iterator[Noun]:
    """A session where an exchange is made, requests and orders where it is asked for something."""
    made, _, name = call.path.partition("().")
    if made not in CLASSES:
        return
    if name in ("", "__init__"):
        yield from made_with(call)
    elif name in SANDBOX:
        yield from rehearsing(call, name)
    elif name in METHODS:
        yield from unified(call, METHODS[name])
    elif name.startswith(WATCHES):
        yield watched(call, name)
    elif (endpoint := path_of(name)) is not None:
        yield from implicit(call, endpoint)
        if not endpoint and call.sent is None and (known := former(name)):
            yield LegacyUse(call.own_span, Legacy.PATH, known.path, known.v5_path)


def watched(call: CallView, name: str) -> Subscription:
    """A stream that is listened to; of an order book with a depth that it may not have."""
    limit, symbol = call.get("limit", 1), call.get("symbol", 0)
    depth = limit.constant if limit and name in BOOKS and call.is_only else None
    channels = {category_of(text) for text in symbol.texts} if symbol else set[str]()
    depths = streams.depths(channels)
    if not isinstance(depth, int) or isinstance(depth, bool) or depth in depths:
        return Subscription(call.own_span, LIBRARY, name)
    refusal = f"there is no depth {depth}, only {', '.join(map(str, depths))}"
    return Subscription(call.own_span, LIBRARY, name, refusal, outcome="ccxt stops with a BadRequest")

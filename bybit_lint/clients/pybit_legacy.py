"""pybit before V5: `HTTP` and `WebSocket` of pybit up to 2.4, of its 3.0 previews and of `pybit.legacy`.

One client per market, the host as the first argument, arguments under the names of the APIs of their time
(https://github.com/bybit-exchange/pybit/tree/2.4.1). It signs and pings by itself and rounds nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from bybit_lint.clients import ArgumentView, CallView, sent
from bybit_lint.clients.setup import is_set, misnamed, text_flags
from bybit_lint.knowledge import dialects, legacy
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Argument, Legacy, LegacyUse, Network, Noun, Session

LIBRARY = "pybit"
MODULES = (
    "usdt_perpetual",
    "inverse_perpetual",
    "inverse_futures",
    "spot",
    "usdc_perpetual",
    "usdc_options",
    "account_asset",
    "unified_margin",
    "contract",
    "copy_trading",
)
CLASSES = {"pybit.HTTP": "", "pybit.WebSocket": ""} | {
    f"pybit.{folder}{module}.{name}": module
    for folder in ("", "legacy.")
    for module in MODULES
    for name in ("HTTP", "WebSocket")
}
METHODS = {name.rpartition(".")[2] for name in dialects.legacy_methods()}
ROOTS: tuple[str, ...] = ("pybit.",)
NAMES = frozenset({"HTTP", "WebSocket", "__init__", *METHODS, *legacy.streams()})
PREFIXES: tuple[str, ...] = ()
TOGETHER = {("get_active_order", "get_order_history"): "get_open_orders, and get_order_history for finished ones"}
"""What told of open and of finished orders, which V5 has in two, in words."""
HOST = regex(r"(?:https|wss)://(?:api|stream)(-testnet|-demo)?\.by")
NETWORKS = {None: Network.MAINNET, "-testnet": Network.TESTNET, "-demo": Network.DEMO}


def read(call: CallView) -> Iterator[Noun]:
    """A session where a client is made, requests and orders where a method is called; all of it is legacy."""
    made, _, method = call.path.partition("().")
    if made not in CLASSES:
        return
    if call.sent is None:
        yield use(call, made, method)
    if method in ("", "__init__"):
        yield session(call, made)
    elif known := dialects.legacy(method, CLASSES[made]):
        yield from requests(call, known, is_inverse=CLASSES[made].startswith("inverse_") if CLASSES[made] else None)


def use(call: CallView, made: str, method: str) -> LegacyUse:
    """What is called, and what V5 has for it."""
    if method in ("", "__init__"):
        return LegacyUse(call.own_span, Legacy.CALL, made, f"pybit.unified_trading.{made.rpartition('.')[2]}")
    known = dialects.legacy(method, CLASSES[made])
    if known is None:
        return LegacyUse(call.own_span, Legacy.CALL, method, legacy.streams().get(method, ""))
    names = {name: " and ".join(known.arguments.get(name, (name,))) for name in call.arguments()}
    renamed = tuple((old, new) for old, new in names.items() if new not in ("", old))
    instead = TOGETHER.get((method, known.v5_method), known.v5_method)
    return LegacyUse(call.own_span, Legacy.CALL, method, instead.strip("-"), renamed)


def requests(
    call: CallView, method: dialects.Method, library: str = LIBRARY, *, is_inverse: bool | None = False
) -> Iterator[Noun]:
    """The request a method sends, or one order per leg of a bulk. At most one argument has a position, the first.

    The client of all markets chose one by the symbol: `is_inverse` is None.
    """
    fields = dict(call.arguments())
    first = next(iter(method.arguments), "")
    if held := call.get(first, 0):
        fields["request" if method.endpoint in sent.BATCHES else first] = held
    market = None if is_inverse is False else sent.said(call, "category", "inverse")
    translate = partial(with_market, method.arguments, market, is_chosen=is_inverse is None)
    yield from sent.requests(call, library, method.endpoint, fields, call.is_closed, None, translate)


def with_market(
    names: Mapping[str, tuple[str, ...]],
    market: Argument | None,
    fields: Mapping[str, ArgumentView],
    json: Collection[str] = (),
    *,
    is_chosen: bool = False,
) -> dict[str, Argument]:
    """Arguments under their V5 names, with the category that a client for one market has, or a symbol says."""
    is_said = market is not None and (not is_chosen or is_inverse(fields.get("symbol")))
    return {**({"category": market} if market and is_said else {}), **arguments(names, fields, json)}


def is_inverse(symbol: ArgumentView | None) -> bool:
    """Proven: whatever a symbol is, it is one of the inverse contracts."""
    return symbol is not None and bool(symbol.texts) and all(map(legacy.INVERSE.fullmatch, symbol.texts))


def arguments(
    names: Mapping[str, tuple[str, ...]], fields: Mapping[str, ArgumentView], json: Collection[str] = ()
) -> sent.Arguments:
    """Arguments under their V5 names; `leverage` is two of them."""
    found = ((v5, name, held) for name, held in fields.items() for v5 in names.get(name, (name,)))
    return sent.Arguments({v5: partial(sent.argument, v5, held, n, is_json=n in json) for v5, n, held in found})


def session(call: CallView, made: str) -> Session:
    """A client: its host or its flag selects the network."""
    is_socket = made.endswith("WebSocket") and bool(CLASSES[made])
    endpoint = None if is_socket else call.get("endpoint", 0)
    flag = (call.get("test") or call.get("testnet")) if is_socket else None
    network = flagged(flag, call.is_closed) if is_socket else hosted(endpoint, call.is_closed)
    keys = [held for held in (call.get("api_key", 1), call.get("api_secret", 2)) if held]
    held = flag or endpoint
    credentials = tuple(named for key in keys for named in key.networks)
    texts = text_flags({"testnet": flag})
    span = held.span if held else None
    return Session(call.own_span, LIBRARY, network, span, misnamed(flag), credentials, text_flags=texts)


def flagged(flag: ArgumentView | None, is_closed: bool) -> Network | None:
    """The network of a socket's `test=`."""
    is_test = is_set(flag, is_closed)
    return None if is_test is None else Network.TESTNET if is_test else Network.MAINNET


def hosted(endpoint: ArgumentView | None, is_closed: bool) -> Network | None:
    """The network of a base URL; without one it is mainnet."""
    if endpoint is None:
        return Network.MAINNET if is_closed else None
    match = HOST.match(endpoint.constant) if isinstance(endpoint.constant, str) else None
    return NETWORKS[match[1]] if match else None

"""pybit V5: `HTTP`, `WebSocket` and `WebSocketTrading` of pybit.unified_trading.

Methods take keyword arguments under Bybit's own names, so an argument is where its name is written. pybit signs and
pings by itself and floors nothing (https://github.com/bybit-exchange/pybit).
"""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint import knowledge
from bybit_lint.clients import Call, Held, sent
from bybit_lint.vocabulary import Named, Network, Noun, Request, Session

MODULE = "pybit.unified_trading."
CONSTRUCTORS = {
    f"{MODULE}{name}{suffix}" for name in ("HTTP", "WebSocket", "WebSocketTrading") for suffix in ("", "().__init__")
}
HTTP = f"{MODULE}HTTP()."
TRADING = f"{MODULE}WebSocketTrading()."
KEYS = ("api_key", "api_secret")
NAMES = frozenset({"HTTP", "WebSocket", "WebSocketTrading", "__init__", *knowledge.methods()})
PREFIXES: tuple[str, ...] = ()


def read(call: Call) -> Iterator[Noun]:
    """Sessions where a client is made, requests and orders where a method is called."""
    if call.path in CONSTRUCTORS:
        yield from sessions(call)
    for prefix in (HTTP, TRADING):
        if call.path.startswith(prefix):
            yield from requests(call, call.path.removeprefix(prefix))


def requests(call: Call, method: str) -> Iterator[Request]:
    """The request a method sends, or one order per leg of a batch."""
    endpoint = knowledge.endpoint_of(method)
    if endpoint is not None:
        client = call.receiver if call.path.startswith(HTTP) else None
        yield from sent.requests(call, "pybit", endpoint.path, call.arguments(), call.is_closed, client)


def sessions(call: Call) -> Iterator[Session]:
    """The ways a constructor call may turn out: one, or one per branch where a condition decides flag and key."""
    library = "pybit"
    testnet, demo = call.get("testnet"), call.get("demo")
    keys = [held for name in KEYS if (held := call.get(name)) is not None]
    flag = testnet or demo
    span = flag.span if flag else None
    named = misnamed(testnet)
    networks = {is_set(testnet, call.is_closed), is_set(demo, call.is_closed)}
    if None not in networks:
        network = select(bool(is_set(testnet, True)), bool(is_set(demo, True)))
        credentials = tuple(n for key in keys for n in key.networks)
        yield Session(call.own_span, library, network, span, named, credentials, True)
        return
    pairs = [pair for name in KEYS if (pair := call.when("testnet", name))]
    if testnet is None or not pairs or is_set(demo, call.is_closed) is not False:
        yield Session(call.own_span, library, None, span, named, tuple(n for key in keys for n in key.networks), True)
        return
    for number, network in enumerate((Network.TESTNET, Network.MAINNET)):
        credentials = tuple(n for pair in pairs for n in pair[number])
        yield Session(call.own_span, library, network, span, named, credentials)


def is_set(flag: Held | None, is_closed: bool) -> bool | None:
    """Whether a flag is proven to be on or off."""
    if flag is None:
        return False if is_closed else None
    return flag.constant if isinstance(flag.constant, bool) else None


def select(testnet: bool, demo: bool) -> Network:
    return Network.DEMO if demo else Network.TESTNET if testnet else Network.MAINNET


def misnamed(flag: Held | None) -> Named | None:
    """A name behind `testnet=` that speaks of demo trading."""
    named = flag.networks if flag else ()
    return next((n for n in named if n.network is Network.DEMO), None)

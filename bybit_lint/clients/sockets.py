"""Raw sockets: Bybit's streams opened with websockets, websocket-client or aiohttp.

None of them knows of Bybit's own heartbeat, the text message `{"op": "ping"}`; what they send by themselves are
protocol frames (https://bybit-exchange.github.io/docs/v5/ws/connect).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bybit_lint.clients import ArgumentView, CallView
from bybit_lint.knowledge import DOMAINS
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Network, Noun, Socket, Verb, Wrap


class Library(NamedTuple):
    """How one library opens a socket: its helper for the heartbeat, and who sends protocol pings."""

    name: str
    helper: str
    ping_option: str
    pings_by_default: bool
    is_wrapped: bool = False


ASYNC = Library("websockets", "heartbeat", "ping_interval", True)
SYNC = Library("websockets", "start_heartbeat", "ping_interval", True)
APP = Library("websocket-client", "start_heartbeat", "ping_interval", False, is_wrapped=True)
AIOHTTP = Library("aiohttp", "heartbeat", "heartbeat", False)
CALLS = {
    "websockets.connect": ASYNC,
    "websockets.client.connect": ASYNC,
    "websockets.legacy.client.connect": ASYNC,
    "websockets.asyncio.client.connect": ASYNC,
    "websockets.sync.client.connect": SYNC,
    "websocket.WebSocketApp": APP,
    "websocket._app.WebSocketApp": APP,
    "websocket.WebSocketApp().__init__": APP,
    "websocket._app.WebSocketApp().__init__": APP,
    "websocket.create_connection": APP,
    "websocket.WebSocket().connect": APP,
    "aiohttp.ClientSession().ws_connect": AIOHTTP,
}
HOST = regex(r"wss://stream(-testnet|-demo)?\.by(?:bit|tick)\.")
SCHEME = regex(r"wss?://\w")
OWN = regex(rf"(?:{DOMAINS})\.|^(?:wss://)?\0/v5/public/(?:linear|inverse|spot|option)(?=[/?]|$)")
"""Bybit's hosts, or a path that no other exchange has, at a host that is not known."""
NETWORKS = {"": Network.MAINNET, "-testnet": Network.TESTNET, "-demo": Network.DEMO}
CHANNEL = regex(r"/v5/(?:public/)?(linear|inverse|spot|option|private)(?=[/?]|$)")
NAMES = frozenset(path.rpartition(".")[2] for path in CALLS)
PREFIXES: tuple[str, ...] = ()
ROOTS: tuple[str, ...] = ("websocket", "aiohttp.")


def read(call: CallView) -> Iterator[Noun]:
    """The socket a call opens, if its URL is Bybit's."""
    library = CALLS.get(call.path)
    url = (call.get("url", 0) or call.get("uri", 0)) if library else None
    texts = (addresses(url) or among_others(url)) if url else ()
    if library is None or url is None or not texts:
        return
    is_shared = any(SCHEME.match(text) and not OWN.search(text) for text in url.texts_of_all)
    run = call.run if _is_app(call) else None
    pings = _has_protocol_ping(call, run, library)
    span = run.own_span if run else call.own_span
    yield Socket(
        span,
        library.name,
        not call.around.is_pinged,
        pings,
        _starter(call, library),
        call.around.is_received_plainly,
        call.own_span,
        _is_lost_for_good(call, run),
        channel=None if is_shared else channel(texts),
        network=network(texts if is_shared else url.texts) if url.texts else None,
        is_shared=is_shared,
    )


def addresses(url: ArgumentView) -> Sequence[str]:
    """The addresses that a URL may be, if they all are Bybit's, or are where no setting says otherwise."""
    ways = (url.texts, url.default_texts)
    return next((texts for texts in ways if texts and all(OWN.search(text) for text in texts)), ())


def among_others(url: ArgumentView) -> Sequence[str]:
    """The addresses of Bybit's among those that a loop connects to one after the other."""
    if not url.is_taken_in_turn:
        return ()
    return [text for way in url.text_ways if all(OWN.search(text) for text in way) for text in way]


def _is_app(call: CallView) -> bool:
    """True where a `WebSocketApp` is made, or one of the bot's own that is one."""
    return "WebSocketApp" in call.path


def _is_lost_for_good(call: CallView, run: CallView | None) -> bool:
    """Proven: after the first drop nobody connects again. `reconnect=` makes websocket-client do it."""
    if _is_app(call):
        is_once = run is not None and run.is_closed and run.get("reconnect") is None and run.around.is_made_once
        return is_once and not call.only_prints
    return call.around.is_made_once


def channel(urls: Sequence[str]) -> str | None:
    """The channel that all of the addresses belong to: `linear`, `private`."""
    found = {match[1] if (match := CHANNEL.search(url)) else None for url in urls}
    return found.pop() if len(found) == 1 else None


def network(urls: Sequence[str]) -> Network | None:
    """The network that all of the addresses belong to."""
    found = {NETWORKS.get(match[1] or "") if (match := HOST.search(url)) else None for url in urls}
    return found.pop() if len(found) == 1 else None


def _has_protocol_ping(call: CallView, run: CallView | None, library: Library) -> bool:
    """True if a socket sends the protocol's own pings: an app is told so where it is run, after two other options."""
    option = run.get(library.ping_option, 2) if run else call.get(library.ping_option, None)
    if option is None:
        return library.pings_by_default
    return option.code not in ("None", "0")


def _starter(call: CallView, library: Library) -> Verb | None:
    if library.is_wrapped:
        is_made = not call.path.endswith((".connect", ".__init__"))
        return Wrap(call.own_span, library.helper) if is_made else None
    return call.around.first_statement(library.helper)

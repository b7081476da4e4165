"""Orders on raw sockets: `{"op": "order.create", "header": {...}, "args": [{...}]}`, sent to Bybit's trade stream.

What stands in `args` are the parameters of the endpoint (https://bybit-exchange.github.io/docs/v5/websocket/trade/guideline).
"""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.clients import CallView, entries_of, sent, sockets
from bybit_lint.vocabulary import Noun

LIBRARY = "a socket"
OPERATIONS = {
    f"order.{what}{batch}": f"/v5/order/{what}{batch}"
    for what in ("create", "amend", "cancel")
    for batch in ("", "-batch")
}
SENDERS = ("send", "send_str", "send_json")
MESSAGES = ("message", "data", "payload")
"""What they call what they send: websockets, aiohttp and WebSocketApp, websocket-client."""
CALLS = frozenset(f"{path}().{name}" for path in sockets.CALLS for name in SENDERS)
NAMES = frozenset(SENDERS)
PREFIXES: tuple[str, ...] = ()
ROOTS = sockets.ROOTS


def read(call: CallView) -> Iterator[Noun]:
    """The order that a message places, amends or cancels."""
    if call.path not in CALLS or not _is_to_bybit(call):
        return
    given = (call.get(name, 0) for name in MESSAGES)
    message = entries_of(next(filter(None, given), None))  # a dict, or the JSON of one
    endpoint = OPERATIONS.get(str(message["op"].constant)) if "op" in message else None
    if endpoint is None or "args" not in message:
        return
    for leg in message["args"].items or ():
        if leg.entries is not None:
            yield from sent.requests(call, LIBRARY, endpoint, leg.entries, leg.is_closed)


def _is_to_bybit(call: CallView) -> bool:
    """True if the socket was opened to an address of Bybit's."""
    url = call.maker("url", 0) or call.maker("uri", 0)
    return url is not None and bool(sockets.addresses(url))

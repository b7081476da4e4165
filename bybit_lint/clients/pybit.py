"""pybit V5: `HTTP`, `WebSocket` and `WebSocketTrading` of pybit.unified_trading.

Methods take keyword arguments under Bybit's own names, so an argument is where its name is written. pybit signs and
pings by itself and floors nothing (https://github.com/bybit-exchange/pybit).
"""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint import knowledge
from bybit_lint.clients import CallView, methods, sent, setup, windows
from bybit_lint.vocabulary import Noun

MODULE = "pybit.unified_trading."
CONSTRUCTORS = {
    f"{MODULE}{name}{suffix}": name
    for name in ("HTTP", "WebSocket", "WebSocketTrading")
    for suffix in ("", "().__init__")
}
HTTP = f"{MODULE}HTTP()."
TRADING = f"{MODULE}WebSocketTrading()."
EXCEPTIONS = frozenset({"pybit.exceptions.InvalidRequestError", "pybit.exceptions.FailedRequestError"})
"""What is raised for a retCode other than 0; for an HTTP status other than 200 or after trying in vain."""
ATTRIBUTES = frozenset({"request", "message", "status_code", "time", "resp_headers"})
"""What they know; the retCode is the `status_code` (https://github.com/bybit-exchange/pybit, exceptions.py, 5.17.0)."""
MISNAMED = {
    "status_code": ("retCode", "ret_code", "retcode", "code", "error_code", "err_code", "errCode"),
    "message": ("retMsg", "ret_msg", "msg", "error_message", "err_msg"),
}
TRIED_AGAIN = frozenset({10002, 10006, 30034, 30035, 130035, 130150})
"""The retCodes that are tried again by itself and end as FailedRequestError with status 400, never as themselves."""
LIBRARY = "pybit"
CALLBACKS = ("callback", "error_callback")
"""What the methods of `WebSocketTrading` keep for themselves."""
CAST = ("qty", "price", "triggerPrice", "takeProfit", "stopLoss", "positionIdx")
"""What `HTTP` makes text or an int of before it makes JSON of the rest (_http_manager.py, 5.0.0 to 5.17.0)."""
NAMES = frozenset({"HTTP", "WebSocket", "WebSocketTrading", "__init__", *knowledge.methods()})
PREFIXES: tuple[str, ...] = ()
ROOTS: tuple[str, ...] = (MODULE,)


def read(call: CallView) -> Iterator[Noun]:
    """Sessions where a client is made, requests and orders where a method is called."""
    if call.path in CONSTRUCTORS:
        yield from setup.sessions(call, CONSTRUCTORS[call.path])
    for prefix in (HTTP, TRADING):
        if call.path.startswith(prefix):
            yield from methods.unnamed(call)
            yield from requests(call, call.path.removeprefix(prefix))


def requests(call: CallView, method: str) -> Iterator[Noun]:
    """The request a method sends, or one order per leg of a batch."""
    endpoint = knowledge.endpoint_of(method)
    if endpoint is not None:
        is_rest = call.path.startswith(HTTP)
        is_closed = call.is_closed and not (is_rest and call.get("", 0))
        client, own, cast = (call.receiver, (), CAST) if is_rest else (None, CALLBACKS, ())
        texts = cast if endpoint.verb == "POST" else None
        yield from sent.requests(
            call, LIBRARY, endpoint.path, call.arguments(), is_closed, client, own=own, texts=texts
        )
        yield from sent.moments(endpoint.path, call.arguments())
        yield from windows.of_method(call)

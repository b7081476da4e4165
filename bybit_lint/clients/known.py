"""The clients that are known, in the order in which they are asked."""

from __future__ import annotations

from bybit_lint import knowledge
from bybit_lint.clients import (
    Client,
    ccxt,
    p2p,
    passed,
    pybit,
    pybit_legacy,
    pybybit,
    rest,
    sockets,
    streams,
    swagger,
    trade_sockets,
)
from bybit_lint.knowledge import dialects

SOCKETS: tuple[Client, ...] = (sockets, streams, trade_sockets)
CLIENTS: tuple[Client, ...] = (pybit, pybit_legacy, swagger, pybybit, p2p, ccxt, rest, *SOCKETS, passed)
ANSWERING: tuple[Client, ...] = (pybit, pybit_legacy, swagger, ccxt, rest)
"""Those whose calls return the answer to a request."""


def endpoint(method: str) -> str:
    """What a method's name asks for, whichever client's it may be; empty where none of them has it."""
    found = [knowledge.endpoint_of(method), ccxt.METHODS.get(method), dialects.legacy(method)]
    paths = [one.path if isinstance(one, knowledge.Endpoint) else one.endpoint for one in found if one]
    return next((path for path in (*paths, ccxt.path_of(method)) if path), "")

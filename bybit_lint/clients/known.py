"""The clients that are known, in the order in which they are asked."""

from __future__ import annotations

from bybit_lint.clients import Client, ccxt, pybit, pybit_legacy, pybybit, rest, sockets, streams, swagger

CLIENTS: tuple[Client, ...] = (pybit, pybit_legacy, swagger, pybybit, ccxt, rest, sockets, streams)
ANSWERING: tuple[Client, ...] = (pybit, pybit_legacy, ccxt, rest)
"""Those whose calls return the answer to a request."""

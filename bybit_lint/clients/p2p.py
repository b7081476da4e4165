"""bybit_p2p: Bybit's client for trading between people, whose methods pybit has taken over by their names.

Methods take keyword arguments under Bybit's own names. It signs by itself, and raises where a request is refused
(https://github.com/bybit-exchange/bybit_p2p, 1.3.1).
"""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint import knowledge
from bybit_lint.clients import CallView, sent
from bybit_lint.clients.setup import KEYS, is_set, misnamed, select, text_flags
from bybit_lint.vocabulary import Noun, Session

LIBRARY = "bybit_p2p"
MAKER = "bybit_p2p.P2P"
PATH = "/v5/p2p/"
RENAMED = {"get_current_balance": "get_coins_balance"}
"""What pybit calls otherwise."""
METHODS = frozenset(
    {
        *RENAMED,
        *(name for name in knowledge.methods() if (e := knowledge.endpoint_of(name)) and e.path.startswith(PATH)),
    }
)
NAMES = frozenset({"P2P", *METHODS})
PREFIXES: tuple[str, ...] = ()
ROOTS: tuple[str, ...] = (f"{LIBRARY}.",)


def read(call: CallView) -> Iterator[Noun]:
    """A session where the client is made, requests where a method is called."""
    method = call.path.removeprefix(f"{MAKER}().")
    if call.path == MAKER:
        yield session(call)
    elif method in METHODS and (endpoint := knowledge.endpoint_of(RENAMED.get(method, method))) is not None:
        yield from sent.requests(call, LIBRARY, endpoint.path, call.arguments(), call.is_closed)


def session(call: CallView) -> Session:
    """A client: its flag, which has to be given, selects the network."""
    flag = call.get("testnet")
    keys = [held for name in KEYS if (held := call.get(name)) is not None]
    is_test = None if flag is None else is_set(flag, call.is_closed)
    network = None if is_test is None else select(is_test, False)
    credentials = tuple(named for held in keys for named in held.networks)
    span, texts = flag.span if flag else None, text_flags({"testnet": flag})
    return Session(
        call.own_span, LIBRARY, network, span, misnamed(flag), credentials, text_flags=texts, has_keys=bool(keys)
    )

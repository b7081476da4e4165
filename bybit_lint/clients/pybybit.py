"""pybybit: a client by others for the inverse, linear and futures APIs before V5.

One object with a part for each market, whose methods take their arguments by name or position. It signs, pings and
connects again by itself and rounds nothing (https://github.com/MtkN1/pybybit, 2.0.4).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from bybit_lint.clients import ArgumentView, CallView, pybit_legacy, sent
from bybit_lint.clients.setup import misnamed, text_flags
from bybit_lint.knowledge import dialects
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Argument, Legacy, LegacyUse, Noun, Session, Socket

LIBRARY = "pybybit"
API = "pybybit.API"
CATEGORIES = {"inverse": "inverse", "linear": "linear", "futures": "inverse"}
"""What its parts are called in V5."""
METHOD = regex(rf"pybybit\.API\(\)\.rest\.({'|'.join(CATEGORIES)})\.(\w+)")
LISTENER = "pybybit.API().ws._loop"
"""Connects, and comes back once the connection cannot be made again; what starts a thread with it has no other name."""
NAMES = frozenset({"API", "__init__", "_loop", *(name.rpartition(".")[2] for name in dialects.pybybit_methods())})
PREFIXES: tuple[str, ...] = ()
ROOTS: tuple[str, ...] = ("pybybit.",)


def read(call: CallView) -> Iterator[Noun]:
    """A session where the client is made, which is legacy as a whole, requests and orders where a method is called."""
    if call.path in (API, f"{API}().__init__"):
        yield LegacyUse(call.own_span, Legacy.CALL, API, "pybit.unified_trading.HTTP")
        yield session(call)
    elif call.path == LISTENER:
        yield Socket(call.own_span, LIBRARY, is_silent=False, is_run=True)
    elif (match := METHOD.fullmatch(call.path)) and (method := dialects.pybybit(match[2], match[1])):
        yield from requests(call, CATEGORIES[match[1]], method)


def requests(call: CallView, category: str, method: dialects.Method, library: str = LIBRARY) -> Iterator[Noun]:
    """The request a method sends, with the category that its market is in V5."""
    given = {argument: call.get(argument, position) for position, argument in enumerate(method.arguments)}
    fields = {argument: held for argument, held in given.items() if held is not None}
    translate = partial(arguments, method.arguments, sent.said(call, "category", category))
    yield from sent.requests(call, library, method.endpoint, fields, call.is_closed, None, translate)


def arguments(
    names: Mapping[str, tuple[str, ...]],
    category: Argument,
    fields: Mapping[str, ArgumentView],
    json: Collection[str] = (),
) -> dict[str, Argument]:
    """Arguments under their V5 names, with what is said by the market alone."""
    return {"category": category, **pybit_legacy.arguments(names, fields, json)}


def session(call: CallView) -> Session:
    """A client: its flag selects the network."""
    key, secret, flag = (call.get(name, position) for position, name in enumerate(("key", "secret", "testnet")))
    network = pybit_legacy.flagged(flag, call.is_closed)
    credentials = tuple(named for held in (key, secret) if held for named in held.networks)
    span = flag.span if flag else None
    texts = text_flags({"testnet": flag})
    return Session(call.own_span, LIBRARY, network, span, misnamed(flag), credentials, text_flags=texts)

"""bybit: Bybit's first client for Python, which makes its methods of the file that describes the APIs before V5.

Its parts are named after a market and a topic, their methods after the part and what it does. It signs by itself,
rounds nothing, and answers with a pair: what Bybit said, and the HTTP answer
(https://github.com/bybit-exchange/api-connectors/tree/master/official-http/python, 0.2.12).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bybit_lint.clients import CallView, pybybit, sent
from bybit_lint.clients.setup import is_set, misnamed, text_flags
from bybit_lint.knowledge import dialects
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Legacy, LegacyUse, Network, Noun, Session

LIBRARY = "bybit"
MAKER = "bybit.bybit"
BRAVADO = "bravado.client.SwaggerClient.from_url"
"""What makes it, and what others call with the address of the same file."""
MARKETS = {"Linear": "linear", "Futures": "inverse", "": "inverse"}
"""How the names of its parts begin, and the category that this is in V5."""
METHOD = regex(rf"(?:{MAKER}|{BRAVADO})\(\)\.\w+\.(Linear|Futures|)(\w+)")
ADDRESS = regex(r"https://api[\w-]*\.bybit\.com/")
NAMES = frozenset({"bybit", "from_url", *(market + name for market in MARKETS for name in dialects.swagger_methods())})
PREFIXES: tuple[str, ...] = ()
ROOTS: tuple[str, ...] = (f"{MAKER}", f"{BRAVADO}")


def read(call: CallView) -> Iterator[Noun]:
    """A session where the client is made, which is legacy as a whole, requests and orders where a method is called."""
    if call.path == MAKER or (call.path == BRAVADO and is_bybit(call)):
        yield LegacyUse(call.own_span, Legacy.CALL, call.path, "pybit.unified_trading.HTTP")
        if call.path == MAKER:
            yield session(call)
    elif (match := METHOD.fullmatch(call.path)) and (call.path.startswith(MAKER) or is_bybit(call)):
        method = dialects.swagger_methods().get(match[2])
        yield from requests(call, MARKETS[match[1]], method) if method else ()


def is_bybit(call: CallView) -> bool:
    """True if the file that the client is made of is Bybit's: BitMEX has an `Order_new` too."""
    held = call.get("spec_url", 0) if call.path == BRAVADO else call.maker("spec_url", 0)
    return held is not None and any(ADDRESS.match(text) for text in held.texts)


def requests(call: CallView, category: str, method: dialects.Method) -> Iterator[Noun]:
    """The request a method sends, with the category that its market is in V5."""
    translate = partial(pybybit.arguments, method.arguments, sent.said(call, "category", category))
    yield from sent.requests(call, LIBRARY, method.endpoint, call.arguments(), call.is_closed, None, translate)


def session(call: CallView) -> Session:
    """A client: its flag selects the network, testnet unless it is off."""
    flag = call.get("test", 0)
    keys = [held for name, position in (("api_key", 2), ("api_secret", 3)) if (held := call.get(name, position))]
    is_test = (True if call.is_closed else None) if flag is None else is_set(flag, call.is_closed)
    network = None if is_test is None else Network.TESTNET if is_test else Network.MAINNET
    credentials = tuple(named for held in keys for named in held.networks)
    span = flag.span if flag else None
    texts = text_flags({"testnet": flag})
    return Session(call.own_span, LIBRARY, network, span, misnamed(flag), credentials, text_flags=texts)

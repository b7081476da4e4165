"""Raw REST: Bybit's V5 endpoints called with requests, httpx, aiohttp or urllib.

What is sent stands in `json=`, `data=`, `content=` or `params=`, as a dict or as the text made of one
(https://bybit-exchange.github.io/docs/v5/guide).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bybit_lint import knowledge
from bybit_lint.clients import Call, Held
from bybit_lint.vocabulary import Argument, Named, Network, Noun, Order, Request, Session

VERBS = ("get", "post", "put", "delete", "patch")
CLIENTS = {
    "requests": ("requests.", "requests.Session().", "requests.session()."),
    "httpx": ("httpx.", "httpx.Client().", "httpx.AsyncClient()."),
    "aiohttp": ("aiohttp.ClientSession().",),
    "urllib": ("urllib.request.",),
}
CALLS = {
    f"{prefix}{verb}": library
    for library, prefixes in CLIENTS.items()
    for prefix in prefixes
    for verb in (*VERBS, "request")
}
CALLS |= {"urllib.request.Request": "urllib", "urllib.request.urlopen": "urllib"}
CALLS |= {"requests.Request": "requests", "requests.models.Request": "requests", "httpx.Request": "httpx"}
NAMES = frozenset({*VERBS, "request", "Request", "urlopen"})
PREFIXES: tuple[str, ...] = ()
BODIES = ("json", "data", "content", "params")
HOST = re.compile(r"https://[\w.-]*(?:bybit|bytick)[\w.-]*", re.IGNORECASE)
OLDER = r"v2|open-api|private/linear|public/linear|futures/private|spot/v[13]|unified/v3|contract/v3"
ENDPOINT = re.compile(rf"/(?:v5|{OLDER})/[\w/-]+")
ORDERS = {
    "/v5/order/create",
    "/v5/order/amend",
    "/v5/position/trading-stop",
    "/v2/private/order/create",
    "/v2/private/order/replace",
    "/private/linear/order/create",
    "/private/linear/order/replace",
    "/contract/v3/private/order/create",
    "/unified/v3/private/order/create",
}
BATCHES = {"/v5/order/create-batch", "/v5/order/amend-batch"}
HOSTS = {"api-testnet": Network.TESTNET, "api-demo": Network.DEMO, "api": Network.MAINNET}


def read(call: Call) -> Iterator[Noun]:
    """The request a call sends to Bybit, with the credentials it is signed with."""
    library = CALLS.get(call.path)
    url = _url(call)
    if library is None or url is None:
        return
    found = hosts(call)
    paths = {match[0].rstrip("/") for text in url.texts if (match := ENDPOINT.search(text))}
    if not found and not any(knowledge.endpoint_at(path) for path in paths):
        return
    endpoint = paths.pop() if len(paths) == 1 else ""
    host = found.pop() if len(found) == 1 else None
    yield from requests(call, library, endpoint, host and (url.base or f'"{host}"'))
    yield from sessions(call, library, host)


def _url(call: Call) -> Held | None:
    is_first = not call.path.endswith((".request", "requests.Request", "models.Request", "httpx.Request"))
    return call.get("url", 0 if is_first else 1)


def requests(call: Call, library: str, endpoint: str, client: str | None) -> Iterator[Request]:
    """The request, or one order per leg of a batch."""
    fields, is_closed = body(call)
    if endpoint in ORDERS:
        yield Order(
            call.span, library, endpoint, arguments(fields), is_closed, client, call.is_awaited, call.sent, call.place
        )
    elif endpoint in BATCHES:
        yield from legs(call, library, endpoint, client, fields)
    else:
        yield Request(
            call.span, library, endpoint, arguments(fields), is_closed, client, call.is_awaited, call.sent, call.place
        )


def legs(call: Call, library: str, endpoint: str, client: str | None, fields: Mapping[str, Held]) -> Iterator[Order]:
    shared = {name: held for name, held in fields.items() if name == "category"}
    batch = fields.get("request")
    for leg in (batch.items or ()) if batch else ():
        if leg.entries is not None:
            mine = arguments({**shared, **leg.entries})
            yield Order(
                call.span, library, endpoint, mine, leg.is_closed, client, call.is_awaited, call.sent, call.place
            )


def body(call: Call) -> tuple[Mapping[str, Held], bool]:
    """What is sent, from the first body argument that is known."""
    positional = 1 if call.path.endswith(".post") else None
    for name in BODIES:
        held = call.get(name, positional if name == "data" else None)
        if held is not None and held.entries is not None:
            return held.entries, held.is_closed
    return {}, False


def arguments(held: Mapping[str, Held]) -> dict[str, Argument]:
    """Arguments under their names."""
    return {name: Argument(name, h.value, h.code, h.span, h.is_passed, h.written, h.place) for name, h in held.items()}


def sessions(call: Call, library: str, host: str | None) -> Iterator[Session]:
    """The key in the request's headers beside the host it goes to."""
    headers = call.get("headers")
    entries = headers.entries if headers else None
    key = next((held for name, held in (entries or {}).items() if name.upper() == "X-BAPI-API-KEY"), None)
    if key is None or host is None:
        return
    credentials: tuple[Named, ...] = key.networks
    yield Session(call.span, library, network_of(host), call.span, None, credentials)


def network_of(host: str) -> Network | None:
    """The network of a base URL (https://bybit-exchange.github.io/docs/v5/guide)."""
    return HOSTS.get(host.removeprefix("https://").partition(".")[0])


def hosts(call: Call) -> set[str]:
    """The base URLs a call may go to."""
    texts = [text for held in (_url(call), call.maker("base_url")) if held for text in held.texts]
    return {match[0] for text in texts if (match := HOST.search(text))}

"""Raw REST: Bybit's V5 endpoints called with requests, httpx, aiohttp or urllib.

What is sent stands in `json=`, `data=`, `content=` or `params=`, as a dict or as the text made of one
(https://bybit-exchange.github.io/docs/v5/guide).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial

from bybit_lint import knowledge
from bybit_lint.clients import ArgumentView, CallView, entries_of, pybit_legacy, sent
from bybit_lint.clients.arguments import is_query
from bybit_lint.knowledge import DOMAINS, dialects
from bybit_lint.knowledge.headers import KEY
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Named, Network, Noun, Request, Session

VERBS = ("get", "post", "put", "delete", "patch")
CLIENTS = {
    "requests": ("requests.", "requests.Session().", "requests.session()."),
    "httpx": ("httpx.", "httpx.Client().", "httpx.AsyncClient()."),
    "aiohttp": ("aiohttp.ClientSession().",),
    "urllib": ("urllib.request.",),
    "urllib3": ("urllib3.", "urllib3.PoolManager()."),
    "pybotters": ("pybotters.Client().",),
    "http.client": ("http.client.HTTPSConnection().",),
}
CALLS = {
    f"{prefix}{verb}": library
    for library, prefixes in CLIENTS.items()
    for prefix in prefixes
    for verb in (*VERBS, "request")
}
CALLS |= {"aiohttp.request": "aiohttp"}
CALLS |= {f"{prefix}{verb}": "httpx" for prefix in CLIENTS["httpx"] for verb in ("stream", "build_request")}
CALLS |= {"urllib.request.Request": "urllib", "urllib.request.urlopen": "urllib"}
CALLS |= {"requests.Request": "requests", "requests.models.Request": "requests", "httpx.Request": "httpx"}
NAMES = frozenset({*VERBS, "request", "stream", "build_request", "Request", "urlopen"})
VERB_FIRST = (".request", ".stream", ".build_request", "requests.Request", "models.Request", "httpx.Request")
"""How calls end that are given the verb before the address."""
PREFIXES: tuple[str, ...] = ()
ROOTS: tuple[str, ...] = tuple(f"{library}." for library in CLIENTS)
PATIENT = ("requests", "urllib")
"""Libraries that wait for ever unless they are told how long."""
BODIES = ("json", "data", "content", "body", "fields", "params")
SCHEME = regex(r"https?://\w", re.IGNORECASE)
HOST = regex(
    rf"https://(?:[\w-]+\.)*(?:{DOMAINS})\.(?:com(?:\.\w\w)?|\w\w)(?![\w.-])",
    re.IGNORECASE,
)
OLDER = (
    r"v2|v3/public|open-api|private/linear|public/linear|futures/private|spot/(?:v[13]|lt|quote|order)|asset/v[123]|"
    r"(?:unified|contract|derivatives)/v3|(?:option|perpetual)/usdc|user/v3|user(?=/leverage)|"
    r"position(?=/change-position-margin)"
)
"""How the paths of the older APIs begin."""
OLDER_METHODS = {"create": "place_active_order", "replace": "replace_active_order"}
"""By the end of a path of the older APIs: the method that sent there what is sent."""
ENDPOINT = regex(rf"/(?:v5|{OLDER})/[\w/-]+")
HOSTS = {"api-testnet": Network.TESTNET, "api-demo": Network.DEMO, "api": Network.MAINNET}


def read(call: CallView) -> Iterator[Noun]:
    """The request a call sends to Bybit, with the credentials it is signed with."""
    library = CALLS.get(call.path)
    url = _url(call) if library else None
    if library is None or url is None:
        return
    found = hosts(call)
    if not found and (is_elsewhere(call) or not any(knowledge.endpoint_at(path) for path in _paths(call))):
        return
    host = found.pop() if len(found) == 1 else None
    endpoint = endpoint_of(call)
    said = url.query if is_query(endpoint) else None
    fields, is_closed = beside(call, *said) if said else body(call)
    is_closed = is_closed and (said is not None or not any("?" in text for text in url.texts))
    endless = is_endless(call, library)
    asked = host and (url.base or f'"{host}"')
    texts = () if call.get("json") else None
    is_asked = call.path.endswith(".get")  # the other branch of a function that is told the verb: orders are posted
    told = sent.requests(
        call, library, endpoint, fields, is_closed, asked, older(endpoint), texts=texts, is_asked=is_asked
    )
    for noun in told:
        yield noun.replace(is_endless=endless) if isinstance(noun, Request) else noun
    yield from sent.moments(endpoint, fields)
    yield from sessions(call, library, host)


def endpoint_of(call: CallView) -> str:
    """The path a call goes to, be it to which host it may; empty if it may be one of several."""
    paths = _paths(call)
    return paths.pop() if len(paths) == 1 else ""


def has_query(call: CallView) -> bool:
    """True if a query stands in each address that a call may go to."""
    url = _url(call)
    return url is not None and bool(url.texts) and all("=" in text.partition("?")[2] for text in url.texts)


def _paths(call: CallView) -> set[str]:
    url = _url(call)
    return {match[0].rstrip("/") for text in (url.texts if url else ()) if (match := ENDPOINT.search(text))}


def older(endpoint: str) -> sent.Translation | None:
    """What gives the arguments of an order before V5 their V5 names."""
    is_older = endpoint in sent.ORDERS and not endpoint.startswith("/v5/")
    known = dialects.legacy(OLDER_METHODS.get(endpoint.rpartition("/")[2], "")) if is_older else None
    return partial(pybit_legacy.arguments, known.arguments) if known else None


def _url(call: CallView) -> ArgumentView | None:
    is_first = not call.path.endswith(VERB_FIRST)
    return call.get("url", 0 if is_first else 1)


def is_endless(call: CallView, library: str) -> bool:
    """Proven: nothing ends the wait for an answer.

    requests and urllib wait for ever by default; httpx gives up after 5 s and aiohttp after 300 s, unless they are told
    not to (https://requests.readthedocs.io/en/latest/user/advanced/#timeouts,
    https://www.python-httpx.org/advanced/timeouts/, https://docs.aiohttp.org/en/stable/client_quickstart.html#timeouts).
    """
    if call.path.endswith(("Request", "build_request")):
        return False
    timeout = call.get("timeout", 2 if library == "urllib" else None)
    if timeout is None and library == "httpx":
        timeout = call.maker("timeout")
    if timeout is not None:
        return timeout.code == "None"
    return library in PATIENT and call.is_closed and call.around.is_plain


def body(call: CallView) -> tuple[Mapping[str, ArgumentView], bool]:
    """What is sent, from the first body argument that is known."""
    places = {"data": 1} if call.path.endswith(".post") else {"body": 2} if call.path.startswith("http.client.") else {}
    for name in BODIES:
        held = call.get(name, places.get(name))
        if held is not None and held.entries is not None:
            return held.entries, held.is_closed
    return {}, False


def beside(call: CallView, said: Mapping[str, ArgumentView], is_whole: bool) -> tuple[Mapping[str, ArgumentView], bool]:
    """What is sent beside what the query of an address says, together with that, and whether it is all."""
    fields, is_closed = body(call)
    is_all = is_closed or (call.is_closed and call.get("params") is None)
    return {**said, **fields}, is_whole and is_all


def sessions(call: CallView, library: str, host: str | None) -> Iterator[Session]:
    """The key in the request's headers beside the host it goes to."""
    headers = entries_of(call.get("headers"))
    key = next((held for name, held in headers.items() if name.upper() == KEY), None)
    if key is None or host is None:
        return
    credentials: tuple[Named, ...] = key.networks
    network = network_of(host)
    yield Session(call.span, library, network, call.span, None, credentials, channel="rest", has_keys=True)


def network_of(host: str) -> Network | None:
    """The network of a base URL (https://bybit-exchange.github.io/docs/v5/guide)."""
    return HOSTS.get(host.removeprefix("https://").partition(".")[0])


def is_elsewhere(call: CallView) -> bool:
    """True if a host is written out: other exchanges have a `/v5/order/create` of their own."""
    return any(SCHEME.search(text) for text in _addresses(call))


def is_for_others(call: CallView) -> bool:
    """True if a request goes to a host that is written out, and is none of Bybit's."""
    return call.path in CALLS and is_elsewhere(call) and not hosts(call)


def hosts(call: CallView) -> set[str]:
    """The base URLs a call may go to."""
    return {match[0] for text in _addresses(call) if (match := HOST.search(text))}


def _addresses(call: CallView) -> list[str]:
    """The addresses, or what they begin with, that a call may go to: what a query names is told and not asked."""
    connected = call.maker("host", 0) if call.path.startswith("http.client.") else None
    texts = [text.partition("?")[0] for held in (_url(call), call.maker("base_url")) if held for text in held.texts]
    return [*texts, *(f"https://{text}" for text in (connected.texts if connected else ()))]

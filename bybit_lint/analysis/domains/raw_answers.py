"""What Bybit answers to a request that a bot sends with a library of HTTP: `requests.get(url).json()["result"]`."""

from __future__ import annotations

from bybit_lint.analysis.domains import strings
from bybit_lint.analysis.values.terms import (
    Again,
    Expression,
    Invocation,
    Term,
    Union,
    alternatives,
    qualified_name,
    spine,
)
from bybit_lint.knowledge import DOMAINS
from bybit_lint.patterns import regex

CLIENTS = ("requests.", "httpx.", "aiohttp.", "urllib.request.", "urllib3.")
VERBS = {"get", "post", "put", "delete", "request", "urlopen", "Request"}
DECODERS = {"json.loads", "json.load", "orjson.loads", "ujson.loads", "simplejson.loads"}
ROOTS = (*CLIENTS, *DECODERS)
"""How the names of such answers begin."""
ADDRESS = regex(rf"https://(?:[\w-]+\.)*(?:{DOMAINS})\.\w|(?:https?://)?(?:{strings.HOLE}[\w.-]*)?/v5/\w")
"""Bybit's host, or the path of one of its endpoints behind a host that is not known."""


def are_in(term: Term) -> bool:
    """True for what is read out of an answer of Bybit's, whichever of several requests it is the answer to."""
    if isinstance(term, Union):
        ways = [way for way in alternatives(term) if not isinstance(way, Again)]
        return bool(ways) and all(map(are_in, ways))
    for part in spine(term):
        if not isinstance(part, Invocation):
            continue
        name = qualified_name(part.callee) or ""
        if name in DECODERS and part.positional:
            return are_in(part.positional[0].term)
        is_sent = name.startswith(CLIENTS) and name.rpartition(".")[2] in VERBS
        if is_sent and (any(map(_is_address, part.positional[:2])) or _is_address(part.keywords.get("url"))):
            return True
    return False


def _is_address(held: Expression | None) -> bool:
    if held is None:
        return False
    return all(_leads_there(way) for way in alternatives(held.term))


def _leads_there(term: Term) -> bool:
    match term:
        case Invocation(callee=callee, positional=[url, *_]) if (qualified_name(callee) or "").endswith(".Request"):
            return _is_address(url)
    return any(map(ADDRESS.match, strings.texts(term)))

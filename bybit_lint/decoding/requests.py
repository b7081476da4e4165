"""The requests that stand in a log: pybit's `Request →` line, what ccxt prints with verbose, addresses."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from bybit_lint import knowledge
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

SENT = r"(?P<verb>GET|POST)\s(?P<url>https?://"
PYBIT = regex(rf"Request\s(?P<arrow>\S{{1,8}})\s{SENT}[^\s?]{{1,300}}?)(?:\. Body)?:\s?(?P<params>.*)", re.DOTALL)
"""The arrow may be lost in an encoding that has none."""
LOGGED = "->"
"""The arrow that pybit writes before it sends; the other one stands in its exceptions."""
CCXT = regex(rf"Request: \S{{1,40}} {SENT}\S{{1,2000}}) RequestHeaders: ")
BODY = "RequestBody: "
PLAIN = regex(rf"\bbybit {SENT}\S{{1,2000}})")
"""What ccxt says of a request without an answer."""
HOST = regex(rf"(?:[\w-]{{1,40}}\.){{0,3}}(?:{knowledge.DOMAINS})\.[a-z]{{2,3}}(?:\.[a-z]{{2}})?")
"""A host of Bybit's, as a whole."""
LONGEST = 10_000


class Request(NamedTuple):
    """One request as it was sent."""

    verb: str
    host: str
    path: str
    params: Mapping[str, Any] | None
    """What was sent with it by name; None where the log does not tell."""
    is_cut: bool = False
    """True if the log breaks off inside of what was sent."""
    is_pybit: bool = False
    is_raised: bool = False
    """True if it stands behind what was refused, as in pybit's exceptions."""

    @property
    def network(self) -> str:
        """`mainnet`, `testnet` or `demo`, by its host."""
        is_demo, is_test = "demo" in self.host, "testnet" in self.host
        return "demo" if is_demo else "testnet" if is_test else "mainnet"


def request_in(text: str) -> Request | None:
    """The request that a line tells of."""
    if found := PYBIT.search(text):
        request = _request(found["verb"], found["url"], found["params"].strip())
        return request._replace(is_pybit=True, is_raised=found["arrow"] != LOGGED)
    if found := CCXT.search(text):
        return _request(found["verb"], found["url"], text[found.end() :].partition(BODY)[2].strip())
    if found := PLAIN.search(text):
        return _request(found["verb"], found["url"], "" if found["verb"] == "GET" else None)
    return None


def _request(verb: str, url: str, said: str | None) -> Request:
    host, _, rest = url.partition("://")[2].partition("/")
    path, _, query = rest.partition("?")
    sent = None if said is None else _params(said)
    params = None if sent is None else {**dict(parse_qsl(query, keep_blank_values=True)), **sent}
    is_cut = said is not None and sent is None
    return Request(verb, host, f"/{path.rstrip('.,')}", params, is_cut)


def _params(said: str) -> dict[str, Any] | None:
    """What was sent, from JSON, from how Python prints a dict, or from a query; None where it is cut off."""
    said = said[:LONGEST]
    if said.startswith("{"):
        return _mapping(said)
    if said.startswith(("None", "b''")):
        return {}
    return dict(parse_qsl(said.split(" ")[0].removesuffix("."), keep_blank_values=True))


def _mapping(said: str) -> dict[str, Any] | None:
    try:
        found, _ = json.JSONDecoder().raw_decode(said)
    except (ValueError, RecursionError):
        try:
            found = ast.literal_eval(said[: said.rindex("}") + 1])
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return None
    return {str(name): value for name, value in found.items()} if isinstance(found, dict) else None

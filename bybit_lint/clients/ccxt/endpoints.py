"""Bybit's endpoints by the names that ccxt makes of their paths: `private_post_v5_order_create`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from bybit_lint import knowledge
from bybit_lint.clients import CallView, entries_of, sent
from bybit_lint.clients.arguments import is_slip
from bybit_lint.clients.ccxt.names import CLASSES, LIBRARY, has
from bybit_lint.knowledge import dialects, legacy
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Noun

CURRENT = "v5"
VERSION = regex(r"v\d", re.IGNORECASE)
IMPLICIT = regex(r"(?=\w+\Z)((?:v2)?(?:public|private)[a-z]*?)(?:get|post|put|delete)(\w+)")


def path_of(name: str) -> str | None:
    """The V5 path behind `private_post_v5_order_create`; empty for an older one, None if it is no endpoint's name."""
    match = IMPLICIT.fullmatch(squeezed(name))
    return _paths().get(match[2], "") if match else None


def former(name: str) -> legacy.Path | None:
    """The older path behind `v2_private_get_position_list` or `publicGetV2PublicKlineList`, if it is known."""
    match = IMPLICIT.fullmatch(squeezed(name))
    return (_former().get(match[2]) or _former().get(match[1] + match[2])) if match else None


def is_outdated(name: str) -> bool:
    """True for an endpoint's name of the time before V5 that ccxt has no more: all that it has say a version."""
    return IMPLICIT.fullmatch(squeezed(name)) is not None and not VERSION.search(name) and former(name) is None


def is_strange(name: str) -> bool:
    """True if an exchange has nothing by a name: no method, no endpoint, and none that a newer version may have."""
    return not has(name) and (path_of(name) is None or bool(endpoint_meant(name)))


def endpoint_meant(name: str) -> str:
    """The endpoint's name that a wrong one is certainly taken for, in its spelling; empty where there is none like it.

    The same path by another verb or section (`private_post_v5_position_list`), in other capitals, with a wrong letter.
    """
    match = IMPLICIT.fullmatch(squeezed(name)) if CURRENT in name.lower() else None
    if match is None or name in _spellings():
        return ""
    alike = [known for known, path in _spellings().items() if path == match[2] and ("_" in known) == ("_" in name)]
    slips = (known for known in _spellings() if is_slip(name, known))
    spelt = [known for known in alike if squeezed(known) == squeezed(name)]
    return next(iter((*spelt, *alike)), "") or next(slips, "")


def subtraction(path: str, words: Sequence[str]) -> str:
    """The endpoint's name that somebody wrote with minuses (`private_get_v5_position_closed-pnl`); empty for others."""
    made, _, name = path.partition("().")
    joined = "_".join((name, *words))
    return joined if made in CLASSES and joined in dialects.ccxt_endpoints() else ""


def squeezed(name: str) -> str:
    """What `v5/order/create-batch`, `v5_order_create_batch` and `V5OrderCreateBatch` have in common."""
    return re.sub(r"[/_-]", "", name).lower()


def implicit(call: CallView, endpoint: str) -> Iterator[Noun]:
    """A request whose fields stand in one dict, as Bybit gets them."""
    params = call.get("params", 0)
    fields = entries_of(params)
    is_closed = params.is_closed if params else call.is_closed
    yield from sent.requests(call, LIBRARY, endpoint, fields, is_closed)
    yield from sent.moments(endpoint, fields)


@cache
def _spellings() -> dict[str, str]:
    """The names of endpoints of V5 in both spellings, each with its path as `squeezed` makes it."""
    pairs = ((name, twin) for name, twin in dialects.ccxt_endpoints().items() if CURRENT in name)
    return {each: match[2] for pair in pairs for each in pair if (match := IMPLICIT.fullmatch(squeezed(each)))}


@cache
def _former() -> dict[str, legacy.Path]:
    return {squeezed(path): known for path, known in legacy.paths().items() if known.kind == "REST"}


@cache
def _paths() -> dict[str, str]:
    endpoints = [knowledge.endpoint_of(method) for method in knowledge.methods()]
    return {squeezed(endpoint.path): endpoint.path for endpoint in endpoints if endpoint}

"""A client that is a parameter which nobody is seen to pass: the words of the call itself say that it is Bybit's.

`client.place_order(category="linear", ...)` is V5's whoever sends it, and so is a request to an address of Bybit's;
`client.place_active_order(...)` and `client.rest.linear.private_order_create(...)` are of APIs before it.
Nothing is said that depends on which library it is: what it raises, what it takes, how long it waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bybit_lint import knowledge
from bybit_lint.clients import ArgumentView, CallView, pybit_legacy, pybybit, rest, sent
from bybit_lint.knowledge import dialects
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Noun

CLIENT = "passed()."
"""What stands in the place of the client in the path of a call."""
LIBRARY = "passed"
OLDER = frozenset(name for name in pybit_legacy.METHODS if "active_order" in name or "conditional_order" in name)
"""Names of pybit before V5 that no other exchange's client has."""
PART = regex(rf"(?:.*\.)?rest\.({'|'.join(pybybit.CATEGORIES)})\.(\w+)")
"""How pybybit's methods are called."""
NAMES = frozenset({*rest.VERBS, "request", *knowledge.methods(), *OLDER, *pybybit.NAMES})
PREFIXES: tuple[str, ...] = ()
ROOTS: tuple[str, ...] = (CLIENT,)
CATEGORIES = ("linear", "inverse", "spot", "option")
"""Of V5 (https://bybit-exchange.github.io/docs/v5/enum#category); those of other exchanges are called otherwise."""


def read(call: CallView) -> Iterator[Noun]:
    """The request or order that the call says it is."""
    written = call.path.removeprefix(CLIENT)
    method = written.rpartition(".")[2]
    known = knowledge.endpoint_of(method)
    category = call.get("category")
    if known is not None and category is not None and category.constant in CATEGORIES:
        yield from _sent(call, known.path, call.arguments(), call.is_closed)
    elif method in rest.NAMES and rest.hosts(call) and (endpoint := rest.endpoint_of(call)):
        yield from _sent(call, endpoint, *rest.body(call), is_asked=method == "get")
    elif (part := PART.fullmatch(written)) and (older := dialects.pybybit(method, part[1])):
        yield from pybybit.requests(call, pybybit.CATEGORIES[part[1]], older, LIBRARY)
    elif method in OLDER and call.get("symbol") and (older := dialects.legacy(method)):
        yield from pybit_legacy.requests(call, older, LIBRARY)


def is_http(call: CallView) -> bool:
    """True for a method by which HTTP clients send a request to an address."""
    return call.path.rpartition(".")[2] in rest.NAMES


def _sent(
    call: CallView, endpoint: str, fields: Mapping[str, ArgumentView], is_closed: bool, is_asked: bool = False
) -> Iterator[Noun]:
    return sent.requests(call, LIBRARY, endpoint, fields, is_closed, translate=sent.arguments, is_asked=is_asked)

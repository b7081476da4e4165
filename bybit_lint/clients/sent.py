"""What an endpoint is sent, whichever client sends it: a request, an order, or one order per leg of a batch."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial

from bybit_lint.clients import ArgumentView, CallView
from bybit_lint.clients.arguments import MISTAKES, as_meant, mistakes
from bybit_lint.clients.settled import is_settled
from bybit_lint.knowledge import legacy
from bybit_lint.vocabulary import (
    TIMES,
    Argument,
    Kind,
    Legacy,
    LegacyUse,
    Noun,
    Order,
    Origin,
    Request,
    Timestamp,
    Value,
)

ORDERS = {
    "/v5/order/create",
    "/v5/order/amend",
    "/v5/position/trading-stop",
    "/open-api/order/create",
    "/open-api/order/replace",
    "/v2/private/order/create",
    "/v2/private/order/replace",
    "/private/linear/order/create",
    "/private/linear/order/replace",
    "/contract/v3/private/order/create",
    "/unified/v3/private/order/create",
}
BATCHES = {"/v5/order/create-batch", "/v5/order/amend-batch"}
ALL_BATCHES = {*BATCHES, "/v5/order/cancel-batch"}


class Arguments(Mapping[str, Argument]):
    """Arguments under their names, each made when it is asked for: of most requests nobody reads more than a few."""

    def __init__(self, makers: Mapping[str, Callable[[], Argument]]) -> None:
        self._held: dict[str, Argument | Callable[[], Argument]] = {**makers}

    def __getitem__(self, name: str) -> Argument:
        held = self._held[name]
        if not isinstance(held, Argument):
            held = self._held[name] = held()
        return held

    def __contains__(self, name: object) -> bool:
        return name in self._held

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Arguments):
            return NotImplemented
        return self._held.keys() == other._held.keys() and all(_is_alike(self[n], other[n]) for n in self)

    __hash__ = None  # type: ignore[assignment]  # it is equal to what holds the same, as a dict is


def _is_alike(one: Argument, other: Argument) -> bool:
    """True if the same is told of two arguments under one name at one place: nothing, unless it is decided there."""
    is_passed = one.is_passed or other.is_passed
    return one == other if is_passed else one.value.constant == other.value.constant


Translation = Callable[[Mapping[str, ArgumentView], Collection[str]], Mapping[str, Argument]]
"""Makes arguments of fields under a client's own names, and of the names of those of which JSON is made."""


def arguments(fields: Mapping[str, ArgumentView], json: Collection[str] = ()) -> Arguments:
    """Arguments under their names; JSON is made of those in `json`."""
    in_json = partial(argument, is_json=True)
    return Arguments({n: partial(in_json if n in json else argument, n, held) for n, held in fields.items()})


def argument(name: str, held: ArgumentView, own_name: str = "", *, is_json: bool = False) -> Argument:
    """An argument under one of Bybit's names; `own_name` is the client's, where that is another."""
    other = own_name if own_name != name else ""
    is_decimal = is_json and held.is_decimal
    return Argument(
        name,
        held.value,
        held.code,
        held.span,
        held.is_passed,
        held.written,
        held.place,
        is_decimal,
        held.is_nothing,
        own_name=other,
        asked=held.asked,
    )


def said(call: CallView, name: str, word: str | None) -> Argument:
    """An argument that is a known word, or something unknown."""
    origins = (Origin(Kind.CONSTANT, call.span),) if word else ()
    return Argument(name, Value(call.span, origins, word), None, call.own_span, written=word)


def worked_out(name: str, held: ArgumentView) -> Argument:
    """An argument that the client works out of another one."""
    return Argument(name, Value(held.span), None, held.span)


def requests(
    call: CallView,
    library: str,
    endpoint: str,
    fields: Mapping[str, ArgumentView],
    is_closed: bool,
    client: str | None = None,
    translate: Translation | None = None,
    own: Collection[str] = (),
    texts: Collection[str] | None = None,
    is_asked: bool = False,
) -> Iterator[Noun]:
    """What is sent; `translate` puts V5's names in the place of the client's own, `own` is what it keeps for itself.

    `texts` is what the client makes text of before it makes JSON of it all, but not in the legs of a batch; None where
    no JSON is made. What is only asked places no order.
    """
    noun = Order if endpoint in ORDERS | BATCHES and not is_asked else Request
    found = legs(fields) if endpoint in BATCHES else [(fields, is_closed)]
    for held, is_whole in found or [({}, False)]:
        meant = held if translate else as_meant(endpoint, held, is_leg=endpoint in BATCHES)
        json = set(meant).difference(() if endpoint in BATCHES else texts) if texts is not None else set[str]()
        named = (translate or arguments)(meant, json)
        yield noun(
            call.span,
            library,
            endpoint,
            named,
            is_whole,
            client,
            call.is_awaited,
            call.sent,
            call.place,
            is_json=texts is not None,
            is_settled=translate is None and is_settled(call, endpoint, meant, is_whole),
        )
    if translate is None:
        category = fields["category"].constant if "category" in fields else None
        if legacy.is_given_up(endpoint, category):
            yield from given_up(call, endpoint, fields)
        elif call.wants(*MISTAKES):
            call.judge_later(judged(call, endpoint, {n: h for n, h in fields.items() if n not in own}, is_closed))


def given_up(call: CallView, endpoint: str, fields: Mapping[str, ArgumentView]) -> Iterator[LegacyUse]:
    """A request to an endpoint that Bybit has given up, told once: where it is written, or who says the category."""
    known, category = legacy.given_up()[endpoint], fields.get("category")
    if call.sent is None or (category is not None and category.is_passed):
        yield LegacyUse(call.span, Legacy.ENDPOINT, endpoint, known.instead, effect=known.effect)


def judged(call: CallView, endpoint: str, fields: Mapping[str, ArgumentView], is_closed: bool) -> Iterator[Noun]:
    """What is wrong with what is sent under V5's own names, orders of a batch included."""
    is_order = endpoint in ORDERS | BATCHES
    yield from mistakes(call, endpoint, fields, is_closed, is_order=is_order)
    for held, is_whole in legs(fields) if endpoint in ALL_BATCHES else ():
        yield from mistakes(call, endpoint, held, is_whole, is_leg=True, is_order=is_order)


def moments(endpoint: str, fields: Mapping[str, ArgumentView]) -> Iterator[Timestamp]:
    """From when to when a query asks. Before V5 some of them were in seconds."""
    for name, held in fields.items() if endpoint.startswith("/v5/") else ():
        if name in TIMES:
            yield from held.moments(name)


def legs(fields: Mapping[str, ArgumentView]) -> list[tuple[Mapping[str, ArgumentView], bool]]:
    """The fields of each order of a batch, and whether they are all there are."""
    shared = {name: held for name, held in fields.items() if name == "category"}
    batch = fields.get("request")
    items = (batch.items or ()) if batch else ()
    return [({**shared, **leg.entries}, leg.is_closed) for leg in items if leg.entries is not None]

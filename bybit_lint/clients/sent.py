"""What an endpoint is sent, whichever client sends it: a request, an order, or one order per leg of a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bybit_lint.clients import Call, Held
from bybit_lint.vocabulary import Argument, Order, Request

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


def arguments(fields: Mapping[str, Held]) -> dict[str, Argument]:
    """Arguments under their names."""
    return {name: argument(name, held) for name, held in fields.items()}


def argument(name: str, held: Held) -> Argument:
    """An argument under one of Bybit's names."""
    return Argument(name, held.value, held.code, held.span, held.is_passed, held.written, held.place)


def requests(
    call: Call,
    library: str,
    endpoint: str,
    fields: Mapping[str, Held],
    is_closed: bool,
    client: str | None = None,
    translate: Callable[[Mapping[str, Held]], Mapping[str, Argument]] = arguments,
) -> Iterator[Request]:
    """What is sent; `translate` puts V5's names in the place of the client's own."""
    noun = Order if endpoint in ORDERS | BATCHES else Request
    found = legs(fields) if endpoint in BATCHES else [(fields, is_closed)]
    for held, is_whole in found or [({}, False)]:
        yield noun(
            call.span, library, endpoint, translate(held), is_whole, client, call.is_awaited, call.sent, call.place
        )


def legs(fields: Mapping[str, Held]) -> list[tuple[Mapping[str, Held], bool]]:
    """The fields of each order of a batch, and whether they are all there are."""
    shared = {name: held for name, held in fields.items() if name == "category"}
    batch = fields.get("request")
    items = (batch.items or ()) if batch else ()
    return [({**shared, **leg.entries}, leg.is_closed) for leg in items if leg.entries is not None]

"""ccxt's own methods, which all its exchanges have: what they send to Bybit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from bybit_lint.clients import ArgumentView, CallView, entries_of, sent
from bybit_lint.clients.arguments import is_query, misnamed
from bybit_lint.clients.ccxt import words
from bybit_lint.clients.ccxt.broken_calls import counted, exchanged, lacking, misplaced, unexpected
from bybit_lint.clients.ccxt.markets import is_former
from bybit_lint.clients.ccxt.names import CONSUMED, LEGS, LIBRARY, is_known
from bybit_lint.knowledge import accounts, dialects
from bybit_lint.knowledge import parameters as tables
from bybit_lint.vocabulary import CCXTS, Argument, Kind, Lazy, Misrounding, Noun, Order, Origin, Request, Value

FITTED = {"qty", "price", "triggerPrice", "takeProfit", "stopLoss", "activePrice"}
"""What ccxt rounds to the instrument's step or tick."""
WORKED_OUT = ("category", "marketUnit", "side", "orderType")
"""What ccxt finds out from the market and from the method's name."""
SAID = {"buy": "side", "sell": "side", "market": "orderType", "limit": "orderType"}
"""What the words in a method's name decide: `create_market_buy_order`."""
OPTIONS = {
    "clientOrderId": "orderLinkId",
    "stopPrice": "triggerPrice",
    "stopLossPrice": "triggerPrice",
    "takeProfitPrice": "triggerPrice",
    "trailingAmount": "trailingStop",
    "trailingTriggerPrice": "activePrice",
}
"""Entries of `params` that ccxt has a name of its own for."""
LOST = (Misrounding.FLOOR.name, Misrounding.DIGITS.name)
"""What no rounding behind it makes good."""


def unified(call: CallView, method: dialects.Method) -> Iterator[Noun]:
    """What ccxt sends for one of its own methods: a request, an order, or one order per leg of a batch."""
    yield from unexpected(call, method)
    is_order = method.endpoint in sent.ORDERS | sent.BATCHES
    names = dialects.ccxt_methods()[LEGS.get(method.name, method.name)].arguments
    for fields, is_closed in given(call, method):
        yield from misplaced(call, method, fields)
        yield from exchanged(call, method, fields)
        yield from counted(call, method, fields)
        yield from lacking(call, method, fields, is_closed)
        if method.endpoint in words.CREATING:
            yield from words.misvalued(call, fields)
        params = fields.get("params")
        is_whole = is_closed and is_order and (params is None or params.is_closed)
        held = arguments(names, fields, added(call, method.name) if is_order else {})
        for name, moment in {**fields, **entries_of(params)}.items():
            if name in CCXTS:
                yield from moment.moments(name)
        noun = Order if is_order else Request
        is_settled = is_query(method.endpoint) and is_closed and (params is None or params.is_closed)
        yield noun(
            call.span,
            LIBRARY,
            method.endpoint,
            held,
            is_whole,
            None,
            call.is_awaited,
            call.sent,
            call.place,
            is_settled=is_settled,
        )
        if params is not None and params.entries and not is_former(fields.get("symbol")):
            strangers = tables.ccxt_strangers() if is_order else {}
            own = {name for name in params.entries if is_known(name) and name not in strangers}
            yield from misnamed(
                call,
                method.endpoint,
                params.entries,
                own,
                is_leg=method.name in LEGS,
                is_order=is_order,
                strangers=strangers,
            )


def given(call: CallView, method: dialects.Method) -> Iterator[tuple[Mapping[str, ArgumentView], bool]]:
    """The arguments a call is given under ccxt's names, once per order, and whether they are all there are."""
    if method.name in LEGS:
        orders = call.get("orders", 0)
        items = (orders.items if orders else None) or ()
        legs = [(leg.entries, leg.is_closed) for leg in items if leg.entries is not None]
        yield from legs or [({}, False)]
        return
    names = (*method.arguments, "params")
    yield {name: held for i, name in enumerate(names) if (held := call.get(name, i))}, call.is_closed


def arguments(
    names: Mapping[str, tuple[str, ...]], fields: Mapping[str, ArgumentView], more: Mapping[str, Argument]
) -> sent.Arguments:
    """Arguments under their V5 names, beside `more` that ccxt adds.

    None is none at all; an entry of `params` wins, as it does in ccxt.
    """
    held_by_name = {name: held for name, held in fields.items() if held.code != "None"}
    found: dict[str, Callable[[], Argument]] = {name: partial(more.__getitem__, name) for name in more}
    for name, held in held_by_name.items():
        found |= {v5: partial(fitted, v5, held, name) for v5 in names.get(name, ())}
    for name, held in entries_of(fields.get("params")).items():
        v5 = OPTIONS.get(name, name)
        if name == "hedged" and held.constant is not False:
            found["positionIdx"] = partial(sent.worked_out, "positionIdx", held)
        elif v5 not in CONSUMED:
            found[v5] = partial(sent.argument if v5 == "qty" else fitted, v5, held, name)
    return sent.Arguments(found)


def fitted(name: str, held: ArgumentView, own_name: str) -> Argument:
    """An argument as it leaves ccxt: prices and quantities rounded, words spelt as Bybit spells them."""
    value = held.value
    origins = Lazy(on_step, value) if name in FITTED else value.origins
    sent_value = value.replace(origins=origins, constant=spelt(name, value.constant), giver="")
    return sent.argument(name, held, own_name).replace(value=sent_value, written=spelt(name, held.written))


def on_step(value: Value) -> Sequence[Origin]:
    """Where a number comes from that ccxt rounds: what it was cut to before stays lost, and no number comes at all."""
    lost = next((origin for origin in value.origins if origin.note in LOST), None)
    rounded = Origin(Kind.STEP, value.span, "by ccxt", cut=value.cut_by_mistake)
    return (lost._replace(kind=Kind.STEP) if lost else rounded,)


def spelt(name: str, constant: object) -> object:
    """A literal as Bybit gets it, None where ccxt's word for it says less than Bybit's."""
    if isinstance(constant, str) and name in ("side", "orderType"):
        return constant.capitalize()
    if isinstance(constant, bool) and name == "mode":
        return accounts.sent("hedge" if constant else "one-way")
    return None if name in ("symbol", "interval", "intervalTime", "period") else constant


def added(call: CallView, method: str) -> dict[str, Argument]:
    """What ccxt adds to an order. It stands nowhere in the call, so it has no code of its own."""
    words = {SAID[word]: word.capitalize() for word in method.split("_") if word in SAID}
    return {name: sent.said(call, name, words.get(name)) for name in WORKED_OUT}

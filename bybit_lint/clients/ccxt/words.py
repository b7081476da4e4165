"""The words of an order that ccxt hands on without a look at them: it only writes their first letter large.

`stop_market`, which other exchanges have, goes out as `Stop_market`, and Bybit refuses it. (`create_order_request` and
`create_order` in https://github.com/ccxt/ccxt/blob/master/python/ccxt/bybit.py; where an order becomes a trading stop,
its type is not sent.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bybit_lint.clients import ArgumentView, CallView, entries_of
from bybit_lint.clients.arguments import says_nothing
from bybit_lint.knowledge import parameters as tables
from bybit_lint.vocabulary import Literal, Misvalued
from bybit_lint.vocabulary.values import UNKNOWN

CREATE = "/v5/order/create"
CREATING = (CREATE, "/v5/order/create-batch")
WORDS = {"type": "orderType", "side": "side"}
"""The arguments that are such words, with Bybit's parameters for them."""
DIVERTING = {"trailingAmount", "trailingStop", "tradingStopEndpoint", "stopLossPrice", "takeProfitPrice", "method"}
"""What in `params` may make another request of an order."""


def misvalued(call: CallView, fields: Mapping[str, ArgumentView]) -> Iterator[Misvalued]:
    """The literals that are no type and no side of an order's, written in capitals or not."""
    params = fields.get("params")
    is_plain = params is None or (params.is_closed and DIVERTING.isdisjoint(entries_of(params)))
    for name, v5 in WORDS.items() if call.is_only and is_plain else ():
        held, parameter = fields.get(name), tables.parameters(CREATE)[v5]
        if held is None or (call.sent is not None and not held.is_added) or says_nothing(held.literals):
            continue
        for literal in _wrong(parameter, held):
            yield Misvalued(
                literal.span,
                CREATE,
                v5,
                str(literal.value),
                tuple(value.lower() for value in parameter.values),
                sent=None if held.span.holds(literal.span) else held.span,
                unblocks_orders=True,
                written=name,
                code=literal.code,
            )


def _wrong(parameter: tables.Parameter, held: ArgumentView) -> Iterator[Literal]:
    """What an argument can be on a way on which nothing that it can be is one of the parameter's values."""
    for way in held.literals:
        said = [literal for literal in way if isinstance(literal.value, str) and literal.value]
        if not any(_may_be(parameter, str(literal.value)) for literal in said):
            yield from {literal.span: literal for literal in said}.values()


def _may_be(parameter: tables.Parameter, said: str) -> bool:
    """True unless it is proven that what ccxt makes of a word is none of Bybit's."""
    return UNKNOWN in said or parameter.allows(said.capitalize())

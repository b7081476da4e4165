"""Requests of which nothing else is to be told to those who call the functions around them: they are asked no more."""

from __future__ import annotations

from collections.abc import Mapping

from bybit_lint.clients import ArgumentView, CallView
from bybit_lint.clients.arguments import PYBIT, is_query, literal_values
from bybit_lint.knowledge import parameters as tables
from bybit_lint.knowledge.availability import longest_range
from bybit_lint.vocabulary import Order

NUMBERED = ("/v5/order/create", "/v5/order/amend", "/v5/position/trading-stop")
"""Where one order is sent, with the numbers that Bybit holds against the instrument's grid."""
TOLD_OF_ORDERS = (*Order.QUANTITIES, *Order.PRICES, "orderLinkId", "reduceOnly", "closeOnTrigger")
"""What is told of an order to whoever decides it, whatever stands beside it."""
RANGE = ("startTime", "endTime")


def is_settled(call: CallView, path: str, fields: Mapping[str, ArgumentView], is_closed: bool) -> bool:
    """Proven: its callers make no mistake that cannot be told where it stands, for all of them at once.

    What is told to a caller is a number or an id of an order, what it leaves out, and what it says beside something
    else: a symbol beside a category, a value that makes another one necessary, a moment too far from another one.
    """
    is_order = path in NUMBERED
    if not is_closed or not (is_order or is_query(path)):
        return False
    conditions = (name for need in tables.needs(path) for condition in need.conditions for name in condition.names)
    alike = (name for one, other, _ in tables.equals(path) for name in (one, other))
    moments = () if longest_range(path) is None else RANGE
    deciding = {"category", *conditions, *alike, *moments, *(TOLD_OF_ORDERS if is_order else ())}
    if any(fields[name].is_open for name in deciding if name in fields):
        return False
    if call.path.startswith(PYBIT) and any(_is_left_to_callers(need, fields) for need in tables.needs(path)):
        return False
    category, symbol = fields.get("category"), fields.get("symbol")
    if category is None or category.constant is None or symbol is None or not symbol.is_open:
        return True
    return not any(tables.category_of(str(category.constant), str(value)) for value in literal_values(symbol))


def _is_left_to_callers(need: tables.Need, fields: Mapping[str, ArgumentView]) -> bool:
    """True if some of the callers give nothing of what is needed."""
    held = [fields[name] for name in need.names if name in fields]
    return bool(held) and all(each.is_open and None in literal_values(each) for each in held)

"""Orders of contracts in hedge mode that say nothing of the side of the position they are for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.clients import ccxt
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.vocabulary import Account, Fix, Order, SetArgument, UnindexedOrder

PYBIT = "pybit.unified_trading.HTTP().place_order"
REDUCED = {"Sell": "1", "Buy": "2"}
"""The index of the position that an order of this side reduces."""


@extracts(Account, UnindexedOrder)
class PositionSides:
    """What the bot says of its account, and the orders that do not fit it."""

    def __init__(self, analysis: Analysis) -> None:
        self.requests = analysis.traffic.requests
        self.accounts = analysis.accounts

    def facts(self, module: Module) -> Iterator[Account | UnindexedOrder]:
        hedge = self.accounts.hedge
        if hedge is None:
            return
        if hedge.account is not None and hedge.account.span.path == module.source.path:
            yield hedge.account
        closed: set[ast.AST] = set()
        for call, order in self.requests.get(module, ()):
            if not isinstance(order, Order) or order.endpoint not in Order.NEW or not order.lacks("positionIdx"):
                continue
            closed |= {call.site.node} if order.sent is None else set()
            if hedge.concerns(_category(call, order), str(order.constant("symbol") or "")):
                span = call.own_span if call.site.node in closed else order.span
                yield UnindexedOrder(span, f"{_name(call)}()", hedge.account, _indexed(call, order))


def _category(call: Call, order: Order) -> str:
    return order.category or (ccxt.category(call) if order.library == ccxt.LIBRARY else "")


def _name(call: Call) -> str:
    node = call.site.node
    return called_name(deferred_callee(node)[0]) if isinstance(node, ast.Call) else ""


def _indexed(call: Call, order: Order) -> Fix | None:
    """Name the position that an order can only reduce."""
    side = order.arguments.get("side")
    index = REDUCED.get(str(side.written)) if side and order.closes else None
    if index is None or call.path != PYBIT or order.sent is not None:
        return None
    return Fix("name the position that it reduces", (SetArgument(call.own_span, "positionIdx", index),))

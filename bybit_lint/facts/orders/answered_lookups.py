"""Look-ups that give nothing only for an instrument that Bybit does not have: what stands for its step is in no order.

pybit and ccxt raise where a look-up fails. One that names its symbol and is answered has the instrument, or there is
none, and Bybit refuses the order (https://bybit-exchange.github.io/docs/v5/market/instrument).
"""

from __future__ import annotations

import ast

from bybit_lint.analysis.flow.exception_handlers import enclosing_attempts, enclosing_suppressions
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import always_exits, names_in
from bybit_lint.analysis.traffic.record import Traffic
from bybit_lint.facts.orders.instrument_fields import INSTRUMENTS
from bybit_lint.vocabulary import Order, Request

RAISING = ("pybit", "ccxt")


def is_for_none(traffic: Traffic, module: Module, literal: ast.AST, order: Order) -> bool:
    """True if a literal is only come to where each look-up of its function was answered, with no instrument."""
    names = module.names
    function = names.scope(literal).function.node
    if any(isinstance(around, ast.ExceptHandler) for around in names.ancestors(literal)):
        return False
    asked = [
        (call.site.node, request)
        for call, request in traffic.requests.get(module, ())
        if request.endpoint == INSTRUMENTS and names.scope(call.site.node).function.node is function
    ]
    return bool(asked) and all(
        _names_its_instrument(request, order) and _raises_past(names, node, literal) for node, request in asked
    )


def _names_its_instrument(request: Request, order: Order) -> bool:
    """True for a look-up of one symbol, in the category that the order is for as far as that is known."""
    is_elsewhere = request.category and order.category and request.category != order.category
    return request.library in RAISING and "symbol" in request.arguments and not is_elsewhere


def _raises_past(names: ModuleIndex, call: ast.AST, literal: ast.AST) -> bool:
    """True if what a call raises never comes to a literal: no handler goes on to it, or gives what it was bound to."""
    is_behind = names.follows(literal, call)  # what was bound before is there in a handler, too
    statement = names.statement(literal)
    bound = names_in([statement], ast.Store) if statement is not None else set()
    for block, _ in enclosing_suppressions(names, call):
        if not (is_behind and names.holds(block, literal)):
            return False
    for attempt in enclosing_attempts(names, call):
        if not (is_behind and names.stands_in(attempt.body, literal)):
            blocks = [handler.body for handler in attempt.handlers]
            if any(bound & names_in(block) or not always_exits(block) for block in blocks):
                return False
    return True

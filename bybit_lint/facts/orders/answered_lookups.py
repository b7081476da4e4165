"""Look-ups that give nothing only for an instrument that Bybit does not have: what stands for its step is in no order.

pybit and ccxt raise where a look-up fails. One that names its symbol and is answered has the instrument, or there is
none, and Bybit refuses the order (https://bybit-exchange.github.io/docs/v5/market/instrument).
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from bybit_lint.analysis.flow.exception_handlers import enclosing_attempts, enclosing_suppressions
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import always_exits, names_in
from bybit_lint.analysis.traffic.record import Traffic
from bybit_lint.facts.orders.instrument_fields import INSTRUMENTS
from bybit_lint.vocabulary import Request

RAISING = ("pybit", "ccxt")


Lookup: TypeAlias = tuple[ast.AST, Request]


class AnsweredLookups:
    """The look-ups of instruments in the functions of a project."""

    def __init__(self, traffic: Traffic) -> None:
        self.traffic = traffic
        self._known: dict[Module, dict[ast.AST, list[Lookup]]] = {}

    def gave_none(self, module: Module, literal: ast.AST, categories: AbstractSet[str]) -> bool:
        """True if a literal is only come to where each look-up of its function was answered, with no instrument.

        `categories` are those of the orders that are made with it, "" for one that is not known.
        """
        names = module.names
        if any(isinstance(around, ast.ExceptHandler) for around in names.ancestors(literal)):
            return False
        asked = self._by_function(module).get(names.scope(literal).function.node, [])
        return bool(asked) and all(
            _names_its_instrument(request, categories) and _raises_past(names, node, literal) for node, request in asked
        )

    def _by_function(self, module: Module) -> dict[ast.AST, list[Lookup]]:
        if module not in self._known:
            found = self._known[module] = defaultdict(list)
            for call, request in self.traffic.requests.get(module, ()):
                if request.endpoint == INSTRUMENTS:
                    found[module.names.scope(call.site.node).function.node].append((call.site.node, request))
        return self._known[module]


def _names_its_instrument(request: Request, categories: AbstractSet[str]) -> bool:
    """True for a look-up of one symbol, in the category that the orders are for as far as that is known."""
    is_elsewhere = bool(request.category) and not categories <= {request.category, ""}
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

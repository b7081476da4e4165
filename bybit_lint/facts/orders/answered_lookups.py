"""Look-ups that give nothing only for an instrument that Bybit does not have: what stands for its step is in no order.

pybit and ccxt raise where a look-up fails, and so do functions of the bot's own that raise for every other retCode than
0. One that names its symbol and is answered has the instrument, or there is none, and Bybit refuses the order
(https://bybit-exchange.github.io/docs/v5/market/instrument).
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property

from bybit_lint.analysis.bounds import MAX_CALLS_BETWEEN
from bybit_lint.analysis.callgraph.callees import Callees
from bybit_lint.analysis.flow.exception_handlers import (
    enclosing_attempts,
    enclosing_suppressions,
    stands_in_handler,
)
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.questions import answered_once
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import always_exits, names_in
from bybit_lint.analysis.syntax.nodes import walk
from bybit_lint.analysis.traffic.record import Traffic
from bybit_lint.analysis.values.terms import Site
from bybit_lint.facts.orders.instrument_fields import INSTRUMENTS
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Request

RAISING = ("pybit", "ccxt")
SYMBOL = "symbol"


class Lookup(NamedTuple):
    """A look-up of instruments, where a function asks for it or has another one ask."""

    node: ast.AST
    request: Request
    raises: bool
    """True if its failure is raised there."""


class AnsweredLookups:
    """The look-ups of instruments in the functions of a project."""

    def __init__(self, traffic: Traffic, callees: Callees) -> None:
        self.traffic, self.callees = traffic, callees

    def gave_none(self, module: Module, literal: ast.AST, categories: AbstractSet[str]) -> bool:
        """True if a literal is only come to where each look-up of its function was answered, with no instrument.

        `categories` are those of the orders that are made with it, "" for one that is not known.
        """
        names = module.names
        if stands_in_handler(module, literal):
            return False
        asked = self._asked(module, names.scope(literal).function.node, MAX_CALLS_BETWEEN)
        return bool(asked) and all(
            each.raises and _names_its_instrument(each, categories) and _raises_past(names, each.node, literal)
            for each in asked
        )

    @answered_once
    def _asked(self, module: Module, function: ast.AST, depth: int) -> list[Lookup]:
        """The look-ups of a function, and of those that it calls."""
        found = [*self._by_function.get(function, [])]
        told = {each.node for each in found}
        for call in module.names.calls_in[function] if depth else ():
            for called in self.callees.functions(module, call) if call not in told else ():
                names, inner = called.module.names, self._asked(called.module, called.node, depth - 1)
                found += (Lookup(call, each.request, each.raises and _lets_out(names, each.node)) for each in inner)
        return list(dict.fromkeys(found))

    @cached_property
    def _by_function(self) -> Mapping[ast.AST, list[Lookup]]:
        """Those that each function makes, or decides by the path that it has another one ask for."""
        found: dict[ast.AST, list[Lookup]] = defaultdict(list)
        for calls in self.traffic.requests.values():
            for call, request in calls:
                if request.endpoint == INSTRUMENTS:
                    site, raises = call.site, request.library in RAISING or _refuses(call.site)
                    raises &= call.by is None or _lets_out(call.by.module.names, call.by.call)
                    for frame in call.context.frames:
                        raises &= _lets_out(site.module.names, site.node)
                        site = frame.made.site
                    found[site.scope.function.node].append(Lookup(site.node, request, raises))
        return found


def _names_its_instrument(lookup: Lookup, categories: AbstractSet[str]) -> bool:
    """True for a look-up of one symbol, in the category that the orders are for as far as that is known."""
    category = lookup.request.category
    if category and not categories <= {category, ""}:
        return False
    written = (key for node in walk(lookup.node) if isinstance(node, ast.Dict) for key in node.keys)
    is_handed = any(isinstance(key, ast.Constant) and key.value == SYMBOL for key in written)
    return is_handed or SYMBOL in lookup.request.arguments


def _refuses(request: Site) -> bool:
    """True if the function of a raw request raises for every retCode but 0."""
    nodes = walk(request.scope.function.node)
    tests = (node.test for node in nodes if isinstance(node, ast.If) and isinstance(node.body[-1], ast.Raise))
    compared = (part for test in tests for part in walk(test) if isinstance(part, ast.Compare))
    return any(_asks_for_failure(request.module, part) for part in compared)


def _asks_for_failure(module: Module, compare: ast.Compare) -> bool:
    match compare:
        case ast.Compare(left=left, ops=[ast.NotEq()], comparators=[ast.Constant(value=0)]):
            return any(node in walk(left) for node in module.names.items.get("retCode", ()))
    return False


def _lets_out(names: ModuleIndex, call: ast.AST) -> bool:
    """True if all that a call raises leaves its function as an exception."""
    handlers = (handler for attempt in enclosing_attempts(names, call) for handler in attempt.handlers)
    return all(isinstance(handler.body[-1], ast.Raise) for handler in handlers) and not any(
        enclosing_suppressions(names, call)
    )


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

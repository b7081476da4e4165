"""Orders opposite to a held position, of its size, that nothing keeps from opening another one."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import bind_call, positional_parameters
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import names_in
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, called_name, walk
from bybit_lint.analysis.syntax.records import (
    OPPOSITE,
    SIGNED,
    Decision,
    Read,
    branched,
    decisions,
    reads,
    signed,
    values,
)
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.values.terms import Function, Instance, Site
from bybit_lint.clients import ccxt, pybit_legacy, pybybit, swagger
from bybit_lint.clients.arguments import squeezed
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.orders.params import entry
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Argument, Fix, Kind, Order, SetArgument, Span, UnreducedOrder, Verb

OLDER = (swagger.LIBRARY, pybybit.LIBRARY)
"""Clients of before V5, beside pybit's own."""
PYBIT = "pybit.unified_trading.HTTP().place_order"
POSITIONS = "/v5/position/list"
CONTRACTS = ("linear", "inverse")
LONG, SHORT = ("buy", "long"), ("sell", "short")
SIZES = {"size", "qty", "quantity", "contracts", "amount", "position_size", "positionAmt", "contractSize"}
HELD = regex(r"(?:\b|_)pos(?:ition)?s?(?:\b|_)", re.IGNORECASE)
TOLD = regex(r"reduce|close", re.IGNORECASE)
"""What the bot's own wrappers call it."""
REDUCING = {"reduceOnly", "closeOnTrigger", "reduce_only", "close_on_trigger"}
LOST = {*map(squeezed, REDUCING)}
"""What can only be meant for Bybit: a wrapper that takes it and does not send it, loses it."""
ATTACHED = {"triggerPrice", "stopLoss", "takeProfit"}
"""What makes ccxt say reduceOnly by itself, or may."""


@extracts(UnreducedOrder)
class ClosingOrders:
    """The closing orders of one project that may open something."""

    def __init__(self, analysis: Analysis) -> None:
        self.requests, self.responses = analysis.traffic.requests, analysis.responses
        self.project = analysis.program.project
        self.accounts, self.program = analysis.accounts, analysis.program

    def facts(self, module: Module) -> Iterator[UnreducedOrder]:
        sent: dict[Span, list[tuple[Call, Order]]] = defaultdict(list)
        for call, order in self.requests.get(module, ()):
            if isinstance(order, Order):
                sent[order.span].append((call, order))
        for span, ways in sent.items():
            if not all(_may_open(order) for _, order in ways) or self.accounts.hedge is not None:
                continue
            found = next(((*way, held) for way in ways if (held := self._closed(*way)) is not None), None)
            said = self._said_to_reduce(span) if found is not None else []
            if found is not None and not self._is_behind_close(found[0]) and {squeezed(name) for name in said} <= LOST:
                call, order, held = found
                instead, told = _instead(call, order), next(iter(said), "")
                yield UnreducedOrder(span, f"{self._name(span)}()", instead, *held, _reduced(call, order), told)

    def _is_behind_close(self, call: Call) -> bool:
        """True for an order behind one that closes, or a call that places such a one: it turns the position round."""
        for site in _sites(call):
            names, function = site.module.names, site.scope.function.node
            beside = (other.node for other in self._closing if other.scope.function.node is function)
            if any(names.follows(site.node, node) and _comes_by(names, site.node, node) for node in beside):
                return True
        return False

    @cached_property
    def _closing(self) -> list[Site]:
        """Where something is closed at once: orders that say so, and the calls of functions that place one."""
        sent = (each for calls in self.requests.values() for each in calls)
        closing = (call for call, order in sent if isinstance(order, Order) and order.closes and order.is_market)
        placed = [site for call in closing for site in _sites(call)]
        around = {site.scope.function.node for site in placed}
        named = (node for node in around if isinstance(node, FUNCTIONS))
        return [*placed, *(site for node in named for site in self.program.callers.sites(node))]

    def _name(self, span: Span) -> str:
        node = self._node(span)
        return called_name(deferred_callee(node)[0]) if isinstance(node, ast.Call) else "the order"

    def _said_to_reduce(self, span: Span) -> list[str]:
        """By which names a call tells the bot's own wrapper to reduce."""
        node = self._node(span)
        said = node.keywords if isinstance(node, ast.Call) else []
        named = [keyword for keyword in said if keyword.arg and TOLD.search(keyword.arg)]
        return [str(k.arg) for k in named if not isinstance(k.value, ast.Constant) or bool(k.value.value)]

    def _closed(self, call: Call, order: Order) -> tuple[Span, Span] | None:
        """Where the side and the size of the position are read that an order closes."""
        side, size = order.arguments.get("side"), order.arguments.get("qty")
        if side is None or size is None or side.span.path != size.span.path:
            return None
        if not _is_decided(order, side):
            return None
        module = self.project.modules[side.span.path]
        sides, sizes = self._node(side.span), self._node(size.span)
        if sides is None or sizes is None:
            return None
        held = {read.record: read for read in reads(module.names, sizes) if read.field in SIZES}
        bare = {read.record: read for read in signed(module.names, sizes)}
        for decision in self._decisions(module, order, sides) if held or bare else ():
            for asked in (*reads(module.names, decision.asked), *_whole(decision.asked)):
                of = (bare if asked.field == SIGNED else held).get(asked.record)
                if of and _is_opposite(decision) and self._is_position(module, call, order, asked):
                    return module.source.span(asked.node), module.source.span(of.node)
        whole = next((read for read in held.values() if self._is_position(module, call, order, read)), None)
        if whole is None or self._opened is None or OPPOSITE[self._opened[0]] != _side(order):
            return None
        return self._opened[1], module.source.span(whole.node)

    @cached_property
    def _opened(self) -> tuple[str, Span] | None:
        """The side of every order of the bot's that is not of a held position's size, if all of them have the same."""
        found: dict[str, Span] = {}
        for call, order in (each for calls in self.requests.values() for each in calls):
            if not isinstance(order, Order) or order.endpoint not in Order.NEW or self._is_of_held(call, order):
                continue
            side, word = order.arguments.get("side"), _side(order)
            if side is None or (word not in OPPOSITE and not self._is_left_to_callers(order, side)):
                return None
            if word in OPPOSITE and _is_decided(order, side):
                found.setdefault(word, side.span)
        return next(iter(found.items())) if len(found) == 1 else None

    def _is_of_held(self, call: Call, order: Order) -> bool:
        """True for an order of the size that a position has."""
        size = order.arguments.get("qty")
        node = self._node(size.span) if size is not None else None
        if size is None or node is None:
            return False
        module = self.project.modules[size.span.path]
        read_of = [read for read in reads(module.names, node) if read.field in SIZES]
        return any(self._is_position(module, call, order, read) for read in read_of)

    def _is_left_to_callers(self, order: Order, side: Argument) -> bool:
        """True in a wrapper: each of those who call it says which side it is."""
        module, node = self.project.modules[order.span.path], self._node(order.span)
        function = module.names.scope(node).function.node if node is not None else None
        is_given = {origin.kind for origin in side.value.origins} == {Kind.PARAMETER}
        return is_given and isinstance(function, FUNCTIONS) and bool(self.program.callers.sites(function))

    def _decisions(self, module: Module, order: Order, sides: ast.expr) -> Iterator[Decision]:
        """What decides on the side of an order, be it by the method that is called: `create_market_sell_order`."""
        side = order.constant("side")
        is_named = isinstance(side, str) and order.arguments["side"].span == order.span
        if is_named:
            yield from branched(module.names, sides, str(side))
            return
        yield from decisions(module.names, sides)
        for made in [sides, *(values(module.names, sides) if isinstance(sides, ast.Name) else ())]:
            if isinstance(made, ast.Call):
                yield from self._decided_within(module, made)

    def _decided_within(self, module: Module, call: ast.Call) -> Iterator[Decision]:
        """What decides that a function of the bot's gives the other word: `opposite(position["side"])`."""
        for function in self.program.callees.functions(module, call):
            names, offset = function.module.names, self.program.evaluator.parameters.offset(function)
            given = {**bind_call(function.node, call, offset).named, **_owner(function, call)}
            returned = (node.value for node in walk(function.node) if isinstance(node, ast.Return) and node.value)
            found = [decision for value in returned for decision in decisions(names, value)]
            for decision in found if all(map(_is_opposite, found)) else ():
                for name in names_in([decision.asked]) & given.keys():
                    yield decision._replace(asked=given[name])

    def _is_position(self, module: Module, call: Call, order: Order, asked: Read) -> bool:
        """True for a record that Bybit gave for a position, and for what the bot calls one of a contract."""
        found = self.responses.of(module, asked.node)
        if found and all(part is not None and part.request.endpoint == POSITIONS for part in found):
            return (order.category or "linear") in CONTRACTS
        category = order.category or (ccxt.category(call) if order.library == ccxt.LIBRARY else "")
        return category in CONTRACTS and HELD.search(asked.record) is not None

    def _node(self, span: Span) -> ast.expr | None:
        """The expression that a span is."""
        return next(iter(self.project.modules[span.path].source.expressions_at(span)), None)


def _sites(call: Call) -> list[Site]:
    """Where a call stands, and those of the functions around it that it is seen through."""
    return [call.site, *(frame.made.site for frame in call.context.frames)]


def _comes_by(names: ModuleIndex, later: ast.AST, earlier: ast.AST) -> bool:
    """True if who comes to a node has come by an earlier one, unless that has failed."""
    above = names.parents.get(names.statement(earlier))
    while isinstance(above, (ast.Try, ast.With, ast.AsyncWith)):
        above = names.parents.get(above)
    return any(around is above for around in names.ancestors(later))


def _owner(function: Function, call: ast.Call) -> dict[str, ast.expr]:
    """What a method is called of, by the name that it gets in it: `Side(position["side"]).opposite()`."""
    named = [argument.arg for argument in positional_parameters(function.node.args)[:1]]
    is_bound = isinstance(function.owner, Instance) and isinstance(call.func, ast.Attribute)
    return dict.fromkeys(named, call.func.value) if is_bound and isinstance(call.func, ast.Attribute) else {}


def _whole(asked: ast.expr) -> Iterator[Read]:
    """A number that is asked for its sign."""
    if isinstance(asked, (ast.Name, ast.Attribute)):
        yield Read(ast.unparse(asked), SIGNED, asked)


def _is_decided(order: Order, side: Argument) -> bool:
    """True unless whoever is looked at only comes to an order whose side is decided further in."""
    return order.sent is None or side.is_passed


def _side(order: Order) -> str:
    return str(order.constant("side")).capitalize()


def _may_open(order: Order) -> bool:
    """True if nothing in a new order keeps it from opening a position, and it names none of two."""
    if order.endpoint not in Order.NEW or not order.is_closed:
        return False
    said = order.arguments.keys() & REDUCING
    is_free = all(order.constant(name) in (False, "false") for name in said)
    index = "positionIdx" not in order.arguments or order.constant("positionIdx") in (0, "0")
    return is_free and index and not (order.library == ccxt.LIBRARY and order.arguments.keys() & ATTACHED)


def _is_opposite(decision: Decision) -> bool:
    known, word = decision.known.lower(), decision.word.lower()
    return (known in LONG and word in SHORT) or (known in SHORT and word in LONG)


def _instead(call: Call, order: Order) -> str:
    """What to write, by the name that the client has for it."""
    if order.library == ccxt.LIBRARY:
        return "params={'reduceOnly': True}"
    is_older = call.path.partition("().")[0] in pybit_legacy.CLASSES or order.library in OLDER
    return "reduce_only=True" if is_older else "reduceOnly=True"


def _reduced(call: Call, order: Order) -> Fix | None:
    verb: Verb | None = None
    if order.sent is None and call.path == PYBIT:
        verb = SetArgument(call.own_span, "reduceOnly", "True")
    elif order.sent is None and ccxt.place_of_params(call) is not None and not order.arguments.keys() & REDUCING:
        verb = entry(call, '"reduceOnly": True')
    return None if verb is None else Fix("only reduce the position", (verb,))

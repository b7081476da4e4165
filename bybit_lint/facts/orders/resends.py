"""Orders that are sent again after their answer got lost: by the bot's own retries, or by settings of its client."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.nodes import called_name, walk
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.values.terms import Constant, Invocation, Operation, Term, Union, children, qualified_name
from bybit_lint.clients import trade_sockets
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.orders import client_resends
from bybit_lint.facts.orders.repeats import EnclosingRetries
from bybit_lint.facts.orders.second_tries import EnclosingRetry
from bybit_lint.facts.orders.told_failures import raises_again
from bybit_lint.vocabulary import Argument, Bind, Order, Resend, SetArgument, Verb

CREATES = ("order/create", "order/create-batch")
NAMES = ("orderLinkId", "order_link_id")
FRESH = (
    "uuid.uuid",
    "time.time",
    "time.monotonic",
    "time.perf_counter",
    "random.",
    "secrets.",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "bybit_lint.shim.new_order_link_id",
)
"""What gives another value each time it is called."""
NAME = "order_link_id"


@extracts(Resend)
class Resends:
    """The orders of each module that are sent again."""

    def __init__(self, analysis: Analysis) -> None:
        self.evaluator, self.requests = analysis.program.evaluator, analysis.traffic.requests
        self.callers, self.modules = analysis.program.callers, analysis.program.project.modules
        self.repeats = EnclosingRetries(analysis.program, analysis.traffic, analysis.effects)

    def facts(self, module: Module) -> Iterator[Resend]:
        yield from _Resends(self, module).all()


class _Resends:
    """The orders of one module that are sent again."""

    def __init__(self, known: Resends, module: Module) -> None:
        self.evaluator, self.repeats = known.evaluator, known.repeats
        self.callers, self.modules = known.callers, known.modules
        self.requests = known.requests.get(module, [])
        self.module = module

    def all(self) -> Iterator[Resend]:
        told = set()
        for call, order in self.requests:
            if isinstance(order, Order) and order.endpoint.endswith(CREATES) and not self._only_closes(order):
                repeat = self._repeat(call)
                resend = self._resend(call, order, repeat) if repeat else None
                if resend and (resend.is_anonymous or resend.is_renamed):
                    said = (resend.span, resend.is_anonymous, resend.is_renamed)
                    if said not in told:
                        told.add(said)
                        yield resend

    def _only_closes(self, order: Order) -> bool:
        """True for an order that only reduces a position: one that is sent twice finds nothing left to close."""
        flags = [order.arguments.get(name) for name in ("reduceOnly", "closeOnTrigger")]
        return any(flag is not None and not self._says_no(flag) for flag in flags)

    def _says_no(self, flag: Argument) -> bool:
        """True for a flag that is off, whoever calls or for some."""
        if flag.value.constant is not None:
            return str(flag.value.constant).lower() == "false"
        module = self.modules[flag.span.path]
        terms = (self.evaluator.evaluate(module, node) for node in module.source.expressions_at(flag.span))
        return any(_is_off(way) for term in terms for way in self.callers.in_all_contexts(term))

    def _repeat(self, call: Call) -> EnclosingRetry | None:
        """What sends a call again, nearest first."""
        if call.path.startswith("pybit.unified_trading.WebSocketTrading") or call.path in trade_sockets.CALLS:
            return None  # hands the order to a socket, and raises nothing when it is lost
        way = frozenset(site.node for site in call.context.leading(call.site))
        around = (r for module, node in self._unhandled(call) for r in self.repeats.around(module, node, way))
        return next(chain(around, client_resends.repeats(self.evaluator, call)), None)

    def _unhandled(self, call: Call) -> Iterator[tuple[Module, ast.Call]]:
        """A call, and those that lead to it, up to the one whose failure gets no further."""
        if call.by:
            yield call.by.module, call.by.call
        is_kept = False
        for site in call.context.leading(call.site):
            if not isinstance(site.node, ast.Call):
                continue
            if is_kept and not raises_again(site.module, site.node):
                return
            yield site.module, site.node
            is_kept = self.repeats.keeps(site.module, site.node)

    def _resend(self, call: Call, order: Order, repeat: EnclosingRetry) -> Resend:
        is_told = call.by is not None and repeat.call is call.by.call
        span = call.own_span if is_told else repeat.module.source.span(repeat.call)
        is_anonymous = all(order.lacks(name) for name in NAMES)
        fresh = None if is_anonymous or is_told else self._made_anew(call, order, repeat)
        name = call.path.rpartition(".")[2] if is_told else called_name(deferred_callee(repeat.call)[0])
        is_own = is_told or repeat.call is call.site.node
        return Resend(
            span,
            f"{name}()" if name else "the call",
            repeat.cause,
            is_anonymous,
            fresh is not None,
            None if is_own else call.own_span,
            self._verbs(call, repeat, fresh) if is_own and not is_told and not call.context.frames else (),
        )

    def _made_anew(self, call: Call, order: Order, repeat: EnclosingRetry) -> ast.expr | None:
        """The expression that makes another orderLinkId for each try."""
        argument = next((order.arguments[name] for name in NAMES if name in order.arguments), None)
        if argument is None or argument.target.path != self.module.source.path:
            return None
        source = self.module.source
        around = repeat.region if repeat.module is self.module else call.site.node
        inside = (n for n in walk(around) if isinstance(n, ast.expr) and source.span(n) == argument.target)
        node = next(inside, None)
        made = node and self._maker(node, repeat.region)
        is_call = made is not None and any(isinstance(n, ast.Call) for n in walk(made))
        return node if made and is_call and _is_fresh(self.evaluator.evaluate(self.module, made)) else None

    def _maker(self, node: ast.expr, region: ast.expr | ast.stmt) -> ast.expr | None:
        """What is evaluated in the region to give an expression its value."""
        if not isinstance(node, ast.Name):
            return node
        bindings = self.module.names.scope(node).function.bindings.get(node.id, [])
        values = [b.value for b in bindings if b.how == "assign" and b.value is not None]
        if len(bindings) != 1 or len(values) != 1:
            return None
        outside, inside = self.module.source.span(region), self.module.source.span(values[0])
        return values[0] if outside.holds(inside) else None

    def _verbs(self, call: Call, repeat: EnclosingRetry, fresh: ast.expr | None) -> tuple[Verb, ...]:
        """One orderLinkId before the first try, and the order that carries it."""
        is_elsewhere = isinstance(fresh, ast.Name) or (fresh is not None and fresh not in walk(call.site.node))
        if repeat.first is None or is_elsewhere or self._shares_loop(call, repeat):
            return ()
        argument = client_resends.argument(call, NAME)
        if argument is None or (fresh is not None and argument[0] not in NAMES):
            return ()
        source = self.module.source
        bind = Bind(source.span(repeat.first), NAME, "new_order_link_id")
        return bind, SetArgument(source.span(repeat.call), *argument)

    def _shares_loop(self, call: Call, repeat: EnclosingRetry) -> bool:
        """True if another order is tried in the same loop: two orders cannot have one orderLinkId."""
        others = {other.site.node for other, noun in self.requests if isinstance(noun, Order)} - {call.site.node}
        return any(around is repeat.first for node in others for around in self.module.names.ancestors(node))


def _is_off(flag: Term) -> bool:
    """True for a flag that says no, or is worked out by asking what may well be otherwise: `action == "close"`."""
    match flag:
        case Union(terms=terms, is_certain=True):
            return any(map(_is_off, terms))
        case Constant(value=value):
            return str(value).lower() == "false"
        case Operation(operator=ast.Eq | ast.NotEq, operands=(Constant(value=one), Constant(value=other))):
            return (one == other) is not (flag.operator is ast.Eq)
        case Operation(operator=operator):
            return operator is ast.Not or issubclass(operator, ast.cmpop)
    return False


def _is_fresh(term: Term) -> bool:
    """True if something goes into a term that is another each time."""
    is_call = isinstance(term, Invocation) and (qualified_name(term) or "").startswith(FRESH)
    return is_call or any(_is_fresh(inner) for inner in children(term))

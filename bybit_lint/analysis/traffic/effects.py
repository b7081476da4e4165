"""What a call does, itself or through functions of the project: reach Bybit, raise, connect, place an order, sleep."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TypeAlias

from bybit_lint.analysis.callgraph.call_sites import CallSite
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.callgraph.reachability import CandidateNames, Reachability
from bybit_lint.analysis.flow import exception_handlers
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee, is_waited_for
from bybit_lint.analysis.syntax.jumps import preceding
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic.receptions import Reception, Receptions
from bybit_lint.analysis.traffic.record import Traffic
from bybit_lint.analysis.traffic.running_sockets import is_run_by
from bybit_lint.analysis.values.terms import Constant, Function, Term, qualified_name
from bybit_lint.clients import raised

Contexts: TypeAlias = Callable[[Term], Sequence[Term]]
"""What a term is in the eyes of each of those who call the function it stands in."""
LIBRARIES = {"pybit", "pybybit", "bybit", "bybit_p2p"}
"""Packages that do nothing but talk to Bybit."""
OTHERS = LIBRARIES - {"pybit", "pybybit", "bybit_p2p"}
"""Those of them that no client models."""
ORDER_READS = (
    *("order/list", "order/realtime", "order/history", "order/search"),
    *("position/list", "execution/list", "execution/history-list"),
)
"""How the endpoints end that tell which orders and positions there are."""
HOLDINGS = (*ORDER_READS, "account/wallet-balance", "query-account-coins-balance", "query-account-coin-balance")
"""Those, and how the endpoints end that tell what coins there are."""
NEW_ORDERS = ("/order/create", "/order/create-batch")
"""How the endpoints end that place orders, and do not only change one."""
ORDER_WRITES = (
    *("/order/create", "/order/amend", "/order/cancel", "/order/cancel-all", "/position/trading-stop"),
    *("/order/create-batch", "/order/amend-batch", "/order/cancel-batch"),
)
"""How the endpoints end that place, change or cancel orders."""

STANDING = (
    *("/market/instruments-info", "/market/time", "/market/risk-limit", "/account/info", "/account/fee-rate"),
    *("/position/set-leverage", "/position/switch-mode", "/position/switch-isolated", "/account/set-margin-mode"),
)
"""How the endpoints end whose answers no bot waits for to change: there is none only where the request failed."""
MOMENT = 0.5
"""Seconds that the answer to an order may take as well: what spaces out orders for less keeps nothing waiting."""


class Effects:
    """The effects of the calls of one project, of whose traffic all is known."""

    def __init__(self, program: Program, traffic: Traffic) -> None:
        self.program, self.traffic = program, traffic
        self.callees = program.callees
        self._asked: dict[ast.Call, bool] = {}
        """Whether calls reach Bybit by themselves."""
        self._reaching = Reachability(self.callees, self._is_bybit_call, apart=traffic.elsewhere)
        self._raising = Reachability(
            self.callees, self._is_sent, counts=lambda *at: not exception_handlers.is_contained(program, *at)
        )
        opening = {*traffic.sockets, *traffic.watches}
        self._connecting = Reachability(
            self.callees, lambda _, call: call in opening, leads=CandidateNames(program, opening)
        )
        self._streaming = Reachability(
            self.callees,
            lambda _, call: call in traffic.streams,
            counts=_is_always_made,
            leads=CandidateNames(program, traffic.streams),
        )
        self._ordering = Reachability(
            self.callees,
            lambda _, call: call in traffic.order_calls,
            leads=CandidateNames(program, traffic.order_calls),
        )
        self._sleeping = Reachability(self.callees, self._is_sleep, lambda place, _: not deferred_callee(place[1])[1])
        self._pausing = Reachability(
            self.callees,
            lambda module, call: (
                self._is_sleep(module, call) and not exception_handlers.stands_in_handler(module, call)
            ),
            lambda place, _: not deferred_callee(place[1])[1],
            lambda module, call: not exception_handlers.stands_in_handler(module, call),
        )
        self._holding = Reachability(self.callees, self._is_holding, self._is_waited_for)
        asking, deciding = CandidateNames(program, traffic.endpoints), CandidateNames(program, traffic.decided)
        self._reading = Reachability(self.callees, self._decides(ORDER_READS, any), leads=deciding)
        self._perhaps_reading = Reachability(
            self.callees,
            self._asks_for(ORDER_READS, any),
            lambda place, _: place[1] not in traffic.decided,
            leads=asking,
        )
        self._holdings = Reachability(
            self.callees,
            self._decides(HOLDINGS, all),
            counts=lambda _, call: call not in traffic.linked,
            leads=deciding,
        )
        self._placing = Reachability(
            self.callees,
            self._decides(NEW_ORDERS, all),
            counts=lambda _, call: call not in traffic.reducing,
            leads=deciding,
        )
        self._filling = Reachability(
            self.callees, lambda _, call: call in traffic.immediate, leads=CandidateNames(program, traffic.immediate)
        )
        self._asking = Reachability(
            self.callees, lambda _, call: not all(e.endswith(STANDING) for e in traffic.decided.get(call, ()))
        )
        self._changing = Reachability(self.callees, self._asks_for(ORDER_WRITES, all), leads=asking)

    def reaches_bybit(self, module: Module, call: ast.Call) -> bool:
        """True if a call is proven to reach Bybit, itself or through functions of the project."""
        return self._reaching.of(module, call) is not None

    def may_raise(self, module: Module, call: ast.Call) -> bool:
        """True if a call raises when what it sends to Bybit fails, as far as the functions it goes through let it."""
        return self._raising.of(module, call) is not None

    def raised(self, module: Module, call: ast.Call, exceptions: set[str | None]) -> set[str | None]:
        """Those of some exceptions that a call may raise, as the client has it by which it reaches Bybit."""
        sender = self._reaching.of(module, call)
        paths = [qualified_name(term) or "" for term in self.callees.terms(*sender)] if sender else []
        return {e for e in exceptions if not paths or any(raised.may_raise(path, e) for path in paths)}

    def loses_into(
        self, module: Module, call: ast.Call, expression: ast.expr | None, contexts: Contexts | None = None
    ) -> bool:
        """True if `except expression` takes the lost answer of a call, in all contexts of what only callers say."""
        evaluator = self.program.evaluator
        if self._loses(module, call, exception_handlers.caught_exceptions(evaluator, module, expression)):
            return True
        ways = contexts(evaluator.evaluate(module, expression)) if contexts is not None and expression else ()
        return bool(ways) and all(self._loses(module, call, exception_handlers.named_exceptions(way)) for way in ways)

    def _loses(self, module: Module, call: ast.Call, caught: set[str | None]) -> bool:
        is_lost = exception_handlers.includes_lost_answer
        return is_lost(caught) and is_lost(self.raised(module, call, caught))

    def taking_lost(
        self, module: Module, call: ast.Call, attempt: ast.Try, contexts: Contexts | None = None
    ) -> ast.ExceptHandler | None:
        """The handler of an attempt that takes the lost answer of a call."""
        return next((h for h in attempt.handlers if self.loses_into(module, call, h.type, contexts)), None)

    def opens_socket(self, module: Module, call: ast.Call) -> bool:
        """True if a call opens a socket to Bybit, itself or through functions of the project."""
        return bool(self.traffic.sockets or self.traffic.watches) and self._connecting.of(module, call) is not None

    def opens_stream(self, module: Module, call: ast.Call) -> bool:
        """True if a call opens a client's stream whenever it is made, itself or through functions of the project."""
        return bool(self.traffic.streams) and self._streaming.of(module, call) is not None

    def socket_opened(self, module: Module, call: ast.Call) -> CallSite | None:
        """The call that opens a socket to Bybit, of those that a call leads to."""
        return self._connecting.of(module, call) if self.traffic.sockets else None

    def holds_socket(self, module: Module, call: ast.Call) -> bool:
        """True if a call comes back only once a connection to Bybit is lost, itself or by functions it waits for."""
        return bool(self.traffic.sockets) and self._holding.of(module, call) is not None

    @cached_property
    def receptions(self) -> list[Reception]:
        """The loops that take messages of Bybit's until the connection is lost."""
        known = Receptions(self.program.callers, self.callees)
        opened = [
            (m, node) for m in self.program.project.readable for node in m.names.calls if node in self.traffic.sockets
        ]
        return [found for place in opened for found in known.of(*place) if found.is_until_lost]

    @cached_property
    def _holders(self) -> set[ast.AST]:
        return {reception.function for reception in self.receptions}

    def _is_holding(self, module: Module, call: ast.Call) -> bool:
        if is_run_by(self.program.evaluator, module, call, self.traffic.bybit_calls):
            return True
        found = self.callees.functions(module, call)
        return any(f.node in self._holders and self._is_waited_for((module, call), f) for f in found)

    def _is_waited_for(self, place: CallSite, function: Function) -> bool:
        """False for a function that runs beside the one that calls it: in a thread, or as a task."""
        module, call = place
        is_coroutine = isinstance(function.node, ast.AsyncFunctionDef)
        return not deferred_callee(call)[1] and (not is_coroutine or is_waited_for(module.names, call))

    def order_placed(self, module: Module, call: ast.Call) -> CallSite | None:
        """The order that a call places, itself or through functions of the project."""
        return self._ordering.of(module, call) if self.traffic.order_calls else None

    def sleep(self, module: Module, call: ast.Call) -> CallSite | None:
        """The `time.sleep()` that a call waits in, itself or in functions of the project."""
        return self._sleeping.of(module, call)

    def pause(self, module: Module, call: ast.Call) -> CallSite | None:
        """The same where nothing has failed on the way, as far as a handler says that something has."""
        return None if exception_handlers.stands_in_handler(module, call) else self._pausing.of(module, call)

    def changes_orders(self, module: Module, call: ast.Call) -> bool:
        """True if a call places, changes or cancels orders, itself or in the function that it calls."""
        return self._changing.of(module, call, 1) is not None

    def reads_orders(self, module: Module, call: ast.Call) -> bool:
        """True if a call asks Bybit which orders or positions there are, itself or through functions of the project.

        Of what nobody on the way is known to decide it is enough that others ask for them by the same request.
        """
        return self._reading.of(module, call) is not None or self._perhaps_reading.of(module, call) is not None

    def reads_holdings(self, module: Module, call: ast.Call) -> bool:
        """True if a call asks Bybit which orders, positions or coins there are, itself or through functions.

        Not what asks for an order by an id of the bot's own.
        """
        return call not in self.traffic.linked and self._holdings.of(module, call) is not None

    def places_new(self, module: Module, call: ast.Call) -> bool:
        """True if a call places an order that may open a position, itself or through functions of the project."""
        return call not in self.traffic.reducing and self._placing.of(module, call) is not None

    def fills_at_once(self, module: Module, call: ast.Call) -> bool:
        """True if a call places an order that takes what the book has, itself or through functions of the project."""
        return self._filling.of(module, call) is not None

    def _decides(
        self, ends: tuple[str, ...], how: Callable[[Iterable[bool]], bool]
    ) -> Callable[[Module, ast.Call], bool]:
        """Whether any or all of the endpoints that a call decides on have one of these ends."""
        decided = self.traffic.decided
        return lambda _, call: call in decided and how(endpoint.endswith(ends) for endpoint in decided[call])

    def asks_what_stands(self, module: Module, call: ast.Call) -> bool:
        """True if a call asks Bybit for nothing but what stands, or makes a setting, itself or through functions."""
        return self.reaches_bybit(module, call) and self._asking.of(module, call) is None

    def _is_sent(self, module: Module, call: ast.Call) -> bool:
        return call in self.traffic.sockets or self._is_bybit_call(module, call)

    def _is_sleep(self, module: Module, call: ast.Call) -> bool:
        is_named = called_name(call.func) == "sleep"
        is_found = is_named and qualified_name(self.program.evaluator.evaluate(module, call.func)) == "time.sleep"
        return is_found and not self._is_moment(module, call)

    def _is_moment(self, module: Module, sleep: ast.Call) -> bool:
        """True for a wait behind a change of orders in its own block that takes no longer than such a request does."""
        term = self.program.evaluator.evaluate(module, sleep.args[0]) if len(sleep.args) == 1 else None
        match term:
            case Constant(value=int() | float() as seconds) if seconds < MOMENT:
                statement = module.names.statement(sleep)
                before = preceding(module.names.parents[statement], statement) if statement else []
                calls = module.names.those_in(before, module.names.calls_in[module.names.scope(sleep).function.node])
                return any(self._changing.of(module, call) is not None for call in calls)
        return False

    def _is_bybit_call(self, module: Module, call: ast.Call) -> bool:
        """True for a call that is proven to reach Bybit by itself, or of a library that is named after Bybit."""
        if call not in self._asked:
            self._asked[call] = call in self.traffic.bybit_calls or self._is_named_after_bybit(module, call)
        return self._asked[call]

    def _is_named_after_bybit(self, module: Module, call: ast.Call) -> bool:
        if not self._knows_other_libraries and not self.callees.may_be_ours(call):
            return False
        return any(_speaks_by_name(qualified_name(term) or "") for term in self.callees.terms(module, call))

    @cached_property
    def _knows_other_libraries(self) -> bool:
        """True if one of the others is imported."""
        modules = self.program.project.readable
        imported = (name for module in modules for level, name, _ in module.imports if not level)
        return any(name.partition(".")[0] in OTHERS for name in imported)

    def _asks_for(
        self, ends: tuple[str, ...], how: Callable[[Iterable[bool]], bool]
    ) -> Callable[[Module, ast.Call], bool]:
        """Whether any or all of the endpoints that a call asks for have one of these ends."""
        endpoints = self.traffic.endpoints
        return lambda _, call: call in endpoints and how(e.endswith(ends) for e in endpoints[call])


def _is_always_made(module: Module, call: ast.Call) -> bool:
    """True for a call that no test decides about in its function."""
    return not any(isinstance(around, (ast.If, ast.IfExp)) for around in module.names.ancestors(call))


def _speaks_by_name(name: str) -> bool:
    """True for what a library offers that is named after Bybit; not for what is asked of one of its answers."""
    library = name.partition(".")[0]
    is_answered = "[" in name or (library not in OTHERS and name.count("()") > 1)
    return library in LIBRARIES and not is_answered

"""A call as the client models see it, in the calling context where a wrapper passes it on."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.callgraph.call_sites import LazyCall
from bybit_lint.analysis.callgraph.callers import place_of
from bybit_lint.analysis.callgraph.forwarding import Forwarder
from bybit_lint.analysis.domains import networks
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.traffic import connections, running_sockets
from bybit_lint.analysis.traffic.arguments import Argument, PassedArguments
from bybit_lint.analysis.traffic.contexts import CallingContext
from bybit_lint.analysis.traffic.running_sockets import RUN
from bybit_lint.analysis.traffic.sites import place, repeatable
from bybit_lint.analysis.traffic.surroundings import Surroundings
from bybit_lint.analysis.values.terms import (
    Access,
    Invocation,
    Parameter,
    Site,
    Term,
    alternatives,
    children,
)
from bybit_lint.vocabulary import Named, Noun, Span


class Call:
    """One call; implements `clients.CallView`."""

    def __init__(
        self,
        context: CallingContext,
        made: LazyCall,
        called: str,
        asked: Term | None = None,
        *,
        is_only: bool = True,
        by: Forwarder | None = None,
    ) -> None:
        self.context = context
        self.made = made
        self.site = made.site
        self.path = called
        self.asked = asked or made.callee
        """What is called as it is written, where the callee is what a caller has passed."""
        self.is_only = is_only
        self.by = by
        """The function of the bot's that makes it, where it is only told to."""
        self.judgements: list[Iterator[Noun]] = []
        """What was left for later: what is wrong with what is sent."""
        self._held: dict[tuple[object, ...], Argument | None] = {}
        """The arguments that were asked for: each remembers what it found out about itself."""

    def wants(self, *kinds: type[Noun]) -> bool:
        return self.context.wanted is None or not self.context.wanted.isdisjoint(kinds)

    def judge_later(self, judgement: Iterator[Noun]) -> None:
        self.judgements.append(judgement)

    @property
    def modules(self) -> set[Module]:
        """The files that the call and the callers stand in that it is seen from."""
        return {self.site.module, *(frame.made.site.module for frame in self.context.frames)}

    @property
    def _node(self) -> ast.Call:
        assert isinstance(self.site.node, ast.Call)
        return self.site.node

    @property
    def place(self) -> str:
        return place(self.site)

    @property
    def own_span(self) -> Span:
        return self.site.span

    @property
    def span(self) -> Span:
        layers = self.context.frames
        return layers[-1].made.site.span if layers else self.own_span

    @property
    def sent(self) -> Span | None:
        return self.own_span if self.context.frames else None

    @property
    def called(self) -> Span:
        return self.site.module.source.span(self._function)

    @property
    def _function(self) -> ast.expr:
        return self.made.called or deferred_callee(self._node)[0]

    @cached_property
    def receiver(self) -> str | None:
        func = self._function
        if not isinstance(func, ast.Attribute):
            return None
        return repeatable(Site(self.site.module, func.value, self.site.scope))

    @property
    def is_awaited(self) -> bool:
        return isinstance(self.site.module.names.parents.get(self._node), ast.Await)

    @cached_property
    def _passed(self) -> PassedArguments:
        return PassedArguments(self.context, self.made)

    @property
    def is_closed(self) -> bool:
        return self._passed.is_closed

    def get(self, name: str, position: int | None = None) -> Argument | None:
        key = (name, position)
        if key not in self._held:
            self._held[key] = self._passed.get(name, position)
        return self._held[key]

    def maker(self, name: str, position: int | None = None) -> Argument | None:
        key = ("maker", name, position)
        if key not in self._held:
            self._held[key] = self._given_to_maker(name, position)
        return self._held[key]

    def _given_to_maker(self, name: str, position: int | None) -> Argument | None:
        made = self.makers
        return PassedArguments(self.context, made[0]).get(name, position) if len(made) == 1 else None

    @property
    def is_made_plainly(self) -> bool:
        """True if all is known that the one client which may be asked was made with."""
        made = self.makers
        return len(made) == 1 and PassedArguments(self.context, made[0]).is_closed

    @property
    def makers(self) -> list[Invocation]:
        """The calls that may have made the client that is asked."""
        receiver = self.made.callee
        while isinstance(receiver, Access):  # some clients have their methods in parts: `client.Order.Order_new()`
            receiver = receiver.base
        return [term for term in alternatives(receiver) if isinstance(term, Invocation)]

    def when(self, condition: str, name: str) -> tuple[tuple[Named, ...], tuple[Named, ...]] | None:
        flag, held = self.get(condition), self.get(name)
        return networks.branches(self.context.evaluator, held.site, flag.site) if flag and held else None

    def arguments(self) -> dict[str, Argument]:
        return dict(self._passed.keywords)

    @property
    def parameters(self) -> list[Parameter]:
        """The parameters of functions around the call that its arguments depend on, in an order of their own."""
        parts = map(self.context.term, children(self.made.invocation)[1:])
        return sorted({p for term in parts for p in self.context.evaluator.parameters.of(term)}, key=place_of)

    @cached_property
    def around(self) -> Surroundings:
        return Surroundings(self.context.callers, self.site)

    @cached_property
    def run(self) -> Call | None:
        evaluator = self.context.evaluator
        site = running_sockets.run_of(evaluator, self.site)
        made = LazyCall(evaluator, site, Access(self.made.invocation, f".{RUN}")) if site else None
        return Call(self.context, made, RUN) if made else None

    @property
    def only_prints(self) -> bool:
        held = self.get("on_message")
        found = alternatives(held.term) if held is not None else []
        return bool(found) and not self.around.is_tended and all(connections.prints(term) for term in found)

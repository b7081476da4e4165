"""Which network a call speaks to: the one its client was made for, or the host it is sent to."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.nodes import arguments
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.traffic.record import Traffic
from bybit_lint.analysis.traffic.sight.blindness import Blindness
from bybit_lint.analysis.traffic.sight.numbers import Told, outermost
from bybit_lint.analysis.traffic.sight.outside import SETTING, Outside
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    Element,
    External,
    Instance,
    Invocation,
    Site,
    Term,
    alternatives,
    children,
    qualified_name,
)
from bybit_lint.clients import rest
from bybit_lint.vocabulary import Network, Session
from bybit_lint.vocabulary.sight import Blind, Gap, Link, Seen

FLAGS = {"testnet": Network.TESTNET, "test": Network.TESTNET, "demo": Network.DEMO}
"""Arguments of clients that select a network if they are true."""
HOSTS = ("endpoint", "domain", "base_url")
"""Those that are the host."""
SWITCHES = {
    **dict.fromkeys(("set_sandbox_mode", "setSandboxMode"), Network.TESTNET),
    **dict.fromkeys(("enable_demo_trading", "enableDemoTrading"), Network.DEMO),
}
"""Methods of ccxt's exchanges that select a network if they are given a truth."""
REHEARSALS = (b"sandbox", b"demo_trading", b"demotrading", b"enableDemo", b"testnet")
"""What a project says that may send an exchange of ccxt's elsewhere than to mainnet."""
Way: TypeAlias = "str | Blind"
"""A network, or why it is not known."""


class Networks:
    """Says which network the calls of one project speak to."""

    def __init__(self, program: Program, traffic: Traffic, blindness: Blindness, outside: Outside) -> None:
        self.program, self.blindness, self.outside = program, blindness, outside
        self._made: dict[tuple[str, int], set[Network | None]] = defaultdict(set)
        """By the place where a client is made: the networks that it may be for."""
        for _, noun in traffic.connections:
            if isinstance(noun, Session):
                self._made[noun.span.path, noun.span.start].add(noun.network)

    def of(self, module: Module, func: ast.expr, terms: list[Term], told: Told) -> Seen:
        """The network of what is called, which may be one of several; `told` are the requests that it sends."""
        raw = [call for call, _ in outermost(told) if call.path in rest.CALLS]
        makers = [] if raw else list(dict.fromkeys(self._makers(module, func, terms, told)))
        is_ccxt = any(request.library == "ccxt" for _, request in told)
        ways = [way for call in raw for way in self._addressed(call)] if raw else []
        ways += [way for maker in makers for way in self._made_by(maker, is_ccxt=is_ccxt)]
        found = {one for one in ways or [self._of_all()] if isinstance(one, str)}
        blind = next((one for one in ways or [self._of_all()] if isinstance(one, Blind)), None)
        return Seen(Link.NETWORK, "", tuple(sorted(found)), blind)

    # Hosts -----------------------------------------------------------------------------------------------------------

    def _addressed(self, call: Call) -> list[Way]:
        """The networks of the hosts that a raw request may go to."""
        found = {rest.network_of(host) for host in rest.hosts(call)} - {None}
        if found:
            return [network.value for network in found if network is not None]
        url = call.get("url", address_position(call))
        return [Blind(Gap.URL) if url is None else SETTING if self._is_set(url.term) else self.blindness.of(url.term)]

    # Clients ---------------------------------------------------------------------------------------------------------

    def _makers(self, module: Module, func: ast.expr, terms: list[Term], told: Told) -> Iterator[Invocation]:
        """The calls that made what is called, as all see it who pass it."""
        yield from filter(None, map(self._maker, terms))
        evaluator, asked = self.program.evaluator, []
        if isinstance(func, ast.Attribute):
            asked.append(evaluator.evaluate(module, func.value))
        for call, _ in outermost(told):
            inner = _function(call)
            if isinstance(inner, ast.Attribute):
                asked.append(call.context.term(evaluator.term(Site(call.site.module, inner.value, call.site.scope))))
        yield from filter(None, map(self._maker, self._filled(asked)))

    def _maker(self, term: Term) -> Invocation | None:
        """The call that made a client, or what was taken from it."""
        while isinstance(term, (Access, Element)):
            term = term.base
        if isinstance(term, Instance) and self.program.evaluator.members.inherited_constructor(term.of):
            return term.made
        return term if isinstance(term, Invocation) and isinstance(term.site.node, ast.Call) else None

    def _made_by(self, maker: Invocation, *, is_ccxt: bool) -> Iterable[Way]:
        span = maker.site.span
        networks = self._made.get((span.path, span.start), set())
        if networks and None not in networks:
            return [network.value for network in networks if network is not None]
        if is_ccxt or (qualified_name(maker.callee) or "").startswith("ccxt"):
            return list(self._rehearsed())
        return list(self._selected(maker))

    def _selected(self, maker: Invocation) -> Iterator[Way]:
        """What a client's arguments select."""
        flags = [(FLAGS[name], held.term) for name, held in maker.keywords.items() if name in FLAGS]
        hosts = [held.term for name, held in maker.keywords.items() if name in HOSTS] or [
            held.term for held in maker.positional[:1]
        ]
        if not flags and not hosts:
            yield Blind(Gap.SPREAD)
        for network, flag in flags:
            yield from self._switched(network, flag, others=any(other is not network for other, _ in flags))
        for term in self._filled([] if flags else hosts):
            yield from self._named(term)

    def _switched(self, network: Network, flag: Term, *, others: bool = False) -> Iterator[Way]:
        """What a flag selects; where there are others, it leaves it to them if it is not set."""
        for term in self._filled([flag]):
            match term:
                case Constant(value=value) if value:
                    yield network.value
                case Constant():
                    yield from () if others else (Network.MAINNET.value,)
                case Invocation(callee=External(name="builtins.bool"), positional=[asked]):
                    yield from self._switched(network, asked.term, others=others)
                case _:
                    yield self._unfixed(term)

    def _named(self, term: Term) -> Iterator[Way]:
        host = term.value if isinstance(term, Constant) else None
        network = rest.network_of(host) if isinstance(host, str) else None
        yield network.value if network else self._unfixed(term)

    def _rehearsed(self) -> Iterator[Way]:
        """The networks that the exchanges of ccxt in the project are sent to."""
        ways: list[Way] = []
        for name, network in SWITCHES.items():
            for module, call in self.program.project.calls_of(name):
                given = arguments(call)
                flags = [self.program.evaluator.evaluate(module, node) for node in given[:1]]
                ways += [way for flag in flags for way in self._switched(network, flag)]
        yield from ways
        is_said = any(map(self.program.project.says, REHEARSALS))
        if not ways:
            yield SETTING if is_said else Network.MAINNET.value

    def _filled(self, terms: Iterable[Term]) -> list[Term]:
        """What terms are to all callers of the functions whose parameters they are."""
        callers = self.program.callers
        found = (way for term in terms for option in alternatives(term) for way in callers.in_all_contexts(option))
        return list(dict.fromkeys(option for way in found for option in alternatives(way)))

    def _unfixed(self, term: Term) -> Way:
        """How it is decided which network it is, where the code does not say so."""
        if self._is_set(term):
            return SETTING
        blind = self.blindness.of(term)
        return Blind(Gap.EXPRESSION, type(term).__name__.lower()) if blind.gap is Gap.NOTHING else blind

    def _is_set(self, term: Term) -> bool:
        """True if something that is told to the bot from outside is among what a term is made of."""
        stack, met = [term], {term}
        while stack:
            inner = stack.pop()
            if self.outside.word(inner) is not None:
                return True
            fresh = [part for part in children(inner) if part not in met]
            met.update(fresh)
            stack += fresh
        return False

    def _of_all(self) -> Way:
        """The one network that all clients of the project are for, where it is not seen which of them is meant."""
        every = {network for networks in self._made.values() for network in networks}
        only = next(iter(every)) if len(every) == 1 else None
        return only.value if only is not None else Blind(Gap.ANNOTATED)


def address_position(call: Call) -> int:
    """At which place a raw request takes its URL."""
    return 1 if call.path.endswith((".request", "Request")) and not call.path.startswith("urllib") else 0


def _function(call: Call) -> ast.expr | None:
    """What is called, as it is written."""
    node = call.site.node
    return call.made.called or (deferred_callee(node)[0] if isinstance(node, ast.Call) else None)

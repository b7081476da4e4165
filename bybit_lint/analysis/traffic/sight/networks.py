"""Which network a call speaks to: the one its client was made for, or the host it is sent to."""

from __future__ import annotations

import ast
from collections import defaultdict

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.domains.number_sources import ENVIRONMENT
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.traffic.record import Traffic
from bybit_lint.analysis.traffic.sight.blindness import Blindness
from bybit_lint.analysis.traffic.sight.numbers import Told, outermost
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    Element,
    Expression,
    Invocation,
    Term,
    alternatives,
    children,
    qualified_name,
)
from bybit_lint.clients import rest
from bybit_lint.vocabulary import Network, Session
from bybit_lint.vocabulary.sight import Blind, Gap, Link, Seen

SETTING = "by a setting"
"""What is known of a network that is chosen where the bot is run."""
FLAGS = ("testnet", "demo", "test", "endpoint")
REHEARSALS = (b"sandbox", b"demo_trading", b"demotrading", b"enableDemo", b"testnet")
"""What a project says that may send an exchange of ccxt's elsewhere than to mainnet."""


class Networks:
    """Says which network the calls of one project speak to."""

    def __init__(self, program: Program, traffic: Traffic, blindness: Blindness) -> None:
        self.program, self.blindness = program, blindness
        self._made: dict[tuple[str, int], set[Network | None]] = defaultdict(set)
        """By the place where a client is made: the networks that it may be for."""
        for _, noun in traffic.connections:
            if isinstance(noun, Session):
                self._made[noun.span.path, noun.span.start].add(noun.network)

    def of(self, terms: list[Term], told: Told) -> Seen:
        """The network of what is called, which may be one of several; `told` are the requests that it sends."""
        raw = [call for call, _ in outermost(told) if call.path in rest.CALLS]
        makers = [maker for term in terms if (maker := _maker(term)) is not None]
        seen = [one for call in raw for one in self._addressed(call)] if raw else [*map(self._made_by, makers)]
        found = {one for one in seen or [self._of_all()] if isinstance(one, str)}
        blind = next((one for one in seen or [self._of_all()] if isinstance(one, Blind)), None)
        return Seen(Link.NETWORK, "", tuple(sorted(found)), blind)

    def _addressed(self, call: Call) -> list[str | Blind]:
        """The networks of the hosts that a raw request may go to."""
        found = {rest.network_of(host) for host in rest.hosts(call)} - {None}
        if found:
            return [network.value for network in found if network is not None]
        url = call.get("url", address_position(call))
        terms = [] if url is None else [url.term]
        if any(map(_is_set_outside, terms)):
            return [SETTING]
        return [self.blindness.of(term) for term in terms] or [Blind(Gap.URL)]

    def _made_by(self, maker: Invocation) -> str | Blind:
        span = maker.site.span
        networks = self._made.get((span.path, span.start), set())
        if len(networks) == 1 and (only := next(iter(networks))) is not None:
            return only.value
        if networks == {None} and (qualified_name(maker.callee) or "").startswith("ccxt"):
            return SETTING if any(map(self.program.project.says, REHEARSALS)) else Network.MAINNET.value
        flags = [maker.keywords[name] for name in FLAGS if name in maker.keywords] or [*maker.positional[:1]]
        return self._undecided(flags)

    def _undecided(self, flags: list[Expression]) -> str | Blind:
        """Why a client's flag does not say which network it selects."""
        if not flags:
            return Blind(Gap.SPREAD)
        term = flags[0].term
        filled = [option for one in self.program.callers.in_all_contexts(term) for option in alternatives(one)]
        if any(map(_is_set_outside, filled)):
            return SETTING
        if all(isinstance(option, Constant) for option in filled):
            return Blind(Gap.CONTEXT) if self._is_passed(term) else Blind(Gap.SEVERAL)
        unknown = next(option for option in filled if not isinstance(option, Constant))
        blind = self.blindness.of(unknown)
        return Blind(Gap.EXPRESSION, type(unknown).__name__.lower()) if blind.gap is Gap.NOTHING else blind

    def _is_passed(self, term: Term) -> bool:
        return bool(self.program.evaluator.parameters.of(term))

    def _of_all(self) -> str | Blind:
        """The one network that all clients of the project are for, where it is not seen which of them is meant."""
        every = {network for networks in self._made.values() for network in networks}
        only = next(iter(every)) if len(every) == 1 else None
        return only.value if only is not None else Blind(Gap.ANNOTATED)


def address_position(call: Call) -> int:
    """At which place a raw request takes its URL."""
    return 1 if call.path.endswith((".request", "Request")) and not call.path.startswith("urllib") else 0


def _maker(term: Term) -> Invocation | None:
    """The call that made the object whose method is called."""
    while isinstance(term, (Access, Element)):
        term = term.base
    return term if isinstance(term, Invocation) and isinstance(term.site.node, ast.Call) else None


def _is_set_outside(term: Term) -> bool:
    """True if an environment variable or a file of settings is among what a term is made of."""
    stack, steps = [*alternatives(term)], 0
    while stack and steps < 200:
        inner = stack.pop()
        steps += 1
        if (qualified_name(inner) or "").startswith(ENVIRONMENT):
            return True
        stack += children(inner)
    return False

"""Signed requests and socket logins, found by what Bybit makes them carry.

A request is signed by its X-BAPI-TIMESTAMP header, a socket by the message `{"op": "auth", "args": [key, expires,
signature]}` (https://bybit-exchange.github.io/docs/v5/guide, https://bybit-exchange.github.io/docs/v5/ws/connect).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.callgraph.call_sites import enclosing_function
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.domains import clocks
from bybit_lint.analysis.domains.spans_of_time import NOW, linear
from bybit_lint.analysis.flow.uses import UseTracker
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic import timestamps
from bybit_lint.analysis.traffic.messages import messages
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import Expression, ListTerm, Site, Term
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.clock.signed_fields import TIMESTAMP, among_parameters, in_headers, is_for_bybit
from bybit_lint.facts.extractor import extracts
from bybit_lint.knowledge import headers
from bybit_lint.vocabulary import Signature, Span, Timestamp

LOGIN = "GET/realtime"
LOGINS = {LOGIN, *(f"{LOGIN}{hole}" for hole in ("{}", "%d", "%s", "%i"))}
"""What a socket's login signs, up to its moment or with a hole for it."""
HOUR = 3_600_000
"""Milliseconds for which a login has to be good so that it is not this machine's clock that ends it."""
SIGNATURES = {("sign",), ("signature",), (headers.SIGNATURE,)}
"""Where what is made of a request holds its signature."""


@extracts(Signature, Timestamp)
class Signatures:
    """One Signature per clock that is read for the signatures of a module, or per signature if no local one is.

    Before each, the moments that its timestamp may be. What was told of another module is not told again.
    """

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.traffic, self.effects = analysis.program, analysis.traffic, analysis.effects
        self._clocks: set[Span] = set()
        """The clocks that were told of."""
        self._stamps: set[Span] = set()
        """The places where timestamps are made that were told of."""

    def facts(self, module: Module) -> Iterator[Signature | Timestamp]:
        program, host = self.program, self.traffic.host(module)
        for signed, timestamp, is_login in _timestamps(program.evaluator, module):
            if not is_for_bybit(program, timestamp.site) or self._is_only_compared(timestamp.site):
                continue
            made = list(timestamps.signed(program.callers, timestamp, "expires" if is_login else "timestamp", host))
            yield from (stamp for stamp in made if stamp.span not in self._stamps)
            self._stamps.update(stamp.span for stamp in made)
            is_misread = any(stamp.unit or stamp.is_naive or stamp.reuse for stamp in made)
            readings = [
                reading for term in program.callers.in_all_contexts(timestamp.term) for reading in clocks.local(term)
            ]
            if not readings:
                yield Signature(_made(timestamp).span, signed, False, is_login)
            for reading in readings:
                clock = clocks.place(reading).span
                if clock not in self._clocks:
                    self._clocks.add(clock)
                    yield Signature(
                        clock,
                        signed,
                        True,
                        is_login,
                        clocks.correction(reading, host),
                        is_misread,
                        is_login and _is_lasting(timestamp.term),
                    )

    def _is_only_compared(self, site: Site) -> bool:
        """True if a function sends nothing, and all who call it only hold what it signs against what they were sent."""
        function = enclosing_function(site)
        using = self.program.callers.sites(function) if function else []
        if function is None or not using or not all(_is_compared(self.program, made) for made in using):
            return False
        calls = site.module.names.calls_in[function]
        return not any(self.effects.reaches_bybit(site.module, call) for call in calls)


def _is_compared(program: Program, site: Site) -> bool:
    """True if what a call returns is held against something, and goes nowhere else."""
    if not isinstance(site.node, ast.expr):
        return False
    parents = site.module.names.parents
    around = parents.get(site.node)
    while isinstance(around, (ast.Subscript, ast.Attribute, ast.Await)):
        around = parents.get(around)
    is_digest = isinstance(around, ast.Call) and called_name(around.func) == "compare_digest"
    if isinstance(around, ast.Compare) or is_digest:
        return True
    uses = UseTracker(program).of(site.module, site.node)
    return bool(uses.tested & SIGNATURES) and not uses.escaped


def _timestamps(evaluator: Evaluator, module: Module) -> Iterator[tuple[Span, Expression, bool]]:
    """Every timestamp a module signs: where it is put in, what it is, and whether it is a socket's login."""
    for span, held in in_headers(evaluator, module, headers.TIMESTAMP):
        yield span, held, False
    for span, held in among_parameters(evaluator, module, TIMESTAMP):
        yield span, held, False
    for arguments in messages(evaluator, module, "auth"):
        if isinstance(arguments.term, ListTerm) and len(arguments.term.items) == 3:
            entry = arguments.term.items[1]
            yield entry.site.span, entry, True
    if LOGIN.encode() in module.source.data:
        yield from _in_logins(evaluator, module)


def _is_lasting(expiry: Term) -> bool:
    """True for a moment in milliseconds that is an hour away, or more."""
    made = linear(expiry)
    return made is not None and made.parts == {NOW: 1e3} and made.constant >= HOUR


def _made(timestamp: Expression) -> Site:
    """Where a timestamp is put together."""
    site = getattr(timestamp.term, "site", None)
    return site if isinstance(site, Site) else timestamp.site


def _in_logins(evaluator: Evaluator, module: Module) -> Iterator[tuple[Span, Expression, bool]]:
    """The text a socket login signs: `GET/realtime` and the moment it expires."""
    for node in module.names.nodes():
        match node:
            case ast.JoinedStr(values=[ast.Constant(value=str() as text), ast.FormattedValue(value=value)]):
                pass
            case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Add() | ast.Mod(), right=value):
                pass
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str() as text), attr="format"), args=[value]):
                pass
            case _:
                continue
        if text.strip() in LOGINS:
            yield module.source.span(node), evaluator.at(module, value), True

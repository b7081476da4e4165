"""Requests to demo trading for what it does not have (https://bybit-exchange.github.io/docs/v5/demo)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.bounds import MAX_CALL_STRING
from bybit_lint.analysis.callgraph.call_sites import enclosing_function
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.jumps import exits
from bybit_lint.analysis.syntax.nodes import FunctionNode
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.values.terms import Access, Invocation, Site, Term, alternatives
from bybit_lint.clients import ccxt, rest
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.knowledge import legacy
from bybit_lint.knowledge.availability import is_in_demo
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import DemoRequest, Request, Span

PYBIT = "pybit.unified_trading.HTTP()."
HOST = "https://api-demo.bybit.com"
SWITCHES = ("enable_demo_trading", "enableDemoTrading")
EXPECTED = regex(r"demo|10032", re.IGNORECASE)


@extracts(DemoRequest, words="demo Demo")
class DemoRequests:
    """The requests that demo trading refuses."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.traffic = analysis.program, analysis.traffic

    def facts(self, module: Module) -> Iterator[DemoRequest]:
        told: set[tuple[object, ...]] = set()
        for call, request in self.traffic.requests.get(module, ()):
            category = _category(call, request)
            is_dead = legacy.is_given_up(request.endpoint, category)  # told as that, and gone everywhere
            if is_dead or not request.endpoint.startswith("/v5/") or is_in_demo(request.endpoint, category):
                continue
            found = self._selected(call)
            frames = [frame.made.site.node for frame in call.context.frames]
            around = [(call.site.node, request.endpoint, *frames[:count]) for count in range(len(frames) + 1)]
            if found is not None and call.is_only and told.isdisjoint(around) and not self._is_planned(call):
                told.add(around[-1])
                is_there = is_in_demo(request.endpoint)
                client = None if call.own_span.holds(found) else found
                yield DemoRequest(call.span, request.endpoint, category if is_there else "", client)

    def _is_planned(self, call: Call) -> bool:
        """True if the code around the call, or a call that leads to it, speaks of demo trading."""
        sites = [call.site, *(frame.made.site for frame in call.context.frames)]
        return any(_is_expected(site.module, site.node) for site in sites) or self._is_led_to(sites[-1], ())

    def _is_led_to(self, site: Site, through: tuple[FunctionNode, ...]) -> bool:
        """True if nobody comes to a site but by code that speaks of demo trading."""
        function = enclosing_function(site)
        if function is None or function in through or len(through) == MAX_CALL_STRING:
            return False
        callers, through = self.program.callers.sites(function), (*through, function)
        return bool(callers) and all(_is_expected(s.module, s.node) or self._is_led_to(s, through) for s in callers)

    def _selected(self, call: Call) -> Span | None:
        """Where demo trading is selected for a call; None where it is not proven to be."""
        if call.path.startswith(PYBIT):
            demo, testnet = call.maker("demo"), call.maker("testnet")
            return demo.span if demo and demo.constant is True and not (testnet and testnet.constant) else None
        if call.path.partition("().")[0] in ccxt.CLASSES:
            made = _made(call.made.callee)
            return self._rehearsed.get(made) if made else None
        return call.own_span if rest.CALLS.get(call.path) and rest.hosts(call) == {HOST} else None

    @cached_property
    def _rehearsed(self) -> dict[ast.AST, Span]:
        """The exchanges of ccxt that are sent to demo trading, by where they are made."""
        found: dict[ast.AST, Span] = {}
        for name in SWITCHES:
            for module, node in self.program.project.calls_of(name):
                match node:
                    case ast.Call(func=ast.Attribute(value=receiver), args=[ast.Constant(value=True)]):
                        made = {_made(t) for t in alternatives(self.program.evaluator.evaluate(module, receiver))}
                        if len(made) == 1 and (one := made.pop()):
                            found[one] = module.source.span(node)
        return found


def _made(term: Term) -> ast.AST | None:
    """Where the one object is made that a term is, or a part of."""
    while isinstance(term, Access):
        term = term.base
    return term.site.node if isinstance(term, Invocation) else None


def _category(call: Call, request: Request) -> str:
    return request.category or (ccxt.category(call) if ccxt.place_of_params(call) is not None else "")


def _is_expected(module: Module, node: ast.AST) -> bool:
    """True if the code around a call, or before it, speaks of demo trading: the call may not be made there."""
    names = module.names
    for around in names.ancestors(node):
        match around:
            case ast.If(test=test) | ast.IfExp(test=test) if EXPECTED.search(ast.unparse(test)):
                return True
            case ast.Try(handlers=handlers) if any(EXPECTED.search(ast.unparse(h)) for h in handlers):
                return True
            case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body):
                tests = [s for s in body if isinstance(s, ast.If) and names.follows(node, s) and any(exits([s]))]
                return any(EXPECTED.search(ast.unparse(s.test)) for s in tests)
    return False

"""Answers, and whether anybody looks at what Bybit says about the success of a request."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from bybit_lint import knowledge
from bybit_lint.analysis.bounds import MAX_CONTEXTS, MAX_FRAMES
from bybit_lint.analysis.flow.uses import Uses, UseTracker
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.jumps import names_in
from bybit_lint.analysis.syntax.nodes import FunctionNode, called_name
from bybit_lint.analysis.values.key_paths import KeyPath
from bybit_lint.analysis.values.terms import Site
from bybit_lint.clients import Client, ccxt, passed, pybit_legacy, rest, swagger
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.knowledge import legacy
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Request, Response, Span

SILENT = (rest, swagger)
"""Clients that hand out refusals as they hand out anything else."""
ROWS = ("result", "list")
CURSOR = "nextPageCursor"
BATCHES = {"/v5/order/create-batch", "/v5/order/amend-batch", "/v5/order/cancel-batch"}
VERDICT = regex(r"ret_?(code|msg)|\bcode\b|success|error", re.IGNORECASE)
"""Keys by which a bot learns whether Bybit took a request."""
FAILURES = ("retExtInfo", "code", "msg", "status", "info")
"""Keys by which it learns what became of the single orders of a batch; an order that failed has no orderId."""


@extracts(Response)
class Responses:
    """The answers whose success is told in them, rather than by an exception."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.responses = analysis.program, analysis.responses
        self.traffic = analysis.traffic

    def facts(self, module: Module) -> Iterator[Response]:
        for node in module.names.calls:
            told = self.responses.asked(module, node) if node in self.traffic.bybit_calls else None
            if told and _tells(*told):
                yield from self._told(module, node, *told)
        for call, request in self.traffic.requests.get(module, ()):
            site, is_http = call.site.node, request.library == passed.LIBRARY and passed.is_http(call)
            if is_http and not call.context.frames and isinstance(site, ast.Call) and _is_decoded(module, site):
                yield from self._told(module, site, request, rest) if _tells(request, rest) else ()
        yield from self._passed(module)

    def _told(self, module: Module, node: ast.Call, request: Request, client: Client) -> Iterator[Response]:
        """The answer to a request that is known where it is written."""
        uses = UseTracker(self.program, is_arrived=client in SILENT).of(module, node)
        is_write = _is_write(request)
        is_unchecked = client in SILENT and uses.is_seen and _is_unchecked(uses, is_write=is_write)
        is_unread = request.endpoint in BATCHES and uses.is_seen and not _reads_failures(uses, client)
        span = module.source.span(node)
        yield Response(span, request.library, request.endpoint, is_write, is_unchecked, is_unread, _result(uses))
        if client in SILENT and not is_unchecked:
            yield from self._careless(Site(module, node, module.names.scope(node)), request, {}, uses)

    def _passed(self, module: Module) -> Iterator[Response]:
        """The answers to requests whose client or path callers pass, as the nearest use them that say all of it."""
        told: set[tuple[object, ...]] = set()
        for call, request in self.traffic.requests.get(module, ()):
            frames = call.context.frames
            if request.library not in rest.CLIENTS or not _tells(request, rest):
                continue
            around = [(call.site.node, *frames[:count]) for count in range(len(frames) + 1)]
            node = call.site.node
            if not frames and isinstance(node, ast.Call) and self.responses.asked(module, node) is None:
                yield from self._told(module, node, request, rest)
            elif frames and told.isdisjoint(around):
                route = {frame.function.node: frame.made.site for frame in frames}
                yield from self._left(call.site, request, route)
            told.add(around[-1])

    def _left(self, site: Site, request: Request, route: Mapping[FunctionNode, Site]) -> Iterator[Response]:
        """An answer that is left to one of the callers; told if it, or one of its own callers, asks for no retCode."""
        assert isinstance(site.node, ast.expr)
        uses = UseTracker(self.program, route, is_arrived=True).of(site.module, site.node)
        is_write = _is_write(request)
        if uses.is_seen and _is_unchecked(uses, is_write=is_write):
            span = [*route.values()][-1].span
            yield Response(span, request.library, request.endpoint, is_write, True, False, _result(uses))
        else:
            yield from self._careless(site, request, route, uses)

    def _careless(
        self, site: Site, request: Request, route: Mapping[FunctionNode, Site], uses: Uses
    ) -> Iterator[Response]:
        """The single callers of the function that returns an answer, where the others ask for the retCode."""
        function = next(iter(uses.returned), None)
        if function is None or function in route or len(route) == MAX_FRAMES:
            return
        callers = [caller for caller in self.program.callers.sites(function) if not caller.module.is_test]
        for caller in callers if len(callers) <= MAX_CONTEXTS else ():
            yield from self._left(site, request, {**route, function: caller})


def _is_decoded(module: Module, call: ast.Call) -> bool:
    """True if JSON is read from what a call gives, as it is from the answer of any HTTP client."""
    names = module.names
    statement = names.statement(call)
    bound = [statement] if isinstance(statement, ast.Assign) else getattr(statement, "items", [])
    given = names_in(bound, ast.Store)
    decoding = (c.func for c in names.calls_in[names.scope(call).function.node] if called_name(c.func) == "json")
    read = [function.value for function in decoding if isinstance(function, ast.Attribute)]
    return any((isinstance(node, ast.Name) and node.id in given) or names.holds(node, call) for node in read)


def _is_write(request: Request) -> bool:
    """True if a request changes something."""
    older = legacy.paths().get(request.endpoint)
    known = knowledge.endpoint_at(older.v5_path if older else request.endpoint)
    return known is not None and known.verb == "POST"


def _tells(request: Request, client: Client) -> bool:
    """True if an answer of Bybit's may say that something failed without an exception."""
    is_known = request.endpoint.startswith("/v5/") or request.endpoint in legacy.paths()
    is_batch = request.endpoint in BATCHES and client is not pybit_legacy  # which sends its bulks order by order
    return is_batch or (client in SILENT and is_known)


def _is_unchecked(uses: Uses, *, is_write: bool) -> bool:
    """True if nobody asks for the retCode, although something depends on it: a result that is read, or an order."""
    keys = {str(key) for way in uses.read for key in way} | uses.words
    tested, read = (list(map(_part, ways)) for ways in (uses.tested, uses.read))
    stopping = uses.demanded - uses.spared
    is_doubted = any(_is_doubt(way) and (len(way) < len(ROWS) or way not in stopping) for way in tested)
    if is_doubted or uses.is_caught or any(VERDICT.search(key) for key in keys):
        return False
    return (is_write and not uses.is_shown) or any(way[:1] == ("result",) for way in read)


def _result(uses: Uses) -> Span | None:
    """Where the result is taken out of an answer first, if anybody does that."""
    return next((site.span for way, site in uses.taken.items() if _part(way) == ("result",)), None)


def _part(way: KeyPath) -> KeyPath:
    """A way into the answer itself, where it comes as the first of a pair."""
    return way[1:] if way[:1] == (0,) else way


def _is_doubt(way: KeyPath) -> bool:
    """True for an answer, its result, and what stands next in that, none of which a refusal has.

    Nor has the last page a cursor.
    """
    return way[:1] in ((), ("result",)) and len(way) <= len(ROWS) and way[-1:] != (CURSOR,)


def _reads_failures(uses: Uses, client: Client) -> bool:
    """True if somebody looks at what became of the single orders."""
    if client is ccxt and any(way for way in uses.read):
        return True
    keys = {key for way in uses.read for key in way} | uses.words
    tested = any(way[-1:] == ("orderId",) for way in uses.tested)
    return tested or any(key in FAILURES for key in keys)

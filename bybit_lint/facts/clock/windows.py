"""The recv_window of signed requests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from bybit_lint import knowledge
from bybit_lint.analysis.bounds import whole
from bybit_lint.analysis.domains import strings
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.values.terms import Expression
from bybit_lint.clients import pybit
from bybit_lint.clients.windows import of_client
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.clock.signed_fields import among_parameters, in_headers, is_for_bybit
from bybit_lint.facts.extractor import extracts
from bybit_lint.knowledge.headers import WINDOW
from bybit_lint.vocabulary import Span, Window, WindowPlace

PARAMETERS = ("recv_window", "recvWindow")


@extracts(Window)
class Windows:
    """The recv_window of every request that a module signs."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.traffic = analysis.program, analysis.traffic

    def facts(self, module: Module) -> Iterator[Window]:
        yield from dict.fromkeys(self._of_clients(module))
        for span, window in in_headers(self.program.evaluator, module, WINDOW):
            yield from self._windows(span, window, WindowPlace.QUERY if span in self._asking else WindowPlace.HEADER)
        for name in PARAMETERS:
            for span, window in among_parameters(self.program.evaluator, module, name):
                if is_for_bybit(self.program, window.site):
                    yield from self._windows(span, window, WindowPlace.PARAMETERS)

    def _of_clients(self, module: Module) -> Iterator[Window]:
        """What the clients of pybit are made with."""
        for call in self.traffic.makers.get(module, ()):
            kind = pybit.CONSTRUCTORS.get(call.path)
            is_keyless = kind == "HTTP" and call.is_closed and call.get("api_key") is None
            for window in of_client(call, kind) if kind else ():
                if is_keyless and window.span in self._of_public:
                    continue
                yield window.replace(place=WindowPlace.QUERY) if window.span in self._of_queries else window

    @cached_property
    def _of_queries(self) -> frozenset[Span]:
        """The windows of clients that are asked for something, and nobody in the project has Bybit do anything."""
        is_asking = {span for span, found in self._asked.items() if {each.verb for each in found} == {"GET"}}
        return frozenset(() if self._is_told_to_act else is_asking)

    @cached_property
    def _of_public(self) -> frozenset[Span]:
        """The windows of clients that are asked for what needs no key: without one they send no window.

        pybit 5.17.0, `_http_manager.py`.
        """
        return frozenset(span for span, found in self._asked.items() if not any(each.needs_auth for each in found))

    @cached_property
    def _asked(self) -> Mapping[Span, set[knowledge.Endpoint]]:
        """What is asked of the clients that are made with a window, by that."""
        found: dict[Span, set[knowledge.Endpoint]] = defaultdict(set)
        for call, request in (pair for told in self.traffic.requests.values() for pair in told):
            window, endpoint = call.maker("recv_window"), knowledge.endpoint_at(request.endpoint)
            if window is not None and endpoint is not None:
                found[window.span].add(endpoint)
        return found

    @cached_property
    def _is_told_to_act(self) -> bool:
        """True if the project names anything that changes something at Bybit, be it in a text or handed on."""
        endpoints = ((name, knowledge.endpoint_of(name)) for name in knowledge.methods())
        acting = (name for name, endpoint in endpoints if endpoint is not None and endpoint.verb != "GET")
        return any(self.program.project.says(name.encode()) for name in acting)

    @cached_property
    def _asking(self) -> frozenset[Span]:
        """The windows in headers that go out with nothing but queries, as far as is seen."""
        asks: dict[Span, set[bool]] = defaultdict(set)
        for call, request in (pair for told in self.traffic.requests.values() for pair in told):
            headers, endpoint = call.get("headers"), knowledge.endpoint_at(request.endpoint)
            for name, held in (headers.entries or {}).items() if headers else ():
                if name.upper() == WINDOW:
                    asks[held.span].add(endpoint is not None and endpoint.verb == "GET")
        return frozenset(span for span, found in asks.items() if found == {True})

    def _windows(self, span: Span, window: Expression, place: WindowPlace) -> Iterator[Window]:
        """One for each length that callers give it."""
        terms = self.program.callers.in_all_contexts(window.term)
        found = {number for term in terms for text in strings.texts(term) if (number := whole(text)) is not None}
        for milliseconds in sorted(found) or (None,):
            yield Window(span, place, milliseconds)

"""Answers, and whether anybody looks at what Bybit says about the success of a request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bybit_lint import knowledge
from bybit_lint.analysis.flow.uses import Uses, UseTracker
from bybit_lint.analysis.project import Module
from bybit_lint.clients import Client, ccxt, rest
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Request, Response

ROWS = ("result", "list")
BATCHES = {"/v5/order/create-batch", "/v5/order/amend-batch", "/v5/order/cancel-batch"}
VERDICT = regex(r"ret_?(code|msg)|\bcode\b|success|error", re.IGNORECASE)
"""Keys by which a bot learns whether Bybit took a request."""
FAILURES = ("retExtInfo", "code", "msg", "status", "info")
"""Keys by which it learns what became of the single orders of a batch; an order that failed has no orderId."""


@extracts(Response)
class Responses:
    """The answers whose success is told in them, rather than by an exception."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.bybit_calls, self.responses = (
            analysis.program,
            analysis.traffic.bybit_calls,
            analysis.responses,
        )

    def facts(self, module: Module) -> Iterator[Response]:
        for node in module.names.calls:
            told = self.responses.asked(module, node) if node in self.bybit_calls else None
            if told and _tells(*told):
                request, client = told
                uses = UseTracker(self.program).of(module, node)
                is_write = _is_write(request)
                yield Response(
                    module.source.span(node),
                    request.library,
                    request.endpoint,
                    is_write,
                    client is rest and uses.is_seen and _is_unchecked(uses, is_write=is_write),
                    request.endpoint in BATCHES and uses.is_seen and not _reads_failures(uses, client),
                )


def _is_write(request: Request) -> bool:
    """True if a request changes something."""
    known = knowledge.endpoint_at(request.endpoint)
    return known is not None and known.verb == "POST"


def _tells(request: Request, client: Client) -> bool:
    """True if an answer of Bybit's may say that something failed without an exception."""
    return request.endpoint in BATCHES or (client is rest and request.endpoint.startswith("/v5/"))


def _is_unchecked(uses: Uses, *, is_write: bool) -> bool:
    """True if nobody asks for the retCode, although something depends on it: a result that is read, or an order."""
    keys = {str(key) for way in uses.read for key in way} | uses.words
    is_doubted = any(way[:1] in ((), ("result",)) and len(way) < len(ROWS) + 1 for way in uses.tested)
    if is_doubted or uses.is_caught or any(VERDICT.search(key) for key in keys):
        return False
    return (is_write and not uses.is_shown) or any(way[:1] == ("result",) for way in uses.read)


def _reads_failures(uses: Uses, client: Client) -> bool:
    """True if somebody looks at what became of the single orders."""
    if client is ccxt and any(way for way in uses.read):
        return True
    keys = {key for way in uses.read for key in way} | uses.words
    tested = any(way[-1:] == ("orderId",) for way in uses.tested)
    return tested or any(key in FAILURES for key in keys)

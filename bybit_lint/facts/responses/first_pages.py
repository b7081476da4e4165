"""Lists that have pages, of which a bot asks for the first one and takes it for all."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic.responses import ResponsePart
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.knowledge.availability import Pages, pages
from bybit_lint.vocabulary import FirstPage, Fix, Request, SetArgument

ROWS = ("result", "list")
WHOLE = ("len", "sum", "list", "sorted", "DataFrame")
"""What is called with all rows at once."""
ENOUGH = ("symbol", "orderId", "orderLinkId", "baseCoin", "startTime", "endTime")
"""What narrows a list down, so that a page may hold all of it."""


@extracts(FirstPage)
class FirstPages:
    """The lists that are gone through without their other pages."""

    def __init__(self, analysis: Analysis) -> None:
        self.project, self.responses, self.traffic = analysis.program.project, analysis.responses, analysis.traffic

    def facts(self, module: Module) -> Iterator[FirstPage]:
        here = {request.endpoint for _, request in self.traffic.requests.get(module, ())}
        if here.isdisjoint(pages()) or self.project.says(b"ursor"):
            return
        told: set[ast.AST] = set()
        for node in _gone_through(module):
            found = self.responses.of(module, node)
            answer = found[0] if len(found) == 1 else None
            if answer is not None and answer.is_v5 and answer.is_raw and answer.way == ROWS:
                known = pages().get(answer.request.endpoint)
                site = answer.made.site
                rows = _rows(answer.request, known) if known and site.node not in told else None
                if known and rows is not None:
                    told.add(site.node)
                    used = None if site.span.holds(module.source.span(node)) else module.source.span(node)
                    yield FirstPage(site.span, known.path, rows, known.most, used, _more(answer, known))


def _rows(request: Request, known: Pages) -> int | None:
    """How many rows come; None where there may be no more, or somebody has said how many are wanted."""
    if not all(request.lacks(name) for name in ENOUGH):
        return None
    if known.categories and request.category not in known.categories:
        return None
    return known.default if request.lacks("limit") else None


def _more(answer: ResponsePart, known: Pages) -> Fix | None:
    """Ask for as many rows as come at once."""
    site = answer.made.site
    node = site.node
    is_plain = isinstance(node, ast.Call) and answer.request.library == "pybit" and isinstance(node.func, ast.Attribute)
    if not is_plain or answer.request.sent is not None:
        return None
    verb = SetArgument(site.span, "limit", str(known.most))
    return Fix(f"ask for {known.most} rows at once", (verb,), is_safe=True)


def _gone_through(module: Module) -> Iterator[ast.expr]:
    """What is iterated, counted or put into a table."""
    for loop in module.names.loops:
        if isinstance(loop, (ast.For, ast.AsyncFor)):
            yield loop.iter
    for node in module.names.nodes():
        if isinstance(node, ast.comprehension):
            yield node.iter
        elif isinstance(node, ast.Call) and node.args and called_name(node.func) in WHOLE:
            yield node.args[0]

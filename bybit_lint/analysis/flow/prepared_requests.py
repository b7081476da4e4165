"""Requests that are made first and sent later: `urlopen(Request(url))`, `session.send(request.prepare())`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.terms import Access, Invocation, Term, alternatives, qualified_name, spine

SENDERS = {
    "urllib.request.urlopen",
    "urllib.request.build_opener().open",
    *(f"requests.{session}().send" for session in ("Session", "session")),
    *(f"httpx.{client}().send" for client in ("Client", "AsyncClient")),
}
NAMES = {sender.rpartition(".")[2] for sender in SENDERS}
PREPARING = ("prepare_request",)
"""What is given a request that is not yet as it is sent."""


def is_sent_by(evaluation: Evaluation, module: Module, call: ast.Call) -> bool:
    """True for a call that sends the request that it is given, and gives the answer."""
    if called_name(call.func) not in NAMES:
        return False
    options = alternatives(evaluation.evaluate(module, call.func))
    return bool(options) and all(qualified_name(option) in SENDERS for option in options)


def made_for(evaluation: Evaluation, module: Module, call: ast.Call) -> Iterator[ast.AST]:
    """The calls that may have made the request which a call of a sender's name is given."""
    if called_name(call.func) in NAMES and call.args:
        yield from _makers(evaluation.evaluate(module, call.args[0]))


def _makers(request: Term) -> Iterator[ast.AST]:
    for option in alternatives(request):
        for part in spine(option):
            if isinstance(part, Invocation):
                yield part.site.node
                yield from _makers(part.positional[0].term) if _prepares(part) else ()


def _prepares(made: Invocation) -> bool:
    is_named = isinstance(made.callee, Access) and made.callee.key.removeprefix(".") in PREPARING
    return is_named and bool(made.positional)

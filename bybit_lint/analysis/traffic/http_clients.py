"""Whether an HTTP client may have been given settings after it was made: mounted adapters, replaced methods."""

from __future__ import annotations

import ast

from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import qualified_name

PLAIN = {"requests.adapters.HTTPAdapter()", "requests.HTTPAdapter()"}
SENDING = ("request", "send", "get", "post")
SAID = ("headers", "auth", "event_hooks", "cookies", "cert", "middlewares")
"""What a client may be given to say with each request, or to do to it, as arguments and as attributes."""


def is_plain(evaluator: Evaluator) -> bool:
    """True if nothing in the project changes what its HTTP clients do by themselves.

    An adapter of the bot's own may bring a timeout; so may a method that is put in the place of another.
    """
    project = evaluator.project
    if any(name in module.names.attributes for module in project.readable for name in SENDING):
        return False
    mounts = [(module, call) for module, call in project.calls_of("mount") if len(call.args) == 2]
    return all(qualified_name(evaluator.evaluate(module, call.args[1])) in PLAIN for module, call in mounts)


def say_nothing(evaluator: Evaluator) -> bool:
    """True if no client of the project is told after it was made what to send with each request."""
    return all(
        _is_only_read(module.names, node)
        for module in evaluator.project.readable
        for node in module.names.nodes()
        if isinstance(node, ast.Attribute) and node.attr in SAID
    )


def _is_only_read(names: ModuleIndex, node: ast.Attribute) -> bool:
    """True for `answer.headers["Date"]` and `answer.headers.get("Date")`."""
    match names.parents.get(node):
        case ast.Subscript(ctx=ast.Load()) | ast.Attribute(attr="get", ctx=ast.Load()):
            return isinstance(node.ctx, ast.Load)
    return False

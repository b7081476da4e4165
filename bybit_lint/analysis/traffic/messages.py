"""The messages that a file sends on raw sockets: dicts with an `op`, written out, put together or as JSON."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.domains.literals import mapping_of
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import Constant, DictTerm, Expression

SENDERS = ("send", "send_str", "send_json")


def messages(evaluator: Evaluator, module: Module, op: str) -> Iterator[Expression]:
    """The `args` of each message with an `op`, once for each place where they stand."""
    told = set()
    if b"op" not in module.source.data or op.encode() not in module.source.data:
        return
    for node in _written(module):
        message = mapping_of(evaluator.evaluate(module, node))
        arguments = message.entries.get("args") if message is not None else None
        if message is None or arguments is None or arguments.site.node in told or not _is(message, op):
            continue
        told.add(arguments.site.node)
        yield arguments


def _written(module: Module) -> Iterator[ast.expr]:
    """The dicts of a file with an `op`, and whatever is sent."""
    yield from (node for node in module.names.dicts if any(_is_op(key) for key in node.keys))
    for call in module.names.called("dict", *SENDERS):
        if called_name(call.func) == "dict":
            yield call
        else:
            yield from call.args[:1]


def _is_op(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and key.value == "op"


def _is(message: DictTerm, op: str) -> bool:
    held = message.entries.get("op")
    return held is not None and isinstance(held.term, Constant) and held.term.value == op

"""Stops of a position that an endless loop sets again in each round, as they are."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.flow.loops import Loop, is_left_after
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.jumps import exits
from bybit_lint.analysis.syntax.nodes import walk
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Request

STOPS = ("stopLoss", "takeProfit", "trailingStop")
SIZE = regex(r"(?i)size|qty|contracts")
ABOUT_SIZE = regex(r"\w*size|side|qty|contracts|pos(?:ition)?s?|row|float|int|abs|Decimal|get|Buy|Sell|None|0|")
"""The words of a question that is about a position's size and nothing else."""


def is_set_again(effects: Effects, module: Module, call: ast.Call, request: Request) -> bool:
    """Proven: the next round sets the same stops of the same position, if that is still there."""
    values = [request.arguments[name].value.constant for name in STOPS if name in request.arguments]
    loop = _loop(module, call)
    if loop is None or not values or None in values:
        return False
    names = module.names
    others = (other for other in names.calls_in[names.scope(call).function.node] if other is not call)
    is_traded = any(names.stands_in(loop.node.body, other) and effects.order_placed(module, other) for other in others)
    return not is_traded and not is_left_after(names, call, loop) and all(_questions(module, call, loop))


def _loop(module: Module, call: ast.Call) -> Loop | None:
    """The endless loop around a call, in the same function."""
    function = module.names.scope(call).function.node
    around = (a for a in module.names.ancestors(call) if isinstance(a, ast.While))
    loops = (Loop(node) for node in around if module.names.scope(node).function.node is function)
    return next((loop for loop in loops if loop.is_endless), None)


def _questions(module: Module, call: ast.Call, loop: Loop) -> Iterator[bool]:
    """For all that is asked on the way to a call: whether it is about the position's size, which stays."""
    child: ast.AST = call
    for around in module.names.ancestors(call):
        if around is loop.node:
            break
        if isinstance(around, ast.If):
            yield child in around.body and _is_about_size(around.test)
        elif not isinstance(around, (ast.Expr, ast.Assign, ast.For, ast.Await, ast.With)):
            yield False
        child = around
    for statement in loop.through(module.names, call):
        if any(exits([statement])):
            yield isinstance(statement, ast.If) and _is_about_size(statement.test)


def _is_about_size(test: ast.expr) -> bool:
    words = [word for node in walk(test) for word in _words(node)]
    return any(SIZE.search(word) for word in words) and all(ABOUT_SIZE.fullmatch(word) for word in words)


def _words(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=word) | ast.Attribute(attr=word):
            yield word
        case ast.Constant(value=value) if not isinstance(value, (int, float)):
            yield str(value)

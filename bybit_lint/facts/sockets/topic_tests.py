"""Where a topic is held against a text: `topic == "kline.5.BTCUSDT"`, `topic.startswith("kline.5.")`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.knowledge import streams

BRANCHES = (ast.If, ast.IfExp)


def texts_held_against(node: ast.AST) -> Iterator[ast.expr]:
    """The texts that a node holds a topic against."""
    match node:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
            pairs = [(left, right), (right, left)]
        case ast.Compare(left=text, ops=[ast.In() | ast.NotIn()], comparators=[topic]):
            pairs = [(text, topic)]
        case ast.Call(func=ast.Attribute(value=topic, attr="startswith"), args=[text]):
            pairs = [(text, topic)]
        case _:
            return
    for text, topic in pairs:
        if isinstance(text, (ast.Constant, ast.JoinedStr)) and "topic" in ast.unparse(topic).lower():
            yield text


def is_for_others(names: ModuleIndex, node: ast.AST, topic: str) -> bool:
    """True if a node stands where only messages of other topics get to."""
    inner = node
    for around in names.ancestors(node):
        if isinstance(around, BRANCHES) and inner is not around.test:
            block = around.body if isinstance(around.body, list) else [around.body]
            if _holds_for_others(around.test, topic, is_met=inner in block):
                return True
        inner = around
    return False


def _holds_for_others(test: ast.expr, topic: str, *, is_met: bool) -> bool:
    """True if a test is met, or is not, by no message of a topic."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return _holds_for_others(inner, topic, is_met=not is_met)
        case ast.BoolOp(op=ast.And(), values=values) if is_met:
            return any(_holds_for_others(value, topic, is_met=True) for value in values)
        case ast.BoolOp(op=ast.Or(), values=values) if is_met:
            return all(_holds_for_others(value, topic, is_met=True) for value in values)
        case ast.Compare(ops=[ast.NotEq() | ast.NotIn()]):
            is_met = not is_met
    said = [text.value for text in texts_held_against(test) if isinstance(text, ast.Constant)]
    return is_met and bool(said) and all(_is_another(str(text), topic) for text in said)


def _is_another(text: str, topic: str) -> bool:
    """True for the name, or the beginning, of a topic that Bybit has and that this one does not hold."""
    name = text.partition(".")[0]
    known = {what for _, what in streams.topics()} | {each.topic for each in streams.methods().values()}
    return name in known and name not in topic

"""What stands in what, and behind what, is asked of the tree: lines tell neither from the other."""

from __future__ import annotations

import ast

import pytest

from bybit_lint.analysis.syntax.index import ModuleIndex


def found(source: str, *names: str) -> tuple[ModuleIndex, list[ast.Call]]:
    """The index of some code, and its calls of these names."""
    index = ModuleIndex(ast.parse(source))
    return index, [call for name in names for call in index.called(name)]


FOLLOWING = {
    "the next statement": "first()\nlater()",
    "the same line": "first(); later()",
    "the same expression": "send(first(), later())",
    "an expression over several lines": "first(\n); later()",
    "one that begins a line before": "(\nfirst()); later()",
    "the handler of an attempt": "try: first()\nexcept E: later()",
    "the else of a loop": "while x: first()\nelse: later()",
    "a decorator and its function": "@first()\ndef f(x=1): later()",
    "what a decorated function is followed by": "@d\ndef f(): first()\nlater()",
    "a function and one behind it": "def f(): first()\ndef g(): later()",
    "parts of an f-string": "f'''{first()}\n{later()}'''",
    "an argument by name": "send(first(), x=later())",
    "the items of a with": "with first() as a, later() as b: pass",
}


@pytest.mark.parametrize("source", FOLLOWING.values(), ids=FOLLOWING)
def test_what_is_written_later_follows(source: str) -> None:
    index, (first, later) = found(source, "first", "later")
    assert index.follows(later, first)
    assert not index.follows(first, later)
    assert not index.holds(first, later)


HOLDING = {
    "an argument": "outer(inner())",
    "on another line": "outer(\n    inner()\n)",
    "what a method is of": "inner().outer()",
    "a function": "outer(lambda: inner())",
    "a comprehension": "outer(x for x in inner())",
}


@pytest.mark.parametrize("source", HOLDING.values(), ids=HOLDING)
def test_what_stands_in_another_does_not_follow_it(source: str) -> None:
    index, (outer, inner) = found(source, "outer", "inner")
    assert index.holds(outer, inner)
    assert not index.holds(inner, outer)
    assert not index.follows(inner, outer)
    assert not index.follows(outer, inner)


def test_a_node_holds_itself_and_does_not_follow_itself() -> None:
    index, (call,) = found("call()", "call")
    assert index.holds(call, call)
    assert not index.follows(call, call)


def test_a_function_holds_its_decorators() -> None:
    index, (decorator,) = found("@decorate()\ndef f(): pass", "decorate")
    (function,) = index.tree.body
    assert index.holds(function, decorator)
    assert not index.follows(function, decorator)


def test_a_block_holds_none_but_its_own_statements() -> None:
    index, (own, other) = found("if x: own()\nelse: other()", "own", "other")
    (branch,) = index.tree.body
    assert isinstance(branch, ast.If)
    assert index.stands_in(branch.body, own)
    assert not index.stands_in(branch.body, other)
    assert not index.stands_in([], own)


def test_nodes_of_two_files_do_not_follow_each_other() -> None:
    index, (one,) = found("first()", "first")
    _, (other,) = found("x\nlater()", "later")
    assert not index.follows(other, one)
    assert not index.holds(index.tree, other)


@pytest.mark.parametrize(
    ("source", "exported"),
    [
        ("a = b = _c = 1", ["a", "b"]),
        ("__all__ = ['a', '_c']\na = b = _c = 1", ["a", "_c"]),
        ("__all__ = ('b',)\na = b = _c = 1", ["b"]),
        ("__all__ = [a, 'b']\na = b = _c = 1", ["b"]),
        ("__all__ = []\na = b = _c = 1", []),
        ("__all__ = names\na = b = _c = 1", ["a", "b"]),
        ("__all__ = ['a']\n__all__ = ['b']\na = b = _c = 1", ["a", "b"]),
    ],
)
def test_what_a_star_import_brings(source: str, exported: list[str]) -> None:
    index, _ = found(source)
    assert [name for name in ("a", "b", "_c") if index.exports(name)] == exported


def test_what_belongs_to_a_statement() -> None:
    index, (call,) = found("a = b(c, d=e)\nf()\n", "b")
    assert index.statement(index.tree) is None
    assert index.statement(call) is index.statement(call.args[0]) is index.tree.body[0]

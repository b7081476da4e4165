"""What tests ask: which of several texts gets through (`if timeframe.endswith("m")`), and whether nothing was given."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import names_in
from bybit_lint.analysis.syntax.nodes import walk

ASKING = {"startswith", "endswith", "isdigit", "isnumeric", "isalpha", "lower", "upper", "strip"}


def are_sorted_out(names: ModuleIndex, values: Sequence[ast.expr]) -> bool:
    """True if a function asks what text is in what it returns, before it returns one of several values."""
    return len(values) > 1 and is_asked(names, values, names_in(values))


def is_asked(names: ModuleIndex, nodes: Iterable[ast.AST], asked: set[str]) -> bool:
    """True if a node stands in a branch that depends on the text in one of some names."""
    tests = {around.test for node in nodes for around in names.ancestors(node) if isinstance(around, ast.If)}
    return any(asks_text(test, asked) for test in tests)


def asks_text(test: ast.expr, asked: set[str]) -> bool:
    """True if a test asks what text is in one of some names: `x == "1d"`, `x in KNOWN`, `x.endswith("m")`."""
    for node in walk(test):
        match node:
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                is_text = isinstance(op, (ast.In, ast.NotIn)) or _is_text(left) or _is_text(right)
                if is_text and asked & names_in([left, right]):
                    return True
            case ast.Call(func=ast.Attribute(value=base, attr=method)) if method in ASKING and asked & names_in([base]):
                return True
    return False


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def asks_for_nothing(test: ast.expr) -> bool:
    """True for `not name` and `name is None`: a call has given the name nothing, a connection is over."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name()):
            return True
        case ast.Compare(left=ast.Name(), ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            return True
    return False


def asks_for_something(test: ast.expr) -> bool:
    """True for `name` and `name is not None`, be it before more is asked of it."""
    match test:
        case ast.Name():
            return True
        case ast.Compare(left=ast.Name(), ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return True
        case ast.BoolOp(op=ast.And(), values=[first, *_]):
            return asks_for_something(first)
    return False


def tests(function: ast.AST) -> Iterator[ast.expr]:
    """What a function asks, at any place."""
    for node in walk(function):
        match node:
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) | ast.Assert(test=test):
                yield test
            case ast.Match(subject=subject):
                yield subject
            case ast.comprehension(ifs=ifs):
                yield from ifs
            case ast.BoolOp(values=[*values, _]):
                yield from values

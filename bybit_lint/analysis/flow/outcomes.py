"""What a function gives for something that it has read, if that says that there is nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from bybit_lint.analysis.flow.emptiness import Arrival, arrivals, is_empty, is_yes, leaves_before, value_tests
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.jumps import following, own
from bybit_lint.analysis.syntax.nodes import called_name

Outcome: TypeAlias = ast.Constant | ast.Tuple
"""A literal, or several of which the first says yes or no: `(False, "held")`."""
YES_OR_NO = ("any", "bool")
COUNTS = ("len", "sum")


def outcomes(module: Module, node: ast.expr, value: ast.expr) -> Iterator[Outcome]:
    """The literals that the function around a value gives for it, if it says the contrary of something."""
    tests = [*value_tests(module, node, value)]
    for arrival in arrivals(module, node, value):
        if isinstance(arrival.taker, ast.Return):
            yield from _made(arrival)
    blocks = [test.branch for test in tests if test.is_decided and isinstance(test.node, ast.If)]
    for block in (*blocks, *_behind_loops(module, node, value)):
        match block:
            case [*_, ast.Return(value=ast.expr() as given) as end] if (says := _says(given)) is not None:
                others = (n for n in own(_body(module, node)) if isinstance(n, ast.Return) and n is not end)
                is_contrary = any(_says(other.value) is not says for other in others if other.value is not None)
                if is_contrary and not any(leaves_before(module, test, end) for test in tests):
                    assert isinstance(given, (ast.Constant, ast.Tuple))
                    yield given


def _body(module: Module, node: ast.expr) -> list[ast.stmt]:
    """The statements of the function around a node."""
    function = module.names.scope(node).function.node
    return function.body if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) else []


def _behind_loops(module: Module, node: ast.expr, value: ast.expr) -> Iterator[Sequence[ast.AST]]:
    """What is done behind the loops over a value that leave the function where they find something."""
    for arrival in arrivals(module, node, value):
        loop = arrival.taker
        if isinstance(loop, (ast.For, ast.AsyncFor)) and any(isinstance(n, ast.Return) for n in own(loop.body)):
            yield loop.orelse or following(module.names.parents[loop], loop)


def _made(arrival: Arrival) -> Iterator[ast.Constant]:
    """What is made of a value and returned: yes or no, or how many there are."""
    known = arrival.known
    match arrival.node:
        case ast.Compare() | ast.UnaryOp(op=ast.Not()) if known.truth is not None and known.is_decided:
            yield ast.Constant(known.truth)
        case ast.Call(func=ast.Name() as called) if called_name(called) in YES_OR_NO and not known.truth:
            yield ast.Constant(False)
        case ast.Call(func=ast.Name() as called) if called_name(called) in COUNTS and not known.truth:
            yield ast.Constant(0)
        case ast.Call(func=ast.Name(id="next")) if isinstance(known.value, ast.Constant):
            yield known.value


def _says(value: ast.expr | None) -> bool | None:
    """Whether a literal, or the first of several, says yes or no; None for what is something else."""
    first = value.elts[0] if isinstance(value, ast.Tuple) and value.elts else value
    if is_yes(first):
        return True
    return False if isinstance(first, ast.Constant) and is_empty(first) else None

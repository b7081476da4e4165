"""Where a block is left, and by what."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from bybit_lint.analysis.syntax.nodes import FUNCTIONS, children, walk

LoopNode: TypeAlias = ast.For | ast.AsyncFor | ast.While

BLOCKS = ("body", "orelse", "finalbody")
JUMPS = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def ends_in_jump(block: Sequence[ast.AST]) -> bool:
    """True if the end of a block is never passed."""
    if not block:
        return False
    last = block[-1]
    if isinstance(last, ast.If):
        return bool(last.orelse) and ends_in_jump(last.body) and ends_in_jump(last.orelse)
    if isinstance(last, (ast.With, ast.AsyncWith)):
        return ends_in_jump(last.body)
    return isinstance(last, JUMPS)


def exits(block: Iterable[ast.stmt], *, in_loop: bool = False) -> Iterator[ast.stmt]:
    """The statements by which a block leaves the loop it stands in when nothing was raised."""
    for statement in block:
        if isinstance(statement, ast.Return) or (isinstance(statement, ast.Break) and not in_loop):
            yield statement
        if not isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
            inner = in_loop or isinstance(statement, LoopNode)
            for name in BLOCKS:
                yield from exits(getattr(statement, name, ()), in_loop=inner)


def always_exits(block: Sequence[ast.AST]) -> bool:
    """True if the end of a block leaves the loop around it."""
    if not block:
        return False
    last = block[-1]
    if isinstance(last, ast.If):
        return always_exits(last.body) and always_exits(last.orelse)
    if isinstance(last, (ast.With, ast.AsyncWith)):
        return always_exits(last.body)
    return isinstance(last, (ast.Return, ast.Raise, ast.Break))


def block_of(around: ast.AST, statement: ast.AST) -> list[ast.stmt]:
    """The block of a node that a statement stands in; empty if there is none."""
    blocks = (getattr(around, name, ()) for name in BLOCKS)
    return next((block for block in blocks if isinstance(block, list) and statement in block), [])


def preceding(around: ast.AST, statement: ast.AST) -> list[ast.stmt]:
    """The statements that come before one of those in a block of a node."""
    block = block_of(around, statement)
    return block[: block.index(statement)] if isinstance(statement, ast.stmt) and block else []


def following(around: ast.AST, statement: ast.AST) -> list[ast.stmt]:
    """The statements that come after one of those in a block of a node."""
    block = block_of(around, statement)
    return block[block.index(statement) + 1 :] if isinstance(statement, ast.stmt) and block else []


def names_in(nodes: Iterable[ast.AST], context: type[ast.expr_context] = ast.expr_context) -> set[str]:
    """The names that are read or bound in some code."""
    return {n.id for node in nodes for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, context)}


def may_leave(branch: ast.stmt) -> bool:
    """True if something in a statement may leave what stands around it, or go round."""
    return any(isinstance(node, (ast.Return, ast.Raise, ast.Break, ast.Continue)) for node in own([branch]))


def own(block: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a block, without those of functions in it."""
    stack: list[ast.AST] = [*block]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, FUNCTIONS):
            stack.extend(children(node))

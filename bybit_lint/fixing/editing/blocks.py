"""The blocks of statements around a place, and what has run there by the time it is reached."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator
from itertools import takewhile

from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.lines import first_line

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The blocks that a node opens: its body, its `else`, its handlers."""
    for _, value in ast.iter_fields(node):
        items = value if isinstance(value, list) else []
        if any(isinstance(item, ast.stmt) for item in items):
            yield items
        for item in items:
            if isinstance(item, (ast.ExceptHandler, ast.match_case)):
                yield item.body


def around(source: Source, offset: int) -> list[ast.stmt]:
    """The statements that hold a place, the outermost first."""
    found: list[ast.stmt] = []
    node: ast.stmt | None = None
    while node := next(filter(None, (holding(source, block, offset) for block in blocks(node or source.tree))), None):
        found.append(node)
    return found


def holding(source: Source, block: list[ast.stmt], offset: int) -> ast.stmt | None:
    """The statement of a block that holds a place; a block may have thousands."""
    index = bisect_right(block, offset, key=lambda node: start(source, node)) - 1
    return block[index] if index >= 0 and offset < source.span(block[index]).end else None


def start(source: Source, node: ast.stmt) -> int:
    """Where a statement begins, its decorators included, which stand in the same column."""
    return source.offset(first_line(node), node.col_offset)


def scope(source: Source, offset: int) -> ast.stmt | ast.Module:
    """The innermost function that holds a place, or the module."""
    functions = [node for node in around(source, offset) if isinstance(node, FUNCTIONS)]
    return functions[-1] if functions else source.tree


def block_of(source: Source, statement: ast.stmt) -> list[ast.stmt]:
    """The block that a statement stands in."""
    nodes = [source.tree, *around(source, source.span(statement).start)]
    return next(block for node in nodes for block in blocks(node) if statement in block)


def done(source: Source, offset: int, kinds: tuple[type[ast.stmt], ...] = (ast.stmt,)) -> Iterator[ast.stmt]:
    """The statements of some kinds that have certainly run when a place is reached.

    Only those of which its scope sees what they bind.
    """
    for node in [source.tree, *around(source, offset)]:
        for block in blocks(node):
            if not isinstance(node, ast.ClassDef) and holding(source, block, offset):
                before = (child for child in block if isinstance(child, kinds))
                yield from takewhile(lambda child: source.span(child).end <= offset, before)

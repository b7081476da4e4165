"""The blocks of statements around a place, and what has run there by the time it is reached."""

from __future__ import annotations

import ast
from collections.abc import Iterator

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
    while node := next((child for child in _children(node or source.tree) if _holds(source, child, offset)), None):
        found.append(node)
    return found


def scope(source: Source, offset: int) -> ast.stmt | ast.Module:
    """The innermost function that holds a place, or the module."""
    functions = [node for node in around(source, offset) if isinstance(node, FUNCTIONS)]
    return functions[-1] if functions else source.tree


def block_of(source: Source, statement: ast.stmt) -> list[ast.stmt]:
    """The block that a statement stands in."""
    nodes = [source.tree, *around(source, source.span(statement).start)]
    return next(block for node in nodes for block in blocks(node) if statement in block)


def done(source: Source, offset: int) -> Iterator[ast.stmt]:
    """The statements that have certainly run when a place is reached, as far as its scope sees what they bind."""
    for node in [source.tree, *around(source, offset)]:
        for block in blocks(node):
            if not isinstance(node, ast.ClassDef) and any(_holds(source, child, offset) for child in block):
                yield from (child for child in block if source.span(child).end <= offset)


def _children(node: ast.AST) -> Iterator[ast.stmt]:
    for block in blocks(node):
        yield from block


def _holds(source: Source, node: ast.stmt, offset: int) -> bool:
    return source.offset(first_line(node), node.col_offset) <= offset < source.span(node).end

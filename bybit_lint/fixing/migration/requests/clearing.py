"""Edits that take out what signed requests before V5: statements, entries, functions, what stood around parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.editing.lines import line_end, newline
from bybit_lint.fixing.editing.statements import without
from bybit_lint.fixing.migration.arguments.entries import place
from bybit_lint.fixing.migration.steps import Undecided

NAMELESS = "what it sends has no name: give it one first"


def out(source: Source, statement: ast.stmt) -> Edit:
    """Take a statement out, and leave the comments that stand in it."""
    start, end = place(source, statement)
    found = [at for at in sorted(source.comments.values()) if start <= at < end]
    if not found:
        return without(source, statement)
    indent = newline(source) + " " * statement.col_offset
    return Edit(start, end, indent.join(source.body[at : line_end(source, at)].decode() for at in found))


def stripped(source: Source, outer: ast.expr, left: ast.expr) -> Iterator[Edit]:
    """What is left of an expression, in its place."""
    start, end = place(source, outer)
    first, last = place(source, left)
    if start <= first and last <= end:
        yield Edit(start, first, "")
        yield Edit(last, end, "")
    elif isinstance(left, ast.Name):
        yield Edit(start, end, left.id)
    else:
        raise Undecided(NAMELESS)


def without_query(source: Source, address: ast.expr) -> Iterator[Edit]:
    """An address without the question mark and what stands behind it."""
    start, end = place(source, address)
    match address:
        case ast.JoinedStr():
            written = source.body[start:end]
            at = written.rfind(b"?{")
            if at < 0 or written.count(written[-1:]) != 2 or written[-2:-1] != b"}":
                raise Undecided(NAMELESS)
            yield Edit(start + at, end - 1, "")
        case ast.BinOp(left=ast.BinOp(left=left, right=ast.Constant(value="?"))):
            yield Edit(place(source, left)[1], end, "")
        case ast.BinOp(left=ast.Constant() | ast.BinOp(right=ast.Constant()) as left):
            last = place(source, left)[1]
            if source.body[last - 2 : last - 1] != b"?":
                raise Undecided(NAMELESS)
            yield Edit(last - 2, last - 1, "")
            yield Edit(last, end, "")
        case _:
            raise Undecided(NAMELESS)


def items_of(source: Source, group: ast.AST) -> Iterator[tuple[int, int]]:
    """Where the items of a call or a dict stand, with the stars before them."""
    match group:
        case ast.Call(args=args, keywords=keywords):
            yield from (place(source, node) for node in (*args, *keywords))
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                start, end = place(source, value)
                yield (place(source, key)[0] if key else source.body.rindex(b"**", 0, start)), end


def with_blanks(source: Source, edit: Edit) -> Edit:
    """The edit that takes something out, with the blank lines behind it."""
    rest = source.body[edit.end :]
    blank = len(rest) - len(rest.lstrip(b"\r\n"))
    return edit._replace(end=edit.end + blank)

"""The lines of one file, and how a statement gets a line of its own among them."""

from __future__ import annotations

import ast
import re

from bybit_lint.editing.edits import Edit, Refused
from bybit_lint.source import LINE_END, Source

AT_MOST_A_COMMENT = re.compile(rb"[ \t\f;]*(#.*)?")


def newline(source: Source) -> str:
    """The line end that the file uses: its first one."""
    found = LINE_END.search(source.body)
    return found.group().decode() if found else "\n"


def line_end(source: Source, offset: int) -> int:
    """Where the line that holds `offset` ends, before its line end."""
    found = LINE_END.search(source.body, offset)
    return found.start() if found else len(source.body)


def first_line(node: ast.expr | ast.stmt) -> int:
    """The line a node begins on, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def above_comments(source: Source, line: int) -> int:
    """The line where the comment lines directly above `line` begin, or `line` itself."""
    while line > 1 and source.lines[line - 2].lstrip().startswith("#"):
        line -= 1
    return line


def into_block(source: Source, statement: ast.stmt, text: str) -> Edit:
    """Put a statement first into the block that another opens, above the comments of the one that was first."""
    block: list[ast.stmt] = getattr(statement, "body", [])
    if not block:
        raise Refused("the statement opens no block")
    blanks = _indentation(source, block[0])
    place = source.line_starts[above_comments(source, first_line(block[0])) - 1]
    return Edit(place, place, blanks + text + newline(source))


def behind(source: Source, statement: ast.stmt, text: str) -> Edit:
    """Put a statement on the line after another, in the same block."""
    blanks = _indentation(source, statement)
    end = source.span(statement).end
    place = line_end(source, end)
    if not AT_MOST_A_COMMENT.fullmatch(source.body, end, place):
        raise Refused("other code stands behind the statement, on its line")
    return Edit(place, place, newline(source) + blanks + text)


def _indentation(source: Source, statement: ast.stmt) -> str:
    start = source.line_starts[statement.lineno - 1]
    blanks = source.body[start : source.span(statement).start]
    if blanks.strip(b" \t\f") or source.body[:start].rstrip(b"\r\n").endswith(b"\\"):
        raise Refused("other code stands before the statement, on its line")
    return blanks.decode()

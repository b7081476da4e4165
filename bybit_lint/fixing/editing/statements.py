"""How a statement gets a line of its own among the others of a file, and how it goes."""

from __future__ import annotations

import ast
import re

from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.blocks import block_of
from bybit_lint.fixing.editing.edits import Edit, Refused
from bybit_lint.fixing.editing.lines import above_comments, first_line, line_end, newline
from bybit_lint.patterns import regex

BLANKS = rb"(?:[ \t\f]|\\(?:\r\n|\r|\n))*"
SEMICOLON = regex(BLANKS + rb";" + BLANKS)
NOTHING = regex(rb"[ \t\f;]*")
DIRECTIVE = regex(rb"#\s*(?:type:|noqa|nosec|nosemgrep|fmt:|isort:|[a-z-]+:\s*[a-z-]+)", re.IGNORECASE)
"""A comment that tells a tool something of its line."""
BEFORE = regex(rb"[ \t\f]*[^#]{1,200}[:;][ \t\f]*")
"""What may stand before a statement on its line."""
TRIPLE = (b'"""', b"'''")
AT_MOST_A_COMMENT = regex(rb"[ \t\f;]*(#.*)?")


def into_block(source: Source, statement: ast.stmt, text: str) -> Edit:
    """Put a statement first into the block that another opens, above the comments of the one that was first."""
    block: list[ast.stmt] = getattr(statement, "body", [])
    if not block:
        raise Refused("the statement opens no block")
    return before(source, block[0], text)


def before(source: Source, statement: ast.stmt, text: str) -> Edit:
    """Put a statement on the line before another, above its comments and decorators."""
    blanks = _indentation(source, statement)
    place = source.line_starts[above_comments(source, first_line(statement)) - 1]
    return Edit(place, place, blanks + text + newline(source))


def above(source: Source, statement: ast.stmt, comment: str) -> Edit:
    """Put a comment above the line that a statement begins on, be other code before it there: `try: ask()`."""
    start = source.line_starts[statement.lineno - 1]
    head = source.body[start : source.span(statement).start]
    is_in_a_text = any(quotes in head for quotes in TRIPLE) or source.body[:start].rstrip(b"\r\n").endswith(b"\\")
    if is_in_a_text or not BEFORE.fullmatch(head):
        return before(source, statement, comment)
    blanks = head[: len(head) - len(head.lstrip())].decode()
    return Edit(start, start, blanks + comment + newline(source))


def behind(source: Source, statement: ast.stmt, text: str) -> Edit:
    """Put a statement on the line after another, in the same block."""
    blanks = _indentation(source, statement)
    end = source.span(statement).end
    place = line_end(source, end)
    if not AT_MOST_A_COMMENT.fullmatch(source.body, end, place):
        raise Refused("other code stands behind the statement, on its line")
    return Edit(place, place, newline(source) + blanks + text)


def without(source: Source, statement: ast.stmt) -> Edit:
    """Take a statement out, with its line if it has one of its own, or with all of it but a comment.

    `pass` stands in for it in a block of one.
    """
    start, end = source.offset(first_line(statement), statement.col_offset), source.span(statement).end
    if any(start <= comment < end for comment in source.comments.values()):
        raise Refused("a comment stands in the statement")
    block = block_of(source, statement)
    index = block.index(statement)
    left, right = (source.span(other) for other in (block[index - 1], block[(index + 1) % len(block)]))
    if len(block) == 1 and block is not source.tree.body:
        return Edit(start, end, "pass")
    if SEMICOLON.fullmatch(source.body, end, right.start):
        return Edit(start, right.start, "")
    if SEMICOLON.fullmatch(source.body, left.end, start):
        return Edit(left.end, end, "")
    return _without_line(source, statement)


def _without_line(source: Source, statement: ast.stmt) -> Edit:
    _indentation(source, statement)  # refuses what shares its line
    start, end = source.offset(first_line(statement), statement.col_offset), source.span(statement).end
    rest = AT_MOST_A_COMMENT.fullmatch(source.body, end, line_end(source, end))
    if rest and rest[1] and not DIRECTIVE.match(rest[1]):
        return Edit(start, rest.start(1), "")
    if not NOTHING.fullmatch(source.body, end, line_end(source, end)):
        raise Refused("a comment stands behind the statement")
    starts = [*source.line_starts, len(source.body)]
    return Edit(starts[first_line(statement) - 1], starts[statement.end_lineno or statement.lineno], "")


def _indentation(source: Source, statement: ast.stmt) -> str:
    start = source.line_starts[statement.lineno - 1]
    blanks = source.body[start : source.span(statement).start]
    if blanks.strip(b" \t\f") or source.body[:start].rstrip(b"\r\n").endswith(b"\\"):
        raise Refused("other code stands before the statement, on its line")
    return blanks.decode()

"""The lines of one file."""

from __future__ import annotations

import ast

from bybit_lint.analysis.source import LINE_END, Source


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
    while stands_alone(source, line - 1):
        line -= 1
    return line


def stands_alone(source: Source, line: int) -> bool:
    """True for a line with nothing but a comment."""
    start = source.comments.get(line)
    return start is not None and not source.body[source.line_starts[line - 1] : start].strip()

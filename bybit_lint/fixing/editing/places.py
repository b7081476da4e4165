"""The places of one file: which node stands there, and what can be put there instead."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable
from typing import TypeVar

from bybit_lint.analysis.compact import compact
from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.blocks import holding
from bybit_lint.fixing.editing.edits import Edit, Refused
from bybit_lint.fixing.editing.lines import first_line
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Span

NodeT = TypeVar("NodeT", ast.expr, ast.stmt, ast.Call)
TWO_WORD_BYTES = regex(rb"[\w\x80-\xff]{2}")
QUOTES = regex("\"\"\"|'''|\"|'")


class Places:
    """The nodes of one file by where they stand."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def find(self, span: Span, kind: type[NodeT]) -> NodeT:
        """The node of a kind that fills the span, the outermost if there are several. Raises Refused without one."""
        path = self._path(self.source.tree, (span.start, span.end), kind)
        if path and isinstance(path[-1], kind):
            return path[-1]
        raise Refused("what is to be changed was not found in its place")

    def above(self, node: ast.expr) -> list[ast.AST]:
        """What holds an expression, the innermost first."""
        return self._path(self.source.tree, self._range(node), ast.expr)[-2::-1]

    def text(self, node: ast.expr) -> str:
        """The source text of an expression. Raises Refused if Python is wrong about its place, or it needs its place.

        Python before 3.12 misplaces expressions in f-strings of several lines.
        """
        text = self.source.text(node)
        if shape(text) != ast.dump(node):
            raise Refused("the expression cannot be taken out of its place")
        return text

    def replace(self, node: ast.expr, text: str) -> Edit:
        """The edit that puts an expression in the place of another, in parentheses if it needs them there."""
        self._check_quotes(node, text)
        body, (start, end), (first, last) = self.source.body, self._range(node), self._range(self._around(node)[0])
        left = " " if TWO_WORD_BYTES.fullmatch(body[start - 1 : start] + text.encode()[:1]) else ""
        right = " " if TWO_WORD_BYTES.fullmatch(text.encode()[-1:] + body[end : end + 1]) else ""
        return Edit(start, end, fit(body[first:start].decode(), left + text + right, body[end:last].decode()))

    def _check_quotes(self, node: ast.expr, text: str) -> None:
        """Refuse what only Python 3.12 and newer read, because the bot may run on an older one."""
        for around in self._around(node):
            found = QUOTES.search(self.source.text(around)) if isinstance(around, ast.JoinedStr) else None
            if found and found.group() in text and found.group() not in self.source.text(node):
                raise Refused("the expression stands in an f-string with the same quotes")

    # --- the tree -----------------------------------------------------------------------------------------------------

    def _range(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.source.offset(node.lineno, node.col_offset), self.source.offset(end_line, end_column)

    def _path(self, top: ast.AST, place: tuple[int, int], kind: type[ast.AST]) -> list[ast.AST]:
        """The nodes from below `top` to the first of a kind that fills the place; empty if none does."""
        for node in self._children(top, place[0]):
            if isinstance(node, (ast.expr, ast.stmt)):
                if isinstance(node, kind) and self._range(node) == place:
                    return [node]
                if place[0] < self.source.offset(first_line(node), 0) or self._range(node)[1] < place[1]:
                    continue
            if path := self._path(node, place, kind):
                return [node, *path]
        return []

    def _children(self, top: ast.AST, offset: int) -> Iterable[ast.AST]:
        """What is below a node and may hold a place: of a file one statement, and it may have thousands."""
        if isinstance(top, ast.Module):
            found = holding(self.source, top.body, offset)
            return [found] if found else []
        return ast.iter_child_nodes(top)

    def _around(self, node: ast.expr) -> list[ast.expr]:
        """The expressions that hold a node, the outermost first, and the node itself."""
        path = self._path(self.source.tree, self._range(node), ast.expr)
        return [above for above in path if isinstance(above, ast.expr)]


def shape(code: str) -> str | None:
    """What Python reads in an expression, or None if it is none. It may go over several lines."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the bot's own code, such as "\d"
            return ast.dump(compact(ast.parse(f"({code})", mode="eval")).body)
    except (SyntaxError, ValueError):  # a number of more digits than Python writes out
        return None


def fit(before: str, text: str, after: str) -> str:
    """The text, in parentheses if it would not be one expression between `before` and `after` without them."""
    safe = shape(f"{before}({text}){after}")
    if safe is None:
        raise Refused("the result would not parse")
    return text if shape(before + text + after) == safe else f"({text.strip()})"

"""The places of one file: which node stands there, and what can be put there instead."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

from bybit_lint.editing.edits import Edit, Refused
from bybit_lint.source import Source
from bybit_lint.vocabulary import Span

NodeT = TypeVar("NodeT", ast.expr, ast.stmt, ast.Call)
TWO_WORD_BYTES = re.compile(rb"[\w\x80-\xff]{2}")
QUOTE = re.compile("['\"]")


class Places:
    """The nodes of one file by where they stand."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def find(self, span: Span, kind: type[NodeT]) -> NodeT:
        """The node of a kind that fills the span, the outermost if there are several. Raises Refused without one."""
        for node in self._nodes[span.start, span.end]:
            if isinstance(node, kind):
                return node
        raise Refused("what is to be changed was not found in its place")

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
        body, (start, end), (first, last) = self.source.body, self._range(node), self._range(self._outermost(node))
        left = " " if TWO_WORD_BYTES.fullmatch(body[max(start - 1, 0) : start] + text[:1].encode()) else ""
        right = " " if TWO_WORD_BYTES.fullmatch(text[-1:].encode()[-1:] + body[end : end + 1]) else ""
        return Edit(start, end, fit(body[first:start].decode(), left + text + right, body[end:last].decode()))

    def _check_quotes(self, node: ast.expr, text: str) -> None:
        """Refuse what only Python 3.12 and newer read, because the bot may run on an older one."""
        new = set(QUOTE.findall(text)) - set(QUOTE.findall(self.source.text(node)))
        for around in self._around(node):
            if isinstance(around, ast.JoinedStr) and QUOTE.findall(self.source.text(around))[0] in new:
                raise Refused("the expression stands in an f-string with the same quotes")

    # --- the tree -----------------------------------------------------------------------------------------------------

    def _range(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.source.offset(node.lineno, node.col_offset), self.source.offset(end_line, end_column)

    @cached_property
    def _nodes(self) -> defaultdict[tuple[int, int], list[ast.AST]]:
        nodes: defaultdict[tuple[int, int], list[ast.AST]] = defaultdict(list)
        for node in self._parents:
            if isinstance(node, (ast.expr, ast.stmt)):
                nodes[self._range(node)].append(node)
        return nodes

    @cached_property
    def _parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self.source.tree) for child in ast.iter_child_nodes(node)}

    def _around(self, node: ast.AST) -> Iterator[ast.AST]:
        """What encloses a node within its statement, from the inside out."""
        while not isinstance(node := self._parents[node], ast.stmt):
            yield node

    def _outermost(self, node: ast.expr) -> ast.expr:
        return [node, *(around for around in self._around(node) if isinstance(around, ast.expr))][-1]


def shape(code: str) -> str | None:
    """What Python reads in an expression, or None if it is none. It may go over several lines."""
    try:
        return ast.dump(ast.parse(f"({code})", mode="eval").body)
    except SyntaxError:
        return None


def fit(before: str, text: str, after: str) -> str:
    """The text, in parentheses if it would not be one expression between `before` and `after` without them."""
    safe = shape(f"{before}({text}){after}")
    if safe is None:
        raise Refused("the result would not parse")
    return text if shape(before + text + after) == safe else f"({text.strip()})"

"""New code inside of f-strings: in quotes that end none of them, which Python reads there since 3.12 only."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.arguments.entries import place
from bybit_lint.patterns import regex

OPENING = regex(rb"(?:\b|(?<=[\"']))(?:[fF][rR]?|[rR][fF])(\"\"\"|'''|\"|')")
OTHER = {'"': "'", "'": '"'}


def requoted(source: Source, edits: Iterable[Edit]) -> Iterator[Edit]:
    """The same edits; what they put into an f-string has the other quotes where its own would end it."""
    texts = [place(source, node) for node in ast.walk(source.tree) if isinstance(node, ast.JoinedStr)]
    for edit in edits:
        start = max((start for start, end in texts if start < edit.start and edit.end < end), default=None)
        opened = [*OPENING.finditer(source.body, start, edit.start)] if start is not None else []
        quote = opened[-1][1].decode() if opened else ""
        other = OTHER.get(quote)
        is_in_the_way = other is not None and quote in edit.text and other not in edit.text
        yield edit._replace(text=edit.text.replace(quote, other or "")) if is_in_the_way else edit

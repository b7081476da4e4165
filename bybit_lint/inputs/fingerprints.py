"""By what a finding is known again when the code around it has changed: its rule, function and statement.

A statement goes by a digest of its code without comments, layout, parentheses and kinds of quotes, the same on every
Python, with its keys masked before: nothing of it can be got back, and a changed key is no other statement.
"""

from __future__ import annotations

import ast
import os
import tokenize
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256

from bybit_lint import redaction
from bybit_lint.analysis.source import Source, Unreadable, once_per_source
from bybit_lint.inputs import files
from bybit_lint.patterns import regex
from bybit_lint.redaction.shapes import hide
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Finding

LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
MASK = regex(r"\*+")
PARENTHESES = regex(r"[()]")
LAST_COMMA = regex(r",(?=[)\]}])")


class Fingerprint(NamedTuple):
    """What a finding is known by. `path` has forward slashes, and counts from the folder of whoever remembers it."""

    rule: str
    path: str
    function: str
    """`Bot.buy`; empty outside of all functions and classes."""
    code: str
    """The digest of the statement, or of its head if it opens a block: `sha256:` and sixteen digits."""


class Statement(NamedTuple):
    """The code of one logical line, from its first line to its last."""

    line: int
    end_line: int
    function: str
    code: str


def fingerprint_of(finding: Finding, source: Source, folder: str) -> Fingerprint:
    """What a finding in a source is known by below a folder."""
    line, known = finding.span.line, statements(source)
    place = bisect_right(known, line, key=lambda statement: statement.line) - 1
    if place >= 0 and line <= known[place].end_line:
        found = known[place]
    else:  # a comment that stands alone
        found = Statement(line, line, _function(source, finding.span.start), _digest(source, [source.lines[line - 1]]))
    return Fingerprint(finding.code, below(folder, source.path), found.function, found.code)


def below(folder: str, path: str) -> str:
    """A path as it is seen from a folder, with forward slashes."""
    try:
        seen = os.path.relpath(files.absolute(path), folder)
    except ValueError:  # on another drive
        seen = files.absolute(path)
    return seen.replace(os.sep, "/")


def occurrences(source: Source) -> Counter[tuple[str, str]]:
    """How often each statement of a source is there, by function and digest."""
    return Counter((statement.function, statement.code) for statement in statements(source))


@once_per_source
def statements(source: Source) -> list[Statement]:
    """The statements of a source in their order; of a manifest, and of code that cannot be read, its lines."""
    try:
        if source.is_code:
            return list(_logical_lines(source))
    except (Unreadable, SyntaxError, tokenize.TokenError):
        pass
    try:
        return [Statement(row, row, "", _digest(source, [line])) for row, line in enumerate(source.lines, start=1)]
    except Unreadable:
        return []


def _logical_lines(source: Source) -> Iterator[Statement]:
    rows: list[int] = []
    start = 0
    comments: dict[int, int] = {}
    for token in source.tokens():
        row, column = token.start
        if token.type == tokenize.COMMENT:
            comments[row] = column
        elif token.type not in LAYOUT:
            start = start if rows else source.offset(row, len(source.lines[row - 1][:column].encode()))
            rows += [row, token.end[0]]
        if token.type in (tokenize.NEWLINE, tokenize.ENDMARKER) and rows:
            lines = [source.lines[row - 1][: comments.get(row)] for row in range(rows[0], rows[-1] + 1)]
            yield Statement(rows[0], rows[-1], _function(source, start), _digest(source, lines))
            rows = []


def _digest(source: Source, lines: Sequence[str]) -> str:
    written = "\n".join(line.rstrip().removesuffix("\\") for line in lines)
    for key in _keys(source):
        written = written.replace(key, "*")
    bare = "".join(MASK.sub("*", hide(written)).split()).replace("'", '"')
    bare = PARENTHESES.sub("", LAST_COMMA.sub("", bare))  # formatters put them around what they break into lines
    return f"sha256:{sha256(bare.encode()).hexdigest()[:16]}"


@once_per_source
def _keys(source: Source) -> list[str]:
    """The keys in a source, the longest first."""
    return sorted(filter(None, redaction.keys(source).hidden), key=lambda key: (-len(key), key))


# --- functions --------------------------------------------------------------------------------------------------------


def _function(source: Source, offset: int) -> str:
    """The dotted name of the function, or the class, around an offset."""
    scopes = _scopes(source)
    place = bisect_right(scopes, offset, key=lambda scope: scope[0]) - 1
    while place >= 0 and scopes[place][1] <= offset:
        place = scopes[place][3]
    return scopes[place][2] if place >= 0 else ""


@once_per_source
def _scopes(source: Source) -> list[tuple[int, int, str, int]]:
    """Start, end and dotted name of each function and class, in their order, and the number of the one around it."""
    found: list[tuple[int, int, str, int]] = []
    if source.is_code:
        _collect(source, source.tree, "", -1, found)
    return found


def _collect(source: Source, node: ast.AST, name: str, around: int, found: list[tuple[int, int, str, int]]) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            span, inner = source.span(child), f"{name}.{child.name}" if name else child.name
            found.append((span.start, span.end, inner, around))
            _collect(source, child, inner, len(found) - 1, found)
        elif not isinstance(child, ast.expr):
            _collect(source, child, name, around, found)

"""Whether a file still parses with edits in it, found out from no more of it than the statements that change."""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.blocks import start
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.editing.lines import first_line, line_end
from bybit_lint.tuples import NamedTuple


class _Stretch(NamedTuple):
    """The lines of one statement, from one offset to another, and by how much it is indented: in a class it is."""

    start: int
    end: int
    indent: int


def still_parses(source: Source, edits: Iterable[Edit]) -> bool:
    """True where the statements that the edits stand in prove it: each is one by itself, whatever is around it.

    False is no answer. The edits are in order, and none is in the way of another.
    """
    if source.notebook or not source.is_code or not source.is_utf8:
        return False
    parts: defaultdict[_Stretch, list[Edit]] = defaultdict(list)
    for edit in edits:
        stretch = _stretch(source, edit)
        if stretch is None:
            return False
        parts[stretch].append(edit)
    return all(_parses(source, stretch, some) for stretch, some in parts.items())


def _stretch(source: Source, edit: Edit) -> _Stretch | None:
    """The smallest statement of the file or of a class that holds an edit; None where its lines are not its own."""
    found, block = None, source.tree.body
    while True:
        index = bisect_right(block, edit.start, key=lambda node: start(source, node)) - 1
        if index < 0 or not _is_alone(source, block, index) or edit.end > _end(source, block[index]):
            return found
        node = block[index]
        found = _Stretch(source.offset(first_line(node), 0), _end(source, node), node.col_offset)
        if not isinstance(node, ast.ClassDef):
            return found
        block = node.body


def _end(source: Source, node: ast.stmt) -> int:
    return line_end(source, source.offset(node.end_lineno or node.lineno, 0))


def _is_alone(source: Source, block: Sequence[ast.stmt], index: int) -> bool:
    """Whether nothing else stands in the lines of a statement, nor goes on in them."""
    node, line = block[index], source.offset(first_line(block[index]), 0)
    above, before = source.body[max(0, line - 3) : line].rstrip(b"\r\n"), source.body[line : start(source, node)]
    is_followed = index + 1 < len(block) and first_line(block[index + 1]) <= (node.end_lineno or node.lineno)
    return not before.strip(b" \t") and not above.endswith(b"\\") and not is_followed


def _parses(source: Source, stretch: _Stretch, edits: Sequence[Edit]) -> bool:
    pieces, done = [b"if 1:\n"] if stretch.indent else [], stretch.start
    for edit in edits:
        pieces += [source.body[done : edit.start], edit.text.encode("utf-8", "surrogatepass")]
        done = edit.end
    text = b"".join([*pieces, source.body[done : stretch.end], b"\n"])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the bot's own code, such as "\d"
            found = ast.parse(text.decode()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    match found:
        case [ast.If(body=[first, *_])] if stretch.indent:
            return first.col_offset == stretch.indent
    return not stretch.indent

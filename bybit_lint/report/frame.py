"""The code frame: lines of a file with their numbers, and marks under what is spoken of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from bybit_lint.report import printable
from bybit_lint.report.columns import columns, folded
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Span

ROOM = 120
"""Columns of one line that are shown where nobody says how many there are, and at most."""
LEAST = 20
"""Columns that are shown however narrow the terminal is."""
TAB = "    "
CUT = "..."

Paint = Callable[[str, str], str]
"""Gives a text the look of a style: "error", "warning", "note", "frame" or "strong"."""


class Mark(NamedTuple):
    """A stretch of one line: its number from 1, its characters from 0, how it is underlined and what is said of it."""

    line: int
    start: int
    end: int
    sign: str
    style: str
    label: str = ""


def marks(span: Span, lines: Sequence[str], sign: str, style: str, label: str = "") -> list[Mark]:
    """One mark, or two for the first and the last of several lines; none if the file has no such lines."""
    start, end = span.column - 1, span.end_column - 1
    if span.end_line > len(lines):
        return []
    if span.line == span.end_line:
        return [Mark(span.line, start, end, sign, style, label)]
    last = lines[span.end_line - 1]
    indent = len(last) - len(last.lstrip())
    first = Mark(span.line, start, len(lines[span.line - 1]), sign, style)
    return [first, Mark(span.end_line, indent, end, sign, style, label)]


def frame(
    lines: Sequence[str], marked: Iterable[Mark], gutter: int, paint: Paint, width: int | None = None
) -> Iterator[str]:
    """The marked lines with a row of signs under each mark.

    `gutter` is the width of the line numbers, `width` that of the terminal, None where there is none.
    """
    room = None if width is None else max(LEAST, width - gutter - len(" | "))
    edge = paint(f"{'':{gutter}} |", "frame")
    last, last_part = 0, slice(0)
    yield edge
    for mark in sorted(marked):
        line = lines[mark.line - 1]
        part = slice(*window(line, mark, min(room or ROOM, ROOM)))
        if last and mark.line > last + 1:
            yield paint(CUT, "frame")
        if (mark.line, part) != (last, last_part):
            yield f"{paint(f'{mark.line:>{gutter}} |', 'frame')} {_excerpt(line, part)}".rstrip()
        yield from (f"{edge} {row}" for row in _underlines(line, part, mark, paint, room))
        last, last_part = mark.line, part
    yield edge


def window(line: str, mark: Mark, room: int = ROOM) -> tuple[int, int]:
    """What of a line is shown for a mark in so many columns: all of it, its beginning, or a part around the mark."""
    if _reach(line, room) == len(line):
        return 0, len(line)
    end = _reach(line, room - len(CUT))
    if mark.end <= end:
        return 0, end
    shown = room - 2 * len(CUT)
    marked = columns(_shown(line, slice(mark.start, min(mark.end, mark.start + shown))))
    before = line[max(0, mark.start - shown) : mark.start]
    start = mark.start - _reach(before[::-1], max(0, min(room // 3, shown - marked)))
    end = start + _reach(line[start:], shown + len(CUT))
    return start, end if end == len(line) else start + _reach(line[start:], shown)


def _reach(text: str, room: int) -> int:
    """How many characters of a text are shown in so many columns."""
    if text.isascii() and text.isprintable():
        return min(len(text), max(room, 0))
    reached = 0
    for index, char in enumerate(text):
        reached += len(TAB) if char == "\t" else columns(printable(char))
        if reached > room:
            return index
    return len(text)


def _excerpt(line: str, window: slice) -> str:
    before, after = CUT if window.start else "", CUT if window.stop < len(line) else ""
    return before + _shown(line, window) + after


def _shown(line: str, part: slice) -> str:
    """A part of a line as it is shown: tabs as spaces, nothing that a terminal acts upon."""
    return printable(line[part].replace("\t", TAB))


def _underlines(line: str, window: slice, mark: Mark, paint: Paint, room: int | None) -> Iterator[str]:
    """The signs and what is said of the mark, which stands below them where there is no room beside."""
    before = columns(_shown(line, slice(window.start, mark.start))) + (len(CUT) if window.start else 0)
    signs = mark.sign * max(1, columns(_shown(line, slice(mark.start, min(mark.end, window.stop)))))
    label = printable(mark.label)
    if room is None or not label or before + len(signs) + 1 + columns(label) <= room:
        yield " " * before + paint(f"{signs} {label}".rstrip(), mark.style)
        return
    yield " " * before + paint(signs, mark.style)
    indent = " " * max(0, min(before, room - columns(label)))
    yield from (indent + paint(row, mark.style) for row in folded(label, room, hang=0).split("\n"))

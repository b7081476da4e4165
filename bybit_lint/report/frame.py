"""The code frame: lines of a file with their numbers, and marks under what is spoken of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from bybit_lint.report import printable
from bybit_lint.vocabulary import Span

LIMIT = 120  # characters of one line that are shown
LEAD = 40  # characters shown before what is marked, where a line has to be cut
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


def frame(lines: Sequence[str], marked: Iterable[Mark], gutter: int, paint: Paint) -> Iterator[str]:
    """The marked lines with a row of signs under each mark. `gutter` is the width of the line numbers."""
    edge = paint(f"{'':{gutter}} |", "frame")
    last, last_part = 0, slice(0)
    yield edge
    for mark in sorted(marked):
        line = lines[mark.line - 1]
        part = slice(*window(len(line), mark))
        if last and mark.line > last + 1:
            yield paint(CUT, "frame")
        if (mark.line, part) != (last, last_part):
            yield f"{paint(f'{mark.line:>{gutter}} |', 'frame')} {_excerpt(line, part)}".rstrip()
        yield f"{edge} {_underline(line, part, mark, paint)}"
        last, last_part = mark.line, part
    yield edge


def window(length: int, mark: Mark) -> tuple[int, int]:
    """What of a line is shown for a mark: all of it, its beginning, or a part around the mark."""
    if length <= LIMIT or mark.end <= LIMIT:
        return 0, min(length, LIMIT)
    start = max(0, mark.start - LEAD)
    return start, min(length, start + LIMIT)


def _excerpt(line: str, window: slice) -> str:
    before, after = CUT if window.start else "", CUT if window.stop < len(line) else ""
    return before + _shown(line, window) + after


def _shown(line: str, part: slice) -> str:
    """A part of a line as it is shown: tabs as spaces, nothing that a terminal acts upon."""
    return printable(line[part].replace("\t", TAB))


def _underline(line: str, window: slice, mark: Mark, paint: Paint) -> str:
    before = _width(_shown(line, slice(window.start, mark.start))) + (len(CUT) if window.start else 0)
    signs = mark.sign * max(1, _width(_shown(line, slice(mark.start, min(mark.end, window.stop)))))
    return " " * before + paint(f"{signs} {printable(mark.label)}".rstrip(), mark.style)


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    import unicodedata  # few lines have other letters than ASCII

    if unicodedata.category(char) in ("Mn", "Me"):  # drawn over the character before
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1

"""What a fix changes, line by line, from its edits alone: a file may have thousands of findings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TypeAlias

from bybit_lint.report import Edit, Report
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Span

LINE_END = re.compile(r"\r\n|[\r\n]")
LONGEST, MOST = 2_000, 60
"""Characters and lines that are read of one hunk: what is larger is for `--diff`, and would fill the page."""

Row: TypeAlias = tuple[str, str, str]
"""A line's number where it is in the file today, its sign, and its text."""
Hunk: TypeAlias = list[Row]


class _Stretch(NamedTuple):
    """Edits that share lines, in their order, and the first and last of these lines, from 1."""

    first: int
    last: int
    edits: list[Edit]


def hunks(edits: Sequence[Edit], report: Report) -> list[Hunk] | None:
    """A hunk for each stretch of lines, with a line before and after it; None if it is too much, or has no place."""
    found = []
    for stretch in _stretches(sorted(edits)):
        lines = report.lines(stretch.edits[0].span.path)
        if stretch.last > len(lines) or stretch.last - stretch.first >= MOST:
            return None
        old = [*lines[stretch.first - 1 : stretch.last]]
        if sum(map(len, old)) + sum(len(edit.text) for edit in stretch.edits) > LONGEST:
            return None
        new = _edited(old, stretch)
        found.append([*_rows(lines, stretch.first, old, new)])
    return found


def _stretches(edits: Sequence[Edit]) -> Iterator[_Stretch]:
    stretch: _Stretch | None = None
    for edit in edits:
        span = edit.span
        if stretch and stretch.edits[0].span.path == span.path and span.line <= stretch.last:
            stretch = stretch._replace(last=max(stretch.last, span.end_line), edits=[*stretch.edits, edit])
            continue
        if stretch:
            yield stretch
        stretch = _Stretch(span.line, span.end_line, [edit])
    if stretch:
        yield stretch


def _edited(old: Sequence[str], stretch: _Stretch) -> list[str]:
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line) + 1)

    def offsets(span: Span) -> tuple[int, int]:
        return (
            starts[span.line - stretch.first] + span.column - 1,
            starts[span.end_line - stretch.first] + span.end_column - 1,
        )

    text = "\n".join(old)
    for edit in reversed(stretch.edits):
        start, end = offsets(edit.span)
        text = text[:start] + edit.text + text[end:]
    return LINE_END.split(text)


def _rows(lines: Sequence[str], first: int, old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    before = _same(old, new)
    after = _same([*reversed(old[before:])], [*reversed(new[before:])])
    start, end = first + before, first + len(old) - after
    yield from ((str(number), " ", lines[number - 1]) for number in (start - 1,) if number >= 1)
    yield from ((str(number), "-", lines[number - 1]) for number in range(start, end))
    yield from (("", "+", line) for line in new[before : len(new) - after])
    yield from ((str(number), " ", lines[number - 1]) for number in (end,) if number <= len(lines))


def _same(some: Sequence[str], others: Sequence[str]) -> int:
    """How many lines are the same at the beginning of both."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(some, others, strict=False)))

"""Code as the page shows it: the marked lines of a file, and the diff of a fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from bybit_lint.report.frame import CUT, Mark, window
from bybit_lint.report.html.diff import Hunk
from bybit_lint.report.html.markup import Markup, Tag


def frame(tag: Tag, lines: Sequence[str], marked: Iterable[Mark]) -> Markup:
    """The marked lines, each with what is said of it."""
    rows, last = [], 0
    placed = sorted((mark.line, window(lines[mark.line - 1], mark), mark) for mark in marked)
    for (number, part), found in groupby(placed, lambda item: item[:2]):
        if last and number > last + 1:
            rows.append(_row(tag, "", CUT, kind="gap"))
        on_line = [mark for *_, mark in found]
        labels = [tag("small", mark.label) for mark in on_line if mark.label]
        rows.append(_row(tag, str(number), *_code(tag, lines[number - 1], part, on_line), *labels))
        last = number
    return tag("pre", *rows)


def _code(tag: Tag, line: str, part: tuple[int, int], marks: Sequence[Mark]) -> Iterator[str]:
    """What is shown of a line, cut where a mark begins or ends."""
    first, last = part
    stretches = [(mark.start, max(mark.end, mark.start + 1), mark.style) for mark in marks]
    cuts = sorted({first, last, *(cut for start, end, _ in stretches for cut in (start, end) if first < cut < last)})
    if first:
        yield CUT
    for start, end in pairwise(cuts):
        over = {style for begin, stop, style in stretches if begin <= start and end <= stop}
        yield tag("mark", line[start:end], class_=" ".join(sorted(over))) if over else line[start:end]
    if last < len(line):
        yield CUT


def diff(tag: Tag, hunks: Iterable[Hunk]) -> Markup:
    """The hunks below each other."""
    rows: list[Markup] = []
    for hunk in hunks:
        if rows:
            rows.append(_row(tag, "", CUT, kind="gap"))
        rows += [_row(tag, number, f"{sign} {text}", kind=KINDS[sign]) for number, sign, text in hunk]
    return tag("pre", *rows, class_="diff")


KINDS = {"-": "del", "+": "ins", " ": ""}


def _row(tag: Tag, number: str, *code: str, kind: str = "") -> Markup:
    return tag("span", tag("i", number), tag("code", *code), class_=f"row {kind}".rstrip())

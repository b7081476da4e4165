"""Markdown, as much of it as the executed pages are written in: headings, paragraphs and fenced blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import TypeAlias

from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

DEFAULT_PATH = "bot.py"

HEADING = regex(r"(#{1,6}) +([^ ].*)")
FENCE = regex(r"( *)(`{3,}|~{3,})(.*)")
FILE_NAME = regex(r"`([\w./-]+)`:")


class Heading(NamedTuple):
    """A heading. `line` counts from 1, here and below."""

    line: int
    level: int
    title: str


class Paragraph(NamedTuple):
    """Consecutive lines of prose, joined by spaces."""

    line: int
    text: str


class Fence(NamedTuple):
    """A fenced block. `line` is that of the opening fence, `path` the file name on the line above or `bot.py`."""

    line: int
    info: str
    path: str
    lines: tuple[str, ...]


Part: TypeAlias = Heading | Paragraph | Fence


class Section(NamedTuple):
    """A heading and everything under it, down to the next heading of its level."""

    title: str
    line: int
    parts: list[Part]


def error(where: str, line: int, message: str) -> ValueError:
    """A complaint about one line of a page."""
    return ValueError(f"{where}:{line}: {message}")


def parts(text: str, where: str) -> Iterator[Part]:
    """What a page consists of, in order. Raises ValueError for a block that is indented or never closed."""
    lines = text.split("\n")
    number, path = 0, DEFAULT_PATH
    while number < len(lines):
        part, number = _part_at(lines, number, path, where)
        if part is not None:
            yield part
            path = _file_name(part)


def split(content: Iterable[Part], level: int) -> tuple[list[Part], list[Section]]:
    """What comes before the first heading of a level, and what stands under each heading of it."""
    before: list[Part] = []
    sections: list[Section] = []
    for part in content:
        if isinstance(part, Heading) and part.level == level:
            sections.append(Section(part.title, part.line, []))
        else:
            (sections[-1].parts if sections else before).append(part)
    return before, sections


def _part_at(lines: Sequence[str], start: int, path: str, where: str) -> tuple[Part | None, int]:
    """The part that begins at an index, None for a blank line, and the index after it."""
    if fence := FENCE.fullmatch(lines[start]):
        end = _closing(lines, start, fence, where)
        return Fence(start + 1, fence[3].strip(), path, tuple(lines[start + 1 : end])), end + 1
    if heading := HEADING.fullmatch(lines[start]):
        return Heading(start + 1, len(heading[1]), heading[2].rstrip(" ")), start + 1
    prose = [line.strip() for line in takewhile(_is_prose, lines[start:])]
    return (Paragraph(start + 1, " ".join(prose)) if prose else None), start + max(1, len(prose))


def _is_prose(line: str) -> bool:
    return bool(line.strip()) and not FENCE.fullmatch(line) and not HEADING.fullmatch(line)


def _closing(lines: Sequence[str], start: int, fence: re.Match[str], where: str) -> int:
    if fence[1]:
        raise error(where, start + 1, "this block is indented, so nothing would run it; move it to the left margin")
    ends = (number for number in range(start + 1, len(lines)) if lines[number].rstrip() == fence[2])
    if (end := next(ends, None)) is None:
        raise error(where, start + 1, f"this block is never closed; end it with {fence[2]}")
    return end


def _file_name(part: Part) -> str:
    name = FILE_NAME.fullmatch(part.text) if isinstance(part, Paragraph) else None
    return name[1] if name else DEFAULT_PATH

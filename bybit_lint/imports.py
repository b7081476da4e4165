"""What the import statements of a file name, found in its bytes: to parse every file only for that takes too long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

NAMES = re.compile(rb"(?!\w)\s*(\((?:[^)#]|#[^\n]*)*\)|(?:[^\n;#(\\]|\\\r?\n)*)")
"""What stands after the word `import`: names in brackets, or to the end of the line."""
COMMENT = re.compile(rb"#[^\n]*")


class Import(NamedTuple):
    """`import dotted`, where `name` is None, or `from ..dotted import name`, where `level` counts the dots before."""

    level: int
    dotted: str
    name: str | None


def found(data: bytes) -> Iterator[Import]:
    """Every import that may stand in a file. Text that only looks like one is taken for one."""
    place = data.find(b"import")
    while place >= 0:
        end = place + len(b"import")
        if names := NAMES.match(data, end):
            yield from _statement(_before(data, place), names[1])
        place = data.find(b"import", end)


def _before(data: bytes, place: int) -> bytes:
    """What stands before a place in its line, and in the lines that this one continues."""
    start = data.rfind(b"\n", 0, place) + 1
    while data.endswith((b"\\\n", b"\\\r\n"), 0, start):
        start = data.rfind(b"\n", 0, start - 1) + 1
    return data[start:place].replace(b"\\", b" ")


def _statement(before: bytes, names: bytes) -> Iterator[Import]:
    words = before.split()
    if len(words) > 1 and words[-2] == b"from":
        dotted = words[-1].decode(errors="replace")
        bare = dotted.lstrip(".")
        yield from (Import(len(dotted) - len(bare), bare, name) for name in _names(names))
    elif before.rstrip(b" \t\f")[-1:] in (b"", b"\r", b";", b":", b"\xbf"):  # \xbf ends a byte order mark
        yield from (Import(0, name, None) for name in _names(names))


def _names(text: bytes) -> Iterator[str]:
    for item in COMMENT.sub(b"", text.strip(b"()")).split(b","):
        if words := item.split():
            yield words[0].decode(errors="replace")

"""The lines of a log, however long it or one of them is, and in which encoding it was written."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import Protocol

BLOCK = 1 << 16
"""Bytes that are read at once."""
LONGEST = 20_000
"""Characters of a line that are looked at: what is refused is said at its beginning."""
CONTROLS = frozenset(range(32)) - {7, 8, 9, 10, 12, 13, 27}
"""Characters that no log holds, but for a few where the machine lost its power."""
MOST_CONTROLS = 0.02
PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class NoText(Exception):
    """What was given is no text; the message says what it is."""


class Stream(Protocol):
    """What bytes are read from, some at a time."""

    def read(self, size: int, /) -> bytes | None:
        """So many bytes at most, none at the end."""


class Log:
    """A log that is read once, line by line, and never held whole."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.lines = 0
        """How many lines have been read."""
        self.is_empty = True
        self.is_garbled = False
        """True if some of it is not in the encoding that it should be in."""

    def __iter__(self) -> Iterator[list[str]]:
        """The lines, some at a time, without their ends; of a long one the beginning. Raises NoText, and OSError."""
        rest, is_cut = "", False
        for text in self._decoded():
            self.is_garbled = self.is_garbled or "\ufffd" in text
            first, *others = text.split("\n")
            rest = rest if is_cut else rest + first
            if others:
                *whole, last = rest, *others
                yield self._counted(whole)
                rest = last
            is_cut = len(rest) > LONGEST
        if rest:
            yield self._counted([rest])

    def _counted(self, lines: list[str]) -> list[str]:
        self.lines += len(lines)
        return [line[:LONGEST] for line in lines]

    def _decoded(self) -> Iterator[str]:
        block = self._stream.read(BLOCK) or b""
        self.is_empty = not block
        encoding, start = _encoding(block)
        make = codecs.getincrementaldecoder(encoding)
        decoder = io.IncrementalNewlineDecoder(make("replace"), translate=True)  # a progress bar's lines end on \r
        block = block[start:]
        while block:
            yield decoder.decode(block)
            block = self._stream.read(BLOCK) or b""
        yield decoder.decode(b"", final=True)


def _encoding(beginning: bytes) -> tuple[str, int]:
    """What the bytes are written in, and how many of them only say so. Raises NoText."""
    for mark, encoding in MARKS:  # PowerShell's > writes UTF-16
        if beginning.startswith(mark):
            return encoding, len(mark)
    for magic, kind in PACKED.items():
        if beginning.startswith(magic):
            raise NoText(f"packed by {kind}: unpack it first, and pass on what comes out")
    controls = sum(beginning.count(code) for code in CONTROLS)
    if controls > MOST_CONTROLS * len(beginning):
        raise NoText("binary data, no text: decode reads tracebacks, logs and JSON answers")
    return "utf-8", 0

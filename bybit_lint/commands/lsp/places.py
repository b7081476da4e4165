"""Places as editors count them: lines and columns from 0, columns in the units of the encoding that was agreed on."""

from __future__ import annotations

import os
from urllib.request import pathname2url

from lsprotocol.types import Location, Position, Range
from pygls.uris import from_fs_path, to_fs_path
from pygls.workspace import PositionCodec

from bybit_lint.analysis.source import Source
from bybit_lint.inputs import files
from bybit_lint.vocabulary import Span

__all__ = ["Places", "path_of", "uri_of"]


def path_of(uri: str) -> str:
    """The absolute path of a file as the rest of the tool knows it; empty for what lies on no disk."""
    path = to_fs_path(uri)
    return files.absolute(path) if path and uri.startswith("file:") else ""


def uri_of(path: str) -> str:
    """The address of a file."""
    return from_fs_path(path) or f"file:{pathname2url(path)}"


class Places:
    """Translates places, in the units of one editor."""

    def __init__(self, codec: PositionCodec) -> None:
        self._codec = codec

    def range(self, source: Source, span: Span) -> Range:
        """A span of a source."""
        return Range(
            self._position(source, span.line, span.column), self._position(source, span.end_line, span.end_column)
        )

    def between(self, source: Source, start: int, end: int) -> Range:
        """The stretch between two offsets in `Source.body`."""
        return self.range(source, source.span_of(start, end))

    def offset(self, source: Source, position: Position) -> int:
        """The offset in `Source.body` of a position; past a line's end, the end of the line."""
        lines = source.lines
        if position.line >= len(lines):
            return len(source.body)
        units, line = 0, lines[position.line]
        for place, char in enumerate(line):
            if units >= position.character:
                line = line[:place]
                break
            units += self._codec.client_num_units(char)
        starts = source.line_starts
        start = starts[position.line] if position.line < len(starts) else len(source.body)
        return start + len(line.encode())

    def location(self, source: Source, span: Span) -> Location:
        """A span with the address of its file."""
        return Location(uri_of(os.path.abspath(span.path)), self.range(source, span))

    def _position(self, source: Source, line: int, column: int) -> Position:
        lines = source.lines
        text = lines[line - 1] if line <= len(lines) else ""
        return Position(line - 1, self._codec.client_num_units(text[: column - 1]))

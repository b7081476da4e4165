"""A Jupyter notebook as one file of code: its cells one after the other, and the way back into the file."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property, partial

from bybit_lint.inputs.cells import LINE_END, Cell, Change, NoNotebook, cells
from bybit_lint.patterns import regex

__all__ = ["Cell", "NoNotebook", "Notebook"]

BOM = b"\xef\xbb\xbf"
MARK = "# %%"
"""The line above each cell, as those editors write it that keep notebooks as Python files."""
ESCAPED = regex(r"\\u(?:00[89a-fA-F]|0[1-9a-fA-F]|[1-9a-fA-F])")


class Notebook:
    """The file of a notebook, read. Nothing of it is ever written anew but the lines of code that a fix changes."""

    def __init__(self, data: bytes) -> None:
        """Raises NoNotebook."""
        self._bom = BOM if data.startswith(BOM) else b""
        self._text = _decoded(data.removeprefix(BOM))
        self.cells = list(cells(self._text))
        self._mark = MARK
        self._put_aside()
        self.code = self._joined()
        """The cells as one module."""

    def _put_aside(self) -> None:
        said = "\n".join(cell.text for cell in self.cells)
        name = "_magic_"
        while name in said:
            name = f"_{name}"
        while f"\n{self._mark}\n" in f"\n{said}\n":
            self._mark += "%"
        line = 2
        for cell in self.cells:
            cell.put_aside(f"{name}{cell.number}_")
            cell.first = line
            line += len(cell.lines) + 1

    def _joined(self) -> bytes:
        try:
            return "\n".join(f"{self._mark}\n{cell.code}" for cell in self.cells).encode()
        except UnicodeEncodeError as error:
            raise NoNotebook("a cell holds half of a character, which no file of code can") from error

    # --- places -------------------------------------------------------------------------------------------------------

    def cell_at(self, line: int) -> Cell | None:
        """The cell in which a line of the module lies; None where there is none."""
        place = bisect_right(self._firsts, line) - 1
        return self.cells[max(place, 0)] if self.cells else None

    @cached_property
    def _firsts(self) -> Sequence[int]:
        return [cell.first for cell in self.cells]

    def written_at(self, line: int) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Where the file holds a line of the module: the line and column of the text's start and end, from 1."""
        cell = self.cell_at(line)
        if cell is None:
            return None
        literal = cell.literal(self._text, line - cell.first)
        return self._position(literal.start), self._position(literal.end)

    def _position(self, place: int) -> tuple[int, int]:
        line = bisect_right(self._line_starts, place)
        return line, place - self._line_starts[line - 1] + 1

    @cached_property
    def _line_starts(self) -> Sequence[int]:
        return [0, *(found.end() for found in LINE_END.finditer(self._text))]

    # --- back into the file -------------------------------------------------------------------------------------------

    def texts(self, code: bytes) -> list[str]:
        """The text of each cell once the module reads so. Raises ValueError if it is not made of these cells."""
        before, *parts = f"\n{code.decode()}".split(f"\n{self._mark}\n")
        if before.strip() or len(parts) != len(self.cells):
            raise ValueError("the cells are not the same any more")
        return [cell.back(part) for cell, part in zip(self.cells, parts, strict=True)]

    def fits(self, code: bytes) -> bool:
        """Whether the module can be written back into the file once it reads so."""
        try:
            self.texts(code)
        except ValueError:
            return False
        return True

    def written(self, code: bytes) -> bytes:
        """The file once the module reads so: nothing is changed but these lines. Raises ValueError like `texts`."""
        pieces, done = [], 0
        for start, end, text in self._changes(code):
            pieces += [self._text[done:start], text]
            done = end
        return self._bom + "".join([*pieces, self._text[done:]]).encode("utf-8", "surrogatepass")

    def _changes(self, code: bytes) -> list[Change]:
        texts = self.texts(code) if code != self.code else [cell.text for cell in self.cells]
        changed = [(cell, text) for cell, text in zip(self.cells, texts, strict=True) if text != cell.text]
        how = partial(json.dumps, ensure_ascii=self._is_ascii)
        return [cell.change(self._text, text, how) for cell, text in changed]

    @cached_property
    def _is_ascii(self) -> bool:
        """Whether characters beyond ASCII are written as escapes in this file."""
        return self._text.isascii() and bool(ESCAPED.search(self._text))


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NoNotebook(f"not valid utf-8, and so no notebook: {error.reason}", line) from error

"""In which notebook a cell stands that was run: IPython names it by the number of its run alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.decoding.frames import Frame
from bybit_lint.inputs import files
from bybit_lint.inputs.filenames import is_notebook
from bybit_lint.inputs.notebooks import Cell, NoNotebook, Notebook

MOST, LARGEST = 50, 20_000_000
"""Notebooks that are looked into, and bytes of one."""


class Executed:
    """The cells of the notebooks below a folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def placed(self, frame: Frame) -> Frame:
        """A place in a cell as one in the one notebook that has such a line there; any other as it is."""
        if not (frame.is_cell and frame.code):
            return frame
        found = [(path, cell) for path, cell in self._cells if _line(cell, frame.line) == frame.code]
        if len(found) != 1:
            return frame
        [(path, cell)] = found
        return frame._replace(path=path, line=cell.first + frame.line - 1)

    @cached_property
    def _cells(self) -> list[tuple[str, Cell]]:
        return list(self._read())

    def _read(self) -> Iterator[tuple[str, Cell]]:
        paths, _ = files.find([self._folder])
        for path in [path for path in paths if is_notebook(path)][:MOST]:
            try:
                if os.path.getsize(path) <= LARGEST:
                    with open(path, "rb") as file:
                        yield from ((path, cell) for cell in Notebook(file.read()).cells)
            except (OSError, NoNotebook):  # then it is not where the cell was run
                continue


def _line(cell: Cell, number: int) -> str:
    return cell.lines[number - 1].strip() if number <= len(cell.lines) else ""

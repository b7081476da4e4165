"""Notebooks that are open: each cell is a text of its own to the editor, and all of them one file to the rest."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote

from lsprotocol.types import (
    Diagnostic,
    NotebookCellKind,
    NotebookCellLanguage,
    NotebookDocument,
    NotebookDocumentFilterWithCells,
    NotebookDocumentSyncOptions,
    Position,
    Range,
    TextEdit,
)
from pygls.workspace import Workspace

from bybit_lint.analysis.source import Source
from bybit_lint.commands.lsp.places import Places
from bybit_lint.fixing.editor import difference
from bybit_lint.inputs.notebooks import Cell, Notebook

SYNC = NotebookDocumentSyncOptions([NotebookDocumentFilterWithCells(cells=[NotebookCellLanguage("python")])])


class Sheet:
    """A notebook as it is open. Lines of its module are told apart from those of its cells by who counts them."""

    def __init__(self, document: NotebookDocument, workspace: Workspace) -> None:
        self._document, self._workspace = document, workspace

    @property
    def data(self) -> bytes:
        """A file with the cells as they are now."""
        cells = [_cell(cell.kind, self._text(cell.document)) for cell in self._document.cells]
        return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()

    def _text(self, uri: str) -> str:
        document = self._workspace.text_documents.get(unquote(uri))
        return document.source if document else ""

    def diagnostics(self, notebook: Notebook, found: Iterable[Diagnostic]) -> Mapping[str, list[Diagnostic]]:
        """What is found in the module, by the address of the cell that it is shown in: an empty list for the others."""
        shown: dict[str, list[Diagnostic]] = {cell.document: [] for cell in self._document.cells}
        for each in found:
            cell = notebook.cell_at(each.range.start.line + 1)
            if cell is not None:
                own = copy.copy(each)
                own.range = _moved(each.range, 1 - cell.first)
                shown[self.uri(cell)].append(own)
        return shown

    def uri(self, cell: Cell) -> str:
        """The address of a cell."""
        return self._document.cells[cell.number - 1].document

    def in_module(self, notebook: Notebook, uri: str, where: Range) -> Range | None:
        """A range of the cell at an address as one of the module; None if no code of it is read."""
        cell = next((cell for cell in notebook.cells if self.uri(cell) == uri), None)
        return None if cell is None else _moved(where, cell.first - 1)

    def edits(self, notebook: Notebook, code: bytes, places: Places) -> Iterator[tuple[str, Sequence[TextEdit]]]:
        """What is to be done in which cell for the module to read so."""
        for cell, text in zip(notebook.cells, notebook.texts(code), strict=True):
            if text != cell.text:
                start, end, new = difference(0, cell.text, text)
                own = Source("cell.py", cell.text.encode())
                yield self.uri(cell), [TextEdit(places.between(own, start, end), new)]


def _cell(kind: NotebookCellKind, text: str) -> Mapping[str, object]:
    return {"cell_type": "code" if kind == NotebookCellKind.Code else "markdown", "metadata": {}, "source": text}


def _moved(where: Range, lines: int) -> Range:
    start, end = where.start, where.end
    return Range(Position(start.line + lines, start.character), Position(max(end.line + lines, 0), end.character))

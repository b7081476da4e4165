"""Where things are told to stand in a notebook, which is read as one module: in a cell, or in the file as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from bybit_lint.analysis.source import Source, Unreadable, cell_name
from bybit_lint.report import Cell, Edit
from bybit_lint.vocabulary import Finding, Noun, Span
from bybit_lint.vocabulary.record import Record


class Cells:
    """The cells of the notebooks among some sources, each by a name of its own: `research.ipynb:cell 3`."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._notebooks = {source.path: read for source in sources if (read := source.notebook_now)}

    @cached_property
    def by_name(self) -> Mapping[str, Cell]:
        """The cells of Python code by their names."""
        return {
            cell_name(path, cell.number): Cell(path, cell.number, cell.lines)
            for path, notebook in self._notebooks.items()
            for cell in notebook.cells
        }

    def in_cell(self, span: Span) -> Span:
        """A place in a notebook's module as one in its cell, from whose beginning all is counted then."""
        notebook = self._notebooks.get(span.path)
        cell = notebook.cell_at(span.line) if notebook else None
        if notebook is None or cell is None:
            return span
        line, end_line = (max(number - cell.first, 0) for number in (span.line, span.end_line))
        return Span(
            cell_name(span.path, cell.number),
            *(line + 1, span.column, end_line + 1, span.end_column),
            *(cell.offset(line, span.column), cell.offset(end_line, span.end_column)),
        )

    def in_file(self, span: Span) -> Span:
        """The same as the text in the notebook's file that holds the line: what knows of no cells can show that."""
        notebook = self._notebooks.get(span.path)
        start, end = (notebook and notebook.written_at(line) for line in (span.line, span.end_line))
        if not start or not end:
            return span
        return Span(span.path, *start[0], *end[1], 0, 0)

    def edits(self, made: Sequence[Edit], is_of_files: bool) -> Sequence[Edit]:
        """Edits with their places in cells; none where these cannot be told of."""
        placed = [edit._replace(span=self.in_cell(edit.span)) for edit in made]
        return [] if is_of_files and placed != list(made) else placed

    def noun_in_cell(self, noun: Noun) -> Noun:
        """A noun with the places that it tells of in cells."""
        return noun if noun.span.path not in self._notebooks else _told(noun, self.in_cell)

    def complaint(self, source: Source, error: Unreadable) -> str:
        """What is said of a source that cannot be read, with its place."""
        place = error.line, error.column
        span = self.in_cell(Span(source.path, *place, *place, 0, 0))
        return f"{span.path}:{span.line}:{span.column}: {error.reason}"

    def finding_in_cell(self, finding: Finding) -> Finding:
        """A finding with all its places in cells."""
        return _placed(finding, self.in_cell)

    def finding_in_file(self, finding: Finding) -> Finding:
        """A finding with all its places in files, which says itself in which cell and line that is."""
        told = self.in_cell(finding.span)
        if told is finding.span:
            return _placed(finding, self.in_file)
        cell = self.by_name[told.path].number
        return _placed(finding.replace(message=f"cell {cell}, line {told.line}: {finding.message}"), self.in_file)


def _placed(finding: Finding, place: Callable[[Span], Span]) -> Finding:
    related = tuple(other.replace(span=place(other.span)) for other in finding.related)
    return finding.replace(span=place(finding.span), related=related)


def _told(value: Any, place: Callable[[Span], Span]) -> Any:
    """A value with all places in it, and in what stands at a place, as `place` has them."""
    if isinstance(value, Span):
        return place(value)
    if type(value) is tuple:
        return tuple(_told(part, place) for part in value)
    if not isinstance(value, Record) or "span" not in value.__match_args__:
        return value
    return value.replace(**{name: _told(getattr(value, name), place) for name in value.__match_args__})

"""Where something stands: spans of files."""

from __future__ import annotations

from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary.record import Record


class Span(NamedTuple):
    """A stretch of one file. Lines and columns count from 1, columns in characters; start and end are byte offsets."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int

    def holds(self, other: Span) -> bool:
        """True if `other` lies within this span."""
        return self.path == other.path and self.start <= other.start and other.end <= self.end


class Related(Record):
    """A second place that explains a finding, with a word or two on what happens there ("computed here")."""

    span: Span
    message: str

"""What a call is given in one dict, be it written in the call, before it, or nowhere yet."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping

from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.arguments.entries import Entries, Entry, place


class OneDict(Entries, ABC):
    """The entries of one dict. Raises Undecided where not all of them are seen."""

    written: ast.expr | None
    """Where the dict is written; None where nothing is given."""

    def _of_dict(self, given: ast.expr | None) -> Iterator[Entry]:
        if isinstance(given, ast.Name):
            yield from self._of_name(given)
        elif given is not None:
            yield from self._written(given)

    def added(self, given: Mapping[str, str]) -> Iterator[Edit]:
        """The edits that put new entries before the others."""
        pairs = [f'"{name}": {value}' for name, value in given.items()]
        if not pairs:
            return
        if self.written is None:
            yield self._first(f"{{{', '.join(pairs)}}}")
            return
        if isinstance(self.written, ast.Call):
            pairs = [f"{name}={value}" for name, value in given.items()]
        first = min((entry.start for entry in self.all if entry.group is self.written), default=None)
        at = place(self.source, self.written)[1] - 1 if first is None else first
        yield Edit(at, at, ", ".join(pairs) if first is None else self._apart(pairs, at))

    @abstractmethod
    def _first(self, pairs: str) -> Edit:
        """The edit that gives a dict to a call that is given none."""

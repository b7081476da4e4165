"""One request that is signed in its headers, at its path of V5: path and parameters go over, and its signing stays."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from bybit_lint.analysis.source import Source
from bybit_lint.analysis.values.terms import Constant
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.arguments.entries import Entry, Form, named
from bybit_lint.fixing.migration.arguments.values import Value
from bybit_lint.fixing.migration.passages.headers import SignedBeside
from bybit_lint.fixing.migration.passages.spelling import Spelling
from bybit_lint.fixing.migration.requests import resending
from bybit_lint.fixing.migration.steps import Undecided

SPELT = (Form.SPELT, Form.BARE)


class Rewriting(resending.Rewriting):
    """One request on its way."""

    def _value(self, entry: Entry) -> Value:
        if _is_written_out(entry):
            return Value(self.module, entry.value, [Constant(getattr(entry.value, "value", None))])
        return super()._value(entry)

    def _converted(self, entry: Entry, how: str) -> str:
        """The new text of a value; what stands in quotes, or in a query, is a text already."""
        if how == "text" and entry.form is Form.SPELT:
            return ""
        if how == "text" and entry.form is Form.BARE and not _is_written_out(entry):
            raise Undecided(f"{entry.name} is a text in V5, and is {entry.form.value}")
        if how == "bool" and entry.form in SPELT and not _is_written_out(entry):
            return ""
        if how not in ("text", *resending.IN_JSON.values()) or not _is_written_out(entry):
            return super()._converted(entry, how)
        said = entry.source.body[entry.start : entry.end].decode()
        return f'"{said}"' if how == "text" else said.strip('"') if entry.form is Form.SPELT else ""

    def _renaming(self, entry: Entry, new: Mapping[str, str]) -> Iterator[Edit]:
        if entry.form in SPELT:
            yield from self._spelling(entry.group).renamed(entry, new)
        else:
            yield from named(entry, new)

    def _spelling(self, said: object) -> Spelling:
        found = (s for payload in self.journey.payloads if isinstance(payload, SignedBeside) for s in payload.spellings)
        return next(spelling for spelling in found if spelling.said is said)

    def _put(self, added: Mapping[str, str], gone: Sequence[Entry]) -> Iterator[Edit]:
        last = self.journey.payloads[-1]
        if not isinstance(last, SignedBeside) or not last.spellings:
            yield from super()._put(added, gone)
            return
        for spelling in last.spellings:
            yield from spelling.added(added)

    def _cuts(self, gone: Sequence[Entry]) -> Iterator[tuple[Source, Edit]]:
        if stuck := [entry for entry in gone if entry.form in SPELT]:
            raise Undecided(f"{stuck[0].name} goes, and is {stuck[0].form.value}")
        yield from super()._cuts(gone)

    def _sending(self) -> Iterator[tuple[Source, Edit]]:
        if self._wanted != self.passage.verb:
            raise Undecided(f"V5 asks by {self._wanted}, and signs another text for it")
        yield from ()

    def _unsigned(self) -> Iterator[tuple[Source, Edit]]:
        yield from ()


def _is_written_out(entry: Entry) -> bool:
    """True for a value that is spelt out, too."""
    return entry.form in SPELT and isinstance(entry.value, ast.Constant)

"""Parameters that are spelt out in a text: `'{"symbol": "BTCUSDT", "qty": "' + qty + '"}'`, `f"symbol={symbol}"`."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping

from bybit_lint.analysis.project import Module
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.arguments.entries import Entry, Form, place
from bybit_lint.fixing.migration.passages.texts import pieces_of
from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.patterns import regex

GAP = "\0"
JSON = regex(r'"(\w{1,60})"\s{0,9}:\s{0,9}("[^"\\]{0,200}"|[^",{}\[\]\s]{1,60})')
QUERY = regex(r"(\w{1,60})=([^=&\s]{0,200})")
BETWEEN = regex(r"[\s,{}&]{0,99}")
FILLED = regex(rf"{GAP}(\d{{1,3}}){GAP}")
UNSEEN = "the parameters that it spells out in a text are not all seen"


class Spelling:
    """The parameters that one text consists of. Raises Undecided where not all of them are seen."""

    def __init__(self, module: Module, said: ast.expr) -> None:
        self.module, self.source, self.said = module, module.source, said
        self.start, end = place(self.source, said)
        self.written = self.source.body[self.start : end]
        self.pieces = pieces_of(said)
        self.whole = "".join(p if isinstance(p, str) else f"{GAP}{n}{GAP}" for n, p in enumerate(self.pieces))
        self.is_json = self.whole.lstrip().startswith("{")
        self.entries = [*self._entries()]

    def _entries(self) -> Iterator[Entry]:
        pattern = JSON if self.is_json else QUERY
        if not BETWEEN.fullmatch(pattern.sub("", self.whole)):
            raise Undecided(UNSEEN)
        for found in pattern.finditer(self.whole):
            yield self._entry(found[1], found[2])

    def _entry(self, name: str, value: str) -> Entry:
        """A parameter with the place of its name; that of its value where it is written out."""
        sign = rf'"{name}"\s{{0,9}}:\s{{0,9}}' if self.is_json else rf"(?<!\w){name}="
        places = [*regex(sign.encode()).finditer(self.written)]
        if len(places) != 1:
            raise Undecided(f"{name} is not written plainly")
        head, at = places[0].start() + self.is_json, places[0].end()
        is_quoted = value.startswith('"')
        gap = FILLED.fullmatch(value.strip('"'))
        end = at + len(value.encode())
        if gap is None and self.written[at:end] != value.encode():
            raise Undecided(f"{name} is put together of several")
        piece = self.pieces[int(gap[1])] if gap else ast.Constant(self._meant(value))
        assert isinstance(piece, ast.expr)
        begins = self.start + head
        form = Form.SPELT if is_quoted or not self.is_json else Form.BARE
        name_at = (begins, begins + len(name.encode()))
        return Entry(name, piece, self.module, form, name_at, self.start + at, self.start + end, self.said)

    def _meant(self, value: str) -> str | bool | int | float | None:
        try:
            meant: str | bool | int | float | None = json.loads(value) if self.is_json else value
            return meant
        except json.JSONDecodeError as error:
            raise Undecided(UNSEEN) from error

    def renamed(self, entry: Entry, names: Mapping[str, str]) -> Iterator[Edit]:
        """The edits that give a parameter its new name and value: values as code, empty for as it is."""
        (name, value), *others = names.items()
        if others:
            raise Undecided(f"{entry.name}, which becomes several, is spelt out in a text")
        if name != entry.name:
            yield Edit(*entry.head, name)
        if not value:
            return
        if isinstance(entry.value, ast.Constant):
            yield Edit(entry.start, entry.end, value if self.is_json else value.strip('"'))
        elif entry.form is Form.SPELT and isinstance(self.said, ast.BinOp):
            yield Edit(*place(self.source, entry.value), f"({value})")
        else:
            raise Undecided(f"{entry.name} is another in V5, and is spelt out in a text")

    def added(self, given: Mapping[str, str]) -> Iterator[Edit]:
        """The edit that puts new parameters, whose values are written out, before the others."""
        if not given:
            return
        if any(not (value.isdecimal() or value.strip('"').isalnum()) for value in given.values()):
            raise Undecided("what is added is known only at run time, and its parameters are spelt out in a text")
        first = min((entry.head[0] for entry in self.entries), default=None)
        if first is None:
            raise Undecided(UNSEEN)
        pairs = (f'"{n}": {v}, ' if self.is_json else f"{n}={v.strip(chr(34))}&" for n, v in given.items())
        yield Edit(first - self.is_json, first - self.is_json, "".join(pairs))

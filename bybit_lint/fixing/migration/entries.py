"""What a call is given, as it is written: by name, by position, or in a dict of its own; and how that is rewritten."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.patterns import regex

COMMA = regex(rb"\s*,")
UNSEEN = "what ** brings cannot be seen"


class Form(Enum):
    """How an argument is written."""

    KEYWORD = "keyword"
    POSITION = "position"
    ENTRY = "entry of a dict"
    STORE = "stored in a dict"


class Entry(NamedTuple):
    """One argument."""

    name: str
    """The old name."""
    value: ast.expr
    form: Form
    head: tuple[int, int]
    """Where its name stands, with the quotes of a key; where it would, for one by position."""
    start: int
    end: int
    group: ast.AST
    """The call or the dict in which it stands."""


class Entries:
    """The arguments of one call; the first `skip` are not for it. Raises Undecided where not all can be seen."""

    def __init__(self, module: Module, call: ast.Call, positional: Sequence[str], skip: int = 0) -> None:
        self.module, self.source, self.call, self.skip = module, module.source, call, skip
        self.all = [*self._positional(positional), *self._named()]

    def _positional(self, names: Sequence[str]) -> Iterator[Entry]:
        for index, value in enumerate(self.call.args[self.skip :]):
            if isinstance(value, ast.Starred) or index >= len(names):
                raise Undecided(
                    "it was given what has no name, and took names only" if names else "it takes names only"
                )
            start, end = place(self.source, value)
            yield Entry(names[index], value, Form.POSITION, (start, start), start, end, self.call)

    def _named(self) -> Iterator[Entry]:
        for keyword in self.call.keywords:
            if keyword.arg is None:
                yield from self._spread(keyword.value)
            else:
                start, end = place(self.source, keyword)
                head = start, start + len(keyword.arg.encode())
                yield Entry(keyword.arg, keyword.value, Form.KEYWORD, head, start, end, self.call)

    def _spread(self, value: ast.expr) -> Iterator[Entry]:
        """What `**value` brings, if that is written for this call alone."""
        if isinstance(value, ast.Dict):
            yield from dict_entries(self.source, value)
            return
        if not isinstance(value, ast.Name):
            raise Undecided(UNSEEN)
        names, scope = self.module.names, self.module.names.scope(value).function
        bindings = [b for b in scope.bindings.get(value.id, ()) if b.how != "update"]
        made = bindings[0].value if len(bindings) == 1 and bindings[0].how == "assign" else None
        if made is None or value.id in scope.outer_names:
            raise Undecided(UNSEEN)
        if isinstance(made, ast.Dict):
            yield from dict_entries(self.source, made)
        elif (
            isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.func.id == "dict" and not made.args
        ):
            yield from Entries(self.module, made, ()).all
        else:
            raise Undecided(UNSEEN)
        for load in names.loads(scope.node, value.id):
            if load is not value:
                yield self._store(load)

    def _store(self, load: ast.Name) -> Entry:
        """`params["key"] = value`, which is all that may be done beside."""
        around = self.module.names.parents.get(load)
        statement = self.module.names.parents.get(around) if around else None
        match around, statement:
            case ast.Subscript(slice=ast.Constant(value=str(key)) as said, ctx=ast.Store()), ast.Assign(
                targets=[stored], value=value
            ):
                start, end = place(self.source, stored)
                return Entry(key, value, Form.STORE, place(self.source, said), start, end, stored)
        raise Undecided(f"{load.id}, which brings its arguments, is used for something else too")

    # --- rewriting ----------------------------------------------------------------------------------------------------

    def insertion(self, given: Sequence[str], gone: Sequence[Entry]) -> Iterator[Edit]:
        """The edits that put new arguments before the others."""
        if not given:
            return
        items = self._items()
        text = ", ".join(given)
        if not items:
            skipped = self.call.args[: self.skip]
            at = place(self.source, skipped[-1])[1] if skipped else place(self.source, self.call)[1] - 1
            yield Edit(at, at, f", {text}" if skipped else text)
            return
        at = items[0][0]
        is_all = sum(entry.group is self.call for entry in gone) == len(items)
        yield Edit(at, at, text if is_all else self._apart(given, at))

    def _items(self) -> list[tuple[int, int]]:
        nodes = [*self.call.args[self.skip :], *self.call.keywords]
        return sorted(place(self.source, node) for node in nodes)

    def _apart(self, given: Sequence[str], at: int) -> str:
        """New arguments before the one at an offset, each on its own line if that stands on one."""
        before = self.source.body[:at].decode()
        line = before[before.rfind("\n") + 1 :]
        if line.strip() == "" and "\n" in before and not line.strip(" \t"):
            end = "\r\n" if before[: -len(line) or None].endswith("\r\n") else "\n"
            return "".join(f"{argument},{end}{line}" for argument in given)
        return "".join(f"{argument}, " for argument in given)

    def removal(self, gone: Sequence[Entry]) -> Iterator[Edit]:
        """The edits that take arguments out. Raises Undecided for those that cannot be."""
        if any(entry.form is Form.STORE for entry in gone):
            raise Undecided(f"{gone[0].name}, which goes, is stored in a dict")
        for group in dict.fromkeys(entry.group for entry in gone):
            siblings = sorted(_items_of(self.source, group, self.skip if group is self.call else 0))
            starts = {entry.start for entry in gone if entry.group is group}
            yield from self._cut(siblings, starts)

    def _cut(self, siblings: Sequence[tuple[int, int]], starts: set[int]) -> Iterator[Edit]:
        for is_gone, members in groupby(range(len(siblings)), lambda index: siblings[index][0] in starts):
            if is_gone:
                run = list(members)
                start, end = self._reach(siblings, run[0], run[-1])
                if b"#" not in self.source.body[start:end]:
                    yield Edit(start, end, "")
                else:
                    yield from (self._alone(*siblings[index]) for index in run)

    def _reach(self, siblings: Sequence[tuple[int, int]], first: int, last: int) -> tuple[int, int]:
        """From where to where some arguments go, with what stands between them and the next or the one before."""
        if last + 1 < len(siblings):
            return siblings[first][0], siblings[last + 1][0]
        return siblings[first - 1][1] if first else siblings[first][0], siblings[last][1]

    def _alone(self, start: int, end: int) -> Edit:
        """An argument and its comma, without the comments around."""
        comma = COMMA.match(self.source.body, end)
        return Edit(start, comma.end() if comma else end, "")


def dict_entries(source: Source, written: ast.Dict) -> Iterator[Entry]:
    """The entries of a dict as it is written. Raises Undecided where a key is not."""
    for key, value in zip(written.keys, written.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise Undecided(UNSEEN if key is None else "a key of its arguments is not written out")
        head = place(source, key)
        yield Entry(key.value, value, Form.ENTRY, head, head[0], place(source, value)[1], written)


def named(entry: Entry, names: Mapping[str, str], source: Source) -> list[Edit]:
    """The edits that give an argument its new name and value: values by names, empty for as it is."""
    (name, value), *others = names.items()
    if others:
        if entry.form is Form.STORE:
            raise Undecided(f"{entry.name}, which becomes several, is stored in a dict")
        joined = ", ".join(_written(entry, n, v or text(source, entry.value)) for n, v in names.items())
        return [Edit(entry.start, entry.end, joined)]
    edits = []
    if name != entry.name or entry.form is Form.POSITION:
        edits.append(Edit(*entry.head, _head(entry, name, source)))
    if value:
        edits.append(Edit(*place(source, entry.value), value))
    return edits


def _written(entry: Entry, name: str, value: str) -> str:
    return f'"{name}": {value}' if entry.form is Form.ENTRY else f"{name}={value}"


def _head(entry: Entry, name: str, source: Source) -> str:
    if entry.form is Form.KEYWORD:
        return name
    if entry.form is Form.POSITION:
        return f"{name}="
    quote = source.body[entry.head[0] : entry.head[0] + 1].decode()
    if quote not in "'\"":
        raise Undecided(f"the key {entry.name} is not written plainly")
    return f"{quote}{name}{quote}"


def _items_of(source: Source, group: ast.AST, skip: int) -> Iterator[tuple[int, int]]:
    match group:
        case ast.Call():
            yield from (place(source, node) for node in (*group.args[skip:], *group.keywords))
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                yield place(source, key or value)[0], place(source, value)[1]


def place(source: Source, node: ast.AST) -> tuple[int, int]:
    """Where a node stands, by offsets."""
    assert isinstance(node, (ast.expr, ast.stmt, ast.keyword, ast.alias))
    span = source.span(node)
    return span.start, span.end


ATOMS = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant, ast.JoinedStr, ast.List, ast.Dict)
"""What stands for itself between operators."""


def operand(source: Source, node: ast.expr) -> str:
    """The text of an expression as it can stand between operators."""
    written = text(source, node)
    return written if isinstance(node, ATOMS) else f"({written})"


def text(source: Source, node: ast.expr) -> str:
    """The text of an expression, on one line. Raises Undecided for one that goes over several."""
    written = source.text(node)
    if "\n" in written or "\r" in written:
        raise Undecided("what is to be written again goes over several lines")
    return written


def joined(edits: Iterable[Edit]) -> list[Edit]:
    """The edits with those as one that put something in at the same place, in their order."""
    found: dict[tuple[int, int], list[str]] = {}
    others = []
    for edit in edits:
        if edit.start == edit.end:
            found.setdefault((edit.start, edit.end), []).append(edit.text)
        else:
            others.append(edit)
    return [*others, *(Edit(*at, "".join(texts)) for at, texts in found.items())]

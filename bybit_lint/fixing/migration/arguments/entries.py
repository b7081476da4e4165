"""What a call is given: by name, by position, in a dict, by its callers; and how that is rewritten."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import groupby

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.syntax.nodes import FunctionNode, called_name
from bybit_lint.analysis.syntax.scopes import Scope
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

COMMA = regex(rb"\s*,")
UNSEEN = "what ** brings cannot be seen"


class Form(Enum):
    """How an argument is written."""

    KEYWORD = "keyword"
    POSITION = "position"
    ENTRY = "entry of a dict"
    STORE = "stored in a dict"
    PASSED = "passed by a caller"
    SHARED = "entry of a dict that others are given too"
    SPELT = "spelt out in a text"
    BARE = "spelt out in JSON, as no text of its own"


class Entry(NamedTuple):
    """One argument."""

    name: str
    """The old name."""
    value: ast.expr
    module: Module
    form: Form
    head: tuple[int, int]
    """Where its name stands, with the quotes of a key; where it would, for one by position."""
    start: int
    end: int
    group: ast.AST
    """The call or the dict in which it stands."""

    @property
    def source(self) -> Source:
        return self.module.source

    @property
    def is_here(self) -> bool:
        """True if it is always given, and its value is known beside the call."""
        return self.form not in (Form.STORE, Form.PASSED)


class Entries:
    """The arguments of one call; the first `skip` are not for it. Raises Undecided where not all can be seen."""

    def __init__(
        self, program: Program, module: Module, call: ast.Call, positional: Sequence[str], skip: int = 0
    ) -> None:
        self.program, self.module, self.source, self.call, self.skip = program, module, module.source, call, skip
        self.all = [*self._positional(positional), *self._named()]

    def _positional(self, names: Sequence[str]) -> Iterator[Entry]:
        for index, value in enumerate(self.call.args[self.skip :]):
            if isinstance(value, ast.Starred) or index >= len(names):
                raise Undecided("it takes names only")
            start, end = place(self.source, value)
            yield Entry(names[index], value, self.module, Form.POSITION, (start, start), start, end, self.call)

    def _named(self) -> Iterator[Entry]:
        for keyword in self.call.keywords:
            if keyword.arg is None:
                yield from self._spread(keyword.value)
            else:
                yield keyword_entry(self.module, keyword, self.call, Form.KEYWORD)

    def _spread(self, value: ast.expr) -> Iterator[Entry]:
        """What `**value` brings."""
        if isinstance(value, ast.Dict):
            yield from dict_entries(self.module, value)
        elif not isinstance(value, ast.Name):
            raise Undecided(UNSEEN)
        elif (passing := self._passing(value)) is not None:
            yield from self._passed(passing, value)
        else:
            yield from self._of_name(value)

    def _of_name(self, value: ast.Name) -> Iterator[Entry]:
        """The entries of a dict that has a name, and what is put into it."""
        holder, made = made_once(self.module, value)
        uses = [load for load in self.module.names.loads(holder.node, value.id) if load is not value]
        more = [entry for load in uses for entry in self._put(load)]
        is_shared = any(self._is_spread(load) for load in uses)
        for entry in [*self._written(made), *more]:
            yield entry._replace(form=Form.SHARED) if is_shared else entry

    def _written(self, made: ast.expr) -> Iterator[Entry]:
        if isinstance(made, ast.Dict):
            yield from dict_entries(self.module, made)
        elif isinstance(made, ast.Call) and called_name(made.func) == "dict" and not made.args:
            yield from Entries(self.program, self.module, made, ()).all
        else:
            raise Undecided(UNSEEN)

    def _is_spread(self, load: ast.Name) -> bool:
        around = self.module.names.parents.get(load)
        return isinstance(around, ast.keyword) and around.arg is None

    def _put(self, load: ast.Name) -> Iterator[Entry]:
        """What is put into a dict by its name: `params["key"] = value`, `params.update(more)`."""
        parents = self.module.names.parents
        around = parents.get(load)
        outer = parents.get(around) if around else None
        call = parents.get(outer) if outer else None
        match around, outer:
            case ast.Subscript(slice=ast.Constant(value=str(key)) as said, ctx=ast.Store()), ast.Assign(
                targets=[stored], value=value
            ):
                start, end = place(self.source, stored)
                yield Entry(key, value, self.module, Form.STORE, place(self.source, said), start, end, stored)
            case ast.Attribute(attr="update"), ast.Call(args=[ast.Name() as more], keywords=[]) if isinstance(
                call, ast.Expr
            ) and (passing := self._passing(more)):
                yield from self._passed(passing, more)
            case _ if not self._is_spread(load):
                raise Undecided(f"{load.id}, which brings its arguments, is used for something else too")

    # --- by callers ---------------------------------------------------------------------------------------------------

    def _passing(self, name: ast.Name) -> FunctionNode | None:
        """The function around, if it takes all else that it is given by a name (`**more`) and only hands it on."""
        function = self.module.names.scope(name).function.node
        is_rest = isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) and function.args.kwarg is not None
        if not is_rest or not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        rest = function.args.kwarg
        is_read_once = len(self.module.names.loads(function, name.id)) == 1
        return function if rest is not None and rest.arg == name.id and is_read_once else None

    def _passed(self, function: FunctionNode, name: ast.Name) -> Iterator[Entry]:
        """What the callers of a function give it beside its own parameters."""
        sites = self.program.callers.sites(function)
        named = self.program.project.calls_of(getattr(function, "name", ""))
        own = {arg.arg for arg in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}
        if not sites or len(sites) < len(named):
            raise Undecided(f"what **{name.id} brings is given by callers that cannot all be seen")
        for site in sites:
            call = site.node
            if not isinstance(call, ast.Call) or any(keyword.arg is None for keyword in call.keywords):
                raise Undecided(f"what **{name.id} brings is given by callers that cannot all be seen")
            for keyword in call.keywords:
                if keyword.arg not in own:
                    yield keyword_entry(site.module, keyword, call, Form.PASSED)

    # --- rewriting ----------------------------------------------------------------------------------------------------

    def insertion(self, given: Sequence[str], gone: Sequence[Entry]) -> Iterator[Edit]:
        """The edits that put new arguments before the others."""
        if not given:
            return
        items = sorted(_items_of(self.source, self.call, self.skip))
        joined_up = ", ".join(given)
        if not items:
            skipped = self.call.args[: self.skip]
            at = place(self.source, skipped[-1])[1] if skipped else place(self.source, self.call)[1] - 1
            yield Edit(at, at, f", {joined_up}" if skipped else joined_up)
            return
        at = items[0][0]
        is_all = sum(entry.group is self.call for entry in gone) == len(items)
        yield Edit(at, at, joined_up if is_all else self._apart(given, at))

    def _apart(self, given: Sequence[str], at: int) -> str:
        """New arguments before the one at an offset, each on its own line if that stands on one."""
        before = self.source.body[:at].decode()
        line = before[before.rfind("\n") + 1 :]
        if "\n" in before and not line.strip(" \t"):
            end = "\r\n" if before[: -len(line) or None].endswith("\r\n") else "\n"
            return "".join(f"{argument},{end}{line}" for argument in given)
        return "".join(f"{argument}, " for argument in given)

    def removal(self, gone: Sequence[Entry]) -> Iterator[tuple[Source, Edit]]:
        """The edits that take arguments out, each with its file. Raises Undecided for those that cannot be."""
        if stuck := [entry for entry in gone if not entry.is_here or entry.form is Form.SHARED]:
            raise Undecided(f"{stuck[0].name} goes, and is {stuck[0].form.value}")
        for group in dict.fromkeys(entry.group for entry in gone):
            members = [entry for entry in gone if entry.group is group]
            source = members[0].source
            siblings = sorted(_items_of(source, group, self.skip if group is self.call else 0))
            for edit in cut(source, siblings, {entry.start for entry in members}):
                yield source, edit


def made_once(module: Module, name: ast.Name) -> tuple[Scope, ast.expr]:
    """What a name is given, and the scope it is one of, if it is given that only. Raises Undecided."""
    scope = module.names.scope(name).function
    holder = scope.holder(name.id)
    bindings = [b for b in holder.bindings[name.id] if b.how != "update"] if holder else []
    made = bindings[0].value if len(bindings) == 1 and bindings[0].how == "assign" else None
    if made is None or holder is None or name.id in scope.outer_names:
        raise Undecided(UNSEEN)
    return holder, made


def cut(source: Source, siblings: Sequence[tuple[int, int]], starts: set[int]) -> Iterator[Edit]:
    """The edits that take some of the items of a call or a dict out."""
    for is_gone, members in groupby(range(len(siblings)), lambda index: siblings[index][0] in starts):
        if is_gone:
            run = list(members)
            start, end = _reach(siblings, run[0], run[-1])
            if len(run) == len(siblings) and (comma := COMMA.match(source.body, end)):
                end = comma.end()  # behind the last of them
            if b"#" not in source.body[start:end]:
                yield Edit(start, end, "")
            else:
                yield from (_alone(source, *siblings[index]) for index in run)


def _reach(siblings: Sequence[tuple[int, int]], first: int, last: int) -> tuple[int, int]:
    """From where to where some items go, with what stands between them and the next or the one before."""
    if last + 1 < len(siblings):
        return siblings[first][0], siblings[last + 1][0]
    return siblings[first - 1][1] if first else siblings[first][0], siblings[last][1]


def _alone(source: Source, start: int, end: int) -> Edit:
    """An item and its comma, without the comments around."""
    comma = COMMA.match(source.body, end)
    return Edit(start, comma.end() if comma else end, "")


def keyword_entry(module: Module, keyword: ast.keyword, call: ast.Call, form: Form) -> Entry:
    start, end = place(module.source, keyword)
    name = str(keyword.arg)
    return Entry(name, keyword.value, module, form, (start, start + len(name.encode())), start, end, call)


def dict_entries(module: Module, written: ast.Dict) -> Iterator[Entry]:
    """The entries of a dict as it is written. Raises Undecided where a key is not."""
    source = module.source
    for key, value in zip(written.keys, written.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise Undecided(UNSEEN if key is None else "a key of its arguments is not written out")
        head = place(source, key)
        yield Entry(key.value, value, module, Form.ENTRY, head, head[0], place(source, value)[1], written)


def named(entry: Entry, names: Mapping[str, str]) -> list[Edit]:
    """The edits that give an argument its new name and value: values by names, empty for as it is."""
    (name, value), *others = names.items()
    source = entry.source
    is_same = name == entry.name and not value and not others
    if entry.form is Form.SHARED and not is_same:
        raise Undecided(f"{entry.name} is an {Form.SHARED.value}")
    if others:
        if entry.form is Form.STORE:
            raise Undecided(f"{entry.name}, which becomes several, is stored in a dict")
        both = ", ".join(_written(entry, n, v or text(source, entry.value)) for n, v in names.items())
        return [Edit(entry.start, entry.end, both)]
    edits = []
    if name != entry.name or entry.form is Form.POSITION:
        edits.append(Edit(*entry.head, _head(entry, name)))
    if value:
        edits.append(Edit(*place(source, entry.value), value))
    return edits


def _written(entry: Entry, name: str, value: str) -> str:
    return f'"{name}": {value}' if entry.form is Form.ENTRY else f"{name}={value}"


def _head(entry: Entry, name: str) -> str:
    if entry.form is Form.POSITION:
        return f"{name}="
    written = entry.source.body[entry.head[0] : entry.head[1]].decode()
    if written == entry.name:
        return name
    if written[0] not in "'\"":
        raise Undecided(f"the key {entry.name} is not written plainly")
    return f"{written[0]}{name}{written[0]}"


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
    """The edits with those as one that put something in at the same place, in their order, and once."""
    found: dict[tuple[int, int], dict[str, None]] = {}
    others = []
    for edit in edits:
        if edit.start == edit.end:
            found.setdefault((edit.start, edit.end), {})[edit.text] = None
        else:
            others.append(edit)
    return _in_place_of_lines(others, [Edit(*at, "".join(texts)) for at, texts in found.items()])


def _in_place_of_lines(others: Sequence[Edit], put: Sequence[Edit]) -> list[Edit]:
    """The edits with a line that is put in behind one that goes in the place of that."""
    found, rest = [*others], [*put]
    for edit in put:
        gone = next((o for o in found if not o.text and o.start < edit.start < o.end), None)
        line = edit.text.lstrip("\r\n")
        if gone is not None and line != edit.text:
            found[found.index(gone)] = gone._replace(text=f"{line}{edit.text[: -len(line)]}")
            rest.remove(edit)
    return [*found, *rest]


def by_source(edits: Iterable[tuple[Source, Edit]]) -> dict[Source, list[Edit]]:
    """Edits by the file they are made in."""
    found: dict[Source, list[Edit]] = defaultdict(list)
    for source, edit in edits:
        found[source].append(edit)
    return found

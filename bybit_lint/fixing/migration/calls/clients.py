"""Where the clients of one file are imported and made: `from pybit.unified_trading import HTTP`, `HTTP(testnet=True)`.

A file can import one version of pybit only: either all of its clients are those of V5 then, or none.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.values.terms import ListTerm
from bybit_lint.clients import pybit_legacy
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.editing.lines import newline
from bybit_lint.fixing.editing.names import Names
from bybit_lint.fixing.editing.statements import without
from bybit_lint.fixing.migration.arguments.entries import Entries, Entry, Form, joined, named, place
from bybit_lint.fixing.migration.arguments.values import MAINNET, Values, network
from bybit_lint.fixing.migration.calls.dialects import MAKERS
from bybit_lint.fixing.migration.calls.sightings import SINGLE, Sighting
from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.knowledge import migrations
from bybit_lint.tuples import NamedTuple

PACKAGE = "pybit"
LATE = "its host is known only at run time: it is mainnet only where that is https://api.bybit.com"
OWN = "{} is a module of the bot's own, which hides the client of that name: only you know what its calls become"
CURRENT = "pybit.unified_trading"
CLASSES = ("HTTP", "WebSocket")
MODULES = frozenset({f"{PACKAGE}.{folder}{name}" for folder in ("", "legacy.") for name in pybit_legacy.MODULES})
LEGACY = {path: "WebSocket" if path.endswith("WebSocket") else "HTTP" for path in MAKERS}
"""The classes of today, by what made the clients of before."""
PACKAGES = frozenset(path.partition(".")[0] for path in LEGACY)
EXCEPTIONS = "pybit.exceptions"
MOVED = {f"{PACKAGE}.{name}": name for name in ("FailedRequestError", "InvalidRequestError")}
"""What the package gave itself before V5, and a module of it gives now."""
GIVEN = LEGACY | MOVED


class Imported(NamedTuple):
    """One name that an import gives to a class or a module of an older client."""

    statement: ast.Import | ast.ImportFrom
    alias: ast.alias
    path: str
    """What it stands for: `pybit.HTTP`, `pybit.usdt_perpetual`, `pybit` itself."""

    @property
    def local(self) -> str:
        return self.alias.asname or (self.path if isinstance(self.statement, ast.ImportFrom) else self.alias.name)

    @property
    def is_class(self) -> bool:
        return self.path in LEGACY


class Imports:
    """The imports of older clients in one file, and what they are used for. Raises Undecided."""

    def __init__(self, project: Project, module: Module) -> None:
        self.project, self.module, self.source = project, module, module.source

    def own(self) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
        """Those of a module of the bot's own that has the name of an older client, each with that name."""
        for node in self.statements:
            for package in dict.fromkeys(path.partition(".")[0] for path in _paths(node)):
                if package in PACKAGES and self._is_own(package):
                    yield node, package

    def _is_own(self, package: str) -> bool:
        return self.project.imported(self.module, 0, package) is not None

    @cached_property
    def statements(self) -> list[ast.Import | ast.ImportFrom]:
        """Those that import something older."""
        return [node for node in self._all if any(map(_is_legacy, _paths(node))) or self._is_whole(node)]

    def givers(self, name: str) -> list[Module]:
        """The modules of the bot's own that the file has a class of an older client from, which keeps its name there.

        `from broker import *`, where the broker's file says `from pybit import HTTP`.
        """
        found = []
        for node in self._all:
            if isinstance(node, ast.ImportFrom) and any(a.name in ("*", name) and not a.asname for a in node.names):
                origin = self.project.imported(self.module, node.level, node.module or "")
                if origin is not None and origin.is_readable and Imports(self.project, origin).gives(name):
                    found.append(origin)
        return found

    def gives(self, name: str) -> bool:
        """True if the file imports a class of an older client by that name."""
        named = (pair for node in self.statements if isinstance(node, ast.ImportFrom) for pair in _aliases(node))
        return any(path in LEGACY and (alias.asname or alias.name) == name for alias, path in named)

    @cached_property
    def changed(self) -> list[ast.Import | ast.ImportFrom]:
        """Those that are others in V5: of older clients, and of what has moved since."""
        return [n for n in self._all if n in self.statements or any(path in MOVED for path in _paths(n))]

    @property
    def _all(self) -> Iterator[ast.Import | ast.ImportFrom]:
        return (node for node in ast.walk(self.source.tree) if isinstance(node, (ast.Import, ast.ImportFrom)))

    def _is_whole(self, node: ast.Import | ast.ImportFrom) -> bool:
        """True for `import pybit`, if a class of an older client is reached through it."""
        bare = [(a.asname or a.name, a.name) for a in node.names if a.name in PACKAGES]
        return isinstance(node, ast.Import) and any(any(True for _ in self._reached(*each)) for each in bare)

    def _reached(self, name: str, path: str) -> Iterator[tuple[ast.Attribute, str]]:
        """Where a class is reached through a module by a name: `pybit.usdt_perpetual.HTTP`."""
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                dotted = _dotted(node)
                wanted = GIVEN.get(f"{path}{dotted[len(name) :]}") if dotted.startswith(f"{name}.") else None
                if wanted is not None:
                    yield node, wanted

    def edits(self) -> list[Edit]:
        """New imports in the place of the old ones, and new names for what they gave. Raises Undecided."""
        if self._is_own(PACKAGE):
            raise Undecided(OWN.format(PACKAGE))
        if any(path.startswith(CURRENT) for node in self._all for path in _paths(node)):
            raise Undecided("the file imports the client of V5 too")
        edits: list[Edit] = []
        for scope in dict.fromkeys(map(self.module.names.scope, self.changed)):
            edits += self._of_scope([s for s in self.changed if self.module.names.scope(s) is scope])
        return edits

    def _of_scope(self, statements: Sequence[ast.Import | ast.ImportFrom]) -> list[Edit]:
        needed: dict[str, str] = {}
        edits: list[Edit] = []
        kept: dict[ast.stmt, list[str]] = {}
        for statement in statements:
            kept[statement] = [
                _alias(a) for a, path in _aliases(statement) if path not in MODULES and path not in GIVEN
            ]
            for alias, path in _aliases(statement):
                made = list(self._renamed(alias, path, needed))
                if path in PACKAGES and len(made) == self._uses(alias.asname or path):
                    kept[statement].remove(_alias(alias))
                edits += made
        return [*edits, *self._written(kept, needed)]

    def _uses(self, name: str) -> int:
        nodes = ast.walk(self.source.tree)
        return sum(isinstance(node, ast.Name) and node.id == name for node in nodes)

    def _renamed(self, alias: ast.alias, path: str, needed: dict[str, str]) -> Iterator[Edit]:
        """The edits of what an imported name is used for; what has to be imported instead is put into `needed`."""
        if path in GIVEN:
            name = GIVEN[path]
            local = alias.asname or path.rpartition(".")[2]
            if needed.setdefault(local, name) != name:
                raise Undecided(f"the name {local} means several things")
            return
        if not _is_legacy(path) and path not in PACKAGES:
            return
        name = alias.asname or alias.name
        reached = list(self._reached(name, path))
        if path not in PACKAGES and len(reached) != self._loads(name):
            raise Undecided(f"{name} is used for something else than its clients")
        for node, wanted in reached:
            local = self._local(wanted)
            needed[local] = wanted
            yield Edit(*place(self.source, node), local)

    def _loads(self, name: str) -> int:
        """How often a module is mentioned by a name, dotted or not."""
        nodes = (node for node in ast.walk(self.source.tree) if isinstance(node, (ast.Name, ast.Attribute)))
        return sum(_dotted(node) == name for node in nodes)

    def _local(self, name: str) -> str:
        """What a class can be called in the file."""
        names = Names(self.source)
        for local in (name, f"Bybit{name}"):
            bound = self.module.names.module.bindings.get(local, [])
            is_ours = bool(bound) and all(b.how == "import" and b.statement in self.changed for b in bound)
            if is_ours or not names.is_taken(local, f"{CURRENT}.{name}", len(self.source.body)):
                return local
        raise Undecided(f"the names {name} and Bybit{name} mean something else in this file")

    def _written(self, kept: dict[ast.stmt, list[str]], needed: dict[str, str]) -> Iterator[Edit]:
        """The import of today in the place of the first old one, what else that imported, and nothing of the others."""
        new = [*_imports(CURRENT, needed, CLASSES), *_imports(EXCEPTIONS, needed, MOVED.values())]
        for statement, others in kept.items():
            lines = [_import(statement, others)] if others else []
            lines += new
            new = []
            start, end = place(self.source, statement)
            if lines:
                blanks = " " * statement.col_offset
                yield Edit(start, end, f"{newline(self.source)}{blanks}".join(lines))
            else:
                yield without(self.source, statement)


def _imports(module: str, needed: Mapping[str, str], names: Collection[str]) -> Iterator[str]:
    """The import of what is needed of a module, by what it is called in the file."""
    listed = [n if n == local else f"{n} as {local}" for local, n in sorted(needed.items()) if n in names]
    if listed:
        yield f"from {module} import {', '.join(listed)}"


def _paths(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [path for _, path in _aliases(node)]


def _aliases(node: ast.Import | ast.ImportFrom) -> list[tuple[ast.alias, str]]:
    """What an import names, and the dotted path of each."""
    if isinstance(node, ast.Import):
        return [(alias, alias.name) for alias in node.names]
    found = [(alias, f"{node.module}.{alias.name}") for alias in node.names] if node.module and not node.level else []
    if any(alias.name == "*" for alias, path in found if path.startswith(f"{PACKAGE}.")):
        raise Undecided("its import brings all there is")
    return found


def _is_legacy(path: str) -> bool:
    return path in LEGACY or path in MODULES


def _alias(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _import(statement: ast.stmt, names: Sequence[str]) -> str:
    if isinstance(statement, ast.ImportFrom):
        return f"from {statement.module} import {', '.join(names)}"
    return f"import {', '.join(names)}"


def _dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=base, attr=attr):
            inner = _dotted(base)
            return f"{inner}.{attr}" if inner else ""
    return ""


# --- the making -------------------------------------------------------------------------------------------------------


class Makers:
    """Rewrites the calls that make clients."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.doubts: list[str] = []

    def edits(self, sighting: Sighting, channel: str = "") -> list[Edit]:
        """The edits of one call, which say of a socket which channel it is for. Raises Undecided."""
        known = migrations.migrations()[SINGLE if sighting.client == SINGLE else sighting.client, sighting.method]
        if known.level == migrations.MANUAL:
            raise Undecided(known.because)
        source = sighting.module.source
        edits = [*self._spread(sighting, [*known.arguments])]
        entries = Entries(self.values.program, sighting.module, sighting.node, [*known.arguments], skip=len(edits))
        gone: list[Entry] = []
        has_network = False
        for entry in entries.all:
            way = known.arguments.get(entry.name)
            if way is None:
                raise Undecided(f"{entry.name} has no counterpart")
            if not way.new:
                if way.only and str(self.values.value(entry.module, entry.value).constant) != way.only:
                    raise Undecided(f"{entry.name} has no counterpart")
                gone.append(entry)
                continue
            (parameter,) = way.new
            if parameter.how == "host":
                edits.append(self._host(sighting.module, entry))
                continue
            has_network |= parameter.name == "testnet"
            value = self.values.converted(parameter.how, self.values.value(sighting.module, entry.value))
            edits += self._own(source, entry, named(entry, {parameter.name: value}))
        given = [f'channel_type="{channel}"'] if channel else []
        if channel and not has_network:
            given.append("testnet=False")
        if not has_network and "testnet" in known.added:
            given.append(f"testnet={known.added['testnet']}")
        removed = [edit for _, edit in entries.removal(gone)]
        return [*joined([*entries.insertion(given, gone), *edits]), *removed]

    def _spread(self, sighting: Sighting, names: Sequence[str]) -> Iterator[Edit]:
        """The items of a list that brings all that is given by position, by their names: `API(*keys)`."""
        match sighting.node.args:
            case [ast.Starred(value=ast.Name() | ast.Attribute() as given) as spread]:
                term = self.values.program.evaluator.evaluate(sighting.module, given)
                known = migrations.migrations()[sighting.client, sighting.method].arguments
                items = term.items if isinstance(term, ListTerm) and term.is_closed else ()
                if not 0 < len(items) <= len(names):
                    raise Undecided("how many things its list brings is not seen")
                source = sighting.module.source
                new = [known[name].new for name in names[: len(items)]]
                if any(len(each) != 1 or each[0].how for each in new):
                    raise Undecided("it takes names only")
                written = (f"{each[0].name}={source.text(given)}[{index}]" for index, each in enumerate(new))
                yield Edit(*place(source, spread), ", ".join(written))

    def _own(self, source: Source, entry: Entry, edits: list[Edit]) -> list[Edit]:
        """The edits of one argument, which has to stand in the file that makes the client."""
        if edits and entry.source is not source:
            raise Undecided(f"{entry.name} is given in another file")
        return edits

    def _host(self, module: Module, entry: Entry) -> Edit:
        """The arguments that select the host, in the place of its address."""
        if entry.form not in (Form.KEYWORD, Form.POSITION):
            raise Undecided("its host is put together elsewhere")
        selected = network(self.values.value(module, entry.value))
        if MAINNET in selected.get("testnet", ""):
            self.doubts.append(LATE)
        return Edit(entry.start, entry.end, ", ".join(f"{name}={value}" for name, value in selected.items()))


def sources(makers: Sequence[Sighting]) -> list[Source]:
    return list(dict.fromkeys(sighting.module.source for sighting in makers))

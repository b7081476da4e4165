"""The files of one project, linked: which module a name is imported from, and who calls a function by its name."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib.util import source_hash
from typing import TYPE_CHECKING

from bybit_lint.analysis import imports
from bybit_lint.analysis.bounds import MAX_DATA
from bybit_lint.analysis.imports import Import, Layout
from bybit_lint.analysis.links import Links, meant, reached
from bybit_lint.analysis.source import Source, Unreadable, once_per_source
from bybit_lint.inputs.filenames import LISTS, manifest
from bybit_lint.knowledge.accounts import UNKNOWN, Account
from bybit_lint.patterns import regex

if TYPE_CHECKING:  # a run that finds all in the cache looks into no file
    from bybit_lint.analysis.syntax.index import ModuleIndex
    from bybit_lint.analysis.syntax.mapping_receivers import MappingReceivers
    from bybit_lint.analysis.syntax.scopes import Binding

SHIM_MARK = b"# bybit-lint shim "
"""How the shim begins, and each copy of it."""

NAMED = regex(rb"ybit(?!s\b|\.?es\b)")
"""Bybit or a client of its, by name; many programs that have nothing to do with it say numpyBits or link to PyBites."""
TESTS = {"test", "tests", "testing"}
TESTING = (b"pytest", b"unittest", b"def test_", b"mock")
"""What a file says that is run by a test runner."""

_imports = once_per_source(lambda source: frozenset(imports.found(source.data)))


@once_per_source
def _names(source: Source) -> ModuleIndex:
    from bybit_lint.analysis.syntax.index import ModuleIndex

    return ModuleIndex(source.tree)


class Module:
    """One file of the project with the index of its names."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @cached_property
    def names(self) -> ModuleIndex:
        return _names(self.source)

    @cached_property
    def mappings(self) -> MappingReceivers:
        """What the file uses as a dict."""
        from bybit_lint.analysis.syntax.mapping_receivers import MappingReceivers

        return MappingReceivers(self.names)

    def let_go(self) -> None:
        """Forget what was worked out of the file, see `Source.let_go`."""
        for found in ("names", "mappings"):
            self.__dict__.pop(found, None)
        self.source.let_go()

    @property
    def imports(self) -> frozenset[Import]:
        """What the file imports: how many folders up, the dotted name, and the name taken from there."""
        return _imports(self.source)

    @cached_property
    def concerns_bybit(self) -> bool:
        """Whether the file speaks of Bybit itself, rather than being linked to one that does."""
        return concerns_bybit(self.source.data)

    @property
    def is_shim(self) -> bool:
        """Whether the file is a bot's own copy of the shim, which is to be known by what it does, not followed."""
        return self.source.data.startswith(SHIM_MARK)

    @cached_property
    def is_test(self) -> bool:
        """Whether the file only tries others out: who calls them from here decides nothing about the bot."""
        name = self.source.place.rpartition("/")[2]
        is_called_so = name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"
        return (is_called_so or self.is_among_tests) and any(word in self.source.data for word in TESTING)

    def counts_for(self, home: Module | None) -> bool:
        """False for what a test sets on something that is no test's, be it of nobody knows which file."""
        return not self.is_test or (home is not None and home.is_test)

    @cached_property
    def is_among_tests(self) -> bool:
        """Whether the file lies in a folder of tests, where keys and orders are made up."""
        return not TESTS.isdisjoint(self.source.place.lower().split("/")[:-1])

    @cached_property
    def is_readable(self) -> bool:
        try:
            return self.source.tree is not None
        except Unreadable:
            return False


class Project:
    """Files that are judged together. Only those that can have to do with Bybit are read, see `modules`."""

    def __init__(self, sources: Iterable[Source], account: Account = UNKNOWN) -> None:
        every = list(sources)
        self.account = account
        """What the config says of the account that it trades on."""
        self.manifests = [source for source in every if not source.is_code]
        """The files that say what is installed with the code."""
        code = [s for s in every if s.is_code and (len(s.data) <= MAX_DATA or concerns_bybit(s.data))]
        self._by_file = {source.place: Module(source) for source in sorted(code, key=lambda source: source.place)}
        self._layout = Layout(self._by_file, self._imports, self._needs)
        self._links = Links(self._by_file, self._imports, self._imported_by)
        self._bare: dict[str, Module] = {}
        self.looked_into: set[Module] = set()
        """Files that are not read, of which somebody asked what is in them nevertheless."""
        self._said: dict[bytes, bool] = {}
        self._calls_of: dict[str, list[tuple[Module, ast.Call]]] = {}
        self.checkpoint: Callable[[], None] = nothing
        """What is called for each file on the way: it may raise, other than an Exception, to stop the analysis."""

    @cached_property
    def modules(self) -> Mapping[str, Module]:
        """By path: the files that speak of Bybit, those that import them in turn, and all that these import.

        Nothing else can get hold of a session or of a wrapper around it: it is imported, or passed to what is imported.
        """
        kept = {file for file, module in self._by_file.items() if module.concerns_bybit}
        if kept:
            kept = reached(reached(kept, self._links.importers), self._links.imported)
        return {module.source.path: module for file, module in self._by_file.items() if file in kept}

    @property
    def parts(self) -> Iterator[Project]:
        """The files that are read, in groups that no import connects: what is found in one depends on no other."""
        files = [module.source.place for module in self.modules.values()]
        links, left = self._links.within(files), set(files)
        for file in files:
            if file in left:
                part = reached([file], links.around)
                left -= part
                modules = {path: module for path, module in self.modules.items() if module.source.place in part}
                yield self._part(modules, links)

    @property
    def units(self) -> Iterator[tuple[Source, Project]]:
        """Every file that can have to do with Bybit, with the part of the project that tells of it.

        Manifests are told of by the whole project, and only if there is a bot in it.
        """
        for part in self.parts:
            yield from ((module.source, part) for module in part.modules.values())
        if self.modules:
            yield from ((source, self) for source in self.manifests)

    def _part(self, modules: Mapping[str, Module], links: Links) -> Project:
        """Some of the files that are read, as a project of their own; what was found of their imports is kept."""
        part = Project(self.manifests, self.account)
        part._by_file, part._layout, part._bare = self._by_file, self._layout, self._bare
        part.checkpoint = self.checkpoint
        part.modules = modules
        part._links = links
        return part

    @property
    def _needs(self) -> dict[str, bytes]:
        """What is written of what has to be installed, by folder."""
        found: dict[str, bytes] = {}
        for source in self.manifests:
            if manifest(source.place) in LISTS:
                folder = imports.folder_of(source.place)
                found[folder] = found.get(folder, b"") + b"\n" + source.data
        return found

    def holds(self, place: str) -> bool:
        """Whether there is a file of code at a place of the project (`bot/pybit.py`), read or not."""
        return place in self._by_file

    def source_at(self, place: str) -> Source | None:
        """The file of code at a place of the project."""
        found = self._by_file.get(place)
        return None if found is None else found.source

    def module(self, source: Source) -> Module:
        """The module of a source of this project."""
        return self.modules[source.path]

    @cached_property
    def readable(self) -> list[Module]:
        return [module for module in self.modules.values() if module.is_readable]

    @cached_property
    def _callers(self) -> dict[str, list[tuple[Module, str]]]:
        """By the last name of what is called: the files that call it, each with the name it goes by there."""
        found: dict[str, list[tuple[Module, str]]] = defaultdict(list)
        for module in self.readable:
            aliases = module.names.aliases
            for name in module.names.calls_named:
                found[name].append((module, name))
                if name in aliases:
                    found[aliases[name]].append((module, name))
        return found

    def calls_of(self, name: str) -> Sequence[tuple[Module, ast.Call]]:
        """Every call in the project whose callee ends in `name`, or in what it was imported as."""
        if name not in self._calls_of:
            users = self._callers.get(name, ())
            self._calls_of[name] = [(module, c) for module, known in users for c in _called(module, known, name)]
        return self._calls_of[name]

    @cached_property
    def _deferred(self) -> dict[str, list[tuple[Module, ast.Call, ast.expr, int]]]:
        from bybit_lint.analysis.syntax.deferred_calls import DEFERRING, JOBS, THREADS, later_callee
        from bybit_lint.analysis.syntax.nodes import called_name

        found: dict[str, list[tuple[Module, ast.Call, ast.expr, int]]] = defaultdict(list)
        for module in self.readable:
            for call in (c for name in (*DEFERRING, *THREADS, *JOBS) for c in module.names.calls_named.get(name, ())):
                called, skip = later_callee(call)
                if called is not call.func:
                    found[called_name(called)].append((module, call, called, skip))
        return found

    def deferred(self, name: str) -> list[tuple[Module, ast.Call, ast.expr, int]]:
        """The calls that are given what ends in `name` to call it: what that is, how many arguments are not for it."""
        return self._deferred.get(name, [])

    def binds(self, name: str, *, is_attribute: bool = False) -> bool:
        """Whether anything in the project is given this name: a variable, a parameter, an attribute, or only these."""
        return name in self._attributes or (not is_attribute and name in self._locals)

    @cached_property
    def _attributes(self) -> set[str]:
        """The names by which modules, classes and objects know something."""
        scopes = [scope for module in self.readable for scope in module.names.scopes.values()]
        held = (path for scope in scopes for path in scope.bindings if not scope.is_function or "." in path)
        return {path.rpartition(".")[2] for path in held}

    @cached_property
    def _locals(self) -> set[str]:
        """The names of the variables and parameters of functions."""
        scopes = (scope for module in self.readable for scope in module.names.scopes.values() if scope.is_function)
        return {path for scope in scopes for path in scope.bindings}

    def renames(self, name: str) -> bool:
        """Whether anything in the project is given this name that has another one where it is defined."""
        return name in self._renamed

    @cached_property
    def _renamed(self) -> set[str]:
        scopes = (scope for module in self.readable for scope in module.names.scopes.values())
        found = (b for scope in scopes for bindings in scope.bindings.values() for b in bindings)
        return {binding.path.rpartition(".")[2] for binding in found if not _keeps_name(binding)}

    @cached_property
    def knows_decimals(self) -> bool:
        """False if no file speaks of Decimal: then the quotient of two numbers is a float."""
        return self.says(b"Decimal")

    def says(self, word: bytes) -> bool:
        """Whether a word occurs in any of the files that are read."""
        if word not in self._said:
            self._said[word] = any(word in module.source.data for module in self.modules.values())
        return self._said[word]

    @cached_property
    def links(self) -> bytes:
        """A digest of where all files lie and what they import: all that a part of the project knows of the others."""
        links = [(place, sorted(map(tuple.__repr__, module.imports))) for place, module in self._by_file.items()]
        return source_hash(repr(links).encode("utf-8", "surrogatepass"))

    # Links -----------------------------------------------------------------------------------------------------------

    def imported(self, importer: Module, level: int, dotted: str) -> Module | None:
        """The module of the project that `from ...dotted import` in `importer` means; None if it is not one of ours."""
        place = self._layout.imported(importer.source.place, level, dotted)
        return None if place is None else self._at(place)

    def package(self, importer: Module, dotted: str) -> Module | None:
        """The package that `import dotted` in `importer` binds: `a` for `a.b.c`, be it without an `__init__.py`."""
        place = self._layout.imported(importer.source.place, 0, dotted)
        if place is None:
            return None
        return self._at("/".join(place.split("/")[: -dotted.count(".") or None]))

    def within(self, package: Module, name: str) -> Module | None:
        """The module or package `name` in a package."""
        file = package.source.place
        return self._at(imports.joined(imports.folder_of(file), name)) if imports.is_package(file) else None

    def _at(self, place: str) -> Module | None:
        file = self._layout.file(place)
        if file is not None:
            module = self._by_file[file]
            if "modules" in vars(self) and module.source.path not in self.modules:  # known, not just being worked out
                self.looked_into.add(module)
            return module
        return self._namespace(place) if self._layout.has_folder(place) else None

    def _namespace(self, place: str) -> Module:
        """A folder without an `__init__.py`, which Python takes for a package in which nothing is said."""
        file = imports.joined(place, "__init__.py")
        return self._bare.setdefault(place, Module(Source(file, b"", file)))

    def has_file(self, name: str) -> bool:
        """Whether a file or folder goes by a name, wherever it lies, in large or small letters."""
        return self._layout.goes_by(name)

    def is_imported(self, module: Module) -> bool:
        """Whether another file of the project imports a module."""
        return bool(self._links.importers(module.source.place) - {module.source.place})

    def around(self, module: Module) -> set[Module]:
        """A module, those that import it, and all that these import in turn."""
        file = module.source.place
        return {self._by_file[other] for other in reached({file, *self._links.importers(file)}, self._links.imported)}

    def _imports(self, file: str) -> frozenset[Import]:
        return self._by_file[file].imports

    def _imported_by(self, file: str) -> Iterator[str]:
        """The files that the imports of a file may give access to."""
        for level, dotted, name in self._imports(file):
            for each in meant(dotted, name):
                place = self._layout.imported(file, level, each)
                found = None if place is None else self._layout.file(place)
                if found is not None:
                    yield found


def nothing() -> None:
    """Do nothing."""


def _keeps_name(binding: Binding) -> bool:
    """True where what is bound has the name by its definition."""
    name = binding.extra[2] if isinstance(binding.extra, tuple) else None
    return binding.how in ("def", "class") or (binding.how == "import" and name in (None, binding.path))


def _called(module: Module, known: str, name: str) -> Iterator[ast.Call]:
    """The calls of what goes by the name `known` in a module, as far as that is `name` in the project."""
    original = module.names.aliases.get(known, known)
    for call in module.names.calls_named[known]:
        if name == (original if isinstance(call.func, ast.Name) else known):
            yield call


def concerns_bybit(data: bytes) -> bool:
    """Whether a file speaks of Bybit itself. One that does not may still call one that does, see `Project.modules`."""
    small = data.replace(b"\0", b"").lower()  # in UTF-16 they stand between the letters
    return (b"ybit" in small and NAMED.search(small) is not None) or b"x-bapi-" in small

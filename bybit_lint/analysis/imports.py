"""Imports: what the statements of a file name, and which file of the project that is."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, pairwise

from bybit_lint.analysis.bounds import MAX_MODULE_NAME
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

COMMENT = regex(rb"#[^\r\n]*")
CONTINUED = regex(rb"\\(?:\r\n|\r|\n)")
WORD = regex(rb"import(?<!\wimport)\b")  # ten times as fast as with another \b before it
ASKED = regex(rb"""import_module\(\s*[fr]?["'](\w[\w.]*)["']""")
"""A module that is asked for by its name while the bot runs."""
NAMES = regex(rb"\s*\(([^()]*)\)|([^\r\n;(]*)")
"""What stands after the word `import`: names in brackets, or to the end of the line."""
SUFFIXES = (".py", ".pyw")
KEPT_OUT = {
    *("config", "configs", "configuration", "constants", "credentials", "env", "key", "keys", "secret", "secrets"),
    *("settings", "local_settings", "api_keys", "apikeys", "private", "utils", "helpers", "common"),
}
"""Names of modules that may be missing, or of which each folder has its own."""
CAPITALS = {"Crypto", "Cryptodome", "IPython", "Levenshtein", "MySQLdb", "OpenSSL", "PIL", "PyQt5", "PyQt6", "Xlib"}
"""Other people's modules whose names have large letters."""
INSTALLED = {"site-packages", "dist-packages"}
"""Folders of other people's modules."""


class Import(NamedTuple):
    """`import dotted`, where `name` is None, or `from ..dotted import name`, where `level` counts the leading dots."""

    level: int
    dotted: str
    name: str | None


def found(data: bytes) -> Iterator[Import]:
    """Every import that may stand in a file. What only looks like one, in a text or comment, is taken for one.

    The bytes are enough for it: to parse every file of a project would take many times as long.
    """
    pieces = WORD.split(CONTINUED.sub(b" ", COMMENT.sub(b"", _as_far_as_imports(data))))
    for before, after in pairwise(pieces):
        if names := NAMES.match(after):
            last = max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
            yield from _statement(before[last:], names[1] or names[2])
    if b"import_module" in data:
        yield from (Import(0, name.decode(), None) for name in ASKED.findall(data) if len(name) <= MAX_MODULE_NAME)


def _as_far_as_imports(data: bytes) -> bytes:
    """What stands before the end of the last import, as the rest takes long: of most files, half of it."""
    last = data.rfind(b"import")
    start, end = data.rfind(b"\n", 0, max(last, 0)) + 1, data.find(b"\n", last)
    if last < 0 or end < 0 or not WORD.match(data, last):
        return data
    names = data[last + len(b"import") : end]
    is_among_others = b"#" in data[start:last]  # a comment may stand among the names of another import
    goes_on = not names.strip() or b"(" in names or b"\\" in names
    return data if is_among_others or goes_on else data[:end]


def _statement(before: bytes, names: bytes) -> Iterator[Import]:
    words = before.split()
    if len(words) > 1 and words[-2] == b"from" and len(words[-1]) <= MAX_MODULE_NAME:
        dotted = words[-1].decode(errors="replace")
        bare = dotted.lstrip(".")
        level = len(dotted) - len(bare)
        for name in _listed(names):
            yield Import(level, bare, name)
    elif not words or words[-1][-1:] in (b";", b":", b"\xbf"):  # \xbf ends a byte order mark
        for name in _listed(names):
            yield Import(0, name, None)


def _listed(names: bytes) -> Iterator[str]:
    for item in names.split(b","):
        words = item.split(None, 1)
        if words and len(words[0]) <= MAX_MODULE_NAME:
            yield words[0].decode(errors="replace")


class Layout:
    """Where the files of a project lie. A place is a module's path below the project's folder, without its suffix.

    An absolute import is looked for as Python does when the bot is started in the importing file's folder, in one above
    it or in a `src` of one of these. Failing that, it is the only module of the project that is called so, if the files
    around it import each other by their bare names, so that their folder is on the path (`PYTHONPATH`, `sys.path`), or
    the only package of that name in a `src`, from where distributions are installed; neither is sought in another
    application, which has a list of its own of what it needs, unless that of the importing file's names it.
    Failing that, too, it is one that is called so in other letters. Nothing is looked for above the project.
    """

    def __init__(
        self,
        files: Iterable[str],
        imports: Callable[[str], Iterable[Import]] = lambda _: (),
        needs: Mapping[str, bytes] = {},
    ) -> None:
        """`imports` says what a file imports, and `needs` by folder what is written there of what it needs."""
        self._imports, self._needs = imports, needs
        modules = sorted((file for file in files if file.endswith(SUFFIXES)), key=is_package)
        self._files = {place_of(file): file for file in modules}  # Python, too, prefers a package to a module
        self._folders = {above for folder in set(map(folder_of, self._files)) for above in outward(folder)}
        self._meant: dict[tuple[str, int, str], list[str]] = {}
        self._started: dict[str, tuple[Sequence[str], Sequence[str]]] = {}
        self._known = {place.rpartition("/")[2] for place in (*self._files, *self._folders)}

    def file(self, place: str) -> str | None:
        """The file at a place; a package's is its `__init__.py`."""
        return self._files.get(place)

    def has_folder(self, place: str) -> bool:
        """Whether there are modules below a place."""
        return place in self._folders

    def goes_by(self, name: str) -> bool:
        """Whether any file or folder of the project has a name, in large or small letters."""
        return name.lower() in self._lower

    @cached_property
    def _lower(self) -> set[str]:
        return {name.lower() for name in self._known}

    def imported(self, importer: str, level: int, dotted: str) -> str | None:
        """The place of what `from ...dotted import` means in the file `importer`; None if it is not the project's.

        A file does not import itself by its own name; a package imports its modules by it.
        """
        asked = (folder_of(importer), level, dotted)
        if asked not in self._meant:
            self._meant[asked] = list(self._places(*asked)) or list(self._in_other_letters(*asked))
        return next((place for place in self._meant[asked] if level or self._files[place] != importer), None)

    def _places(self, folder: str, level: int, dotted: str) -> Iterator[str]:
        """The places that an import in a folder may mean, the likeliest first."""
        below = dotted.replace(".", "/")
        starts = self._relative(folder, level) if level else self._absolute(folder, dotted.partition(".")[0])
        return (place for start in starts if (place := joined(start, below)) in self._files)

    def _in_other_letters(self, folder: str, level: int, dotted: str) -> Iterator[str]:
        """The only place that is meant if a package is written in other letters, large for small.

        git goes on calling a folder what it was called first, where it lies on a disk that does not tell them apart.
        What a package is asked for is its own: `Order` in `from desk import Order` is no `desk/order.py`.
        """
        root, _, last = dotted.rpartition(".")
        first = dotted.partition(".")[0]
        is_other = first != first.lower() and first not in CAPITALS and first.lower() not in sys.stdlib_module_names
        is_ours = bool(root) and (level > 0 or first in self._known)
        if not (is_ours or (is_other and not level)) or first.lower() not in self._lower:
            return
        starts = outward(folder) if not level else self._relative(folder, level)
        below = dotted.replace(".", "/")
        found = {place for start in starts for place in self._spelt.get(joined(start, below).lower(), ())}
        found = {place for place in found if not root or place.rpartition("/")[2] == last}
        if len(found) == 1:
            yield from found

    def _relative(self, folder: str, level: int) -> Iterator[str]:
        yield from islice(outward(folder), level - 1, level)

    def _absolute(self, folder: str, name: str) -> Iterator[str]:
        """The folders in which to look for a module or package `name`.

        Those inside of packages come last, as they only count if the file is started as a script, and never hide the
        standard library.
        """
        if name not in self._known:
            return
        outside, inside = self._starts(folder)
        yield from outside
        if name not in sys.stdlib_module_names:
            yield from inside
            yield from (found for found in self._elsewhere(name) if self._is_at_hand(folder, found))

    def _starts(self, folder: str) -> tuple[Sequence[str], Sequence[str]]:
        """The folders in which Python may have been started for a file in a folder: outside of packages, and inside."""
        if folder not in self._started:
            starts = [start for above in outward(folder) for start in (above, joined(above, "src"))]
            known = [start for start in starts if not start or start in self._folders]
            inside = [*filter(self._is_package, known)]
            self._started[folder] = [start for start in known if start not in inside], inside
        return self._started[folder]

    def _elsewhere(self, name: str) -> Iterator[str]:
        """The folder of the only module that has a name, if it is one in which modules of the bot's lie."""
        places = () if name.lower() in KEPT_OUT else self._by_name.get(name, ())
        laid_out = {folder_of(place) for place in places if self._is_package(place)} & self._sources
        if len(laid_out) == 1:
            yield from laid_out
        if len(places) == 1 and not is_package(self._files.get(places[0], "__init__.")):
            yield from self._roots & {folder_of(places[0])}

    def _is_at_hand(self, folder: str, other: str) -> bool:
        """False for a folder of another application, of which nothing is on the path of this one's files."""
        own, theirs = self._application(folder), self._application(other)
        if own is None or theirs is None or own in outward(other) or theirs in outward(folder):
            return True
        name = theirs.rpartition("/")[2].encode(errors="surrogateescape")
        return re.search(rb"(?<!\w)" + re.escape(name) + rb"(?!\w)", self._needs[own]) is not None

    def _application(self, folder: str) -> str | None:
        """The nearest folder around one in which it is written what is needed."""
        return next((around for around in outward(folder) if around in self._needs), None)

    @cached_property
    def _sources(self) -> set[str]:
        """The folders whose packages are installed with the project, wherever it is started: each distribution's `src`.

        https://packaging.python.org/en/latest/discussions/src-layout-vs-flat-layout/
        """
        return {folder for folder in self._folders if folder.rpartition("/")[2] == "src"}

    @cached_property
    def _spelt(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for place in self._files:
            found[place.lower()].append(place)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for place in {*self._files, *self._folders}:
            found[place.rpartition("/")[2]].append(place)
        return found

    @cached_property
    def _roots(self) -> set[str]:
        """The folders whose files import each other by their bare names, and that are no packages."""
        found = set()
        for place, file in self._files.items():
            folder = folder_of(place)
            is_own = not self._is_package(folder) and folder.rpartition("/")[2] not in INSTALLED
            if folder not in found and is_own and not is_package(file):
                names = (dotted.partition(".")[0] for level, dotted, _ in self._imports(file) if not level)
                if any(joined(folder, name) in self._files for name in names if joined(folder, name) != place):
                    found.add(folder)
        return found

    def _is_package(self, folder: str) -> bool:
        return is_package(self._files.get(folder, ""))


def is_package(file: str) -> bool:
    """Whether a file is the `__init__.py` of a package."""
    return file.rpartition("/")[2].startswith("__init__.")


def place_of(file: str) -> str:
    """The place of a file."""
    return folder_of(file) if is_package(file) else file.rpartition(".")[0]


def folder_of(place: str) -> str:
    """The folder in which something lies; that of the project is empty."""
    return place.rpartition("/")[0]


def joined(folder: str, name: str) -> str:
    """The place of `name` in a folder; without a name, the folder."""
    return f"{folder}/{name}" if folder and name else folder or name


def outward(folder: str) -> Iterator[str]:
    """A folder and those above it, up to that of the project."""
    while folder:
        yield folder
        folder = folder_of(folder)
    yield ""

"""Which files of a project import which, found for those that somebody asks about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from bybit_lint.analysis.imports import Import, folder_of, place_of


class Links:
    """What each file imports, and which files import it.

    To look up every import of a large project of which few files are bots takes longer than all else. But who imports
    a file calls it by its name, so only those are asked who do.
    """

    def __init__(
        self,
        files: Iterable[str],
        imports: Callable[[str], Iterable[Import]],
        find: Callable[[str], Iterable[str]],
    ) -> None:
        """`imports` are the imports of a file as they are written, and `find` finds the files that these mean."""
        self._files, self._imports, self._find = files, imports, find
        self._imported: dict[str, set[str]] = {}
        self._importers: dict[str, set[str]] = {}

    def imported(self, file: str) -> set[str]:
        """The files that a file imports."""
        if file not in self._imported:
            self._imported[file] = set(self._find(file))
        return self._imported[file]

    def importers(self, file: str) -> set[str]:
        """The files that import a file."""
        if file not in self._importers:
            naming = self._naming.get(_last_name(place_of(file)), ())
            self._importers[file] = {other for other in naming if file in self.imported(other)}
        return self._importers[file]

    def around(self, file: str) -> set[str]:
        """The files that a file is linked to, in either direction."""
        return self.imported(file) | self.importers(file)

    def within(self, files: Iterable[str]) -> Links:
        """The same for some of the files, as if there were no others."""
        ours = frozenset(files)
        return Links(ours, self._imports, lambda file: self.imported(file) & ours)

    @cached_property
    def _naming(self) -> dict[str, list[str]]:
        """The files whose imports end in a name, by that name."""
        found: dict[str, list[str]] = defaultdict(list)
        for file in self._files:
            for name in {name for each in self._imports(file) for name in _names(file, each)}:
                found[name].append(file)
        return found


def reached(start: Iterable[str], ways: Callable[[str], Iterable[str]]) -> set[str]:
    """`start` and all that is reached from there."""
    found, fresh = set(start), list(start)
    while fresh:
        inner = [file for file in ways(fresh.pop()) if file not in found]
        found.update(inner)
        fresh += inner
    return found


def meant(dotted: str, name: str | None) -> Iterator[str]:
    """The dotted names of all modules that an import may give access to."""
    if name is not None:
        yield from (dotted, f"{dotted}.{name}" if dotted else name)
    else:
        parts = dotted.split(".")
        yield from (".".join(parts[: length + 1]) for length in range(len(parts)))


def _names(file: str, each: Import) -> Iterator[str]:
    """What the modules are called that an import may give access to."""
    level, dotted, name = each
    if name is None:
        yield from dotted.lower().split(".")
        return
    yield name.lower()
    if dotted:
        yield dotted.lower().rpartition(".")[2]
    else:  # the package itself
        for _ in range(level):
            file = folder_of(file)
        yield _last_name(file)


def _last_name(place: str) -> str:
    """What a place is called, in small letters: an import may write it in others."""
    return place.rpartition("/")[2].lower()

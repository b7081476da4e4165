"""What an extractor is: a class that is made once a project and finds the facts of one kind in each of its files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import Any, Protocol, TypeVar

from bybit_lint import vocabulary
from bybit_lint.analysis.project import Module, Project
from bybit_lint.facts.analysis import Analysis
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Noun

MARK = b"@extracts("
DECLARED = regex(rb'@extracts\(([\w, ]+?)(?:, words="([^"\\]+)")?\)\nclass (\w+):\n')


class Extractor(Protocol):
    """Finds facts that no single call shows."""

    def facts(self, module: Module) -> Iterable[Noun]:
        """Those of one file."""


class Declared(NamedTuple):
    """An extractor as its class declares it."""

    name: str
    nouns: frozenset[type[Noun]]
    """What it finds; it is not asked where nobody wants any of them."""
    words: tuple[bytes, ...] = ()
    """It finds nothing in a project that says none of these, be it as a part of other words; none: nobody knows."""

    def may_find(self, project: Project) -> bool:
        """False where a project has nothing for it."""
        return not self.words or any(map(project.says, self.words))

    def make(self, analysis: Analysis) -> Extractor:
        """It itself; now its module is imported."""
        return _class(self.name)(analysis)


@cache
def _class(name: str) -> Callable[[Analysis], Extractor]:
    module, _, title = name.rpartition(".")
    found: Callable[[Analysis], Extractor] = getattr(import_module(module), title)
    return found


ExtractorT = TypeVar("ExtractorT", bound=Callable[[Analysis], Extractor])
imported: dict[str, Declared] = {}
"""The extractors of all modules that were imported, by name."""


def extracts(*nouns: type[Noun], words: str = "") -> Callable[[ExtractorT], ExtractorT]:
    """Say of a class which nouns it finds, and without which words it finds none; they are parted by spaces."""

    def declare(made: ExtractorT) -> ExtractorT:
        name = f"{made.__module__}.{getattr(made, '__name__', '')}"
        imported[name] = Declared(name, frozenset(nouns), tuple(words.encode().split()))
        return made

    return declare


@cache
def declared() -> list[Declared]:
    """Every extractor there is, in the order of their names: the folders are walked, there is no list.

    What they declare is read in their files, as to import all of them takes longer than the work on a small bot.
    """
    folder, package = os.path.split(__file__)[0], __name__.rpartition(".")[0]
    found: dict[str, Declared] = {}
    for family in os.scandir(folder):
        for file in os.scandir(family) if family.is_dir() else ():
            stem, _, kind = file.name.rpartition(".")
            if kind == "py":
                found.update((each.name, each) for each in read(file.path, f"{package}.{family.name}.{stem}"))
    return [found[name] for name in sorted(found)]


def read(path: str, module: str) -> Iterator[Declared]:
    """The extractors that a file declares; it is imported where that is written in another way than usual."""
    with open(path, "rb", buffering=0) as file:
        text = file.read()
    written = DECLARED.findall(text) if MARK in text else ()
    if len(written) == text.count(MARK):
        for nouns, words, title in written:
            kinds: Any = (getattr(vocabulary, noun.strip()) for noun in nouns.decode().split(","))
            yield Declared(f"{module}.{title.decode()}", frozenset(kinds), tuple(words.split()))
    else:
        import_module(module)
        yield from (each for each in imported.values() if each.name.rpartition(".")[0] == module)

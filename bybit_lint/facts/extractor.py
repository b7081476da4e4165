"""What an extractor is: a class that is made once a project and finds the facts of one kind in each of its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from bybit_lint.analysis.project import Module
from bybit_lint.facts.analysis import Analysis
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Noun


class Extractor(Protocol):
    """Finds facts that no single call shows."""

    def facts(self, module: Module) -> Iterable[Noun]:
        """Those of one file."""


class Declared(NamedTuple):
    """An extractor as its class declares it."""

    name: str
    make: Callable[[Analysis], Extractor]
    nouns: frozenset[type[Noun]]
    """What it finds; it is not asked where nobody wants any of them."""


ExtractorT = TypeVar("ExtractorT", bound=Callable[[Analysis], Extractor])
_declared: dict[str, Declared] = {}


def extracts(*nouns: type[Noun]) -> Callable[[ExtractorT], ExtractorT]:
    """Say of a class which nouns it finds."""

    def declare(make: ExtractorT) -> ExtractorT:
        name = f"{make.__module__}.{getattr(make, '__name__', '')}"
        _declared[name] = Declared(name, make, frozenset(nouns))
        return make

    return declare


def declared() -> list[Declared]:
    """The extractors of all modules that were imported, in the order of their names."""
    return [_declared[name] for name in sorted(_declared)]

"""The facts of a project's files in the words of the vocabulary: one extractor a file, by families as the checks."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.facts.collection import Crash, FactCollection
from bybit_lint.vocabulary import Noun

if TYPE_CHECKING:
    from bybit_lint.vocabulary.sight import Candidate


@lru_cache(maxsize=2)
def _collection(project: Project, wanted: frozenset[type[Noun]] | None) -> FactCollection:
    return FactCollection(project, wanted)


def of(source: Source, project: Project, wanted: frozenset[type[Noun]] | None = None) -> list[Noun]:
    """What is proven of one file of a project, in the order of its lines. Raises Unreadable.

    Where only some nouns are `wanted`, most of the others are not looked for.
    """
    found = _collection(project, wanted)
    if source.is_code:
        return found.facts(source)
    return [*found.packages.of(source), *found.packages.clashes(source)]


def early(source: Source, project: Project, wanted: frozenset[type[Noun]] | None = None) -> list[Noun]:
    """Some of what is proven of one file, in a fraction of the time: what is found by asking it alone.

    Who asks `of` it later loses no time. Raises Unreadable.
    """
    return _collection(project, wanted).early(source) if source.is_code else []


def candidates(source: Source, project: Project) -> list[Candidate]:
    """The calls of one file that could speak to Bybit, in the order of its lines, and how far they are understood.

    Raises Unreadable.
    """
    return _collection(project, frozenset()).candidates(source) if source.is_code else []


def let_go() -> None:
    """Forget the facts of the projects that were asked for last."""
    _collection.cache_clear()


def crashes(source: Source, project: Project, wanted: frozenset[type[Noun]] | None = None) -> list[Crash]:
    """What went wrong while the facts of one file were looked for; all others were found nevertheless."""
    return _collection(project, wanted).crashes(source) if source.is_code else []

"""The files of a project that are judged together, and how many of them are worth a process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.vocabulary.record import Record

BATCH = 250_000
"""Bytes of code that are worth a process: judging them takes a second or more, and some 100 MB."""


class Part(Record):
    """Files that are told of by one project, which nothing connects with any others."""

    project: Project
    sources: Sequence[Source]
    key: str = ""
    """What the verdicts on them go by in the cache; empty without one."""

    @property
    def read(self) -> dict[str, Source]:
        """The files that they are judged by, by path."""
        others = (*self.project.manifests, *(module.source for module in self.project.modules.values()))
        return {source.path: source for source in (*self.sources, *others)}

    @property
    def paths(self) -> Iterator[str]:
        return (source.path for source in self.sources)

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(len(source.data) for source in self.sources)

    def let_go(self) -> None:
        """Free what was worked out of the files: it is full of circles, which nothing else finds."""
        for module in self.project.modules.values():
            module.let_go()


Batch: TypeAlias = list[Part]


def parts(project: Project) -> Iterator[Part]:
    """All that can have to do with Bybit."""
    for part, units in groupby(project.units, itemgetter(1)):
        yield Part(part, [source for source, _ in units])


def batches(parts: Iterable[Part]) -> list[Batch]:
    """The parts in portions that are worth a process, the largest first."""
    found: list[Batch] = []
    room = 0
    for part in parts:
        if room <= 0:
            found.append([])
            room = BATCH
        found[-1].append(part)
        room -= part.size
    return sorted(found, key=lambda batch: -sum(part.size for part in batch))

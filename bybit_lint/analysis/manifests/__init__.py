"""What is installed with a bot, read from the files that say so, `setup.py` excepted: that is code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from bybit_lint.analysis.manifests.dockerfile import dockerfile
from bybit_lint.analysis.manifests.entries import Entry, requirement
from bybit_lint.analysis.manifests.pins import versions
from bybit_lint.analysis.manifests.requirements import requirements, setup_cfg
from bybit_lint.analysis.manifests.tables import lock, table
from bybit_lint.analysis.source import Source
from bybit_lint.inputs.filenames import manifest
from bybit_lint.vocabulary import Dependency

__all__ = ["dependencies", "dependency", "requirement"]

READERS: Mapping[str, Callable[[str], Iterator[Entry]]] = {
    "requirements": requirements,
    "pyproject": table,
    "pipfile": table,
    "lock": lock,
    "setup.cfg": setup_cfg,
    "dockerfile": dockerfile,
}


@lru_cache(maxsize=256)  # each part of a project asks again
def dependencies(source: Source) -> tuple[Dependency, ...]:
    """The packages that a file asks for, in its order. Raises Unreadable."""
    text = source.body.decode("latin-1")  # one character for each byte: what is found has the same offsets
    return tuple(dependency(source, text, entry) for entry in READERS[manifest(source.path)](text))


def dependency(source: Source, text: str, entry: Entry) -> Dependency:
    """A requirement in the words of the vocabulary; `text` is what its offsets count in."""
    pin = text[slice(*entry.pin)] if entry.pin else ""
    where = source.span_of(*entry.pin) if entry.pin else None
    span = source.span_of(entry.start, entry.end)
    return Dependency(span, normal(entry.name), pin, where, versions(pin), entry.pinning)


def normal(name: str) -> str:
    """A package's name as everybody writes it (https://packaging.python.org/en/latest/specifications/name-normalization)."""
    return re.sub(r"[-_.]+", "-", name).lower()

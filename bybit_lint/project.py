"""The files of one project, linked: which module a name is imported from, and who calls a function by its name."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from functools import cached_property
from weakref import WeakKeyDictionary

from bybit_lint import imports
from bybit_lint.imports import Import
from bybit_lint.names import Names
from bybit_lint.source import Source, Unreadable

DATA = 2_000_000
"""A larger file, in bytes, that does not speak of Bybit is data, whoever imports it."""


class Module:
    """One file of the project with the index of its names."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.folder, _, file = source.place.rpartition("/")
        stem, _, self._suffix = file.rpartition(".")
        self.is_package = stem == "__init__"
        self.place = self.folder if self.is_package else f"{self.folder}/{stem}".lstrip("/")
        """The place without its suffix; a package's is its folder."""

    @property
    def is_importable(self) -> bool:
        return self._suffix in ("py", "pyw")

    @cached_property
    def names(self) -> Names:
        return _kept(NAMES, self.source, lambda source: Names(source.tree))

    @property
    def imports(self) -> tuple[Import, ...]:
        return _kept(IMPORTS, self.source, lambda source: tuple(imports.found(source.data)))

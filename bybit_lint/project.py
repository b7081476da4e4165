"""The files of one run, linked: which module a name is imported from, and who calls a function by its name."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from pathlib import PurePosixPath

from bybit_lint.names import Names
from bybit_lint.source import Source, Unreadable


class Module:
    """One file of the project with the index of its names."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @cached_property
    def names(self) -> Names:
        return Names(self.source.tree)

    @property
    def is_readable(self) -> bool:
        try:
            return self.source.tree is not None
        except Unreadable:
            return False


class Project:
    """Files that are judged together. Only files that speak of Bybit are read."""

    def __init__(self, sources: Iterable[Source]) -> None:
        ordered = sorted(sources, key=lambda source: source.path)
        self.modules = {source.path: Module(source) for source in ordered if concerns_bybit(source.data)}

    def module(self, source: Source) -> Module:
        """The module of a source of this project."""
        return self.modules[source.path]

    @cached_property
    def readable(self) -> list[Module]:
        return [module for module in self.modules.values() if module.is_readable]

    @cached_property
    def _calls(self) -> dict[str, list[tuple[Module, ast.Call]]]:
        found: dict[str, list[tuple[Module, ast.Call]]] = defaultdict(list)
        for module in self.readable:
            for call in module.names.calls:
                found[called_name(call.func)].append((module, call))
        return found

    def calls_of(self, name: str) -> list[tuple[Module, ast.Call]]:
        """Every call in the project whose callee ends in `name`."""
        return self._calls.get(name, [])

    def imported(self, importer: Module, level: int, dotted: str) -> Module | None:
        """The module of the project that `from ...dotted import` in `importer` means; None if it is not one of ours."""
        folder = PurePosixPath(importer.source.path).parent
        if level:
            for _ in range(level - 1):
                folder = folder.parent
            return self._at(folder / dotted.replace(".", "/")) if dotted else self._at(folder)
        place = dotted.replace(".", "/")
        roots = (folder, *folder.parents)
        return next((m for root in roots if (m := self._at(root / place) or self._at(root / "src" / place))), None)

    def _at(self, place: PurePosixPath) -> Module | None:
        return self.modules.get(f"{place}.py") or self.modules.get(f"{place}/__init__.py")

    @cached_property
    def text(self) -> bytes:
        """All that the project's files say, for questions of absence."""
        return b"\n".join(module.source.data for module in self.modules.values())


def concerns_bybit(data: bytes) -> bool:
    """False only if no rule could have anything to say about a file."""
    small = data.lower()
    return b"ybit" in small or b"x-bapi-" in small


def called_name(callee: ast.expr) -> str:
    """The last name of what is called: `place_order` of `self.session.place_order`."""
    if isinstance(callee, ast.Attribute):
        return callee.attr
    return callee.id if isinstance(callee, ast.Name) else ""

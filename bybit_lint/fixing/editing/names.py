"""What the names of one file stand for."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.blocks import FUNCTIONS, around, done, scope

Use: TypeAlias = str
"""What a name stands for at one place: the dotted path of what is imported, or one of the two below."""
BOUND: Use = "="
READ: Use = "?"


class Names:
    """The names of one file."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def at_hand(self, path: str, place: int) -> str | None:
        """What code at the offset `place` can write for something that has been imported: `sleep`, `aio`, `os.path`."""
        for statement in done(self.source, place, (ast.Import, ast.ImportFrom)):
            for written, imported in imports_of(statement):
                if imported == path and not self.is_taken(written, path, place):
                    return written
        return None

    def is_taken(self, written: str, path: str, place: int) -> bool:
        """True if a name does not mean `path` everywhere in the file, in whatever scope, or not yet at `place`."""
        name, _, part = written.partition(".")
        if name.encode() not in self.source.body:
            return False  # the usual case, and it saves walking the tree
        origin = name if part else path
        uses = self._uses[name]
        return bool(uses - {origin, READ} if origin in uses else uses) or self._is_late(name, place)

    def is_shadowed(self, builtin: str) -> bool:
        """True if the name of a builtin means something else somewhere."""
        return bool(self._uses[builtin] - {READ})

    def occurs(self, name: str, place: int) -> bool:
        """True if the function around a place, or the module if there is none, has a variable of that name."""
        return any(name == other for node in ast.walk(scope(self.source, place)) for other, _ in _names_of(node))

    def _is_late(self, name: str, place: int) -> bool:
        """True if a function around the place imports the name itself, and may not have done so yet."""
        outer = [node for node in around(self.source, place) if isinstance(node, FUNCTIONS)][:1]
        own = {node for top in outer for node in ast.walk(top) if name in _bound_by_import(node)}
        return bool(own.difference(done(self.source, place)))

    @cached_property
    def _uses(self) -> defaultdict[str, set[Use]]:
        uses: defaultdict[str, set[Use]] = defaultdict(set)
        for node in ast.walk(self.source.tree):
            for name, use in _names_of(node):
                uses[name].add(use)
        return uses


def imports_of(node: ast.AST) -> Iterator[tuple[str, str]]:
    """What an import lets the file write, and the dotted path of what it stands for."""
    match node:
        case ast.ImportFrom(module=str(module), names=aliases, level=0):
            yield from ((alias.asname or alias.name, f"{module}.{alias.name}") for alias in aliases)
        case ast.Import(names=aliases):
            yield from ((alias.asname or alias.name, alias.name) for alias in aliases)


def _bound_by_import(node: ast.AST) -> Iterator[str]:
    return (written.partition(".")[0] for written, _ in imports_of(node))


def _names_of(node: ast.AST) -> Iterator[tuple[str, Use]]:
    """The names that a node binds or reads, and what it makes of them."""
    match node:
        case ast.ImportFrom(names=aliases, level=level) if level:
            yield from ((alias.asname or alias.name, BOUND) for alias in aliases)
        case ast.Import() | ast.ImportFrom():
            for written, path in imports_of(node):
                name, _, part = written.partition(".")
                yield name, name if part else path
        case ast.Name(id=name, ctx=context):
            yield name, READ if isinstance(context, ast.Load) else BOUND
        case ast.arg(arg=name):
            yield name, BOUND
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            yield from ((name, READ) for name in names)
        case ast.alias():
            pass
        case _:
            for field in ("name", "rest"):  # functions, classes, exceptions, patterns, type parameters
                yield getattr(node, field, None) or "", BOUND

"""Under which name a file can call a helper, and where its import goes."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple, TypeAlias

from bybit_lint.editing.edits import Edit, Refused
from bybit_lint.editing.lines import above_comments, first_line, line_end, newline
from bybit_lint.source import Source

Use: TypeAlias = tuple[str, str]
"""What a name stands for at one place: the module and name it is imported from, or one of the two below."""
BOUND: Use = ("", "bound")
READ: Use = ("", "read")

LAST_ENCODING_LINE = 2  # https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations


class Import(NamedTuple):
    """An import that a fix needs: `from module import name as local`; `extends` is the statement that can take it."""

    module: str
    name: str
    local: str
    extends: ast.ImportFrom | None = None

    @property
    def alias(self) -> str:
        """What stands behind the word import."""
        return self.name if self.name == self.local else f"{self.name} as {self.local}"


class Imports:
    """The names of one file and the imports at its top."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.body = source.tree.body

    def local(self, module: str, helper: str, before: int) -> tuple[str, Import | None]:
        """The name by which code at the offset `before` can call the helper, and the import it needs, if any.

        Raises Refused if every name it could have means something else in the file.
        """
        statements = list(self._top(module, before))
        for alias in (alias for statement in statements for alias in statement.names):
            if alias.name == helper and not self._is_taken(alias.asname or helper, (module, helper)):
                return alias.asname or helper, None
        for name in (helper, f"bybit_{helper}"):
            if not self._is_taken(name, (module, helper)):
                extends = next((s for s in statements if s.names[0].name != "*"), None)
                return name, Import(module, helper, name, extends)
        raise Refused(f"the names {helper} and bybit_{helper} mean something else in this file")

    def _top(self, module: str, before: int) -> Iterator[ast.ImportFrom]:
        """The imports from a module at the top level of the file that are done when `before` is reached."""
        for node in self.body:
            if self.source.span(node).end > before:
                return
            if isinstance(node, ast.ImportFrom) and (node.module, node.level) == (module, 0):
                yield node

    # --- names --------------------------------------------------------------------------------------------------------

    def _is_taken(self, name: str, origin: Use) -> bool:
        """True if the name means anything but `origin` somewhere in the file, in whatever scope."""
        if name.encode() not in self.source.body:
            return False  # the usual case, and it saves walking the tree
        uses = self._uses[name]
        return bool(uses - {origin, READ} if origin in uses else uses)

    @cached_property
    def _uses(self) -> defaultdict[str, set[Use]]:
        uses: defaultdict[str, set[Use]] = defaultdict(set)
        for node in ast.walk(self.source.tree):
            for name, use in _names_of(node):
                uses[name].add(use)
        return uses

    # --- places -------------------------------------------------------------------------------------------------------

    def insertion(self, imports: Iterable[Import]) -> Edit:
        """New import lines, after the imports that open the file. Raises Refused if they have no line of their own."""
        end = newline(self.source)
        aliases: defaultdict[str, set[str]] = defaultdict(set)
        for needed in imports:
            aliases[needed.module].add(needed.alias)
        lines = [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(aliases.items())]
        if (last := self._last_of_opening()) is None:
            return self._at_the_top(end.join(lines) + end)
        place = line_end(self.source, self.source.span(last).end)
        gap = end if _is_firm(last) else ""
        return Edit(place, place, gap + "".join(end + line for line in lines))

    def _at_the_top(self, text: str) -> Edit:
        line = first_line(self.body[0])
        above = above_comments(self.source, line)
        place = self.source.line_starts[(above if above > LAST_ENCODING_LINE else line) - 1]
        gap = "" if _is_import(self.body[0]) else newline(self.source)
        return Edit(place, place, text + gap)

    def _last_of_opening(self) -> ast.stmt | None:
        """The last of the docstring and the imports behind it that shares its line with no other code."""
        docstring = 1 if ast.get_docstring(self.source.tree, clean=False) is not None else 0
        opening = [*self.body[:docstring], *takewhile(_is_import, self.body[docstring:])]
        while opening and self._shares_its_line(opening[-1], self.body[len(opening) :]):
            if _is_firm(opening.pop()):
                raise Refused("the file's first statements share a line, so an import has no place")
        return opening[-1] if opening else None

    def _shares_its_line(self, statement: ast.stmt, rest: list[ast.stmt]) -> bool:
        return bool(rest) and rest[0].lineno == statement.end_lineno


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _is_firm(node: ast.stmt) -> bool:
    """True for what must stay first: the docstring and `from __future__`."""
    return not _is_import(node) or (isinstance(node, ast.ImportFrom) and node.module == "__future__")


def _names_of(node: ast.AST) -> Iterator[tuple[str, Use]]:
    """The names that a node binds or reads, and what it makes of them."""
    match node:
        case ast.ImportFrom(module=module, names=aliases, level=level):
            for alias in aliases:
                yield alias.asname or alias.name, BOUND if level else (module or "", alias.name)
        case ast.Import(names=aliases):
            for alias in aliases:
                yield alias.asname or alias.name.partition(".")[0], BOUND
        case ast.Name(id=name, ctx=context):
            yield name, READ if isinstance(context, ast.Load) else BOUND
        case ast.arg(arg=name):
            yield name, BOUND
        case ast.alias():
            pass
        case _:
            for field in ("name", "rest"):  # functions, classes, exceptions, patterns, type parameters
                yield getattr(node, field, None) or "", BOUND

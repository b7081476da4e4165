"""By which name a file can reach a helper, and where its import goes."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection
from itertools import takewhile

from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.edits import Edit, Refused
from bybit_lint.fixing.editing.lines import above_comments, first_line, line_end, newline
from bybit_lint.fixing.editing.names import Names
from bybit_lint.tuples import NamedTuple

BUILTINS = "builtins"
LAST_ENCODING_LINE = 2  # https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations


class Import(NamedTuple):
    """An import that a fix needs: `from module import name as local`, or `import module as local` without a name.

    `extends` is the statement that can take it.
    """

    module: str
    name: str
    local: str
    extends: ast.ImportFrom | None = None

    @property
    def alias(self) -> str:
        """What stands behind the word import."""
        imported = self.name or self.module
        return imported if imported == self.local else f"{imported} as {self.local}"


def lines_of(imports: Collection[Import]) -> list[str]:
    """The lines that import all of it, whole modules first."""
    modules = {f"import {item.alias}" for item in imports if not item.name}
    aliases: defaultdict[str, set[str]] = defaultdict(set)
    for item in imports:
        if item.name:
            aliases[item.module].add(item.alias)
    return sorted(modules) + [
        f"from {module} import {', '.join(sorted(aliases[module]))}" for module in sorted(aliases)
    ]


class Imports:
    """The imports of one file."""

    def __init__(self, source: Source, names: Names) -> None:
        self.source = source
        self.names = names

    @property
    def body(self) -> list[ast.stmt]:
        return self.source.tree.body

    def local(self, module: str, helper: str, place: int) -> tuple[str, Import | None]:
        """What code at the offset `place` can write for a helper, and the import it needs, if any.

        A dotted helper is reached through its own module, one from `builtins` without an import.
        Raises Refused if every name it could have means something else in the file.
        """
        if module == BUILTINS:
            return self._builtin(helper), None
        owner, _, name = helper.rpartition(".")
        if written := self.names.at_hand(helper if owner else f"{module}.{helper}", place):
            return written, None
        if not owner:
            return self._named(module, helper, place)
        written, needed = self._whole(owner, place)
        return f"{written}.{name}", needed

    def _builtin(self, name: str) -> str:
        if self.names.is_shadowed(name):
            raise Refused(f"the name {name} means something else in this file")
        return name

    def _named(self, module: str, helper: str, place: int) -> tuple[str, Import]:
        name = self._free(helper, f"{module}.{helper}", place)
        return name, Import(module, helper, name, self._extendable(module, place))

    def _whole(self, module: str, place: int) -> tuple[str, Import | None]:
        if written := self.names.at_hand(module, place):
            return written, None
        name = self._free(module, module, place)
        return name, Import(module, "", name)

    def _free(self, name: str, path: str, place: int) -> str:
        other = f"bybit_{name.replace('.', '_')}"
        free = [local for local in (name, other) if not self.names.is_taken(local, path, place)]
        if not free:
            raise Refused(f"the names {name} and {other} mean something else in this file")
        return free[0]

    def _extendable(self, module: str, place: int) -> ast.ImportFrom | None:
        """An import from a module, at the top level of the file, that is done when the place is reached."""
        for node in self.body:
            match node:
                case ast.ImportFrom(module=name, level=0) if name == module and node.names[0].name != "*":
                    return node if self.source.span(node).end <= place else None
        return None

    # --- places -------------------------------------------------------------------------------------------------------

    def insertion(self, imports: Collection[Import]) -> Edit:
        """New import lines, after the imports that open the file. Raises Refused if they have no line of their own."""
        lines, end = lines_of(imports), newline(self.source)
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

"""Tests of `ret_code` for a refusal as handlers of what the client raises.

`answer = session.set_leverage(...)` and right behind it `if answer["ret_code"] != 0:` are `try:` and
`except InvalidRequestError as error:` then, with what the test did for its block. Of `== 0` it is what stands below
`else:`, which moves up, and what stood below `if` stands below `else:`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.index import nodes_in
from bybit_lint.fixing.editing.edits import Edit, Refused
from bybit_lint.fixing.editing.imports import Imports
from bybit_lint.fixing.editing.lines import newline
from bybit_lint.fixing.editing.names import Names
from bybit_lint.fixing.migration.answers import refusals
from bybit_lint.fixing.migration.answers.refusals import Test
from bybit_lint.fixing.migration.arguments.entries import place
from bybit_lint.tuples import NamedTuple

MODULE, RAISED = "pybit.exceptions", "InvalidRequestError"
STEP = "    "


class Handler(NamedTuple):
    """A test that becomes a handler."""

    edits: list[Edit]
    indents: list[Edit]
    """What moves further lines of the call inward."""
    reach: tuple[int, int]
    """From where to where the call's statement goes."""
    nodes: frozenset[ast.AST]
    """What was read of the answer for it, and is not read any more."""


def handler(
    module: Module, call: ast.expr, asks: Callable[[Module, ast.Call], bool], *, has_raised: bool
) -> Handler | None:
    """The handler in the place of the test behind a call; None where there is no such test, or it has to stay."""
    found = refusals.found(module, call, asks, has_raised=has_raised)
    try:
        return _Making(module, *found).handler() if found else None
    except Refused:
        return None


def inward(made: Handler, edits: Iterable[Edit]) -> list[Edit]:
    """The edits of a file with the lines of a call moved inward, those that are put in among them too."""
    first, last = made.reach
    found = []
    for edit in edits:
        is_put_in = first < edit.start == edit.end < last and "\n" in edit.text
        found.append(edit._replace(text=edit.text.replace("\n", f"\n{STEP}")) if is_put_in else edit)
    gone = [edit for edit in found if edit.start < edit.end]
    return [*found, *(edit for edit in made.indents if not any(g.start < edit.start < g.end for g in gone))]


class _Making:
    """One handler on its way. Raises Refused."""

    def __init__(self, module: Module, asking: ast.Assign, test: Test) -> None:
        self.module, self.source, self.asking, self.test = module, module.source, asking, test
        names = Names(self.source)
        at = place(self.source, asking)[0]
        self.error = next((word for word in ("error", "refusal") if not names.occurs(word, at)), "")
        if not self.error:
            raise Refused("there is no name for the exception")
        imports = Imports(self.source, names)
        self.raised, needed = imports.local(MODULE, RAISED, at)
        self.needed = [imports.insertion([needed._replace(extends=None)])] if needed else []

    def handler(self) -> Handler:
        start = place(self.source, self.asking)[0]
        opening = Edit(start, start, f"try:{newline(self.source)}{self._blanks()}{STEP}")
        node = self.test.node
        head = place(self.source, node)[0], place(self.source, node.test)[1]
        told = [*self._told()]
        clause = f"except {self.raised}{f' as {self.error}' if told else ''}"
        changed = self._turned(head, clause, told) if self.test.is_turned else [Edit(*head, clause), *told]
        return Handler(
            [*self.needed, opening, *changed],
            [*self._indents()],
            place(self.source, self.asking),
            frozenset((*nodes_in(node.test), *(read for read, _ in self.test.reads()))),
        )

    def _turned(self, head: tuple[int, int], clause: str, told: Sequence[Edit]) -> list[Edit]:
        """The block below `else:` before the one below `if`, which stands below `else:` then."""
        start, end = self._reach_of_else()
        lines = self.source.line_starts
        moved, done = [], lines[start]
        for edit in sorted(told):
            moved += [self.source.body[done : edit.start].decode(), edit.text]
            done = edit.end
        moved.append(self.source.body[done:end].decode())
        line = newline(self.source)
        block = "".join(moved).rstrip("\r\n")
        return [Edit(*head, f"{clause}:{line}{block}{line}{self._blanks()}else"), Edit(lines[start - 1], end, "")]

    def _reach_of_else(self) -> tuple[int, int]:
        """The line that says `else:`, and where its block ends. Raises Refused."""
        first, last = self.test.node.body[-1], self.test.refused[-1]
        begins, ends = self.test.refused[0].lineno, last.end_lineno or last.lineno
        said = range((first.end_lineno or first.lineno) + 1, begins)
        found = [line for line in said if self.source.lines[line - 1].strip() == "else:"]
        if not found or self.test.node.body[0].lineno == self.test.node.lineno:
            raise Refused("its blocks do not stand on lines of their own")
        return found[0], self.source.line_starts[ends] if ends < len(self.source.line_starts) else len(self.source.body)

    def _blanks(self) -> str:
        line = self.source.line_starts[self.asking.lineno - 1]
        before = self.source.body[line : place(self.source, self.asking)[0]].decode()
        if before.strip():
            raise Refused("other code stands before the call, on its line")
        return before

    def _told(self) -> Iterator[Edit]:
        for node, attribute in self.test.reads():
            yield Edit(*place(self.source, node), f"{self.error}{attribute}")
        for shown in self.test.shows(self.module):
            yield Edit(*place(self.source, shown), self.error)

    def _indents(self) -> Iterator[Edit]:
        """Further lines of the call, if none of them begins in a text."""
        last = self.asking.end_lineno or self.asking.lineno
        texts = [node for node in nodes_in(self.asking) if isinstance(node, (ast.Constant, ast.JoinedStr))]
        if any(node.end_lineno != node.lineno for node in texts):
            raise Refused("a text of the call goes over several lines")
        for line in range(self.asking.lineno + 1, last + 1):
            at = self.source.line_starts[line - 1]
            yield Edit(at, at, STEP)

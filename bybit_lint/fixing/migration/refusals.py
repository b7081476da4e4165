"""Tests of `ret_code` for a refusal, which never run where the client raises: what they do becomes a handler.

`answer = session.set_leverage(...)` and right behind it `if answer["ret_code"] != 0:` are `try:` and
`except InvalidRequestError as error:` then, with what the test did for its block.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.index import nodes_in
from bybit_lint.analysis.syntax.jumps import ends_in_jump
from bybit_lint.fixing.editing.edits import Edit, Refused
from bybit_lint.fixing.editing.imports import Imports
from bybit_lint.fixing.editing.lines import newline
from bybit_lint.fixing.editing.names import Names
from bybit_lint.fixing.migration.entries import place

MODULE, RAISED = "pybit.exceptions", "InvalidRequestError"
ATTRIBUTES = {"ret_code": "status_code", "retCode": "status_code", "ret_msg": "message", "retMsg": "message"}
"""What the exception tells, by what the answer did."""
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


def handler(module: Module, call: ast.Call) -> Handler | None:
    """The handler in the place of the test behind a call; None where there is no such test, or more hangs on it."""
    match module.names.parents.get(call):
        case ast.Assign(targets=[ast.Name(id=name)]) as asking:
            test = _behind(module, asking)
            if test is not None and _is_for_refusal(test.test, name) and _is_all(module, test, name):
                try:
                    return _Making(module, asking, test, name).handler()
                except Refused:
                    return None
    return None


def _behind(module: Module, statement: ast.stmt) -> ast.If | None:
    """The `if` right behind a statement, without an `elif`."""
    around = module.names.parents.get(statement)
    for block in (getattr(around, field, None) for field in ("body", "orelse", "finalbody")):
        if isinstance(block, list) and statement in block[:-1]:
            found = block[block.index(statement) + 1]
            is_chain = isinstance(found, ast.If) and len(found.orelse) == 1 and isinstance(found.orelse[0], ast.If)
            return found if isinstance(found, ast.If) and not is_chain else None
    return None


def _is_for_refusal(test: ast.expr, name: str) -> bool:
    match test:
        case ast.Compare(left=left, ops=[ast.NotEq()], comparators=[ast.Constant(value=0)]):
            return _field(left, name) in ("ret_code", "retCode")
    return False


def _field(node: ast.AST, name: str) -> str:
    """The field of the answer that a node reads; empty for anything else."""
    match node:
        case ast.Subscript(value=ast.Name(id=of), slice=ast.Constant(value=str(key))) if of == name:
            return key
    return ""


def _is_all(module: Module, test: ast.If, name: str) -> bool:
    """True if nothing else of the answer is looked at in the block, nor behind it where it is not there."""
    inside = [node for statement in test.body for node in nodes_in(statement)]
    named = [node for node in inside if isinstance(node, ast.Name) and node.id == name]
    read = [node for node in inside if _field(node, name) in ATTRIBUTES]
    loads = module.names.loads(module.names.scope(test).function.node, name)
    later = [load for load in loads if module.names.follows(load, test)]
    return len(named) == len(read) and (not later or ends_in_jump(test.body))


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

    def __init__(self, module: Module, asking: ast.Assign, test: ast.If, name: str) -> None:
        self.module, self.source, self.asking, self.test, self.name = module, module.source, asking, test, name
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
        blanks = self._blanks()
        opening = Edit(start, start, f"try:{newline(self.source)}{blanks}{STEP}")
        head = place(self.source, self.test)[0], place(self.source, self.test.test)[1]
        name = f" as {self.error}" if any(True for _ in self._read()) else ""
        return Handler(
            [*self.needed, opening, Edit(*head, f"except {self.raised}{name}"), *self._told()],
            [*self._indents()],
            place(self.source, self.asking),
            frozenset((*nodes_in(self.test.test), *(node for node, _ in self._read()))),
        )

    def _blanks(self) -> str:
        line = self.source.line_starts[self.asking.lineno - 1]
        before = self.source.body[line : place(self.source, self.asking)[0]].decode()
        if before.strip():
            raise Refused("other code stands before the call, on its line")
        return before

    def _read(self) -> Iterator[tuple[ast.expr, str]]:
        for statement in self.test.body:
            for node in nodes_in(statement):
                if isinstance(node, ast.Subscript) and (field := _field(node, self.name)):
                    yield node, field

    def _told(self) -> Iterator[Edit]:
        for node, field in self._read():
            yield Edit(*place(self.source, node), f"{self.error}.{ATTRIBUTES[field]}")

    def _indents(self) -> Iterator[Edit]:
        """Further lines of the call, if none of them begins in a text."""
        last = self.asking.end_lineno or self.asking.lineno
        texts = [node for node in nodes_in(self.asking) if isinstance(node, (ast.Constant, ast.JoinedStr))]
        if any(node.end_lineno != node.lineno for node in texts):
            raise Refused("a text of the call goes over several lines")
        for line in range(self.asking.lineno + 1, last + 1):
            at = self.source.line_starts[line - 1]
            yield Edit(at, at, STEP)

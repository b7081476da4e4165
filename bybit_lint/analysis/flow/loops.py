"""A loop, and how a round of it ends: what must be known to tell whether something is tried again."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import NamedTuple

from bybit_lint.analysis.flow import success_tests
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import LoopNode, always_exits, exits, names_in
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.patterns import regex

RETRY = regex(r"retr(y|ies)", re.IGNORECASE)
TRY = regex(r"attempt|retr(y|ies)|(^|_)tr(y|ies)(_|$)", re.IGNORECASE)
"""Names of what is counted for its own sake, whatever it is passed to."""


class Loop(NamedTuple):
    """One loop of the code."""

    node: LoopNode

    @property
    def is_endless(self) -> bool:
        return isinstance(self.node, ast.While) and isinstance(self.node.test, ast.Constant)

    @property
    def counts(self) -> bool:
        """True for a loop over numbers: `range(5)`, `itertools.count()`."""
        return (
            not isinstance(self.node, ast.While)
            and isinstance(self.node.iter, ast.Call)
            and called_name(self.node.iter.func) in ("range", "count")
        )

    @property
    def goes_round(self) -> bool:
        """True for a loop that goes on for ever, or for a number of tries."""
        return isinstance(self.node, ast.While) or self.counts

    @property
    def counters(self) -> set[str]:
        """The names a `for` counts with, unless they say that tries are counted."""
        names = set() if isinstance(self.node, ast.While) else names_in([self.node.target])
        return {name for name in names if not TRY.search(name)}

    def up_to(self, names: ModuleIndex, node: ast.AST) -> list[ast.stmt]:
        """The statements of a round up to the one in which a node stands."""
        return [s for s in self.node.body if not names.follows(s, node)]

    def ends_on_success(self, names: ModuleIndex, attempt: ast.Try) -> bool:
        """True if the loop is left once the attempt has gone well."""
        if any(exits(attempt.body)) or any(exits(attempt.orelse)):
            return True
        after = (leaver for leaver in exits(self.node.body) if names.follows(leaver, attempt.body[-1]))
        return any(after) or self.is_moved_by(attempt)

    def is_moved_by(self, attempt: ast.Try) -> bool:
        """True if it is the attempt's success that brings the loop to its end."""
        return isinstance(self.node, ast.While) and bool(names_in(attempt.body, ast.Store) & names_in([self.node.test]))

    def is_left_well(self, names: ModuleIndex, attempt: ast.Try) -> bool:
        """True if an attempt that went well leaves before the statement that counts a retry, or at its end."""
        counts = [s for s in self.node.body if isinstance(s, ast.AugAssign) and names.follows(s, attempt)]
        if any(RETRY.search(ast.unparse(count.target)) for count in counts) and any(exits(attempt.body)):
            return True
        block = [*attempt.body, *attempt.orelse]
        tests = [node for s in block for node in ast.walk(s) if isinstance(node, ast.If)]
        return always_exits(attempt.body) or always_exits(attempt.orelse) or is_left_by_success(tests)


def is_left_after(names: ModuleIndex, node: ast.AST, loop: Loop) -> bool:
    """True if a loop is left after a node whatever is asked then: by what follows, or by a `finally` around it."""
    child, goes_round = node, any(isinstance(inner, ast.Continue) for inner in ast.walk(node))
    for around in names.ancestors(node):
        if isinstance(around, ast.Try) and child not in around.finalbody and always_exits(around.finalbody):
            return True
        rest = _following(around, child)
        goes_round |= any(isinstance(inner, ast.Continue) for statement in rest for inner in ast.walk(statement))
        if not goes_round and always_exits(rest):
            return True
        if around is loop.node:
            return False
        child = around
    return False


def _following(around: ast.AST, child: ast.AST) -> list[ast.stmt]:
    """The statements that come after one of those in a block of a node."""
    blocks = (getattr(around, name, ()) for name in ("body", "orelse", "finalbody"))
    return next((b[b.index(child) + 1 :] for b in blocks if isinstance(b, list) and child in b), [])


def is_left_by_success(statements: Iterable[ast.stmt]) -> bool:
    """True if a good answer leaves the loop in one of the statements."""
    return any(
        isinstance(s, ast.If) and success_tests.tests_success(s.test) is True and always_exits(s.body)
        for s in statements
    )

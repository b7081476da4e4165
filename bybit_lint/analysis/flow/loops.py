"""A loop, and how a round of it ends: what must be known to tell whether something is tried again."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator

from bybit_lint.analysis.flow import success_tests
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import (
    BLOCKS,
    LoopNode,
    always_exits,
    exits,
    following,
    names_in,
    own,
    preceding,
)
from bybit_lint.analysis.syntax.logging_calls import LOGGING, only_logs
from bybit_lint.analysis.syntax.nodes import called_name, walk
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

RETRY = regex(r"retr(y|ies)", re.IGNORECASE)
WAITS = ("sleep", "wait")
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
        """True for a loop over numbers (`range(5)`, `itertools.count()`), or over the waits between its tries."""
        if isinstance(self.node, ast.While):
            return False
        return _is_count(self.node.iter) or self._is_over_waits(names_in([self.node.target]))

    def _is_over_waits(self, taken: set[str]) -> bool:
        """True if what a `for` takes only says how long to wait, and is shown at most: `for delay in (1, 2, 4)`."""
        calls = [n for statement in self.node.body for n in walk(statement) if isinstance(n, ast.Call)]
        waits = [call for call in calls if called_name(call.func) in WAITS]
        if taken.isdisjoint(names_in(waits)):
            return False
        others = [call for call in calls if called_name(call.func) not in LOGGING and call not in waits]
        return taken.isdisjoint(names_in(others))

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

    def through(self, names: ModuleIndex, node: ast.AST) -> list[ast.stmt]:
        """The statements of a round that are through when a node is come to, in its own block and those around it."""
        found: list[ast.stmt] = []
        child = node
        for around in names.ancestors(node):
            found = [*preceding(around, child), *found]
            if around is self.node:
                break
            child = around
        return found

    def ends_on_success(self, names: ModuleIndex, attempt: ast.Try) -> bool:
        """True if the loop is left once the attempt has gone well."""
        if any(exits(attempt.body)) or any(exits(attempt.orelse)):
            return True
        after = (leaver for leaver in exits(self.node.body) if names.follows(leaver, attempt.body[-1]))
        return any(after) or self.is_moved_by(attempt)

    def is_moved_by(self, attempt: ast.Try) -> bool:
        """True if it is the attempt's success that brings the loop to its end."""
        stored = names_in([*attempt.body, *attempt.orelse], ast.Store)
        is_named = isinstance(self.node, ast.While) and bool(stored & names_in([self.node.test]))
        return is_named or self._is_settled_by(attempt)

    def is_settled_before(self, names: ModuleIndex, call: ast.Call, attempt: ast.Try) -> bool:
        """True if an attempt has set what the loop goes on without when it makes a call: a failure ends it as well."""
        flags = _flags(self.node.test) if isinstance(self.node, ast.While) else set()
        settled = flags & _settled(self.through(names, call)) if flags else set()
        after = own([*attempt.handlers, *attempt.finalbody]) if settled else ()
        set_otherwise = [n for n in after if isinstance(n, ast.Assign) and _settled([n]).isdisjoint(settled)]
        others = {ast.unparse(target) for n in set_otherwise for target in n.targets}
        return any(flag not in others for flag, _ in settled)

    def is_left_well(self, names: ModuleIndex, attempt: ast.Try) -> bool:
        """True if an attempt that went well leaves before the statement that counts a retry, or at its end."""
        counts = [s for s in self.node.body if isinstance(s, ast.AugAssign) and names.follows(s, attempt)]
        if any(RETRY.search(ast.unparse(count.target)) for count in counts) and any(exits(attempt.body)):
            return True
        block = [*attempt.body, *attempt.orelse]
        if always_exits(attempt.body) or always_exits(attempt.orelse) or self._is_settled_by(attempt):
            return True
        return is_left_by_success(_branches(block))

    def _is_settled_by(self, attempt: ast.Try) -> bool:
        """True if an attempt whose end is come to sets what the loop goes on without, and a failure does not."""
        flags = self._flags_behind(attempt) | (_flags(self.node.test) if isinstance(self.node, ast.While) else set())
        after_failure = [_settled(handler.body) for handler in attempt.handlers if not always_exits(handler.body)]
        is_set_by_failure = any(said & flags for said in [_settled(attempt.finalbody), *after_failure])
        if not flags or not after_failure or is_set_by_failure:
            return False
        before = {flag for flag in _settled(preceding(self.node, attempt)) & flags if not _is_set(flag[0], attempt)}
        is_kept = any(all((name, not value) in said for said in after_failure) for name, value in before)
        return is_kept or bool(_settled(_end(attempt)) & flags)

    def _flags_behind(self, attempt: ast.Try) -> set[tuple[str, bool]]:
        """What leaves the loop behind an attempt, once it is true, or false: `if done: break`."""
        tests = [s for s in following(self.node, attempt) if isinstance(s, ast.If)]
        leaving = [test.test for test in tests if always_exits(test.body)]
        return {flag for test in leaving for flag in _holding(test)}


def _is_count(iterated: ast.expr) -> bool:
    """True for `range(3)`, `reversed(range(3))`, `itertools.count()` and `(2, 1, 0)`."""
    match iterated:
        case ast.Call(func=callee, args=[inner]) if called_name(callee) == "reversed":
            return _is_count(inner)
        case ast.Call(func=callee):
            return called_name(callee) in ("range", "count")
        case ast.Tuple(elts=[*items]) | ast.List(elts=[*items]):
            return all(isinstance(item, ast.Constant) and type(item.value) is int for item in items)
    return False


def _flags(test: ast.expr) -> set[tuple[str, bool]]:
    """What ends a loop once it is true, or false: `not done`, `not done and tries < 5`, `waiting`."""
    match test:
        case ast.BoolOp(op=ast.And(), values=parts):
            return {flag for part in parts for flag in _flags(part)}
    return {(name, not value) for name, value in _holding(test)}


def _holding(test: ast.expr) -> set[tuple[str, bool]]:
    """What makes a test hold once it is true, or false: `done`, `not failed`, `done or tries == 5`."""
    match test:
        case ast.BoolOp(op=ast.Or(), values=parts):
            return {flag for part in parts for flag in _holding(part)}
        case ast.UnaryOp(op=ast.Not(), operand=operand) if not isinstance(operand, ast.BoolOp):
            return {(name, not value) for name, value in _holding(operand)}
        case ast.Name() | ast.Attribute():
            return {(ast.unparse(test), True)}
        case ast.Compare(left=flag, ops=[ast.Eq() | ast.Is()], comparators=[ast.Constant(value=bool(value))]):
            return {(ast.unparse(flag), value)}
    return set()


def _settled(block: Iterable[ast.stmt]) -> set[tuple[str, bool]]:
    """What a block says to be true, or false."""
    return {
        (ast.unparse(target), statement.value.value)
        for statement in block
        if isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, bool)
        for target in statement.targets
    }


def _is_set(flag: str, attempt: ast.Try) -> bool:
    """True if an attempt says something of a flag itself: then that may be an answer, and not that it went well."""
    assigned = [n for s in (*attempt.body, *attempt.orelse) for n in walk(s) if isinstance(n, ast.Assign)]
    return any(ast.unparse(target) == flag for statement in assigned for target in statement.targets)


def _end(attempt: ast.Try) -> list[ast.stmt]:
    """What an attempt does once nothing more can fail in it: its last statements, and its `else`."""
    last = itertools.takewhile(lambda s: only_logs(s) or not _calls(s), reversed(attempt.body))
    return [*last, *attempt.orelse]


def _calls(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Call) for node in walk(statement))


def is_left_after(names: ModuleIndex, node: ast.AST, loop: Loop) -> bool:
    """True if a loop is left after a node whatever is asked then: by what follows, or by a `finally` around it."""
    child, goes_round = node, any(isinstance(inner, ast.Continue) for inner in walk(node))
    for around in names.ancestors(node):
        if isinstance(around, ast.Try) and child not in around.finalbody and always_exits(around.finalbody):
            return True
        rest = following(around, child)
        goes_round |= any(isinstance(inner, ast.Continue) for statement in rest for inner in walk(statement))
        if not goes_round and always_exits(rest):
            return True
        if around is loop.node:
            return False
        child = around
    return False


def _branches(block: Iterable[ast.stmt]) -> Iterator[ast.If]:
    """Each `if` of a block, also in another one; a loop in it is left by its own."""
    for statement in block:
        if isinstance(statement, ast.If):
            yield statement
        if not isinstance(statement, LoopNode):
            for name in BLOCKS:
                yield from _branches(getattr(statement, name, ()))


def is_left_by_success(statements: Iterable[ast.stmt]) -> bool:
    """True if a good answer leaves the loop in one of the statements, or what was taken out of one before."""
    tests = [s for s in statements if isinstance(s, ast.If)]
    good = [s for s in tests if success_tests.tests_success(s.test) is True]
    found = names_in([inner for s in good for inner in s.body], ast.Store)
    leaving = [s for s in tests if always_exits(s.body)]
    return any(s in good or (isinstance(s.test, ast.Name) and s.test.id in found) for s in leaving)

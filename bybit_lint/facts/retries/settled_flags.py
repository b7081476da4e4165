"""Waiting before what each round of a loop asks for until it has gone well once: `if not is_ready: ...; continue`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from bybit_lint.analysis.flow import success_tests
from bybit_lint.analysis.flow.loops import Loop
from bybit_lint.analysis.syntax.jumps import LoopNode, following, preceding
from bybit_lint.analysis.syntax.nodes import unawaited, walk
from bybit_lint.analysis.traffic.retry_loops import RetryLoops
from bybit_lint.facts.retries.sliced_waits import Waiting


class SettledFlags:
    """The waits of one module, as those of a step whose success alone sets what keeps it from being made again."""

    def __init__(self, attempts: RetryLoops) -> None:
        self.attempts, self.names = attempts, attempts.names

    def in_round(self, wait: Waiting) -> ast.Call | None:
        """The call that failed before `wait`, and that the next round makes again."""
        around = list(self.names.within_function(wait))
        loop = next((node for node in around if isinstance(node, LoopNode)), None)
        inner = around[: around.index(loop)] if loop else []
        if loop is None or any(isinstance(node, ast.ExceptHandler) for node in inner):
            return None
        tests = [node for node in inner if isinstance(node, ast.If)]
        asked = self._asked(tests[0]) if tests else None
        if asked is None or not self._is_settled(wait, *tests):
            return None
        call = self._failing(asked, tests[0])
        return call if call is not None and self.attempts.is_same_each_round(Loop(loop)) else None

    def _is_settled(self, wait: Waiting, answer: ast.If, *guards: ast.If) -> bool:
        """True if the branch of a failure goes round, and a good answer sets the flag that is asked before, or is it.

        It is where the answer is asked just what the flag was asked before: `if not rules:`.
        """
        failed = answer.body if self.names.stands_in(answer.body, wait) else answer.orelse
        if not failed or not isinstance(failed[-1], ast.Continue):
            return False
        good = answer.orelse if failed is answer.body else answer.body
        later = following(self.names.parents[answer], answer)
        flags = _set([*good, *later]) - _set(failed)
        same = ast.unparse(answer.test) if failed is answer.body and _flag(answer.test) else ""
        around = [guard.test for guard in guards if self.names.stands_in(guard.body, wait)]
        return any(_flag(test) in flags or ast.unparse(test) == same for test in around)

    def _asked(self, answer: ast.If) -> ast.Assign | None:
        """Where the answer that is tested is kept."""
        asked = {ast.unparse(node) for node in walk(answer.test) if isinstance(node, (ast.Name, ast.Attribute))}
        before = reversed(preceding(self.names.parents[answer], answer))
        return next((s for s in before if isinstance(s, ast.Assign) and ast.unparse(s.targets[0]) in asked), None)

    def _failing(self, asked: ast.Assign, answer: ast.If) -> ast.Call | None:
        """The call whose answer is tested, if the test tells a failure from a good answer."""
        call = unawaited(asked.value)
        if not isinstance(call, ast.Call) or not self.attempts.speaks(call):
            return None
        is_told = _asks_only_for_success(answer.test)
        return call if is_told or self.attempts.effects.asks_what_stands(self.attempts.module, call) else None


def _asks_only_for_success(test: ast.expr) -> bool:
    """True if a test asks whether an answer is a good one, and not what is in it: the bot may wait for that."""
    match test:
        case ast.BoolOp(values=values):
            parts = [value for value in values if not isinstance(value, ast.Name)]
            return bool(parts) and all(map(_asks_only_for_success, parts))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _asks_only_for_success(operand)
    return success_tests.tests_success(test) is not None


def _set(block: Iterable[ast.stmt]) -> set[str]:
    """What a block sets to anything but nothing, as it is written."""
    return {ast.unparse(target) for statement in block for target in _targets(statement)}


def _targets(statement: ast.stmt) -> Iterator[ast.expr]:
    match statement:
        case ast.Assign(value=ast.Constant(value=value)) if not value:
            return
        case ast.Assign(targets=targets):
            yield from targets


def _flag(test: ast.expr) -> str:
    """What a test asks not to be set yet: `not is_ready`, `self.rules is None`; empty for another test."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name() | ast.Attribute() as flag):
            return ast.unparse(flag)
        case ast.Compare(left=flag, ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=None | False)]):
            return ast.unparse(flag)
    return ""

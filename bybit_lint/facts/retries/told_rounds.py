"""Waiting before a function of the bot's is called again that has told its failure: `if place(): return`, then a sleep.

It gives None or False where its request has failed, and nowhere else: a function that also gives it for an order which
is not filled yet is asked until it is, which is no retry.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from bybit_lint.analysis.flow import success_tests
from bybit_lint.analysis.flow.loops import Loop, is_left_after
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.jumps import LoopNode, always_exits, following, names_in, own, preceding
from bybit_lint.analysis.syntax.nodes import called_name, walk
from bybit_lint.analysis.traffic.responses import Responses
from bybit_lint.analysis.traffic.retry_loops import RetryLoops
from bybit_lint.facts.retries.sliced_waits import Waiting

Defined = ast.FunctionDef | ast.AsyncFunctionDef
WHOLE = ((), ("result",))
"""Of an answer, what is there whenever nothing has failed."""
NUMBERS = {"float", "int", "str", "bool", "Decimal", "dict", "list", "len", "round", "max", "min"}
"""What gives something that is not None, whatever it is given."""


class ToldRounds:
    """The waits of one module, as those behind a call whose function has said that it failed."""

    def __init__(self, attempts: RetryLoops, responses: Responses) -> None:
        self.attempts, self.names, self.responses = attempts, attempts.names, responses

    def in_round(self, wait: Waiting) -> ast.Call | None:
        """The call that has told its failure before `wait`, and that the next round makes again."""
        around = list(self.names.within_function(wait))
        node = next((each for each in around if isinstance(each, LoopNode)), None)
        inner = around[: around.index(node)] if node else []
        if node is None or any(isinstance(each, ast.ExceptHandler) for each in inner):
            return None
        loop = Loop(node)
        if not self.attempts.is_same_each_round(loop) or is_left_after(self.names, wait, loop):
            return None
        asked = [node.test] if isinstance(node, ast.While) else []
        for call in self.attempts.calls([*asked, *node.body]):
            if call is wait or not self.names.follows(wait, call) or loop.counters & names_in([call]):
                continue
            says_none = self._ends_with_something(call, node, wait)
            if says_none is not None and self.attempts.speaks(call) and self._tells(call, says_none=says_none):
                return call
        return None

    def _ends_with_something(self, call: ast.Call, loop: LoopNode, wait: Waiting) -> bool | None:
        """Whether a loop that a call's value ends asks for None; None if it is not one that ends so."""
        node: ast.AST = call
        while isinstance(above := self.names.parents.get(node), ast.Await):
            node = above
        match above:
            case ast.UnaryOp(op=ast.Not()) if self.names.parents.get(above) is loop:
                return False
            case ast.UnaryOp(op=ast.Not()) | ast.If() if isinstance(node, ast.expr):
                test = above if isinstance(above, ast.If) else self.names.parents.get(above)
                is_left = isinstance(test, ast.If) and self._is_left(test, wait, is_good=test is above)
                return False if is_left else None
            case ast.Assign(targets=[ast.Name(id=name)]):
                for test in (each for each in walk(loop) if isinstance(each, ast.If)):
                    asked = _asked(test.test, name) if self.names.follows(test, above) else None
                    if asked is not None and self._is_left(test, wait, is_good=asked[0]):
                        return asked[1]
        return None

    def _is_left(self, test: ast.If, wait: Waiting, *, is_good: bool) -> bool:
        """True if a test leaves the loop where it asks for something, and it is not there that is waited."""
        if is_good:
            return always_exits(test.body) and not self.names.stands_in(test.body, wait)
        behind = [*test.orelse, *following(self.names.parents[test], test)]
        goes_round = isinstance(test.body[-1], ast.Continue) or bool(test.orelse)
        return self.names.stands_in(test.body, wait) and goes_round and always_exits(behind)

    def _tells(self, call: ast.Call, *, says_none: bool) -> bool:
        """True if what is called gives nothing where its request has failed, and something else."""
        found = self.attempts.program.callees.functions(self.attempts.module, call)
        function = found[0].node if len(found) == 1 else None
        if not isinstance(function, Defined) or function.decorator_list:
            return False
        return _Told(self.attempts, self.responses, found[0].module, function, says_none=says_none).is_told()


class _Told:
    """One function, and whether it gives nothing for its failures alone."""

    def __init__(
        self, attempts: RetryLoops, responses: Responses, module: Module, function: Defined, *, says_none: bool
    ) -> None:
        self.module, self.names, self.function, self.says_none = module, module.names, function, says_none
        self.responses = responses
        calls = module.names.calls_in[function]
        self.asking = [call for call in calls if attempts.effects.reaches_bybit(module, call)]

    def is_told(self) -> bool:
        nodes = list(own(self.function.body))
        if any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in nodes) or not self._ends():
            return False
        returned = [node for node in nodes if isinstance(node, ast.Return) and not self._is_guard(node)]
        nothing = [each for each in returned if self._is_nothing(each.value)]
        taken = any(isinstance(node, ast.ExceptHandler) and self._is_of_request(node) for node in nodes)
        others = (each.value for each in returned if each not in nothing)
        return taken and all(map(self._is_failure, nothing)) and all(map(self._is_something, others))

    def _ends(self) -> bool:
        """True if a function gives something said, or nothing behind an attempt that gives something if all is well."""
        last = self.function.body[-1]
        if isinstance(last, ast.Try):
            return always_exits([*last.body, *last.orelse])
        return always_exits(self.function.body)

    def _is_guard(self, leaver: ast.Return) -> bool:
        """True for what is left before anything is asked."""
        return not any(self.names.follows(leaver, call) or self.names.holds(leaver, call) for call in self.asking)

    def _is_nothing(self, value: ast.expr | None) -> bool:
        if value is None:
            return True
        return isinstance(value, ast.Constant) and (value.value is None or not (self.says_none or value.value))

    def _is_something(self, value: ast.expr | None) -> bool:
        match value:
            case ast.Constant():
                return True
            case ast.Dict(keys=items) | ast.List(elts=items) | ast.Tuple(elts=items):
                return self.says_none or bool(items)
            case ast.Call(func=callee) if called_name(callee) in NUMBERS:
                return self.says_none
        parts = self.responses.of(self.module, value) if value is not None else []
        return bool(parts) and all(part is not None and part.way in WHOLE for part in parts)

    def _is_of_request(self, handler: ast.ExceptHandler) -> bool:
        """True for a handler around what Bybit is asked."""
        attempt = self.names.parents.get(handler)
        return isinstance(attempt, ast.Try) and any(self.names.stands_in(attempt.body, call) for call in self.asking)

    def _is_failure(self, leaver: ast.Return) -> bool:
        """True for what is given in a handler of a request, or behind an answer that was an error."""
        around = list(itertools.takewhile(lambda node: node is not self.function, self.names.ancestors(leaver)))
        if any(isinstance(node, ast.ExceptHandler) and self._is_of_request(node) for node in around):
            return True
        return any(map(self._is_behind_error, self._tests(leaver, around)))

    def _tests(self, leaver: ast.stmt, around: list[ast.AST]) -> Iterator[tuple[ast.If, bool]]:
        """The tests that decide whether a statement is come to, and whether each of them holds then."""
        child: ast.AST = leaver
        for node in [*around, self.function]:
            if isinstance(node, ast.If) and child is not node.test:
                yield node, child in node.body
            before = (each for each in preceding(node, child) if isinstance(each, ast.If) and always_exits(each.body))
            yield from ((each, False) for each in before)
            child = node

    @staticmethod
    def _is_behind_error(asked: tuple[ast.If, bool]) -> bool:
        test, holds = asked
        said = success_tests.tests_success(test.test)
        return said is not None and said is not holds


def _asked(test: ast.expr, name: str) -> tuple[bool, bool] | None:
    """Whether a test holds where there is something in a name, and whether it asks for None; None for any other."""
    match test:
        case ast.Name(id=asked) if asked == name:
            return True, False
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=asked)) if asked == name:
            return False, False
        case ast.Compare(left=ast.Name(id=asked), ops=[op], comparators=[ast.Constant(value=None)]) if asked == name:
            return (isinstance(op, ast.IsNot), True) if isinstance(op, (ast.Is, ast.IsNot)) else None
    return None

"""Waiting before something is sent to Bybit again.

A wait counts as part of a retry only if it is proven that the same call is made again because it failed: the wait
stands in its handler, or behind a test of its answer, in a loop that a success ends. Polling, pacing and a main loop's
pause after an error are not retrying.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from bybit_lint.analysis.callgraph.call_sites import CallSite
from bybit_lint.analysis.domains import delays
from bybit_lint.analysis.flow import success_tests
from bybit_lint.analysis.flow.loops import RETRY, Loop, is_left_after, is_left_by_success
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.jumps import LoopNode, always_exits, exits, following
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic.retry_loops import RetryLoops
from bybit_lint.analysis.values.library_models import is_elsewhere
from bybit_lint.analysis.values.terms import Expression
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.retries import answer_tests, sliced_waits
from bybit_lint.facts.retries.connection_waits import ConnectionWaits
from bybit_lint.facts.retries.settled_flags import SettledFlags
from bybit_lint.facts.retries.sliced_waits import Waiting
from bybit_lint.facts.retries.told_rounds import ToldRounds
from bybit_lint.vocabulary import Retry, Wrap
from bybit_lint.vocabulary.retries import CONNECTION

CONNECTS = {"connect", "ws_connect", "create_connection", "WebSocketApp", "run_forever", "run"}
UNSEEN = {"OrderNotFound"}
"""Exceptions that say nothing failed: the bot waits until what it looks for is there."""


@extracts(Retry)
class Waits:
    """The waits of each module before something is sent again."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.traffic, self.effects = analysis.program, analysis.traffic, analysis.effects
        self.responses, self.packages = analysis.responses, analysis.packages

    def facts(self, module: Module) -> Iterator[Retry]:
        yield from _Waits(self, module).all()

    def attempts(self, module: Module) -> RetryLoops:
        return RetryLoops(self.program, self.traffic, self.effects, module)


class _Waits:
    """The waits of one module."""

    def __init__(self, known: Waits, module: Module) -> None:
        self.known = known
        self.program = known.program
        self.module = module
        self.names = module.names
        self.attempts = known.attempts(module)

    def all(self) -> Iterator[Retry]:
        for node in self.names.called("sleep", "wait"):
            is_wait = (node.args or node.keywords) and self.attempts.waits(node)
            if is_wait and not is_elsewhere(self.names, node):
                yield from self._around(node)

    def _around(self, sleep: ast.Call) -> Iterator[Retry]:
        delay = sleep.args[0] if sleep.args else sleep.keywords[0].value
        wait, length = sliced_waits.seconds(self.names, sleep) or (sleep, delay)
        own = self.repeated(wait)
        place = (self.module, own) if own else self._by_helper(wait)
        if place is None or self._is_chosen(wait):
            return
        held = self.program.evaluator.at(self.module, length)
        ways = self.program.callers.in_all_contexts(delays.without_counters(held.term))
        is_synchronised = all(map(delays.is_synchronised, ways))
        spreader = Wrap(self.module.source.span(delay), "jitter")
        yield self._retry(sleep, place, held, is_synchronised, spreader)

    def _is_chosen(self, wait: Waiting) -> bool:
        """True for a wait that an `if` puts in the place of a random one: it is for those who want no jitter."""
        around = self.names.within_function(wait)
        branch = next((node for node in around if isinstance(node, ast.If)), None)
        if branch is None:
            return False
        is_first = self.names.stands_in(branch.body, wait)
        others = branch.orelse if is_first else branch.body
        if is_first and always_exits(branch.body):
            others = [*others, *following(self.names.parents[branch], branch)]
        return any(self._is_random(call) for call in self.attempts.calls(others) if self.attempts.waits(call))

    def _is_random(self, sleep: ast.Call) -> bool:
        """True if something random goes into how long is slept."""
        held = self.program.evaluator.at(self.module, sleep.args[0]) if sleep.args else None
        return held is not None and any(map(delays.is_random, self.program.callers.in_all_contexts(held.term)))

    def repeated(self, wait: Waiting) -> ast.Call | None:
        """The call that is made again after a wait."""
        connections = ConnectionWaits(self.attempts)
        shapes = (
            self._in_handler,
            self._in_finally,
            self._after_failure,
            self._in_recursion,
            self._in_second_try,
            SettledFlags(self.attempts).in_round,
            ToldRounds(self.attempts, self.known.responses).in_round,
            connections.in_callback,
            connections.in_round,
        )
        return next((call for shape in shapes if (call := shape(wait)) is not None), None)

    def by_helper(self, call: ast.Call) -> ast.Call | None:
        """The call that is made again after a helper has waited; a wait that is told of itself has no helper."""
        return None if self.attempts.waits(call) else self.repeated(call)

    def _by_helper(self, sleep: Waiting) -> CallSite | None:
        """The call that is made again after a function of the bot has waited, which asks Bybit for nothing itself."""
        function = self.names.scope(sleep).function.node
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or self._is_nested(sleep):
            return None
        for site in self.program.callers.sites(function):
            again = _Waits(self.known, site.module).by_helper(site.node) if isinstance(site.node, ast.Call) else None
            if again is not None and not any(map(self.attempts.speaks, self.names.calls_in[function])):
                return site.module, again
        return None

    def _is_nested(self, sleep: Waiting) -> bool:
        """True if a wait is not simply what its function comes to."""
        around = self.names.within_function(sleep)
        return any(isinstance(node, (LoopNode, ast.Try)) for node in around)

    def _retry(
        self, sleep: ast.Call, place: CallSite, delay: Expression, is_synchronised: bool, spreader: Wrap
    ) -> Retry:
        module, repeated = place
        name = called_name(deferred_callee(repeated)[0])
        is_connection = name in CONNECTS or self.known.attempts(module).opens_connection(repeated)
        return Retry(
            span=self.module.source.span(sleep),
            repeats=module.source.span(repeated),
            what=CONNECTION if is_connection else f"{name}()" if name else "the call",
            delay=delays.describe(delay),
            is_synchronised=is_synchronised,
            spreader=spreader,
        )

    # The shapes ------------------------------------------------------------------------------------------------------

    def _in_handler(self, sleep: Waiting) -> ast.Call | None:
        """The call that is tried again by the loop around the handler in which `sleep` stands."""
        around = list(self.names.ancestors(sleep))
        for position, node in enumerate(around):
            if isinstance(node, ast.ExceptHandler):
                attempt = around[position + 1]
                loop = next((a for a in around[position + 2 :] if isinstance(a, LoopNode)), None)
                goes_on = any(isinstance(a, ast.If) and self._continues(a, sleep) for a in around[:position])
                is_look = node.type is not None and called_name(node.type) in UNSEEN
                if (
                    not isinstance(attempt, ast.Try)
                    or loop is None
                    or (always_exits(node.body) and not goes_on)
                    or is_look
                ):
                    return None
                return self.attempts.retried_call(attempt, Loop(loop), sleep)
            if isinstance(node, LoopNode):
                return None
        return None

    def _in_finally(self, sleep: Waiting) -> ast.Call | None:
        """The call that is tried again by the loop around an attempt behind which `sleep` stands however it ends."""
        around = list(self.names.ancestors(sleep))
        loop = next((node for node in around if isinstance(node, LoopNode)), None)
        inner = around[: around.index(loop)] if loop else []
        attempt = next((a for a in inner if isinstance(a, ast.Try) and self.names.stands_in(a.finalbody, sleep)), None)
        if loop is None or attempt is None or not Loop(loop).is_left_well(self.names, attempt):
            return None
        return self.attempts.retried_call(attempt, Loop(loop), sleep)

    def _after_failure(self, sleep: Waiting) -> ast.Call | None:
        """The call whose answer was found wanting before `sleep`, in a loop that its success ends.

        A socket that runs until it fails needs no test: once `run_forever()` returns, it has.
        """
        around = list(self.names.ancestors(sleep))
        node = next((a for a in around if isinstance(a, LoopNode)), None)
        if node is None or any(isinstance(a, ast.ExceptHandler) for a in around[: around.index(node)]):
            return None
        loop = Loop(node)
        if is_left_after(self.names, sleep, loop):
            return None
        before = loop.up_to(self.names, sleep)
        for call in self.attempts.calls(before):
            if self.attempts.runs_socket(call) and self.names.follows(sleep, call):
                return call
        last = before[-1] if before else None
        tries = [s for s in before if isinstance(s, ast.Try)]
        is_plain = not isinstance(last, ast.If) or success_tests.tests_success(last.test) is None
        if tries and tries[-1] is not last and is_plain and loop.is_left_well(self.names, tries[-1]):
            return self.attempts.retried_call(tries[-1], loop, sleep)
        inner = around[: around.index(node)]
        is_failure = (
            self._is_behind_failure(sleep, inner)
            or is_left_by_success(s for s in loop.through(self.names, sleep) if not self._is_no_failure(s))
            or self._is_called_retry(sleep, inner)
        )
        if not is_failure or not self.attempts.is_same_each_round(loop) or not self._is_left_soon(loop):
            return None
        others = (call for call in self.attempts.calls(node.body) if call is not sleep)
        earlier = (call for call in others if not self.names.follows(call, sleep))
        return next((call for call in earlier if self.attempts.speaks(call)), None)

    def _is_behind_failure(self, sleep: Waiting, around: Sequence[ast.AST]) -> bool:
        """True if `sleep` stands in the branch of an answer that was an error, and that may be one."""
        for node in around:
            if isinstance(node, ast.If) and (said := success_tests.tests_success(node.test)) is not None:
                is_other = self.names.stands_in(node.body, sleep) is not said
                return is_other and not self._is_always_good(node) and not (said and success_tests.asks_more(node.test))
        return False

    def _is_no_failure(self, statement: ast.stmt) -> bool:
        """True for a test that may not hold although nothing failed."""
        asks_more = isinstance(statement, ast.If) and success_tests.asks_more(statement.test)
        return asks_more or self._is_always_good(statement)

    def _is_always_good(self, statement: ast.stmt) -> bool:
        """True for a test of a retCode that is 0 whenever there is an answer: the client raises what is none."""
        return isinstance(statement, ast.If) and answer_tests.is_always_good(
            self.program, self.known.responses, self.known.packages, self.module, statement.test
        )

    def _is_left_soon(self, loop: Loop) -> bool:
        """True if a good answer leaves the loop; an endless loop that some other question may end goes on."""
        for leaver in exits(loop.node.body):
            around = list(self.names.ancestors(leaver))
            tests = [a.test for a in around[: around.index(loop.node)] if isinstance(a, ast.If)]
            if not loop.is_endless or all(success_tests.tests_success(test) is not None for test in tests):
                return True
        return False

    def _is_called_retry(self, sleep: Waiting, around: Sequence[ast.AST]) -> bool:
        """True for the other branch of an `if` that returned the answer, where the code itself speaks of a retry."""
        branch = next((a for a in around if isinstance(a, ast.If)), None)
        if branch is None or not always_exits(branch.body):
            return False
        counters = [s.target for s in branch.orelse if isinstance(s, ast.AugAssign)]
        return self.names.stands_in(branch.orelse, sleep) and any(RETRY.search(ast.unparse(name)) for name in counters)

    def _in_recursion(self, sleep: Waiting) -> ast.Call | None:
        """The call by which a function calls itself after it failed and slept."""
        scope = self.names.scope(sleep).function
        if not isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        outside = self.names.within_function(sleep)
        around = [node for node in outside if isinstance(node, (ast.ExceptHandler, ast.If))]
        if not any(isinstance(node, ast.ExceptHandler) or self._is_of_failure(node, sleep) for node in around):
            return None  # it waits until what it looks for is there
        name = scope.node.name
        inside = self.attempts.calls(around[0].body)
        again = [call for call in inside if called_name(call.func) == name and self.names.follows(call, sleep)]
        earlier = [c for c in self.attempts.calls(scope.node.body) if not self.names.follows(c, sleep)] if again else []
        if any(self.attempts.path(call) == "builtins.input" for call in earlier):
            return None  # a person decides when it goes on
        return again[0] if any(map(self.attempts.speaks, earlier)) else None

    def _is_of_failure(self, branch: ast.AST, sleep: Waiting) -> bool:
        """True if `sleep` stands in the branch of an answer that was an error, or that did not come."""
        if not isinstance(branch, ast.If):
            return False
        said = False if self._asks_for_answer(branch.test) else success_tests.tests_success(branch.test)
        return said is not None and self.names.stands_in(branch.body, sleep) is not said

    def _asks_for_answer(self, test: ast.expr) -> bool:
        """True for a test that holds where no answer came: one is never empty, but a list in it may be."""
        match test:
            case ast.Compare(ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=None)]):
                return True
            case ast.UnaryOp(op=ast.Not(), operand=asked):
                return any(part is not None and not part.way for part in self.known.responses.of(self.module, asked))
        return False

    def _in_second_try(self, sleep: Waiting) -> ast.Call | None:
        """The call that a handler makes just as it was made by the attempt that failed, once it has slept.

        It has tried again without a wait if it makes another call of the attempt's before.
        """
        handler = next((a for a in self.names.ancestors(sleep) if isinstance(a, ast.ExceptHandler)), None)
        attempt = self.names.parents.get(handler) if handler else None
        if handler is None or not isinstance(attempt, ast.Try):
            return None
        first = self.attempts.calls(attempt.body)
        inside = self.attempts.calls(handler.body)
        again = [call for call in inside if any(self._is_same(call, earlier) for earlier in first)]
        is_at_once = any(self.names.follows(sleep, call) for call in again)
        return None if is_at_once else next((call for call in again if self.names.follows(call, sleep)), None)

    def _is_same(self, call: ast.Call, earlier: ast.Call) -> bool:
        """True if a call asks Bybit just what an earlier one asked."""
        is_alike = called_name(call.func) == called_name(earlier.func)
        return is_alike and ast.unparse(call) == ast.unparse(earlier) and self.attempts.speaks(earlier)

    def _continues(self, branch: ast.If, sleep: Waiting) -> bool:
        """True if the branch in which `sleep` stands ends in the next round."""
        block = branch.body if self.names.stands_in(branch.body, sleep) else branch.orelse
        return isinstance(next(reversed(block), None), ast.Continue)

"""Waiting before something is sent to Bybit again.

A wait counts as part of a retry only if it is proven that the same call is made again because it failed: the wait
stands in its handler, or behind a test of its answer, in a loop that a success ends. Polling, pacing and a main loop's
pause after an error are not retrying.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from bybit_lint.names import FUNCTIONS, Scope, called_name
from bybit_lint.project import Module
from bybit_lint.reader import delays
from bybit_lint.reader.calls import handed_over
from bybit_lint.reader.terms import Expression, alternatives, path
from bybit_lint.vocabulary import Retry, Wrap

if TYPE_CHECKING:
    from bybit_lint.reader.facts import Reader

Loop: TypeAlias = ast.For | ast.AsyncFor | ast.While

SLEEPS = {
    "time.sleep",
    "asyncio.sleep",
    "anyio.sleep",
    "trio.sleep",
    "gevent.sleep",
    "eventlet.sleep",
    "threading.Event().wait",
}
CONNECTS = {"connect", "ws_connect", "create_connection", "WebSocketApp", "run_forever", "run"}
LOST = re.compile(r"reconnect|on_?close|on_?error|disconnect", re.IGNORECASE)
RETRY = re.compile(r"retr(y|ies)", re.IGNORECASE)
ANSWER = re.compile(r"ret_?code|status_?code|\.status\b|\.ok\b|success|retMsg", re.IGNORECASE)


class Retries:
    """The retries of one module."""

    def __init__(self, reader: Reader, module: Module) -> None:
        self.reader = reader
        self.module = module
        self.names = module.names
        self._sorted: dict[Scope, list[ast.Call]] = {}

    def all(self) -> Iterator[Retry]:
        for node in self.names.calls:
            is_named_so = called_name(node.func) in ("sleep", "wait") and bool(node.args or node.keywords)
            if is_named_so and self._path(node) in SLEEPS:
                yield from self._around(node)

    def _path(self, call: ast.Call) -> str | None:
        return path(self.reader.resolver.at(self.module, call.func).term)

    def _around(self, sleep: ast.Call) -> Iterator[Retry]:
        shapes = (self._in_handler, self._after_failure, self._in_recursion, self._in_callback)
        repeated = next((call for shape in shapes if (call := shape(sleep)) is not None), None)
        if repeated is None:
            return
        delay = sleep.args[0] if sleep.args else sleep.keywords[0].value
        held = self.reader.resolver.at(self.module, delay)
        is_synchronised = all(delays.is_synchronised(term) for term in self.reader.callers.expanded(held.term))
        yield self._retry(sleep, repeated, held, is_synchronised)

    def _retry(self, sleep: ast.Call, repeated: ast.Call, delay: Expression, is_synchronised: bool) -> Retry:
        name = called_name(handed_over(repeated)[0])
        is_connection = name in CONNECTS or self._opens_socket(repeated)
        return Retry(
            span=self.module.source.span(sleep),
            repeats=self.module.source.span(repeated),
            what="the connection" if is_connection else f"{name}()" if name else "the call",
            delay=delays.describe(delay),
            is_synchronised=is_synchronised,
            spreader=Wrap(delay.site.span, "jitter"),
        )

    # The three shapes ------------------------------------------------------------------------------------------------

    def _in_handler(self, sleep: ast.Call) -> ast.Call | None:
        """The call that is tried again by the loop around the handler in which `sleep` stands."""
        around = list(self.names.ancestors(sleep))
        for position, node in enumerate(around):
            if isinstance(node, ast.ExceptHandler):
                attempt = around[position + 1]
                loop = next((a for a in around[position + 2 :] if isinstance(a, Loop)), None)
                goes_on = any(isinstance(a, ast.If) and _continues(a, sleep) for a in around[:position])
                if not isinstance(attempt, ast.Try) or loop is None or (_leaves(node.body) and not goes_on):
                    return None
                return self._tried_again(attempt, loop, sleep)
            if isinstance(node, Loop):
                return None
        return None

    def _tried_again(self, attempt: ast.Try, loop: Loop, sleep: ast.Call) -> ast.Call | None:
        for call in self._calls(attempt.body):
            if self._opens_socket(call) and _goes_round(loop):
                return call
        if not self._counts_tries(loop, attempt) or not _ends_on_success(attempt, loop):
            return None
        if any(self._path(call) == "builtins.input" for call in self._calls(attempt.body)):
            return None  # a person decides when it goes on
        if self._paces(attempt, loop, sleep) and not _makes_progress(attempt, loop):
            return None
        earlier = [call for call in self._calls(loop.body) if call.lineno < attempt.lineno]
        tried = [*self._calls(attempt.body), *reversed(earlier)]
        return next((call for call in tried if self.reader.speaks(self.module, call)), None)

    def _paces(self, attempt: ast.Try, loop: Loop, own: ast.Call) -> bool:
        """True if a loop sleeps although nothing failed: it polls, and an error is only a longer pause."""
        block = [*attempt.body, *attempt.orelse, *(s for s in loop.body if s is not attempt)]
        for call in self._calls(s for s in block if not isinstance(s, ast.Try)):
            branches = [a for a in self.names.ancestors(call) if isinstance(a, ast.If)]
            is_branch = any(_says(b.test) is not None or isinstance(b.body[-1], ast.Continue) for b in branches)
            if call is not own and self._path(call) in SLEEPS and not is_branch:
                return not _leaves(attempt.body) and not _leaves(attempt.orelse)
        return False

    def _after_failure(self, sleep: ast.Call) -> ast.Call | None:
        """The call whose answer was found wanting before `sleep`, in a loop that its success ends.

        A socket that runs until it fails needs no test: once `run_forever()` returns, it has.
        """
        around = list(self.names.ancestors(sleep))
        loop = next((a for a in around if isinstance(a, Loop)), None)
        if loop is None or any(isinstance(a, ast.ExceptHandler) for a in around[: around.index(loop)]):
            return None
        before = [s for s in loop.body if s.lineno <= sleep.lineno]
        for call in self._calls(before):
            if self._runs_socket(call) and call.lineno < sleep.lineno:
                return call
        last = before[-1] if before else None
        attempts = [s for s in before if isinstance(s, ast.Try)]
        is_plain = not isinstance(last, ast.If) or _says(last.test) is None
        if attempts and attempts[-1] is not last and is_plain and _leaves_well(attempts[-1], loop):
            return self._tried_again(attempts[-1], loop, sleep)
        inner = around[: around.index(loop)]
        is_failure = (
            _is_behind_failure(sleep, inner) or _is_left_by_success(before) or self._is_called_retry(sleep, inner)
        )
        if not is_failure or not self._counts_tries(loop, loop) or not self._is_left_soon(loop):
            return None
        earlier = [call for call in self._calls(loop.body) if call.lineno <= sleep.lineno and call is not sleep]
        return next((call for call in earlier if self.reader.speaks(self.module, call)), None)

    def _is_left_soon(self, loop: Loop) -> bool:
        """True if a good answer leaves the loop; an endless loop that some other question may end goes on."""
        for leaver in _leavers(loop.body):
            around = list(self.names.ancestors(leaver))
            tests = [a.test for a in around[: around.index(loop)] if isinstance(a, ast.If)]
            if not _is_endless(loop) or all(_says(test) is not None for test in tests):
                return True
        return False

    @staticmethod
    def _is_called_retry(sleep: ast.Call, around: Sequence[ast.AST]) -> bool:
        """True for the other branch of an `if` that returned the answer, where the code itself speaks of a retry."""
        branch = next((a for a in around if isinstance(a, ast.If)), None)
        if branch is None or not _leaves(branch.body):
            return False
        counters = [s.target for s in branch.orelse if isinstance(s, ast.AugAssign)]
        is_inside = any(s.lineno <= sleep.lineno <= (s.end_lineno or s.lineno) for s in branch.orelse)
        return is_inside and any(RETRY.search(ast.unparse(name)) for name in counters)

    def _in_recursion(self, sleep: ast.Call) -> ast.Call | None:
        """The call by which a function calls itself after it failed and slept."""
        scope = self.names.scope(sleep).function
        if not isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        handler = next((a for a in self.names.ancestors(sleep) if isinstance(a, (ast.ExceptHandler, ast.If))), None)
        if handler is None:
            return None
        again = [
            c for c in self._calls(handler.body) if called_name(c.func) == scope.node.name and c.lineno >= sleep.lineno
        ]
        speaks = any(
            self.reader.speaks(self.module, call) for call in self._calls(scope.node.body) if call not in again
        )
        return again[0] if again and speaks else None

    def _in_callback(self, sleep: ast.Call) -> ast.Call | None:
        """The call by which the handler of a lost connection connects again, once it has slept."""
        scope = self.names.scope(sleep).function
        if not isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)) or not LOST.search(scope.node.name):
            return None
        after = [call for call in self._calls(scope.node.body) if call.lineno > sleep.lineno]
        return next((call for call in after if self._opens_socket(call)), None)

    def _calls(self, block: Iterable[ast.AST]) -> list[ast.Call]:
        """The calls a block makes itself, in the order of its lines."""
        found = []
        for statement in block:
            first, last = statement.lineno, statement.end_lineno  # type: ignore[attr-defined]  # statements have lines
            found += [c for c in self._own_calls(statement) if first <= c.lineno <= last]
        return found

    def _own_calls(self, node: ast.AST) -> list[ast.Call]:
        scope = self.names.scope(node).function
        if scope not in self._sorted:
            calls = self.names.calls_in[scope.node]
            self._sorted[scope] = sorted(calls, key=lambda call: (call.lineno, call.col_offset))
        return self._sorted[scope]

    # What is repeated ------------------------------------------------------------------------------------------------

    def _counts_tries(self, loop: Loop, attempt: ast.AST) -> bool:
        """True if each round of a loop does the same: it counts, or it just goes on."""
        if isinstance(loop, ast.While):
            return True
        counts = isinstance(loop.iter, ast.Call) and called_name(loop.iter.func) in ("range", "count")
        if not counts:
            return False
        counters = {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)}
        calls = (
            [c for c in self._calls(attempt.body) if self.reader.speaks(self.module, c)]
            if isinstance(attempt, ast.Try)
            else []
        )
        used = {n.id for call in calls for n in ast.walk(call) if isinstance(n, ast.Name)}
        return not counters & used

    def _opens_socket(self, call: ast.Call) -> bool:
        return self.reader.connects(self.module, call) or self._runs_socket(call)

    def _runs_socket(self, call: ast.Call) -> bool:
        """`ws.run_forever()` of a socket that was opened to Bybit."""
        if called_name(call.func) != "run_forever" or not isinstance(call.func, ast.Attribute):
            return False
        made = self.reader.resolver.at(self.module, call.func.value).term
        return any(getattr(getattr(t, "site", None), "node", None) in self.reader.spoken for t in alternatives(made))


def _is_behind_failure(sleep: ast.Call, around: Sequence[ast.AST]) -> bool:
    """True if `sleep` stands in the branch of an answer that was an error."""
    for node in around:
        if isinstance(node, ast.If) and (said := _says(node.test)) is not None:
            is_inside = any(s.lineno <= sleep.lineno <= (s.end_lineno or s.lineno) for s in node.body)
            return is_inside is not said
    return False


def _is_left_by_success(before: Sequence[ast.stmt]) -> bool:
    """True if a good answer has already left the loop."""
    return any(isinstance(s, ast.If) and _says(s.test) is True and _leaves(s.body) for s in before)


def _says(test: ast.expr) -> bool | None:
    """True if a test holds for a good answer, False if for an error, None if it asks about neither."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            said = _says(operand)
            return None if said is None else not said
        case ast.BoolOp(values=values):
            return next((said for value in values if (said := _says(value)) is not None), None)
        case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value=value)]) if ANSWER.search(
            ast.unparse(left)
        ):
            is_good = value in (0, 200, "0", "OK", True)
            if isinstance(value, str) and not is_good:
                return None
            return is_good if isinstance(op, (ast.Eq, ast.Is)) else not is_good if isinstance(op, ast.NotEq) else False
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()]) if ANSWER.search(ast.unparse(left)):
            return False
        case ast.Call(func=ast.Name(id="isinstance")):
            return True
        case ast.Name() | ast.Attribute() | ast.Call() | ast.Subscript() if re.search(
            r"\bok\b|success", ast.unparse(test)
        ):
            return True
    return None


def _leaves(block: Sequence[ast.stmt]) -> bool:
    """True if the end of a block leaves the loop around it."""
    if not block:
        return False
    last = block[-1]
    if isinstance(last, ast.If):
        return _leaves(last.body) and _leaves(last.orelse)
    if isinstance(last, (ast.With, ast.AsyncWith)):
        return _leaves(last.body)
    return isinstance(last, (ast.Return, ast.Raise, ast.Break))


def _has_exit(block: Iterable[ast.stmt], *, in_loop: bool = False) -> bool:
    """True if a block may leave the loop it stands in with a result."""
    for statement in block:
        if isinstance(statement, ast.Return) or (isinstance(statement, ast.Break) and not in_loop):
            return True
        if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
            continue
        inner = in_loop or isinstance(statement, (ast.For, ast.AsyncFor, ast.While))
        for name in ("body", "orelse", "finalbody"):
            part = getattr(statement, name, None)
            if isinstance(part, list) and _has_exit(part, in_loop=inner):
                return True
    return False


def _ends_on_success(attempt: ast.Try, loop: Loop) -> bool:
    """True if a loop is left once the attempt has gone well."""
    if _has_exit(attempt.body) or _has_exit(attempt.orelse):
        return True
    last = attempt.body[-1].end_lineno or attempt.lineno
    return any(leaver.lineno > last for leaver in _leavers(loop.body)) or _makes_progress(attempt, loop)


def _leavers(block: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements by which a block is left when nothing was raised."""
    for statement in block:
        if isinstance(statement, (ast.Return, ast.Break)):
            yield statement
        if not isinstance(statement, (*FUNCTIONS, ast.ClassDef, ast.For, ast.AsyncFor, ast.While)):
            for name in ("body", "orelse", "finalbody"):
                part = getattr(statement, name, None)
                yield from _leavers(part if isinstance(part, list) else ())


def _is_endless(loop: Loop) -> bool:
    return isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant)


def _makes_progress(attempt: ast.Try, loop: Loop) -> bool:
    """True if it is the attempt's success that brings a loop to its end."""
    return isinstance(loop, ast.While) and bool(_assigned(attempt.body) & _read(loop.test))


def _continues(branch: ast.If, sleep: ast.Call) -> bool:
    """True if the branch in which `sleep` stands ends in the next round."""
    blocks = (branch.body, branch.orelse)
    mine = [b for b in blocks if b and b[0].lineno <= sleep.lineno <= (b[-1].end_lineno or 0)]
    return any(isinstance(block[-1], ast.Continue) for block in mine)


def _leaves_well(attempt: ast.Try, loop: Loop) -> bool:
    """True if an attempt that went well leaves the loop before the statement that counts a retry, or at its end."""
    counted = [s.target for s in loop.body if isinstance(s, ast.AugAssign) and s.lineno > attempt.lineno]
    if any(RETRY.search(ast.unparse(name)) for name in counted) and _has_exit(attempt.body):
        return True
    block = [*attempt.body, *attempt.orelse]
    tests = [node for s in block for node in ast.walk(s) if isinstance(node, ast.If)]
    return _leaves(attempt.body) or _leaves(attempt.orelse) or _is_left_by_success(tests)


def _assigned(block: Sequence[ast.stmt]) -> set[str]:
    return {n.id for s in block for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _read(test: ast.expr) -> set[str]:
    return {n.id for n in ast.walk(test) if isinstance(n, ast.Name)}


def _goes_round(loop: Loop) -> bool:
    """True for a loop that goes on for ever, or for a number of tries."""
    return isinstance(loop, ast.While) or (
        isinstance(loop.iter, ast.Call) and called_name(loop.iter.func) in ("range", "count")
    )

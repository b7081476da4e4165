"""What is tried again when it fails: the calls of an attempt in a loop that its success ends."""

from __future__ import annotations

import ast
import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.flow import exception_handlers, success_tests
from bybit_lint.analysis.flow.exception_handlers import HARMLESS
from bybit_lint.analysis.flow.loops import Loop, is_left_after, is_left_by_success
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.jumps import always_exits, names_in, own
from bybit_lint.analysis.syntax.nodes import called_name, position, walk
from bybit_lint.analysis.syntax.scopes import Scope
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.analysis.traffic.receptions import Reception
from bybit_lint.analysis.traffic.record import Traffic
from bybit_lint.analysis.traffic.running_sockets import is_run_by
from bybit_lint.analysis.values.terms import qualified_name

SLEEPS = {
    "time.sleep",
    "asyncio.sleep",
    "anyio.sleep",
    "trio.sleep",
    "gevent.sleep",
    "eventlet.sleep",
    "threading.Event().wait",
}
WAITS = {name.rpartition(".")[2] for name in SLEEPS}

EXCEPTIONS = ("pybit.exceptions.", "bybit_p2p.")
"""How the paths of the exceptions begin that nobody but a client for Bybit raises."""

FACTORIES = {"requests.adapters.Retry", "urllib3.Retry", "urllib3.util.Retry", "urllib3.util.retry.Retry"}
"""urllib3's retries, by all their names."""


class RetryLoops:
    """The attempts of one module."""

    def __init__(self, program: Program, traffic: Traffic, effects: Effects, module: Module) -> None:
        self.program, self.traffic, self.effects = program, traffic, effects
        self.module = module
        self.names = module.names
        self._calls: dict[Scope, dict[ast.AST, list[ast.Call]]] = {}

    def retried_call(self, attempt: ast.Try, loop: Loop, pause: ast.AST | None = None) -> ast.Call | None:
        """The call that a loop makes again after the attempt failed; `pause` is the wait that belongs to it."""
        if all(is_left_after(self.names, end, loop) for end in ([pause] if pause else attempt.handlers)):
            return None
        calls = self.calls(attempt.body)
        is_alone = sum(called_name(call.func) not in HARMLESS for call in calls) == 1
        for call in calls:
            if self.opens_connection(call) and loop.goes_round:
                return call if not is_alone or self._may_fail(call, attempt, pause) else None
        if not self.is_same_each_round(loop, attempt) or not loop.ends_on_success(self.names, attempt):
            return None
        if any(self.path(call) == "builtins.input" for call in self.calls(attempt.body)):
            return None  # a person decides when it goes on
        is_moved = loop.is_moved_by(attempt) or self._is_paged(attempt, loop)
        if self._is_polling(attempt, loop, pause) and not is_moved:
            return None
        earlier = [call for call in self.calls(loop.node.body) if self.names.follows(attempt, call)]
        tried = [call for call in calls if self.speaks(call)]
        going = [call for call in tried if not loop.is_settled_before(self.names, call, attempt)]
        if tried and not going:
            return None
        failing = [call for call in going if self._may_fail(call, attempt, pause)]
        found = next((call for call in [*failing, *reversed(earlier)] if self.speaks(call)), None)
        return found or (None if tried else self._blamed(attempt, pause))

    def _may_fail(self, call: ast.Call, attempt: ast.Try, pause: ast.AST | None) -> bool:
        """False if a handler waits in vain: it is for another library's errors, or Bybit's never get to it."""
        handler = self._handler(attempt, pause)
        if handler is not None and (
            exception_handlers.is_kept_inside(self.program, self.module, call, attempt)
            or not self.effects.raised(self.module, call, self._caught(handler))
        ):
            return False
        if handler is None or self.effects.may_raise(self.module, call) or not self._is_only_asked(call):
            return True
        return any(isinstance(node, ast.Raise) for statement in attempt.body for node in walk(statement))

    def _handler(self, attempt: ast.Try, pause: ast.AST | None) -> ast.ExceptHandler | None:
        """The handler of an attempt in which a wait stands."""
        around = set(self.names.ancestors(pause)) if pause else set()
        return next((handler for handler in attempt.handlers if handler in around), None)

    def _caught(self, handler: ast.ExceptHandler) -> set[str | None]:
        return exception_handlers.caught_exceptions(self.program.evaluator, self.module, handler.type)

    def _is_only_asked(self, call: ast.Call) -> bool:
        """True for a call whose value nobody in the attempt uses, or an `if` asks first whether it is anything."""
        node: ast.AST = call
        above = self.names.parents.get(call)
        while isinstance(above, (ast.Await, ast.UnaryOp)):
            node, above = above, self.names.parents.get(above)
        match above:
            case ast.Expr() | ast.Return():
                return True
            case ast.If(test=test):
                return test is node
            case ast.Assign(targets=[ast.Name(id=name)]):
                after = self._next(above)
                return isinstance(after, ast.If) and _is_asked_first(name, after.test) and _ends_round(after.body)
        return False

    def _next(self, statement: ast.stmt) -> ast.stmt | None:
        """The statement after another one in the same block."""
        block = getattr(self.names.parents.get(statement), "body", [])
        return next((later for one, later in itertools.pairwise(block) if one is statement), None)

    def _blamed(self, attempt: ast.Try, pause: ast.AST | None) -> ast.Call | None:
        """The one call of an attempt, where the wait is for an exception that only a client for Bybit raises."""
        handler = self._handler(attempt, pause)
        calls = self.calls(attempt.body)
        if handler is None or handler.type is None or len(calls) != 1:
            return None
        return calls[0] if all(name and name.startswith(EXCEPTIONS) for name in self._caught(handler)) else None

    def _is_polling(self, attempt: ast.Try, loop: Loop, own: ast.AST | None) -> bool:
        """True if a loop sleeps although nothing failed: it polls, and an error is only a longer pause."""
        if always_exits(loop.node.body):
            return False
        block = [*attempt.body, *attempt.orelse, *(s for s in loop.node.body if s is not attempt)]
        for call in self.calls(s for s in block if not isinstance(s, ast.Try)):
            branches = [a for a in self.names.ancestors(call) if isinstance(a, ast.If)]
            is_branch = any(
                success_tests.tests_success(b.test) is not None or isinstance(b.body[-1], ast.Continue)
                for b in branches
            )
            through = loop.through(self.names, call)
            done = [*attempt.body, *attempt.orelse] if attempt in through else []
            is_failure = is_branch or is_left_by_success([*through, *done])
            is_own = own is not None and self.names.holds(own, call)
            if not is_own and self._is_pause(call, own) and not is_failure:
                return not always_exits(attempt.body) and not always_exits(attempt.orelse)
        return False

    def _is_paged(self, attempt: ast.Try, loop: Loop) -> bool:
        """True if what an attempt is answered says what the next round asks for: it sleeps from page to page."""
        answered = names_in(attempt.body, ast.Store)
        moved: set[str] = set()
        behind = (n for n in own(loop.node.body) if isinstance(n, ast.Assign) and self.names.follows(n, attempt))
        for statement in sorted(behind, key=position):
            if (answered | moved) & names_in([statement.value]):
                moved |= names_in(statement.targets, ast.Store)
        asking = [call for call in self.calls(attempt.body) if self.speaks(call)]
        given = names_in([value for call in asking for value in (*call.args, *(k.value for k in call.keywords))])
        return not given.isdisjoint(moved)

    def _is_pause(self, call: ast.Call, own: ast.AST | None) -> bool:
        """True for a sleep, and for what the wait after a failure is done with."""
        is_alike = isinstance(own, ast.Call) and called_name(call.func) == called_name(own.func)
        return is_alike or self.waits(call)

    def is_same_each_round(self, loop: Loop, attempt: ast.Try | None = None) -> bool:
        """True if each round of a loop does the same: it counts tries, or it just goes on."""
        if isinstance(loop.node, ast.While) or not loop.counts:
            return loop.goes_round
        calls = [call for call in self.calls(attempt.body if attempt else ()) if self.speaks(call)]
        return not loop.counters & names_in(calls)

    def calls(self, block: Iterable[ast.AST]) -> list[ast.Call]:
        """The calls a block makes itself, in the order of its lines."""
        return [call for statement in block for call in self._held_by(self.names.scope(statement)).get(statement, ())]

    def _held_by(self, scope: Scope) -> Mapping[ast.AST, list[ast.Call]]:
        """The calls of a function by each of the nodes around them."""
        function = scope.function
        if function not in self._calls:
            held = self._calls[function] = defaultdict(list)
            for call in sorted(self.names.calls_in[function.node], key=position):
                for around in self.names.ancestors(call):
                    held[around].append(call)
        return self._calls[function]

    # What is called --------------------------------------------------------------------------------------------------

    def speaks(self, call: ast.Call) -> bool:
        """True if a call is proven to reach Bybit."""
        return self.effects.reaches_bybit(self.module, call)

    def path(self, call: ast.Call) -> str | None:
        return qualified_name(self.program.evaluator.evaluate(self.module, call.func))

    def waits(self, call: ast.Call) -> bool:
        """True for a sleep, on some way through the code."""
        name = called_name(call.func)
        if self.names.aliases.get(name, name) not in WAITS:
            return False
        return any(qualified_name(term) in SLEEPS for term in self.program.callees.terms(self.module, call))

    def opens_socket(self, call: ast.Call) -> bool:
        return self.effects.opens_socket(self.module, call) or self.runs_socket(call)

    def opens_connection(self, call: ast.Call) -> bool:
        """True if a call opens a socket, or a stream of a client that has its own."""
        return self.opens_socket(call) or self.effects.opens_stream(self.module, call)

    def holds_socket(self, call: ast.Call) -> bool:
        """True if a call comes back only once a connection to Bybit is lost."""
        return self.effects.holds_socket(self.module, call)

    def receptions(self) -> list[Reception]:
        """The loops of the module that go on until a connection to Bybit is lost."""
        return [reception for reception in self.effects.receptions if reception.module is self.module]

    def runs_socket(self, call: ast.Call) -> bool:
        """`ws.run_forever()` of a socket that was opened to Bybit, or a call that opens one and runs it."""
        opened = self.traffic.sockets.get(call)
        if opened is not None and opened.is_run:
            return True
        return is_run_by(self.program.evaluator, self.module, call, self.traffic.bybit_calls)


def _is_asked_first(name: str, test: ast.expr) -> bool:
    """True if a test first asks whether there is anything in a name: `not x or len(x) < 5`, `x is not None and ...`."""
    match test:
        case (
            ast.BoolOp(values=[first, *_])
            | ast.UnaryOp(operand=first)
            | ast.Compare(left=first, ops=[ast.Is() | ast.IsNot()])
        ):
            return _is_asked_first(name, first)
        case ast.Call(func=ast.Name(id="isinstance"), args=[first, _]):
            return _is_asked_first(name, first)
    return isinstance(test, ast.Name) and test.id == name


def _ends_round(block: Sequence[ast.stmt]) -> bool:
    return always_exits(block) or isinstance(block[-1], ast.Continue)

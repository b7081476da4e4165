"""What makes a call again after a failure that says nothing of whether the first one did its work.

Only exceptions count that may be raised when an answer got lost; what is tried again after a refusal was not placed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from bybit_lint.analysis.bounds import MAX_CALLS_TO_RETRY
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.flow import exception_handlers
from bybit_lint.analysis.flow.loops import Loop, is_left_after
from bybit_lint.analysis.flow.retry_iterators import TriedBlock, tried_blocks
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import positional_parameters
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import LoopNode, exits, names_in
from bybit_lint.analysis.syntax.nodes import FunctionNode, called_name
from bybit_lint.analysis.traffic.effects import Contexts, Effects
from bybit_lint.analysis.traffic.record import Traffic
from bybit_lint.analysis.traffic.retry_loops import RetryLoops
from bybit_lint.analysis.values.terms import Function, Term, alternatives, qualified_name
from bybit_lint.facts.orders import look_aheads
from bybit_lint.facts.orders.second_tries import EnclosingRetry, SecondTries
from bybit_lint.facts.orders.told_failures import ToldFailures
from bybit_lint.vocabulary import Related

Way: TypeAlias = frozenset[ast.AST]
"""The calls by which one order is reached; who calls the same functions for anything else has no part in it."""
RETRYING = {"tenacity.retry", "tenacity.asyncio.retry", "retrying.retry", "retry.retry", "retry.api.retry"}


class EnclosingRetries:
    """The retries around the calls of a project."""

    def __init__(self, program: Program, traffic: Traffic, effects: Effects) -> None:
        self.program, self.traffic, self.effects = program, traffic, effects
        self.evaluator = program.evaluator
        self._attempts: dict[Module, RetryLoops] = {}
        self._known: dict[tuple[ast.Call, Way, int], list[EnclosingRetry]] = {}
        self._tried_blocks: dict[Module, list[TriedBlock]] = {}
        self._second = SecondTries(program, effects)
        self._told = ToldFailures(program, effects)

    def around(
        self, module: Module, call: ast.Call, way: Way = frozenset(), hops: int = MAX_CALLS_TO_RETRY
    ) -> list[EnclosingRetry]:
        """What makes a call again: in its function, around its function, or around the callers of that."""
        if (call, way, hops) not in self._known:
            self._known[call, way, hops] = [*self._around(module, call, way, hops)]
        return self._known[call, way, hops]

    def keeps(self, module: Module, call: ast.Call) -> bool:
        """True if nobody outside of the function that a call stands in hears of its lost answer."""
        return self._caught(module, call) is not None

    def _around(self, module: Module, call: ast.Call, way: Way, hops: int) -> Iterator[EnclosingRetry]:
        caught = self._caught(module, call)
        if caught is not None:
            yield from self._in_loop(module, call, *caught)
        function = module.names.scope(call).function.node
        yield from self._by_whom_it_is_handed_to(module, call, call, hops)
        if isinstance(function, ast.Lambda):
            yield from self._by_whom_it_is_handed_to(module, call, function, hops)
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return
        if self._looks_around(module, call, module.names.calls_in[function]):
            return
        yield from self._second.of(module, call)
        if caught is not None:
            yield from self._in_recursion(module, call, caught[1])
            yield from self._told.again(module, function, *caught)
            return
        yield from self._decorated(module, call, function)
        yield from self._iterated(module, call)
        yield from self._by_whom_it_is_handed_to(module, call, function, hops)
        sites = self.program.callers.sites(function) if hops else []
        for site in [site for site in sites if site.node in way] or sites:
            if isinstance(site.node, ast.Call):
                for repeat in self.around(site.module, site.node, way, hops - 1):
                    yield EnclosingRetry(repeat.module, repeat.call, repeat.cause, function)

    def _by_whom_it_is_handed_to(
        self, module: Module, call: ast.Call, handed: ast.expr | FunctionNode, hops: int
    ) -> Iterator[EnclosingRetry]:
        """The retries of functions that are handed a call: itself as a partial, or a function around it."""
        calls = self.program.handed.calls(handed)
        for where, other in calls if hops else ():
            for repeat in self.around(where, other, hops=0):
                yield EnclosingRetry(module, call, repeat.cause, handed)
        if calls and not isinstance(handed, (ast.FunctionDef, ast.AsyncFunctionDef)):
            around = next((a for a in module.names.ancestors(handed) if isinstance(a, ast.Call)), None)
            for repeat in self.around(module, around, hops=hops - 1) if around is not None and hops else ():
                yield EnclosingRetry(module, call, repeat.cause, handed)

    def _caught(
        self, module: Module, call: ast.Call, contexts: Contexts | None = None
    ) -> tuple[ast.Try, ast.ExceptHandler] | None:
        """The attempt whose handler keeps the news of a lost answer; None if it leaves the function."""
        contexts = contexts or self.program.callers.in_all_contexts
        for attempt in exception_handlers.enclosing_attempts(module.names, call):
            handler = self.effects.taking_lost(module, call, attempt, contexts)
            if handler is not None and (_ends_quietly(handler) or exception_handlers.goes_round(handler)):
                return attempt, handler
        return None

    # Loops -----------------------------------------------------------------------------------------------------------

    def _in_loop(
        self, module: Module, call: ast.Call, attempt: ast.Try, handler: ast.ExceptHandler
    ) -> Iterator[EnclosingRetry]:
        node = next((a for a in module.names.ancestors(attempt) if isinstance(a, LoopNode)), None)
        if (
            node is None
            or not (exception_handlers.continues(handler) or exception_handlers.goes_round(handler))
            or is_left_after(module.names, handler, Loop(node))
            or Loop(node).is_settled_before(module.names, call, attempt)
        ):
            return
        attempts = self._attempts.setdefault(module, RetryLoops(self.program, self.traffic, self.effects, module))
        loop = Loop(node)
        tried = attempts.calls([*attempt.body, *attempt.orelse])
        done = [other for other in tried if module.names.follows(other, call)]
        pause = self._pause_before_look(module, call, attempts, done)
        if not self._is_left_after(module, call, attempt, loop) or attempts.retried_call(attempt, loop, pause) is None:
            return
        if self._looks_around(module, call, (c for c in attempts.calls(node.body) if c not in done)):
            return
        is_own = next((a for a in module.names.ancestors(call) if isinstance(a, LoopNode)), None) is node
        related = Related(module.source.span(handler), "a lost answer ends here, and the loop goes on")
        yield EnclosingRetry(module, call, related, node, node if is_own else None)

    def _pause_before_look(
        self, module: Module, call: ast.Call, attempts: RetryLoops, done: Sequence[ast.Call]
    ) -> ast.Call | None:
        """The sleep between an order and the look for it by its answer; a loop that sleeps so is no polling."""
        statement = module.names.statement(call)
        kept = names_in([statement], ast.Store) if statement is not None else set()
        look = next((c for c in done if kept & names_in([c]) and self.effects.reads_orders(module, c)), None)
        return next((c for c in done if look is not None and attempts.waits(c) and module.names.follows(look, c)), None)

    def _is_left_after(self, module: Module, call: ast.Call, attempt: ast.Try, loop: Loop) -> bool:
        """True if it is what comes after the call that leaves the loop; what leaves it before has not looked for it."""
        names = module.names
        ends = [*exits([*attempt.body, *attempt.orelse])]
        ends += (leaver for leaver in exits(loop.node.body) if names.follows(leaver, attempt))
        before = [s for s in (*ends, *exits(loop.up_to(names, call))) if names.follows(call, s)]
        is_left = not before or any(leaver not in before for leaver in ends)
        is_ended = bool(ends) or any(exits(attempt.finalbody)) or loop.is_moved_by(attempt)
        blind = (look_aheads.is_blind(self.program, self.effects, module, s, loop) for s in before)
        return is_left and is_ended and all(blind)

    def _looks_around(self, module: Module, call: ast.Call, others: Iterable[ast.Call]) -> bool:
        """True if one of the other calls may tell whether the order is there already."""
        looking = (other for other in others if other is not call and not _is_instead(module.names, call, other))
        return any(self.effects.reads_orders(module, other) for other in looking)

    # Functions that are called again ---------------------------------------------------------------------------------

    def _in_recursion(self, module: Module, call: ast.Call, handler: ast.ExceptHandler) -> Iterator[EnclosingRetry]:
        function = module.names.scope(call).function.node
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return
        for other in module.names.calls_named.get(function.name, ()):
            around = list(module.names.ancestors(other))
            if not any(f.node is function for f in self.program.callees.functions(module, other)):
                continue
            if handler in around and not any(
                isinstance(a, (ast.If, ast.Match)) for a in around[: around.index(handler)]
            ):
                related = Related(module.source.span(other), "a lost answer ends here, and the function starts again")
                yield EnclosingRetry(module, call, related, function)
                return

    def _decorated(
        self, module: Module, call: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef
    ) -> Iterator[EnclosingRetry]:
        for decorator in function.decorator_list:
            if self._tries_again(module, decorator, call):
                related = Related(module.source.span(decorator), "a lost answer makes this call it again")
                yield EnclosingRetry(module, call, related, function)

    def _iterated(self, module: Module, call: ast.Call) -> Iterator[EnclosingRetry]:
        """The loop over tenacity's tries that a call stands in."""
        if module not in self._tried_blocks:
            self._tried_blocks[module] = [*tried_blocks(self.evaluator, module)]
        for tried in self._tried_blocks[module]:
            settings = {k.arg: k.value for k in tried.made.keywords}
            if module.names.stands_in(tried.block.body, call) and self._is_unconditional(module, settings, call):
                related = Related(module.source.span(tried.loop.iter), "a lost answer makes this call it again")
                yield EnclosingRetry(module, call, related, tried.loop, tried.loop)

    def _tries_again(self, module: Module, decorator: ast.expr, call: ast.Call) -> bool:
        name = qualified_name(
            self.evaluator.evaluate(module, decorator.func if isinstance(decorator, ast.Call) else decorator)
        )
        settings = {k.arg: k.value for k in decorator.keywords} if isinstance(decorator, ast.Call) else {}
        if name in RETRYING:
            return self._is_unconditional(module, settings, call)
        match decorator:
            case ast.Call(args=[_, failures, *_]) if name == "backoff.on_exception":
                return self.effects.loses_into(module, call, failures) and "giveup" not in settings
        return any(
            self._calls_again(term, decorator) for term in alternatives(self.evaluator.evaluate(module, decorator))
        )

    def _is_unconditional(self, module: Module, settings: dict[str | None, ast.expr], call: ast.Call) -> bool:
        """True if a retry decorator takes the lost answer of a call for a reason to try again."""
        exceptions = settings.get("exceptions")
        condition = settings.get("retry")
        if None in settings or {"retry_on_exception", "retry_on_result"} & settings.keys():
            return False
        if condition is None:
            return exceptions is None or self.effects.loses_into(module, call, exceptions)
        match condition:
            case ast.Call(func=func, args=given) if called_name(func) == "retry_if_exception_type":
                return not given or self.effects.loses_into(module, call, given[0])
        return False

    def _calls_again(self, decorator: Term, written: ast.expr) -> bool:
        """True for a decorator of the project whose function calls what it is given in a loop."""
        if not isinstance(decorator, Function) or not isinstance(decorator.node, FunctionNode):
            return False
        names = decorator.module.names
        given = positional_parameters(decorator.node.args)[:1]
        calls = [call for argument in given for call in names.calls_named.get(argument.arg, ())]
        inside = [call for call in calls if self._stands_in(decorator, call)]
        here = partial(self._as_made_by, written)
        caught = [(call, kept) for call in inside if (kept := self._caught(decorator.module, call, here))]
        return any(True for call, kept in caught for _ in self._in_loop(decorator.module, call, *kept))

    def _as_made_by(self, written: ast.expr, term: Term) -> list[Term]:
        """A term of a function that makes decorators, in the eyes of one of its calls: `@retry(exceptions=(...))`."""
        calls = self.program.callers.nearest(term)
        return [call.of(term) for call in calls if call.made.site.node is written] or [term]

    @staticmethod
    def _stands_in(function: Function, call: ast.Call) -> bool:
        return any(scope.node is function.node for scope in function.module.names.scope(call).outward())


def _is_instead(names: ModuleIndex, call: ast.Call, other: ast.Call) -> bool:
    """True if the caller decides which of two calls is made, the same in each try: `if method == "GET": ...`."""
    given = {argument.arg for argument in names.scope(call).function.parameters}
    for node in names.ancestors(call):
        if isinstance(node, ast.If) and names_in([node.test]) <= given:
            pairs = ((call, other), (other, call))
            if any(names.stands_in(node.body, one) and names.stands_in(node.orelse, two) for one, two in pairs):
                return True
    return False


def _ends_quietly(handler: ast.ExceptHandler) -> bool:
    """True if the last thing that a handler does is not to raise."""
    return not isinstance(handler.body[-1], ast.Raise)

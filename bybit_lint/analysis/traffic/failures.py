"""The ways through a function on which what it asked Bybit for has failed: a handler, or a branch for refusals."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from bybit_lint.analysis.flow.exception_handlers import caught_exceptions, includes_lost_answer, is_kept_inside
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.jumps import always_exits, following
from bybit_lint.analysis.traffic.effects import HOLDINGS, Effects
from bybit_lint.analysis.traffic.refusals import Refusals
from bybit_lint.analysis.traffic.responses import Responses
from bybit_lint.tuples import NamedTuple

Defined: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Taking: TypeAlias = ast.ExceptHandler | ast.If | ast.IfExp


class Failure(NamedTuple):
    """What a function does where a request has failed, and where it has not."""

    function: Defined
    taking: Taking
    """What takes the failure."""
    block: Sequence[ast.stmt]
    """What is done then."""
    tried: Sequence[ast.stmt]
    """What is done where nothing has failed."""
    last: ast.stmt
    """The statement behind which the function goes on, if the block lets it."""

    @property
    def holds(self) -> bool:
        """True if a test that takes the failure holds then."""
        if isinstance(self.taking, ast.IfExp):
            return getattr(self.block[0], "value", None) is self.taking.body
        return self.tried is not self.taking.body

    @property
    def anchor(self) -> ast.stmt:
        """The statement that decides whether it failed: what stands before it knows nothing of that."""
        return self.taking if isinstance(self.taking, ast.If) else self.last


class Failures:
    """The failures of a project that stay in the function which asks."""

    def __init__(self, effects: Effects, responses: Responses, *, of_holdings: bool = False) -> None:
        """Those of whatever Bybit is asked for, or of holdings only."""
        self.effects, self.program = effects, effects.program
        self.refusals = Refusals(responses)
        self.of_holdings = of_holdings
        self._is_meant = effects.reads_holdings if of_holdings else effects.reaches_bybit
        self._asking: dict[ast.AST, bool] = {}
        self._requests: dict[tuple[Taking, bool], ast.Call | None] = {}
        """The call that fails, by what takes the failure and what it says then."""

    def of(self, module: Module) -> Iterator[Failure]:
        """Where a function of a file that asks Bybit may take a failure; whether it is of that, `request` says."""
        for function, taking in self.takings(module):
            yield from self.taken(module, function, taking)

    def takings(self, module: Module) -> Iterator[tuple[Defined, Taking]]:
        """What takes any failure in the functions of a file."""
        places: tuple[Taking, ...] = (*module.names.handlers, *module.names.branches, *module.names.choices)
        for taking in places:
            function = module.names.scope(taking).function.node
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield function, taking

    def taken(self, module: Module, function: Defined, taking: Taking) -> Iterator[Failure]:
        """The failures that one of them may take, in a function that asks Bybit."""
        attempt = module.names.parents.get(taking)
        if isinstance(taking, ast.If):
            yield from _branches(module, function, taking) if self._asks(function, module) else ()
        elif isinstance(taking, ast.IfExp):
            yield from _choices(function, taking, attempt) if self._asks(function, module) else ()
        elif isinstance(attempt, ast.Try) and self._asks(function, module):
            yield Failure(function, taking, taking.body, attempt.body, attempt)

    def _asks(self, function: Defined, module: Module) -> bool:
        """True for a function that asks Bybit for what is meant: to find out takes long."""
        if function not in self._asking:
            self._asking[function] = any(self._is_meant(module, call) for call in module.names.calls_in[function])
        return self._asking[function]

    def lets_out(self, function: Defined, module: Module) -> bool:
        """True for a function out of which the failure of what is meant may come."""
        return self._asks(function, module) and any(
            self._is_meant(module, call)
            and self.effects.may_raise(module, call)
            and not is_kept_inside(self.program, module, call)
            for call in module.names.calls_in[function]
        )

    def request(self, module: Module, failure: Failure) -> ast.Call | None:
        """The call that fails; None if it is not proven to be one whose failure is taken here, and of what is meant."""
        way = failure.taking, failure.holds
        if way not in self._requests:
            self._requests[way] = self._request(module, failure)
        return self._requests[way]

    def _request(self, module: Module, failure: Failure) -> ast.Call | None:
        if not isinstance(failure.taking, ast.ExceptHandler):
            return self._refused(module, failure, failure.taking)
        caught = caught_exceptions(self.program.evaluator, module, failure.taking.type)
        attempt = failure.last
        if not includes_lost_answer(caught) or not isinstance(attempt, ast.Try):
            return None
        for call in module.names.calls_in[failure.function]:
            if (
                module.names.stands_in(attempt.body, call)
                and (not self.of_holdings or self._is_meant(module, call))
                and self.effects.may_raise(module, call)
                and not is_kept_inside(self.program, module, call, attempt)
                and includes_lost_answer(self.effects.raised(module, call, caught))
            ):
                return call
        return None

    def _refused(self, module: Module, failure: Failure, taking: ast.If | ast.IfExp) -> ast.Call | None:
        said = self.refusals.holds(module, taking.test)
        is_meant = said is not None and said[0] is failure.holds
        if said is None or not is_meant or (self.of_holdings and not all(path.endswith(HOLDINGS) for path in said[1])):
            return None
        calls = (c for c in module.names.calls_in[failure.function] if module.names.follows(taking.test, c))
        return next((c for c in calls if self._is_meant(module, c)), None)


def _branches(module: Module, function: Defined, test: ast.If) -> Iterator[Failure]:
    """Both ways behind a test: which of them is the failure's depends on what is tested."""
    behind = following(module.names.parents[test], test)
    yield Failure(function, test, test.body, test.orelse or behind, test)
    if always_exits(test.body) and not test.orelse:
        yield Failure(function, test, behind, test.body, behind[-1] if behind else test)
    else:
        yield Failure(function, test, test.orelse, test.body, test)


def _choices(function: Defined, choice: ast.IfExp, around: ast.AST | None) -> Iterator[Failure]:
    """The same of `return rows if good else []` and `held = rows if good else []`, as if they were written out."""
    ways = [(choice.orelse, choice.body), (choice.body, choice.orelse)]
    match around:
        case ast.Return():
            for given, other in ways:
                made = [ast.copy_location(ast.Return(value), value) for value in (given, other)]
                yield Failure(function, choice, made[:1], made[1:], around)
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            for given, other in ways:
                kept = [ast.copy_location(ast.Assign([target], value), value) for value in (given, other)]
                yield Failure(function, choice, kept[:1], kept[1:], around)

"""Failed reads of positions and orders that end as if there were none, and the orders that follow of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from bybit_lint.analysis.flow.emptiness import (
    Test,
    Value,
    flag_tests,
    is_empty,
    is_none,
    leaves_before,
    loads,
    name_tests,
    value_tests,
)
from bybit_lint.analysis.flow.outcomes import outcomes
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.questions import answered_once
from bybit_lint.analysis.syntax.index import nodes_in
from bybit_lint.analysis.syntax.jumps import always_exits, following, names_in
from bybit_lint.analysis.syntax.nodes import access_path, called_name, walk
from bybit_lint.analysis.traffic.failed_holdings import FailedHoldings
from bybit_lint.analysis.traffic.failed_reads import Bound, BoundNames, FailedRead, is_undecorated
from bybit_lint.analysis.traffic.failures import Failure
from bybit_lint.analysis.values.terms import Site
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.retries.open_guards import OpenGuards
from bybit_lint.vocabulary import EmptyRead

Placed: TypeAlias = ast.stmt | ast.expr | ast.ExceptHandler
Followed: TypeAlias = tuple[Module, Test, ast.Call]
"""A test, in its file, and the order that is placed where there is nothing."""


@extracts(EmptyRead)
class EmptyReads:
    """The handlers of one project that stand for nothing, of which an order comes."""

    def __init__(self, analysis: Analysis) -> None:
        self.effects, self.program = analysis.effects, analysis.program
        self.reads = FailedHoldings(analysis.failed_reads, analysis.responses)
        self.guards = OpenGuards(self.reads)
        self.names = BoundNames(is_empty)

    def facts(self, module: Module) -> Iterator[EmptyRead]:
        if self.effects.traffic.order_calls:
            yield from self._returned(module)
            yield from self._bound(module)
            yield from self._guarded(module)

    def _returned(self, module: Module) -> Iterator[EmptyRead]:
        """Those of functions that give nothing, where a caller asks what they give."""
        for read in self.reads.of(module, is_empty):
            if not read.is_generator and self._places_none(module, [read.function]):
                followed = next(self._followed(read), None)
                if followed is not None:
                    yield _told(module, read.end, self.reads.what(module, read), read.value, followed)

    def _bound(self, module: Module) -> Iterator[EmptyRead]:
        """Those that bind a name or an attribute, of which the same function, or one that calls it, asks."""
        for failure in self.reads.failures.of(module):
            for found in self.names.of(module, failure):
                if asked := [*self._asked(module, failure, found)]:
                    is_read = self._places_none(module, (*failure.tried, *failure.block))
                    followed = next((f for tests in asked for f in self._orders(*tests)), None) if is_read else None
                    request = followed and self.reads.request(module, failure)
                    if request is not None and followed is not None:
                        yield _told(
                            module, _end(module, failure, found), called_name(request.func), found.value, followed
                        )

    def _guarded(self, module: Module) -> Iterator[EmptyRead]:
        """Those of an attempt that leaves where there is something, and whose handler goes on to an order."""
        span = module.source.span
        for guard in self.guards.of(module):
            what = called_name(guard.request.func)
            yield EmptyRead(span(guard.handler), what, "", span(guard.asked), span(guard.order))

    def _places_none(self, module: Module, code: Iterable[ast.AST]) -> bool:
        """True for code that places no order itself."""
        calls = (node for part in code for node in walk(part) if isinstance(node, ast.Call))
        return not any(self.effects.places_new(module, call) for call in calls)

    def _followed(self, read: FailedRead) -> Iterator[Followed]:
        """The orders that are placed where such a function gives nothing."""
        is_ambiguous = is_none(read.value) and not _is_same(read)
        sites = [*self.reads.asked(read.function)]
        for site, value in sites:
            asked = [*value_tests(site.module, value, read.value)]
            yield from self._orders(site.module, asked, is_ambiguous)
        if read.value is not None and not is_ambiguous:
            for site, value in sites:
                yield from self._let_pass(site, value, read.value)

    def _let_pass(self, site: Site, value: ast.expr, nothing: ast.expr) -> Iterator[Followed]:
        """The orders of those who ask a function that asks for the value: `if not may_open(): return`."""
        gate = site.scope.function.node
        if not isinstance(gate, (ast.FunctionDef, ast.AsyncFunctionDef)) or not is_undecorated(gate):
            return
        if self._places_none(site.module, [gate]):
            for given in outcomes(site.module, value, nothing):
                for place, answer in self.reads.asked(gate):
                    yield from self._orders(place.module, [*flag_tests(place.module, answer, given)])

    def _asked(self, module: Module, failure: Failure, found: Bound) -> Iterator[tuple[Module, list[Test], bool]]:
        """The tests of what is bound, by function, and whether None may be told from nothing there."""
        kept = name_tests(module, found.statement, found.target, found.value)
        outside = {node for node in module.names.ancestors(failure.anchor) if isinstance(node, ast.If)}
        tests = [t for t in kept if t.node in outside or module.names.follows(t.node, failure.anchor)]
        yield (module, tests, is_none(found.value))
        if not isinstance(found.target, ast.Attribute) or not _is_last(module, failure, found):
            return
        for site in self.program.callers.sites(failure.function):
            names, call = site.module.names, site.node
            around = site.scope.function.node
            path = access_path(found.target)
            if isinstance(call, ast.Call) and path is not None and _is_own(call) and not _stores(around, path):
                later = [load for load in loads(site.module, around, path) if names.follows(load, call)]
                asked = [test for load in later for test in value_tests(site.module, load, found.value, path)]
                yield (site.module, asked, is_none(found.value))

    def _orders(self, module: Module, tests: Sequence[Test], is_ambiguous: bool = False) -> Iterator[Followed]:
        """The orders that are placed behind tests of one function."""
        behind = (Test(test.node, rest) for test in tests if (rest := self._behind_close(module, test)))
        for test in (*tests, *behind):
            if is_ambiguous and self._asks_for_none(module, test):
                continue
            for call in module.names.calls_in[module.names.scope(test.node).function.node]:
                is_there = module.names.stands_in(test.branch, call) and _is_come_to(module, call, tests)
                is_there = is_there and not any(leaves_before(module, each, call) for each in tests)
                if is_there and self.effects.places_new(module, call):
                    yield module, test, call

    def _behind_close(self, module: Module, test: Test) -> list[ast.stmt]:
        """What is done in both cases, where what there is is closed before: it is not where the read has failed."""
        node = test.node
        if not isinstance(node, ast.If) or test.branch is not node.orelse:
            return []
        if always_exits(node.body) or always_exits(node.orelse):
            return []
        calls = module.names.those_in(node.body, module.names.calls_in[module.names.scope(node).function.node])
        is_closed = any(_names(call, test.name) and self.effects.fills_at_once(module, call) for call in calls)
        return following(module.names.parents[node], node) if is_closed else []

    def _asks_for_none(self, module: Module, test: Test) -> bool:
        """True if a function tells None from other values that say that there is nothing."""
        told = self._told_from_none(module.names.scope(test.node).function.node)
        return bool(told) and not told.isdisjoint(names_in([test.node.test]))

    @answered_once
    def _told_from_none(self, function: ast.AST) -> frozenset[str]:
        """The names in what a function compares with None."""
        compared = (n for n in walk(function) if isinstance(n, ast.Compare) and any(map(is_none, n.comparators)))
        return frozenset(names_in(n.left for n in compared))


def _told(module: Module, end: Placed, what: str, value: Value, followed: Followed) -> EmptyRead:
    at, test, order = followed
    said = "None" if value is None else ast.unparse(value)
    span, there = module.source.span, at.source.span
    return EmptyRead(span(end), what, said, there(test.node.test), there(order))


def _end(module: Module, failure: Failure, found: Bound) -> Placed:
    """Where it is said what stands for nothing, or what leaves it as it is."""
    if isinstance(failure.taking, ast.IfExp):
        return found.value
    return found.statement if module.names.stands_in(failure.block, found.statement) else failure.taking


def _names(call: ast.Call, path: str) -> bool:
    """True if something that a call is given is made of a name or an attribute."""
    given = (*call.args, *(keyword.value for keyword in call.keywords))
    return bool(path) and any(access_path(n) == path for value in given for n in walk(value) if isinstance(n, ast.expr))


def _is_come_to(module: Module, call: ast.Call, tests: Sequence[Test]) -> bool:
    """False for a call in a branch that is for something: `elif size < 0` behind `if size > 0`."""
    around = {*module.names.ancestors(call)}
    asked = {test.node for test in tests if test.node in around}
    return all(any(module.names.stands_in(t.branch, call) for t in tests if t.node is node) for node in asked)


def _is_same(read: FailedRead) -> bool:
    """True if None says that there is nothing where nothing has failed, too."""
    tried = read.function.body if read.is_wrapped else read.failure.tried
    returned = [n for s in tried for n in walk(s) if isinstance(n, ast.Return)]
    is_end_same = not isinstance(read.end, ast.Return) and not always_exits(tried)
    return any(is_none(node.value) for node in returned) or is_end_same


def _stores(function: ast.AST, path: str) -> list[ast.expr]:
    """Where a function binds an attribute."""
    bound = (n for n in nodes_in(function) if isinstance(n, ast.Attribute) and not isinstance(n.ctx, ast.Load))
    return [node for node in bound if access_path(node) == path]


def _is_own(call: ast.Call) -> bool:
    """True for a call of a method of the same object."""
    return (
        isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == "self"
    )


def _is_last(module: Module, failure: Failure, found: Bound) -> bool:
    """True if a function leaves an attribute of its object as it was bound where a read failed."""
    path = access_path(found.target) or ""
    later = [node for node in _stores(failure.function, path) if module.names.follows(node, failure.last)]
    return path.startswith("self.") and not later

"""Failed reads of positions and orders that end as if there were none, and the orders that follow of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from bybit_lint.analysis.bounds import MAX_NAMES_OF_ONE
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.index import nodes_in
from bybit_lint.analysis.syntax.jumps import always_exits, following, names_in
from bybit_lint.analysis.syntax.nodes import access_path, called_name
from bybit_lint.analysis.traffic.failed_reads import Bound, FailedRead, FailedReads, Value, bound, is_none
from bybit_lint.analysis.traffic.failures import Failure
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.vocabulary import EmptyRead

AS_EMPTY = ("len", "float", "int", "abs", "any", "bool", "list", "sum", "Decimal")
"""Functions that give 0, False or nothing where they are given nothing."""


class Test(NamedTuple):
    """A test that asks whether there is anything, and what is done where there is nothing."""

    node: ast.If | ast.While
    branch: list[ast.stmt]


Placed: TypeAlias = ast.stmt | ast.ExceptHandler
Followed: TypeAlias = tuple[Module, Test, ast.Call]
"""A test, in its file, and the order that is placed where there is nothing."""


@extracts(EmptyRead)
class EmptyReads:
    """The handlers of one project that stand for nothing, of which an order comes."""

    def __init__(self, analysis: Analysis) -> None:
        self.effects, self.program = analysis.effects, analysis.program
        self.reads = FailedReads(analysis.effects, analysis.responses)

    def facts(self, module: Module) -> Iterator[EmptyRead]:
        if self.effects.traffic.order_calls:
            yield from self._returned(module)
            yield from self._bound(module)

    def _returned(self, module: Module) -> Iterator[EmptyRead]:
        """Those of functions that give nothing, where a caller asks what they give."""
        for read in self.reads.of(module, _is_empty, of_holdings=True):
            if not read.is_generator and self._places_none(module, [read.function]):
                followed = next(self._followed(read), None)
                if followed is not None:
                    yield _told(module, read.end, read.request, read.value, followed)

    def _bound(self, module: Module) -> Iterator[EmptyRead]:
        """Those that bind a name or an attribute, of which the same function, or one that calls it, asks."""
        for failure in self.reads.failures.of(module):
            for found in bound(module, failure, _is_empty):
                if asked := [*self._asked(module, failure, found)]:
                    is_read = self._places_none(module, (*failure.tried, *failure.block))
                    followed = next((f for tests in asked for f in self._orders(*tests)), None) if is_read else None
                    request = followed and self.reads.failures.request(module, failure, of_holdings=True)
                    if request is not None and followed is not None:
                        is_said = module.names.stands_in(failure.block, found.statement)
                        end = found.statement if is_said else failure.taking
                        yield _told(module, end, request, found.value, followed)

    def _places_none(self, module: Module, code: Iterable[ast.AST]) -> bool:
        """True for code that places no order itself."""
        calls = (node for part in code for node in ast.walk(part) if isinstance(node, ast.Call))
        return not any(self.effects.places_new(module, call) for call in calls)

    def _followed(self, read: FailedRead) -> Iterator[Followed]:
        """The orders that are placed where such a function gives nothing."""
        is_ambiguous = is_none(read.value) and not _is_same(read)
        for site, value in self.reads.asked(read.function):
            tests = [*_tests(site.module, value, read.value, is_true=False, depth=0)]
            yield from self._orders(site.module, tests, is_ambiguous)

    def _asked(self, module: Module, failure: Failure, found: Bound) -> Iterator[tuple[Module, list[Test], bool]]:
        """The tests of what is bound, by function, and whether None may be told from nothing there."""
        kept = [*_kept(module, found.statement, found.target, found.value, is_true=False, depth=0)]
        yield (module, kept, is_none(found.value))
        if not isinstance(found.target, ast.Attribute) or not _is_last(module, failure, found):
            return
        for site in self.program.callers.sites(failure.function):
            names, call = site.module.names, site.node
            around = site.scope.function.node
            path = access_path(found.target)
            if isinstance(call, ast.Call) and path is not None and _is_own(call) and not _stores(around, path):
                loads = [load for load in _loads(site.module, around, path) if names.follows(load, call)]
                tests = [t for load in loads for t in _tests(site.module, load, found.value, is_true=False, depth=0)]
                yield (site.module, tests, is_none(found.value))

    def _orders(self, module: Module, tests: Sequence[Test], is_ambiguous: bool) -> Iterator[Followed]:
        """The orders that are placed behind tests of one function."""
        for test in tests:
            if is_ambiguous and _asks_for_none(module, test):
                continue
            for call in module.names.calls_in[module.names.scope(test.node).function.node]:
                is_there = module.names.stands_in(test.branch, call) and _is_come_to(module, call, tests)
                if is_there and self.effects.places_new(module, call):
                    yield module, test, call


def _told(module: Module, end: Placed, request: ast.Call, value: Value, followed: Followed) -> EmptyRead:
    at, test, order = followed
    said = "None" if value is None else ast.unparse(value)
    span, there = module.source.span, at.source.span
    return EmptyRead(span(end), called_name(request.func), said, there(test.node.test), there(order))


def _is_empty(value: Value) -> bool:
    """True for a literal that says that there is nothing: `[]`, `0`, `(0, None)`."""
    match value:
        case None:
            return True
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return all(map(_is_empty, items))
        case ast.Dict(keys=keys):
            return not keys
        case ast.Constant(value=constant):
            return not constant
        case ast.Call(func=ast.Name(id=called), args=args):
            return called in ("list", "dict", "set", "Decimal", "float") and all(map(_is_empty, args))
    return False


def _is_come_to(module: Module, call: ast.Call, tests: Sequence[Test]) -> bool:
    """False for a call in a branch that is for something: `elif size < 0` behind `if size > 0`."""
    around = {*module.names.ancestors(call)}
    asked = {test.node for test in tests if test.node in around}
    return all(any(module.names.stands_in(t.branch, call) for t in tests if t.node is node) for node in asked)


def _is_same(read: FailedRead) -> bool:
    """True if None says that there is nothing where nothing has failed, too."""
    tried = read.failure.tried
    returned = [n for s in tried for n in ast.walk(s) if isinstance(n, ast.Return)]
    is_end_same = not isinstance(read.end, ast.Return) and not always_exits(tried)
    return any(is_none(node.value) for node in returned) or is_end_same


def _asks_for_none(module: Module, test: Test) -> bool:
    """True if a function tells None from other values that say that there is nothing."""
    asked, function = names_in([test.node.test]), module.names.scope(test.node).function.node
    compared = (n for n in ast.walk(function) if isinstance(n, ast.Compare))
    return any(is_none(other) and asked & names_in([n.left]) for n in compared for other in n.comparators)


def _tests(module: Module, node: ast.expr, value: Value, *, is_true: bool, depth: int) -> Iterator[Test]:
    """The tests that ask for a value which is nothing, in itself or in what is made of it."""
    names, here = module.names, node
    while True:
        above = names.parents.get(here)
        match above:
            case ast.If(test=test) | ast.While(test=test) if test is here:
                yield from _branches(module, above, is_true=is_true)
                return
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
                yield from _kept(module, above, target, value, is_true=is_true, depth=depth)
                return
            case ast.UnaryOp(op=ast.Not()):
                is_true = not is_true
            case ast.Compare():
                found = None if is_true else _compared(above, here, value)
                if found is None:
                    return
                is_true = found
            case ast.Call(func=ast.Name(id=called)) if called in AS_EMPTY and not is_true and not is_none(value):
                pass
            case ast.comprehension(iter=iterated) if iterated is here and not is_true and not is_none(value):
                pass
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() if isinstance(here, ast.comprehension):
                pass
            case ast.BoolOp() | ast.NamedExpr():
                pass
            case _:
                return
        here = above  # type: ignore[assignment]  # an expression, or what stands in one


def _branches(module: Module, test: ast.If | ast.While, *, is_true: bool) -> Iterator[Test]:
    """What is done behind a test that is true, or false."""
    if is_true:
        yield Test(test, test.body)
        return
    yield Test(test, test.orelse)
    if isinstance(test, ast.If) and always_exits(test.body):
        yield Test(test, following(module.names.parents[test], test))


def _kept(
    module: Module, kept: ast.stmt, target: ast.expr, value: Value, *, is_true: bool, depth: int
) -> Iterator[Test]:
    """The same for the names that a value is bound to."""
    if depth >= MAX_NAMES_OF_ONE:
        return
    parts: list[tuple[ast.expr, Value]] = [(target, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        parts = list(zip(target.elts, value.elts, strict=True))
    scope = module.names.scope(kept)
    for name, part in parts:
        if (path := access_path(name)) is not None and isinstance(name, (ast.Name, ast.Attribute)):
            for load in _loads(module, scope.function.node, path):
                reached = reaching.reaching(module.names, scope, path, load).bindings
                if any(binding.statement is kept for binding in reached):
                    yield from _tests(module, load, part, is_true=is_true, depth=depth + 1)


def _loads(module: Module, function: ast.AST, path: str) -> list[ast.expr]:
    """Where a function reads a name, or an attribute."""
    if "." not in path:
        return [*module.names.loads(function, path)]
    read = (n for n in nodes_in(function) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Load))
    return [node for node in read if access_path(node) == path]


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


def _compared(test: ast.Compare, node: ast.AST, value: Value) -> bool | None:
    """What a comparison says of nothing; None where that is not known."""
    if len(test.ops) != 1:
        return None
    operator, other = test.ops[0], test.comparators[0]
    if other is node and not is_none(value):
        return {ast.In: False, ast.NotIn: True, ast.Gt: True, ast.Lt: False}.get(type(operator))
    is_zero = isinstance(other, ast.Constant) and not other.value
    match operator:
        case ast.Is() | ast.IsNot() | ast.Eq() | ast.NotEq() if is_zero or _is_empty(other):
            if is_none(other) is not is_none(value):
                return None
            return isinstance(operator, (ast.Is, ast.Eq))
        case _ if is_none(value):
            return None
        case ast.Gt():
            return False
        case ast.GtE() | ast.Lt():
            return isinstance(operator, ast.GtE) if is_zero else isinstance(operator, ast.Lt)
        case ast.LtE():
            return True
    return None

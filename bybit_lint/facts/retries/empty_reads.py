"""Failed reads of positions and orders that end as if there were none, and the orders that follow of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bybit_lint.analysis.bounds import MAX_NAMES_OF_ONE
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.jumps import always_exits, following, names_in
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic.failed_reads import FailedRead, FailedReads, Value, is_none
from bybit_lint.analysis.values.terms import Site
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.vocabulary import EmptyRead

AS_EMPTY = ("len", "float", "int", "abs", "any", "bool", "list", "sum", "Decimal")
"""Functions that give 0, False or nothing where they are given nothing."""
NEW = ("/order/create", "/order/create-batch")


class Test(NamedTuple):
    """A test that asks whether there is anything, and what is done where there is nothing."""

    node: ast.If | ast.While
    branch: list[ast.stmt]


@extracts(EmptyRead)
class EmptyReads:
    """The handlers of one project that stand for nothing, of which an order comes."""

    def __init__(self, analysis: Analysis) -> None:
        self.effects, self.project = analysis.effects, analysis.program.project
        self.reads = FailedReads(analysis.effects)

    def facts(self, module: Module) -> Iterator[EmptyRead]:
        if not self.effects.traffic.order_calls:
            return
        for read in self.reads.of(module, _is_empty, self.effects.reads_orders):
            if self._places_none(module, read):
                followed = next(self._followed(read), None)
                if followed is not None and not read.is_generator:
                    at, test, order = followed
                    said = "None" if read.value is None else ast.unparse(read.value)
                    span, there = module.source.span, at.source.span
                    what = called_name(read.request.func)
                    yield EmptyRead(span(read.end), what, said, there(test.node.test), there(order))

    def _places_none(self, module: Module, read: FailedRead) -> bool:
        """True for a function that places no order itself."""
        return not any(self.effects.order_placed(module, call) for call in module.names.calls_in[read.function])

    def _followed(self, read: FailedRead) -> Iterator[tuple[Module, Test, ast.Call]]:
        """The orders that are placed where such a function gives nothing."""
        for site, value in self.reads.asked(read):
            module = site.module
            tests = [*_tests(module, value, read.value, is_true=False, depth=0)]
            for test in tests:
                if is_none(read.value) and not _is_same(read) and _asks_for_none(site, test):
                    continue
                for call in module.names.calls_in[site.scope.function.node]:
                    is_there = module.names.stands_in(test.branch, call) and _is_come_to(module, call, tests)
                    if is_there and self._is_new_order(module, call):
                        yield module, test, call

    def _is_new_order(self, module: Module, call: ast.Call) -> bool:
        """True for a call that places an order, and does not only change one."""
        placed = self.effects.order_placed(module, call)
        return placed is not None and any(e.endswith(NEW) for e in self.effects.traffic.endpoints[placed[1]])


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
    returned = [n for s in read.attempt.body for n in ast.walk(s) if isinstance(n, ast.Return)]
    is_end_same = not isinstance(read.end, ast.Return) and not always_exits(read.attempt.body)
    return any(is_none(node.value) for node in returned) or is_end_same


def _asks_for_none(site: Site, test: Test) -> bool:
    """True if a function tells None from other values that say that there is nothing."""
    asked = names_in([test.node.test])
    compared = (n for n in ast.walk(site.scope.function.node) if isinstance(n, ast.Compare))
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
        if isinstance(name, ast.Name):
            for load in module.names.loads(scope.function.node, name.id):
                reached = reaching.reaching(module.names, scope, name.id, load).bindings
                if any(binding.statement is kept for binding in reached):
                    yield from _tests(module, load, part, is_true=is_true, depth=depth + 1)


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
            if isinstance(other, ast.Constant) and other.value is None and not is_none(value):
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

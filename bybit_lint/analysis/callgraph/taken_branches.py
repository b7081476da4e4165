"""Which callers of a function come to a place in it: those whose literals make none of the tests around it fail."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import NamedTuple

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.syntax.conditions import SAME
from bybit_lint.analysis.syntax.jumps import ends_in_jump, preceding
from bybit_lint.analysis.syntax.nodes import FUNCTIONS
from bybit_lint.analysis.values.terms import Constant, Expression, ListTerm, Site, Term


class Test(NamedTuple):
    """A test of one value with literals, and whether it holds where the place is come to."""

    asked: ast.expr
    cased: str
    """`lower` or `upper`, if that is asked of it first."""
    literals: tuple[object, ...]
    holds: bool

    def fails(self, term: Term) -> bool:
        """Proven: it is not as it has to be, for a value."""
        if not isinstance(term, Constant):
            return False
        value = term.value
        if self.cased and isinstance(value, str):
            value = getattr(value, self.cased)()
        return (value in self.literals) is not self.holds


def as_those_make_it(program: Program, place: Site, term: Term, is_known: Callable[[Term], bool]) -> list[Term]:
    """A term as the callers make it who come to a place of the function that they call, if enough is known of it."""
    tests = list(_around(place))
    asked = [program.evaluator.at(place.module, test.asked) for test in tests]
    if not tests:
        return program.callers.as_needed(term, is_known)

    def is_enough(way: Term) -> bool:
        made, *values = way.items if isinstance(way, ListTerm) else (Expression(place, way),)
        return is_known(made.term) and all(isinstance(value.term, Constant) for value in values)

    together = ListTerm((Expression(place, term), *asked), True, place)
    ways = [way.items for way in program.callers.as_needed(together, is_enough) if isinstance(way, ListTerm)]
    return [
        made.term
        for made, *values in ways
        if not any(test.fails(value.term) for test, value in zip(tests, values, strict=True))
    ]


def is_for(place: Site, value: str) -> bool:
    """False for a place that is not come to where what the tests around it ask about is this value."""
    return not any(test.fails(Constant(value)) for test in _around(place))


def is_passed_by(program: Program, place: Site, seen: Callable[[Term], Term]) -> bool:
    """False for a caller whose literals make a test around a place fail; `seen` is a term as that caller makes it."""
    asked = ((test, program.evaluator.evaluate(place.module, test.asked)) for test in _around(place))
    return not any(test.fails(seen(term)) for test, term in asked)


def _around(place: Site) -> Iterator[Test]:
    """The tests of the branches that a place stands in, and of those before it that leave the block."""
    child: ast.AST = place.node
    for around in place.module.names.ancestors(place.node):
        before = [each for each in preceding(around, child) if isinstance(each, ast.If)]
        left = [each for each in before if ends_in_jump(each.body) is not ends_in_jump(each.orelse)]
        found = [_of(each.test, is_body=ends_in_jump(each.orelse)) for each in left]
        if isinstance(around, ast.If) and child is not around.test:
            found.append(_of(around.test, is_body=child in around.body))
        yield from (test for test in found if test)
        if isinstance(around, FUNCTIONS):
            return
        child = around


def _of(test: ast.expr, *, is_body: bool) -> Test | None:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _of(operand, is_body=not is_body)
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as operator], comparators=[ast.Constant(value=value)]):
            return _with(left, (value,), isinstance(operator, ast.Eq) is is_body)
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn() as operator], comparators=[right]):
            items = right.elts if isinstance(right, (ast.List, ast.Tuple, ast.Set)) else []
            values = tuple(item.value for item in items if isinstance(item, ast.Constant))
            is_written = bool(items) and len(values) == len(items)
            return _with(left, values, isinstance(operator, ast.In) is is_body) if is_written else None
    return None


def _with(asked: ast.expr, literals: tuple[object, ...], holds: bool) -> Test | None:
    match asked:
        case ast.Call(func=ast.Attribute(value=ast.Name() as name, attr=cased), args=[]) if cased in SAME:
            return Test(name, cased, literals, holds)
        case ast.Name():
            return Test(asked, "", literals, holds)
    return None

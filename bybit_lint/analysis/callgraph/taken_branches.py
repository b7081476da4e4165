"""Which callers of a function come to a place in it: those whose literals make none of the tests around it fail."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice, product

from bybit_lint.analysis.bounds import MAX_TEST_SETS
from bybit_lint.analysis.callgraph.callers import Callers
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.syntax.argument_binding import defaults
from bybit_lint.analysis.syntax.conditions import SAME
from bybit_lint.analysis.syntax.jumps import ends_in_jump, preceding
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, Parents
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import Constant, Expression, ListTerm, Parameter, Site, Term
from bybit_lint.tuples import NamedTuple

NOTHING = (None, False, 0, "")
"""What is no answer to `if name:`."""
EQUAL = (ast.Eq, ast.Is)
ORDERS = {ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge}
MIRRORED = {ast.Lt: operator.gt, ast.LtE: operator.ge, ast.Gt: operator.lt, ast.GtE: operator.le}
"""How a number is held against a literal, where that stands behind it and where it stands before it."""


class Test(NamedTuple):
    """A test of one value with literals, and whether it holds where the place is come to."""

    asked: ast.expr
    cased: str
    """`lower` or `upper`, if that is asked of it first."""
    literals: tuple[object, ...]
    holds: bool
    order: Callable[[float, float], bool] | None = None
    """How a number is held against the only literal; None where it is asked whether it is one of them."""

    def fails(self, term: Term) -> bool:
        """Proven: it is not as it has to be, for a value."""
        if not isinstance(term, Constant):
            return False
        value = term.value
        if self.order is not None:
            bound = self.literals[0]
            if not isinstance(value, (int, float)) or not isinstance(bound, (int, float)):
                return False
            return self.order(value, bound) is not self.holds
        if self.cased and isinstance(value, str):
            value = getattr(value, self.cased)()
        return (value in self.literals) is not self.holds


def as_those_make_it(
    program: Program, place: Site, term: Term, is_known: Callable[[Term], bool], also: Iterable[Test] = ()
) -> list[Term]:
    """A term as the callers make it who come to a place of the function that they call, if enough is known of it.

    So far as the tests around it say, and some others that they have to pass.
    """
    tests = [*_around(place), *also]
    asked = [program.evaluator.at(place.module, test.asked) for test in tests]
    if not tests:
        return program.callers.as_needed(term, is_known)

    def is_enough(way: Term) -> bool:
        made, *values = way.items if isinstance(way, ListTerm) else (Expression(place, way),)
        return is_known(made.term) and all(isinstance(value.term, Constant) for value in values)

    together = ListTerm((Expression(place, term), *asked), True, place)
    return _of_who_comes(program.callers.as_needed(together, is_enough), tests)


def flags_around(place: Site) -> Iterator[Test]:
    """The tests around a place of what its function takes as true or false: `signed=False`."""
    function = place.scope.function.node
    flags = defaults(function.args) if isinstance(function, FUNCTIONS) else {}
    for tests in (*_branches(place), *_left(place)):
        match tests:
            case (Test(asked=ast.Name(id=name)) as test,) if test.literals == NOTHING:
                default = flags.get(name)
                if isinstance(default, ast.Constant) and isinstance(default.value, bool):
                    yield test


def is_for(place: Site, value: str) -> bool:
    """False for a place that is not come to where what the tests around it ask about is this value."""
    return not any(test.fails(Constant(value)) for test in _around(place))


def is_something(place: Site) -> bool | None:
    """Whether a name is anything where it stands, if the tests around it ask for that; None where they do not."""
    asked = ast.unparse(place.node) if isinstance(place.node, (ast.Name, ast.Attribute)) else ""
    for tests in (*_branches(place), *_left(place)) if asked else ():
        if len(tests) == 1 and tests[0].literals == NOTHING and ast.unparse(tests[0].asked) == asked:
            return not tests[0].holds
    return None


def is_passed_by(program: Program, place: Site, seen: Callable[[Term], Term]) -> bool:
    """False for a caller whose literals make a test around a place fail; `seen` is a term as that caller makes it."""
    asked = ((test, program.evaluator.evaluate(place.module, test.asked)) for test in _around(place))
    return not any(test.fails(seen(term)) for test, term in asked)


class AskedAround:
    """The tests around the places of a project that ask about what callers pass."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self._known: dict[ast.AST, list[tuple[Test, Term]]] = {}
        self._branches: dict[ast.AST, list[list[tuple[Test, Term]]]] = {}

    def of(self, place: Site) -> list[tuple[Test, Term]]:
        """Those around one, be it whether there is anything, and what each of them asks about."""
        if place.node not in self._known:
            sets = self._asked(place, [*_branches(place), *_left(place)])
            self._known[place.node] = [tests[0] for tests in sets if len(tests) == 1]
        return self._known[place.node]

    def is_missed(self, callers: Callers, place: Site, seen: Callable[[Term], Term]) -> bool:
        """Proven: nobody comes to a place, be it left before; `seen` is a term as who calls makes it."""
        asked = ((test, callers.in_all_contexts(seen(term))) for test, term in self.of(place))
        return any(all(map(test.fails, ways)) for test, ways in asked)

    def is_skipped(self, place: Site, seen: Callable[[Term], Term]) -> bool:
        """Proven: who calls does not come to a place, which stands in a branch or behind one that leaves the function.

        `seen` is a term as who calls makes it.
        """
        if place.node not in self._branches:
            self._branches[place.node] = list(self._asked(place, [*_branches(place), *_left(place)]))
        sets = self._branches[place.node]
        return any(all(test.fails(seen(term)) for test, term in tests) for tests in sets)

    def _asked(self, place: Site, sets: Iterable[tuple[Test, ...]]) -> Iterator[list[tuple[Test, Term]]]:
        """Tests, and what of the callers' each of them asks about.

        A switch that is written beside its test, `is_dry = True`, is turned one day, and what stands behind it counts.
        """
        for tests in sets:
            if not all(isinstance(test.asked, ast.Name) for test in tests):
                continue
            asked = [(test, self.evaluator.evaluate(place.module, test.asked)) for test in tests]
            if all(isinstance(term, Parameter) for _, term in asked):
                yield asked


def as_who_comes_makes_it(callers: Callers, place: Site, term: Term, tests: Sequence[tuple[Test, Term]]) -> list[Term]:
    """A term as all callers make it, but for those whose literals make one of some tests on the way to a place fail."""
    if any(test.fails(asked) for test, asked in tests):
        return []
    parameters = callers.evaluator.parameters
    functions = {parameter.function for parameter in parameters.of(term)}
    shared = [each for each in tests if not functions.isdisjoint(p.function for p in parameters.of(each[1]))]
    if not shared:
        return callers.in_all_contexts(term)
    together = ListTerm(tuple(Expression(place, each) for each in (term, *(asked for _, asked in shared))), True, place)
    return _of_who_comes(callers.in_all_contexts(together), [test for test, _ in shared])


def is_asked(parameter: Parameter) -> bool:
    """True if its function asks something about it, other than whether there is anything."""
    names = parameter.module.names
    return any(_is_in_a_test(names.parents, use) for use in names.loads(parameter.function, parameter.name))


def _is_in_a_test(parents: Parents, use: ast.AST) -> bool:
    """True if a test depends on more of a name than whether there is anything."""
    is_bare = True
    while True:
        around = parents[use]
        if isinstance(around, ast.Compare) and not all(map(_is_none, around.comparators)):
            return True
        if getattr(around, "test", None) is use:
            return not is_bare
        if not isinstance(around, (ast.expr, ast.keyword)):
            return False
        is_bare &= isinstance(around, (ast.BoolOp, ast.UnaryOp, ast.Compare))
        use = around


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _of_who_comes(ways: Iterable[Term], tests: Sequence[Test]) -> list[Term]:
    """What is made by those who come: of each way, a list of that and of what each of the tests asks about."""
    return [
        made.term
        for made, *values in (way.items for way in ways if isinstance(way, ListTerm))
        if not any(test.fails(value.term) for test, value in zip(tests, values, strict=True))
    ]


def _around(place: Site) -> Iterator[Test]:
    """The tests of the branches that a place stands in, and of those before it that leave the block."""
    for tests in (*_branches(place), *_left(place)):
        if len(tests) == 1 and tests[0].literals != NOTHING:
            yield tests[0]


def _branches(place: Site) -> Iterator[tuple[Test, ...]]:
    """The tests of the branches that a place stands in, be it for anything, in sets of which one has to hold."""
    for around, child in _upward(place):
        match around:
            case ast.If(test=test, body=body) if child is not test:
                yield from _of(test, is_body=child in body)
            case ast.IfExp(test=test, body=chosen) if child is not test:
                yield from _of(test, is_body=child is chosen)


def _left(place: Site) -> Iterator[tuple[Test, ...]]:
    """Those of the branches before it that leave the block, and what is asserted there."""
    for around, child in _upward(place):
        for each in preceding(around, child):
            if isinstance(each, ast.Assert):
                yield from _of(each.test, is_body=True)
            if isinstance(each, ast.If) and ends_in_jump(each.body) is not ends_in_jump(each.orelse):
                yield from _of(each.test, is_body=ends_in_jump(each.orelse))


def _upward(place: Site) -> Iterator[tuple[ast.AST, ast.AST]]:
    """What stands around a place in its function, and what of that it stands in."""
    child: ast.AST = place.node
    for around in place.module.names.ancestors(place.node):
        yield around, child
        if isinstance(around, FUNCTIONS):
            return
        child = around


def _of(test: ast.expr, *, is_body: bool) -> Iterator[tuple[Test, ...]]:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _of(operand, is_body=not is_body)
        case ast.BoolOp(op=joined, values=values):
            ways = [list(_of(value, is_body=is_body)) for value in values]
            if isinstance(joined, ast.And) is is_body:
                yield from chain.from_iterable(ways)
            else:
                yield from (tuple(chain.from_iterable(each)) for each in islice(product(*ways), MAX_TEST_SETS))
        case ast.Compare(left=left, ops=operators, comparators=others) if is_body or len(operators) == 1:
            for one, asked, other in zip((left, *others), operators, others, strict=False):
                yield from _compared(one, asked, other, is_body=is_body)
        case ast.Name() | ast.Attribute():
            yield (Test(test, "", NOTHING, not is_body),)


def _compared(one: ast.expr, asked: ast.cmpop, other: ast.expr, *, is_body: bool) -> Iterator[tuple[Test, ...]]:
    match asked, one, other:
        case ast.Eq() | ast.Is() | ast.NotEq() | ast.IsNot(), _, ast.Constant(value=literal):
            yield from _with(one, (literal,), isinstance(asked, EQUAL) is is_body)
        case ast.In() | ast.NotIn(), _, ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            literals = tuple(item.value for item in items if isinstance(item, ast.Constant))
            if items and len(literals) == len(items):
                yield from _with(one, literals, isinstance(asked, ast.In) is is_body)
        case _, ast.Name(), ast.Constant(value=literal) if type(asked) in ORDERS:
            yield (Test(one, "", (literal,), is_body, ORDERS[type(asked)]),)
        case _, ast.Constant(value=literal), ast.Name() if type(asked) in MIRRORED:
            yield (Test(other, "", (literal,), is_body, MIRRORED[type(asked)]),)


def _with(asked: ast.expr, literals: tuple[object, ...], holds: bool) -> Iterator[tuple[Test, ...]]:
    match asked:
        case ast.Call(func=ast.Attribute(value=ast.Name() as name, attr=cased), args=[]) if cased in SAME:
            yield (Test(name, cased, literals, holds),)
        case ast.Name():
            yield (Test(asked, "", literals, holds),)

"""One term stands for all that are made of the very same parts at the same place, and for no other."""

from __future__ import annotations

import ast

import pytest
from evaluating import Written

from bybit_lint.analysis.callgraph.callers import Callers
from bybit_lint.analysis.values.shapes import SHAPES, Shapes
from bybit_lint.analysis.values.terms import (
    CHILDREN,
    Access,
    Constant,
    DictTerm,
    Element,
    Expression,
    Formatted,
    Instance,
    Invocation,
    ListTerm,
    Operation,
    Site,
    Spread,
    Term,
    Union,
)

HERE, THERE = (Written(f"load({n})").last().site for n in (1, 2))
ONE, OTHER = Constant(1), Constant(2)


def at(term: Term, site: Site = HERE) -> Expression:
    return Expression(site, term)


def call(
    callee: Term = ONE,
    *given: Expression,
    is_whole: bool = True,
    site: Site = HERE,
    rest: Expression | None = None,
    spreads: tuple[Spread, ...] = (),
    **named: Expression,
) -> Invocation:
    return Invocation(callee, given, named, is_whole, site, rest, spreads)


def spread(held: Term = ONE, over: str = "a", taken: str = "b") -> Spread:
    return Spread(at(held), frozenset(over), frozenset(taken))


APART: list[list[Term]] = [
    [Access(ONE, ".a", HERE), Access(OTHER, ".a", HERE), Access(ONE, ".b", HERE), Access(ONE, ".a", THERE)],
    [Access(ONE, ".a"), Access(ONE, ".a", HERE)],
    [Element(ONE), Element(OTHER)],
    [Operation(ast.Add, (ONE, OTHER), HERE), Operation(ast.Sub, (ONE, OTHER), HERE)],
    [Operation(ast.Add, (ONE, OTHER), THERE), Operation(ast.Add, (OTHER, ONE), THERE)],
    [Formatted((ONE,), "", HERE), Formatted((OTHER,), "", HERE), Formatted((ONE,), ".2f", HERE)],
    [Formatted((ONE,), "", THERE), Formatted((ONE, ONE), "", THERE)],
    [Union((ONE, OTHER)), Union((OTHER, ONE)), Union((ONE, OTHER), is_certain=False)],
    [ListTerm((at(ONE),), True, HERE), ListTerm((at(ONE),), False, HERE), ListTerm((at(ONE),), True, THERE)],
    [ListTerm((at(ONE),), False, HERE, 1), ListTerm((at(ONE, THERE),), False, HERE, 1)],
    [call(), call(OTHER), call(is_whole=False), call(site=THERE), call(rest=at(ONE)), call(spreads=(spread(),))],
    [call(ONE, at(ONE)), call(ONE, at(OTHER)), call(ONE, at(ONE, THERE)), call(ONE, a=at(ONE)), call(ONE, b=at(ONE))],
    [call(rest=at(OTHER)), call(ONE, at(OTHER)), call(a=at(OTHER)), call(b=at(ONE), a=at(OTHER))],
    [call(spreads=(each,)) for each in (spread(OTHER), spread(over=""), spread(taken=""))],
    [
        DictTerm({"a": at(ONE)}, True, HERE),
        DictTerm({"b": at(ONE)}, True, HERE),
        DictTerm({"a": at(OTHER)}, True, HERE),
    ],
    [DictTerm({}, True, HERE), DictTerm({}, False, HERE), DictTerm({}, True, THERE)],
    [DictTerm({}, True, HERE, ((at(ONE), at(OTHER)),)), DictTerm({}, True, HERE, ((at(OTHER), at(ONE)),))],
    [DictTerm({}, True, HERE, (), (spread(),)), DictTerm({}, True, HERE, (), (spread(over=""),))],
]


@pytest.mark.parametrize("terms", APART)
def test_terms_that_say_something_else_are_kept_apart(terms: list[Term]) -> None:
    shapes = Shapes()

    assert [shapes.one(term) for term in terms] == terms


def test_all_that_has_parts_has_a_shape_but_an_object_which_is_one_of_its_own() -> None:
    assert SHAPES.keys() == CHILDREN.keys() - {Instance}
    assert {type(term) for terms in APART for term in terms} == SHAPES.keys()


def sent(*calls: str) -> list[Term]:
    """What the quantity of an order may be that two functions hand on, as those make it who call them."""
    around = "\n".join(f"def run_{number}():\n    {call}" for number, call in enumerate(calls))
    written = Written(
        "limits = load()\n"
        "def place(row):\n    send(float(row['qty']))\n"
        "def buy(row):\n    place(row)\n"
        "def sell(held):\n    place(held)\n" + around
    )
    (send,) = written.calls("send")
    return Callers(written.program.evaluator).in_all_contexts(written.at(send.args[0]).term)


def test_callers_that_pass_the_same_on_two_ways_make_one_term_of_it() -> None:
    assert len(sent("buy(limits)", "sell(limits)")) == 1


def test_callers_that_pass_something_else_do_not() -> None:
    assert len(sent("buy(limits)", "sell(load())")) == 2

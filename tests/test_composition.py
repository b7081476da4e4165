"""Terms are closed under what is done with them: each operation carries what is known of each kind, or says why not.

`tests/composition.md` has a table for each operation with a row for each kind of term: what it gives, and why, where
that says nothing that was not known before. A new kind of term or a new operation is red until its rows are written.
Beside the table stand two laws that hold for every cell: what is done with one of several is done with each of them,
and it is the same whether arguments take the places of parameters before or afterwards.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TypeAlias, get_args

import pytest
from evaluating import told

from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.values import terms
from bybit_lint.analysis.values.containers import element
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.substitution import Substitution
from bybit_lint.analysis.values.terms import (
    MISSING,
    Access,
    Constant,
    Element,
    Expression,
    External,
    Function,
    Invocation,
    Site,
    Term,
    Union,
    Unknown,
    alternatives,
    qualified_name,
    union,
)

TABLE = Path(__file__).parent / "composition.md"
BOT = """
import other
import pybit
from outside import thing, each


class Base:
    pass


class Plan(Base):
    qty = None

    def __call__(self, share):
        return share

    def __init__(self, qty):
        self.qty = qty

    def up(self):
        return super()


def same(value):
    return value


def made(given):
    return {given}
"""
KINDS: Mapping[str, str] = {
    "Constant": "'text'",
    "External": "thing",
    "Access": "{0}.part",
    "Invocation": "{0}()",
    "Operation": "{0} / 2",
    "Formatted": "f'{{{0}}}'",
    "DictTerm": "{{'one': {0}, 'two': each}}",
    "ListTerm": "[{0}, each]",
    "Element": "next({0})",
    "Function": "same",
    "Class": "Plan",
    "Instance": "Plan({0})",
    "ProjectModule": "other",
    "Parameter": "{0}",
    "Above": "super()",
    "Union": "(Plan({0}) if each else {{'one': {0}}})",
    "Unknown": "{0} and each",
    "Again": "",
}
"""How each kind of term is written of a thing."""
Work: TypeAlias = Callable[[Evaluator, Term, Site], Term]


def called(name: str, *more: Term) -> Work:
    """A call of something of Python's own with a term."""

    def work(evaluator: Evaluator, term: Term, site: Site) -> Term:
        given = tuple(Expression(site, each) for each in (term, *more))
        return evaluator.apply(Invocation(External(name), given, {}, True, site))

    return work


def asked(name: str, *given: Term) -> Work:
    """A call of a method of a term."""

    def work(evaluator: Evaluator, term: Term, site: Site) -> Term:
        callee = evaluator.access(term, f".{name}", site)
        return evaluator.apply(Invocation(callee, tuple(Expression(site, each) for each in given), {}, True, site))

    return work


FIRST = ast.parse("things[:1]", mode="eval").body
OPERATIONS: Mapping[str, Work] = {
    "a loop takes from it": lambda _, term, __: element(term),
    "an item under a text": lambda evaluator, term, site: evaluator.item(term, Constant("one"), site),
    "an item at a place": lambda evaluator, term, site: evaluator.item(term, Constant(0), site),
    "an item nobody knows where": lambda evaluator, term, site: evaluator.item(term, Unknown("key"), site),
    "a part": lambda evaluator, term, site: evaluator.item(term, Unknown(), Site(site.module, FIRST, site.scope)),
    "an attribute": lambda evaluator, term, site: evaluator.access(term, ".qty", site),
    "a call of it": lambda evaluator, term, site: evaluator.apply(
        Invocation(term, (Expression(site, Constant(1)),), {}, True, site)
    ),
    "get": asked("get", Constant("one"), Constant(0)),
    "values": asked("values"),
    "as a dict": called("builtins.dict"),
    "as a list": called("builtins.list"),
    "a copy": called("copy.copy"),
    "its class": called("builtins.type"),
    "awaited": lambda evaluator, term, _: evaluator.calls.futures.outcome(term),
}


class Bot:
    """A project in which a term of each kind is made of a thing, or of what a caller passes."""

    def __init__(self, kind: str, thing: str) -> None:
        expression = KINDS[kind].format(thing) or "None"
        text = BOT.replace("{given}", expression)
        self.project = Project([Source("bot.py", text.encode()), Source("other.py", b"qty = 1\n")])
        self.module = next(module for module in self.project.readable if module.source.path == "bot.py")
        self.evaluator = Evaluator(self.project)
        self.function = self._function("made")
        self.site = Site(self.module, self._returned("made"), self.module.names.scope(self._returned("made")))
        self.term = self._term(kind)

    def _function(self, name: str) -> ast.FunctionDef:
        found = (node for node in ast.walk(self.module.source.tree) if isinstance(node, ast.FunctionDef))
        return next(node for node in found if node.name == name)

    def _returned(self, name: str) -> ast.expr:
        return self.module.names.returns[self._function(name)][0]

    def _term(self, kind: str) -> Term:
        if kind == "Again":
            return terms.CYCLE
        node = self._returned("up" if kind == "Above" else "made")
        return self.evaluator.at(self.module, node).term

    def done(self, operation: str) -> Term:
        return OPERATIONS[operation](self.evaluator, self.term, self.site)

    def filled(self, term: Term) -> Term:
        """A term of the function's parameter, with the thing in its place."""
        given = Expression(self.site, External("outside.thing"))
        function = Function(self.function, self.module)
        call = Invocation(function, (given,), {}, True, self.site)
        return Substitution(self.evaluator, function, call).of(term)


@cache
def bot(kind: str, thing: str) -> Bot:
    return Bot(kind, thing)


def written(kind: str) -> Bot:
    """The bot for the table: made of what is outside, or of a parameter where that is what is asked about."""
    return bot(kind, "given" if kind == "Parameter" else "thing")


def is_carried(result: Term) -> bool:
    """True if a way to it says more than that something is done with a thing that nobody outside has named."""
    return any(
        not isinstance(option, (Access, Invocation, Element, Unknown)) or qualified_name(option) is not None
        for option in alternatives(result)
    )


# --- the table --------------------------------------------------------------------------------------------------------

Row: TypeAlias = tuple[str, str]


def tables() -> dict[str, dict[str, Row]]:
    """By operation and kind: what it gives and why, as the page says."""
    found: dict[str, dict[str, Row]] = {}
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            found[line[3:]] = {}
        elif (match := re.fullmatch(r"\| (\w+) \| `(.*)` \|(.*)\|", line)) is not None:
            found[list(found)[-1]][match[1]] = (match[2].replace("\\|", "|"), match[3].strip())
    return found


CELLS = [(operation, kind) for operation in OPERATIONS for kind in KINDS]


def test_each_kind_of_term_has_an_example() -> None:
    assert [kind.__name__ for kind in get_args(Term)] == list(KINDS)
    assert {kind: type(written(kind).term).__name__ for kind in KINDS} == {kind: kind for kind in KINDS}


def test_each_operation_has_a_table_and_each_kind_a_row() -> None:
    assert {operation: list(rows) for operation, rows in tables().items()} == {o: list(KINDS) for o in OPERATIONS}


@pytest.mark.parametrize(("operation", "kind"), CELLS)
def test_a_cell_is_what_the_table_says(operation: str, kind: str) -> None:
    result = written(kind).done(operation)
    gives, why = tables()[operation][kind]
    assert told(result) == gives
    assert bool(why) is not is_carried(result), "say why nothing is known, and only then"


# --- the laws ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("operation", "kind"), CELLS)
def test_arguments_may_take_their_places_before_or_afterwards(operation: str, kind: str) -> None:
    before, afterwards = bot(kind, "thing").done(operation), bot(kind, "given")
    assert told(afterwards.filled(afterwards.done(operation))) == told(before)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "{" in KINDS[kind] and kind != "Unknown"])
def test_a_term_depends_on_what_it_is_made_of(kind: str) -> None:
    made = bot(kind, "given")
    assert [parameter.name for parameter in made.evaluator.parameters.of(made.term)] == ["given"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_is_done_with_one_of_several_is_done_with_each(operation: str) -> None:
    here = written("External")
    work = OPERATIONS[operation]
    kinds = [kind for kind in KINDS if kind not in ("Union", "Again")]
    for one, other in combinations(kinds, 2):
        both = [written(one).term, written(other).term]
        together = work(here.evaluator, Union(tuple(both)), here.site)
        ways = [work(here.evaluator, term, here.site) for term in both]
        there = [way for way in ways if way is not MISSING]  # nothing comes from what is not there
        apart = union(there or ways)
        assert options(together) == options(apart), f"{operation} of {one} or {other}"


def options(term: Term) -> set[str]:
    """The alternatives of a term; what is in one of several is in none of them alone."""
    return {told(option) for option in alternatives(term)}


def test_one_of_the_same_thing_is_that_thing() -> None:
    held = terms.External("pybit")
    assert terms.union([held, held]) is held
    assert terms.union([held, terms.CYCLE]) is held

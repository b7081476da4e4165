"""Comparisons of what an answer says of its success: its retCode, or the text beside it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeAlias, TypeGuard

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.installed import Packages
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, walk
from bybit_lint.analysis.traffic.responses import ResponsePart, Responses
from bybit_lint.analysis.values.terms import Constant, ListTerm, Term
from bybit_lint.clients import ccxt
from bybit_lint.vocabulary import Dead, ErrorTest

OK = (0, "0")
OK_TEXTS = ("", "ok", "success")
"""What Bybit says of a request that it took, in whatever case."""
OTHER_NAMES = (("ret_code",), ("retcode",), ("code",))
"""Keys that answers had before V5: there is nothing under them."""
Forms: TypeAlias = frozenset[object]
"""What may stand in a good answer."""
NUMBER: Forms = frozenset({0})
TEXT_OR_NUMBER: Forms = frozenset({0, "0"})
WORDS: Forms = frozenset(OK_TEXTS)
CASTS: dict[str, Forms] = {"int": NUMBER, "str": frozenset({"0"}), "float": NUMBER}
SPELLING = ("lower", "upper", "casefold", "strip")
PARTS = ("startswith", "endswith")


def is_always_good(program: Program, responses: Responses, packages: Packages, module: Module, test: ast.expr) -> bool:
    """True for a test of nothing but a retCode, where the client raises every answer in which it is not 0.

    Of several tests for errors it is as true as they are dead.
    """
    compare = test.values[-1] if _is_guarded(test) else test
    if isinstance(compare, ast.BoolOp):
        dead = {node for node, found in AnswerTests(program, responses, packages, module).each() if found.dead}
        return _is_never_true(compare, lambda part: part in dead)
    if not isinstance(compare, ast.Compare):
        return False
    asked = [node for node in module.names.items.get("retCode", ()) if node in walk(compare.left)]
    return len(asked) == 1 and AnswerTests(program, responses, packages, module).is_dead(asked[0])


def handed_on(program: Program) -> dict[Module, list[ast.expr]]:
    """The calls of functions of the project that return the retCode of the answer they are given, by file."""
    found: dict[Module, list[ast.expr]] = defaultdict(list)
    for module in program.project.readable:
        for node in module.names.items.get("retCode", ()):
            is_returned = isinstance(module.names.parents.get(node), ast.Return)
            function = module.names.scope(node).function.node if is_returned else None
            for site in program.callers.sites(function) if isinstance(function, FUNCTIONS) else ():
                if isinstance(site.node, ast.Call):  # not a decorator
                    found[site.module].append(site.node)
    return found


class AnswerTests:
    """The tests of answers in one file."""

    def __init__(self, program: Program, responses: Responses, packages: Packages, module: Module) -> None:
        self.program, self.packages = program, packages
        self.answers = responses
        self.module = module
        self.names = module.names

    def all(self, handed: Iterable[ast.expr]) -> Iterator[ErrorTest]:
        """Those of every retCode that is read in the file, or `handed` on by the function that reads it.

        What a dead one keeps from running goes without saying.
        """
        found = [*self.each(handed)]
        dead = {node: test for node, test in found if test.dead}
        outer = {node: self._closed_by(node, dead) for node in dead}
        for node, test in found:
            closed = tuple(dead[inner] for inner, closing in outer.items() if closing is node)
            yield test.replace(closed=closed, is_closed=outer.get(node) is not None)

    def each(self, handed: Iterable[ast.expr] = ()) -> Iterator[tuple[ast.expr, ErrorTest]]:
        """The same, each for itself and with its node."""
        for node in (*self.names.items.get("retCode", ()), *handed):
            found = self.answers.of(self.module, node)
            yield from self._told(self._tests(node, self._good(found)), found, "retCode")
        for node in self.names.items.get("retMsg", ()):
            tests = list(self._tests(node, WORDS))
            yield from self._told(tests, self.answers.of(self.module, node) if tests else (), "retMsg")

    def _closed_by(self, node: ast.expr, dead: Collection[ast.expr]) -> ast.expr | None:
        """The first dead test by which a node is never come to."""
        around = self.names.within_function(node)
        branches = (outer for outer in around if isinstance(outer, ast.If) and self.names.stands_in(outer.body, node))
        closed = [branch.test for branch in branches if _is_never_true(branch.test, lambda part: part in dead)]
        return next(part for part in dead if part in walk(closed[-1])) if closed else None

    def _told(
        self, tests: Iterable[ast.expr], found: Sequence[ResponsePart | None], key: str
    ) -> Iterator[tuple[ast.expr, ErrorTest]]:
        source = self.module.source
        for test in tests:
            dead, answer = self._verdict(found, key)
            if answer:
                yield test, ErrorTest(source.span(test), source.text(test), dead, answer.made.site.span)

    def _good(self, found: Sequence[ResponsePart | None]) -> Forms:
        """What the retCode of a good answer may be: a number, unless ccxt is of a version that may make text of it."""
        is_texted = any(answer is not None and answer.client is ccxt for answer in found)
        versions = self.packages.versions(self.module, "ccxt")
        return TEXT_OR_NUMBER if is_texted and not versions.is_from(ccxt.NUMBERS_SINCE) else NUMBER

    def is_dead(self, node: ast.expr) -> bool:
        """True if an error is never found in what stands at a node."""
        return self._verdict(self.answers.of(self.module, node), "retCode")[0] is not None

    def _verdict(self, found: Sequence[ResponsePart | None], key: str) -> tuple[Dead | None, ResponsePart | None]:
        """Why an error is never found in any of these answers, and one of them."""
        known = [a for a in found if a is not None and a.way == (key,)]
        if not known:
            return None, None
        if len(known) < len(found) or self._ignores_codes or not all(a.is_raising for a in known):
            return None, known[0]
        return Dead.RAISED, known[0]

    @property
    def _ignores_codes(self) -> bool:
        """True if some client of the project may be told to return certain errors instead of raising them."""
        return self.program.project.says(b"ignore_codes")

    def _tests(self, node: ast.expr, good: Forms) -> Iterator[ast.expr]:
        """What asks for an error in what stands at a node, and finds none in a good answer."""
        parent = self.names.parents.get(node)
        match parent:
            case ast.Call(func=ast.Name(id=name), args=[only]) if name in CASTS and only is node:
                yield from self._tests(parent, good if good is WORDS else CASTS[name])
            case ast.IfExp(body=body, orelse=ast.Constant(value=None)) if body is node and _asks_for_dict(parent.test):
                yield from self._tests(parent, good)
            case ast.NamedExpr():
                yield from self._tests(parent, good)
                yield from self._tests_of_name(parent, parent.target.id, good)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is node:
                yield from self._tests_of_name(parent, name, good)
            case ast.BoolOp(op=ast.Or(), values=values) if (either := self._either(values, node, good)) is not None:
                yield from self._tests(parent, either)
            case ast.Compare(left=left, ops=[op], comparators=[other]) if left is node:
                yield from (parent,) if self._asks_for_error(op, other, good) else ()
            case ast.Compare(left=other, ops=[ast.Eq() | ast.NotEq() | ast.In() | ast.NotIn() as op]) if (
                other is not node
            ):
                is_text = isinstance(op, (ast.In, ast.NotIn))
                yield from (parent,) if is_text is (good is WORDS) and self._asks_for_error(op, other, good) else ()
            case ast.Attribute() if good is WORDS:
                yield from self._tests_of_text(parent)
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) if test is node:
                yield from (node,) if good == NUMBER else ()  # the text "0" is true
            case ast.Match(subject=subject, cases=cases) if subject is node:
                compared = (value for case in cases for value in _compared(case.pattern))
                yield from (value for value in compared if self._asks_for_error(ast.Eq(), value, good))

    def _tests_of_name(self, binder: ast.AST, name: str, good: Forms) -> Iterator[ast.expr]:
        scope = self.names.scope(binder).function
        for load in self.names.loads(scope.node, name):
            reached = reaching.reaching(self.names, scope, name, load)
            if reached.is_complete and [b.statement for b in reached.bindings] == [binder]:
                yield from self._tests(load, good)

    def _tests_of_text(self, method: ast.Attribute) -> Iterator[ast.expr]:
        """`text.lower()` is the text itself here, and `text.startswith()` a test of it."""
        call = self.names.parents.get(method)
        match call:
            case ast.Call(args=[]) if method.attr in SPELLING:
                yield from self._tests(call, WORDS)
            case ast.Call(args=[part]) if method.attr in PARTS:
                yield from (call,) if self._asks_for_error(ast.In(), part, WORDS) else ()

    def _either(self, values: Sequence[ast.expr], node: ast.expr, good: Forms) -> Forms | None:
        """What `a or b` is for a good answer, if all but `node` are literals or keys that no answer of V5 has."""
        found: set[object] = set()
        for value in values:
            forms = good if value is node else self._forms(value)
            if forms is None or good is WORDS:
                return None
            found = {form for form in found if form} | forms
            if all(forms):
                break
        return frozenset(found)

    def _forms(self, node: ast.expr) -> Forms | None:
        """What stands at a node beside the retCode."""
        if isinstance(node, ast.Constant):
            return frozenset({node.value})
        answers = self.answers.of(self.module, node) if isinstance(node, ast.Call) else []
        is_absent = all(a is not None and a.is_v5 and a.way in OTHER_NAMES for a in answers)
        return frozenset({None}) if answers and is_absent and len(node.args) == 1 else None  # type: ignore[attr-defined]

    def _asks_for_error(self, op: ast.cmpop, other: ast.expr, good: Forms) -> bool:
        values = constants(self.program.evaluator.evaluate(self.module, other))
        if good is WORDS:
            return bool(values) and all(isinstance(value, str) for value in values) and _is_of_error(op, values)
        if not values:
            return False
        has_ok = any(value in OK for value in values)
        match op:
            case ast.NotEq() | ast.IsNot() | ast.NotIn():
                return all(form in values for form in good)
            case ast.Eq() | ast.Is() | ast.In():
                return not has_ok and None not in values and good.isdisjoint(values)
            case ast.Gt():
                return has_ok and good == NUMBER
        return False


def constants(term: Term) -> list[object]:
    """The literals a term is or lists; none if there is anything else."""
    terms = [e.term for e in term.items] if isinstance(term, ListTerm) and term.is_closed else [term]
    return [t.value for t in terms if isinstance(t, Constant)] if all(isinstance(t, Constant) for t in terms) else []


def _is_of_error(op: ast.cmpop, texts: Sequence[object]) -> bool:
    """True for texts that Bybit has for errors only, or for whatever it has for nothing else."""
    known = [str(text).casefold() for text in texts]
    match op:
        case ast.NotEq() | ast.NotIn():
            return all(text in OK_TEXTS for text in known)
        case ast.Eq():
            return not any(text in OK_TEXTS for text in known)
        case ast.In():
            return not any(text in good for text in known for good in OK_TEXTS)
    return False


def _compared(pattern: ast.pattern) -> Iterator[ast.expr]:
    """The literals that a `case` compares with."""
    match pattern:
        case ast.MatchValue(value=value):
            yield value
        case ast.MatchOr(patterns=patterns):
            yield from (value for inner in patterns for value in _compared(inner))


def _is_never_true(test: ast.expr, is_dead: Callable[[ast.expr], bool]) -> bool:
    """True for a test that is put together of others so that dead ones keep it from ever holding."""
    match test:
        case ast.BoolOp(op=ast.Or(), values=values):
            return all(_is_never_true(value, is_dead) for value in values)
        case ast.BoolOp(values=values):
            return any(_is_never_true(value, is_dead) for value in values)
    return is_dead(test)


def _asks_for_dict(test: ast.expr) -> bool:
    """True for `isinstance(answer, dict)`, as every answer is."""
    match test:
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, ast.Name(id="dict")]):
            return True
    return False


def _is_guarded(test: ast.expr) -> TypeGuard[ast.BoolOp]:
    """True for `answer and ...`."""
    return isinstance(test, ast.BoolOp) and len(test.values) == 2 and isinstance(test.values[0], ast.Name)

"""Where a bot asks for Bybit's errors: retCodes that it compares, and attributes of the exceptions that it catches."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TypeAlias, TypeGuard

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.installed import Packages
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.nodes import called_name, last_line
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.analysis.traffic.responses import ResponsePart, Responses
from bybit_lint.analysis.values.terms import Constant, ListTerm, Term, alternatives, qualified_name
from bybit_lint.clients import ccxt, pybit
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.vocabulary import Dead, ErrorTest, Replace

OK = (0, "0")
Forms: TypeAlias = frozenset[object]
"""What the retCode of a good answer may be."""
NUMBER: Forms = frozenset({0})
TEXT_OR_NUMBER: Forms = frozenset({0, "0"})
CASTS: dict[str, Forms] = {"int": NUMBER, "str": frozenset({"0"}), "float": NUMBER}
HTTP_STATUS = range(100, 600)
CCXT = ("ccxt.",)


@extracts(ErrorTest)
class ErrorTests:
    """The tests for errors of Bybit's."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.effects = analysis.program, analysis.effects
        self.responses, self.packages = analysis.responses, analysis.packages

    def facts(self, module: Module) -> Iterator[ErrorTest]:
        yield from _Answered(self.program, self.responses, self.packages, module).all()
        if b"RequestError" in module.source.data or b"ccxt" in module.source.data:
            yield from _Caught(self.program, self.effects, module).all()


def is_always_good(program: Program, responses: Responses, packages: Packages, module: Module, test: ast.expr) -> bool:
    """True for a test of nothing but a retCode, where the client raises every answer in which it is not 0."""
    compare = test.values[-1] if _is_guarded(test) else test
    if not isinstance(compare, ast.Compare):
        return False
    asked = [node for node in module.names.items.get("retCode", ()) if node in ast.walk(compare.left)]
    return len(asked) == 1 and _Answered(program, responses, packages, module).is_dead(asked[0])


class _Answered:
    """Comparisons of the retCode of answers."""

    def __init__(self, program: Program, responses: Responses, packages: Packages, module: Module) -> None:
        self.program, self.packages = program, packages
        self.answers = responses
        self.module = module
        self.names = module.names

    def all(self) -> Iterator[ErrorTest]:
        for node in self.names.items.get("retCode", ()):
            found = self.answers.of(self.module, node)
            tests = list(self._tests(node, self._good(found)))
            if tests:
                dead, answer = self._verdict(found)
                for test in tests if answer else ():
                    yield ErrorTest(
                        self.module.source.span(test),
                        self.module.source.text(test),
                        dead,
                        answer.made.site.span if answer else None,
                    )

    def _good(self, found: Sequence[ResponsePart | None]) -> Forms:
        """What the retCode of a good answer may be: a number, unless ccxt is of a version that may make text of it."""
        is_texted = any(answer is not None and answer.client is ccxt for answer in found)
        versions = self.packages.versions(self.module, "ccxt")
        return TEXT_OR_NUMBER if is_texted and not versions.is_from(ccxt.NUMBERS_SINCE) else NUMBER

    def is_dead(self, node: ast.expr) -> bool:
        """True if an error is never found in what stands at a node."""
        return self._verdict(self.answers.of(self.module, node))[0] is not None

    def _verdict(self, found: Sequence[ResponsePart | None]) -> tuple[Dead | None, ResponsePart | None]:
        """Why an error is never found in any of these answers, and one of them."""
        known = [a for a in found if a is not None and a.way == ("retCode",)]
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
        """The comparisons that ask for an error in what stands at a node, and find none in a good answer."""
        parent = self.names.parents.get(node)
        match parent:
            case ast.Call(func=ast.Name(id=name)) if name in CASTS and node in parent.args:
                yield from self._tests(parent, CASTS[name])
            case ast.NamedExpr():
                yield from self._tests(parent, good)
                yield from self._tests_of_name(parent, parent.target.id, good)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is node:
                yield from self._tests_of_name(parent, name, good)
            case ast.Compare(left=left, ops=[op], comparators=[other]) if left is node:
                yield from (parent,) if self._asks_for_error(op, other, good) else ()
            case ast.Compare(left=other, ops=[ast.Eq() | ast.NotEq() as op]) if other is not node:
                yield from (parent,) if self._asks_for_error(op, other, good) else ()
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) if test is node:
                yield from (node,) if good == NUMBER else ()  # the text "0" is true

    def _tests_of_name(self, binder: ast.AST, name: str, good: Forms) -> Iterator[ast.expr]:
        scope = self.names.scope(binder).function
        for load in self.names.loads(scope.node, name):
            reached = reaching.reaching(self.names, scope, name, load)
            if reached.is_complete and [b.statement for b in reached.bindings] == [binder]:
                yield from self._tests(load, good)

    def _asks_for_error(self, op: ast.cmpop, other: ast.expr, good: Forms) -> bool:
        term = self.program.evaluator.at(self.module, other).term
        values = _constants(term)
        if not values:
            return False
        has_ok = any(value in OK for value in values)
        match op:
            case ast.NotEq() | ast.IsNot() | ast.NotIn():
                return all(form in values for form in good)
            case ast.Eq() | ast.Is() | ast.In():
                return not has_ok and None not in values
            case ast.Gt():
                return has_ok and good == NUMBER
        return False


class _Caught:
    """Attributes of the exceptions by which clients tell Bybit's errors."""

    def __init__(self, program: Program, effects: Effects, module: Module) -> None:
        self.program, self.effects = program, effects
        self.module = module
        self.names = module.names

    def all(self) -> Iterator[ErrorTest]:
        for handler in self._handlers():
            classes = self._classes(handler)
            if classes and None not in classes:
                for node in _attributes(handler):
                    yield from self._test(handler, node, {c for c in classes if c})

    def _handlers(self) -> Iterator[ast.ExceptHandler]:
        bound = (b for scope in self.names.scopes.values() for found in scope.bindings.values() for b in found)
        yield from (b.statement for b in bound if isinstance(b.statement, ast.ExceptHandler) and b.statement.type)

    def _classes(self, handler: ast.ExceptHandler) -> set[str | None]:
        """The paths of the exceptions caught; None for what is no exception of a client's."""
        assert handler.type is not None
        terms = [
            option
            for term in alternatives(self.program.evaluator.at(self.module, handler.type).term)
            for option in ([e.term for e in term.items] if isinstance(term, ListTerm) else [term])
        ]
        return {found if (found := qualified_name(term)) and _is_clients(found) else None for term in terms}

    def _test(self, handler: ast.ExceptHandler, node: ast.Attribute, classes: set[str]) -> Iterator[ErrorTest]:
        is_missing = all(node.attr not in _known(name) for name in classes)
        span, text = self.module.source.span(node), self.module.source.text(node)
        if is_missing and not _is_asked_for(handler, node.attr):
            yield ErrorTest(span, text, Dead.NO_ATTRIBUTE, None, self._corrector(handler, node, classes))
        parent = self.names.parents.get(node)
        if node.attr == "status_code" and isinstance(parent, ast.Compare) and parent.left is node:
            dead = self._is_never_equal(parent, classes)
            if dead is not None:
                compared = Dead.OTHER_EXCEPTION if dead else None
                yield ErrorTest(self.module.source.span(parent), self.module.source.text(parent), compared)

    def _is_never_equal(self, compare: ast.Compare, classes: set[str]) -> bool | None:
        """True if none of the exceptions ever has one of these codes, None if this is no comparison with codes."""
        if len(compare.ops) != 1 or not isinstance(compare.ops[0], (ast.Eq, ast.In)):
            return None
        codes = _constants(self.program.evaluator.at(self.module, compare.comparators[0]).term)
        numbers = [code for code in codes if isinstance(code, int)]
        if not numbers or len(numbers) < len(codes):
            return None
        return all(not _may_have(name, code) for name in classes for code in numbers) and not self.program.project.says(
            b"retry_codes"
        )

    def _corrector(self, handler: ast.ExceptHandler, node: ast.Attribute, classes: set[str]) -> Replace | None:
        """The attribute that is meant; not where a handler that works at last would ask Bybit again."""
        right = next((name for name, wrong in pybit.MISNAMED.items() if node.attr in wrong), None)
        loops = (ast.For, ast.AsyncFor, ast.While)
        goes_on = any(isinstance(a, loops) for a in self.names.ancestors(handler))
        asks_again = any(
            self.effects.reaches_bybit(self.module, call)
            for call in self.names.calls_in[self.names.scope(handler).function.node]
            if handler.lineno <= call.lineno <= last_line(handler)
        )
        if right is None or goes_on or asks_again or not classes <= pybit.EXCEPTIONS:
            return None
        return Replace(self.module.source.span(node), "", f"{handler.name}.{right}")


def _is_guarded(test: ast.expr) -> TypeGuard[ast.BoolOp]:
    """True for `answer and ...`."""
    return isinstance(test, ast.BoolOp) and len(test.values) == 2 and isinstance(test.values[0], ast.Name)


def _constants(term: Term) -> list[object]:
    """The literals a term is or lists; none if there is anything else."""
    terms = [e.term for e in term.items] if isinstance(term, ListTerm) and term.is_closed else [term]
    return [t.value for t in terms if isinstance(t, Constant)] if all(isinstance(t, Constant) for t in terms) else []


def _is_clients(name: str) -> bool:
    return name in pybit.EXCEPTIONS or name.startswith(CCXT)


def _known(name: str) -> set[str]:
    """The attributes of an exception."""
    return {*dir(Exception), *(pybit.ATTRIBUTES if name in pybit.EXCEPTIONS else ())}


def _may_have(name: str, code: int) -> bool:
    """Whether an exception may say a code: one is for the status of HTTP, the other for retCodes not tried again."""
    if name not in pybit.EXCEPTIONS:
        return True
    if name.endswith("FailedRequestError"):
        return code in HTTP_STATUS
    return code not in HTTP_STATUS and code not in pybit.TRIED_AGAIN


def _attributes(handler: ast.ExceptHandler) -> Iterator[ast.Attribute]:
    """What a handler asks its exception for."""
    for node in (n for statement in handler.body for n in ast.walk(statement)):
        match node:
            case ast.Attribute(value=ast.Name(id=name), ctx=ast.Load()) if name == handler.name:
                yield node


def _is_asked_for(handler: ast.ExceptHandler, attribute: str) -> bool:
    """True if the handler first asks whether there is such an attribute."""
    calls = (n for statement in handler.body for n in ast.walk(statement) if isinstance(n, ast.Call))
    return any(
        called_name(call.func) == "hasattr"
        and any(isinstance(a, ast.Constant) and a.value == attribute for a in call.args)
        for call in calls
    )

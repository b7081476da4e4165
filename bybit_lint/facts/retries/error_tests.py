"""Where a bot asks for Bybit's errors: retCodes that it compares, and attributes of the exceptions that it catches."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name, walk
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.analysis.values.terms import ListTerm, alternatives, qualified_name
from bybit_lint.clients import pybit
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.retries.answer_tests import AnswerTests, constants, handed_on
from bybit_lint.facts.retries.error_texts import ErrorTexts
from bybit_lint.vocabulary import Dead, ErrorTest, Replace

HTTP_STATUS = range(100, 600)
CCXT = ("ccxt.",)


@extracts(ErrorTest)
class ErrorTests:
    """The tests for errors of Bybit's."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.effects = analysis.program, analysis.effects
        self.responses, self.packages = analysis.responses, analysis.packages
        self.texts = ErrorTexts(analysis)

    @cached_property
    def _handed_on(self) -> dict[Module, list[ast.expr]]:
        return handed_on(self.program)

    def facts(self, module: Module) -> Iterator[ErrorTest]:
        tests = AnswerTests(self.program, self.responses, self.packages, module)
        yield from tests.all(self._handed_on.get(module, ()))
        yield from self.texts.of(module) if b"except" in module.source.data else ()
        if b"RequestError" in module.source.data or b"ccxt" in module.source.data:
            yield from _Caught(self.program, self.effects, module).all()


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
            for term in alternatives(self.program.evaluator.evaluate(self.module, handler.type))
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
        codes = constants(self.program.evaluator.evaluate(self.module, compare.comparators[0]))
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
            if self.names.holds(handler, call)
        )
        if right is None or goes_on or asks_again or not classes <= pybit.EXCEPTIONS:
            return None
        return Replace(self.module.source.span(node), "", f"{handler.name}.{right}")


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
    for node in (n for statement in handler.body for n in walk(statement)):
        match node:
            case ast.Attribute(value=ast.Name(id=name), ctx=ast.Load()) if name == handler.name:
                yield node


def _is_asked_for(handler: ast.ExceptHandler, attribute: str) -> bool:
    """True if the handler first asks whether there is such an attribute."""
    calls = (n for statement in handler.body for n in walk(statement) if isinstance(n, ast.Call))
    return any(
        called_name(call.func) == "hasattr"
        and any(isinstance(a, ast.Constant) and a.value == attribute for a in call.args)
        for call in calls
    )

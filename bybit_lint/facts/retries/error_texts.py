"""Codes that are looked for in the text of an exception, and that no exception of the client's ever says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name, walk
from bybit_lint.clients import pybit
from bybit_lint.facts.analysis import Analysis
from bybit_lint.vocabulary import Dead, ErrorTest

CODES = tuple(str(code).encode() for code in pybit.TRIED_AGAIN)
TEXTS = ("str", "repr")
SPELLING = ("lower", "upper", "casefold", "strip")
BROAD = ("Exception", "BaseException")
OTHER_VOICES = (b"ccxt", b"api.bybit", b"X-BAPI", b"WebSocketTrading", b"retry_codes")
"""What a project says whose exceptions may speak of such a code all the same."""


class ErrorTexts:
    """Looks for such tests in the handlers of what may raise nothing of Bybit's but pybit's exceptions."""

    def __init__(self, analysis: Analysis) -> None:
        self.project, self.effects, self.traffic = analysis.program.project, analysis.effects, analysis.traffic

    def of(self, module: Module) -> Iterator[ErrorTest]:
        is_said = any(code in module.source.data for code in CODES)
        for node in module.names.nodes() if is_said and self.is_of_pybit_alone else ():
            if isinstance(node, ast.Compare) and _code(node):
                handler = self._handler(module, node)
                if handler is not None and _is_decisive(module, node):
                    source = module.source
                    yield ErrorTest(source.span(node), source.text(node), Dead.UNSAID)

    @cached_property
    def is_of_pybit_alone(self) -> bool:
        """True for a project that asks Bybit by pybit and by nothing else."""
        asked = {request.library for found in self.traffic.requests.values() for _, request in found}
        return asked == {pybit.LIBRARY} and not any(map(self.project.says, OTHER_VOICES))

    def _handler(self, module: Module, compare: ast.Compare) -> ast.ExceptHandler | None:
        """The handler whose exception's text is looked at, if Bybit is asked in what it guards."""
        for outer in module.names.ancestors(compare):
            if isinstance(outer, ast.ExceptHandler) and outer.name and _is_text_of(outer, compare.comparators[0]):
                tried = module.names.parents.get(outer)
                body = tried.body if isinstance(tried, ast.Try) else []
                calls = [node for statement in body for node in walk(statement) if isinstance(node, ast.Call)]
                asks = any(self.effects.reaches_bybit(module, call) for call in calls)
                return outer if asks and _is_caught(outer) else None
        return None


def _code(compare: ast.Compare) -> bool:
    """True for `"10006" in text`."""
    match compare:
        case ast.Compare(left=ast.Constant(value=str() as code), ops=[ast.In()]):
            return code.isdecimal() and int(code) in pybit.TRIED_AGAIN
    return False


def _is_caught(handler: ast.ExceptHandler) -> bool:
    """True if pybit's exceptions are among what is caught, and nothing that says a code itself."""
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = [called_name(each) for each in types if each is not None]
    own = {name.rpartition(".")[2] for name in pybit.EXCEPTIONS}
    return bool(names) and all(name in BROAD or name in own for name in names)


def _is_text_of(handler: ast.ExceptHandler, node: ast.expr) -> bool:
    """True for the text of the exception, in whatever spelling, by itself or under a name that it has here."""
    match node:
        case ast.Call(func=ast.Name(id=made), args=[ast.Name(id=name)]) if made in TEXTS:
            return name == handler.name
        case ast.Call(func=ast.Attribute(value=inner, attr=method), args=[]) if method in SPELLING:
            return _is_text_of(handler, inner)
        case ast.Attribute(value=ast.Name(id=name), attr="message"):
            return name == handler.name
        case ast.Name(id=name):
            given = [
                statement.value
                for part in handler.body
                for statement in walk(part)
                if isinstance(statement, ast.Assign)
                and any(isinstance(target, ast.Name) and target.id == name for target in statement.targets)
            ]
            return len(given) == 1 and _is_text_of(handler, given[0])
    return False


def _is_decisive(module: Module, compare: ast.Compare) -> bool:
    """True unless something else that is asked beside it may be true in its place."""
    parent = module.names.parents.get(compare)
    if not (isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.Or)):
        return True
    return all(isinstance(value, ast.Compare) and _code(value) for value in parent.values)

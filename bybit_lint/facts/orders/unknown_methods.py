"""Calls of methods that a client does not have, found by the names that clients go by in the project."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator
from functools import cached_property

from bybit_lint.analysis.callgraph.forwarding import ForwardedCall
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import DEFERRING, deferred_callee
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.values.terms import Term, alternatives, qualified_name
from bybit_lint.clients import ccxt, methods, pybit
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Break, BrokenCall, Noun

MINUS = regex(rb"_v5_\w{1,80}-\w")
"""An endpoint's name of ccxt's that goes on behind a minus."""


@extracts(BrokenCall)
class UnknownMethods:
    """The calls of unknown methods on what is proven to be one of pybit's clients, or an exchange of ccxt's."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.bybit_calls, self.views = analysis.program, analysis.traffic.bybit_calls, analysis.views

    def facts(self, module: Module) -> Iterator[Noun]:
        for node, function in self._candidates(module):
            if not _is_expected(module, node, function.attr) and self._is_certain(module, function):
                for call in self.views.of(module, node):
                    yield from methods.unknown(call)
                    yield from methods.unnamed(call)
                    yield from ccxt.unknown(call)
        for each in self.views.forwarding.by_module.get(module, ()):
            name = _told(each)
            if name and name not in pybit.NAMES and not _is_expected(module, each.call, name):
                for call in self.views.handed(each):
                    yield from methods.unknown(call) if call.is_only else ()
        for node in (n for name, calls in module.names.calls_named.items() if ccxt.is_outdated(name) for n in calls):
            if not _is_expected(module, node, called_name(node.func)):
                for call in self.views.of(module, node):
                    yield from ccxt.outdated(call)
        yield from self._subtractions(module) if MINUS.search(module.source.data) else ()

    def _subtractions(self, module: Module) -> Iterator[BrokenCall]:
        """The endpoints of ccxt's whose names are written with the minuses of their paths."""
        for node in (n for n in module.names.nodes() if isinstance(n, ast.BinOp)):
            first, *words = _minuend(node)
            if isinstance(first, ast.Attribute) and words:
                term = self.program.evaluator.evaluate(module, first)
                meant = ccxt.subtraction(qualified_name(term) or "", [called_name(word) for word in words])
                if meant:
                    said = "-".join((first.attr, *map(called_name, words)))
                    yield BrokenCall(module.source.span(node), ccxt.LIBRARY, said, Break.MINUS, meant)

    def _candidates(self, module: Module) -> Iterator[tuple[ast.Call, ast.Attribute]]:
        """The calls of strange names on what goes by the name of a client, each with what it calls."""
        for name, calls in module.names.calls_named.items():
            for node in calls:
                function = deferred_callee(node)[0] if name in DEFERRING else node.func
                if isinstance(function, ast.Attribute) and self._is_strange(called_name(function.value), function.attr):
                    yield node, function

    def _is_strange(self, receiver: str, name: str) -> bool:
        """True if a name may be one that the client does not have which goes by the receiver's name."""
        is_pybits = receiver in self._client_names and name not in pybit.NAMES
        return is_pybits or (receiver in self._exchange_names and ccxt.is_strange(name))

    @cached_property
    def _client_names(self) -> frozenset[str]:
        """The last names of what pybit's methods are called on, and of what its clients are assigned to."""
        return self._names_of(pybit.NAMES, pybit.CONSTRUCTORS.values())

    @cached_property
    def _exchange_names(self) -> frozenset[str]:
        """The same of ccxt's exchanges."""
        is_used = self.program.project.says(ccxt.LIBRARY.encode())
        return self._names_of(ccxt.NAMES, ["bybit"]) if is_used else frozenset()

    def _names_of(self, methods: Container[str], made: Iterable[str]) -> frozenset[str]:
        modules = self.program.project.readable
        spoken = ((module, node) for module in modules for node in module.names.calls if node in self.bybit_calls)
        makers = {*made}
        return frozenset(name for each in spoken for name in _names_at(*each, methods, makers) if name)

    def _is_certain(self, module: Module, function: ast.expr) -> bool:
        """True if there is one thing that is called, and it is none of the project's."""
        callee = self.program.evaluator.evaluate(module, function)
        found: list[Term] = [t for option in alternatives(callee) for t in self.program.callers.in_all_contexts(option)]
        return len({qualified_name(t) for term in found for t in alternatives(term)}) == 1


def _told(each: ForwardedCall) -> str:
    """The name by which a function of the bot's is told what to call, if it does not ask whether there is such a one.

    `ask("get_tickers", ...)` of `def ask(name, **fields): return getattr(client, name)(**fields)`.
    """
    got, called = each.by.called, each.called
    is_sure = not isinstance(got, ast.Call) or len(got.args) == 2  # a third is what it gives where there is none
    name = called.value if isinstance(called, ast.Constant) and is_sure else None
    is_told = isinstance(name, str) and not _is_expected(each.by.module, each.by.call, name)
    return str(name) if is_told else ""


def _minuend(node: ast.expr) -> list[ast.expr]:
    """What stands between the minuses of an expression, without what is called, awaited or taken out of it."""
    match node:
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return [*_minuend(left), *_minuend(right)[-1:]]
        case ast.Await(value=inner) | ast.Subscript(value=inner) | ast.Call(func=inner):
            return _minuend(inner)
    return [node]


def _names_at(module: Module, node: ast.Call, methods: Container[str], made: Container[str]) -> Iterator[str]:
    function, _ = deferred_callee(node)
    if isinstance(function, ast.Attribute) and function.attr in methods:
        yield called_name(function.value)
    statement = module.names.parents.get(node)
    if isinstance(statement, ast.Assign) and called_name(function) in made:
        yield from (called_name(target) for target in statement.targets)


def _is_expected(module: Module, node: ast.Call, name: str) -> bool:
    """True if the code itself says that the method may not be there, or puts it there."""
    if name in module.names.attributes:
        return True
    for parent in module.names.ancestors(node):
        match parent:
            case ast.If(test=test) | ast.IfExp(test=test) if "hasattr" in ast.dump(test):
                return True
            case ast.Try(handlers=handlers) if any(h.type and "AttributeError" in ast.dump(h.type) for h in handlers):
                return True
    return False

"""Calls of methods that a client does not have, found by the names that clients go by in the project."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bybit_lint.clients import methods, pybit
from bybit_lint.names import HANDED_OVER, called_name, handed_over
from bybit_lint.project import Module
from bybit_lint.reader.terms import Term, alternatives, path
from bybit_lint.vocabulary import Noun

if TYPE_CHECKING:
    from bybit_lint.reader.facts import Reader


def broken_calls(reader: Reader, module: Module) -> Iterator[Noun]:
    """The calls of unknown methods on what is proven to be one of pybit's clients."""
    for node, function in _candidates(reader, module):
        if not _is_expected(module, node, function.attr) and _is_certain(reader, module, function):
            for call in reader.seen(module, node):
                yield from methods.unknown(call)
                yield from methods.unnamed(call)


def _candidates(reader: Reader, module: Module) -> Iterator[tuple[ast.Call, ast.Attribute]]:
    """The calls of strange names on what goes by the name of a client, each with what it calls."""
    for name, calls in module.names.calls_named.items():
        for node in calls if name not in pybit.NAMES else ():
            function = handed_over(node)[0] if name in HANDED_OVER else node.func
            if isinstance(function, ast.Attribute) and called_name(function.value) in reader.client_names:
                yield node, function


def names_of_clients(reader: Reader) -> frozenset[str]:
    """The last names of what pybit's methods are called on, and of what its clients are assigned to."""
    found: set[str] = set()
    for module in reader.project.readable:
        for node in module.names.calls:
            if node in reader.spoken:
                found.update(_names_at(module, node))
    return frozenset(found - {""})


def _names_at(module: Module, node: ast.Call) -> Iterator[str]:
    function, _ = handed_over(node)
    if isinstance(function, ast.Attribute) and function.attr in pybit.NAMES:
        yield called_name(function.value)
    statement = module.names.parents.get(node)
    if isinstance(statement, ast.Assign) and called_name(function) in pybit.CONSTRUCTORS.values():
        yield from (called_name(target) for target in statement.targets)


def _is_certain(reader: Reader, module: Module, function: ast.expr) -> bool:
    """True if there is one thing that is called, and it is none of the project's."""
    callee = reader.resolver.at(module, function).term
    found: list[Term] = [t for option in alternatives(callee) for t in reader.callers.expanded(option)]
    return len({path(t) for term in found for t in alternatives(term)}) == 1


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

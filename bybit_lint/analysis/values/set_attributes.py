"""Attributes that no assignment names: `setattr(self, key, value)` for all of a dict, or `self.__dict__.update(it)`."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, FunctionNode, parameters
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.terms import Class, Term
from bybit_lint.tuples import NamedTuple


class Filling(NamedTuple):
    """A method that makes attributes of its own object of all that is in a dict."""

    function: FunctionNode
    held: ast.expr
    """The dict."""


class SetAttributes:
    """Answers what the objects of a class have under a name that only a dict has."""

    def __init__(self, evaluation: Evaluation, hierarchy: Hierarchy) -> None:
        self.evaluation = evaluation
        self.hierarchy = hierarchy

    def of(self, of: Class, name: str) -> Iterator[tuple[FunctionNode, Term]]:
        """The methods of a class that fill an attribute so, and with what."""
        for filling in self._by_class.get(of.node, ()):
            held = self.evaluation.at(of.module, filling.held)
            yield filling.function, self.evaluation.access(held.term, f"[{name!r}]", held.site)

    @cached_property
    def _by_class(self) -> dict[ast.ClassDef, list[Filling]]:
        found: dict[ast.ClassDef, list[Filling]] = defaultdict(list)
        for module in self.evaluation.project.readable:
            for call in module.names.called("setattr", "update"):
                function = module.names.scope(call).function.node
                owner = self.hierarchy.class_of(module, function) if isinstance(function, FUNCTIONS) else None
                if owner is not None and isinstance(function, FUNCTIONS):
                    held = _set(module, call, function) or _updated(call, function)
                    found[owner.node] += [Filling(function, held)] if held is not None else []
        return found


def _set(module: Module, call: ast.Call, function: FunctionNode) -> ast.expr | None:
    """`fields` in `for key, value in fields.items(): setattr(self, key, value)`."""
    match call:
        case ast.Call(func=ast.Name(id="setattr"), args=[own, ast.Name(id=key), ast.Name(id=value)]) if _is_self(
            own, function
        ):
            for around in module.names.ancestors(call):
                match around:
                    case ast.For(
                        target=ast.Tuple(elts=[ast.Name(id=first), ast.Name(id=second)]),
                        iter=ast.Call(func=ast.Attribute(value=held, attr="items"), args=[]),
                    ) if (first, second) == (key, value):
                        return held
    return None


def _updated(call: ast.Call, function: FunctionNode) -> ast.expr | None:
    """`fields` in `self.__dict__.update(fields)`, in whichever way that is written."""
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(value=own, attr="__dict__"))):
            pass
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="vars"), args=[own]))):
            pass
        case _:
            return None
    match call.args, call.keywords:
        case ([held], []) | ([], [ast.keyword(arg=None, value=held)]) if _is_self(own, function):
            return held
    return None


def _is_self(node: ast.expr, function: FunctionNode) -> bool:
    named = parameters(function)
    return isinstance(node, ast.Name) and bool(named) and node.id == named[0].arg

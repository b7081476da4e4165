"""Validators: what a model makes of what its fields are given (`@field_validator("side", mode="before")`)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.syntax.argument_binding import positional_parameters
from bybit_lint.analysis.syntax.nodes import called_name, walk
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.terms import Class, Expression, Function, Invocation, Term, Unknown

OF_FIELDS = {"field_validator", "validator"}
OF_MODELS = {"model_validator", "root_validator"}
"""Decorators of a model's functions: those that are given one field, and those that are given all of them."""
IN_ANNOTATIONS = {"BeforeValidator", "AfterValidator", "PlainValidator", "WrapValidator", "StringConstraints", "constr"}
CHANGED = Unknown("validated")


class Validators:
    """Answers what becomes of what an object is made with, before its fields hold it."""

    def __init__(self, evaluation: Evaluation, hierarchy: Hierarchy) -> None:
        self.evaluation = evaluation
        self.hierarchy = hierarchy
        self._of: dict[ast.ClassDef, list[tuple[Function, ast.Call]]] = {}

    def validated(self, of: Class, name: str, given: Expression) -> Term:
        """What a field of a class holds that is given something."""
        field = self.hierarchy.field(of, name)
        if field is not None and (_is_annotated(field) or _is_converted(field)):
            return CHANGED
        term = given.term
        for function, decorator in self._written(of):
            if called_name(decorator.func) in OF_MODELS:
                term = CHANGED if _mode(decorator) == "before" else term
            elif name in _fields(decorator) or "*" in _fields(decorator):
                term = self._returned(function, Expression(given.site, term))
        return term

    def _written(self, of: Class) -> list[tuple[Function, ast.Call]]:
        """The validators of a class and of those it inherits from, and what makes each of them one."""
        if of.node not in self._of:
            self._of[of.node] = [found for each in reversed(self.hierarchy.lineage(of)) for found in _in(each)]
        return self._of[of.node]

    def _returned(self, function: Function, given: Expression) -> Term:
        """What a validator makes of a value; anything, where it is told to wrap what others make of it."""
        parameters = [each.arg for each in positional_parameters(function.node.args) if each.arg not in ("self", "cls")]
        if not parameters:
            return CHANGED
        return self.evaluation.apply(Invocation(function, (), {parameters[0]: given}, True, given.site))


def _in(of: Class) -> Iterator[tuple[Function, ast.Call]]:
    for node in of.node.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and called_name(decorator.func) in OF_FIELDS | OF_MODELS:
                    yield Function(node, of.module, of), decorator


def _fields(decorator: ast.Call) -> set[object]:
    return {argument.value for argument in decorator.args if isinstance(argument, ast.Constant)}


def _mode(decorator: ast.Call) -> object:
    """When a model's validator looks at its fields; the older kind says so with a flag."""
    said = {k.arg: k.value.value for k in decorator.keywords if isinstance(k.value, ast.Constant)}
    return "before" if said.get("pre") else said.get("mode", "after")


def _is_annotated(field: ast.AnnAssign) -> bool:
    """True for `side: Annotated[str, BeforeValidator(str.capitalize)]`."""
    return any(isinstance(n, ast.Call) and called_name(n.func) in IN_ANNOTATIONS for n in walk(field.annotation))


def _is_converted(field: ast.AnnAssign) -> bool:
    """True for attrs' `side: str = field(converter=str.capitalize)`."""
    return isinstance(field.value, ast.Call) and any(k.arg == "converter" for k in field.value.keywords)

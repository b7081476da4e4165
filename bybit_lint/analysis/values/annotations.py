"""What an annotation says of a parameter, where it says more than the callers do."""

from __future__ import annotations

import ast

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import parameters
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.name_lookup import NameLookup
from bybit_lint.analysis.values.terms import Access, Class, Instance, Parameter, Term, Unknown, qualified_name

VAGUE = {
    "builtins.object",
    "builtins.str",
    "typing.Any",
    "ccxt.Exchange",
    "ccxt.async_support.Exchange",
    "ccxt.pro.Exchange",
}
"""Classes that say less of a parameter than what its callers pass."""


class Annotations:
    """Answers the evaluator's questions about annotated parameters."""

    def __init__(self, evaluation: Evaluation, names: NameLookup) -> None:
        self.evaluation = evaluation
        self.names = names

    def instance(self, parameter: Parameter) -> Term | None:
        """An instance of the class a parameter is annotated with, if the annotation names one."""
        argument = next((a for a in parameters(parameter.function) if a.arg == parameter.name), None)
        if argument is None or argument.annotation is None:
            return None
        found = self.evaluation.memo.once(("annotation", argument), self._annotation, parameter.module, argument)
        return None if isinstance(found, Unknown) else found

    def _annotation(self, module: Module, argument: ast.arg) -> Term:
        assert argument.annotation is not None
        term = self._class_named(module, argument.annotation)
        if isinstance(term, Class):
            return Instance(term)
        named = qualified_name(term)
        return Access(term, "()") if named and named not in VAGUE else Unknown("annotation")

    def _class_named(self, module: Module, node: ast.expr) -> Term:
        """The class an annotation names; `Optional[X]`, `X | None` and `"X"` name X."""
        match node:
            case ast.Constant(value=str() as text):
                found = module.names.module.bindings
                return self.names.global_name(module, text) if text in found else Unknown("annotation")
            case ast.Subscript(value=ast.Name(id="Optional") | ast.Attribute(attr="Optional"), slice=inner):
                return self._class_named(module, inner)
            case ast.BinOp(left=inner, op=ast.BitOr(), right=ast.Constant(value=None)):
                return self._class_named(module, inner)
        return self.evaluation.at(module, node).term

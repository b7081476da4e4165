"""Texts that may be empty, of which a function that is told their name makes a number: `number(row, "x")`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain

from bybit_lint.analysis.flow.exception_handlers import may_be_caught
from bybit_lint.analysis.syntax.guards import tests
from bybit_lint.analysis.syntax.nodes import FUNCTIONS
from bybit_lint.analysis.values.substitution import Substitution
from bybit_lint.analysis.values.terms import Constant
from bybit_lint.facts.responses.empties import NUMBERS, Empties
from bybit_lint.facts.responses.fields import is_read
from bybit_lint.knowledge.answers import fields
from bybit_lint.vocabulary import Reading

MAKERS = tuple(sorted(name.rpartition(".")[2] for name in NUMBERS))


class PassedNames(Empties):
    """Looks at the functions of a file that read what their callers name, and tells each caller."""

    def all(self) -> Iterator[Reading]:
        for call in self.names.called(*MAKERS):
            parts = _parts(call.args[0]) if len(call.args) == 1 else None
            function = self.names.scope(call).function.node
            if parts is None or not isinstance(function, FUNCTIONS) or not self._is_parameter(parts[1], function):
                continue
            error = self._error(call)
            if error and not any(tests(function)) and not self._is_caught(call):
                layers = self.program.callers.of(function)
                yield from chain.from_iterable(self._told(*parts, error, layer) for layer in layers)

    def _is_parameter(self, key: ast.Name, function: ast.AST) -> bool:
        passed = self.program.evaluator.parameters.of(self.program.evaluator.evaluate(self.module, key))
        return any(parameter.function is function for parameter in passed)

    def _told(self, row: ast.expr, key: ast.Name, error: str, layer: Substitution) -> Iterator[Reading]:
        """What a caller's name is the name of, if that may be empty."""
        evaluator, site = self.program.evaluator, layer.made.site
        name = layer.of(evaluator.evaluate(self.module, key))
        known = fields().get(str(name.value), ()) if isinstance(name, Constant) else ()
        asked = [field for field in known if field.what == "empty" and self._is_asked_for(field)]
        if not asked or not isinstance(site.node, ast.Call) or may_be_caught(site.module.names, site.node):
            return
        rows = self.answers.within(layer.of(evaluator.evaluate(self.module, row)))
        found = [part and part._replace(way=(*part.way, asked[0].way[-1])) for part in rows]
        for field in asked:
            answers = [answer for answer in found if answer is not None and is_read(field, answer)]
            if answers and len(answers) == len(found):
                span = site.module.source.span(site.node)
                yield Reading(
                    span,
                    field.way[-1],
                    answers[0].made.site.span,
                    empty=field.detail,
                    error=error,
                    not_fixed="the number is made elsewhere, for other fields as well",
                )


def _parts(read: ast.expr) -> tuple[ast.expr, ast.Name] | None:
    """What something is read from, and the name by which: `row[name]`, `row.get(name)`."""
    match read:
        case ast.Subscript(value=row, slice=ast.Name() as key):
            return row, key
        case ast.Call(func=ast.Attribute(value=row, attr="get"), args=[ast.Name() as key, *_]):
            return row, key
    return None

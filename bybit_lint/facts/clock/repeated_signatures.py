"""Signatures that are sent more than once: headers made before a loop, and sent in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.logging_calls import LOGGING
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.syntax.scopes import Binding
from bybit_lint.analysis.values.terms import DictTerm, alternatives
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.knowledge.headers import SIGNATURE
from bybit_lint.vocabulary import Reuse, Timestamp

LOOPS = (ast.For, ast.AsyncFor, ast.While)
UNCHANGING = LOGGING | {"len", "str", "repr"}
"""Calls that leave a dict as it is."""


@extracts(Timestamp, words="BAPI bapi Bapi")
class RepeatedSignatures:
    """Every request in a loop whose headers were signed before it."""

    def __init__(self, analysis: Analysis) -> None:
        self.evaluator, self.bybit_calls = analysis.program.evaluator, analysis.traffic.bybit_calls

    def facts(self, module: Module) -> Iterator[Timestamp]:
        if SIGNATURE.lower().encode() not in module.source.data.lower() or module.is_among_tests:
            return
        for call in module.names.calls:
            headers = next((k.value for k in call.keywords if k.arg == "headers"), None)
            if call in self.bybit_calls and isinstance(headers, ast.Name):
                made = _before_loop(module, call, headers)
                signed = [
                    b.value for b in made if b.value and self._is_signed(module, headers if len(made) == 1 else b.value)
                ]
                if len(signed) == 1:
                    yield Timestamp(
                        module.source.span(call), module.source.span(signed[0]), "timestamp", reuse=Reuse.REPEATED
                    )

    def _is_signed(self, module: Module, headers: ast.expr) -> bool:
        """True if headers are proven to carry a signature."""
        options = alternatives(self.evaluator.evaluate(module, headers))
        return all(isinstance(t, DictTerm) and any(name.upper() == SIGNATURE for name in t.entries) for t in options)


def _before_loop(module: Module, call: ast.Call, headers: ast.Name) -> list[Binding]:
    """What headers may be that a loop around the call never makes anew: none are signed but on one way, perhaps."""
    loop = next((a for a in module.names.ancestors(call) if isinstance(a, LOOPS)), None)
    scope = module.names.scope(call).function
    if loop is None or not isinstance(module.names.parents.get(call), ast.AST):
        return []
    found = reaching.reaching(module.names, scope, headers.id, headers)
    if not found.is_complete or _is_touched(module, loop, scope.bindings, headers.id):
        return []
    return [] if any(loop in module.names.ancestors(b.statement) for b in found.bindings) else [*found.bindings]


def _is_touched(module: Module, loop: ast.AST, bindings: dict[str, list[Binding]], name: str) -> bool:
    """True if something in the loop may change the headers."""
    changed = [b for path, found in bindings.items() if path == name or path.startswith(f"{name}[") for b in found]
    if any(loop in module.names.ancestors(b.statement) for b in changed if b.path != name or b.how == "update"):
        return True
    return any(
        isinstance(argument, ast.Name) and argument.id == name and called_name(inner.func) not in UNCHANGING
        for inner in module.names.calls_in[module.names.scope(loop).function.node]
        if loop in module.names.ancestors(inner)
        for argument in inner.args
    )

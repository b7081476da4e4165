"""Functions, lambdas and partials that are handed to a function which calls them: where that is."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from bybit_lint.analysis.callgraph.call_sites import CallSite
from bybit_lint.analysis.callgraph.callees import Callees
from bybit_lint.analysis.callgraph.forwarding import called_parameters
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import DEFERRING, deferred_callee
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, parameters
from bybit_lint.analysis.values.terms import Function, Invocation, Term, qualified_name


class HandedFunctions:
    """Answers by whom a function is called that is handed around."""

    def __init__(self, callees: Callees) -> None:
        self.callees = callees

    def calls(self, handed: ast.AST) -> list[CallSite]:
        """The calls of a parameter for which a function, a lambda or a `partial(...)` is passed."""
        return self._calls.get(handed, [])

    @cached_property
    def _calls(self) -> Mapping[ast.AST, list[CallSite]]:
        found: dict[ast.AST, list[CallSite]] = defaultdict(list)
        for module in self.callees.project.readable:
            for call in (*called_parameters(module), *_deferred(module)):
                for term in self.callees.handed(module, call):
                    if (node := _written(term)) is not None:
                        found[node].append((module, call))
        return found


def _deferred(module: Module) -> Iterator[ast.Call]:
    """The calls of a file that have a parameter called elsewhere: `asyncio.to_thread(action)`."""
    for call in module.names.called(*DEFERRING):
        callee = deferred_callee(call)[0]
        function = module.names.scope(call).function.node
        passed = parameters(function) if isinstance(function, FUNCTIONS) else []
        if isinstance(callee, ast.Name) and callee.id in {argument.arg for argument in passed}:
            yield call


def _written(term: Term) -> ast.AST | None:
    """Where something that is handed over is written."""
    match term:
        case Function(node=node):
            return node
        case Invocation(callee=callee, site=site) if qualified_name(callee) == "functools.partial":
            return site.node
    return None

"""A project that can be asked what its expressions stand for, who calls its functions, and what its calls call."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.callgraph.callees import Callees
from bybit_lint.analysis.callgraph.callers import Callers
from bybit_lint.analysis.callgraph.handed_functions import HandedFunctions
from bybit_lint.analysis.callgraph.indirect_calls import IndirectCalls
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.syntax.nodes import FUNCTIONS
from bybit_lint.analysis.values.evaluator import Evaluator


class Program:
    """The project with its evaluator and its call graph; it knows nothing of Bybit."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.evaluator = Evaluator(project)
        self.callers = Callers(self.evaluator)
        self.callees = Callees(self.callers)
        self.handed = HandedFunctions(self.callees)

    def other_calls(self, function: ast.AST) -> Iterator[ast.AST]:
        """The calls of a function, a lambda or a partial that do not bear its name: of a parameter, out of a table."""
        yield from (call for _, call in self.handed.calls(function))
        if isinstance(function, FUNCTIONS):
            yield from (call.made.site.node for call in self.evaluator.helper(IndirectCalls).of(function))

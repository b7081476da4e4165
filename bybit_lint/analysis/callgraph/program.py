"""A project that can be asked what its expressions stand for, who calls its functions, and what its calls call."""

from __future__ import annotations

from bybit_lint.analysis.callgraph.callees import Callees
from bybit_lint.analysis.callgraph.callers import Callers
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.values.evaluator import Evaluator


class Program:
    """The project with its evaluator and its call graph; it knows nothing of Bybit."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.evaluator = Evaluator(project)
        self.callers = Callers(self.evaluator)
        self.callees = Callees(self.callers)

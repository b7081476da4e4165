"""Which classes and files of a project ask Bybit for something themselves."""

from __future__ import annotations

import ast
import posixpath
from functools import cached_property

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.traffic.record import Traffic
from bybit_lint.analysis.values.terms import Class


class Speakers:
    """Those of one project."""

    def __init__(self, program: Program, traffic: Traffic) -> None:
        self.project, self.hierarchy, self.traffic = program.project, program.evaluator.hierarchy, traffic

    @cached_property
    def classes(self) -> set[ast.ClassDef]:
        """The classes that ask Bybit for something themselves."""
        found = set()
        for module in self.project.readable:
            for call in module.names.calls:
                if call in self.traffic.bybit_calls:
                    owner = module.names.parents.get(module.names.scope(call).function.node)
                    if isinstance(owner, ast.ClassDef):
                        found.add(owner)
        return found

    @cached_property
    def methods(self) -> set[str]:
        """The names of the methods of those classes."""
        functions = (each for node in self.classes for each in node.body)
        return {each.name for each in functions if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))}

    @cached_property
    def files(self) -> frozenset[str]:
        """The names of the files that ask Bybit for something themselves, as they are imported by."""
        speaking = (each for each in self.project.readable if not self.traffic.bybit_calls.isdisjoint(each.names.calls))
        return frozenset(posixpath.basename(each.source.path).removesuffix(".py") for each in speaking)

    def speaks(self, of: Class) -> bool:
        """True for such a class, and for one that inherits from it."""
        return any(each.node in self.classes for each in self.hierarchy.lineage(of))

"""What is written of the project's code, and what may be there all the same."""

from __future__ import annotations

import ast
import posixpath
from collections import defaultdict
from functools import cached_property

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.values.terms import Class, Constant, Term, qualified_name

OPEN = {"__getattr__", "__getattribute__", "__new__", "__call__", "__init_subclass__"}
"""What may give an object methods that nobody sees, or make something else of a call."""
BARE = {"builtins.object", "abc.ABC"}
RAISED = {"TypeError": ("TypeError",), "AttributeError": ("AttributeError", "hasattr", "getattr")}


class ProjectCode:
    """Answers whether all is seen that a class has, and which files go by one name."""

    def __init__(self, program: Program) -> None:
        self.project, self.hierarchy = program.project, program.evaluator.hierarchy

    def is_known(self, of: Class) -> bool:
        """True if all that a class has is written in the project."""
        for each in self.hierarchy.lineage(of):
            held = each.module.names.scopes[each.node].bindings
            is_open = not OPEN.isdisjoint(held) or each.node.keywords or "setattr" in each.module.names.calls_named
            bases = [*self.hierarchy.bases(each)]
            if is_open or not all(isinstance(base, Class) or qualified_name(base) in BARE for base in bases):
                return False
        return not is_wrapped(of)

    @cached_property
    def set_names(self) -> frozenset[str]:
        """The attributes that anything assigns to."""
        return frozenset(name for module in self.project.readable for name in module.names.attributes)

    def beside(self, module: Module) -> list[Module]:
        """The other files of the same name."""
        return [each for each in self._namesakes[posixpath.basename(module.source.path)] if each is not module]

    @cached_property
    def _namesakes(self) -> dict[str, list[Module]]:
        """The files of the project by their names."""
        found: dict[str, list[Module]] = defaultdict(list)
        for module in self.project.readable:
            found[posixpath.basename(module.source.path)].append(module)
        return found


def is_wrapped(of: Class) -> bool:
    """True for a class of which a decorator may make another one."""
    return any(called_name(decorator) != "dataclass" for decorator in of.node.decorator_list)


def is_none(term: Term | None) -> bool:
    return isinstance(term, Constant) and term.value is None


def is_expected(module: Module, call: ast.Call, error: str) -> bool:
    """True if the code around a call says that it may fail so, or asks before."""
    words = RAISED[error]
    for around in module.names.ancestors(call):
        match around:
            case ast.Try(handlers=handlers):
                said = [ast.dump(h.type) for h in handlers if h.type]
            case ast.If(test=test) | ast.IfExp(test=test):
                said = [ast.dump(test)]
            case _:
                said = []
        if any(word in text for text in said for word in words):
            return True
    return False

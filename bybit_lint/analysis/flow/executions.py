"""Whether code runs more than once."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, called_name
from bybit_lint.analysis.values.constructors import INIT
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import Above, Access, Function, alternatives, qualified_name

STARTERS = {
    "Thread",
    "run",
    "run_until_complete",
    "create_task",
    "ensure_future",
    "run_coroutine_threadsafe",
    "gather",
    "start",
    "wait_for",
    "submit",
    "to_thread",
    "run_in_executor",
}
"""Calls that start what they are handed, once."""
ENTERING = ("__enter__", "__aenter__")
"""What `with Feed() as feed` calls once it is made."""
KEYWORDS = {None, "target", "main"}
_known: WeakKeyDictionary[ModuleIndex, dict[str, list[ast.expr]]] = WeakKeyDictionary()


class Executions:
    """The ways through a project by which code is come to."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator

    def runs_once(
        self, module: Module, node: ast.AST, seen: tuple[ast.AST, ...] = (), *, is_generator: bool = False
    ) -> bool:
        """True if nothing evaluates a node a second time, after a first time; a generator is made once for its loop."""
        child = node
        for around in module.names.ancestors(node):
            is_iterated = isinstance(around, (ast.For, ast.AsyncFor)) and around.iter is child
            child = around
            if is_iterated and is_generator:
                continue
            if isinstance(around, (ast.While, ast.For, ast.AsyncFor, ast.ExceptHandler)):
                return False
            if isinstance(around, (*FUNCTIONS, ast.ClassDef, ast.Module)):
                return self._is_called_once(module, around, seen)
        return False

    def _is_called_once(self, module: Module, function: ast.AST, seen: tuple[ast.AST, ...]) -> bool:
        if isinstance(function, ast.Module):
            return True
        if isinstance(function, ast.Lambda):
            return self._is_started_once(module, function, seen)
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return False
        if function in seen or function.decorator_list:
            return False
        found = [*self._mentioned(module, self._called(module, function)), *self._set_up(module, function)]
        if function.name in ENTERING:
            found = [*found, *self._mentioned(module, function.name)]
            if not all(_is_entered(where, node) for where, node in found):
                return False
        made, is_generator = (*seen, function), function in module.names.generators
        return bool(found) and all(
            self._is_started_once(where, node, made, is_generator=is_generator) for where, node in found
        )

    @staticmethod
    def _called(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        """The name by which a function is called: its class's for `__init__`, and for what a `with` calls of it."""
        parent = module.names.parents.get(function)
        is_constructor = function.name in (INIT, *ENTERING) and isinstance(parent, ast.ClassDef)
        return parent.name if is_constructor and isinstance(parent, ast.ClassDef) else function.name

    def _is_started_once(
        self, module: Module, node: ast.expr, seen: tuple[ast.AST, ...], *, is_generator: bool = False
    ) -> bool:
        """True for a mention that is a call, or handed to something that calls it once."""
        parent = module.names.parents.get(node)
        if isinstance(parent, ast.Call) and parent.func is node:
            return self.runs_once(module, parent, seen, is_generator=is_generator)
        keyword = parent if isinstance(parent, ast.keyword) else None
        call = module.names.parents.get(keyword) if keyword else parent
        if not isinstance(call, ast.Call) or called_name(call.func) not in STARTERS:
            return False
        return (keyword is None or keyword.arg in KEYWORDS) and self.runs_once(module, call, seen)

    def _set_up(
        self, module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef
    ) -> Iterator[tuple[Module, ast.expr]]:
        """Every `x.__init__` that may be a certain constructor: called again, it makes the connection again."""
        for where, node in self._mentioned(module, INIT) if function.name == INIT else ():
            found = alternatives(self.evaluator.evaluate(where, node))
            known = [term.node for term in found if isinstance(term, Function)]
            is_above = any(isinstance(term, Access) and isinstance(term.base, Above) for term in found)
            if function in known or not (known or is_above):
                yield where, node

    def _mentioned(self, module: Module, name: str) -> Iterator[tuple[Module, ast.expr]]:
        """Every expression that ends in a name, in the files that may mean this module's."""
        for linked in self.evaluator.project.around(module):
            if linked.is_readable and name.encode() in linked.source.data:
                for node in _mentions(linked.names).get(name, ()):
                    if qualified_name(self.evaluator.evaluate(linked, node)) is None:
                        yield linked, node


def _is_entered(module: Module, node: ast.expr) -> bool:
    """True for a class that is made right where a `with` enters the object; nobody else gets hold of it before."""
    made = module.names.parents.get(node)
    is_made = isinstance(made, ast.Call) and made.func is node
    return is_made and isinstance(module.names.parents.get(made), ast.withitem)


def _mentions(names: ModuleIndex) -> dict[str, list[ast.expr]]:
    """The expressions of a file that end in a name, by that name."""
    if names not in _known:
        found = _known[names] = defaultdict(list)
        for node in names.nodes():
            if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
                found[called_name(node)].append(node)
    return _known[names]

"""Calls of the bot's own functions with what they do not take, on the way to Bybit."""

from __future__ import annotations

import ast
import builtins
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import misfit
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.nodes import FunctionNode, called_name, is_static, keeps_parameters
from bybit_lint.analysis.values.constructors import INIT
from bybit_lint.analysis.values.parameters import header
from bybit_lint.analysis.values.terms import Class, Function, Term
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.migration.project_code import ProjectCode, is_expected, is_none, is_wrapped
from bybit_lint.facts.migration.speakers import Speakers
from bybit_lint.vocabulary import ImpossibleCall, Related

COMMON = frozenset(name for kind in (dict, list, set, str, bytes) for name in dir(kind))
"""The methods of containers and texts, which most of what is called by their names is."""
BUILTINS = frozenset(dir(builtins))


class Misfits:
    """The calls of one project that cannot succeed, whatever the arguments are."""

    def __init__(self, analysis: Analysis, code: ProjectCode, speakers: Speakers) -> None:
        self.program, self.effects, self.traffic = analysis.program, analysis.effects, analysis.traffic
        self.evaluator, self.project = analysis.program.evaluator, analysis.program.project
        self.code, self.speakers = code, speakers

    def of(self, module: Module) -> Iterator[ImpossibleCall]:
        """Those in one file."""
        for name, called in module.names.calls_named.items():
            for call in called if name in self._ours else ():
                if self._may_misfit(module, name, call):
                    yield from self._misfit(module, call)

    def _may_misfit(self, module: Module, name: str, call: ast.Call) -> bool:
        """True if some function that may be meant by a name does not take what a call gives."""
        if isinstance(call.func, ast.Attribute):
            if name in COMMON and called_name(call.func.value) not in self._objects_named:
                return False
        elif name in BUILTINS and name not in module.names.module.bindings:
            return False
        near = _near(module, name, call)
        return any(misfit(each, call, offset) for each, offset in near or self._functions[name])

    @cached_property
    def _objects_named(self) -> set[str]:
        """The last names of what methods are called on that only objects of the project have."""
        return {"self"}.union(
            called_name(call.func.value)
            for module in self.project.readable
            for name in (self._ours - COMMON) & module.names.calls_named.keys()
            for call in module.names.calls_named[name]
            if isinstance(call.func, ast.Attribute)
        )

    @cached_property
    def _ours(self) -> frozenset[str]:
        """The names of the project's functions that may lead to Bybit."""
        return self._asking & self._functions.keys()

    @cached_property
    def _asking(self) -> frozenset[str]:
        """The names of all that may lead to Bybit, whichever function of that name is called."""
        calling: dict[str, set[str]] = defaultdict(set)
        fresh = set()
        for module in self.project.readable:
            for function, calls in module.names.calls_in.items():
                around = module.names.parents.get(function)
                names = {getattr(function, "name", ""), around.name if isinstance(around, ast.ClassDef) else ""}
                for call in calls:
                    for handed in (call.func, *call.args):
                        calling[called_name(handed)] |= names
                    if call in self.traffic.bybit_calls:
                        fresh |= names
        found = set[str]()
        while fresh:
            found |= fresh
            fresh = {above for name in fresh for above in calling[name]} - found
        return frozenset(found - {""})

    @cached_property
    def _functions(self) -> dict[str, list[tuple[FunctionNode, int]]]:
        """The functions of the project by their names, constructors by those of their classes.

        With each stands how many parameters its object or class fills, where it is called as usual.
        """
        found: dict[str, list[tuple[FunctionNode, int]]] = defaultdict(list)
        for module in self.project.readable:
            for node in module.names.scopes:
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    around = module.names.parents.get(node)
                    offset = 1 if isinstance(around, ast.ClassDef) and not is_static(node) else 0
                    found[node.name].append((node, offset))
                    if node.name == INIT and isinstance(around, ast.ClassDef):
                        found[around.name].append((node, offset))
        return found

    def _misfit(self, module: Module, call: ast.Call) -> Iterator[ImpossibleCall]:
        if is_expected(module, call, "TypeError"):
            return
        is_deferred = deferred_callee(call)[0] is not call.func  # then something else is called
        terms = [] if is_deferred else self.program.callees.handed(module, call)
        called = [self._constructor(term) if isinstance(term, Class) else term for term in terms if not is_none(term)]
        functions = [each for each in called if isinstance(each, Function) and self._is_closed(each)]
        if not functions or len(functions) != len(called):
            return
        found = [misfit(f.node, call, self._offset(f)) for f in functions]
        found += [misfit(node, call, self._offset(f)) for f in functions for node in self._copies(f)]
        if all(found) and self._reaches_bybit(module, call, functions):
            function = functions[0]
            where = Related(header(function), "defined here")
            yield ImpossibleCall(module.source.span(call), f"{called_name(call.func)}()", found[0], "TypeError", where)

    def _copies(self, function: Function) -> Iterator[FunctionNode]:
        """What has the same name, in the same class, in files of the same name."""
        owner = getattr(function.module.names.parents.get(function.node), "name", "")
        for module in self.code.beside(function.module):
            for node, _ in self._functions.get(getattr(function.node, "name", ""), ()):
                if node in module.names.scopes and getattr(module.names.parents.get(node), "name", "") == owner:
                    yield node

    def _offset(self, function: Function) -> int:
        return 1 if getattr(function.node, "name", "") == INIT else self.evaluator.parameters.offset(function)

    def _constructor(self, of: Class) -> Term | None:
        """The constructor of a class all of whose ancestors are the project's."""
        if not self.code.is_known(of) or of.node.decorator_list:
            return None
        for ancestor in self.evaluator.hierarchy.lineage(of):
            found = [b.statement for b in ancestor.module.names.scopes[ancestor.node].bindings.get(INIT, ())]
            if found:
                node = found[0]
                return Function(node, ancestor.module) if isinstance(node, ast.FunctionDef) else None
        return None

    def _is_closed(self, function: Function) -> bool:
        """True if a function is what its name says: nothing wraps it or its class, replaces it, or stands beside it."""
        node, owner = function.node, self.evaluator.hierarchy.class_of(function.module, function.node)
        if owner is not None and is_wrapped(owner):
            return False
        if isinstance(node, ast.Lambda) or not keeps_parameters(node):
            return False
        names = function.module.names
        bindings = names.scope(node).bindings.get(node.name, ())
        return len(bindings) == 1 and node.name not in self.code.set_names and self._is_kept_by_heirs(function)

    def _is_kept_by_heirs(self, function: Function) -> bool:
        """True if no class that inherits a method has another one by its name."""
        owner = self.evaluator.hierarchy.class_of(function.module, function.node)
        name = getattr(function.node, "name", "")
        heirs = self.evaluator.hierarchy.heirs(owner) if owner and name != INIT else []
        return not any(name in heir.module.names.scopes[heir.node].bindings for heir in heirs)

    def _reaches_bybit(self, module: Module, call: ast.Call, functions: Sequence[Function]) -> bool:
        if self.effects.reaches_bybit(module, call):
            return True
        inits = [f for f in functions if getattr(f.node, "name", "") == INIT]
        owners = [self.evaluator.hierarchy.class_of(f.module, f.node) for f in inits]
        return any(owner is not None and self._leads_to_bybit(owner) for owner in owners)

    def _leads_to_bybit(self, of: Class) -> bool:
        """True for a class that asks Bybit for something, be it through an object of its own."""
        names = of.module.names
        inside = (call for method in of.node.body for call in names.calls_in.get(method, ()))
        return of.node in self.speakers.classes or any(self.effects.reaches_bybit(of.module, c) for c in inside)


def _near(module: Module, name: str, call: ast.Call) -> list[tuple[FunctionNode, int]]:
    """The function that a file, or the class around, has by a name; with it, what its object fills."""
    function, scope, offset = call.func, module.names.module, 0
    if isinstance(function, ast.Attribute):
        around = module.names.parents.get(module.names.scope(call).function.node)
        if not isinstance(around, ast.ClassDef) or called_name(function.value) != "self":
            return []
        scope, offset = module.names.scopes[around], 1
    found = [binding.statement for binding in scope.bindings.get(name, ())]
    own = [node for node in found if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return [(node, 0 if is_static(node) else offset) for node in own] if len(own) == len(found) else []

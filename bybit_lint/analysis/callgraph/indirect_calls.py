"""The calls of functions and classes by another name than their own: out of a table, by a variable or a partial."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.callgraph.call_sites import Candidate, LazyCall
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import FunctionNode, called_name, walk
from bybit_lint.analysis.syntax.scopes import Binding, Scope
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.substitution import Substitution
from bybit_lint.analysis.values.terms import Class, Function, Instance, Invocation, alternatives

CALLABLE = ("Callable", "Any", "object")
"""What a field is declared to be that may hold a function."""
VALUES = (
    *(ast.Constant, ast.JoinedStr, ast.Dict, ast.List, ast.Set, ast.Tuple, ast.BinOp, ast.UnaryOp, ast.Compare),
    type(None),
)
"""What is no function where it is written out, or not written at all."""
GIVEN = ("assign", "walrus", "for", "with")
"""How a name is bound that is a variable."""


class IndirectCalls:
    """The calls that are proven to be of functions of the project whose names they do not bear.

    Those in tests are left out: of a bot they decide nothing, and what they put in the place of its parts is made up.
    """

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator

    def of(self, function: FunctionNode) -> list[Substitution]:
        """Those of one function."""
        return self._known.get(function, [])

    @cached_property
    def _modules(self) -> list[Module]:
        return [module for module in self.evaluator.project.readable if not module.is_test]

    @cached_property
    def _known(self) -> dict[FunctionNode, list[Substitution]]:
        found: dict[FunctionNode, list[Substitution]] = defaultdict(list)
        for module in self._modules:
            for call in self._nameless(module):
                for function, made in self._meant(Candidate(module, call, call.func)):
                    if getattr(function.node, "name", "") != called_name(call.func):
                        found[function.node].append(Substitution(self.evaluator, function, made))
        return found

    def _meant(self, call: Candidate) -> Iterator[tuple[Function, LazyCall]]:
        """The functions that a call may be of, each with the arguments for it."""
        for callee in alternatives(call.term(self.evaluator)):
            if isinstance(callee, Function):
                yield callee, call.made(self.evaluator, callee)
            elif isinstance(callee, Class):
                for constructor in self._constructors(callee, called_name(call.called)):
                    yield constructor, call.made(self.evaluator, constructor)
            elif self.evaluator.calls.direct(Invocation(callee, (), {}, True, call.site)) is not None:
                direct = self.evaluator.calls.direct(call.made(self.evaluator, callee).invocation)
                for function in alternatives(direct.callee) if direct else ():
                    if direct and isinstance(function, Function):
                        yield function, LazyCall.known(self.evaluator, direct.of(function))

    def _constructors(self, of: Class, name: str) -> Iterator[Function]:
        """The constructors of a class that a call of it by another name than its own calls."""
        if name not in (of.node.name, "cls"):
            for maker in self.evaluator.constructors.makers(of):
                node = self.evaluator.constructors.written(maker)
                if node is not None:
                    yield Function(node, maker.module, Instance(of))

    def _nameless(self, module: Module) -> Iterator[ast.Call]:
        """The calls whose callee has no name, or that of a variable or of an attribute that somebody sets."""
        yield from module.names.calls_named.get("", ())
        for name, calls in module.names.calls_named.items():
            if name and self.evaluator.project.renames(name):
                for call in calls:
                    is_kept = isinstance(call.func, ast.Attribute) and name in self._kept
                    if is_kept or (isinstance(call.func, ast.Name) and _is_variable(module.names.scope(call), name)):
                        yield call

    @cached_property
    def _kept(self) -> set[str]:
        """The attributes that are set to what may be a function, by a statement or as the fields of a class."""
        found: set[str] = set()
        for module in self._modules:
            found.update(name for name, held in module.names.attributes.items() if any(map(_may_be_called, held)))
            scopes = (scope for node, scope in module.names.scopes.items() if isinstance(node, ast.ClassDef))
            held_by = (item for scope in scopes for item in scope.bindings.items())
            found.update(name for name, held in held_by if any(map(_may_be_called, held)))
        return found


def _may_be_called(binding: Binding) -> bool:
    """False for what is written out as something else than a function, or declared as such."""
    if isinstance(binding.statement, ast.AnnAssign):
        named = (node for node in walk(binding.statement.annotation) if isinstance(node, ast.expr))
        return any(called_name(node) in CALLABLE for node in named)
    return not isinstance(binding.value, VALUES)


def _is_variable(scope: Scope, name: str) -> bool:
    """True for the name of what is assigned, rather than defined or imported."""
    holder = scope.holder(name)
    return holder is not None and any(binding.how in GIVEN for binding in holder.bindings[name])

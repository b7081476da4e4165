"""What a call may call."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from bybit_lint.analysis.callgraph.callers import Callers
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.nodes import FunctionNode, called_name, parameters
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import (
    BUILTIN,
    Access,
    External,
    Function,
    Instance,
    Invocation,
    Parameter,
    Site,
    Term,
    alternatives,
    qualified_name,
)

NO_CALLS: frozenset[ast.Call] = frozenset()  # one for all functions without any


def is_settled(evaluator: Evaluator, callee: Term) -> bool:
    """True for what is the same whoever calls: something foreign, a text or a container, and a method of these."""
    held = callee.base if isinstance(callee, Access) else None
    is_builtin = isinstance(held, BUILTIN) or (isinstance(held, Parameter) and evaluator.annotations.is_plain(held))
    is_foreign = isinstance(callee, (Access, External)) and qualified_name(callee) is not None
    return is_builtin or is_foreign or isinstance(callee, BUILTIN)


class Callees:
    """What the calls of a project may be calls of."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self.project = callers.evaluator.project
        self._known: dict[ast.Call, tuple[Term, ...]] = {}
        self._of_parameters: dict[FunctionNode, frozenset[ast.Call]] = {}

    def handed(self, module: Module, call: ast.Call) -> tuple[Term, ...]:
        """What is called, with parameters as their callers fill them."""
        if call not in self._known:
            self._known[call] = (*self.of(self._callers.evaluator.evaluate(module, deferred_callee(call)[0])),)
        return self._known[call]

    def terms(self, module: Module, call: ast.Call) -> list[Term]:
        """The same, and for a `partial(...)` what that is a call of."""
        return [inner for term in self.handed(module, call) for inner in alternatives(_bound(term))]

    def of(self, callee: Term) -> list[Term]:
        """The same for what stands where something is called."""
        evaluator, in_all_contexts = self._callers.evaluator, self._callers.in_all_contexts
        options = ((o, is_settled(evaluator, o)) for o in alternatives(callee))
        filled = (term for o, is_same in options for term in ([o] if is_same else in_all_contexts(o)))
        return [inner for term in filled for inner in alternatives(term)]

    def functions(self, module: Module, call: ast.Call) -> list[Function]:
        """The functions of the project that a call may be one of."""
        return self._among(module, call, self.terms(module, call)) if self.may_be_ours(call) else []

    def handed_on(self, module: Module, node: ast.expr) -> list[Function] | None:
        """The functions of the project that an argument is one of, or a `partial(...)` of one; None if nobody knows."""
        evaluator = self._callers.evaluator
        terms = [t for held in self.of(evaluator.evaluate(module, node)) for t in alternatives(_bound(held))]
        found = self._among(module, node, terms)
        return found if found or all(is_settled(evaluator, term) for term in terms) else None

    def calls_of_parameters(self, function: Function) -> frozenset[ast.Call]:
        """The calls in a function of what it is given: `action()` in `def again(action):`."""
        known = self._of_parameters.get(function.node)
        if known is None:
            names, own = function.module.names, {parameter.arg for parameter in parameters(function.node)}
            called = ((call, deferred_callee(call)[0]) for call in names.calls_in[function.node]) if own else ()
            found = [
                call
                for call, callee in called
                if isinstance(callee, ast.Name)
                and callee.id in own
                and names.scope(call).holder(callee.id) is names.scopes[function.node]
            ]
            known = self._of_parameters[function.node] = frozenset(found) if found else NO_CALLS
        return known

    def _among(self, module: Module, node: ast.expr, terms: Sequence[Term]) -> list[Function]:
        calls, found = self._callers.evaluator.calls, list[Function]()
        for term in terms:
            if isinstance(term, Function):
                found.append(term)
            elif isinstance(term, (Instance, Invocation)):  # an object that is called, or a partial
                site = Site(module, node, module.names.scope(node))
                found += calls.functions(Invocation(term, (), {}, False, site))
        return found

    def may_be_ours(self, call: ast.Call) -> bool:
        """False for what nobody in the project can have written: `print()`, `text.strip()`."""
        callee = deferred_callee(call)[0]
        name = called_name(callee)
        return not name or self.project.binds(name, is_attribute=isinstance(callee, ast.Attribute))


def _bound(term: Term) -> Term:
    match term:
        case Invocation(callee=callee, positional=[of, *_]) if qualified_name(callee) == "functools.partial":
            return of.term
    return term

"""The views of a call: one for each thing that may be called, then one for each caller of the function around it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.bounds import MAX_FRAMES
from bybit_lint.analysis.callgraph.call_sites import LazyCall, enclosing_function
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.traffic.contexts import CallingContext
from bybit_lint.analysis.values import library_models
from bybit_lint.analysis.values.terms import Class, Site, Term, alternatives, qualified_name
from bybit_lint.vocabulary import Noun


class CallViews:
    """Makes calls of a project visible to the clients. The `wanted` nouns are those that somebody asks for."""

    def __init__(self, program: Program, wanted: frozenset[type[Noun]] | None) -> None:
        self.program = program
        self.evaluator = program.evaluator
        self.wanted = wanted

    def of(self, module: Module, node: ast.Call) -> Iterator[Call]:
        """A call as it stands; one for each thing that is called."""
        site = Site(module, node, module.names.scope(node))
        function, skip = deferred_callee(node)
        callees = self._callees(Site(module, function, site.scope))
        for callee in callees:
            made = LazyCall(self.evaluator, site, callee, skip)
            called = qualified_name(library_models.meant(self.evaluator, made) or callee)
            is_only = len(callees) == 1
            if called is not None and (is_only or not library_models.is_elsewhere(module.names, node)):
                yield Call(CallingContext(self.program.callers, wanted=self.wanted), made, called, is_only=is_only)

    def outward(self, call: Call) -> Iterator[Call]:
        """A call as the next callers outward see it, where it depends on what they pass."""
        layers = call.context.frames
        function = enclosing_function(layers[-1].made.site if layers else call.site)
        if function is None or len(layers) == MAX_FRAMES or not any(p.function is function for p in call.parameters):
            return
        for caller in self.program.callers.of(function):
            yield Call(call.context.within(caller), call.made, call.path, is_only=call.is_only)

    @cached_property
    def clients_of_the_project(self) -> set[str]:
        """Names of the project's classes that inherit their constructor from outside."""
        return {
            node.name
            for module in self.program.project.readable
            for node in module.names.scopes
            if isinstance(node, ast.ClassDef)
            and node.bases
            and self.evaluator.members.inherited_constructor(Class(node, module))
        }

    def _callees(self, site: Site) -> list[Term]:
        """What may be called at a site, with parameters as their callers fill them."""
        found: dict[str | None, Term] = {}
        for option in alternatives(self.evaluator.term(site)):
            for term in self.program.callers.in_all_contexts(option) if qualified_name(option) is None else [option]:
                for callee in alternatives(term):
                    inherited = (
                        self.evaluator.members.inherited_constructor(callee) if isinstance(callee, Class) else None
                    )
                    found.setdefault(qualified_name(inherited or callee), inherited or callee)
        return list(found.values())

"""The views of a call: one for each thing that may be called, then one for each caller of the function around it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property

from bybit_lint.analysis.bounds import MAX_FRAMES
from bybit_lint.analysis.callgraph.call_sites import LazyCall
from bybit_lint.analysis.callgraph.forwarding import ForwardedCall, Forwarding
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.domains.strings import SAME_METHODS
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, PARENT, FunctionNode
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.traffic.contexts import CallingContext
from bybit_lint.analysis.values import library_models
from bybit_lint.analysis.values.constructors import INIT
from bybit_lint.analysis.values.substitution import Substitution
from bybit_lint.analysis.values.terms import (
    Access,
    Class,
    Function,
    Instance,
    Invocation,
    Parameter,
    Site,
    Term,
    alternatives,
    qualified_name,
)
from bybit_lint.clients import passed
from bybit_lint.vocabulary import Noun


class CallViews:
    """Makes calls of a project visible to the clients. The `wanted` nouns are those that somebody asks for."""

    def __init__(self, program: Program, wanted: frozenset[type[Noun]] | None) -> None:
        self.program = program
        self.evaluator = program.evaluator
        self.wanted = wanted
        self._here = CallingContext(program.callers, wanted=wanted)
        self.forwarding = self.evaluator.helper(Forwarding)

    def of(self, module: Module, node: ast.Call) -> Iterator[Call]:
        """A call as it stands; one for each thing that is called."""
        site = Site(module, node, module.names.scope(node))
        function, skip = deferred_callee(node)
        asked = self.evaluator.term(Site(module, function, site.scope))
        callees = self._callees(asked)
        is_named = any(qualified_name(callee) for callee in callees)
        for callee in callees:
            made = self._made(site, callee, skip, is_deferred=function is not node.func)
            called = qualified_name(library_models.meant(self.evaluator, made) or made.callee)
            called = called if is_named or called else self._passed(callee)
            is_only = len(callees) == 1
            if called is not None and (is_only or not library_models.is_elsewhere(module.names, node)):
                yield Call(self._here, made, called, asked, is_only=is_only)

    def _made(self, site: Site, callee: Term, skip: int, *, is_deferred: bool) -> LazyCall:
        """A call of one callee; of a partial, the call with all that it was given before."""
        made = LazyCall(self.evaluator, site, callee, skip)
        is_made = isinstance(callee, Invocation) and not is_deferred
        direct = self.evaluator.calls.direct(made.invocation) if is_made else None
        return made if direct is None else LazyCall.known(self.evaluator, direct)

    def _passed(self, callee: Term) -> str | None:
        """The path of a method of something that nobody is seen to pass, if no class of the project has one."""
        base = callee
        written = ""
        while isinstance(base, Access) and base.key.startswith("."):
            written = base.key + written
            base = base.base
        if not isinstance(callee, Access) or not isinstance(base, Parameter) or callee.key[1:] in self._methods:
            return None
        return passed.CLIENT + written[1:]

    @cached_property
    def _methods(self) -> set[str]:
        """The names of the methods of the project's own classes; those of stand-ins in tests are no client's."""
        modules = (module for module in self.program.project.readable if not module.is_test)
        scopes = ((node, scope) for module in modules for node, scope in module.names.scopes.items())
        held = (scope.bindings.items() for node, scope in scopes if isinstance(node, ast.ClassDef))
        return {name for items in held for name, found in items if any(b.how == "def" for b in found)}

    def handed(self, each: ForwardedCall) -> Iterator[Call]:
        """A call that a function of the project is told to make, as the one who tells it sees it."""
        asked = each.callee(self.evaluator)
        callees = self._callees(asked)
        for callee in callees:
            made, called = each.candidate.made(self.evaluator, callee), qualified_name(callee)
            if called is not None:
                yield Call(self._here, made, called, asked, is_only=len(callees) == 1, by=each.by)

    def outward(self, call: Call) -> Iterator[Call]:
        """A call as the next callers outward see it, where it depends on what they pass."""
        for caller in self._callers(call) if len(call.context.frames) < MAX_FRAMES else ():
            if _is_recursive(caller) and (call.context.frames or _is_same_again(call, caller)):
                continue  # says nothing new
            context = call.context.within(caller)
            called = alternatives(context.term(call.asked))
            names = {qualified_name(option) for option in called}
            if None in names or qualified_name(call.made.callee) in names:
                is_only = call.is_only or (len(called) == 1 and None not in names)
                yield Call(context, call.made, call.path, call.asked, is_only=is_only, by=call.by)

    def _callers(self, call: Call) -> Sequence[Substitution]:
        """Those of the nearest function around whose callers decide what is sent, then those who make the object."""
        sites = [call.site, *(layer.made.site for layer in call.context.frames)]
        deciding = {p.function: p for p in call.parameters}
        around = [scope.node for site in reversed(sites) for scope in site.scope.outward()]
        nearest = next((node for node in around if isinstance(node, FUNCTIONS) and node in deciding), None)
        if nearest is not None and (callers := self._callers_of(nearest, call.context.frames)):
            return callers
        made = {getattr(p.function, PARENT): p for p in deciding.values() if getattr(p.function, "name", "") == INIT}
        innermost = dict.fromkeys((*reversed(around), *made))
        makers = (self._makers(call, made[node]) for node in innermost if node in made)
        return next(filter(None, makers), ())

    def _callers_of(self, function: FunctionNode, frames: tuple[Substitution, ...]) -> Sequence[Substitution]:
        """Who calls a function; where that was looked at, it is the one who is known to call.

        What is left of that one is too large to be filled in, unless it was found since: the object is made there.
        """
        known = [layer for layer in frames if layer.function.node is function and not _is_recursive(layer)]
        if not known:
            return self.program.callers.of(function)
        return known if len(known) == 1 and known[0] is not frames[-1] else ()

    def _makers(self, call: Call, parameter: Parameter) -> Sequence[Substitution]:
        """Who makes the object whose method sends what its constructor was given.

        Where callers were looked at, it is the object that they are known to have, or the only one there is.
        """
        constructor, layers = parameter.function, call.context.frames
        of = self.evaluator.hierarchy.class_of(parameter.module, constructor)
        owners = (layer.function.owner for layer in layers)
        objects = (owner for owner in owners if isinstance(owner, Instance) and owner.made is not None)
        known = next((o for o in objects if of in self.evaluator.hierarchy.lineage(o.of)), None)
        if of is not None and known is not None:
            own = Function(constructor, parameter.module, known)
            ways = self.evaluator.constructors.arguments(known, of)
            return [Substitution(self.evaluator, own, LazyCall.known(self.evaluator, way)) for way in ways]
        makers = [caller for caller in self.program.callers.of(constructor) if caller.fits(parameter)]
        return makers if len(makers) == 1 or not layers else ()

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

    def _callees(self, called: Term) -> list[Term]:
        """What may be called, with parameters as their callers fill them."""
        found: dict[str | None, Term] = {}
        for callee in self.program.callees.of(called):
            inherited = self.evaluator.members.inherited_constructor(callee) if isinstance(callee, Class) else None
            found.setdefault(qualified_name(inherited or callee), inherited or callee)
        return list(found.values())


def _is_recursive(caller: Substitution) -> bool:
    """True for a call that stands in the function it calls."""
    return caller.made.site.scope.function.node is caller.function.node


def _is_same_again(call: Call, caller: Substitution) -> bool:
    """True if a function hands itself all that decides of a call just as it got it, as for a second try."""
    own = [parameter for parameter in call.parameters if parameter.function is caller.function.node]
    return all(_is_itself(caller.of(parameter), parameter) for parameter in own)


def _is_itself(term: Term, parameter: Parameter) -> bool:
    """True for a parameter, be it in capital letters: `method.upper()`."""
    while isinstance(term, Invocation) and isinstance(term.callee, Access) and term.callee.key in SAME_METHODS:
        term = term.callee.base
    return term is parameter

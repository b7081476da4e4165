"""Who calls a function of the project, and what its terms are in each caller's eyes."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

from bybit_lint.analysis.bounds import MAX_CALL_SITES, MAX_CALL_STRING, MAX_CONTEXTS
from bybit_lint.analysis.callgraph.call_sites import Candidate, LazyCall
from bybit_lint.analysis.callgraph.forwarding import Forwarding
from bybit_lint.analysis.callgraph.indirect_calls import IndirectCalls
from bybit_lint.analysis.callgraph.test_doubles import is_mocked
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import misfit
from bybit_lint.analysis.syntax.deferred_calls import PARTIAL, job
from bybit_lint.analysis.syntax.nodes import PARENT, FunctionNode, called_name, keeps_parameters
from bybit_lint.analysis.values.constructors import INIT, hands_rest_on
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.substitution import Substitution
from bybit_lint.analysis.values.terms import (
    BUILTIN,
    Access,
    Class,
    Constant,
    Expression,
    Function,
    Instance,
    Invocation,
    Parameter,
    Site,
    Term,
    Unknown,
    alternatives,
)

TOO_MANY = Unknown("more callers than are looked at")
_Called: TypeAlias = "dict[FunctionNode, list[tuple[Candidate, Function]]]"
"""By function: the calls that may be of it, and the function as each of them calls it."""


class DirectCallers:
    """Who calls a function of the project by a name or an object that is known where the call is written."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self._known: dict[FunctionNode, list[Substitution]] = {}
        self._in_all_contexts: dict[Term, list[Term]] = {}
        self._called: dict[str, _Called] = {}
        self._crowded: set[str] = set()
        """Names that are called more often than is looked at."""
        self._cut: set[FunctionNode] = set()
        """Functions that may have callers which were not looked at."""

    def of(self, function: FunctionNode) -> list[Substitution]:
        """The calls that are proven to reach a function, each with its arguments for the function's parameters."""
        if function not in self._known:
            self._known[function] = []
            self._known[function] = self._find(function)
        return self._known[function]

    def sites(self, function: FunctionNode) -> list[Site]:
        """Where a function is proven to be called."""
        return [call.made.site for call in self.of(function)]

    def in_all_contexts(self, term: Term) -> list[Term]:
        """A term as the callers of its function make it; the term itself if nobody is seen to call it."""
        if term not in self._in_all_contexts:
            self._in_all_contexts[term] = self._filled_outward(term)
        return self._in_all_contexts[term]

    def _filled_outward(self, term: Term) -> list[Term]:
        if isinstance(term, Access):  # many parts of one thing are asked for
            parts = (self.evaluator.access(base, term.key, term.site) for base in self.in_all_contexts(term.base))
            return list(dict.fromkeys(inner for part in parts for inner in self._of_part(part)))
        found: list[Term] = [term]
        for layer in range(MAX_CALL_STRING):
            fresh = [inner for t in found for inner in self._filled(t, is_deep=layer > 0)]
            if fresh == found:
                break
            found = list(dict.fromkeys(fresh))
            if len(found) > MAX_CONTEXTS:
                found = [*found[:MAX_CONTEXTS], TOO_MANY]
        return found

    def as_needed(self, term: Term, is_enough: Callable[[Term], bool]) -> list[Term]:
        """The same, where too many call: each is asked no further outward than it takes."""
        found = self.in_all_contexts(term)
        if TOO_MANY not in found:
            return found
        nearest = [term]
        for layer in range(MAX_CALL_STRING):
            is_deep = layer > 0
            fresh = [inner for t in nearest for inner in ([t] if is_enough(t) else self._filled(t, is_deep=is_deep))]
            if TOO_MANY in fresh:
                return found
            if fresh == nearest:
                break
            nearest = list(dict.fromkeys(fresh))
        return nearest

    def nearest(self, term: Term) -> list[Substitution]:
        """The next callers outward that a term depends on; none if nobody is seen to call."""
        first = self._first(term)
        return [call for call in self.of(first.function) if call.fits(first)] if first else []

    def _first(self, term: Term) -> Parameter | None:
        """The parameter of a term that is filled before all others."""
        return min(self.evaluator.parameters.of(term), key=place_of, default=None)

    def _of_part(self, part: Term) -> list[Term]:
        """A part as the callers make it: the object that it is of may have it from whoever made that."""
        is_passed = isinstance(part, Parameter) and getattr(part.function, "name", "") == INIT
        return self.in_all_contexts(part) if is_passed else [part]

    def _filled(self, term: Term, *, is_deep: bool) -> list[Term]:
        """A term in the eyes of the next callers outward; deep down, a recursive call says nothing new."""
        first, calls = self._first(term), self.nearest(term)
        if is_deep and first:
            calls = [call for call in calls if call.made.site.scope.function.node is not first.function]
        if first is None or not calls:
            return [self._with_defaults(term)]
        parameters = self.evaluator.parameters.of(term)
        own = sorted((p for p in parameters if p.function is first.function), key=place_of)
        ways: dict[tuple[object, ...], Term] = {}
        for call in calls:
            way = tuple(_what_is_passed(call.of(parameter)) for parameter in own)
            if way not in ways and len(ways) == MAX_CONTEXTS:
                return [*ways.values(), TOO_MANY]
            ways[way] = ways.get(way) or call.of(term)
        return [*ways.values(), TOO_MANY] if first.function in self._cut else [*ways.values()]

    def _with_defaults(self, term: Term) -> Term:
        """A term with the defaults of its parameters, for those that have one, or else as it is annotated."""
        for parameter in sorted(self.evaluator.parameters.of(term), key=lambda p: p.name):
            default = self.evaluator.parameters.default(parameter)
            if default is not None:
                given = Expression(default.site, default) if isinstance(default, Constant) and default.site else None
                function = Function(parameter.function, parameter.module)
                if given is not None and not isinstance(parameter.function, ast.Lambda):
                    made = Invocation(function, (), {parameter.name: given}, False, given.site)
                    term = Substitution(self.evaluator, function, made, keeps_missing=True).of(term)
        annotated = self.evaluator.annotations.instance(term) if isinstance(term, Parameter) else None
        return annotated if isinstance(annotated, Instance) else term

    def _find(self, function: FunctionNode) -> list[Substitution]:
        found: list[Substitution] = []
        if function in self._decorated:
            found += self._decorated[function]
        owner = self._constructing(function)
        if owner is not None:
            made = [*self._made(function, owner), *self._handed_on(function, owner)]
            return [*found, *made, *self._indirect(function)]
        for call, callee in self._calls_by_name(function):
            if _decides(call.module, callee.module):
                is_partial = called_name(call.node.func) == PARTIAL
                given = call.made(self.evaluator, callee)
                found.append(Substitution(self.evaluator, callee, given, is_partial=is_partial))
        return [*found, *self._indirect(function)]

    def _calls_by_name(self, function: FunctionNode) -> Sequence[tuple[Candidate, Function]]:
        """The calls that end in a function's name, as far as they may be of it.

        All functions of a name are looked for at once: a bot has a `run` in each of its hundred strategies.
        """
        name = getattr(function, "name", "")
        found = self._called.get(name)
        if found is None:
            found = defaultdict(list)
            for call in self._calls(function, name):
                for callee in self._taking(call):
                    found[callee.node].append((call, callee))
            if not self.evaluator.memo.is_at_work:  # what is met on the way to itself says less than it will
                self._called[name] = found
        if name in self._crowded:
            self._cut.add(function)
        return found.get(function, ())

    def _taking(self, call: Candidate) -> Sequence[Function]:
        """The functions that a call may be of: of several, those that take what it gives."""
        callees = list(self._callees(call.term(self.evaluator)))
        if call.called is not call.node.func and (made := job(call.node)) is not None:
            offset = self.evaluator.parameters.offset  # whoever has the job may have more to give
            return [callee for callee in callees if not misfit(callee.node, made, offset(callee))]
        if len(callees) < 2 or call.called is not call.node.func:
            return callees
        offset = self.evaluator.parameters.offset
        strict = ((callee, keeps_parameters(callee.node)) for callee in callees)
        taking = [c for c, is_strict in strict if not (is_strict and misfit(c.node, call.node, offset(c)))]
        return taking or callees

    def _callees(self, called: Term) -> Iterable[Function]:
        """The functions of the project that are called."""
        return (callee for callee in alternatives(called) if isinstance(callee, Function))

    def _indirect(self, function: FunctionNode) -> Iterator[Substitution]:
        """The calls of a function by another name than its own."""
        for call in self.evaluator.helper(IndirectCalls).of(function):
            if not is_mocked(self.evaluator, call.made.site.module, call.made.site.node):
                yield call

    # Constructors ----------------------------------------------------------------------------------------------------

    def _constructing(self, function: FunctionNode) -> Class | None:
        """The class whose constructor a function is."""
        parent = getattr(function, PARENT, None)
        is_constructor = isinstance(parent, ast.ClassDef) and getattr(function, "name", "") == INIT
        return self.evaluator.hierarchy.known(parent) if is_constructor and isinstance(parent, ast.ClassDef) else None

    def _made(self, function: FunctionNode, owner: Class) -> Iterator[Substitution]:
        """Whoever makes an object of the class, or of an heir that inherits the constructor."""
        heirs = self.evaluator.hierarchy.heirs(owner)
        for name in dict.fromkeys(("cls", *(of.node.name for of in (owner, *heirs)))):
            for call in self._calls(function, name):
                for made in alternatives(call.term(self.evaluator)):
                    if isinstance(made, Class) and _decides(call.module, made.module) and self._is_made_by(made, owner):
                        own = Function(function, owner.module, Instance(made))
                        yield Substitution(self.evaluator, own, call.made(self.evaluator, own))

    def _is_made_by(self, made: Class, owner: Class) -> bool:
        makers = self.evaluator.constructors.makers(made) if made.node is not owner.node else [owner]
        return any(maker.node is owner.node for maker in makers)

    def _handed_on(self, function: FunctionNode, owner: Class) -> Iterator[Substitution]:
        """The constructors of heirs that call it, each as those see it who make the heirs, if `*args` are handed on."""
        for heir in self.evaluator.hierarchy.heirs(owner):
            node = self.evaluator.constructors.written(heir)
            if node is None:
                continue
            for call in heir.module.names.calls_in[node]:
                if called_name(call.func) == INIT:
                    yield from self._by_heir(function, owner, heir, call, node)

    def _by_heir(
        self, function: FunctionNode, owner: Class, heir: Class, call: ast.Call, node: FunctionNode
    ) -> Iterator[Substitution]:
        constructors = self.evaluator.constructors
        found = constructors.target(heir, call, self.evaluator.hierarchy.lineage(heir))
        if found is None or found[0].node is not owner.node or constructors.passes_all_on(heir):
            return
        skip = found[1]
        own = Function(function, owner.module, Instance(heir))
        if not hands_rest_on(node, call):
            site = Site(heir.module, call, heir.module.names.scope(call))
            yield Substitution(self.evaluator, own, LazyCall(self.evaluator, site, own, skip))
            return
        for caller in self.of(node):
            made = constructors.passed(heir, call, caller.made, skip)
            yield Substitution(self.evaluator, own, LazyCall.known(self.evaluator, made))

    def _calls(self, function: FunctionNode, name: str) -> list[Candidate]:
        """The calls that may be of a function."""
        project = self.evaluator.project
        calls = [Candidate(module, node, node.func) for module, node in project.calls_of(name)]
        calls += [Candidate(*found) for found in project.deferred(name)]
        calls += [each.candidate for each in self.evaluator.helper(Forwarding).by_name.get(name, ())]
        if len(calls) > MAX_CALL_SITES:
            self._crowded.add(name)
            self._cut.add(function)
            calls.sort(key=self._may_read_dict)
        return [c for c in calls[:MAX_CALL_SITES] if not is_mocked(self.evaluator, c.module, c.node)]

    def _may_read_dict(self, call: Candidate) -> bool:
        """True for a `get` that is most likely a dict's: the bot's own methods of that name are looked at first."""
        return call.module.mappings.is_read_by(call.node)

    @cached_property
    def _decorated(self) -> dict[FunctionNode, list[Substitution]]:
        """Decorating a function is calling the decorator with it."""
        found: dict[FunctionNode, list[Substitution]] = defaultdict(list)
        for module in self.evaluator.project.readable:
            for node, scope in module.names.scopes.items():
                if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    continue
                for decorator in node.decorator_list:
                    site = Site(module, decorator, scope.parent or scope)
                    for callee in alternatives(self.evaluator.term(site)):
                        if isinstance(callee, Function):
                            passed = Expression(site, Function(node, module))
                            made = Invocation(callee, (passed,), {}, True, site)
                            found[callee.node].append(Substitution(self.evaluator, callee, made))
        return found


class Callers(DirectCallers):
    """Who calls a function of the project, be it as a method of an object that was passed to the caller."""

    def __init__(self, evaluator: Evaluator) -> None:
        super().__init__(evaluator)
        self._written = DirectCallers(evaluator)
        """Those who passed the object. To ask for their own callers by objects could go round in circles."""

    def _find(self, function: FunctionNode) -> list[Substitution]:
        found = [*self._written.of(function)]
        known = {call.made.site.node for call in found}
        for call, own in self._calls_by_name(function):
            if call.node not in known and _decides(call.module, own.module):
                found.append(Substitution(self.evaluator, own, call.made(self.evaluator, own)))
        return found

    def _callees(self, called: Term) -> Iterable[Function]:
        """The methods that may be called of something that callers pass, each once."""
        found: dict[FunctionNode, Function] = {}
        for callee in alternatives(called):
            is_asked = isinstance(callee, Access) and not isinstance(callee.base, BUILTIN)
            if is_asked and self.evaluator.parameters.of(callee):
                ways = (way for term in self._written.in_all_contexts(callee) for way in alternatives(term))
                for way in ways:
                    if isinstance(way, Function):
                        found.setdefault(way.node, way)
        return found.values()


def _decides(caller: Module, module: Module) -> bool:
    """False for a test of code outside of tests: what is passed there is made up, and mostly a stand-in."""
    return module.is_test or not caller.is_test


def _what_is_passed(term: Term) -> object:
    """What tells one way to fill a parameter from another; the same literal is the same way."""
    return (type(term.value), term.value) if isinstance(term, Constant) else term


def place_of(parameter: Parameter) -> tuple[str, int, int, str]:
    """The order in which parameters are filled; it must not depend on the run."""
    function = parameter.function
    return parameter.module.source.place, function.lineno, function.col_offset, parameter.name

"""What a call gives: a function applied to its arguments, a class, or something of Python's own."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import guards
from bybit_lint.analysis.syntax.nodes import position
from bybit_lint.analysis.values import field_dicts, library_models
from bybit_lint.analysis.values.access import Accesses
from bybit_lint.analysis.values.builtin_calls import NAMES, QUEUES, of_function, of_method
from bybit_lint.analysis.values.containers import element
from bybit_lint.analysis.values.dicts import Dicts
from bybit_lint.analysis.values.field_dicts import FieldDicts, is_typed_dict
from bybit_lint.analysis.values.futures import GATHERED, WAITING, Futures, called
from bybit_lint.analysis.values.handed_queues import HandedQueues
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.kept import Kept
from bybit_lint.analysis.values.mappings import Entries, behind
from bybit_lint.analysis.values.members import Members
from bybit_lint.analysis.values.substitution import Substituting, Substitution
from bybit_lint.analysis.values.terms import (
    CYCLE,
    Above,
    Access,
    Atom,
    Class,
    Constant,
    DictTerm,
    Expression,
    External,
    Function,
    Instance,
    Invocation,
    ListTerm,
    ProjectModule,
    Site,
    Term,
    Union,
    alternatives,
    one_there,
    qualified_name,
    union,
)

DUMPING = {path.rpartition(".")[2] for path in field_dicts.FUNCTIONS}


class Applications:
    """Answers the evaluator's questions about calls."""

    def __init__(
        self,
        evaluation: Substituting,
        hierarchy: Hierarchy,
        dicts: Dicts,
        members: Members,
        accesses: Accesses,
        kept: Kept,
    ) -> None:
        self.evaluation = evaluation
        self.hierarchy = hierarchy
        self.dicts = dicts
        self.members = members
        self.accesses = accesses
        self.futures = Futures(evaluation)
        self.field_dicts = FieldDicts(members)
        self.queues = HandedQueues(evaluation, kept, members.constructors, members.fields)

    def value(self, site: Site, call: ast.Call) -> Term:
        """What a call gives, whichever of several functions it calls."""
        callee = self.evaluation.inner(site, call.func)
        results = [self._result(site, call, option) for option in alternatives(callee)]
        return one_there(results, is_certain=not isinstance(callee, Union) or callee.is_certain)

    def made(self, site: Site, call: ast.Call, callee: Term) -> Invocation:
        """A call of something with its arguments."""
        named = Entries()
        for keyword in call.keywords:
            held = self.evaluation.expression(self.evaluation.beside(site, keyword.value))
            if keyword.arg is None:
                named.pass_on(held)
            else:
                named.put(keyword.arg, held)
        positional, rest, is_whole = self._positional(site, call)
        return Invocation(callee, positional, named.entries, is_whole and named.is_whole, site, rest, named.spreads)

    def _positional(self, site: Site, call: ast.Call) -> tuple[tuple[Expression, ...], Expression | None, bool]:
        """The positional arguments, what follows them as `*rest`, and whether these are all."""
        found: list[Expression] = []
        for value in call.args:
            is_starred = isinstance(value, ast.Starred)
            held = self.evaluation.expression(
                self.evaluation.beside(site, value.value if isinstance(value, ast.Starred) else value)
            )
            if not is_starred:
                found.append(held)
            elif isinstance(held.term, ListTerm) and held.term.is_closed:
                found += held.term.items
            elif value is call.args[-1] and not isinstance(held.term, Atom):
                return tuple(found), held, True
            else:
                return tuple(found), None, False
        return tuple(found), None, True

    def _result(self, site: Site, call: ast.Call, callee: Term) -> Term:
        if isinstance(callee, External) and callee.name == "builtins.super":
            owner = next((s for s in site.scope.outward() if isinstance(s.node, ast.ClassDef)), None)
            if owner is not None and isinstance(owner.node, ast.ClassDef):
                return Above(self.hierarchy.of_node(owner.node, site.module))
        if isinstance(callee, Function):
            returned = self.evaluation.summary(callee)
            if callee.node not in self.evaluation.parameters.measured(returned).functions:
                return self.members.of_object(callee.owner, self.members.made_for(callee, returned))
        if called(callee) == "gather" and qualified_name(callee) == GATHERED:
            return self.futures.gathered(site, call)
        return self.apply(self.made(site, call, callee))

    def apply(self, made: Invocation) -> Term:
        """A call as what it gives, where that is known."""
        callee = made.callee
        if isinstance(callee, Access):  # most are
            return self._asked_of(callee, made) or self._by_name(made) or made
        match callee:
            case Union(terms=terms, is_certain=is_certain):
                each = (Invocation(t, made.positional, made.keywords, made.is_closed, made.site) for t in terms)
                return one_there([self.apply(way) for way in each], is_certain=is_certain)
            case Function() as function:
                return self._applied(function, made)
            case Class() as of:
                return (of_function("dict", made) if is_typed_dict(of) else None) or Instance(of, made)
            case Constant(value=None):
                return CYCLE  # nothing comes from here: None cannot be called
            case Invocation() if (exchange := library_models.meant(self.evaluation, made)) is not None:
                return made.of(exchange)
        if (direct := self.direct(made)) is not None:
            return self.apply(direct)
        return self._by_name(made) or made

    def _by_name(self, made: Invocation) -> Term | None:
        """What a call gives whose callee has a name of Python's own, as few have."""
        name = called(made.callee)
        return (
            (self.futures.result(made) or self._builtin(made))
            if name in WAITING or name in NAMES or name in DUMPING
            else None
        )

    def _asked_of(self, callee: Access, made: Invocation) -> Term | None:
        """What a method of a dict or a list gives, the importing, and an exchange that is taken out of all of them."""
        base, key = callee.base, callee.key
        first = made.positional[0].term if made.positional else None
        if isinstance(base, DictTerm):
            inner = behind(base, first) if first is not None and key in (".get", ".pop") else None
            if inner is not None:
                return self.apply(made.of(self.accesses.attribute(inner, key, callee.site)))
        if isinstance(base, (DictTerm, ListTerm)):
            return of_method(base, key[1:], made)
        if key in field_dicts.METHODS:
            return self.field_dicts.of(base, made)
        match callee:
            case Access(External("importlib"), ".import_module") | Access(
                Access(External("sys"), ".modules"), ".get"
            ) if isinstance(first, Constant):
                return self._module(made.site.module, str(first.value))
            case Access(key="[]") if (exchange := library_models.meant(self.evaluation, made)) is not None:
                return made.of(exchange)
        return None

    def functions(self, made: Invocation) -> Iterator[Function]:
        """The functions of the project that a call may be one of, whatever stands between."""
        for callee in alternatives(made.callee):
            if isinstance(callee, Function):
                yield callee
            elif (direct := self.direct(made.of(callee))) is not None:
                yield from self.functions(direct)

    def direct(self, made: Invocation) -> Invocation | None:
        """The call that a call of an object or of a partial comes to; None for any other."""
        match made.callee:
            case Instance(of=of) as called_object if method := self.members.member(of, "__call__", called_object):
                return made.of(method)
            case Invocation(callee=callee, positional=[of, *given]) if qualified_name(callee) == "functools.partial":
                first = made.callee
                return made.after(Invocation(of.term, tuple(given), first.keywords, first.is_closed, made.site))
        return None

    def _builtin(self, made: Invocation) -> Term | None:
        """What a function of Python's own makes of its arguments."""
        name = (qualified_name(made.callee) or "").removeprefix("builtins.")
        if name == "getattr" and len(made.positional) > 1:
            attribute = library_models.default(made.positional[1].term)
            return self.accesses.attribute(made.positional[0].term, f".{attribute}", made.site) if attribute else None
        if name in field_dicts.FUNCTIONS:
            return self.field_dicts.of(made.positional[0].term, made) if made.positional else None
        found = of_function(name, made)
        return self.queues.filled(found) if name in QUEUES and isinstance(found, ListTerm) else found

    def _module(self, importer: Module, dotted: str) -> Term:
        """A module that is asked for by its name."""
        found = self.evaluation.project.imported(importer, 0, dotted)
        return ProjectModule(found) if found else External(dotted)

    def _applied(self, function: Function, made: Invocation) -> Term:
        evaluation = self.evaluation
        result = evaluation.memo.applied(
            lambda: Substitution(evaluation, function, made).of(evaluation.summary(function))
        )
        return self.members.of_object(function.owner, self.members.made_for(function, result))

    def summary(self, function: Function) -> Term:
        node, module = function.node, function.module
        if isinstance(node, ast.Lambda):
            return self.evaluation.evaluate(module, node.body)
        if node in module.names.generators:
            return self._yielded(module, module.names.generators[node]) or Constant(None)
        values = module.names.returns[node]
        terms = [self.evaluation.evaluate(module, value) for value in sorted(values, key=position)]
        return union(terms, is_certain=not guards.are_sorted_out(module.names, values)) if terms else Constant(None)

    def _yielded(self, module: Module, nodes: list[ast.Yield | ast.YieldFrom]) -> ListTerm | None:
        """What a generator yields, one by one."""
        found = []
        for node in sorted(nodes, key=position):
            if node.value is not None:
                held = self.evaluation.at(module, node.value)
                is_all = isinstance(node, ast.YieldFrom)
                found.append(Expression(held.site, element(held.term)) if is_all else held)
        return ListTerm(tuple(found), False, found[0].site) if found else None

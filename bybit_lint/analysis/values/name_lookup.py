"""What a name stands for: what reaches it in its own function, what is bound outside of it, and what is imported."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import conditions, guards, reaching
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, FunctionNode, access_path, is_classmethod, is_static, parameters
from bybit_lint.analysis.syntax.scopes import Binding, Scope
from bybit_lint.analysis.values.assigned_globals import AssignedGlobals
from bybit_lint.analysis.values.command_line import CommandLine
from bybit_lint.analysis.values.containers import element, joined
from bybit_lint.analysis.values.dicts import Dicts
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.kept import Kept
from bybit_lint.analysis.values.members import NOTHING
from bybit_lint.analysis.values.patterns import Patterns
from bybit_lint.analysis.values.terms import (
    CYCLE,
    Constant,
    External,
    Function,
    Instance,
    Invocation,
    ListTerm,
    Operation,
    Parameter,
    ProjectModule,
    Site,
    Term,
    Unknown,
    union,
)


class NameLookup:
    """Answers the evaluator's questions about names."""

    def __init__(self, evaluation: Evaluation, hierarchy: Hierarchy, dicts: Dicts, kept: Kept) -> None:
        self.evaluation = evaluation
        self.hierarchy = hierarchy
        self.dicts = dicts
        self.kept = kept
        self.assigned = AssignedGlobals(evaluation)
        self.patterns = Patterns(evaluation, hierarchy)
        self.options = CommandLine(evaluation)

    def value(self, site: Site, node: ast.Name) -> Term:
        """What a name stands for where it is used."""
        name = node.id
        scope: Scope | None = site.scope
        is_own = True
        while scope is not None:
            is_hidden = isinstance(scope.node, ast.ClassDef) and not is_own
            bound = scope.bindings.get(name)
            is_bound = bound and (bound[0].how != "update" or scope.binds(name))  # mostly the first says it
            if is_bound and name not in scope.outer_names and not is_hidden:
                if not is_own and scope.parent is None:
                    return self.global_name(site.module, name)
                found = self._local(site, scope, name) if is_own else self._outer(site.module, scope, name)
                filled = self.dicts.filled(site, scope, name, found)
                return filled if is_own else self.dicts.filled(site, site.scope.function, name, filled)
            is_own = is_own and scope.function is not scope
            scope = scope.parent
        return self._starred(site.module, name) or External(f"builtins.{name}")

    def _local(self, site: Site, scope: Scope, name: str) -> Term:
        bindings = scope.bindings[name]
        if len(bindings) == 1 and bindings[0].how != "update":
            return self.evaluation.bound(site.module, bindings[0])  # whether it reaches the site or nothing does
        reached = reaching.reaching(site.module.names, scope, name, site.node)
        lent = [binding for binding in bindings if name in binding.scope.outer_names] if scope.parent else []
        come = [*self._together(site, reached.bindings), *lent]  # who knows when a function within was called
        terms = [self.evaluation.bound(site.module, binding) for binding in come]
        if not reached.is_complete:
            entry = [b for b in bindings if b.how in ("parameter", "rest")]
            terms += [self.evaluation.bound(site.module, binding) for binding in entry]
        if not terms:
            return self._outer(site.module, scope, name)
        changed = [binding.statement for binding in come] if len(terms) > 1 else []
        return union(terms, is_certain=not guards.is_asked(site.module.names, changed, {name}))

    @staticmethod
    def _together(site: Site, bindings: Sequence[Binding]) -> Sequence[Binding]:
        """Those of several bindings of a name that a run may have come by before it comes to a site."""
        if len(bindings) < 2:
            return bindings
        statements = [binding.statement for binding in bindings]
        together = conditions.those_together(site.module.names, statements, site.node)
        return [b for b, is_together in zip(bindings, together, strict=True) if is_together] or bindings

    def _outer(self, module: Module, scope: Scope, name: str) -> Term:
        bindings = [b for b in scope.bindings[name] if b.how != "update"]
        terms = [self.evaluation.bound(module, binding) for binding in bindings]
        return union(terms, is_certain=len(terms) < 2)

    def global_name(self, module: Module, name: str) -> Term:
        """What a module's global name stands for; a package holds its modules too."""
        return self._global(module, name) or Unknown("not in the module")

    def _global(self, module: Module, name: str) -> Term | None:
        if module.is_shim:
            return External(f"bybit_lint.shim.{name}")
        is_assigned = self.assigned.has(module, name)
        if name in module.names.module.bindings or is_assigned:
            if not is_assigned and not self.kept.is_filled(name):
                return self._outer(module, module.names.module, name)
            return self.evaluation.memo.once(("global", module, name), self._shared, module, name)
        inner = self.evaluation.project.within(module, name)
        return ProjectModule(inner) if inner else self._starred(module, name)

    def _shared(self, module: Module, name: str) -> Term:
        """A global as all functions see it, with all that any of them puts into it, and what other files assign."""
        own = [self._outer(module, module.names.module, name)] if name in module.names.module.bindings else []
        ways = [*own, *self.assigned.of(module, name)]
        return self.kept.of_global(module, name, union(ways, is_certain=len(ways) < 2))

    def _starred(self, module: Module, name: str) -> Term | None:
        """What a name stands for that only a star import can bind."""
        foreign = []
        for binding in reversed(module.names.module.bindings.get("*", ())):
            level, dotted, _ = binding.extra if isinstance(binding.extra, tuple) else (0, "", None)
            found = self.evaluation.project.imported(module, level, dotted)
            if found is None:
                foreign.append(dotted)
            elif (term := self._public(found, name)) is not None:
                return term
        is_proven = len(foreign) == 1 and not hasattr(builtins, name)
        return External(f"{foreign[0]}.{name}") if is_proven else None

    def _public(self, module: Module, name: str) -> Term | None:
        """What a star import of a module binds a name to."""
        if not module.is_readable or not module.names.exports(name):
            return None
        term = self.evaluation.memo.once(("star", module, name), lambda: self._global(module, name) or NOTHING)
        return None if term in (NOTHING, CYCLE) else term

    def stored(self, site: Site) -> Term | None:
        """What was stored under an access path (`self.x`, `params['x']`) earlier in the same function."""
        place = access_path(site.node)
        return self._stored_under(site, place) if place is not None else None

    def column(self, row: Site, name: str) -> Term | None:
        """The column of a frame, as it is where one of its rows is taken: `last = frame.iloc[-1]`."""
        frame = access_path(row.node)
        return self._stored_under(row, f"{frame}[{name!r}]") if frame is not None else None

    def taken(self, site: Site) -> ast.expr | None:
        """What a name of a function's was given before a site, if that is one thing."""
        scope = site.scope.function
        if not isinstance(site.node, ast.Name) or site.node.id not in scope.bindings:
            return None
        reached = reaching.reaching(site.module.names, scope, site.node.id, site.node)
        match reached.bindings:
            case [Binding(how="assign", value=value, index=())] if reached.is_complete:
                return value
        return None

    def _stored_under(self, site: Site, place: str) -> Term | None:
        scope = site.scope.function
        if place not in scope.bindings:
            return None
        reached = reaching.reaching(site.module.names, scope, place, site.node)
        exact = [b for b in reached.bindings if b.path == place]
        if not reached.is_complete or len(exact) < len(reached.bindings):
            return None
        found = union([self.evaluation.bound(site.module, binding) for binding in exact])
        return self.dicts.filled(site, scope, place, found)

    def bound(self, module: Module, binding: Binding) -> Term:
        """What one binding gives its name."""
        node = binding.statement
        match binding.how:
            case "with":
                return self._unpacked(self._entered(module, binding), binding.index)
            case "assign" | "walrus":
                return self._unpacked(self._value(module, binding), binding.index)
            case "for":
                return self._unpacked(element(self._value(module, binding)), binding.index)
            case "augmented" if isinstance(node, ast.AugAssign):
                before = self.evaluation.term(Site(module, node.target, binding.scope))
                site = Site(module, node.value, binding.scope)
                found = Operation(type(node.op), (before, self._value(module, binding)), site)
                return joined(found) or found
            case "match":
                return self.patterns.bound(module, binding)
            case "import":
                return self._imported(module, binding)
            case "def" if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return Function(node, module)
            case "class" if isinstance(node, ast.ClassDef):
                return self.hierarchy.of_node(node, module)
            case "parameter" | "rest" if isinstance(node, FUNCTIONS):
                return self._parameter(module, node, binding.path)
        return Unknown(binding.how)

    def _entered(self, module: Module, binding: Binding) -> Term:
        """What a `with` gives to its block: what a generator yields, or what a class's own method returns."""
        held = self._value(module, binding)
        if isinstance(held, ListTerm):
            return element(held)
        if not isinstance(held, Instance) or binding.value is None:
            return held
        key = ".__aenter__" if isinstance(binding.statement, ast.AsyncWith) else ".__enter__"
        method = self.evaluation.access(held, key, None)
        if not isinstance(method, Function):
            return held
        site = Site(module, binding.value, binding.scope)
        found = self.evaluation.apply(Invocation(method, (), {}, True, site))
        is_itself = isinstance(found, Instance) and found.of.node is held.of.node
        return held if is_itself or isinstance(found, Unknown) else found

    def _value(self, module: Module, binding: Binding) -> Term:
        if binding.value is None:
            return Unknown(binding.how)
        scope = binding.scope
        if binding.how == "for" and scope.function is not scope and scope.parent:
            scope = scope.parent  # a comprehension's first iterable is evaluated outside it
        return self.evaluation.term(Site(module, binding.value, scope))

    def _unpacked(self, term: Term, index: tuple[int, ...]) -> Term:
        for position in index:
            term = self.evaluation.item(term, Constant(position), None)
        return term

    def _imported(self, module: Module, binding: Binding) -> Term:
        level, dotted, name = binding.extra if isinstance(binding.extra, tuple) else (0, "", None)
        project = self.evaluation.project
        if name is None:
            found = project.imported(module, 0, dotted) or project.package(module, _spelled(binding, dotted))
            return ProjectModule(found) if found else External(dotted)
        found = project.imported(module, level, dotted) if dotted or level else None
        is_other = found is not module  # what a package asks itself for is one of its modules, or there already
        if found is not None and found.is_readable and is_other and (term := self._global(found, name)) is not None:
            return term
        inner = project.imported(module, level, f"{dotted}.{name}" if dotted else name)
        if inner is not None:
            return ProjectModule(inner)
        if not is_other:
            return CYCLE
        if found is not None and not found.is_readable:
            return Unknown("unreadable module")
        return Unknown("not in the module") if found or level else External(f"{dotted}.{name}")

    def _parameter(self, module: Module, function: FunctionNode, name: str) -> Term:
        """`self` is an object of its class; anything else is what the callers pass."""
        owner = self.hierarchy.class_of(module, function)
        named = parameters(function)
        if owner is not None and named and named[0].arg == name and not is_static(function):
            return owner if is_classmethod(function) else Instance(owner)
        return self.options.handed(module, function, name) or Parameter(function, name, module)


def _spelled(binding: Binding, name: str) -> str:
    """What `import` is followed by where it binds a name: all of `a.b.c` for `a`."""
    aliases = binding.statement.names if isinstance(binding.statement, ast.Import) else []
    return next((a.name for a in aliases if not a.asname and a.name.startswith(f"{name}.")), name)

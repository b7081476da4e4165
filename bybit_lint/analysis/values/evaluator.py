"""From an expression to what it stands for: names, attributes, items and calls followed through the project."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from bybit_lint.analysis.bounds import is_bounded
from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, FunctionNode, access_path, is_classmethod, is_static, parameters
from bybit_lint.analysis.syntax.scopes import Binding, Scope
from bybit_lint.analysis.values import library_models
from bybit_lint.analysis.values.constructors import Constructors
from bybit_lint.analysis.values.dicts import Dicts
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.members import NOTHING, Members
from bybit_lint.analysis.values.memo import Memo
from bybit_lint.analysis.values.object_pools import Pools
from bybit_lint.analysis.values.parameters import Parameters
from bybit_lint.analysis.values.substitution import Substitution
from bybit_lint.analysis.values.terms import (
    CYCLE,
    HUGE,
    Above,
    Access,
    Class,
    Constant,
    DictTerm,
    Element,
    Expression,
    External,
    Formatted,
    Function,
    Instance,
    Invocation,
    ListTerm,
    Operation,
    Parameter,
    ProjectModule,
    Site,
    Term,
    Union,
    Unknown,
    alternatives,
    element,
    folded,
    key_of,
    qualified_name,
    union,
)

T = TypeVar("T")

KEYS = (str, int, float, bytes)
"""What an item is known by."""
VAGUE = {"builtins.object", "typing.Any", "ccxt.Exchange", "ccxt.async_support.Exchange", "ccxt.pro.Exchange"}
"""Classes that say less of a parameter than what its callers pass."""


class Evaluator:
    """Follows expressions through one project. Each expression is followed once and remembered."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.parameters = Parameters(self)
        self.memo = Memo(self.parameters.bounded)
        self.hierarchy = Hierarchy(self)
        self.dicts: Dicts = Dicts(self)
        self.constructors = Constructors(self, self.hierarchy, self.dicts)
        self.members = Members(self, self.hierarchy, self.constructors)
        self.pools = Pools(self, self.hierarchy)
        self._helpers: dict[object, Any] = {}

    def helper(self, kind: Callable[[Evaluator], T]) -> T:
        """The one helper of a kind that reads this project: what it has found once it knows."""
        if kind not in self._helpers:
            self._helpers[kind] = kind(self)
        found: T = self._helpers[kind]
        return found

    # Expressions -----------------------------------------------------------------------------------------------------

    def at(self, module: Module, node: ast.expr) -> Expression:
        """The expression a node of a module is."""
        return self.expression(Site(module, node, module.names.scope(node)))

    def expression(self, site: Site) -> Expression:
        return Expression(site, self.term(site))

    def term(self, site: Site) -> Term:
        """What stands at a site."""
        return self.memo.known.get(site.node) or self.memo.once(site.node, self._term, site)

    def beside(self, site: Site, node: ast.expr) -> Site:
        """The site of a node inside the expression at `site`."""
        inner = site.module.names.scopes.get(site.node)
        is_comprehension = inner is not None and not isinstance(site.node, ast.Lambda)
        return Site(site.module, node, inner if is_comprehension and inner else site.scope)

    def inner(self, site: Site, node: ast.expr) -> Term:
        return self.memo.known.get(node) or self.term(self.beside(site, node))

    def _term(self, site: Site) -> Term:
        reading = READINGS.get(type(site.node))
        return Unknown(type(site.node).__name__) if reading is None else reading(self, site, site.node)

    def _attribute(self, site: Site, node: ast.Attribute) -> Term:
        return self._held(site) or self.part(self.inner(site, node.value), f".{node.attr}", site)

    def _subscript(self, site: Site, node: ast.Subscript) -> Term:
        return self._held(site) or self._item(site, node.value, self.inner(site, node.slice))

    def _operation(self, site: Site, node: ast.BinOp) -> Term:
        return folded(Operation(type(node.op), (self.inner(site, node.left), self.inner(site, node.right)), site))

    def _comparison(self, site: Site, node: ast.Compare) -> Term:
        if len(node.ops) > 1:
            return Unknown("Compare")
        return Operation(type(node.ops[0]), (self.inner(site, node.left), self.inner(site, node.comparators[0])), site)

    def _either(self, site: Site, values: Iterable[ast.expr]) -> Term:
        return union([self.inner(site, value) for value in values])

    def _listed(self, site: Site, node: ast.List | ast.Tuple | ast.Set) -> Term:
        closed = not any(isinstance(item, ast.Starred) for item in node.elts)
        return ListTerm(tuple(self.expression(self.beside(site, item)) for item in node.elts), closed, site)

    def _generated(self, site: Site, node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> Term:
        return ListTerm((self.expression(self.beside(site, node.elt)),), False, site)

    def _filtered(self, site: Site, node: ast.DictComp) -> Term:
        """`{k: v for k, v in items if ...}` as the call `dict(items)` that it is, at most."""
        if len(node.generators) > 1 or not isinstance(node.key, ast.Name) or not isinstance(node.value, ast.Name):
            return Unknown("DictComp")
        held = self.expression(Site(site.module, node.generators[0].iter, site.scope))
        return self._builtin("dict", held.term, Invocation(External("builtins.dict"), (held,), {}, False, site))

    # Names -----------------------------------------------------------------------------------------------------------

    def _name(self, site: Site, node: ast.Name) -> Term:
        name = node.id
        scope: Scope | None = site.scope
        is_own = True
        while scope is not None:
            is_hidden = isinstance(scope.node, ast.ClassDef) and not is_own
            if name in scope.bindings and name not in scope.outer_names and not is_hidden:
                found = self._local(site, scope, name) if is_own else self._outer(site.module, scope, name)
                return self.dicts.filled(site, scope, name, found)
            is_own = is_own and scope.function is not scope
            scope = scope.parent
        return self._starred(site.module, name) or External(f"builtins.{name}")

    def _local(self, site: Site, scope: Scope, name: str) -> Term:
        bindings = scope.bindings[name]
        if len(bindings) == 1 and bindings[0].how != "update":
            return self.bound(site.module, bindings[0])  # whether it reaches the site or nothing does
        reached = reaching.reaching(site.module.names, scope, name, site.node)
        terms = [self.bound(site.module, binding) for binding in reached.bindings]
        if not reached.is_complete:
            entry = [b for b in bindings if b.how in ("parameter", "rest")]
            terms += [self.bound(site.module, binding) for binding in entry]
        return union(terms) if terms else self._outer(site.module, scope, name)

    def _outer(self, module: Module, scope: Scope, name: str) -> Term:
        bindings = [b for b in scope.bindings[name] if b.how != "update"]
        terms = [self.bound(module, binding) for binding in bindings]
        return union(terms, is_certain=len(terms) < 2)

    def global_name(self, module: Module, name: str) -> Term:
        """What a module's global name stands for; a package holds its modules too."""
        return self._global(module, name) or Unknown("not in the module")

    def _global(self, module: Module, name: str) -> Term | None:
        if module.is_shim:
            return External(f"bybit_lint.shim.{name}")
        if name in module.names.module.bindings:
            return self._outer(module, module.names.module, name)
        inner = self.project.within(module, name)
        return ProjectModule(inner) if inner else self._starred(module, name)

    def _starred(self, module: Module, name: str) -> Term | None:
        """What a name stands for that only a star import can bind."""
        foreign = []
        for binding in reversed(module.names.module.bindings.get("*", ())):
            level, dotted, _ = binding.extra if isinstance(binding.extra, tuple) else (0, "", None)
            found = self.project.imported(module, level, dotted)
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
        term = self.memo.once(("star", module, name), lambda: self._global(module, name) or NOTHING)
        return None if term in (NOTHING, CYCLE) else term

    def _held(self, site: Site) -> Term | None:
        """What was stored under an access path (`self.x`, `params['x']`) earlier in the same function."""
        place = access_path(site.node)
        scope = site.scope.function
        if place is None or place not in scope.bindings:
            return None
        reached = reaching.reaching(site.module.names, scope, place, site.node)
        exact = [b for b in reached.bindings if b.path == place]
        if not reached.is_complete or len(exact) < len(reached.bindings):
            return None
        return union([self.bound(site.module, binding) for binding in exact])

    def bound(self, module: Module, binding: Binding) -> Term:
        """What one binding gives its name."""
        return self.memo.known.get(binding) or self.memo.once(binding, self._binding, module, binding)

    def _binding(self, module: Module, binding: Binding) -> Term:
        node = binding.statement
        match binding.how:
            case "assign" | "walrus" | "with":
                return self._unpacked(self._value(module, binding), binding.index)
            case "for":
                return self._unpacked(element(self._value(module, binding)), binding.index)
            case "augmented" if isinstance(node, ast.AugAssign):
                before = self.term(Site(module, node.target, binding.scope))
                return Operation(
                    type(node.op), (before, self._value(module, binding)), Site(module, node.value, binding.scope)
                )
            case "import":
                return self._imported(module, binding)
            case "def" if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return Function(node, module)
            case "class" if isinstance(node, ast.ClassDef):
                return self.hierarchy.of_node(node, module)
            case "parameter" if isinstance(node, FUNCTIONS):
                return self._parameter(module, node, binding.path)
        return Unknown(binding.how)

    def _value(self, module: Module, binding: Binding) -> Term:
        if binding.value is None:
            return Unknown(binding.how)
        scope = binding.scope
        if binding.how == "for" and scope.function is not scope and scope.parent:
            scope = scope.parent  # a comprehension's first iterable is evaluated outside it
        return self.term(Site(module, binding.value, scope))

    def _unpacked(self, term: Term, index: tuple[int, ...]) -> Term:
        for position in index:
            term = self.item(term, Constant(position), None)
        return term

    def _imported(self, module: Module, binding: Binding) -> Term:
        level, dotted, name = binding.extra if isinstance(binding.extra, tuple) else (0, "", None)
        if name is None:
            found = self.project.imported(module, 0, dotted) or self.project.package(module, _spelled(binding, dotted))
            return ProjectModule(found) if found else External(dotted)
        found = self.project.imported(module, level, dotted) if dotted or level else None
        if found is not None and found.is_readable and (term := self._global(found, name)) is not None:
            return term
        inner = self.project.imported(module, level, f"{dotted}.{name}" if dotted else name)
        if inner is not None:
            return ProjectModule(inner)
        return Unknown("not in the module") if found or level else External(f"{dotted}.{name}")

    def _module(self, importer: Module, dotted: str) -> Term:
        """A module that is asked for by its name."""
        found = self.project.imported(importer, 0, dotted)
        return ProjectModule(found) if found else External(dotted)

    def _parameter(self, module: Module, function: FunctionNode, name: str) -> Term:
        """`self` is an object of its class; anything else is what the callers pass."""
        owner = self.hierarchy.class_of(module, function)
        named = parameters(function)
        if owner is not None and named and named[0].arg == name and not is_static(function):
            return owner if is_classmethod(function) else Instance(owner)
        return Parameter(function, name, module)

    # Parts -----------------------------------------------------------------------------------------------------------

    def part(self, term: Term, key: str, site: Site | None = None) -> Term:
        """An attribute of a term; `key` with its dot."""
        name = key[1:]
        match term:
            case Union(terms=terms):
                return union([self.part(t, key, site) for t in terms], is_certain=term.is_certain)
            case Constant(value=None):
                return CYCLE  # nothing comes from here: None has no attributes
            case ProjectModule(module=module):
                return self.global_name(module, name) if module.is_readable else Unknown("unreadable module")
            case Instance(of=of):
                return (
                    self.members.member(of, name, term)
                    or self.members.inherited(of, key, site)
                    or Access(term, key, site)
                )
            case Class():
                return self.members.member(term, name, None) or Access(term, key, site)
            case Above(of=of):
                return self.members.above(of, key, site) or Access(term, key, site)
            case Parameter():
                typed = self.annotated(term)
                return Access(term, key, site) if typed is None else self.part(typed, key, site)
        return Access(term, key, site)

    def access(self, term: Term, key: str, site: Site | None) -> Term:
        """An attribute or an item of a term, or what it makes; `key` as in a Part."""
        if key == "()":
            return Access(term, key, site)
        return self.part(term, key, site) if key.startswith(".") else self.item(term, Constant(key_of(key)), site)

    def annotated(self, parameter: Parameter) -> Term | None:
        """An instance of the class a parameter is annotated with, if the annotation names one."""
        argument = next((a for a in parameters(parameter.function) if a.arg == parameter.name), None)
        if argument is None or argument.annotation is None:
            return None
        found = self.memo.once(("annotation", argument), self._annotation, parameter.module, argument)
        return None if isinstance(found, Unknown) else found

    def _annotation(self, module: Module, argument: ast.arg) -> Term:
        assert argument.annotation is not None
        term = self._class_named(module, argument.annotation)
        if isinstance(term, Class):
            return Instance(term)
        named = qualified_name(term)
        return Access(term, "()") if named and named not in VAGUE else Unknown("annotation")

    def _class_named(self, module: Module, node: ast.expr) -> Term:
        """The class an annotation names; `Optional[X]`, `X | None` and `"X"` name X."""
        match node:
            case ast.Constant(value=str() as text):
                found = module.names.module.bindings
                return self.global_name(module, text) if text in found else Unknown("annotation")
            case ast.Subscript(value=ast.Name(id="Optional") | ast.Attribute(attr="Optional"), slice=inner):
                return self._class_named(module, inner)
            case ast.BinOp(left=inner, op=ast.BitOr(), right=ast.Constant(value=None)):
                return self._class_named(module, inner)
        return self.at(module, node).term

    def item(self, term: Term, key: Term, site: Site | None) -> Term:
        if isinstance(term, Union):
            return union([self.item(t, key, site) for t in term.terms], is_certain=term.is_certain)
        constant = key.value if isinstance(key, Constant) and isinstance(key.value, KEYS) else None
        if isinstance(term, DictTerm) and constant is not None:
            found = term.entries.get(str(constant))
            return found.term if found else Unknown("not in the dict")
        if isinstance(term, ListTerm) and isinstance(constant, int) and term.is_closed:
            is_there = -len(term.items) <= constant < len(term.items)
            return term.items[constant].term if is_there else Unknown("no such item")
        if isinstance(term, Element) and isinstance(constant, int) and (column := _column(term.base, constant)):
            return element(column)
        return Access(term, f"[{constant!r}]" if constant is not None else "[]", site)

    def _item(self, site: Site, holder: ast.expr, key: Term) -> Term:
        return self.pools.read(site, holder, key, self.item(self.inner(site, holder), key, site))

    # Calls -----------------------------------------------------------------------------------------------------------

    def arguments(self, site: Site, call: ast.Call) -> tuple[tuple[Expression, ...], dict[str, Expression], bool]:
        """The positional and keyword arguments of a call, and whether that is all of them."""
        positional: list[Expression] = []
        keywords: dict[str, Expression] = {}
        closed = True
        for value in call.args:
            if isinstance(value, ast.Starred):
                closed = False
                break
            positional.append(self.expression(self.beside(site, value)))
        for keyword in call.keywords:
            held = self.expression(self.beside(site, keyword.value))
            if keyword.arg is None:
                closed &= self.dicts.spread(held.term, keywords)
            else:
                keywords[keyword.arg] = held
        return tuple(positional), keywords, closed

    def _call(self, site: Site, call: ast.Call) -> Term:
        callee = self.inner(site, call.func)
        results = [self._result(site, call, option) for option in alternatives(callee)]
        found = union(results, is_certain=not isinstance(callee, Union) or callee.is_certain)
        match call:
            case ast.Call(func=ast.Attribute(value=holder, attr="get"), args=[key, *_]):
                return self.pools.read(site, holder, self.inner(site, key), found)
        return found

    def _result(self, site: Site, call: ast.Call, callee: Term) -> Term:
        if isinstance(callee, External) and callee.name == "builtins.super":
            owner = next((s for s in _outward(site.scope) if isinstance(s.node, ast.ClassDef)), None)
            if owner is not None and isinstance(owner.node, ast.ClassDef):
                return Above(self.hierarchy.of_node(owner.node, site.module))
        if isinstance(callee, Function):
            returned = self.summary(callee)
            if callee.node not in self.parameters.measured(returned).functions:
                return self.members.made_for(callee, returned)
        positional, keywords, closed = self.arguments(site, call)
        return self.apply(Invocation(callee, positional, keywords, closed, site))

    def apply(self, made: Invocation) -> Term:
        """A call as what it gives, where that is known."""
        first = made.positional[0].term if made.positional else None
        match made.callee:
            case Function() as function:
                return self._applied(function, made)
            case Class() as of:
                return Instance(of, made)
            case Constant(value=None):
                return CYCLE  # nothing comes from here: None cannot be called
            case External("asyncio.to_thread") | Access(External("asyncio"), ".to_thread") if first is not None:
                return self.apply(Invocation(first, made.positional[1:], made.keywords, made.is_closed, made.site))
            case Access(base=DictTerm() as base, key=".get") if first is not None:
                return self.item(base, first, made.site)
            case Access(base=DictTerm() as base, key=".copy" | ".items"):
                return base
            case Access(External("importlib"), ".import_module") | Access(
                Access(External("sys"), ".modules"), ".get"
            ) if isinstance(first, Constant):
                return self._module(made.site.module, str(first.value))
            case Invocation() if (exchange := library_models.meant(self, made)) is not None:
                return Invocation(exchange, made.positional, made.keywords, made.is_closed, made.site)
            case External(name=name):
                return self._builtin(name.removeprefix("builtins."), first, made)
        return made

    def _builtin(self, name: str, first: Term | None, made: Invocation) -> Term:
        """What a builtin makes of its first argument."""
        if name == "dict" and first is None:
            return DictTerm(made.keywords, made.is_closed, made.site)
        if name in ("dict", "copy.copy", "copy.deepcopy") and isinstance(first, DictTerm):
            return DictTerm({**first.entries, **made.keywords}, made.is_closed and first.is_closed, made.site)
        if (
            name == "getattr"
            and len(made.positional) > 1
            and (attribute := library_models.default(made.positional[1].term))
        ):
            return self.part(first or Unknown(), f".{attribute}", made.site)
        if name == "next" and first is not None:
            return element(first)
        if name in ("list", "tuple", "sorted", "reversed", "iter") and first is not None:
            return first
        return made

    def summary(self, function: Function) -> Term:
        """What a function returns, in terms of its own parameters."""
        return self.memo.once(("returned", function.node), self._summary, function)

    def _summary(self, function: Function) -> Term:
        node, module = function.node, function.module
        if isinstance(node, ast.Lambda):
            return self.at(module, node.body).term
        values = [] if node in module.names.generators else module.names.returns[node]
        terms = [self.at(module, value).term for value in sorted(values, key=lambda value: value.lineno)]
        return union(terms) if terms else Constant(None)

    def _applied(self, function: Function, made: Invocation) -> Term:
        result = self.memo.applied(lambda: Substitution(self, function, made).of(self.summary(function)))
        return self.members.made_for(function, result)


READINGS: dict[type[ast.AST], Callable[[Evaluator, Site, Any], Term]] = {
    ast.Constant: lambda _, site, node: Constant(node.value, site) if is_bounded(node.value) else HUGE,
    ast.Name: Evaluator._name,
    ast.Attribute: Evaluator._attribute,
    ast.Subscript: Evaluator._subscript,
    ast.Call: Evaluator._call,
    ast.BinOp: Evaluator._operation,
    ast.UnaryOp: lambda self, site, node: Operation(type(node.op), (self.inner(site, node.operand),), site),
    ast.Compare: Evaluator._comparison,
    ast.IfExp: lambda self, site, node: self._either(site, (node.body, node.orelse)),
    ast.BoolOp: lambda self, site, node: (
        self._either(site, node.values) if isinstance(node.op, ast.Or) else Unknown("and")
    ),
    ast.JoinedStr: lambda self, site, node: Formatted(tuple(self.inner(site, v) for v in node.values), "", site),
    ast.FormattedValue: lambda self, site, node: Formatted(
        (self.inner(site, node.value),), format_text(node.format_spec), site
    ),
    ast.Dict: lambda self, site, node: self.dicts.written(site, node.keys, node.values),
    ast.List: Evaluator._listed,
    ast.Tuple: Evaluator._listed,
    ast.Set: Evaluator._listed,
    ast.ListComp: Evaluator._generated,
    ast.GeneratorExp: Evaluator._generated,
    ast.SetComp: Evaluator._generated,
    ast.DictComp: Evaluator._filtered,
    ast.Await: lambda self, site, node: self.inner(site, node.value),
    ast.NamedExpr: lambda self, site, node: self.inner(site, node.value),
    ast.Lambda: lambda _, site, node: Function(node, site.module),
}
"""How each kind of expression is read; the others are unknown."""


def _column(term: Term, position: int) -> Term | None:
    """What the items of a `zip()` or `enumerate()` have at a position is taken from."""
    match term:
        case Invocation(callee=External(name="builtins.zip"), positional=columns) if 0 <= position < len(columns):
            return columns[position].term
        case Invocation(callee=External(name="builtins.enumerate"), positional=[first, *_]) if position == 1:
            return first.term
    return None


def format_text(spec: ast.expr | None) -> str:
    """The format after the colon of an f-string's part, `?` where it is not fixed."""
    if not isinstance(spec, ast.JoinedStr):
        return ""
    return "".join(str(v.value) if isinstance(v, ast.Constant) else "?" for v in spec.values)


def _spelled(binding: Binding, name: str) -> str:
    """What `import` is followed by where it binds a name: all of `a.b.c` for `a`."""
    aliases = binding.statement.names if isinstance(binding.statement, ast.Import) else []
    return next((a.name for a in aliases if not a.asname and a.name.startswith(f"{name}.")), name)


def _outward(scope: Scope | None) -> Iterable[Scope]:
    while scope is not None:
        yield scope
        scope = scope.parent

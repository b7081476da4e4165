"""From an expression to what it stands for: names, attributes, items and calls followed through the project."""

from __future__ import annotations

import ast
import builtins
import math
import operator
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache

from bybit_lint.names import FUNCTIONS, Binding, FunctionNode, Scope, access_path, parameters
from bybit_lint.project import Module, Project, called_name
from bybit_lint.reader import flow
from bybit_lint.reader.terms import (
    AGAIN,
    Choice,
    Class,
    Constant,
    Element,
    Expression,
    Foreign,
    Formatted,
    Function,
    Instance,
    Invocation,
    Mapping,
    Operation,
    Parameter,
    Part,
    ProjectModule,
    Sequence,
    Site,
    Term,
    Unknown,
    alternatives,
    children,
    choice,
    element,
    path,
)

DEPTH = 120
"""Nested steps after which a value counts as unknown."""

SIZE = 600
"""Terms of more parts count as unknown."""

VAGUE = {"builtins.object", "typing.Any", "ccxt.Exchange", "ccxt.async_support.Exchange", "ccxt.pro.Exchange"}
"""Classes that say less of a parameter than what its callers pass."""

TRIES = 3
"""What is found inside an unfinished loop is only a part of the truth and found anew so many times, to stay linear."""


class Resolver:
    """Follows expressions through one project. Each expression is followed once and remembered."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._known: dict[object, Term] = {}
        self._active: dict[object, None] = {}
        self._cuts: set[object] = set()
        self._is_cut_short = False
        self._tries: dict[object, int] = {}
        self._measures: dict[Term, tuple[int, frozenset[Parameter]]] = {}
        self._classes: dict[ast.ClassDef, Class] = {}

    # Following with a memory -----------------------------------------------------------------------------------------

    def _once(self, key: object, work: Callable[[], Term]) -> Term:
        """Do `work` once per key; a key met again on the way to itself is the same value once more."""
        if key in self._known:
            return self._known[key]
        if key in self._active:
            self._cuts.add(key)
            return AGAIN
        if len(self._active) > DEPTH:
            self._is_cut_short = True
            return Unknown("too far away")
        self._is_cut_short &= bool(self._active)
        self._active[key] = None
        try:
            term = work()
        finally:
            del self._active[key]
        self._cuts.discard(key)
        self._tries[key] = self._tries.get(key, 0) + 1
        is_whole = not self._cuts and not self._is_cut_short
        if is_whole or self._tries[key] == TRIES:
            self._known[key] = term
        return term

    # Expressions -----------------------------------------------------------------------------------------------------

    def at(self, module: Module, node: ast.expr) -> Expression:
        """The expression a node of a module is."""
        return self.expression(Site(module, node, module.names.scope(node)))

    def expression(self, site: Site) -> Expression:
        return Expression(site, self.term(site))

    def term(self, site: Site) -> Term:
        """What stands at a site."""
        return self._once(site.node, lambda: self._term(site))

    def _beside(self, site: Site, node: ast.expr) -> Site:
        """The site of a node inside the expression at `site`."""
        inner = site.module.names.scopes.get(site.node)
        is_comprehension = inner is not None and not isinstance(site.node, ast.Lambda)
        return Site(site.module, node, inner if is_comprehension and inner else site.scope)

    def _inner(self, site: Site, node: ast.expr) -> Term:
        return self.term(self._beside(site, node))

    def _term(self, site: Site) -> Term:
        match site.node:
            case ast.Constant(value=value):
                return Constant(value, site)
            case ast.Name():
                return self._name(site)
            case ast.Attribute(value=base, attr=attr):
                return self._held(site) or self.part(self._inner(site, base), f".{attr}", site)
            case ast.Subscript(value=base, slice=key):
                return self._held(site) or self._item(self._inner(site, base), self._inner(site, key), site)
            case ast.Call():
                return self._call(site, site.node)
            case ast.BinOp(left=left, op=op, right=right):
                return folded(Operation(type(op), (self._inner(site, left), self._inner(site, right)), site))
            case ast.UnaryOp(op=op, operand=operand):
                return Operation(type(op), (self._inner(site, operand),), site)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return Operation(type(op), (self._inner(site, left), self._inner(site, right)), site)
            case ast.IfExp(body=body, orelse=orelse):
                return choice([self._inner(site, body), self._inner(site, orelse)])
            case ast.BoolOp(op=ast.Or(), values=values):
                return choice([self._inner(site, value) for value in values])
            case ast.JoinedStr(values=values):
                return Formatted(tuple(self._inner(site, value) for value in values), "", site)
            case ast.FormattedValue(value=value, format_spec=spec):
                return Formatted((self._inner(site, value),), format_text(spec), site)
            case ast.Dict(keys=keys, values=values):
                return self._dict(site, keys, values)
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                closed = not any(isinstance(item, ast.Starred) for item in items)
                return Sequence(tuple(self.expression(self._beside(site, item)) for item in items), closed, site)
            case ast.ListComp(elt=item) | ast.GeneratorExp(elt=item) | ast.SetComp(elt=item):
                return Sequence((self.expression(self._beside(site, item)),), False, site)
            case ast.DictComp(key=ast.Name(), value=ast.Name(), generators=[ast.comprehension(iter=items)]):
                return self._builtin("dict", *self._as_argument(site, items))
            case ast.Await(value=value) | ast.NamedExpr(value=value):
                return self._inner(site, value)
            case ast.Lambda():
                return Function(site.node, site.module)
        return Unknown(type(site.node).__name__)

    def _as_argument(self, site: Site, items: ast.expr) -> tuple[Term, Invocation]:
        """`{k: v for k, v in items if ...}` as the call `dict(items)` that it is, at most."""
        held = self.expression(Site(site.module, items, site.scope))
        return held.term, Invocation(Foreign("builtins.dict"), (held,), {}, False, site)

    def _dict(self, site: Site, keys: list[ast.expr | None], values: list[ast.expr]) -> Term:
        entries: dict[str, Expression] = {}
        closed = True
        for key, value in zip(keys, values, strict=True):
            held = self.expression(self._beside(site, value))
            if key is None:
                closed &= self._spread(held.term, entries)
            elif isinstance(constant := self._inner(site, key), Constant):
                entries[str(constant.value)] = held
            else:
                closed = False
        return Mapping(entries, closed, site)

    @staticmethod
    def _spread(term: Term, into: dict[str, Expression]) -> bool:
        """Add what `**term` brings; False if that is not all known."""
        if not isinstance(term, Mapping):
            return False
        into.update(term.entries)
        return term.is_closed

    # Names -----------------------------------------------------------------------------------------------------------

    def _name(self, site: Site) -> Term:
        name = site.node.id if isinstance(site.node, ast.Name) else ""
        scope: Scope | None = site.scope
        is_own = True
        while scope is not None:
            is_hidden = isinstance(scope.node, ast.ClassDef) and not is_own
            if name in scope.bindings and name not in scope.outer_names and not is_hidden:
                found = self._local(site, scope, name) if is_own else self._outer(site.module, scope, name)
                return self._filled(site, scope, name, found)
            is_own = is_own and scope.function is not scope
            scope = scope.parent
        return self._starred(site.module, name) or Foreign(f"builtins.{name}")

    def _local(self, site: Site, scope: Scope, name: str) -> Term:
        reached = flow.reaching(site.module.names, scope, name, site.node)
        terms = [self._bound(site.module, binding) for binding in reached.bindings]
        if not reached.is_complete:
            entry = [b for b in scope.bindings[name] if b.how in ("parameter", "rest")]
            terms += [self._bound(site.module, binding) for binding in entry]
        return choice(terms) if terms else self._outer(site.module, scope, name)

    def _outer(self, module: Module, scope: Scope, name: str) -> Term:
        bindings = [b for b in scope.bindings[name] if b.how != "update"]
        terms = [self._bound(module, binding) for binding in bindings]
        return choice(terms, is_certain=len(terms) < 2)

    def global_name(self, module: Module, name: str) -> Term:
        """What a module's global name stands for; a package holds its modules too."""
        return self._global(module, name) or Unknown("not in the module")

    def _global(self, module: Module, name: str) -> Term | None:
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
        return Foreign(f"{foreign[0]}.{name}") if is_proven else None

    def _public(self, module: Module, name: str) -> Term | None:
        """What a star import of a module binds a name to."""
        if not module.is_readable or not module.names.exports(name):
            return None
        term = self._once(("star", module, name), lambda: self._global(module, name) or NOTHING)
        return None if term in (NOTHING, AGAIN) else term

    def _held(self, site: Site) -> Term | None:
        """What was stored under an access path (`self.x`, `params['x']`) earlier in the same function."""
        place = access_path(site.node)
        scope = site.scope.function
        if place is None or place not in scope.bindings:
            return None
        reached = flow.reaching(site.module.names, scope, place, site.node)
        exact = [b for b in reached.bindings if b.path == place]
        if not reached.is_complete or len(exact) < len(reached.bindings):
            return None
        return choice([self._bound(site.module, binding) for binding in exact])

    def _filled(self, site: Site, scope: Scope, name: str, term: Term) -> Term:
        """A dict with what was stored in it between its making and `site`."""
        if not isinstance(term, Mapping):
            return term
        entries, closed = dict(term.entries), term.is_closed
        for key, bindings in scope.bindings.items():
            if key == name and any(b.how == "update" for b in bindings):
                for binding in bindings:
                    closed &= binding.how != "update" or self._update(site.module, binding, entries)
            elif key == f"{name}[?]":
                closed = False
            elif key.startswith(f"{name}[") and key.count("[") == 1 and "." not in key.partition("]")[2]:
                self._store(site, scope, key, entries)
        return Mapping(entries, closed, term.site)

    def _update(self, module: Module, binding: Binding, entries: dict[str, Expression]) -> bool:
        closed = True
        if binding.value is not None:
            closed = self._spread(self.at(module, binding.value).term, entries)
        if isinstance(binding.extra, ast.Call):
            for keyword in binding.extra.keywords:
                if keyword.arg is None:
                    closed &= self._spread(self.at(module, keyword.value).term, entries)
                else:
                    entries[keyword.arg] = self.at(module, keyword.value)
        return closed

    def _store(self, site: Site, scope: Scope, key: str, entries: dict[str, Expression]) -> None:
        reached = flow.reaching(site.module.names, scope, key, site.node)
        stored = [b for b in reached.bindings if b.path == key and b.how == "assign" and b.value is not None]
        if not stored:
            return
        entry = key_of(key[key.index("[") :])
        last = stored[0].value
        assert last is not None
        terms = [self._bound(site.module, binding) for binding in stored]
        if not reached.is_complete or len(stored) < len(reached.bindings):
            terms += [entries[entry].term] if entry in entries else []
        entries[str(entry)] = Expression(Site(site.module, last, scope), choice(terms))

    def _bound(self, module: Module, binding: Binding) -> Term:
        """What one binding gives its name."""
        return self._once(binding, lambda: self._binding(module, binding))

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
                return self._class(node, module)
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
            term = self._item(term, Constant(position), None)
        return term

    def _imported(self, module: Module, binding: Binding) -> Term:
        level, dotted, name = binding.extra if isinstance(binding.extra, tuple) else (0, "", None)
        if name is None:
            found = self.project.imported(module, 0, dotted) or self.project.package(module, _spelled(binding, dotted))
            return ProjectModule(found) if found else Foreign(dotted)
        found = self.project.imported(module, level, dotted) if dotted or level else None
        if found is not None and found.is_readable and (term := self._global(found, name)) is not None:
            return term
        inner = self.project.imported(module, level, f"{dotted}.{name}" if dotted else name)
        if inner is not None:
            return ProjectModule(inner)
        return Unknown("not in the module") if found or level else Foreign(f"{dotted}.{name}")

    def _parameter(self, module: Module, function: FunctionNode, name: str) -> Term:
        """`self` is an object of its class; anything else is what the callers pass."""
        owner = self.class_of(module, function)
        named = parameters(function)
        if owner is not None and named and named[0].arg == name and not _is_static(function):
            return owner if _is_classmethod(function) else Instance(owner)
        return Parameter(function, name, module)

    def class_of(self, module: Module, function: FunctionNode) -> Class | None:
        """The class a method belongs to."""
        parent = module.names.parents.get(function)
        return self._class(parent, module) if isinstance(parent, ast.ClassDef) else None

    def _class(self, node: ast.ClassDef, module: Module) -> Class:
        return self._classes.setdefault(node, Class(node, module))

    # Parts -----------------------------------------------------------------------------------------------------------

    def part(self, term: Term, key: str, site: Site | None = None) -> Term:
        """An attribute of a term; `key` with its dot."""
        name = key[1:]
        match term:
            case Choice(terms=terms):
                return choice([self.part(t, key, site) for t in terms], is_certain=term.is_certain)
            case Constant(value=None):
                return AGAIN  # nothing comes from here: None has no attributes
            case ProjectModule(module=module):
                return self.global_name(module, name) if module.is_readable else Unknown("unreadable module")
            case Instance(of=of):
                return self._member(of, name, term) or self._inherited(of, key, site) or Part(term, key, site)
            case Class():
                return self._member(term, name, None) or Part(term, key, site)
            case Parameter():
                typed = self.annotated(term)
                return Part(term, key, site) if typed is None else self.part(typed, key, site)
        return Part(term, key, site)

    def annotated(self, parameter: Parameter) -> Term | None:
        """An instance of the class a parameter is annotated with, if the annotation names one."""
        argument = next((a for a in parameters(parameter.function) if a.arg == parameter.name), None)
        if argument is None or argument.annotation is None:
            return None
        found = self._once(("annotation", argument), lambda: self._annotation(parameter.module, argument))
        return None if isinstance(found, Unknown) else found

    def _annotation(self, module: Module, argument: ast.arg) -> Term:
        assert argument.annotation is not None
        term = self._class_named(module, argument.annotation)
        if isinstance(term, Class):
            return Instance(term)
        named = path(term)
        return Part(term, "()") if named and named not in VAGUE else Unknown("annotation")

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

    def bases(self, of: Class) -> Iterable[Term]:
        """What a class inherits from."""
        for base in of.node.bases:
            yield from alternatives(self.at(of.module, base).term)

    def lineage(self, of: Class, depth: int = 6) -> list[Class]:
        """A class and the project's classes it inherits from, nearest first."""
        found = [of]
        for base in self.bases(of):
            if isinstance(base, Class) and depth and base.node is not of.node:
                found += self.lineage(base, depth - 1)
        return found

    def foreign_base(self, of: Class) -> str | None:
        """The path of the first class from outside that a class inherits from."""
        for ancestor in self.lineage(of):
            for base in self.bases(ancestor):
                found = path(base)
                if found and not found.startswith("builtins."):
                    return found
        return None

    def _member(self, of: Class, name: str, owner: Instance | None) -> Term | None:
        key = ("member", of.node, name, owner and owner.made)
        found = self._once(key, lambda: self._find_member(of, name, owner) or NOTHING)
        return None if found is NOTHING else found

    def _inherited(self, of: Class, key: str, site: Site | None) -> Term | None:
        """An attribute that comes from a class outside the project."""
        base = self.foreign_base(of)
        return Part(Part(Foreign(base), "()"), key, site) if base else None

    def inherited_constructor(self, of: Class) -> Term | None:
        """The constructor a class inherits from a class outside the project, if it has none of its own."""
        base = self.foreign_base(of)
        if base is None or any("__init__" in c.module.names.scopes[c.node].bindings for c in self.lineage(of)):
            return None
        return Foreign(base)

    def _find_member(self, of: Class, name: str, owner: Instance | None) -> Term | None:
        stored: list[Term] = []
        for ancestor in self.lineage(of):
            scope = ancestor.module.names.scopes[ancestor.node]
            for binding in scope.bindings.get(name, ()):
                if binding.how == "def" and not stored:
                    return self._method(ancestor, binding, owner)
                if binding.how == "field" and owner is not None and owner.made is not None:
                    stored.append(self._field(ancestor, name, owner.made))
                elif binding.how in ("assign", "class"):
                    stored.append(self._bound(ancestor.module, binding))
            stored += self._stored(ancestor, name, owner)
        if not stored and owner is not None:
            return self._of_heirs(of, name, owner)
        return choice(stored, is_certain=len(stored) < 2) if stored else None

    def _of_heirs(self, of: Class, name: str, owner: Instance) -> Term | None:
        """What the classes that a mixin is mixed into have under a name that the mixin itself has not."""
        found = []
        for heir in self._heirs.get(of.node.name, ()):
            lineage = self.lineage(heir)
            if any(c.node is of.node for c in lineage):
                for ancestor in lineage:
                    if ancestor.node is not of.node:
                        found += self._own(ancestor, name, owner)
        return choice(found, is_certain=len(found) < 2) if found else None

    def _own(self, of: Class, name: str, owner: Instance) -> list[Term]:
        """What one class has under a name, without what it inherits."""
        bindings = of.module.names.scopes[of.node].bindings.get(name, ())
        methods = [self._method(of, b, owner) for b in bindings if b.how == "def"]
        return methods or self._stored(of, name, None)

    @cached_property
    def _heirs(self) -> dict[str, list[Class]]:
        """The classes of the project by the names of their bases."""
        found: dict[str, list[Class]] = defaultdict(list)
        for module in self.project.readable:
            for node in module.names.scopes:
                if isinstance(node, ast.ClassDef):
                    for base in node.bases:
                        found[called_name(base)].append(self._class(node, module))
        return found

    def _stored(self, of: Class, name: str, owner: Instance | None) -> list[Term]:
        """What the methods of a class assign to `self.name`."""
        found = []
        for binding in of.module.names.attributes.get(name, ()):
            function = binding.scope.function.node
            if not isinstance(function, FUNCTIONS) or self._owner_node(of.module, function) is not of.node:
                continue
            named = parameters(function)
            if named and binding.path == f"{named[0].arg}.{name}":
                term = self._bound(of.module, binding)
                found.append(self._constructed(term, owner))
        return found

    def _owner_node(self, module: Module, function: FunctionNode) -> ast.AST | None:
        owner = self.class_of(module, function)
        return owner.node if owner else None

    def _constructed(self, term: Term, owner: Instance | None) -> Term:
        """A parameter of `__init__` is what this very object was made with."""
        if owner is None or owner.made is None or not any(isinstance(t, Parameter) for t in alternatives(term)):
            return term
        made = owner.made
        terms = []
        for option in alternatives(term):
            is_own = isinstance(option, Parameter) and getattr(option.function, "name", "") == "__init__"
            given = self.argument_of(option, made) if is_own and isinstance(option, Parameter) else None
            terms.append(given or option)
        return choice(terms)

    def _field(self, of: Class, name: str, made: Invocation) -> Term:
        """A dataclass or pydantic field is what the constructor was given under its name."""
        if name in made.keywords:
            return made.keywords[name].term
        fields = [s.target.id for s in of.node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
        position = fields.index(name)
        return made.positional[position].term if position < len(made.positional) else Unknown("field")

    def _method(self, of: Class, binding: Binding, owner: Instance | None) -> Term:
        node = binding.statement
        assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        method = Function(node, of.module, owner or of)
        if any(called_name(d) in ("property", "cached_property") for d in node.decorator_list):
            return self.returned(method)
        return method

    def _item(self, term: Term, key: Term, site: Site | None) -> Term:
        if isinstance(term, Choice):
            return choice([self._item(t, key, site) for t in term.terms], is_certain=term.is_certain)
        constant = key.value if isinstance(key, Constant) else None
        if isinstance(term, Mapping) and constant is not None:
            found = term.entries.get(str(constant))
            return found.term if found else Unknown("not in the dict")
        if isinstance(term, Sequence) and isinstance(constant, int) and term.is_closed:
            is_there = -len(term.items) <= constant < len(term.items)
            return term.items[constant].term if is_there else Unknown("no such item")
        return Part(term, f"[{constant!r}]" if constant is not None else "[]", site)

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
            positional.append(self.expression(self._beside(site, value)))
        for keyword in call.keywords:
            held = self.expression(self._beside(site, keyword.value))
            if keyword.arg is None:
                closed &= self._spread(held.term, keywords)
            else:
                keywords[keyword.arg] = held
        return tuple(positional), keywords, closed

    def _call(self, site: Site, call: ast.Call) -> Term:
        callee = self._inner(site, call.func)
        results = [self._result(site, call, option) for option in alternatives(callee)]
        return choice(results, is_certain=not isinstance(callee, Choice) or callee.is_certain)

    def _result(self, site: Site, call: ast.Call, callee: Term) -> Term:
        if isinstance(callee, Foreign) and callee.name == "builtins.super":
            owner = next((s for s in _outward(site.scope) if isinstance(s.node, ast.ClassDef)), None)
            if owner is not None and isinstance(owner.node, ast.ClassDef):
                return self._super(self._class(owner.node, site.module))
        positional, keywords, closed = self.arguments(site, call)
        return self.reduced(Invocation(callee, positional, keywords, closed, site))

    def reduced(self, made: Invocation) -> Term:
        """A call as what it gives, where that is known."""
        first = made.positional[0].term if made.positional else None
        match made.callee:
            case Function() as function:
                return self._applied(function, made)
            case Class() as of:
                return Instance(of, made)
            case Constant(value=None):
                return AGAIN  # nothing comes from here: None cannot be called
            case Part(base=Mapping() as base, key=".get") if first is not None:
                return self._item(base, first, made.site)
            case Part(base=Mapping() as base, key=".copy" | ".items"):
                return base
            case Foreign(name=name):
                return self._builtin(name.removeprefix("builtins."), first, made)
        return made

    def _builtin(self, name: str, first: Term | None, made: Invocation) -> Term:
        """What a builtin makes of its first argument."""
        if name == "dict" and first is None:
            return Mapping(made.keywords, made.is_closed, made.site)
        if name in ("dict", "copy.copy", "copy.deepcopy") and isinstance(first, Mapping):
            return Mapping({**first.entries, **made.keywords}, made.is_closed and first.is_closed, made.site)
        if name == "getattr" and len(made.positional) > 1 and isinstance(attr := made.positional[1].term, Constant):
            return self.part(first or Unknown(), f".{attr.value}", made.site)
        if name == "next" and first is not None:
            return element(first)
        if name in ("list", "tuple", "sorted", "reversed", "iter") and first is not None:
            return first
        return made

    def _super(self, of: Class) -> Term:
        for base in self.bases(of):
            if isinstance(base, Class):
                return Instance(base)
            if path(base):
                return Part(base, "()")
        return Unknown("super")

    def returned(self, function: Function) -> Term:
        """What a function returns, in terms of its own parameters."""
        return self._once(("returned", function.node), lambda: self._returned(function))

    def _returned(self, function: Function) -> Term:
        node, module = function.node, function.module
        if isinstance(node, ast.Lambda):
            return self.at(module, node.body).term
        values = [] if node in module.names.generators else module.names.returns[node]
        terms = [self.at(module, value).term for value in sorted(values, key=lambda value: value.lineno)]
        return choice(terms) if terms else Constant(None)

    def _applied(self, function: Function, made: Invocation) -> Term:
        result = self.returned(function)
        return self.substituted(result, function, made)

    # Parameters ------------------------------------------------------------------------------------------------------

    def parameters(self, term: Term) -> frozenset[Parameter]:
        """The parameters a term depends on."""
        return self._measured(term)[1]

    def is_large(self, term: Term) -> bool:
        """True if a term is more than anybody could read; nothing is said of such terms."""
        return self._measured(term)[0] > SIZE

    def _measured(self, term: Term) -> tuple[int, frozenset[Parameter]]:
        if term not in self._measures:
            self._measures[term] = (1, frozenset())
            inner = [self._measured(child) for child in children(term)]
            own = frozenset((term,)) if isinstance(term, Parameter) else frozenset()
            self._measures[term] = (1 + sum(size for size, _ in inner), own.union(*(found for _, found in inner)))
        return self._measures[term]

    def argument_of(self, parameter: Parameter, made: Invocation) -> Term | None:
        """What the making of an object passes for a parameter of its `__init__`, or the default."""
        found = self.passed(parameter, made.positional, dict(made.keywords), offset=1)
        return found.term if found else self.default(parameter)

    @staticmethod
    def passed(
        parameter: Parameter, positional: tuple[Expression, ...], keywords: dict[str, Expression], offset: int
    ) -> Expression | None:
        """The argument a call passes for a parameter; `offset` is 1 where `self` is already bound."""
        if parameter.name in keywords:
            return keywords[parameter.name]
        arguments = parameter.function.args
        names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)][offset:]
        position = names.index(parameter.name) if parameter.name in names else len(positional)
        return positional[position] if position < len(positional) else None

    def default(self, parameter: Parameter) -> Term | None:
        arguments = parameter.function.args
        names = [*arguments.posonlyargs, *arguments.args]
        pairs = list(zip(reversed(names), reversed(arguments.defaults), strict=False))
        pairs += [(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None]
        node = next((default for argument, default in pairs if argument.arg == parameter.name), None)
        return self.at(parameter.module, node).term if node is not None else None

    def with_defaults(self, term: Term) -> Term:
        """A term with the defaults of its parameters, for those that have one."""
        for parameter in sorted(self.parameters(term), key=lambda p: p.name):
            default = self.default(parameter)
            if default is not None:
                given = Expression(default.site, default) if isinstance(default, Constant) and default.site else None
                function = Function(parameter.function, parameter.module)
                if given is not None and not isinstance(parameter.function, ast.Lambda):
                    made = Invocation(function, (), {parameter.name: given}, False, given.site)
                    term = Substitution(self, function, made, keeps_missing=True).of(term)
        return term

    def offset(self, function: Function) -> int:
        """1 where the first parameter is filled by the object the function is taken from."""
        is_method = self.class_of(function.module, function.node) is not None and not _is_static(function.node)
        return 1 if is_method and (function.owner is not None) else 0

    def substituted(self, term: Term, function: Function, made: Invocation) -> Term:
        """A term of a function's body with the arguments of one call in the place of its parameters."""
        return Substitution(self, function, made).of(term)


class Substitution:
    """Puts the arguments of one call into terms that speak of the called function's parameters."""

    def __init__(
        self, resolver: Resolver, function: Function, made: Invocation, *, keeps_missing: bool = False
    ) -> None:
        self.resolver = resolver
        self.keeps_missing = keeps_missing
        self.function = function
        self.made = made
        self.offset = resolver.offset(function)
        self._done: dict[Term, Term] = {}
        self._depth = 0

    def argument(self, parameter: Parameter) -> Expression | None:
        """The expression the caller wrote for a parameter, if it wrote one."""
        return self.resolver.passed(parameter, self.made.positional, dict(self.made.keywords), self.offset)

    def of(self, term: Term) -> Term:
        """The term with the call's arguments in it; the very same term if it does not depend on them."""
        if not any(p.function is self.function.node for p in self.resolver.parameters(term)):
            return term
        if self.resolver.is_large(term):
            return Unknown("too large")
        if term not in self._done:
            self._depth += 1
            self._done[term] = self._of(term) if self._depth < DEPTH else Unknown("too far away")
            self._depth -= 1
        return self._done[term]

    def expression(self, expression: Expression) -> Expression:
        return Expression(expression.site, self.of(expression.term))

    def _of(self, term: Term) -> Term:
        match term:
            case Parameter():
                return self._parameter(term)
            case Choice(terms=terms, is_certain=certain):
                return choice([self.of(t) for t in terms], is_certain=certain)
            case Part(base=base, key=key, site=site):
                return self._part(base, key, site)
            case Element(base=base):
                return element(self.of(base))
            case Operation(operator=kind, operands=operands, site=site):
                return Operation(kind, tuple(self.of(t) for t in operands), site)
            case Formatted(parts=parts, spec=spec, site=site):
                return Formatted(tuple(self.of(t) for t in parts), spec, site)
            case Invocation():
                positional = tuple(self.expression(e) for e in term.positional)
                keywords = {name: self.expression(e) for name, e in term.keywords.items()}
                return self.resolver.reduced(
                    Invocation(self.of(term.callee), positional, keywords, term.is_closed, term.site)
                )
            case Mapping(entries=entries):
                inner = {name: self.expression(e) for name, e in entries.items()}
                return Mapping(inner, term.is_closed, term.site)
            case Sequence(items=items):
                return Sequence(tuple(self.expression(e) for e in items), term.is_closed, term.site)
        return term

    def _part(self, base: Term, key: str, site: Site | None) -> Term:
        inner = self.of(base)
        if key.startswith("."):
            return self.resolver.part(inner, key, site)
        return self.resolver._item(inner, Constant(key_of(key)), site)

    def _parameter(self, parameter: Parameter) -> Term:
        if parameter.function is not self.function.node:
            return parameter
        written = self.argument(parameter)
        if written is not None:
            return written.term
        if self.keeps_missing:
            return parameter
        return (self.resolver.default(parameter) if self.made.is_closed else None) or Unknown("not passed")


NOTHING = Unknown("no such member")

FOLDS: dict[type[ast.AST], Callable[..., object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: lambda base, exponent: base**exponent if abs(exponent) <= 20 else math.nan,
}


def folded(operation: Operation) -> Term:
    """The constant that an operation on two numbers is; the operation itself otherwise."""
    values = [operand.value for operand in operation.operands if isinstance(operand, Constant)]
    work = FOLDS.get(operation.operator)
    if work is None or len(values) != 2 or not all(type(value) in (int, float) for value in values):
        return operation
    try:
        return Constant(work(*values), operation.site)
    except (ArithmeticError, ValueError):
        return operation


@lru_cache(maxsize=1024)
def key_of(item: str) -> object:
    """The key in `['key']` or `[0]`; None for `[]`."""
    return ast.literal_eval(item[1:-1]) if len(item) > 2 else None


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


def _decorators(function: FunctionNode) -> set[str]:
    return set() if isinstance(function, ast.Lambda) else {called_name(d) for d in function.decorator_list}


def _is_static(function: FunctionNode) -> bool:
    return "staticmethod" in _decorators(function)


def _is_classmethod(function: FunctionNode) -> bool:
    return "classmethod" in _decorators(function)

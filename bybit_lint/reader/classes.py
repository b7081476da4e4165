"""Classes of the project: what they inherit, and what their objects hold, whichever method or mixin put it there."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from bybit_lint.names import FUNCTIONS, Binding, FunctionNode, called_name, parameters
from bybit_lint.project import Module
from bybit_lint.reader.terms import (
    Class,
    Foreign,
    Function,
    Instance,
    Invocation,
    Parameter,
    Part,
    Site,
    Term,
    Unknown,
    alternatives,
    choice,
    path,
)

if TYPE_CHECKING:
    from bybit_lint.reader.resolve import Resolver

NOTHING = Unknown("no such member")


class Classes:
    """Answers the resolver's questions about classes."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._known: dict[ast.ClassDef, Class] = {}

    def class_of(self, module: Module, function: FunctionNode) -> Class | None:
        """The class a method belongs to."""
        parent = module.names.parents.get(function)
        return self.of_node(parent, module) if isinstance(parent, ast.ClassDef) else None

    def of_node(self, node: ast.ClassDef, module: Module) -> Class:
        return self._known.setdefault(node, Class(node, module))

    def bases(self, of: Class) -> Iterable[Term]:
        """What a class inherits from."""
        for base in of.node.bases:
            yield from alternatives(self.resolver.at(of.module, base).term)

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

    def member(self, of: Class, name: str, owner: Instance | None) -> Term | None:
        key = ("member", of.node, name, owner and owner.made)
        found = self.resolver.memory.once(key, lambda: self._find_member(of, name, owner) or NOTHING)
        return None if found is NOTHING else found

    def inherited(self, of: Class, key: str, site: Site | None) -> Term | None:
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
                    stored.append(self.resolver.bound(ancestor.module, binding))
            stored += self._stored(ancestor, name, owner)
            stored += self._set_from_outside(ancestor, name)
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
        for module in self.resolver.project.readable:
            for node in module.names.scopes:
                if isinstance(node, ast.ClassDef):
                    for base in node.bases:
                        found[called_name(base)].append(self.of_node(node, module))
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
                term = self.resolver.bound(of.module, binding)
                found.append(self._constructed(term, owner))
        return found

    def _set_from_outside(self, of: Class, name: str) -> list[Term]:
        """What other code assigns to the attribute of an object of the class, or of the class itself."""
        found = []
        for module, binding, base in self._assigned_outside.get(name, ()):
            held = alternatives(self.resolver.term(Site(module, base, binding.scope)))
            if any(c is not None and c.node is of.node for c in map(_class_of, held)):
                found.append(self.resolver.bound(module, binding))
        return found

    @cached_property
    def _assigned_outside(self) -> dict[str, list[tuple[Module, Binding, ast.expr]]]:
        """By attribute: the assignments to it by way of any name but that of a method's own object."""
        found: dict[str, list[tuple[Module, Binding, ast.expr]]] = defaultdict(list)
        for module in self.resolver.project.readable:
            for name, bindings in module.names.attributes.items():
                for binding in bindings:
                    base = _base_of(binding, name)
                    if base is not None and not self._is_own(module, binding, base):
                        found[name].append((module, binding, base))
        return found

    def _is_own(self, module: Module, binding: Binding, base: ast.expr) -> bool:
        function = binding.scope.function.node
        named = parameters(function) if isinstance(function, FUNCTIONS) else []
        is_first = isinstance(base, ast.Name) and bool(named) and base.id == named[0].arg
        return is_first and isinstance(function, FUNCTIONS) and self._owner_node(module, function) is not None

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
            given = None
            if isinstance(option, Parameter) and getattr(option.function, "name", "") == "__init__":
                given = self.resolver.parameters.argument_of(option, made)
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
            return self.resolver.returned(method)
        return method

    def above(self, of: Class) -> Term:
        for base in self.bases(of):
            if isinstance(base, Class):
                return Instance(base)
            if path(base):
                return Part(base, "()")
        return Unknown("super")


def _class_of(term: Term) -> Class | None:
    """The class whose attribute an attribute of a term may be."""
    return term.of if isinstance(term, Instance) else term if isinstance(term, Class) else None


def _base_of(binding: Binding, name: str) -> ast.expr | None:
    """What stands before the dot in an assignment to an attribute."""
    targets = binding.statement.targets if isinstance(binding.statement, ast.Assign) else []
    return next((t.value for t in targets if isinstance(t, ast.Attribute) and t.attr == name), None)

"""Classes of the project: what they inherit, and what their objects hold, whichever method or mixin put it there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import (
    FUNCTIONS,
    FunctionNode,
    is_classmethod,
    is_property,
    is_stub,
    parameters,
)
from bybit_lint.analysis.syntax.scopes import Binding
from bybit_lint.analysis.values.constructors import INIT, Constructors, is_made_by_cls, is_of_class
from bybit_lint.analysis.values.fields import Fields
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.kept import Kept
from bybit_lint.analysis.values.outside_assignments import OutsideAssignments, class_of
from bybit_lint.analysis.values.set_attributes import SetAttributes
from bybit_lint.analysis.values.substitution import Substituting, Substitution
from bybit_lint.analysis.values.terms import (
    MISSING,
    Access,
    Class,
    External,
    Function,
    Instance,
    Invocation,
    Site,
    Term,
    Union,
    Unknown,
    alternatives,
    qualified_name,
    union,
)

NOTHING = Unknown("no such member")
BARE = ("builtins.", "abc.", "enum.", "typing.", "typing_extensions.")
"""Where classes come from that have nothing to call."""


class Members:
    """Answers the evaluator's questions about classes."""

    def __init__(self, evaluation: Substituting, hierarchy: Hierarchy, constructors: Constructors, kept: Kept) -> None:
        self.evaluation = evaluation
        self.hierarchy = hierarchy
        self.constructors = constructors
        self.kept = kept
        self.fields = Fields(evaluation, hierarchy, constructors)
        self.attributes = SetAttributes(evaluation, hierarchy)
        self.outside = OutsideAssignments(evaluation, hierarchy)
        self._made: dict[tuple[FunctionNode, ast.ClassDef, Invocation | None], list[Substitution]] = {}

    def member(self, of: Class, name: str, owner: Instance | None) -> Term | None:
        key = ("member", of.node, name, owner and owner.made)
        found = self.evaluation.memo.once(key, lambda: self._find_member(of, name, owner) or NOTHING)
        return None if found is NOTHING else found

    def inherited(self, of: Class, key: str, site: Site | None) -> Term | None:
        """An attribute that comes from a class outside the project."""
        base = self.hierarchy.foreign_base(of)
        return Access(Access(External(base), "()"), key, site) if base and not base.startswith(BARE) else None

    def inherited_constructor(self, of: Class) -> Term | None:
        """The constructor a class inherits from a class outside the project, if it has none of its own."""
        base = self.hierarchy.foreign_base(of)
        if base is None or any(
            "__init__" in c.module.names.scopes[c.node].bindings for c in self.hierarchy.lineage(of)
        ):
            return None
        return External(base)

    def _find_member(self, of: Class, name: str, owner: Instance | None) -> Term | None:
        stored: list[Term] = []
        declared: list[Term] = []
        is_hidden = False
        for ancestor in self.hierarchy.lineage(of):
            scope = ancestor.module.names.scopes[ancestor.node]
            is_settled = name in self.fields.settled(ancestor)
            for binding in () if is_settled else scope.bindings.get(name, ()):
                if binding.how == "def" and not stored:
                    return self._filled_in(of, ancestor, binding, owner)
                if owner is not None and self.fields.takes(ancestor, binding, owner):
                    stored.append(self.fields.value(ancestor, binding, owner))
                elif binding.how == "import" and not stored:
                    if (adopted := self.hierarchy.adopted(ancestor.module, binding)) is not None:
                        return Function(adopted.node, adopted.module, owner or of)
                elif owner is not None and (filled := self._filled_field(of, ancestor, binding)):
                    stored += filled
                elif binding.how == "field":
                    declared.append(self.evaluation.bound(ancestor.module, binding))
                elif binding.how in ("assign", "class") and not is_hidden:
                    stored += map(self._got, self.fields.of_class(ancestor, binding))
            is_hidden |= any(b.how in ("assign", "class") for b in scope.bindings.get(name, ()))
            stored += self._stored(ancestor, name, owner)
            stored += self.outside.of_class(ancestor, name)
        stored += self._set(of, name, owner)
        if not stored and owner is not None and not is_of_class(owner):
            stored += filter(None, [self._of_heirs(of, name, owner)])
        found = stored or [term for term in declared if not isinstance(term, Unknown)]
        return self.kept.of_attribute(of, name, union(found, is_certain=len(found) < 2)) if found else None

    def _got(self, held: Term) -> Term:
        """What an object is given that asks for what its class holds: for a descriptor, what its `__get__` returns."""
        if isinstance(held, Instance):
            for ancestor in self.hierarchy.lineage(held.of):
                for binding in ancestor.module.names.scopes[ancestor.node].bindings.get("__get__", ()):
                    got = self._method(ancestor, binding, held) if binding.how == "def" else None
                    given = self.evaluation.summary(got) if isinstance(got, Function) else Unknown("a descriptor")
                    return union([option for option in alternatives(given) if option != held], is_certain=False)
        return held

    def _filled_field(self, of: Class, ancestor: Class, binding: Binding) -> list[Term]:
        """What a field of a dataclass is in its own methods, where its type says nothing."""
        says = binding.how == "field" and not isinstance(self.evaluation.bound(ancestor.module, binding), Unknown)
        return [] if says else self.fields.of_makers(of, ancestor, binding)

    def _filled_in(self, of: Class, ancestor: Class, binding: Binding, owner: Instance | None) -> Term:
        """A method; where it is a stub and nobody knows of which heir the object is, what the heirs have for it."""
        method = self._method(ancestor, binding, owner or of)
        if owner is None or owner.made is not None or not (isinstance(method, Function) and is_stub(method.node)):
            return method
        found = [
            self._method(heir, own, Instance(heir))
            for heir in self.hierarchy.heirs(of)
            for own in heir.module.names.scopes[heir.node].bindings.get(binding.path, ())
            if own.how == "def"
        ]
        return union(found, is_certain=len(found) < 2) if found else method

    def _of_heirs(self, of: Class, name: str, owner: Instance) -> Term | None:
        """What the classes that a mixin is mixed into have under a name that the mixin itself has not."""
        found = []
        for heir in self.hierarchy.named(of.node.name):
            lineage = self.hierarchy.lineage(heir)
            if any(c.node is of.node for c in lineage):
                for ancestor in lineage:
                    if ancestor.node is not of.node:
                        found += self._own(ancestor, name, owner)
        return union(found, is_certain=len(found) < 2) if found else None

    def _own(self, of: Class, name: str, owner: Instance) -> list[Term]:
        """What one class has under a name, without what it inherits."""
        bindings = of.module.names.scopes[of.node].bindings.get(name, ())
        methods = [self._method(of, b, owner) for b in bindings if b.how == "def"]
        return methods or self._stored(of, name, None)

    def _stored(self, of: Class, name: str, owner: Instance | None) -> list[Term]:
        """What the methods of a class assign to `self.name`."""
        found = []
        for binding in of.module.names.attributes.get(name, ()):
            function = binding.scope.function.node
            if not isinstance(function, FUNCTIONS) or self._owner_node(of.module, function) is not of.node:
                continue
            named = parameters(function)
            if named and binding.path == f"{named[0].arg}.{name}":
                term = self.evaluation.bound(of.module, binding)
                is_constructor = getattr(function, "name", "") == INIT
                found.append(self._constructed(term, of, function, owner) if is_constructor else term)
        return found

    def _set(self, of: Class, name: str, owner: Instance | None) -> Iterator[Term]:
        """What methods set under a name that is only known when they run; methods themselves are no such thing."""
        for ancestor in () if name.startswith("__") else self.hierarchy.lineage(of):
            for function, term in self.attributes.of(ancestor, name):
                is_constructor = getattr(function, "name", "") == INIT
                found = self._constructed(term, ancestor, function, owner) if is_constructor else term
                if found is not MISSING:
                    yield found

    def _owner_node(self, module: Module, function: FunctionNode) -> ast.AST | None:
        owner = self.hierarchy.class_of(module, function)
        return owner.node if owner else None

    def _constructed(self, term: Term, of: Class, constructor: FunctionNode, owner: Instance | None) -> Term:
        """What a constructor makes of its parameters, as it was called for this very object, or is for its class."""
        if owner is None or (owner.made is None and owner.of.node is of.node):
            return term
        if constructor not in self.evaluation.parameters.measured(term).functions:
            return term
        found = [way.of(option) for way in self._makings(of, constructor, owner) for option in alternatives(term)]
        return union(found) if found else Unknown("a constructor that is not called")

    def _makings(self, of: Class, constructor: FunctionNode, owner: Instance) -> list[Substitution]:
        """The calls of a constructor for an object, of which each attribute of the object may be asked."""
        key = constructor, owner.of.node, owner.made
        if key not in self._made:
            function, given = Function(constructor, of.module, owner), self.constructors.arguments(owner, of)
            self._made[key] = [Substitution(self.evaluation, function, made) for made in given]
        return self._made[key]

    def _method(self, of: Class, binding: Binding, owner: Instance | Class) -> Term:
        node = binding.statement
        assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        method = Function(node, of.module, owner)
        if is_property(node):
            return self.of_object(owner, self.evaluation.summary(method))
        return method

    def of_object(self, owner: Term | None, term: Term) -> Term:
        """What a method gives of an object that is known to be made: with what its constructors were given."""
        if not isinstance(owner, Instance) or owner.made is None:
            return term
        given = self.evaluation.parameters.measured(term).functions
        for ancestor in self.hierarchy.lineage(owner.of) if given else ():
            constructor = self.constructors.written(ancestor)
            if constructor is not None and constructor in given:
                term = self._constructed(term, ancestor, constructor, owner)
        return term

    def made_for(self, function: Function, term: Term) -> Term:
        """What a class method gives that makes an object of its class, where it is taken from an heir."""
        taken = class_of(function.owner) if function.owner is not None else None
        home = self.hierarchy.class_of(function.module, function.node)
        if taken is None or home is None or taken.node is home.node or not is_classmethod(function.node):
            return term
        found = [self._of_heir(home, taken, option) for option in alternatives(term)]
        return union(found, is_certain=not isinstance(term, Union) or term.is_certain)

    @staticmethod
    def _of_heir(home: Class, heir: Class, term: Term) -> Term:
        is_own = isinstance(term, Instance) and term.of.node is home.node
        made = term.made if isinstance(term, Instance) else None
        return Instance(heir, made) if is_own and made is not None and is_made_by_cls(made) else term

    def above(self, of: Class, key: str, site: Site | None) -> Term | None:
        """A method that `super()` gives in a class; `key` with its dot."""
        for base in self.hierarchy.bases(of):
            found = self._method_above(of, base, key[1:]) if isinstance(base, Class) else None
            outside = self.hierarchy.foreign_base(base) if isinstance(base, Class) else qualified_name(base)
            if found is None and outside is not None and not outside.startswith(BARE):
                found = Access(Access(External(outside), "()"), key, site)
            if found is not None:
                return found
        return None

    def _method_above(self, of: Class, base: Class, name: str) -> Term | None:
        for ancestor in self.hierarchy.lineage(base):
            for binding in ancestor.module.names.scopes[ancestor.node].bindings.get(name, ()):
                if binding.how == "def":
                    return self._method(ancestor, binding, Instance(of))
        return None

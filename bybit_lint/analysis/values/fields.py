"""Fields of classes whose constructors are made of them, as those of dataclasses and of pydantic's models are."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

from bybit_lint.analysis.bounds import MAX_MAKERS
from bybit_lint.analysis.syntax.nodes import called_name, walk
from bybit_lint.analysis.syntax.scopes import Binding
from bybit_lint.analysis.values.constructors import Constructors, is_dataclass
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.futures import called
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.terms import (
    Class,
    Constant,
    Expression,
    Instance,
    Invocation,
    ListTerm,
    Site,
    Term,
    Unknown,
    alternatives,
    qualified_name,
    union,
)
from bybit_lint.analysis.values.validators import Validators

NOT_PASSED = Unknown("field")
DECLARED = {"field", "ib", "attrib", "Field"}
"""What a field is declared by where more than its default is said of it."""

AUTO, NAMED = "enum.auto()", "enum.StrEnum"

MADE_OF_FIELDS = ("BaseModel", "BaseSettings", "SQLModel", "NamedTuple", "Struct")
"""Classes of libraries that make a constructor of the fields of their heirs."""


class Fields:
    """Answers what an object has in the fields that its constructor fills."""

    def __init__(self, evaluation: Evaluation, hierarchy: Hierarchy, constructors: Constructors) -> None:
        self.evaluation = evaluation
        self.hierarchy = hierarchy
        self.constructors = constructors
        self.validators = Validators(evaluation, hierarchy)
        self._declared: dict[ast.ClassDef, dict[str, ast.AnnAssign]] = {}
        self._settled: dict[ast.ClassDef, frozenset[str]] = {}

    def takes(self, of: Class, binding: Binding, owner: Instance) -> bool:
        """True if a binding in a class is a field that the constructor of an object is known to fill."""
        if owner.made is None or not _is_field(binding.statement):
            return False
        if is_dataclass(of):
            return True
        is_written = any(self.constructors.written(c) for c in self.hierarchy.lineage(owner.of))
        is_foreign = self.hierarchy.foreign_base(owner.of) is not None
        return not is_written and (binding.how == "field" or is_foreign)

    def of_makers(self, of: Class, field: Class, binding: Binding) -> list[Term]:
        """What a field is of any object of a class, by whoever makes one; nothing if nobody is seen to."""
        if not _is_field(binding.statement) or not self.are_all(of):
            return []
        return [way for made in self._makings(of) for way in self._given(of, field, binding, made)]

    def are_all(self, of: Class) -> bool:
        """True for a class whose constructor takes its fields and nothing else."""
        lineage = self.hierarchy.lineage(of)
        if any(self.constructors.written(each) for each in lineage):
            return False
        base = (self.hierarchy.foreign_base(of) or "").rpartition(".")[2]
        return base in MADE_OF_FIELDS or any(map(is_dataclass, lineage))

    def _makings(self, of: Class) -> list[Invocation]:
        """The calls that make objects of a class, or of an heir, outside of tests."""
        found = self.evaluation.memo.once(("makers", of.node), self._made_anywhere, of)
        objects = [held.term for held in found.items] if isinstance(found, ListTerm) else []
        made = [each.made for each in objects if isinstance(each, Instance) and each.made is not None]
        return made if len(made) <= MAX_MAKERS else []

    def _made_anywhere(self, of: Class) -> Term:
        """All objects of a class that are made; what they are given may be read from one of them."""
        named = {each.node.name: each.node for each in (of, *self.hierarchy.heirs(of))}
        found = [
            Expression(Site(module, call, module.names.scope(call)), option)
            for module in self.evaluation.project.readable
            if not module.is_test or module is of.module
            for call in module.names.called(*named)
            for option in alternatives(self.evaluation.evaluate(module, call))
            if isinstance(option, Instance) and option.of.node in named.values()
        ]
        return ListTerm(tuple(found), True, found[0].site) if found else NOT_PASSED

    def value(self, of: Class, binding: Binding, owner: Instance) -> Term:
        """What the constructor was given under a field's name, else its default."""
        taker = next(
            (c for c in self.hierarchy.lineage(owner.of) if is_dataclass(c) and not self.constructors.written(c)), of
        )
        ways = self.constructors.arguments(owner, taker)
        return union([way for made in ways for way in self._given(taker, of, binding, made)]) if ways else NOT_PASSED

    def _given(self, taker: Class, of: Class, binding: Binding, made: Invocation) -> list[Term]:
        passed = self.passed(taker, binding.path, made)
        if passed is not None:
            return [self.validators.validated(taker, binding.path, passed)]
        return [self._default(of, binding), *(() if made.is_closed else (NOT_PASSED,))]

    def of_class(self, of: Class, binding: Binding) -> list[Term]:
        """What a class itself says of an attribute: nothing, where `field(init=False)` leaves it to somebody else."""
        held = self._default(of, binding) if binding.value is not None else self.evaluation.bound(of.module, binding)
        if isinstance(held, Invocation) and qualified_name(held) == AUTO and self._is_named_by_members(of):
            return [Constant(binding.path.lower(), held.site)]
        return [] if held is NOT_PASSED else [held]

    def _is_named_by_members(self, of: Class) -> bool:
        """True for an enum whose members are, where it says `auto()`, their own names in small letters."""
        own = (each.module.names.scopes[each.node].bindings for each in self.hierarchy.lineage(of))
        return self.hierarchy.foreign_base(of) == NAMED and all("_generate_next_value_" not in held for held in own)

    def settled(self, of: Class) -> frozenset[str]:
        """The fields that each object of a dataclass works out once it is made, whatever it was given for them."""
        if of.node not in self._settled:
            self._settled[of.node] = frozenset(_set_behind(of.node) if is_dataclass(of) else ())
        return self._settled[of.node]

    def declared(self, of: Class) -> dict[str, ast.AnnAssign]:
        """The fields of a class and of those it inherits from, in their order."""
        if of.node not in self._declared:
            own = [s for c in reversed(self.hierarchy.lineage(of)) for s in c.node.body if _is_field(s)]
            self._declared[of.node] = {s.target.id: s for s in own if isinstance(s.target, ast.Name)}
        return self._declared[of.node]

    def passed(self, taker: Class, name: str, made: Invocation) -> Expression | None:
        """What the constructor that is made of a class's fields, and of those it inherits, is given for one of them."""
        if name in made.keywords:
            return made.keywords[name]
        if not made.keywords and not made.positional:
            return None
        fields = self.declared(taker)
        other = alias(fields[name]) if name in fields and made.keywords else ""
        if other in made.keywords:
            return made.keywords[other]
        position = [*fields].index(name) if name in fields else len(made.positional)
        return made.positional[position] if position < len(made.positional) else None

    def _default(self, of: Class, binding: Binding) -> Term:
        """What a field is that the constructor is given nothing for."""
        held = self.evaluation.bound(of.module, binding) if binding.value is not None else NOT_PASSED
        if not isinstance(held, Invocation) or called(held.callee) not in DECLARED:
            return held
        made = held.keywords.get("default_factory") or held.keywords.get("factory")
        if made is not None:
            return self.evaluation.apply(Invocation(made.term, (), {}, True, held.site))
        given = held.keywords.get("default") or next(iter(held.positional), None)
        return given.term if given is not None else NOT_PASSED


def alias(field: ast.AnnAssign, *, is_out: bool = False) -> str:
    """What a field is called where the object is made, or where it is written out: `Field(alias="orderType")`."""
    if not isinstance(field.value, ast.Call) or called_name(field.value.func) not in DECLARED:
        return ""
    said = {k.arg: k.value.value for k in field.value.keywords if isinstance(k.value, ast.Constant)}
    own = said.get("serialization_alias" if is_out else "validation_alias")
    return str(own or said.get("alias") or "")


def _is_field(statement: ast.AST) -> TypeGuard[ast.AnnAssign]:
    """True for a field that the constructor of a dataclass takes."""
    match statement:
        case ast.AnnAssign(target=ast.Name(), annotation=annotation, value=value):
            is_taken = not isinstance(value, ast.Call) or all(k.arg != "init" for k in value.keywords)
            return is_taken and "ClassVar" not in ast.dump(annotation)
    return False


def _set_behind(of: ast.ClassDef) -> Iterator[str]:
    """The attributes that `__post_init__` sets in any case, to something that is not made of what they were."""
    for method in of.body:
        for statement in method.body if isinstance(method, ast.FunctionDef) and method.name == "__post_init__" else ():
            match statement:
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(), attr=name)], value=value):
                    if all(node.attr != name for node in walk(value) if isinstance(node, ast.Attribute)):
                        yield name

"""Fields of classes whose constructors are made of them, as those of dataclasses and of pydantic's models are."""

from __future__ import annotations

import ast
from typing import TypeGuard

from bybit_lint.analysis.syntax.scopes import Binding
from bybit_lint.analysis.values.constructors import Constructors, is_dataclass
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.futures import called
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.terms import Class, Instance, Invocation, Term, Unknown, union

NOT_PASSED = Unknown("field")
DECLARED = {"field", "ib", "attrib", "Field"}
"""What a field is declared by where more than its default is said of it."""


class Fields:
    """Answers what an object has in the fields that its constructor fills."""

    def __init__(self, evaluation: Evaluation, hierarchy: Hierarchy, constructors: Constructors) -> None:
        self.evaluation = evaluation
        self.hierarchy = hierarchy
        self.constructors = constructors

    def takes(self, of: Class, binding: Binding, owner: Instance) -> bool:
        """True if a binding in a class is a field that the constructor of an object is known to fill."""
        if owner.made is None or not _is_field(binding.statement):
            return False
        if is_dataclass(of):
            return True
        is_written = any(self.constructors.written(c) for c in self.hierarchy.lineage(owner.of))
        is_foreign = self.hierarchy.foreign_base(owner.of) is not None
        return not is_written and (binding.how == "field" or is_foreign)

    def value(self, of: Class, binding: Binding, owner: Instance) -> Term:
        """What the constructor was given under a field's name, else its default."""
        taker = next(
            (c for c in self.hierarchy.lineage(owner.of) if is_dataclass(c) and not self.constructors.written(c)), of
        )
        ways = self.constructors.arguments(owner, taker)
        return union([way for made in ways for way in self._given(taker, of, binding, made)]) if ways else NOT_PASSED

    def _given(self, taker: Class, of: Class, binding: Binding, made: Invocation) -> list[Term]:
        passed = self._passed(taker, binding.path, made)
        if passed is not None:
            return [passed]
        return [self._default(of, binding), *(() if made.is_closed else (NOT_PASSED,))]

    def _passed(self, taker: Class, name: str, made: Invocation) -> Term | None:
        """What the constructor that is made of a class's fields, and of those it inherits, is given for one of them."""
        if name in made.keywords:
            return made.keywords[name].term
        if not made.positional:
            return None
        own = [s.target for c in reversed(self.hierarchy.lineage(taker)) for s in c.node.body if _is_field(s)]
        fields = list(dict.fromkeys(target.id for target in own if isinstance(target, ast.Name)))
        position = fields.index(name) if name in fields else len(made.positional)
        return made.positional[position].term if position < len(made.positional) else None

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


def _is_field(statement: ast.AST) -> TypeGuard[ast.AnnAssign]:
    """True for a field that the constructor of a dataclass takes."""
    match statement:
        case ast.AnnAssign(target=ast.Name(), annotation=annotation, value=value):
            is_taken = not isinstance(value, ast.Call) or all(k.arg != "init" for k in value.keywords)
            return is_taken and "ClassVar" not in ast.dump(annotation)
    return False

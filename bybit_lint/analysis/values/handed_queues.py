"""Queues that are handed to others: what these put there, by the name that they get it by or keep it under."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import BoundArguments, bind
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee, thread_target
from bybit_lint.analysis.syntax.nodes import FunctionNode
from bybit_lint.analysis.syntax.scopes import Scope, Store
from bybit_lint.analysis.values.constructors import Constructors, is_dataclass
from bybit_lint.analysis.values.fields import Fields
from bybit_lint.analysis.values.kept import Kept
from bybit_lint.analysis.values.substitution import Substituting
from bybit_lint.analysis.values.terms import Class, Function, ListTerm, Site, Term, alternatives
from bybit_lint.tuples import NamedTuple


class HandedQueues:
    """Answers what is in a queue that its maker hands to functions, and to objects that keep it."""

    def __init__(self, evaluation: Substituting, kept: Kept, constructors: Constructors, fields: Fields) -> None:
        self.evaluation = evaluation
        self.kept = kept
        self.constructors = constructors
        self.fields = fields

    def filled(self, made: ListTerm) -> Term:
        """A queue with all that is put into it elsewhere."""
        return self.evaluation.memo.once(("queue", made.site.node), self._filled, made)

    def _filled(self, made: ListTerm) -> Term:
        return self.kept.filled(made, [*self._stores(made.site)])

    def _stores(self, site: Site) -> Iterator[tuple[Module, Store]]:
        names = site.module.names
        named = _target(names.parents.get(site.node))
        for call in names.calls if named is not None else ():
            passed = Passed.by(call)
            for given in (*passed.positional, *passed.named.values()):
                if named is not None and _is_same(named, given, names.scope(named), names.scope(given)):
                    for callee in alternatives(self.evaluation.evaluate(site.module, passed.callee)):
                        yield from self._put_by(callee, passed, given)

    def _put_by(self, callee: Term, passed: Passed, given: ast.expr) -> Iterator[tuple[Module, Store]]:
        """What somebody puts into a queue who is given it."""
        match callee:
            case Function(node=node, module=module):
                name = passed.to(node, self.evaluation.parameters.offset(callee)).parameter_of(given)
                yield from self.kept.put_in(node, name, module) if name is not None else ()
            case Class():
                for name in self._attributes(callee, passed, given):
                    yield from self.kept.put_by(callee, name)

    def _attributes(self, of: Class, passed: Passed, given: ast.expr) -> Iterator[str]:
        """The names under which an object keeps what it is made with."""
        for maker in self.constructors.makers(of):
            node = self.constructors.written(maker)
            name = passed.to(node, 1).parameter_of(given) if node is not None else None
            for attribute, bindings in maker.module.names.attributes.items() if name is not None else ():
                if any(_is_named(b.value, name) and b.scope.function.node is node for b in bindings):
                    yield attribute
        if is_dataclass(of):
            fields = {**dict(zip(self.fields.declared(of), passed.positional, strict=False)), **passed.named}
            yield from (name for name, held in fields.items() if held is given)


class Passed(NamedTuple):
    """What a call passes, be it to a function that something else will call: `Thread(target=work, args=(queue,))`."""

    callee: ast.expr
    positional: Sequence[ast.expr]
    named: Mapping[str, ast.expr]

    @classmethod
    def by(cls, call: ast.Call) -> Passed:
        named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
        target, args = thread_target(call), named.get("args")
        if target is not None:
            return cls(target, args.elts if isinstance(args, (ast.Tuple, ast.List)) else (), {})
        callee, skip = deferred_callee(call)
        return cls(callee, [*takewhile(lambda value: not isinstance(value, ast.Starred), call.args[skip:])], named)

    def to(self, function: FunctionNode, offset: int) -> BoundArguments[ast.expr]:
        return bind(function, self.positional, self.named, offset)


def _target(statement: ast.AST | None) -> ast.Name | ast.Attribute | None:
    """What a queue is called where it is made: a variable, or an attribute of an object's own."""
    match statement:
        case ast.Assign(targets=[ast.Name() | ast.Attribute(value=ast.Name()) as target]):
            return target
        case ast.AnnAssign(target=ast.Name() | ast.Attribute(value=ast.Name()) as target):
            return target
    return None


def _is_same(named: ast.Name | ast.Attribute, given: ast.expr, there: Scope, here: Scope) -> bool:
    """True if both stand for the same queue: a variable of one scope, or an attribute in methods of one class."""
    match named, given:
        case ast.Name(id=name), ast.Name(id=other) if name == other:
            return here.holder(name) is there.holder(name)
        case ast.Attribute(attr=name, value=ast.Name(id=owner)), ast.Attribute(attr=other, value=ast.Name(id=held)):
            return name == other and owner == held and here.function.parent is there.function.parent
    return False


def _is_named(value: ast.expr | None, name: str | None) -> bool:
    return isinstance(value, ast.Name) and value.id == name

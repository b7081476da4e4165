"""Arguments in the place of parameters: what a function's terms are in the eyes of one of its callers."""

from __future__ import annotations

import ast
from collections.abc import Mapping as MappingType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bybit_lint import bounds
from bybit_lint.names import FunctionNode, is_classmethod, is_static
from bybit_lint.reader.memory import DEPTH
from bybit_lint.reader.terms import (
    ATOMS,
    HUGE,
    Choice,
    Class,
    Constant,
    Element,
    Expression,
    Formatted,
    Function,
    Instance,
    Invocation,
    Mapping,
    Operation,
    Parameter,
    Part,
    Sequence,
    Site,
    Term,
    Unknown,
    alternatives,
    children,
    choice,
    element,
)

if TYPE_CHECKING:
    from bybit_lint.reader.resolve import Resolver

SIZE = 600
"""Terms of more parts are more than anybody could read, and count as unknown."""
BESIDE = (Sequence, Mapping, Instance)
"""What holds its parts side by side, each of which is large or not by itself."""
NO_PARAMETERS: frozenset[Parameter] = frozenset()
NO_FUNCTIONS: frozenset[FunctionNode] = frozenset()


class Measure(NamedTuple):
    """How large a term is, see `bounds`, the parameters it depends on, and the functions they are of."""

    size: int = 1
    joined: int = 1
    levels: int = 1
    parameters: frozenset[Parameter] = NO_PARAMETERS
    functions: frozenset[FunctionNode] = NO_FUNCTIONS

    @property
    def is_bounded(self) -> bool:
        return self.size <= bounds.PARTS and self.joined <= bounds.JOINED and self.levels <= bounds.LEVELS


LEAF = Measure()
"""A term without parts, as most are."""


class Arguments(Protocol):
    """The arguments of a call."""

    @property
    def site(self) -> Site: ...

    @property
    def positional(self) -> tuple[Expression, ...]: ...

    @property
    def keywords(self) -> MappingType[str, Expression]: ...

    @property
    def is_closed(self) -> bool: ...


class Parameters:
    """Answers the resolver's questions about parameters: who depends on them, and what they are given."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._known: dict[Term, Measure] = {}

    def of(self, term: Term) -> frozenset[Parameter]:
        """The parameters a term depends on."""
        return self.measured(term).parameters

    def measured(self, term: Term) -> Measure:
        """How large a term is, and what it depends on."""
        return LEAF if type(term) in ATOMS else self._known.get(term) or self._measure(term)

    def _measure(self, term: Term) -> Measure:
        known = self._known
        known[term] = LEAF
        size, joined, levels = 1, 0, 0
        is_beside = isinstance(term, BESIDE)
        found = frozenset((term,)) if isinstance(term, Parameter) else NO_PARAMETERS
        for child in children(term):
            inner = LEAF if type(child) in ATOMS else known.get(child) or self._measure(child)
            size += inner.size
            joined = max(joined, inner.joined) if is_beside else joined + inner.joined
            levels = max(levels, inner.levels)
            found = (found | inner.parameters if found else inner.parameters) if inner.parameters else found
        if size > 1 or found:
            functions = frozenset([p.function for p in found]) if found else NO_FUNCTIONS
            known[term] = Measure(size, joined + 1, levels + 1, found, functions)
        return known[term]

    def bounded(self, term: Term) -> Term:
        """The term itself, if it is not too large."""
        return term if self.measured(term).is_bounded else HUGE

    def argument_of(self, parameter: Parameter, made: Invocation) -> Term | None:
        """What the making of an object passes for a parameter of its `__init__`, or the default."""
        found = self.passed(parameter, made.positional, made.keywords, offset=1)
        return found.term if found else self.default(parameter)

    @staticmethod
    def passed(
        parameter: Parameter, positional: tuple[Expression, ...], keywords: MappingType[str, Expression], offset: int
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
        return self.resolver.at(parameter.module, node).term if node is not None else None

    def with_defaults(self, term: Term) -> Term:
        """A term with the defaults of its parameters, for those that have one."""
        for parameter in sorted(self.of(term), key=lambda p: p.name):
            default = self.default(parameter)
            if default is not None:
                given = Expression(default.site, default) if isinstance(default, Constant) and default.site else None
                function = Function(parameter.function, parameter.module)
                if given is not None and not isinstance(parameter.function, ast.Lambda):
                    made = Invocation(function, (), {parameter.name: given}, False, given.site)
                    term = Substitution(self.resolver, function, made, keeps_missing=True).of(term)
        return term

    def offset(self, function: Function) -> int:
        """1 where the first parameter is filled by what the function is taken from: a class gives methods no object."""
        node = function.node
        is_method = self.resolver.classes.class_of(function.module, node) is not None and not is_static(node)
        is_bound = function.owner is not None and (not isinstance(function.owner, Class) or is_classmethod(node))
        return 1 if is_method and is_bound else 0


class Substitution:
    """Puts the arguments of one call into terms that speak of the called function's parameters."""

    def __init__(self, resolver: Resolver, function: Function, made: Arguments, *, keeps_missing: bool = False) -> None:
        self.resolver = resolver
        self.keeps_missing = keeps_missing
        self.function = function
        self.made = made
        self.offset = resolver.parameters.offset(function)
        self._done: dict[Term, Term] = {}
        self._depth = 0

    def fits(self, parameter: Parameter) -> bool:
        """False for a constructor's parameter as the objects of a class have it, where an object of another is made."""
        owner = self.function.owner
        if parameter.of is None or not isinstance(owner, Instance):
            return True
        return any(of.node is parameter.of.node for of in self.resolver.classes.lineage(owner.of))

    def argument(self, parameter: Parameter) -> Expression | None:
        """The expression the caller wrote for a parameter, if it wrote one."""
        return self.resolver.parameters.passed(parameter, self.made.positional, self.made.keywords, self.offset)

    def of(self, term: Term) -> Term:
        """The term with the call's arguments in it; the very same term if it does not depend on them."""
        if type(term) in ATOMS:
            return term
        done = self._done.get(term)
        if done is not None:
            return done
        measure = self.resolver.parameters.measured(term)
        if self.function.node not in measure.functions:
            return term
        if measure.size > SIZE and not _is_several(term):
            return HUGE
        self._depth += 1
        done = self._done[term] = (
            self.resolver.parameters.bounded(self._of(term)) if self._depth < DEPTH else Unknown("too far away")
        )
        self._depth -= 1
        return done

    def expression(self, expression: Expression) -> Expression:
        return Expression(expression.site, self.of(expression.term))

    def _of(self, term: Term) -> Term:
        match term:
            case Parameter():
                return self._parameter(term)
            case Choice(terms=terms, is_certain=certain):
                return choice([self.of(t) for t in terms], is_certain=certain)
            case Part(base=base, key=key, site=site):
                return self.resolver.taken(self.of(base), key, site)
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

    def _parameter(self, parameter: Parameter) -> Term:
        if parameter.function is not self.function.node or not self.fits(parameter):
            return parameter
        written = self.argument(parameter)
        if written is not None:
            return written.term
        if self.keeps_missing:
            return parameter
        return (self.resolver.parameters.default(parameter) if self.made.is_closed else None) or Unknown("not passed")


def _is_several(term: Term) -> bool:
    """True for what holds other terms side by side, each of which is large or not by itself."""
    return all(isinstance(option, BESIDE) for option in alternatives(term))

"""Arguments in the place of parameters: what a function's terms are in the eyes of one of its callers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from operator import is_
from typing import Protocol

from bybit_lint.analysis.bounds import MAX_NESTED_VALUES, MAX_SUBSTITUTED_PARTS
from bybit_lint.analysis.syntax.argument_binding import BoundArguments, bind
from bybit_lint.analysis.values.containers import element
from bybit_lint.analysis.values.evaluation import CallArguments, Evaluation
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.leftovers import left_over, places_in_rest, takes_rest
from bybit_lint.analysis.values.mappings import Entries
from bybit_lint.analysis.values.parameters import BESIDE, Parameters, text_of
from bybit_lint.analysis.values.shapes import Shapes
from bybit_lint.analysis.values.terms import (
    ITEM_OR_DEFAULT,
    Access,
    Atom,
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
    Spread,
    Term,
    Union,
    Unknown,
    key_of,
    union,
)

FAR = Unknown("too far away")


class Substituting(Evaluation, Protocol):
    """The evaluator, as far as substitution knows it."""

    @property
    def parameters(self) -> Parameters: ...

    @property
    def hierarchy(self) -> Hierarchy: ...

    @property
    def shapes(self) -> Shapes: ...


class Substitution:
    """Puts the arguments of one call into terms that speak of the called function's parameters."""

    def __init__(
        self,
        evaluation: Substituting,
        function: Function,
        made: CallArguments,
        *,
        keeps_missing: bool = False,
        is_partial: bool = False,
    ) -> None:
        self.evaluation = evaluation
        self.keeps_missing = keeps_missing
        self.is_partial = is_partial
        """True where somebody else passes what has no default."""
        self.function = function
        self.made = made
        self.offset = evaluation.parameters.offset(function)
        self._node, self._measured = function.node, evaluation.parameters.measured
        self._done: dict[Term, Term] = {}
        self._depth = 0

    def fits(self, parameter: Parameter) -> bool:
        """False for a constructor's parameter as the objects of a class have it, where an object of another is made."""
        owner = self.function.owner
        if parameter.of is None or not isinstance(owner, Instance):
            return True
        return any(of.node is parameter.of.node for of in self.evaluation.hierarchy.lineage(owner.of))

    @cached_property
    def bound(self) -> BoundArguments[Expression]:
        """The call's arguments, by the parameters of the called function."""
        return bind(self.function.node, self.made.positional, self.made.keywords, self.offset)

    def argument(self, parameter: Parameter) -> Expression | None:
        """The expression the caller wrote for a parameter, if it wrote one."""
        if takes_rest(parameter):
            return left_over(parameter, self.bound, self.made, self.offset)
        return self.bound.named.get(parameter.name) or self._out_of_rest(parameter)

    def _out_of_rest(self, parameter: Parameter) -> Expression | None:
        """What a parameter is given as a part of `*rest` or `**more`."""
        held = None
        places = places_in_rest(parameter, self.made, self.offset)
        given = self.evaluation.parameters.default(parameter) if places else None
        for more, key in reversed(places):
            held = Expression(more.site, self._taken(more, key, given))
            given = held.term
        return held

    def _taken(self, more: Expression, key: str, default: Term | None) -> Term:
        """An item of `*rest` or `**more`, or what stands there in its place where it is not given."""
        if default is None:
            return self.evaluation.access(more.term, key, more.site)
        name, instead = Expression(more.site, Constant(key_of(key))), Expression(more.site, default)
        if isinstance(key_of(key), str):
            asked = Invocation(Access(more.term, ".get", more.site), (name, instead), {}, True, self.made.site)
        else:
            asked = Invocation(External(ITEM_OR_DEFAULT), (more, name, instead), {}, True, self.made.site)
        return self.evaluation.apply(asked)

    def of(self, term: Term) -> Term:
        """The term with the call's arguments in it; the very same term if it does not depend on them or is large."""
        if isinstance(term, Atom):
            return term
        done = self._done.get(term)
        if done is not None:
            return done
        measure = term.measure or self._measured(term)
        if self._node not in measure.functions:
            return term
        if measure.size > MAX_SUBSTITUTED_PARTS and not isinstance(text_of(term), (Union, *BESIDE)):
            return term
        self._depth += 1
        done = self.evaluation.shapes.one(self._of(term)) if self._depth < MAX_NESTED_VALUES else FAR
        self._depth -= 1
        self._done[term] = done if self._measured(done).is_bounded else term
        return self._done[term]

    def expression(self, expression: Expression) -> Expression:
        term = self.of(expression.term)
        return expression if term is expression.term else Expression(expression.site, term)

    def _expressions(self, held: tuple[Expression, ...]) -> tuple[Expression, ...]:
        """Some expressions with the arguments in them; the very same tuple if none of them depends on these."""
        found = tuple(map(self.expression, held))
        return held if all(map(is_, found, held)) else found

    def _of(self, term: Term) -> Term:
        if isinstance(term, Access):  # most are
            return self.evaluation.access(self.of(term.base), term.key, term.site)
        if isinstance(term, Parameter):
            return self._parameter(term)
        if isinstance(term, Invocation):
            return self.evaluation.apply(self.invocation(term))
        match term:
            case Union(terms=terms, is_certain=certain):
                return union([self.of(t) for t in terms], is_certain=certain)
            case Element(base=base):
                return element(self.of(base))
            case Operation(operator=kind, operands=operands, site=site):
                return Operation(kind, tuple(self.of(t) for t in operands), site)
            case Formatted(parts=parts, spec=spec, site=site):
                return Formatted(tuple(self.of(t) for t in parts), spec, site)
            case Instance(of=of, made=Invocation() as made):
                return Instance(of, self.invocation(made))
            case DictTerm():
                found = self._entries(term.entries, term.is_whole, term.spreads)
                found.others += [(self.expression(key), self.expression(held)) for key, held in term.others]
                return found.dict(term.site)
            case ListTerm(items=items):
                return ListTerm(self._expressions(items), term.is_closed, term.site, term.first)
        return term

    def invocation(self, made: Invocation) -> Invocation:
        """A call with the arguments in its own."""
        named = self._entries(made.keywords, made.is_whole, made.spreads)
        positional = self._expressions(made.positional)
        rest = None if made.rest is None else self.expression(made.rest)
        if rest is not None and isinstance(rest.term, ListTerm):
            named.is_whole &= rest.term.is_closed
            positional += rest.term.items if rest.term.is_closed else ()
            rest = None
        keywords = made.keywords if named.entries == made.keywords else named.entries
        return Invocation(self.of(made.callee), positional, keywords, named.is_whole, made.site, rest, named.spreads)

    def _entries(self, entries: Mapping[str, Expression], is_whole: bool, spreads: tuple[Spread, ...]) -> Entries:
        inner = {name: self.expression(e) for name, e in entries.items()} if entries else None
        return Entries(inner, is_whole=is_whole).filled(spreads, self.expression)

    def _parameter(self, parameter: Parameter) -> Term:
        if parameter.function is not self.function.node or not self.fits(parameter):
            return parameter
        if self.keeps_missing and takes_rest(parameter):
            return parameter
        written = self.argument(parameter)
        if written is not None:
            return written.term
        if self.keeps_missing:
            return parameter
        given = self.evaluation.parameters.default(parameter) if self.made.is_closed else None
        return given or (parameter if self.is_partial else Unknown("not passed"))

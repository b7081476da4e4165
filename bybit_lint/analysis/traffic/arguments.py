"""An argument of a call in a calling context, as the clients see it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial

from bybit_lint.analysis import bounds
from bybit_lint.analysis.callgraph import taken_branches
from bybit_lint.analysis.callgraph.call_sites import LazyCall
from bybit_lint.analysis.domains import (
    counts,
    guessed_steps,
    json_texts,
    networks,
    number_origins,
    number_types,
    queries,
    strings,
    unset_variables,
)
from bybit_lint.analysis.domains.literals import composed, literals, mapping_of, picked
from bybit_lint.analysis.domains.rounding import TOLD
from bybit_lint.analysis.syntax.conditions import conditions
from bybit_lint.analysis.syntax.nodes import walk
from bybit_lint.analysis.traffic import sites, timestamps
from bybit_lint.analysis.traffic.contexts import CallingContext
from bybit_lint.analysis.traffic.left_out import LeftOut
from bybit_lint.analysis.traffic.passed_ways import passed_ways, whole_ways
from bybit_lint.analysis.traffic.text_fields import Find, TextField
from bybit_lint.analysis.traffic.trails import trail
from bybit_lint.analysis.values import library_models
from bybit_lint.analysis.values.mappings import brought
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    DictTerm,
    Expression,
    Formatted,
    Invocation,
    ListTerm,
    Site,
    Spread,
    Term,
    alternatives,
    qualified_name,
    union,
)
from bybit_lint.vocabulary import Guess, Kind, Lazy, Literal, Named, Origin, Span, Timestamp, Value

CASES = {".upper": "upper", ".lower": "lower"}
UNSEEN = {Kind.PARAMETER, Kind.UNKNOWN}
"""What a caller may know more of: what is passed, or is a part of what is passed."""
EMPTY = {f"builtins.{name}()" for name in ("set", "dict", "list", "tuple", "frozenset")}


class Argument:
    """One argument; implements `clients.ArgumentView`."""

    def __init__(
        self,
        context: CallingContext,
        expression: Expression,
        *,
        is_passed: bool = False,
        field: TextField | None = None,
        taken_at: Site | None = None,
    ) -> None:
        self.context = context
        self._taken_at = taken_at or expression.site
        """Where it is passed on: an entry of a dict may be put there by any function."""
        self._is_passed = is_passed
        self.site = expression.site
        self.original = expression.term
        self._field = field
        self._followed_by: tuple[tuple[str, Argument], ...] = ()
        """What stands behind it in its dict and may bring another in its place, and under which name."""

    @property
    def term(self) -> Term:
        return self._stages[-1] if self.context.frames else self.original

    @property
    def _written(self) -> Expression:
        return Expression(self.site, self.original)

    @cached_property
    def span(self) -> Span:
        return self._field.span(self._written, is_passed=self._is_passed) if self._field else self.site.span

    @cached_property
    def is_passed(self) -> bool:
        """True if the outermost caller decides it; what those further in decide is told in their own context."""
        return self._is_passed or (bool(self.context.frames) and self._stages[-1] is not self._stages[-2])

    @property
    def is_open(self) -> bool:
        return bool(self.context.evaluator.parameters.of(self.term))

    @property
    def is_decimal(self) -> bool:
        return self.context.evaluator.helper(number_types.NumberTypes).is_proven_decimal(self.term)

    @cached_property
    def value(self) -> Value:
        stand = self._stand
        guesses, between = Lazy(Argument._guesses, self), Lazy(Argument._between, self)
        return Value(stand.span, Lazy(Argument._told_origins, self), self.constant, stand.maker, guesses, between)

    def _guesses(self) -> tuple[Guess, ...]:
        return self.context.evaluator.helper(guessed_steps.GuessedSteps).of(self.term)

    def _told_origins(self) -> tuple[Origin, ...]:
        if self.may_be_replaced:
            return ()
        origins = self._origins(self.term)
        if self.context.frames:  # what a caller further in has made of it, that caller was told
            origins = tuple(o for o in origins if not self.context.is_strange(o.span))
            before = self._origins(self._stages[-2])
            told = {origin.span for origin in before if origin.kind in TOLD}
            cut = {origin.cut.span for origin in before if origin.cut}
            origins = tuple(o for o in origins if o.span not in told or o.kind not in TOLD)
            origins = tuple(o._replace(cut=None) if o.cut and o.cut.span in cut else o for o in origins)
        return origins

    def _origins(self, term: Term) -> tuple[Origin, ...]:
        found = number_origins.origins(self.context.evaluator, Expression(self.site, term))
        kinds = {origin.kind for origin in found}
        if kinds.isdisjoint(UNSEEN) or not kinds.isdisjoint(TOLD):
            return found  # what is made of what is passed is told where it is made
        return number_origins.origins(
            self.context.evaluator, Expression(self.site, self.context.as_kept(self._taken_at, term))
        )

    @property
    def _trail(self) -> list[Site]:
        return trail(self.context, self._written)

    @property
    def _stand(self) -> Site:
        """Where the value is handed on: what the outermost caller wrote, or the argument itself."""
        return self._trail[-1]

    def _between(self) -> tuple[Span, ...]:
        return tuple(site.span for site in self._trail[1:-1])

    @property
    def handed(self) -> Span:
        return self._stand.span

    @cached_property
    def code(self) -> str | None:
        return None if self._field else sites.repeatable(self.site)

    @property
    def handed_code(self) -> str | None:
        return sites.repeatable(self._stand)

    @cached_property
    def constant(self) -> object:
        match self.term:
            case Constant(value=value):
                return value
            case Invocation(callee=Access(base=Constant(value=str() as text), key=".title"), positional=()):
                return text.title()
            case Invocation(callee=Access(base=Constant(value=str() as text), key=".capitalize"), positional=()):
                return text.capitalize()
        return None

    @property
    def is_something(self) -> bool | None:
        return taken_branches.is_something(self.site)

    @property
    def written(self) -> object:
        return self.original.value if isinstance(self.original, Constant) else None

    @property
    def asked(self) -> object:
        name = self.site.node
        held = conditions(self.site.module.names, name) if isinstance(name, ast.Name) else {}
        return held.get(f"{name.id} ==") if isinstance(name, ast.Name) else None

    @property
    def place(self) -> str:
        return sites.place(self.site)

    @property
    def is_in_text(self) -> bool:
        return self._field is not None

    def is_in_text_beside(self, name: str) -> bool:
        around = self.site.scope.function.node
        return not self._field and any(sites.is_field_of_a_text(node, name) for node in walk(around))

    @property
    def is_for_bybit(self) -> bool:
        return library_models.is_here(self.site.module.names, self.site.node)

    @property
    def is_added(self) -> bool:
        return self._is_passed

    @property
    def is_named(self) -> bool:
        parent = self.site.module.names.parents.get(self.site.node)
        return isinstance(parent, (ast.keyword, ast.Dict)) and not self._field

    def is_beside(self, other: object) -> bool:
        return isinstance(other, Argument) and self._named_in is not None and self._named_in is other._named_in

    @property
    def _named_in(self) -> ast.AST | None:
        """The call or the dict in which it stands with its name."""
        parents = self.site.module.names.parents
        parent = parents.get(self.site.node)
        return parents.get(parent) if isinstance(parent, ast.keyword) else parent if self.is_named else None

    @cached_property
    def literals(self) -> tuple[tuple[Literal, ...], ...]:
        if self._field and (written := self._field.literal(self._written)):
            return ((written,),)
        return _distinct(map(literals, passed_ways(self.context, self.site, self.term, bounds.MAX_GUARDED_CALLS)))

    @property
    def composed(self) -> tuple[tuple[Literal, ...], ...]:
        return _distinct(map(composed, whole_ways(self.context, self.term, bounds.MAX_GUARDED_CALLS)))

    @property
    def literals_of_all(self) -> tuple[tuple[Literal, ...], ...]:
        context = CallingContext(self.context.callers)
        return _distinct(map(literals, passed_ways(context, self.site, self.original, bounds.MAX_GUARDED_CALLS)))

    @property
    def picked(self) -> tuple[Literal, ...]:
        return picked(self.term, sites.plain(self.site))

    @property
    def cased(self) -> Literal | None:
        callees = (term.callee if isinstance(term, Invocation) else None for term in alternatives(self.term))
        made = {callee.key if isinstance(callee, Access) else "" for callee in callees}
        case = CASES.get(made.pop()) if len(made) == 1 else None
        return (
            Literal(case, self.span, " ".join(self.site.module.source.text(self.site.node).split())) if case else None
        )

    @property
    def unset(self) -> tuple[str, object] | None:
        return unset_variables.unset(self.term)

    def is_name_of(self, literal: Literal) -> bool:
        node, module = self.site.node, self.site.module
        if not isinstance(node, ast.Name) or self.context.evaluator.project.is_imported(module):
            return False
        uses = [each for each in walk(module.source.tree) if isinstance(each, ast.Name) and each.id == node.id]
        bound = [each for each in uses if isinstance(each.ctx, ast.Store)]
        statement = module.names.parents.get(bound[0]) if len(uses) == 2 and len(bound) == 1 else None
        return isinstance(statement, ast.Assign) and module.source.span(statement.value) == literal.span

    @cached_property
    def texts(self) -> tuple[str, ...]:
        return self._texts(self.term)

    @property
    def texts_of_all(self) -> tuple[str, ...]:
        return self._texts(self.original) if self.context.frames else self.texts

    def _texts(self, term: Term) -> tuple[str, ...]:
        found = [text for way in self.context.callers.in_all_contexts(term) for text in strings.texts(way)]
        return tuple(dict.fromkeys(found))[: bounds.MAX_TEXTS]

    @property
    def is_taken_in_turn(self) -> bool:
        return any(map(sites.is_of_a_loop, self._trail))

    @property
    def origin(self) -> Span | None:
        made = {t.site.span for t in alternatives(self.term) if isinstance(t, (Constant, Formatted)) and t.site}
        origin = made.pop() if len(made) == 1 else None
        return None if origin is None or self.span.holds(origin) else origin

    @cached_property
    def default_texts(self) -> tuple[str, ...]:
        found = [text for term in self.context.callers.in_all_contexts(self.term) for text in strings.defaults(term)]
        return tuple(dict.fromkeys(found))[: bounds.MAX_TEXTS]

    @cached_property
    def text_ways(self) -> tuple[tuple[str, ...], ...]:
        return tuple(way for term in self.context.callers.in_all_contexts(self.term) for way in strings.ways(term))

    @cached_property
    def is_text(self) -> bool:
        return any(strings.is_text(term) for term in self.context.callers.in_all_contexts(self.term))

    def moments(self, name: str) -> list[Timestamp]:
        return list(timestamps.asked(self.context.callers, Expression(self.site, self.term), name))

    @cached_property
    def _stages(self) -> tuple[Term, ...]:
        """What the argument is as it is written, and in the eyes of each caller outward."""
        return self._through_callers(self.original, lambda term: term)

    def _through_callers(self, term: Term, read: Callable[[Term], Term]) -> tuple[Term, ...]:
        found = [read(term)]
        for layer in self.context.frames:
            found.append(read(layer.of(found[-1])))
        return tuple(found)

    def _inner(self, stage: int, held: Expression, field: TextField | None = None) -> Argument:
        """A part of the argument, known since a caller passed all of it, or known as it is written (stage 0)."""
        layers = self.context.frames[stage:]
        context = CallingContext(self.context.callers, layers)
        taken_at = self.context.frames[stage - 1].made.site if stage else self._taken_at
        return Argument(context, held, is_passed=stage > 0 and not layers, field=field, taken_at=taken_at)

    @cached_property
    def _mapping(self) -> tuple[int, DictTerm] | None:
        stages = (
            (stage, mapping_of(term)) for terms in (self._stages, self._unjoined) for stage, term in enumerate(terms)
        )
        return next(((stage, mapping) for stage, mapping in stages if mapping is not None), None)

    @property
    def _unjoined(self) -> Sequence[Term]:
        """The stages, with the dict in the place of an object of JSON that is joined of it; none where none is."""
        if not any(map(json_texts.joined_of, (way for term in self._stages for way in alternatives(term)))):
            return ()
        return self._through_callers(self.original, self._unjoin)

    def _unjoin(self, term: Term) -> Term:
        ways = [(way, json_texts.joined_of(way)) for way in alternatives(term)]
        terms = [self.context.evaluator.expression(made).term if made else way for way, made in ways]
        return union(terms, is_certain=getattr(term, "is_certain", True))

    @cached_property
    def _sequence(self) -> tuple[int, ListTerm] | None:
        stages = enumerate(self._stages)
        return next(((stage, term) for stage, term in stages if isinstance(term, ListTerm)), None)

    @cached_property
    def _opened(self) -> tuple[Mapping[str, Argument], bool] | None:
        """Its entries, if it is a dict, and whether these are all."""
        if self._mapping is None:
            return None
        stage, mapping = self._mapping
        if json_texts.is_text(mapping):
            own = {name: self._in_text(json_texts.place, stage, name, held) for name, held in mapping.entries.items()}
            return own, mapping.is_whole
        return spread_out(self.context, mapping, lambda held: self._inner(stage, held))

    def _in_text(self, find: Find, stage: int, name: str, held: Expression) -> Argument:
        return self._inner(stage, held, TextField(sites.plain(self.site), name, find))

    @property
    def entries(self) -> Mapping[str, Argument] | None:
        return self._opened and self._opened[0]

    @cached_property
    def query(self) -> tuple[Mapping[str, Argument], bool] | None:
        for stage, term in enumerate(self._stages):
            found = queries.query(Expression(self.site, term))
            if found is not None:
                own = {name: self._in_text(queries.place, stage, name, held) for name, held in found.entries.items()}
                spreads = tuple(Spread(self._joined_of(s.held, stage), s.over, s.taken) for s in found.spreads)
                rest = DictTerm({}, found.is_whole, found.site, (), spreads)
                more, is_closed = spread_out(self.context, rest, partial(self._inner, stage))
                return {**more, **own}, is_closed
        return None

    def _joined_of(self, held: Expression, stage: int) -> Expression:
        """The dict that a part of a query is joined of, where that is written beside the address."""
        made = queries.fields_of(held.term) if stage == 0 else None
        is_here = made is not None and made.scope.function is self.site.scope.function
        return self.context.evaluator.expression(made) if made is not None and is_here else held

    @property
    def items(self) -> Sequence[Argument] | None:
        if self._sequence is None:
            return None
        stage, sequence = self._sequence
        return [self._inner(stage, held) for held in sequence.items]

    @property
    def count(self) -> int:
        ways = self.context.callers.in_all_contexts(self.term)
        return max(counts.least(self.context.evaluator, way) for way in ways)

    @cached_property
    def may_be_replaced(self) -> bool:
        """True for an entry before `**more` unless somebody is seen to come without another one."""
        return any(not more._is_brought_without(name) for name, more in self._followed_by)

    def _is_brought_without(self, name: str) -> bool:
        """Proven: on some way it is a dict, or nothing, that has no such entry."""
        ways = map(brought, self.context.callers.in_all_contexts(self.term))
        return any(
            way is None or (isinstance(way, DictTerm) and way.is_closed and name not in way.entries) for way in ways
        )

    @property
    def is_nothing(self) -> bool:
        """Proven: None, or nothing but an empty dict in its place."""
        return brought(self.term) is None

    @property
    def is_empty(self) -> bool:
        """Proven: it is a collection with nothing in it."""
        if isinstance(self.term, Invocation):
            return qualified_name(self.term) in EMPTY and not self.term.positional and self.term.is_closed
        return self.is_closed and not (self.entries or self.items)

    @property
    def is_closed(self) -> bool:
        if self._opened is not None:
            return self._opened[1]
        return self._sequence is not None and self._sequence[1].is_closed

    @cached_property
    def networks(self) -> tuple[Named, ...]:
        named = [n for site in self._trail for n in networks.networks(self.context.evaluator, site)]
        return tuple(dict.fromkeys(named)) if len({n.network for n in named}) == 1 else ()

    @property
    def base(self) -> str | None:
        return sites.base(self.context, self.site)


def spread_out(
    context: CallingContext, made: DictTerm | Invocation | LazyCall, view: Callable[[Expression], Argument]
) -> tuple[Mapping[str, Argument], bool]:
    """The entries of a dict or the keywords of a call, what `**more` brings among them, and whether these are all."""
    written = made.entries if isinstance(made, DictTerm) else made.keywords
    if context.frames:
        left_out = context.evaluator.helper(LeftOut)
        written = {name: held for name, held in written.items() if not left_out.has(context, held.site)}
    found = {name: view(held) for name, held in written.items()}
    is_closed, fresh = made.is_whole, set[str]()
    for spread in made.spreads:
        more = view(spread.held)
        is_closed &= more.is_closed or more.is_nothing
        own = {name: held for name, held in (more.entries or {}).items() if name not in spread.taken}
        if not (more.is_closed or more.is_nothing):
            for name in (found.keys() & spread.over) - own.keys():
                found[name]._followed_by += ((name, more),)
        found |= {name: held for name, held in own.items() if name not in found or name in spread.over | fresh}
        fresh |= own.keys()
    return found, is_closed


class PassedArguments:
    """The arguments of a call in a calling context."""

    def __init__(self, context: CallingContext, made: LazyCall | Invocation) -> None:
        self._context, self._made = context, made

    def _argument(self, held: Expression) -> Argument:
        return Argument(self._context, held, taken_at=self._made.site)

    @cached_property
    def _named(self) -> tuple[Mapping[str, Argument], bool]:
        return spread_out(self._context, self._made, self._argument)

    @cached_property
    def _rest(self) -> Argument | None:
        return self._argument(self._made.rest) if self._made.rest else None

    @property
    def keywords(self) -> Mapping[str, Argument]:
        return self._named[0]

    @property
    def is_closed(self) -> bool:
        return self._named[1] and (self._rest is None or self._rest.is_closed)

    def get(self, name: str, position: int | None) -> Argument | None:
        """An argument by its name or position."""
        held = self._made.keywords.get(name)
        if held is not None:
            return self.keywords.get(name) if self._context.frames else self._argument(held)
        left = None if position is None else position - len(self._made.positional)
        if position is not None and left is not None and left < 0:
            return self._argument(self._made.positional[position])
        items = (self._rest.items or ()) if self._rest and left is not None else ()
        return items[left] if left is not None and left < len(items) else self.keywords.get(name)


def _distinct(ways: Iterable[tuple[Literal, ...]]) -> tuple[tuple[Literal, ...], ...]:
    """Ways on which something is known: one of all callers who pass the same is told."""
    found: dict[tuple[object, ...], tuple[Literal, ...]] = {}
    for way in ways:
        if way:
            found.setdefault(tuple((type(literal.value), literal.value) for literal in way), way)
    return tuple(found.values())

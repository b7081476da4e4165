"""Where the arguments of a request come from, the numbers of orders above all, in the eyes of its outermost callers."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TypeAlias

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.domains import number_origins
from bybit_lint.analysis.domains.literals import mapping_of
from bybit_lint.analysis.domains.number_types import PICKS
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.traffic.sight.blindness import Blindness
from bybit_lint.analysis.traffic.sight.outside import Outside
from bybit_lint.analysis.values.terms import (
    Access,
    Expression,
    Formatted,
    Invocation,
    ListTerm,
    Operation,
    Site,
    Term,
    Union,
    alternatives,
    qualified_name,
)
from bybit_lint.clients import rest
from bybit_lint.vocabulary import Argument, Kind, Order, Request
from bybit_lint.vocabulary.sight import Blind, Gap, Link, Seen

Told: TypeAlias = "list[tuple[Call, Request]]"
"""A request as it stands, and as each caller of the functions around it sees it."""
UNSEEN = {Kind.UNKNOWN, Kind.PARAMETER}
BODIES = (*rest.BODIES, "request", "params")
"""The arguments that hold others."""
THROUGH = ("builtins.", "math.", "numpy.", "decimal.", "json.")
"""Functions that make a number of the one they are given."""
ROUNDING = (*number_origins.SAME_METHODS, ".quantize", ".normalize", ".to_integral_value", ".round")
"""Methods that make a number of the one they are asked of."""


class Numbers:
    """Says of a request's arguments whether their origins are known."""

    def __init__(self, program: Program, blindness: Blindness, outside: Outside) -> None:
        self.program, self.blindness, self.outside = program, blindness, outside
        self._told: dict[Term, dict[Blind | str, None]] = {}

    def of(self, told: Told) -> Iterator[Seen]:
        """Each argument once, known if it is known to all callers; then the numbers that must be there and are not."""
        held: dict[str, Told] = defaultdict(list)
        for call, request in told:
            for name in request.arguments:
                held[name].append((call, request))
        ends = outermost(told)
        yield from (self._argument(name, views, ends) for name, views in held.items())
        yield from self._missing(ends, held)

    def _argument(self, name: str, views: Told, ends: Told) -> Seen:
        """An argument: what a function makes of it is told there, and what callers pass, in their eyes.

        Who leaves it out, since a test of what it passes fails, sends none: of that no more is asked than what it is.
        """
        kinds = {origin.kind for _, request in views for origin in request.arguments[name].value.origins}
        left_out = [(call, _left_out(name, call, views)) for call, _ in ends]
        kinds |= {kind for call, argument in left_out if argument for kind in self._kinds(call, argument)}
        held = [(call, request.arguments[name]) for call, request in ends if name in request.arguments]
        kinds |= {kind for pair in held if not pair[1].value.origins for kind in self._kinds(*pair)}
        seen = [kind.value for kind in Kind if kind in kinds - UNSEEN]
        why = [reason for pair in held if _is_unseen(pair[1]) for reason in self._why(*pair)]
        seen += dict.fromkeys(word for word in why if isinstance(word, str))
        blinds = [reason for reason in why if isinstance(reason, Blind)]
        if seen:  # who asks a dict for what it has not sends nothing
            blinds = [blind for blind in blinds if blind.gap is not Gap.ABSENT]
        blind = next(iter(blinds), None)
        link = _link(name, [request for _, request in views])
        return Seen(link, name, tuple(seen), blind or (None if seen else Blind(Gap.NOTHING)))

    def _kinds(self, call: Call, argument: Argument) -> Iterator[Kind]:
        """What an argument is that has no origins left, since all of them were told to callers further in."""
        held = self._held(call, argument)
        if held is not None:
            yield from (origin.kind for origin in number_origins.origins(self.program.evaluator, held))

    def _why(self, call: Call, argument: Argument) -> Iterable[Blind | str]:
        """Why an argument has an origin that is not known, or how it is told to the bot, in a caller's eyes."""
        held = self._held(call, argument)
        if held is None:
            return [Blind(Gap.EXPRESSION, "argument")]
        return self._number(call.context.as_kept(held.site, held.term), held.site)

    def _held(self, call: Call, argument: Argument) -> Expression | None:
        """An argument as it is written in the request, in a caller's eyes."""
        module = self.program.project.modules.get(argument.target.path)
        node = _expressions(module).get((argument.target.start, argument.target.end)) if module else None
        if module is None or node is None:
            return None
        here = self.program.evaluator.at(module, node)
        return Expression(here.site, call.context.term(here.term))

    def _number(self, term: Term, site: Site) -> Iterable[Blind | str]:
        """Why a number is not known: the reason for each of its parts that is not, or how that is told to the bot."""
        if term not in self._told:
            unseen = [part for part in _parts(term) if self._is_unseen(part, site)]
            found = (reason for part in unseen for reason in self._number(part, site))
            self._told[term] = dict.fromkeys(found) if unseen else {self._of_one(term): None}
        return self._told[term]

    def _of_one(self, term: Term) -> Blind | str:
        """Why a number is not known all of whose parts are."""
        match term:
            case Operation():
                return Blind(Gap.UNDECIDED)
            case Union():
                return Blind(Gap.SEVERAL)
        return self.outside.word(term) or self.blindness.of(term)

    def _is_unseen(self, term: Term, site: Site) -> bool:
        found = number_origins.origins(self.program.evaluator, Expression(site, term))
        return any(origin.kind in UNSEEN for origin in found)

    def _missing(self, ends: Told, held: Mapping[str, Told]) -> Iterator[Seen]:
        """The numbers that an order must have, where it may hold arguments that are not seen."""
        seen = ((call, order) for call, order in ends if isinstance(order, Order))
        orders = [(call, order) for call, order in seen if not (order.is_closed or _is_empty(call, order))]
        for link, name in ((Link.QUANTITY, "qty"), (Link.PRICE, "price")):
            views = held.get(name, [])
            lacking = [call for call, order in orders if _needs(order, name) and not _left_out(name, call, views)]
            if lacking:
                yield Seen(link, name, (), self._unheld(lacking[0]))

    def _unheld(self, call: Call) -> Blind:
        """Why not all arguments of a call are known: what is spread, or the body that is no dict."""
        for value in _spread(call):
            term = call.context.term(self.program.evaluator.evaluate(call.site.module, value))
            if mapping_of(term) is None:
                is_several = any(mapping_of(option) is not None for option in alternatives(term))
                return Blind(Gap.SEVERAL) if is_several else self.blindness.of(term)
        return Blind(Gap.SPREAD)


def _spread(call: Call) -> list[ast.expr]:
    """What a call is given that may hold several arguments: what is spread, and bodies by their names."""
    node = call.site.node
    keywords = node.keywords if isinstance(node, ast.Call) else []
    return [k.value for k in keywords if k.arg is None or k.arg in BODIES]


def _is_empty(call: Call, order: Order) -> bool:
    """True for a request by hand without any body: who sends nothing hides nothing."""
    node = call.site.node
    is_bare = isinstance(node, ast.Call) and len(node.args) == 1 and not _spread(call)
    return is_bare and order.library in rest.CLIENTS


def outermost(told: Told) -> Told:
    """A request as the outermost callers see it: who is further in knows less."""
    inner = {call.context.frames[:n] for call, _ in told for n in range(len(call.context.frames))}
    return [(call, request) for call, request in told if call.context.frames not in inner]


def _left_out(name: str, call: Call, views: Told) -> Argument | None:
    """What a caller leaves out, as the nearest one further in sees it who does not; None if it leaves out nothing."""
    frames = call.context.frames
    known = {
        len(inner.context.frames): request.arguments[name]
        for inner, request in views
        if inner.site.node is call.site.node and inner.context.frames == frames[: len(inner.context.frames)]
    }
    nearest = max(known, default=len(frames))
    return known[nearest] if nearest < len(frames) else None


def _is_unseen(argument: Argument) -> bool:
    return any(origin.kind in UNSEEN for origin in argument.value.origins)


def _link(name: str, told: Sequence[Request]) -> Link:
    if not any(isinstance(request, Order) for request in told):  # of one call two clients may tell
        return Link.ARGUMENT
    return Link.QUANTITY if name in Order.QUANTITIES else Link.PRICE if name in Order.PRICES else Link.ARGUMENT


def _needs(order: Order, name: str) -> bool:
    """True if a new order has to say a number that is not among its arguments; only a limit order needs a price."""
    kind = order.arguments.get("orderType")
    is_market = kind is not None and kind.value.constant == "Market"
    return order.endpoint in Order.NEW and name not in order.arguments and not (name == "price" and is_market)


def _parts(term: Term) -> Iterable[Term]:
    """What a number is made of."""
    match term:
        case Union(terms=parts):
            return [part for part in parts if not number_origins.is_part_of_itself(part)] or parts
        case Operation(operands=parts) | Formatted(parts=parts):
            return parts
        case ListTerm(items=items):
            return [held.term for held in items]
        case Invocation(callee=Access(base=base, key=key)) if key in ROUNDING:
            return [base]
        case Invocation(callee=callee, positional=given):
            name = qualified_name(callee) or ""
            return [held.term for held in given] if name.startswith(THROUGH) or name in PICKS else ()
    return ()


@cache
def _expressions(module: Module) -> dict[tuple[int, int], ast.expr]:
    """The expressions of a file by their byte offsets."""
    found: dict[tuple[int, int], ast.expr] = {}
    for node in module.names.nodes():  # what stands in a text has the span of the whole text, and comes behind it
        if isinstance(node, ast.expr):
            span = module.source.span(node)
            found.setdefault((span.start, span.end), node)
    return found

"""Which answer a value was read from: the request it answers, and the way through it to the value."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from bybit_lint.analysis.callgraph.call_sites import LazyCall
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.domains.raw_answers import DECODERS
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import DEFERRING, gone_through
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.traffic.contexts import CallingContext
from bybit_lint.analysis.values.containers import element
from bybit_lint.analysis.values.terms import (
    BUILTIN,
    MISSING,
    Access,
    Constant,
    DictTerm,
    Element,
    External,
    Invocation,
    ListTerm,
    Parameter,
    Term,
    Union,
    Unknown,
    key_of,
    qualified_name,
)
from bybit_lint.clients import Client, ccxt, pybit, pybit_legacy, rest, swagger
from bybit_lint.clients.known import ANSWERING
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Request

Way: TypeAlias = tuple[object, ...]
"""Keys and positions, outermost first: `("result", "list", 0, "avgPrice")`; `ANY` for one that is not known."""
ANY = "*"
BODY = "{}"
"""Where the text of an HTTP answer was read as JSON."""
TEXTS = (".text", ".content", ".read", ".decode", ".data")
TAKEN = (".get", ".pop")
SELF = (".prepare", ".copy", ".raise_for_status", ".result")
PREPARED = (".send", ".prepare_request", ".build_request")
SAME = {"builtins.dict", "builtins.list", "builtins.str", "copy.copy", "copy.deepcopy", "urllib.request.urlopen"}
ASKING = tuple(root for client in ANSWERING for root in client.ROOTS)
"""What the calls begin with that may be requests."""
REQUESTS = frozenset({Request})
PAIRING = (pybit, swagger)
"""Those whose answers may come with others behind them, such as headers (`return_response_headers`)."""


class ResponsePart(NamedTuple):
    """A value out of the answer to a request."""

    request: Request
    made: Invocation
    """The call that asks for it."""
    way: Way
    client: Client
    is_raw: bool
    """True if it is what Bybit sent; ccxt's own methods make something else of it."""

    @property
    def is_raising(self) -> bool:
        """True if the client raises where Bybit's retCode is not 0."""
        return self.client not in (rest, swagger)

    @property
    def is_v5(self) -> bool:
        """True if it is proven to be an answer of the V5 API."""
        return self.client not in (pybit_legacy, swagger) and self.request.endpoint.startswith("/v5/")


class Responses:
    """Answers the questions about what a bot reads from answers."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._asked: dict[Invocation, tuple[Request, Client] | None] = {}
        self._made: dict[Term, list[Term]] = {}
        self._read: dict[Term, Sequence[tuple[Term, Way]] | None] = {}
        """What terms are read from; None for what is read from nothing but itself, as most are."""

    def of(self, module: Module, node: ast.expr) -> list[ResponsePart | None]:
        """Which answers a node may be a part of; None for each way through the code on which it is none.

        Ways on which it is a literal, or missing in a dict of the bot's own, are left out.
        """
        return [self.answer(*passed) for passed in self.sources(module, node)]

    def sources(self, module: Module, node: ast.expr) -> list[tuple[Term, Way]]:
        """What a node is read from, request or not, and the way there; literals are left out, as in `of`."""
        found = self._traced(self.program.evaluator.evaluate(module, node), ())
        return [passed for each in found for passed in self._passed(*each)]

    def asked(self, module: Module, node: ast.Call) -> tuple[Request, Client] | None:
        """What a call asks of Bybit, and the client that says so; None if it is no request, or one of several."""
        found = self._traced(self.program.evaluator.evaluate(module, node), ())
        return self._request(found[0][0]) if len(found) == 1 and found[0][1] == () else None

    def whole(self, module: Module, node: ast.expr) -> list[Request | None]:
        """The requests whose answer as a whole a node may be, as an HTTP client gives it; None where it is none."""
        found = ((self._request(made), way) for made, way in self.sources(module, node))
        return [told[0] if told is not None and told[1] is rest and not way else None for told, way in found]

    def within(self, term: Term) -> list[ResponsePart | None]:
        """The same for a term."""
        return [self.answer(*found) for found in self._traced(term, ())]

    def _passed(self, source: Term, way: Way) -> Iterator[tuple[Term, Way]]:
        """What a value is read from, and the way there, as the callers of the function around it make it."""
        if self._request(source) or self._is_settled(source):
            yield source, way
        else:
            if source not in self._made:
                self._made[source] = self.program.callers.as_needed(source, self._is_request)
            for part, rest in self._parts(self._made[source], way):
                yield from self._traced(part, rest)

    def _parts(self, terms: Sequence[Term], way: Way) -> Iterator[tuple[Term, Way]]:
        """What the end of a way into values is read from: of what the bot has put together the part is known."""
        fresh, seen = [(term, way) for term in reversed(terms)], set[tuple[Term, Way]]()
        while fresh:
            place = fresh.pop()
            if place in seen:
                continue
            seen.add(place)
            term, rest = place
            if isinstance(term, Union):
                fresh += [(option, rest) for option in reversed(term.terms)]
            elif not isinstance(term, (DictTerm, ListTerm)) or not rest or rest[0] == BODY:
                yield place
            elif rest[0] == ANY:
                fresh += [(part, rest[1:]) for part in self._any_of(term, is_key=not rest[1:])]
            else:
                fresh.append((self.program.evaluator.item(term, Constant(rest[0]), None), rest[1:]))

    def _any_of(self, term: DictTerm | ListTerm, *, is_key: bool) -> list[Term]:
        """What one that nobody knows of a list or dict may be; of a dict a key as well, but no part is read of that."""
        if isinstance(term, ListTerm):
            return [element(term)]
        held = self.program.evaluator.item(term, Unknown("a key of the bot's own"), None)
        return [element(term), held] if is_key else [held]

    def _is_settled(self, term: Term) -> bool:
        """True for what is part of no answer, be it called by whom it may."""
        if isinstance(term, Invocation) and (called := qualified_name(term.callee)):
            is_decided_later = called.endswith(TAKEN) or called.rpartition(".")[2] in DEFERRING
            return not is_decided_later and not called.startswith(ASKING)
        return isinstance(term, BUILTIN) or not self.program.evaluator.parameters.of(term)

    def answer(self, made: Term, way: Way) -> ResponsePart | None:
        """The part of an answer that a way into a value leads to; None where the value is no request."""
        told = self._request(made)
        if told is None or not isinstance(made, Invocation):
            return None
        request, client = told
        if client is rest:
            return ResponsePart(request, made, way[1:], client, True) if way[:1] == (BODY,) else None
        if client in PAIRING and way[:1] == (0,):
            way = way[1:]
        return ResponsePart(request, made, way, client, client is not ccxt or _is_implicit(made))

    def _traced(self, term: Term, way: Way) -> Sequence[tuple[Term, Way]]:
        """What a term is read from, requests or something else, and the way there."""
        if term not in self._read:
            found = (*self._found(term),)
            self._read[term] = None if found == ((term, ()),) else found
        sources = self._read[term]
        if sources is None:
            return ((term, way),)
        return [(source, (*inner, *way)) for source, inner in sources] if way else sources

    def _found(self, term: Term) -> Iterable[tuple[Term, Way]]:
        match term:
            case Union(terms=terms):
                return (found for option in terms for found in self._traced(option, ()))
            case Access(
                base=Element(base=Invocation(callee=External(name="builtins.enumerate"), positional=[counted, *_]))
            ):
                return self._traced(element(counted.term), ())
            case Access(base=base, key=key) if key.startswith("["):
                return self._traced(base, () if _is_slice(term) else (_key(key),))
            case Access(base=base, key=key) if key in TEXTS:
                return self._traced(base, ())
            case Element(base=base):
                return self._traced(base, (ANY,))
            case Parameter(function=ast.Lambda() as function, module=module):
                items = gone_through(module.names, function)
                if items is not None:
                    return self._traced(self.program.evaluator.evaluate(module, items), (ANY,))
            case Invocation():
                return ((term, ()),) if self._request(term) else self._called(term)
        return () if is_nothing(term) else ((term, ()),)

    def _called(self, made: Invocation) -> Sequence[tuple[Term, Way]]:
        """The same for a call that is no request itself: it takes something out of an answer, or decodes it."""
        first = made.positional[0].term if made.positional else None
        called = qualified_name(made.callee)
        match made.callee, first:
            case Access(base=base, key=key), Constant(value=item) if key in TAKEN:
                return self._traced(base, (item,))
            case Access(base=base, key=".json"), _:
                return self._traced(base, (BODY,))
            case Access(base=base, key=key), _ if key in (*TEXTS, *SELF):
                return self._traced(base, ())
            case Access(key=key), _ if key in PREPARED and first is not None:
                return self._traced(first, ())
            case _ if first is not None and called in DECODERS:
                return self._traced(first, (BODY,))
            case _ if first is not None and called in SAME:
                return self._traced(first, ())
            case _ if (handed := self._handed_over(made)) is not None:
                return self._traced(handed, ())
        return ((made, ()),)

    def _handed_over(self, made: Invocation) -> Term | None:
        """What comes back from a thread or an executor: the result of what it was told to call."""
        position = DEFERRING.get((qualified_name(made.callee) or "").rpartition(".")[2])
        if position is None or len(made.positional) <= position:
            return None
        return self.program.evaluator.apply(made.of(made.positional[position].term, made.positional[position + 1 :]))

    def path(self, made: Term) -> str:
        """The path that a request goes to; empty if that is not known."""
        told = self._request(made)
        return told[0].endpoint if told is not None else ""

    def _is_request(self, made: Term) -> bool:
        return self._request(made) is not None

    def _request(self, made: Term) -> tuple[Request, Client] | None:
        """What a call asks of Bybit, and the client that says so."""
        if not isinstance(made, Invocation):
            return None
        if made not in self._asked:
            self._asked[made] = None
            self._asked[made] = next(self._requests(made), None)
        return self._asked[made]

    def _requests(self, made: Invocation) -> Iterator[tuple[Request, Client]]:
        called = qualified_name(made.callee) or ""
        name = called.rpartition(".")[2]
        known = LazyCall.known(self.program.evaluator, made)
        asking = CallingContext(self.program.callers, wanted=REQUESTS)
        for client in () if called.startswith(pybit.TRADING) else ANSWERING:  # a stream answers elsewhere
            if called.startswith(client.ROOTS) and (name in client.NAMES or name.startswith(client.PREFIXES)):
                for noun in client.read(Call(asking, known, called)):
                    if isinstance(noun, Request):
                        yield noun, client


def _is_implicit(made: Invocation) -> bool:
    return ccxt.path_of((qualified_name(made.callee) or "").rpartition(".")[2]) is not None


def is_nothing(term: Term) -> bool:
    """True for a literal, for what is not there, and for what there is nothing in."""
    match term:
        case DictTerm(entries=held) | ListTerm(items=held):
            return term.is_closed and not held
    return term is MISSING or isinstance(term, Constant)


def _is_slice(part: Access) -> bool:
    node = part.site.node if part.site else None
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice)


def _key(item: str) -> object:
    found = key_of(item)
    return ANY if found is None else found

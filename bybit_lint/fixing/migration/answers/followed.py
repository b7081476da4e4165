"""How far it is seen what is done with an answer, and what a person has to look at where it is not."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.flow.uses import Uses, UseTracker
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import literal_key
from bybit_lint.analysis.values.terms import Term
from bybit_lint.clients import swagger
from bybit_lint.fixing.migration.answers import refusals
from bybit_lint.fixing.migration.answers.askers import Askers
from bybit_lint.fixing.migration.answers.meanings import Meanings
from bybit_lint.fixing.migration.answers.readings import TEMPLATES, Way
from bybit_lint.fixing.migration.answers.ways import RESULT, has_parts, is_by_any_key, is_key, is_of_a_place, place_of
from bybit_lint.fixing.migration.calls.dialects import PYBIT
from bybit_lint.fixing.migration.calls.sightings import Sighting
from bybit_lint.knowledge import migrations
from bybit_lint.knowledge.migrations import ANY, Place

UNKNOWN = "what is read from its answer has other names and places in V5"
ESCAPED = "its answer goes on to where not all is seen that reads it"
MIXED = "what is read from its answer may come from elsewhere too, and is left as it is"
GONE = "V5 does not tell {} there"
FIRST = "V5 tells of one row in one-way mode and of two in hedge mode, either first: take a row by its side"
ASKED = "it is asked whether {} is there"
BY_ANY_KEY = "parts of its answer are taken by keys that are known only at run time"
CHANGED = "its answer is changed where it stands"
NO_WORD = "None"
"""What stands for a key that is known only at run time, of which it is asked whether it is there."""
IDLE = "nobody here calls {}: who does gets an answer of V5"
CODE = ("ret_code",)


class Followed:
    """What is done with the answers to some calls, beside what is read of them by its place."""

    def __init__(
        self,
        program: Program,
        askers: Askers,
        meanings: Meanings,
        origins: Callable[[Module, ast.expr], list[tuple[Term, Way]]],
        read: AbstractSet[ast.AST],
        words: Mapping[ast.Call, AbstractSet[str]],
    ) -> None:
        self.program, self.askers, self.known, self.meanings = program, askers, meanings.known, meanings
        self.origins = origins
        """What a node is read from, and the way there."""
        self.read = read
        """What is read by its place."""
        self.words = words
        """The parts of which it is asked by their new names whether they are there."""

    def doubts(self, sighting: Sighting) -> Iterator[str]:
        """What to look at where not all that is done with an answer is seen, or nothing is known of it."""
        if sighting.passage and (name := sighting.passage.idle):
            yield IDLE.format(name)
            return
        uses = self._uses(sighting)
        is_used = bool(uses.read - {()} or uses.escaped or uses.is_shown or uses.returned)
        answer = migrations.migrations()[sighting.client, sighting.method].answer
        if not answer:
            yield from [UNKNOWN] if is_used else []
        elif answer != "nothing":
            is_annotated = isinstance(sighting.module.names.parents.get(outermost(sighting)), ast.AnnAssign)
            missed = [
                way for way, site in uses.taken.items() if site.node not in self.read and way[-1] in self.meanings.keys
            ]
            if is_annotated and missed and sighting.library != PYBIT:
                yield MIXED
            chosen = self._plain_ways(sighting, uses.demanded)
            rows = {way for way in self._ways(sighting, uses) if is_of_a_place(way)} | {(*RESULT, ANY)} & chosen
            if rows and "entry_price" in self.meanings.fields(sighting.node):
                yield FIRST
            yield from [ESCAPED] if any(self._is_whole(sighting, way) for way in uses.escaped) else []
            yield from self._unseen_parts(sighting, uses)

    def _unseen_parts(self, sighting: Sighting, uses: Uses) -> Iterator[str]:
        """What to look at where parts are asked for by names that no reading shows."""
        shape = self.meanings.shape(*self.known[sighting.node])
        if sighting.node in self._changed:
            yield CHANGED
        words = uses.words.difference(self.words[sighting.node], RESULT)
        if asked := [word for word in sorted(words) for way in shape if word == way[-1]]:
            yield ASKED.format(asked[0])
        counted = self._plain_ways(sighting, uses.tested - uses.demanded - uses.taken.keys())
        if NO_WORD in words or any(is_by_any_key(shape, way) for way in self._ways(sighting, uses) - counted):
            yield BY_ANY_KEY

    def _ways(self, sighting: Sighting, uses: Uses) -> set[Way]:
        """The ways to all parts of an answer that something is done with."""
        return self._plain_ways(sighting, (*uses.read, *uses.demanded, *uses.taken))

    def _plain_ways(self, sighting: Sighting, ways: Iterable[Way]) -> set[Way]:
        return {self.meanings.plain(sighting.node, way) for way in ways}

    def _uses(self, sighting: Sighting) -> Uses:
        """What becomes of an answer, from where it is asked for, or from where that is sent and back to there."""
        if (passage := sighting.passage) is None:
            return UseTracker(self.program).of(sighting.module, sighting.node)
        return UseTracker(self.program, passage.route).of(passage.sender.module, passage.sender.answered)

    def is_refused_unheard(self, sighting: Sighting) -> bool:
        """True where only the empty result of before V5 said that Bybit refused: V5 has one without parts."""
        if sighting.passage and sighting.passage.idle:
            return False
        uses, place = self._uses(sighting), self.meanings.shape(*self.known[sighting.node]).get(RESULT)
        is_unheard = RESULT in uses.tested and CODE not in uses.tested and place not in (None, Place(RESULT, ""))
        return is_unheard and sighting.node not in self.guarded

    @cached_property
    def guarded(self) -> Mapping[ast.Call, tuple[Module, Sequence[ast.Compare]]]:
        """The tests of a result for None by which alone it is known that Bybit refused, by the call that asks.

        Everything else of the result is read behind them, or where they are true.
        """
        found: dict[ast.Call, tuple[Module, list[ast.Compare]]] = {}
        for module in self.program.project.readable if any(s.address for s, _ in self.known.values()) else ():
            read: dict[ast.Call, list[ast.expr]] = {}
            for node in module.names.nodes():
                if isinstance(node, ast.expr) and _is_result(node):
                    sources = self.origins(module, node)
                    calls = {self.askers.call(term) for term, _ in sources}
                    call = calls.pop() if len(calls) == len(sources) == 1 else None
                    if call is not None and self.meanings.plain(call, sources[0][1]) == RESULT:
                        read.setdefault(call, []).append(node)
            for call, nodes in read.items():
                guards = [guard for node in nodes if (guard := refusals.guard(module, node)) is not None]
                others = [node for node in nodes if module.names.parents.get(node) not in guards]
                if guards and all(any(refusals.is_behind(module, each, g) for g in guards) for each in others):
                    found[call] = module, guards
        return found

    def unread(self, sighting: Sighting) -> Iterator[str]:
        """What to look at where parts of the answer to a request without a client are read that V5 does not tell."""
        if (
            sighting.address is None
            or (sighting.passage and sighting.passage.idle)
            or self.meanings.is_unknown(sighting.node)
        ):
            return
        taken = self._uses(sighting).taken
        if missed := [way[-1] for way, site in taken.items() if site.node not in self.read and is_key(way[-1])]:
            yield GONE.format(missed[0])

    @cached_property
    def _changed(self) -> set[ast.Call]:
        """The calls into whose answers something is put, or out of which it is deleted."""
        found = set()
        for module in self.program.project.readable:
            for node in module.names.nodes():
                if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                    calls = (self.askers.call(term) for term, _ in self.origins(module, node.value))
                    found |= {call for call in calls if call is not None}
        return found

    def _is_whole(self, sighting: Sighting, way: Way) -> bool:
        """True for a part that has parts of its own which change."""
        shape = self.meanings.shape(*self.known[sighting.node])
        made = place_of(shape, way) if way else None
        if made is not None and made.how in TEMPLATES:
            return False
        return has_parts(shape, way)


def _is_result(node: ast.expr) -> bool:
    """True for what takes something by the key that has the result: `answer["result"]`, `answer.get("result")`."""
    match node:
        case ast.Subscript(slice=key) | ast.Call(func=ast.Attribute(attr="get"), args=[key, *_]):
            return literal_key(key) == RESULT[0]
    return False


def outermost(sighting: Sighting) -> ast.expr:
    """A call with what fetches its answer."""
    parents = sighting.module.names.parents
    around = parents.get(sighting.node)
    call = parents.get(around) if isinstance(around, ast.Attribute) else None
    if not isinstance(call, ast.Call) or sighting.library == PYBIT:
        return sighting.node
    first = parents.get(call)
    is_first = isinstance(first, ast.Subscript) and literal_key(first.slice) == 0
    return first if isinstance(first, ast.Subscript) and is_first and sighting.library == swagger.LIBRARY else call

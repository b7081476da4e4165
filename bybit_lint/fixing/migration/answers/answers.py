"""What is read from answers, under the names and in the places that V5 has for it, wherever in the bot it is read."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.callgraph.reachability import CandidateNames, Reachability
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.syntax.nodes import literal_key
from bybit_lint.analysis.traffic.responses import BODY, Responses
from bybit_lint.analysis.values.terms import Constant, Term, alternatives
from bybit_lint.clients import ccxt, pybybit
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.answers import handlers, refusals
from bybit_lint.fixing.migration.answers.askers import Askers
from bybit_lint.fixing.migration.answers.followed import CODE, GONE, MIXED, Followed, outermost
from bybit_lint.fixing.migration.answers.handlers import Handler
from bybit_lint.fixing.migration.answers.meanings import Meaning, Meanings
from bybit_lint.fixing.migration.answers.readings import TEMPLATES, Named, Reading, Way, Wrapping, behind
from bybit_lint.fixing.migration.answers.ways import (
    RESULT,
    annotated,
    base_of,
    holder,
    is_last,
    key_of,
    place_of,
    rows_given,
)
from bybit_lint.fixing.migration.arguments.entries import place
from bybit_lint.fixing.migration.calls.dialects import PYBIT
from bybit_lint.fixing.migration.calls.sightings import Sighting
from bybit_lint.fixing.migration.steps import Step
from bybit_lint.knowledge import migrations
from bybit_lint.knowledge.migrations import ANY, Place

AVAILABLE = "what is available of a coin is worked out: what it holds less what positions and orders bind"
WORDS = "`{}` has other values in V5: {}"
CAUGHT = "Bybit's refusal is an exception: it is caught where ret_code was tested"
NEVER = "the client raises {} where retCode is not 0: what is done for that never runs"
RAISED = {ccxt.LIBRARY: "ExchangeError"}
"""What clients raise instead of pybit's InvalidRequestError."""
EMPTY = "a refusal is known by its empty result only: test ret_code"
CODES = "codes are others in V5: {}"
DATA = "data"
"""What rows were below, and none of them where there were none."""
WORKED_OUT = (ast.Name, ast.Attribute, ast.Subscript, ast.JoinedStr, ast.BinOp, ast.Call)
"""Keys that may be coins."""
SUCCEEDED = {"status_code": "200", "ok": "True"}
"""What an HTTP response says of an answer that the client of V5 gives."""
FAILED = "the client raises where HTTP fails: what is done for another status never runs"
UNLIKE = "another request for its path, by the same way, is answered otherwise"
KEPT = (0, *range(10000, 10100))
"""Codes of what is asked without a key, which are the same in V5."""


class Answers:
    """The readers of the answers to those calls of one project that are rewritten."""

    def __init__(self, program: Program, made: Sequence[tuple[Sighting, Step]]) -> None:
        self.program = program
        self.responses = Responses(program)
        self.known = {sighting.node: (sighting, step) for sighting, step in made}
        self.askers = Askers(program, self.responses, self.known)
        self.meanings = Meanings(program, self.known)
        self.doubts: dict[ast.Call, list[str]] = defaultdict(list)
        self._read: set[ast.AST] = set()
        self._words: dict[ast.Call, set[str]] = defaultdict(set)
        """The parts of which it is asked by their new names whether they are there."""
        self._within: dict[ast.Call, Named] = {}
        """What is taken out of what calls give, before all else that is done with it."""
        self.followed = Followed(program, self.askers, self.meanings, self._origins, self._read, self._words)

    def unseen(self) -> Mapping[ast.Call, str]:
        """The requests without a client that no note can save: they would be read otherwise, or refused unheard."""
        self.changes  # noqa: B018  # what is read is looked at first
        found: dict[ast.Call, str] = {}
        for node, (sighting, step) in self.known.items():
            if sighting.address is not None and not step.is_left:
                if self._is_unlike(sighting, step):
                    found[node] = UNLIKE
                elif self.followed.is_refused_unheard(sighting):
                    found[node] = EMPTY
        return found

    def steps(self) -> list[Step]:
        """The calls, with what is left to look at of their answers."""
        found = []
        self.changes  # noqa: B018  # what is read is looked at first
        for node, (sighting, step) in self.known.items():
            more = list(self.doubts[node])
            if not step.is_left and not sighting.method.endswith("_stream") and sighting.method != "is_connected":
                more += [*self.followed.doubts(sighting), *self.followed.unread(sighting)]
            found.append(step.doubted(*more))
        return found

    @cached_property
    def handlers(self) -> Mapping[ast.Call, Handler]:
        """The tests of a call's answer that become handlers, by the call."""
        found = {}
        for node, (sighting, step) in self.known.items():
            if step.is_left or not step.meant or sighting.address is not None or sighting.library == ccxt.LIBRARY:
                continue
            fetched, has_raised = outermost(sighting), sighting.library == PYBIT
            made = handlers.handler(sighting.module, fetched, self._asks, has_raised=has_raised)
            if made is not None:
                found[node] = made
                self.doubts[node].append(CAUGHT)
        return found

    def _asks(self, module: Module, call: ast.Call) -> bool:
        """True if an older client is asked by a call, be it through functions of the bot."""
        return self._asking.of(module, call) is not None

    @cached_property
    def _asking(self) -> Reachability:
        leads = CandidateNames(self.program, self.known)
        return Reachability(self.program.callees, lambda _, call: call in self.known, leads=leads)

    @cached_property
    def _unread(self) -> frozenset[ast.AST]:
        tested = (test.left for _, tests in self._guards.values() for test in tests)
        return frozenset([*(node for made in self.handlers.values() for node in made.nodes), *tested])

    @cached_property
    def _guards(self) -> Mapping[ast.Call, tuple[Module, Sequence[ast.Compare]]]:
        """The tests of results for None which become tests of the code, by the call that asks."""
        held = self.followed.guarded.items()
        return {call: made for call, made in held if self._is_guarded(*self.known[call])}

    def _is_guarded(self, sighting: Sighting, step: Step) -> bool:
        """True for a request without a client whose answer has no result in V5 that could be None."""
        place = self.meanings.shape(sighting, step).get(RESULT)
        return sighting.address is not None and not step.is_left and place not in (None, Place(RESULT, ""))

    @cached_property
    def changes(self) -> Mapping[Source, list[Edit]]:
        """The edits of all readings, by file."""
        found: dict[Source, list[Edit]] = defaultdict(list)
        for module in self.program.project.readable:
            readings = [reading for node in self._candidates(module) for reading in self._readings(module, node)]
            edits = Wrapping(module.source)
            self._read |= {reading.node for reading in readings}
            for reading in readings:
                if reading.node not in self._unread:
                    self._rewrite(reading, edits)
            found[module.source] += [*edits.all(), *self._decoded(module), *self._reworded(module)]
        for node, made in self.handlers.items():
            found[self.known[node][0].module.source] += made.edits
        for module, tests in self._guards.values():
            for test in tests:
                assert isinstance(test.left, (ast.Subscript, ast.Call))
                start, end = behind(module.source, base_of(test.left)), place(module.source, test)[1]
                sign = "!=" if refusals.is_for_none(test) else "=="
                found[module.source].append(Edit(start, end, f'["retCode"] {sign} 0'))
        for node, (sighting, step) in self.known.items():
            if not step.is_left:
                found[sighting.module.source] += self._taken_out(sighting, node)
        return found

    def _taken_out(self, sighting: Sighting, node: ast.Call) -> Iterator[Edit]:
        """What a call gives, with what is in it taken out."""
        sent = self.askers.asking(sighting.passage) if sighting.passage else None
        steps = self._within.get(sent, ()) if sent else ()
        around = sighting.module.names.parents.get(node)
        outer = around if isinstance(around, ast.Await) else node
        if steps and not isinstance(sighting.module.names.parents.get(outer), ast.Expr):
            start, end = place(sighting.module.source, outer)
            written = "".join(f'["{step}"]' for step in steps)
            yield from [Edit(start, start, "(")] if outer is not node else []
            yield Edit(end, end, f"){written}" if outer is not node else written)

    def _decoded(self, module: Module) -> Iterator[Edit]:
        """Without the `.json()` of what is decoded already, and without the status that it came with."""
        for node in module.names.calls_named.get("json", ()):
            if isinstance(node.func, ast.Attribute) and not node.args and self._asked_by(module, node, (BODY,)):
                yield Edit(place(module.source, node.func.value)[1], place(module.source, node)[1], "")
        for said in module.names.nodes() if self._is_wrapped else ():
            if isinstance(said, ast.Attribute) and said.attr in SUCCEEDED:
                calls = self._asked_by(module, said.value, ())
                for call in calls:
                    self.doubts[call].append(FAILED)
                yield from [Edit(*place(module.source, said), SUCCEEDED[said.attr])] if calls else []

    @cached_property
    def _is_wrapped(self) -> bool:
        """True for a bot whose client gave HTTP responses."""
        return any(sighting.library == pybybit.LIBRARY for sighting, _ in self.known.values())

    def _asked_by(self, module: Module, node: ast.expr, way: Way) -> list[ast.Call]:
        """The calls of clients that a node is read from in one way; none where one is left, or it may be another."""
        found = [(self.askers.call(term), read) for term, read in self._origins(module, node)]
        ours = [call for call, read in found if read == way and call is not None]
        is_ours = len(ours) == len(found) and all(self.known[call][0].address is None for call in ours)
        return ours if is_ours and not any(self.known[call][1].is_left for call in ours) else []

    def _reworded(self, module: Module) -> Iterator[Edit]:
        """What is asked of a part without taking it: `"ret_msg" in answer`, `rows is None`."""
        for node in module.names.nodes() if any(not step.is_left for _, step in self.known.values()) else ():
            match node:
                case ast.Compare(left=ast.Constant(value=str(word)) as said, ops=[ast.In() | ast.NotIn()]) if (
                    word in self.meanings.keys
                ):
                    yield from self._renamed(module, said, holder(node.comparators[0]), word)
                case ast.Compare(
                    left=ast.Name() | ast.Subscript() | ast.Call() as rows,
                    ops=[op],
                    comparators=[ast.Constant(value=None) as nothing],
                ) if self._are_rows(module, rows):
                    sign = "==" if isinstance(op, (ast.Eq, ast.Is)) else "!="
                    yield Edit(behind(module.source, rows), place(module.source, nothing)[1], f" {sign} []")

    def _are_rows(self, module: Module, node: ast.expr) -> bool:
        """True for a list of rows that is empty in V5 where there was none before."""
        found = [(self.askers.call(term), way) for term, way in self._origins(module, node)]
        meant = [self.meanings.of(call, way) for call, way in found if way[-1:] == (DATA,)]
        are_lists = all(isinstance(each, Meaning) and each.way[-1:] == ("list",) for each in meant)
        return are_lists and 0 < len(found) == len(meant)

    def _renamed(self, module: Module, said: ast.Constant, holder: ast.expr, word: str) -> Iterator[Edit]:
        sources = [(self.askers.call(term), (*way, word)) for term, way in self._origins(module, holder)]
        meant = {self.meanings.of(call, way) for call, way in sources}
        only = meant.pop() if len(meant) == 1 else None
        if isinstance(only, Meaning) and only.way[:-1] == only.base and not only.way[-1].isdecimal():
            for call, _ in sources:
                if call is not None:
                    self._words[call].add(word)
            start, end = place(module.source, said)
            quote = module.source.text(said)[0]
            if only.way[-1] != word and quote in "'\"":
                yield Edit(start, end, f"{quote}{only.way[-1]}{quote}")

    # --- which part of which answer -----------------------------------------------------------------------------------

    def _candidates(self, module: Module) -> Iterator[ast.Subscript | ast.Call]:
        if any(not step.is_left for _, step in self.known.values()):
            for node in module.names.nodes():
                match node:
                    case ast.Subscript(slice=key, ctx=ast.Load()) if self._may_be_read(key):
                        yield node
                    case ast.Call(func=ast.Attribute(attr="get" | "pop"), args=[key, *_]) if self._may_be_read(key):
                        yield node

    def _may_be_read(self, key: ast.expr) -> bool:
        written = literal_key(key)
        is_coin = (isinstance(written, str) and written.isupper()) or (written is None and isinstance(key, WORKED_OUT))
        return written in self.meanings.keys or is_coin or isinstance(written, int)

    def _readings(self, module: Module, node: ast.Subscript | ast.Call) -> Iterator[Reading]:
        """A reading, if all that it may read from are answers that change in the same way."""
        sources = self._sources(module, node)
        if any(not is_last(node, way) and not self._is_said(module, node, way) for _, way in sources):
            return  # what it takes was taken out of an answer before
        every = [(call, way) for term, way in sources for call in self.askers.calls(term)]
        ours = [(call, way) for call, way in every if call is None or not self.meanings.is_no_part(call, way)] or every
        if not any(call is not None for call, _ in ours):
            return
        meant = {self.meanings.of(call, way) for call, way in ours}
        if len(meant) > 1:
            if self._is_handed_on(module, node, ours):
                return
            for call, _ in ours:
                if call is not None and not self.known[call][1].is_left:
                    self.doubts[call].append(MIXED)
            return
        call, way = ours[0]
        if call is None or self.known[call][1].is_left:
            return
        yield Reading(module, node, base_of(node), key_of(node), way, call)

    def _origins(self, module: Module, node: ast.expr) -> list[tuple[Term, Way]]:
        """What a node is read from, and the way there; what an annotation hides is what is annotated."""
        found = self.responses.sources(module, node)
        hidden = next((value for value in annotated(module, node) if value in self._fetched), None)
        if hidden is None:
            return found
        asked = alternatives(self.program.evaluator.evaluate(module, hidden))
        return [(term, way) for term in asked for _, way in found]

    @cached_property
    def _fetched(self) -> frozenset[ast.expr]:
        """The calls with what fetches their answers."""
        return frozenset(outermost(sighting) for sighting, _ in self.known.values())

    def _is_said(self, module: Module, node: ast.Subscript | ast.Call, way: Way) -> bool:
        """True if a way ends with the key of a node that has a name or is put together: a constant, for all that."""
        said = self.program.evaluator.evaluate(module, key_of(node))
        return bool(way) and isinstance(said, Constant) and way[-1] == said.value

    def _sources(self, module: Module, node: ast.Subscript | ast.Call) -> list[tuple[Term, Way]]:
        """What a node is read from, and the way there; a function that orders rows is called with each of them."""
        base = base_of(node)
        rows = rows_given(module, base) if isinstance(base, ast.Name) else None
        if rows is None:
            return self._origins(module, node)
        key = literal_key(key_of(node))
        return [(term, (*way, ANY, key)) for term, way in self._origins(module, rows)]

    def _is_handed_on(self, module: Module, node: ast.expr, ours: Sequence[tuple[ast.Call | None, Way]]) -> bool:
        """True for `return answer["result"]` of several requests: what is in it is taken where each is asked for."""
        if not isinstance(module.names.parents.get(node), ast.Return):
            return False
        found: dict[ast.Call, Named] = {}
        for call, way in ours:
            meaning = self.meanings.of(call, way)
            if call is None or not isinstance(meaning, Meaning) or meaning.how:
                return False
            plain = self.meanings.plain(call, way)
            if meaning.way[: len(plain)] != plain or self.known[call][0].passage is None:
                return False
            found[call] = meaning.way[len(plain) :]
        self._within |= found
        self._read.add(node)
        return True

    def _is_unlike(self, sighting: Sighting, step: Step) -> bool:
        """True for a request whose answer is another than that of one by the same way and path."""
        if (passage := sighting.passage) is None or passage.idle:
            return False
        twin = self.askers.asking(passage)
        return self.meanings.shape(*self.known[twin]) != self.meanings.shape(sighting, step)

    # --- rewriting ----------------------------------------------------------------------------------------------------

    def _rewrite(self, reading: Reading, edits: Wrapping) -> None:
        call = reading.call
        meant = self.meanings.of(call, reading.way)
        if isinstance(meant, str):
            if not self.meanings.is_unknown(call):
                self.doubts[call].append(GONE.format(meant))
            return
        if meant is None:
            return
        base, outer = meant.base, reading.base
        skipped: list[ast.expr] = []
        while base != meant.way[: len(base)] and isinstance(outer, ast.Subscript):
            skipped.append(outer)
            outer = outer.value
            found = place_of(
                self.meanings.shape(*self.known[call]), self.meanings.plain(call, reading.way)[: -1 - len(skipped)]
            )
            base = found.way if found else ()
        if base != meant.way[: len(base)]:
            self.doubts[call].append(GONE.format(reading.way[-1]))
            return
        self._doubt(call, reading, meant)
        edits.take(reading, outer, skipped, meant.way[len(base) :], meant.how)
        words = migrations.values(meant.how) if meant.how not in TEMPLATES else {}
        if words and not edits.respell(reading, words):
            pairs = ", ".join(f"{old} is {new}" for old, new in words.items())
            self.doubts[call].append(WORDS.format(reading.way[-1], pairs))

    def _doubt(self, call: ast.Call, reading: Reading, meant: Meaning) -> None:
        way = self.meanings.plain(call, reading.way)
        is_raising = self.known[call][0].address is None
        if is_raising and way in (("ret_code",), ("retCode",)) and not _is_good(reading):
            self.doubts[call].append(NEVER.format(RAISED.get(self.known[call][0].library, handlers.RAISED)))
        if not is_raising and way == CODE and (others := _compared(reading) - {*KEPT}):
            self.doubts[call].append(CODES.format(", ".join(map(str, sorted(others, key=str)))))
        if meant.how == "available":
            self.doubts[call].append(AVAILABLE)


def _is_good(reading: Reading) -> bool:
    """True unless a code is tested for anything but 0, or something is done where it is another."""
    match reading.module.names.parents.get(reading.node):
        case ast.Compare(ops=[ast.Eq()], comparators=[ast.Constant(value=0 | "0")]):
            return not refusals.is_asked_in_vain(reading.module, reading.node)
        case ast.Compare() | ast.If() | ast.While() | ast.BoolOp() | ast.UnaryOp():
            return False
    return True


def _compared(reading: Reading) -> set[object]:
    """What a reading is compared with, a constant or the like."""
    around = reading.module.names.parents.get(reading.node)
    others = [around.left, *around.comparators] if isinstance(around, ast.Compare) else []
    parts = (
        part for other in others if other is not reading.node for part in (getattr(other, "elts", None) or [other])
    )
    return {part.value if isinstance(part, ast.Constant) else "what is compared here" for part in parts}

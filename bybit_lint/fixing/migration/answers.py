"""What is read from answers, under the names and in the places that V5 has for it, wherever in the bot it is read."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.callgraph.reachability import Reachability
from bybit_lint.analysis.flow.uses import Uses, UseTracker
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.syntax.nodes import literal_key
from bybit_lint.analysis.traffic.responses import BODY, Responses
from bybit_lint.analysis.values.terms import Constant, Term, alternatives
from bybit_lint.clients import ccxt, pybybit, swagger
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration import handlers, refusals
from bybit_lint.fixing.migration.askers import Askers
from bybit_lint.fixing.migration.categories import CLIENTS
from bybit_lint.fixing.migration.dialects import PYBIT
from bybit_lint.fixing.migration.entries import place
from bybit_lint.fixing.migration.handlers import Handler
from bybit_lint.fixing.migration.implicit import Params
from bybit_lint.fixing.migration.readings import TEMPLATES, Named, Reading, Way, Wrapping, behind
from bybit_lint.fixing.migration.sightings import Sighting
from bybit_lint.fixing.migration.steps import Step
from bybit_lint.fixing.migration.ways import (
    RESULT,
    annotated,
    base_of,
    has_parts,
    holder,
    is_by_any_key,
    is_key,
    is_last,
    is_of_a_place,
    key_of,
    place_of,
    rows_given,
)
from bybit_lint.knowledge import migrations
from bybit_lint.knowledge.migrations import ANY, Place
from bybit_lint.patterns import regex

UNKNOWN = "what is read from its answer has other names and places in V5"
ESCAPED = "its answer goes on to where not all is seen that reads it"
MIXED = "what is read from its answer may come from elsewhere too, and is left as it is"
GONE = "V5 does not tell {} there"
AVAILABLE = "what is available of a coin is worked out: what it holds less what positions and orders bind"
WORDS = "`{}` has other values in V5: {}"
CAUGHT = "Bybit's refusal is an exception: it is caught where ret_code was tested"
NEVER = "the client raises {} where retCode is not 0: what is done for that never runs"
RAISED = {ccxt.LIBRARY: "ExchangeError"}
"""What clients raise instead of pybit's InvalidRequestError."""
FIRST = "V5 tells of one row in one-way mode and of two in hedge mode, either first: take a row by its side"
EMPTY = "a refusal is known by its empty result only: test ret_code"
ASKED = "it is asked whether {} is there"
BY_ANY_KEY = "parts of its answer are taken by keys that are known only at run time"
CHANGED = "its answer is changed where it stands"
CODES = "codes are others in V5: {}"
NO_WORD = "None"
"""What stands for a key that is known only at run time, of which it is asked whether it is there."""
DATA = "data"
"""What rows were below, and none of them where there were none."""
WORKED_OUT = (ast.Name, ast.Attribute, ast.Subscript, ast.JoinedStr, ast.BinOp, ast.Call)
"""Keys that may be coins."""
UNLIKE = "another request for its path, by the same way, is answered otherwise"
IDLE = "nobody here calls {}: who does gets an answer of V5"
CODE = ("ret_code",)
KEPT = (0, *range(10000, 10100))
"""Codes of what is asked without a key, which are the same in V5."""
WRAPPED = {swagger.LIBRARY: (0,), pybybit.LIBRARY: (BODY,), migrations.RAW: (BODY,)}
"""What stands before all ways into an answer of theirs."""


CATEGORY = regex(r'category(?:="|": "|=(?=\w+&))(\w+)')


class Meaning(NamedTuple):
    """What a reading means in V5: the way to what it is taken from, the way to itself, and how it is made."""

    base: Named
    way: Named
    how: str


class Answers:
    """The readers of the answers to those calls of one project that are rewritten."""

    def __init__(self, program: Program, made: Sequence[tuple[Sighting, Step]]) -> None:
        self.program = program
        self.responses = Responses(program)
        self.known = {sighting.node: (sighting, step) for sighting, step in made}
        self.askers = Askers(program, self.responses, self.known)
        self.doubts: dict[ast.Call, list[str]] = defaultdict(list)
        self._read: set[ast.AST] = set()
        self._words: dict[ast.Call, set[str]] = defaultdict(set)
        """The parts of which it is asked by their new names whether they are there."""
        self._within: dict[ast.Call, Named] = {}
        """What is taken out of what calls give, before all else that is done with it."""

    def unseen(self) -> Mapping[ast.Call, str]:
        """The requests without a client that no note can save: they would be read otherwise, or refused unheard."""
        self.changes  # noqa: B018  # what is read is looked at first
        found: dict[ast.Call, str] = {}
        for node, (sighting, step) in self.known.items():
            if sighting.address is not None and not step.is_left:
                if self._is_unlike(sighting, step):
                    found[node] = UNLIKE
                elif self._is_refused_unheard(sighting):
                    found[node] = EMPTY
        return found

    def steps(self) -> list[Step]:
        """The calls, with what is left to look at of their answers."""
        found = []
        self.changes  # noqa: B018  # what is read is looked at first
        for node, (sighting, step) in self.known.items():
            more = list(self.doubts[node])
            if not step.is_left and not sighting.method.endswith("_stream") and sighting.method != "is_connected":
                more += [*self._followed(sighting), *self._unread_of(sighting)]
            found.append(step.doubted(*more))
        return found

    @cached_property
    def handlers(self) -> Mapping[ast.Call, Handler]:
        """The tests of a call's answer that become handlers, by the call."""
        found = {}
        for node, (sighting, step) in self.known.items():
            if step.is_left or not step.meant or sighting.address is not None or sighting.library == ccxt.LIBRARY:
                continue
            fetched, has_raised = _outermost(sighting), sighting.library == PYBIT
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
        return Reachability(self.program.callees, lambda _, call: call in self.known, sought=self.known)

    @cached_property
    def _unread(self) -> frozenset[ast.AST]:
        return frozenset(node for made in self.handlers.values() for node in made.nodes)

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
        """Without the `.json()` of what is decoded already."""
        for node in module.names.calls_named.get("json", ()):
            if isinstance(node.func, ast.Attribute) and not node.args:
                found = [(self.askers.call(term), way) for term, way in self._origins(module, node)]
                ours = [call for call, way in found if way == (BODY,) and call is not None]
                is_ours = len(ours) == len(found) and all(self.known[call][0].address is None for call in ours)
                if ours and is_ours and not any(self.known[call][1].is_left for call in ours):
                    yield Edit(place(module.source, node.func.value)[1], place(module.source, node)[1], "")

    def _reworded(self, module: Module) -> Iterator[Edit]:
        """What is asked of a part without taking it: `"ret_msg" in answer`, `rows is None`."""
        for node in module.names.nodes() if any(not step.is_left for _, step in self.known.values()) else ():
            match node:
                case ast.Compare(left=ast.Constant(value=str(word)) as said, ops=[ast.In() | ast.NotIn()]) if (
                    word in self._keys
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
        meant = [self._meaning(call, way) for call, way in found if way[-1:] == (DATA,)]
        are_lists = all(isinstance(each, Meaning) and each.way[-1:] == ("list",) for each in meant)
        return are_lists and 0 < len(found) == len(meant)

    def _renamed(self, module: Module, said: ast.Constant, holder: ast.expr, word: str) -> Iterator[Edit]:
        sources = [(self.askers.call(term), (*way, word)) for term, way in self._origins(module, holder)]
        meant = {self._meaning(call, way) for call, way in sources}
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

    @cached_property
    def _keys(self) -> frozenset[str]:
        """The last keys of all ways that lead elsewhere in V5."""
        return frozenset(way[-1] for shape in migrations.answers().values() for way in shape) - {ANY}

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
        return written in self._keys or is_coin or isinstance(written, int)

    def _readings(self, module: Module, node: ast.Subscript | ast.Call) -> Iterator[Reading]:
        """A reading, if all that it may read from are answers that change in the same way."""
        sources = self._sources(module, node)
        if any(not is_last(node, way) and not self._is_said(module, node, way) for _, way in sources):
            return  # what it takes was taken out of an answer before
        every = [(call, way) for term, way in sources for call in self.askers.calls(term)]
        ours = [(call, way) for call, way in every if call is None or not self._is_no_part(call, way)] or every
        if not any(call is not None for call, _ in ours):
            return
        meant = {self._meaning(call, way) for call, way in ours}
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
        asked = alternatives(self.program.evaluator.at(module, hidden).term)
        return [(term, way) for term in asked for _, way in found]

    @cached_property
    def _fetched(self) -> frozenset[ast.expr]:
        """The calls with what fetches their answers."""
        return frozenset(_outermost(sighting) for sighting, _ in self.known.values())

    def _is_said(self, module: Module, node: ast.Subscript | ast.Call, way: Way) -> bool:
        """True if a way ends with the key of a node that has a name or is put together: a constant, for all that."""
        said = self.program.evaluator.at(module, key_of(node)).term
        return bool(way) and isinstance(said, Constant) and way[-1] == said.value

    def _is_no_part(self, call: ast.Call, way: Way) -> bool:
        """True for a way that leads nowhere: the rows of what is a dict. Where it stands, something else was taken."""
        plain = self._plain(call, way)
        return bool(plain) and not is_key(plain[0])

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
            meaning = self._meaning(call, way)
            if call is None or not isinstance(meaning, Meaning) or meaning.how:
                return False
            plain = self._plain(call, way)
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
        return self._shape(*self.known[twin]) != self._shape(sighting, step)

    def _meaning(self, call: ast.Call | None, way: Way) -> Meaning | str | None:
        """What a way means in V5; the key that is gone, and None for what is not ours to change."""
        if call is None or self.known[call][1].is_left:
            return None
        way = self._plain(call, way)
        if not way:
            return Meaning((), (), "")
        shape = self._shape(*self.known[call])
        here = place_of(shape, way)
        if here is None or (here.how == "coin" and way[-1] != ANY and not str(way[-1]).isupper()):
            return str(way[-1])
        base = place_of(shape, way[:-1])
        return Meaning(base.way if base else (), here.way, here.how) if base or len(way) == 1 else None

    def _plain(self, call: ast.Call, way: Way) -> Way:
        """A way from what Bybit said, which some clients wrap."""
        wrap = WRAPPED.get(self.known[call][0].library)
        return way[1:] if way[:1] == wrap else way

    def _shape(self, sighting: Sighting, step: Step) -> Mapping[Named, Place | None]:
        """The places of what a call answers."""
        known = migrations.migrations()[sighting.client, sighting.method]
        name, _, given = known.answer.partition("|")
        names = {keyword.arg for keyword in sighting.node.keywords}
        names |= {*(sighting.positional or ())[: len(sighting.node.args)]} | sighting.given
        if sighting.library == ccxt.LIBRARY:
            names = {entry.name for entry in Params(self.program, sighting.module, sighting.node).all}
        if given and names.isdisjoint(given.split(",")) and None not in names:
            name = f"{name}_all"
        category = CLIENTS.get(sighting.client) or _category(step)
        every = migrations.answers()
        shape = every.get(f"{name}.{category}") or every.get(name) or {}
        return {**every[ANY], **shape}

    # --- rewriting ----------------------------------------------------------------------------------------------------

    def _rewrite(self, reading: Reading, edits: Wrapping) -> None:
        call = reading.call
        meant = self._meaning(call, reading.way)
        if isinstance(meant, str):
            if not self._is_unknown(call):
                self.doubts[call].append(GONE.format(meant))
            return
        if meant is None:
            return
        base, outer = meant.base, reading.base
        skipped: list[ast.expr] = []
        while base != meant.way[: len(base)] and isinstance(outer, ast.Subscript):
            skipped.append(outer)
            outer = outer.value
            found = place_of(self._shape(*self.known[call]), self._plain(call, reading.way)[: -1 - len(skipped)])
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
        way = self._plain(call, reading.way)
        is_raising = self.known[call][0].address is None
        if is_raising and way in (("ret_code",), ("retCode",)) and not _is_good(reading):
            self.doubts[call].append(NEVER.format(RAISED.get(self.known[call][0].library, handlers.RAISED)))
        if not is_raising and way == CODE and (others := _compared(reading) - {*KEPT}):
            self.doubts[call].append(CODES.format(", ".join(map(str, sorted(others, key=str)))))
        if meant.how == "available":
            self.doubts[call].append(AVAILABLE)

    def _fields(self, call: ast.Call) -> set[str]:
        """The names of what the rows of an answer consist of."""
        return {way[-1] for way in self._shape(*self.known[call])}

    def _is_unknown(self, call: ast.Call) -> bool:
        sighting, _ = self.known[call]
        return not migrations.migrations()[sighting.client, sighting.method].answer

    # --- how far it is seen -------------------------------------------------------------------------------------------

    def _followed(self, sighting: Sighting) -> Iterator[str]:
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
            is_annotated = isinstance(sighting.module.names.parents.get(_outermost(sighting)), ast.AnnAssign)
            missed = [way for way, site in uses.taken.items() if site.node not in self._read and way[-1] in self._keys]
            if is_annotated and missed and sighting.library != PYBIT:
                yield MIXED
            chosen = self._plain_ways(sighting, uses.demanded)
            rows = {way for way in self._ways(sighting, uses) if is_of_a_place(way)} | {(*RESULT, ANY)} & chosen
            if rows and "entry_price" in self._fields(sighting.node):
                yield FIRST
            yield from [ESCAPED] if any(self._is_whole(sighting, way) for way in uses.escaped) else []
            yield from self._unseen_parts(sighting, uses)

    def _unseen_parts(self, sighting: Sighting, uses: Uses) -> Iterator[str]:
        """What to look at where parts are asked for by names that no reading shows."""
        shape = self._shape(*self.known[sighting.node])
        if sighting.node in self._changed:
            yield CHANGED
        words = uses.words.difference(self._words[sighting.node], RESULT)
        if asked := [word for word in sorted(words) for way in shape if word == way[-1]]:
            yield ASKED.format(asked[0])
        counted = self._plain_ways(sighting, uses.tested - uses.demanded - uses.taken.keys())
        if NO_WORD in words or any(is_by_any_key(shape, way) for way in self._ways(sighting, uses) - counted):
            yield BY_ANY_KEY

    def _ways(self, sighting: Sighting, uses: Uses) -> set[Way]:
        """The ways to all parts of an answer that something is done with."""
        return self._plain_ways(sighting, (*uses.read, *uses.demanded, *uses.taken))

    def _plain_ways(self, sighting: Sighting, ways: Iterable[Way]) -> set[Way]:
        return {self._plain(sighting.node, way) for way in ways}

    def _uses(self, sighting: Sighting) -> Uses:
        """What becomes of an answer, from where it is asked for, or from where that is sent and back to there."""
        if (passage := sighting.passage) is None:
            return UseTracker(self.program).of(sighting.module, sighting.node)
        return UseTracker(self.program, passage.route).of(passage.sender.module, passage.sender.answered)

    def _is_refused_unheard(self, sighting: Sighting) -> bool:
        """True where only the empty result of before V5 said that Bybit refused: V5 has one without parts."""
        if sighting.passage and sighting.passage.idle:
            return False
        uses, place = self._uses(sighting), self._shape(*self.known[sighting.node]).get(RESULT)
        return RESULT in uses.tested and CODE not in uses.tested and place not in (None, Place(RESULT, ""))

    def _unread_of(self, sighting: Sighting) -> Iterator[str]:
        """What to look at where parts of the answer to a request without a client are read that V5 does not tell."""
        if sighting.address is None or (sighting.passage and sighting.passage.idle) or self._is_unknown(sighting.node):
            return
        taken = self._uses(sighting).taken
        if missed := [way[-1] for way, site in taken.items() if site.node not in self._read and is_key(way[-1])]:
            yield GONE.format(missed[0])

    @cached_property
    def _changed(self) -> set[ast.Call]:
        """The calls into whose answers something is put, or out of which it is deleted."""
        found = set()
        for module in self.program.project.readable:
            for node in module.names.nodes():
                if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                    calls = (self.askers.call(term) for term, _ in self._origins(module, node.value))
                    found |= {call for call in calls if call is not None}
        return found

    def _is_whole(self, sighting: Sighting, way: Way) -> bool:
        """True for a part that has parts of its own which change."""
        shape = self._shape(*self.known[sighting.node])
        made = place_of(shape, way) if way else None
        if made is not None and made.how in TEMPLATES:
            return False
        return has_parts(shape, way)


def _outermost(sighting: Sighting) -> ast.expr:
    """A call with what fetches its answer."""
    parents = sighting.module.names.parents
    around = parents.get(sighting.node)
    call = parents.get(around) if isinstance(around, ast.Attribute) else None
    if not isinstance(call, ast.Call) or sighting.library == PYBIT:
        return sighting.node
    first = parents.get(call)
    is_first = isinstance(first, ast.Subscript) and literal_key(first.slice) == 0
    return first if isinstance(first, ast.Subscript) and is_first and sighting.library == swagger.LIBRARY else call


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


def _category(step: Step) -> str:
    """The category that a rewritten call names."""
    texts = [edit.text for edits in step.changes.values() for edit in edits]
    found = next(filter(None, map(CATEGORY.search, texts)), None)
    return found[1] if found else ""

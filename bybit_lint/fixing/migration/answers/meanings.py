"""What the parts of answers mean in V5, by the tables: where they are, and how what was is made of what is."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cached_property

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.traffic.responses import BODY
from bybit_lint.clients import ccxt, pybybit, swagger
from bybit_lint.fixing.migration.answers.readings import Named, Way
from bybit_lint.fixing.migration.answers.ways import is_key, place_of
from bybit_lint.fixing.migration.arguments.categories import CLIENTS
from bybit_lint.fixing.migration.calls.implicit import Params
from bybit_lint.fixing.migration.calls.sightings import Sighting
from bybit_lint.fixing.migration.steps import Step
from bybit_lint.knowledge import migrations
from bybit_lint.knowledge.migrations import ANY, Place
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

WRAPPED = {swagger.LIBRARY: (0,), pybybit.LIBRARY: (BODY,), migrations.RAW: (BODY,)}
"""What stands before all ways into an answer of theirs."""
CATEGORY = regex(r'category(?:="|": "|=(?=\w+&))(\w+)')


class Meaning(NamedTuple):
    """What a reading means in V5: the way to what it is taken from, the way to itself, and how it is made."""

    base: Named
    way: Named
    how: str


class Meanings:
    """The meanings of what is read of the answers to some calls, each with what becomes of it."""

    def __init__(self, program: Program, known: Mapping[ast.Call, tuple[Sighting, Step]]) -> None:
        self.program, self.known = program, known

    @cached_property
    def keys(self) -> frozenset[str]:
        """The last keys of all ways that lead elsewhere in V5."""
        return frozenset(way[-1] for shape in migrations.answers().values() for way in shape) - {ANY}

    def of(self, call: ast.Call | None, way: Way) -> Meaning | str | None:
        """What a way means in V5; the key that is gone, and None for what is not ours to change."""
        if call is None or self.known[call][1].is_left:
            return None
        way = self.plain(call, way)
        if not way:
            return Meaning((), (), "")
        shape = self.shape(*self.known[call])
        here = place_of(shape, way)
        if here is None or (here.how == "coin" and way[-1] != ANY and not str(way[-1]).isupper()):
            return str(way[-1])
        base = place_of(shape, way[:-1])
        return Meaning(base.way if base else (), here.way, here.how) if base or len(way) == 1 else None

    def plain(self, call: ast.Call, way: Way) -> Way:
        """A way from what Bybit said, which some clients wrap."""
        wrap = WRAPPED.get(self.known[call][0].library)
        return way[1:] if way[:1] == wrap else way

    def shape(self, sighting: Sighting, step: Step) -> Mapping[Named, Place | None]:
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

    def fields(self, call: ast.Call) -> set[str]:
        """The names of what the rows of an answer consist of."""
        return {way[-1] for way in self.shape(*self.known[call])}

    def is_unknown(self, call: ast.Call) -> bool:
        sighting, _ = self.known[call]
        return not migrations.migrations()[sighting.client, sighting.method].answer

    def is_no_part(self, call: ast.Call, way: Way) -> bool:
        """True for a way that leads nowhere: the rows of what is a dict. Where it stands, something else was taken."""
        plain = self.plain(call, way)
        return bool(plain) and not is_key(plain[0])


def _category(step: Step) -> str:
    """The category that a rewritten call names."""
    texts = [edit.text for edits in step.changes.values() for edit in edits]
    found = next(filter(None, map(CATEGORY.search, texts)), None)
    return found[1] if found else ""

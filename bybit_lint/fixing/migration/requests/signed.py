"""Requests signed by hand, where all of them is seen: from the call that says the path to the one that sends.

Path, parameters and answers go by the tables of pybit's calls. The signature goes into headers, and is made of what is
sent as it is sent: `auth=bybit_signed(KEY, SECRET)`, or `**bybit_signed(KEY, SECRET, params=params)` where the library
signs nothing by itself (https://bybit-exchange.github.io/docs/v5/guide#authentication).
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence

from bybit_lint.analysis.callgraph.call_sites import LazyCall
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.traffic.contexts import CallingContext
from bybit_lint.analysis.values.terms import Constant
from bybit_lint.fixing.editing.edits import Edit, Refused
from bybit_lint.fixing.editing.statements import without
from bybit_lint.fixing.migration.calls.sightings import Sighting
from bybit_lint.fixing.migration.passages.bodies import Body
from bybit_lint.fixing.migration.passages.journeys import Journey, meaning, senders
from bybit_lint.fixing.migration.passages.passages import Passage, Sender
from bybit_lint.fixing.migration.passages.paths import Address, ends_with
from bybit_lint.fixing.migration.passages.payloads import Payload
from bybit_lint.fixing.migration.requests.clearing import with_blanks
from bybit_lint.fixing.migration.steps import Step, Undecided
from bybit_lint.knowledge import migrations
from bybit_lint.knowledge.migrations import RAW


def sightings(program: Program) -> Iterator[Sighting]:
    """The requests without a client that a function sends for others, or that are signed."""
    for sender in senders(program):
        is_open = all(passage.saying.node is sender.node and _is_open(passage) for passage in sender.passages)
        if is_open and not _is_signed(sender):
            continue  # a plain request, without a key
        doubt = sender.doubt()
        for passage in sender.passages:
            yield _sighting(program, passage, doubt)


def _is_signed(sender: Sender) -> bool:
    if sender.is_signed_in_headers:
        return True
    try:
        return bool(sender.payload.signature.said or sender.payload.signers)
    except Undecided:
        return False


def _is_open(passage: Passage) -> bool:
    return passage.verb == "GET" and passage.path in migrations.asked_at()


def _sighting(program: Program, passage: Passage, doubt: str) -> Sighting:
    client, _, method = meaning(passage).partition(".")
    site = passage.call
    call = Call(CallingContext(program.callers), LazyCall(program.evaluator, site, Constant(None)), "")
    address = passage.address
    assert isinstance(site.node, ast.Call)
    if not method:
        doubt = doubt or "what becomes of its parameters and its answer is not known"
    if address is None:
        doubt = doubt or "its path is written elsewhere"
        said = _nearest(passage)
        address = Address(passage.path, said, passage.saying.module)
    given: frozenset[str] = frozenset()
    if not doubt:
        try:
            given = frozenset(entry.name for entry in Journey(program, passage).entries)
        except Undecided as error:
            doubt = str(error)
    return Sighting(call, client, method, (), doubt, RAW, address=address, passage=passage, given=given)


def _nearest(passage: Passage) -> ast.expr:
    """The text nearest above a call that says its path, or else the call."""
    node, module = passage.saying.node, passage.saying.module
    assert isinstance(node, ast.Call)
    found = [n for n in module.names.nodes() if isinstance(n, ast.expr) and ends_with(n, passage.path)]
    above = [n for n in found if n.lineno <= node.lineno]
    return max(above, key=lambda n: n.lineno) if above else found[0] if found else node


def unneeded(made: Sequence[tuple[Sighting, Step]]) -> Iterator[tuple[Source, Edit]]:
    """The functions that signed, and that nobody calls any more."""
    payloads = [payload for s, step in made if s.passage and not step.is_left for payload in _payloads_of(s)]
    replaced = {call: inner for payload in payloads for call, inner in payload.unsigned_by().items()}
    bodies = {inner.scope.node: inner for inner in replaced.values()}
    for node, inner in bodies.items():
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _is_only_in(
            inner, node.name, replaced, bodies
        ):
            try:
                yield inner.source, with_blanks(inner.source, without(inner.source, node))
            except Refused:
                continue


def _is_only_in(inner: Body, name: str, replaced: Collection[ast.AST], bodies: Collection[ast.AST]) -> bool:
    """True if a function is mentioned by calls that go only, or by functions that do."""
    for module in inner.program.project.readable:
        for node in module.names.nodes():
            if name in (getattr(node, "id", ""), getattr(node, "attr", "")):
                around = [node, *module.names.ancestors(node)]
                if not any(each in replaced or each in bodies for each in around):
                    return False
    return True


def _payloads_of(sighting: Sighting) -> list[Payload]:
    assert sighting.passage is not None
    try:
        return Journey(sighting.passage.sender.program, sighting.passage).payloads
    except Undecided:
        return []

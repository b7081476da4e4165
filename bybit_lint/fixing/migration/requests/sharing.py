"""What requests without a client share: the code that sends and signs them, and paths that have names.

What goes through the same code is carried over together, or not at all.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.fixing.migration.calls.sightings import Sighting
from bybit_lint.fixing.migration.passages.paths import named_paths
from bybit_lint.fixing.migration.steps import Step, Undecided

SAME_WAY = " goes the same way, and is left: "
SAID_ELSEWHERE = "its path has a name, which is said where it is not seen to be sent"


def told_apart(program: Program, sightings: Sequence[Sighting]) -> Iterator[Sighting]:
    """The same requests; one whose path has a name that something else says, too, is in doubt."""
    named = named_paths(program)
    uses = {sighting.address.use for sighting in sightings if sighting.address}
    for sighting in sightings:
        address = sighting.address
        known = named.of(address.path).get(address.use) if address and address.use else None
        is_more = known is not None and not known.uses <= uses
        yield sighting._replace(doubt=SAID_ELSEWHERE) if is_more and not sighting.doubt else sighting


def together(made: Sequence[tuple[Sighting, Step]]) -> list[tuple[Sighting, Step]]:
    """The same requests, without those that share code with one that is left.

    One that nobody in the project asks for holds up no other: it is left beside them, where it was of no use.
    """
    found = list(made)
    is_more = True
    while is_more:
        is_more = False
        for index, (sighting, step) in enumerate(found):
            held_by = None if step.is_left else next(_holding(sighting, found), None)
            if held_by is not None:
                name, why = f"{held_by[0].name} in line {held_by[0].span.line}", held_by[1].reasons[-1]
                reason = why if SAME_WAY in why else f"{name}{SAME_WAY}{why}"
                found[index] = (sighting, step.left(reason))
                is_more = True
    return found


def _holding(sighting: Sighting, made: Sequence[tuple[Sighting, Step]]) -> Iterator[tuple[Sighting, Step]]:
    """Those that are left, and that a request has to go together with."""
    shared = _shared(sighting)
    for other, step in made if shared else ():
        is_asked = other.passage is None or not other.passage.idle
        if step.is_left and is_asked and shared & _shared(other):
            yield other, step


def _shared(sighting: Sighting) -> frozenset[ast.AST]:
    """What a request has to share with others: its path if that has a name, and what sends it."""
    address = sighting.address
    said: Collection[ast.AST] = (address.said,) if address and address.use else ()
    return frozenset((*said, *_sending(sighting)))


def _sending(sighting: Sighting) -> Collection[ast.AST]:
    """The call that sends it, and the functions that sign; or else its path."""
    if sighting.passage is None:
        return ()
    if sighting.passage.sender.is_signed_in_headers:  # how they are signed stays, and is right for each of them
        return (sighting.address.said,) if sighting.address else ()
    try:
        payload = sighting.passage.sender.payload
    except Undecided:
        return (sighting.passage.sender.node,)
    signers = (inner.scope.node for inner in payload.signers.values())
    return (sighting.passage.sender.node, *signers, *payload.beside.sending)

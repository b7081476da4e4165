"""Fixes turned into new source; no more of it is read again than what changes."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.fixing.editing.edits import Edit, Refused, difference, overlaps, splice
from bybit_lint.fixing.editing.imports import Import
from bybit_lint.fixing.editing.parsing import still_parses
from bybit_lint.fixing.layout import with_names
from bybit_lint.fixing.verbs import Draft, Repair
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Fix

__all__ = ["Draft", "Edit", "Plan", "Refused", "difference", "edits", "edits_in", "overlaps", "plan", "splice"]

SHIM = "bybit_lint.shim"

Repairs: TypeAlias = Mapping[int, Repair]
"""Repairs by the index of their fix."""


class Plan(NamedTuple):
    """What one round makes of the fixes of a file, which are named by their index."""

    applied: list[int]
    edits: list[Edit]
    refused: dict[int, str]
    postponed: list[int]
    """Those in the way of an applied one: they can be made once the file has been read again."""


def edits(source: Source, fix: Fix, shim: str = SHIM) -> list[Edit]:
    """The edits of one fix, its imports included. Raises Refused if it cannot be made."""
    return edits_in(Draft(source, shim), fix)


def edits_in(draft: Draft, fix: Fix) -> list[Edit]:
    """The same in a file that others were asked for too, of which much need not be worked out again."""
    return together(draft, [Repair(draft, fix)])


def plan(source: Source, fixes: Sequence[Fix], shim: str = SHIM) -> Plan:
    """The edits of as many fixes of one file as can be made at once, earlier ones first.

    Raises Refused if the file cannot be written back as it is.
    """
    draft = Draft(source, shim)
    made, refused = repairs(draft, fixes)
    chosen = choice(made, lambda _: True)
    if fault(draft, chosen.values()):  # to know which of them it is takes a parse for each
        refused |= {index: why for index, repair in made.items() if (why := fault(draft, [repair]))}
        made = {index: repair for index, repair in made.items() if index not in refused}
        chosen = choice(made, lambda some: not fault(draft, some))
    postponed = [index for index in made if index not in chosen]
    return Plan([*chosen], together(draft, chosen.values()), refused, postponed)


def repairs(draft: Draft, fixes: Sequence[Fix]) -> tuple[Repairs, dict[int, str]]:
    """What is made of each fix, and why some cannot be made."""
    made: dict[int, Repair] = {}
    refused: dict[int, str] = {}
    for index, fix in enumerate(fixes):
        try:
            made[index] = Repair(draft, fix)
        except Refused as error:
            refused[index] = str(error)
    return made, refused


def choice(made: Repairs, fit: Callable[[Sequence[Repair]], bool]) -> Repairs:
    """Those that do not disturb an earlier one and, with the earlier ones, fit."""
    chosen: dict[int, Repair] = {}
    for index, candidate in made.items():
        earlier = list(chosen.values())
        if not any(candidate.disturbs(other) for other in earlier) and fit([*earlier, candidate]):
            chosen[index] = candidate
    return chosen


def fault(draft: Draft, some: Collection[Repair]) -> str:
    """Why some repairs cannot be made together, or nothing if they can."""
    try:
        together(draft, some)
    except Refused as error:
        return str(error)
    return ""


def together(draft: Draft, some: Collection[Repair]) -> list[Edit]:
    """The edits of some repairs with all their imports. Raises Refused if the result would not parse."""
    needed = dict.fromkeys(item for repair in some for item in repair.imports)
    made = sorted({*(edit for repair in some for edit in repair.edits), *import_edits(draft, needed)})
    if not any(overlaps(*pair) for pair in pairwise(made)) and still_parses(draft.source, made):
        return made
    try:
        after = draft.source.edited(splice(draft.source, made))
        _ = after.tree if after.is_code else after.body
    except Unreadable as error:
        raise Refused("the result would not parse") from error
    except ValueError as error:
        raise Refused("the parts of the fix are in each other's way") from error
    if after.notebook and not after.notebook.fits(after.data):
        raise Refused("the fix does not fit into the cells of the notebook")
    return made


def import_edits(draft: Draft, needed: Iterable[Import]) -> Iterator[Edit]:
    """The edits that import what is needed: names are added to imports that can take them, the others are new."""
    groups: defaultdict[ast.ImportFrom | None, list[Import]] = defaultdict(list)
    for item in needed:
        groups[item.extends].append(item)
    for statement, group in groups.items():
        yield extended(draft, statement, group) if statement else draft.imports.insertion(group)


def extended(draft: Draft, statement: ast.ImportFrom, group: Iterable[Import]) -> Edit:
    """The edit that adds names to an import."""
    span, old = draft.source.span(statement), draft.source.text(statement)
    return difference(span.start, old, with_names(old, sorted({item.alias for item in group})))

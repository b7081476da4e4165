"""Verbs turned into new source; no more of it is read again than what changes."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from bybit_lint.editing.blocks import scope
from bybit_lint.editing.edits import Edit, Refused, difference, overlaps, splice
from bybit_lint.editing.entries import check_free, renamed
from bybit_lint.editing.imports import Import, Imports
from bybit_lint.editing.names import Names
from bybit_lint.editing.places import Places, fit
from bybit_lint.editing.statements import before, behind, into_block, without
from bybit_lint.layout import comments, parsed, with_argument, with_names, without_argument
from bybit_lint.source import Source, Unreadable
from bybit_lint.vocabulary import (
    Bind,
    CallFirst,
    Fix,
    RemoveArgument,
    RemoveStatement,
    Rename,
    Replace,
    SetArgument,
    Verb,
    Wrap,
)

__all__ = ["Edit", "Plan", "Refused", "edits", "overlaps", "plan", "splice"]

SHIM = "bybit_lint.shim"


class Plan(NamedTuple):
    """What one round makes of the fixes of a file, which are named by their index."""

    applied: list[int]
    edits: list[Edit]
    refused: dict[int, str]
    postponed: list[int]
    """Those in the way of an applied one: they can be made once the file has been read again."""


def edits(source: Source, fix: Fix, shim: str = SHIM) -> list[Edit]:
    """The edits of one fix, its imports included. Raises Refused if it cannot be made."""
    draft = Draft(source, shim)
    return draft.edits([draft.repair(fix)])


def plan(source: Source, fixes: Sequence[Fix], shim: str = SHIM) -> Plan:
    """The edits of as many fixes of one file as can be made at once, earlier ones first.

    Raises Refused if fixes that can each be made alone cannot be made together, although they do not overlap.
    """
    draft = Draft(source, shim)
    try:
        return _plan(draft, fixes, draft.repair)
    except Refused:
        return _plan(draft, fixes, draft.proven_repair)


def _plan(draft: Draft, fixes: Sequence[Fix], repair: Callable[[Fix], Repair]) -> Plan:
    made: dict[int, Repair] = {}
    refused: dict[int, str] = {}
    for index, fix in enumerate(fixes):
        try:
            made[index] = repair(fix)
        except Refused as error:
            refused[index] = str(error)
    chosen: dict[int, Repair] = {}
    for index, candidate in made.items():
        if not any(candidate.disturbs(other) for other in chosen.values()):
            chosen[index] = candidate
    postponed = [index for index in made if index not in chosen]
    return Plan([*chosen], draft.edits([*chosen.values()]), refused, postponed)


# --- a file, and what is done to it -----------------------------------------------------------------------------------


class Draft:
    """One file that is being edited."""

    def __init__(self, source: Source, shim: str) -> None:
        self.source = source
        self.shim = shim
        self.places = Places(source)
        self.names = Names(source)
        self.imports = Imports(source, self.names)

    def repair(self, fix: Fix) -> Repair:
        """The edits of a fix, and the imports it needs. Raises Refused if it cannot be made."""
        try:
            return Repair(self, fix)
        except RecursionError as error:
            raise Refused("the expression is nested too deeply") from error

    def proven_repair(self, fix: Fix) -> Repair:
        """The same; raises Refused as well if the file would not parse with this fix alone, which takes a parse."""
        repair = self.repair(fix)
        self.edits([repair])
        return repair

    def edits(self, repairs: Sequence[Repair]) -> list[Edit]:
        """The edits of some repairs with all their imports. Raises Refused if the result would not parse."""
        needed = dict.fromkeys(item for repair in repairs for item in repair.imports)
        made = {*(edit for repair in repairs for edit in repair.edits), *self._import_edits(needed)}
        try:
            _ = Source(self.source.path, splice(self.source, made)).tree
        except Unreadable as error:
            raise Refused("the result would not parse") from error
        except ValueError as error:
            raise Refused("the parts of the fix are in each other's way") from error
        return sorted(made)

    def _import_edits(self, needed: Iterable[Import]) -> Iterator[Edit]:
        groups: defaultdict[ast.ImportFrom | None, list[Import]] = defaultdict(list)
        for item in needed:
            groups[item.extends].append(item)
        for statement, group in groups.items():
            yield self._extended(statement, group) if statement else self.imports.insertion(group)

    def _extended(self, statement: ast.ImportFrom, group: Iterable[Import]) -> Edit:
        span = self.source.span(statement)
        old = self.source.text(statement)
        return difference(span.start, old, with_names(old, sorted({item.alias for item in group})))


class Repair:
    """One fix: its edits, and the imports they need."""

    def __init__(self, draft: Draft, fix: Fix) -> None:
        self.source, self.shim, self.places = draft.source, draft.shim, draft.places
        self._draft = draft
        self.imports: list[Import] = []
        self.bound: set[tuple[str, ast.AST]] = set()
        self.edits = [self._edit(verb) for verb in fix.verbs]

    def disturbs(self, other: Repair) -> bool:
        """True if the two cannot be made at once."""
        names = {item.local: item for item in other.imports}
        return (
            any(overlaps(one, two) for one in self.edits for two in other.edits)
            or any(names.get(item.local, item) != item for item in self.imports)
            or not self.bound.isdisjoint(other.bound)
        )

    def _edit(self, verb: Verb) -> Edit:
        match verb:
            case Wrap():
                return self._wrap(verb)
            case Replace():
                return self._replace(verb)
            case SetArgument():
                return self._set_argument(verb)
            case RemoveArgument():
                return self._remove_argument(verb)
            case Rename():
                return renamed(self.places, self.places.find(verb.target, ast.expr), verb.name)
            case Bind():
                return self._bind(verb)
            case RemoveStatement():
                return without(self.source, self.places.find(verb.target, ast.stmt))
            case CallFirst():
                return self._call_first(verb)

    def _wrap(self, verb: Wrap) -> Edit:
        target = self.places.find(verb.target, ast.expr)
        head = f"{self._local(verb)}({''.join(f'{code}, ' for code in verb.leading)}"
        tail = f"{''.join(f', {code}' for code in verb.trailing)})"
        value = fit(head, self.places.text(peeled(target, verb.peel)), tail)
        return self._rewrite(target, head + value + tail)

    def _replace(self, verb: Replace) -> Edit:
        target = self.places.find(verb.target, ast.expr)
        text = verb.template.format(self._local(verb)) if verb.helper else verb.template
        return self._rewrite(target, text)

    def _set_argument(self, verb: SetArgument) -> Edit:
        call = self.places.find(verb.target, ast.Call)
        for keyword in call.keywords:
            if keyword.arg == verb.name:
                return self._rewrite(keyword.value, verb.value)
        check_free(call, verb.name)
        old = self.places.text(call)
        return difference(verb.target.start, old, with_argument(old, f"{verb.name}={verb.value}"))

    def _remove_argument(self, verb: RemoveArgument) -> Edit:
        call = self.places.find(verb.target, ast.Call)
        if verb.name not in [keyword.arg for keyword in call.keywords]:
            raise Refused(f"{verb.name} is not among the arguments")
        old = self.places.text(call)
        new = without_argument(old, verb.name)
        check_comments(old, new)
        return difference(verb.target.start, old, new)

    def _bind(self, verb: Bind) -> Edit:
        statement = self.places.find(verb.target, ast.stmt)
        if self._draft.names.occurs(verb.name, verb.target.start):
            raise Refused(f"the name {verb.name} is used here already")
        self.bound.add((verb.name, scope(self.source, verb.target.start)))
        return before(self.source, statement, f"{verb.name} = {self._local(verb)}()")

    def _call_first(self, verb: CallFirst) -> Edit:
        statement = self.places.find(verb.target, ast.stmt)
        call = f"{self._local(verb)}({verb.argument})"
        parsed(call)
        return (into_block if verb.inside else behind)(self.source, statement, call)

    def _local(self, verb: Wrap | Replace | Bind | CallFirst) -> str:
        module = "" if isinstance(verb, CallFirst) else verb.module
        name, needed = self._draft.imports.local(module or self.shim, verb.helper, verb.target.start)
        self.imports += [needed] if needed else []
        return name

    def _rewrite(self, node: ast.expr, text: str) -> Edit:
        check_comments(self.places.text(node), text)
        return self.places.replace(node, text)


def check_comments(old: str, new: str) -> None:
    """Raise Refused if an expression does not keep its comments."""
    if comments(parsed(old)) != comments(parsed(new)):
        raise Refused("a comment stands in the expression")


def peeled(node: ast.expr, name: str) -> ast.expr:
    """The only argument of a call of `name`, or else the node itself."""
    match node:
        case ast.Call(func=ast.Name(id=called), args=[only], keywords=[]) if called == name:
            return node if isinstance(only, ast.Starred) else only
    return node

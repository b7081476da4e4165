"""Verbs turned into new source: the one module that imports libcst, and it parses no more than what changes."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

import libcst as cst

from bybit_lint.editing.edits import Edit, Refused, difference, overlaps, splice
from bybit_lint.editing.imports import Import, Imports
from bybit_lint.editing.lines import behind, into_block
from bybit_lint.editing.places import Places, fit
from bybit_lint.source import Source, Unreadable
from bybit_lint.vocabulary import CallFirst, Fix, Replace, SetArgument, Verb, Wrap

__all__ = ["Edit", "Plan", "Refused", "edits", "overlaps", "plan", "splice"]

SHIM = "bybit_lint.shim"
LINE_END = re.compile("\r\n|\r|\n")

ItemT = TypeVar("ItemT", cst.Arg, cst.ImportAlias)


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
        self.imports = Imports(source)

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
        self.edits = [self._edit(verb) for verb in fix.verbs]

    def disturbs(self, other: Repair) -> bool:
        """True if the two cannot be made at once."""
        names = {item.local: item for item in other.imports}
        return any(overlaps(one, two) for one in self.edits for two in other.edits) or any(
            names.get(item.local, item) != item for item in self.imports
        )

    def _edit(self, verb: Verb) -> Edit:
        match verb:
            case Wrap():
                return self._wrap(verb)
            case Replace():
                return self._replace(verb)
            case SetArgument():
                return self._set_argument(verb)
            case CallFirst():
                return self._call_first(verb)
            case _:
                raise Refused(f"{type(verb).__name__} cannot be made")

    def _wrap(self, verb: Wrap) -> Edit:
        target = self.places.find(verb.target, ast.expr)
        before = f"{self._local(verb)}({''.join(f'{code}, ' for code in verb.leading)}"
        after = f"{''.join(f', {code}' for code in verb.trailing)})"
        value = fit(before, self.places.text(peeled(target, verb.peel)), after)
        return self._rewrite(target, before + value + after)

    def _replace(self, verb: Replace) -> Edit:
        target = self.places.find(verb.target, ast.expr)
        return self._rewrite(target, verb.template.format(self._local(verb)))

    def _set_argument(self, verb: SetArgument) -> Edit:
        call = self.places.find(verb.target, ast.Call)
        for keyword in call.keywords:
            if keyword.arg == verb.name:
                return self._rewrite(keyword.value, verb.value)
        if any(keyword.arg is None for keyword in call.keywords):
            raise Refused(f"the arguments behind ** may set {verb.name} already")
        old = self.places.text(call)
        return difference(verb.target.start, old, with_argument(old, f"{verb.name}={verb.value}"))

    def _call_first(self, verb: CallFirst) -> Edit:
        statement = self.places.find(verb.target, ast.stmt)
        call = f"{self._local(verb)}({verb.argument})"
        parsed(call)
        return (into_block if verb.inside else behind)(self.source, statement, call)

    def _local(self, verb: Wrap | Replace | CallFirst) -> str:
        module = "" if isinstance(verb, CallFirst) else verb.module
        name, needed = self._draft.imports.local(module or self.shim, verb.helper, verb.target.start)
        self.imports += [needed] if needed else []
        return name

    def _rewrite(self, node: ast.expr, text: str) -> Edit:
        if comments(parsed(self.places.text(node))) != comments(parsed(text)):
            raise Refused("a comment stands in the expression")
        return self.places.replace(node, text)


def peeled(node: ast.expr, name: str) -> ast.expr:
    """The only argument of a call of `name`, or else the node itself."""
    match node:
        case ast.Call(func=ast.Name(id=called), args=[only], keywords=[]) if called == name:
            return node if isinstance(only, ast.Starred) else only
    return node


# --- libcst -----------------------------------------------------------------------------------------------------------


def parsed(code: str) -> cst.BaseExpression:
    """An expression in parentheses, so that it may go over several lines. Raises Refused if libcst cannot read it."""
    try:
        return cst.parse_expression(f"({code})")
    except (cst.ParserSyntaxError, cst.CSTValidationError) as error:
        raise Refused("libcst cannot read the expression") from error


def printed(node: cst.CSTNode, like: str) -> str:
    """The source text of a node; its lines end as those of the text `like`, which it was parsed from."""
    found = LINE_END.search(like)
    return cst.Module([], default_newline=found.group() if found else "\n").code_for_node(node)


def comments(node: cst.CSTNode) -> list[str]:
    """The comments in a node, in their order."""
    own = [node.value] if isinstance(node, cst.Comment) else []
    return own + [comment for child in node.children for comment in comments(child)]


def with_argument(call: str, argument: str) -> str:
    """The text of a call with one more argument."""
    node = cst.ensure_type(parsed(call), cst.Call)
    new = cst.ensure_type(cst.parse_expression(f"f({argument})"), cst.Call).args[0]
    args = [new]
    if node.args:
        *others, last = node.args
        others.append(last.with_changes(whitespace_after_arg=cst.SimpleWhitespace("")))
        args, end = extended(others, new, node.whitespace_before_args, last.whitespace_after_arg)
        args[-1] = args[-1].with_changes(whitespace_after_arg=end)
    return printed(node.with_changes(args=args), call)[1:-1]


def with_names(statement: str, aliases: Iterable[str]) -> str:
    """The text of a `from ... import ...` with more names."""
    node, names = import_from(statement)
    blank = cst.SimpleWhitespace("")
    start = node.lpar.whitespace_after if node.lpar else blank
    end = node.rpar.whitespace_before if node.rpar else blank
    for alias in aliases:
        _, [new] = import_from(f"from m import {alias}")
        names, end = extended(names, new, start, end)
    bracket = node.rpar.with_changes(whitespace_before=end) if node.rpar else None
    return printed(node.with_changes(names=names, rpar=bracket), statement)


def import_from(statement: str) -> tuple[cst.ImportFrom, list[cst.ImportAlias]]:
    """The node of a `from ... import ...`, and its names."""
    line = cst.ensure_type(cst.parse_statement(statement), cst.SimpleStatementLine)
    node = cst.ensure_type(line.body[0], cst.ImportFrom)
    return node, [] if isinstance(node.names, cst.ImportStar) else list(node.names)


def extended(
    items: Sequence[ItemT], new: ItemT, start: cst.BaseParenthesizableWhitespace, end: cst.BaseParenthesizableWhitespace
) -> tuple[list[ItemT], cst.BaseParenthesizableWhitespace]:
    """The items with a new one behind them, which gets a line of its own if the last one has one.

    `start` is the white space before the first item, `end` that before the closing bracket; the new one is returned.
    """
    *others, last = items
    comma = last.comma if isinstance(last.comma, cst.Comma) else None
    before = cst.ensure_type(others[-1].comma, cst.Comma).whitespace_after if others else start
    after = comma.whitespace_after if comma else end
    between: cst.BaseParenthesizableWhitespace = cst.SimpleWhitespace(" ")
    if isinstance(before, cst.ParenthesizedWhitespace) and isinstance(after, cst.ParenthesizedWhitespace):
        between = after.with_changes(last_line=before.last_line)
        after = after.with_changes(first_line=cst.TrailingWhitespace(newline=after.first_line.newline), empty_lines=())
    last = last.with_changes(comma=(comma or cst.Comma()).with_changes(whitespace_after=between))
    if comma:
        return [*others, last, new.with_changes(comma=cst.Comma(whitespace_after=after))], end
    return [*others, last, new], after

"""Expressions and imports with more in them or less, laid out as they were: the one module that imports libcst."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias, TypeVar

import libcst as cst

from bybit_lint.fixing.editing.edits import Refused
from bybit_lint.patterns import regex

LINE_END = regex("\r\n|\r|\n")
BLANK = cst.SimpleWhitespace("")

Space: TypeAlias = cst.BaseParenthesizableWhitespace
ItemT = TypeVar("ItemT", cst.Arg, cst.ImportAlias)


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
        others.append(last.with_changes(whitespace_after_arg=BLANK))
        args, end = extended(others, new, node.whitespace_before_args, last.whitespace_after_arg)
        args[-1] = args[-1].with_changes(whitespace_after_arg=end)
    return printed(node.with_changes(args=args), call)[1:-1]


def without_argument(call: str, name: str) -> str:
    """The text of a call without a keyword argument that it has."""
    node = cst.ensure_type(parsed(call), cst.Call)
    args = list(node.args)
    index = next(index for index, arg in enumerate(args) if arg.keyword and arg.keyword.value == name)
    gone = args.pop(index)
    after = gone.comma.whitespace_after if isinstance(gone.comma, cst.Comma) else gone.whitespace_after_arg
    if not index:
        gap = merged(node.whitespace_before_args, after, node.whitespace_before_args) if args else BLANK
        return printed(node.with_changes(args=args, whitespace_before_args=gap), call)[1:-1]
    left = args[index - 1]
    comma = cst.ensure_type(left.comma, cst.Comma)
    is_last = index == len(args)
    gap = merged(comma.whitespace_after, after, after if is_last else wider(comma.whitespace_after, after))
    if is_last and not isinstance(gone.comma, cst.Comma):
        args[-1] = left.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=gap)
    else:
        args[index - 1] = left.with_changes(comma=comma.with_changes(whitespace_after=gap))
    return printed(node.with_changes(args=args), call)[1:-1]


def merged(before: Space, after: Space, otherwise: Space) -> Space:
    """The white space where something stood on lines of its own, with the comments on theirs; or else `otherwise`."""
    if isinstance(before, cst.ParenthesizedWhitespace) and isinstance(after, cst.ParenthesizedWhitespace):
        lines = [*before.empty_lines, *after.empty_lines]
        return before.with_changes(empty_lines=lines, last_line=after.last_line)
    return otherwise


def wider(one: Space, other: Space) -> Space:
    """The one of two that ends a line, if any does."""
    return other if isinstance(other, cst.ParenthesizedWhitespace) else one


def with_names(statement: str, aliases: Iterable[str]) -> str:
    """The text of a `from ... import ...` with more names."""
    node, names = import_from(statement)
    start = node.lpar.whitespace_after if node.lpar else BLANK
    end = node.rpar.whitespace_before if node.rpar else BLANK
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


def extended(items: Sequence[ItemT], new: ItemT, start: Space, end: Space) -> tuple[list[ItemT], Space]:
    """The items with a new one behind them, which gets a line of its own if the last one has one.

    `start` is the white space before the first item, `end` that before the closing bracket; the new one is returned.
    """
    *others, last = items
    comma = last.comma if isinstance(last.comma, cst.Comma) else None
    before = cst.ensure_type(others[-1].comma, cst.Comma).whitespace_after if others else start
    after = comma.whitespace_after if comma else end
    between: Space = cst.SimpleWhitespace(" ")
    if isinstance(before, cst.ParenthesizedWhitespace) and isinstance(after, cst.ParenthesizedWhitespace):
        between = after.with_changes(last_line=before.last_line)
        after = after.with_changes(first_line=cst.TrailingWhitespace(newline=after.first_line.newline), empty_lines=())
    last = last.with_changes(comma=(comma or cst.Comma()).with_changes(whitespace_after=between))
    if comma:
        return [*others, last, new.with_changes(comma=cst.Comma(whitespace_after=after))], end
    return [*others, last, new], after

"""Fields that a bot reads under the names of older APIs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.facts.responses.fields import Fields, Read
from bybit_lint.vocabulary import Reading, Replace


class LegacyNames(Fields):
    """Fields that V5 calls otherwise."""

    def of(self, read: Read) -> Iterator[Reading]:
        """A legacy name; not where the bot takes either name."""
        is_both = any(self.is_beside(read.node, other) for other in self.names.items.get(read.field.detail, ()))
        if not is_both and not self._is_second_choice(read.node):
            yield self.reading(read).replace(
                renamed=read.field.detail,
                repair=f"read `{read.field.detail}`",
                corrector=self._respelt(read),
                not_fixed="the test would never be true: this client raises where retCode is not 0",
            )

    def _is_second_choice(self, node: ast.expr) -> bool:
        """True where another field of the same row goes first: `row.get("qty", row.get("leaves_qty"))`, `or`."""
        above = self.names.parents.get(node)
        match above:
            case ast.Call(func=ast.Attribute(attr="get", value=row), args=[_, default]) if default is node:
                return _says_same(row, _row(node))
            case ast.BoolOp(op=ast.Or(), values=[first, *_]) if first is not node:
                return isinstance(first, (ast.Call, ast.Subscript)) and _says_same(_row(first), _row(node))
        return False

    def _respelt(self, read: Read) -> Replace | None:
        """The new name; not where what is asked then could never be."""
        key = read.node.slice if isinstance(read.node, ast.Subscript) else read.node.args[0]  # type: ignore[attr-defined]  # items holds nothing else
        quote = self.module.source.text(key)[0]
        is_code = read.field.detail == "retCode" and read.answer.is_raising
        if quote not in "'\"" or (is_code and not self._is_good(read.node)):
            return None
        return Replace(self.span(key), "", f"{quote}{read.field.detail}{quote}")

    def _is_good(self, node: ast.expr) -> bool:
        """True for a comparison with 0."""
        match self.names.parents.get(node):
            case ast.Compare(ops=[ast.Eq()], comparators=[ast.Constant(value=0)]):
                return True
        return False


def _row(node: ast.expr) -> ast.expr | None:
    """What a key is asked of, by `row["qty"]` or by `row.get("qty")`."""
    match node:
        case ast.Subscript(value=row) | ast.Call(func=ast.Attribute(attr="get", value=row)):
            return row
    return None


def _says_same(one: ast.expr | None, other: ast.expr | None) -> bool:
    return one is not None and other is not None and ast.dump(one) == ast.dump(other)

"""Numbers whose digits are taken apart and put together as texts, before the point and behind it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.domains import strings
from bybit_lint.analysis.domains.number_types import literal
from bybit_lint.analysis.domains.precision import Digits
from bybit_lint.analysis.values.terms import Access, Constant, Formatted, Invocation, ListTerm, Operation, Site, Term

SPLITS = (".split", ".rsplit", ".partition", ".rpartition")
"""Of a number's text there is one point, so that it is the same from either side."""


FINDS = ("index", "find", "rindex", "rfind")
"""What says where the point is, of which there is one too."""


def cut_at_point(term: Access) -> tuple[Term, Digits] | None:
    """The number of which so many digits behind the point are kept.

    None of them: `str(price).split(".")[0]`; two of them: `text[: text.index(".") + 3]`.
    """
    match term:
        case Access(base=Invocation(callee=Access(base=number, key=how), positional=[separator, *_]), key="[0]") if (
            how in SPLITS and literal(separator.term) == "."
        ):
            return number, Digits(True, 0)
        case Access(base=number, site=Site(node=ast.Subscript(value=text, slice=ast.Slice(None, end, None)))) if end:
            kept = _behind_point(end, text)
            return None if kept is None else (number, Digits(True, kept))
    return None


def _behind_point(end: ast.expr, text: ast.expr) -> int | None:
    """How many digits behind the point a text is cut, by where its own point is: two for `text.index(".") + 3`."""
    match end:
        case ast.BinOp(left=found, op=ast.Add(), right=ast.Constant(int() as more)):
            return max(more - 1, 0) if _behind_point(found, text) == 0 else None
        case ast.Call(func=ast.Attribute(value=searched, attr=how), args=[ast.Constant(".")], keywords=[]):
            return 0 if how in FINDS and ast.dump(searched) == ast.dump(text) else None
    return None


def put_before_point(term: Operation | Formatted | Invocation) -> tuple[Term, Digits] | None:
    """What the digits behind the point are written after, and how many: `whole + ".5"`, `whole + "." + rest[:2]`."""
    first, *others = _pieces(term)
    kept = _kept_behind_point(others)
    if kept is not None:
        return first, Digits(True, kept)
    behind = strings.texts(Formatted(tuple(others), "", term.site)) if others else ()
    if not behind or not all(text[0:1] == "." and text[1:].isdecimal() for text in behind):
        return None
    counts = {len(text) - 1 for text in behind}
    return first, Digits(True, counts.pop() if len(counts) == 1 else None)


def _kept_behind_point(others: list[Term]) -> int | None:
    """How many of the digits behind the point `rest[:2]` keeps; None if it does not stand right behind one."""
    match others:
        case [point, Access(site=Site(node=ast.Subscript(slice=ast.Slice(None, ast.Constant(int() as kept), None))))]:
            return kept if literal(point) == "." and kept > 0 else None
    return None


def _pieces(term: Term) -> Iterator[Term]:
    """The texts that a text is put together of, one after the other."""
    match term:
        case Operation(operator=ast.Add, operands=parts) | Formatted(parts=parts, spec=""):
            for part in parts:
                yield from _pieces(part)
        case Invocation(callee=Access(base=Constant() as between, key=".join"), positional=[held]) if (
            isinstance(held.term, ListTerm) and held.term.is_closed and held.term.items
        ):
            first, *others = held.term.items
            yield first.term
            for other in others:
                yield from (between, other.term)
        case _:
            yield term

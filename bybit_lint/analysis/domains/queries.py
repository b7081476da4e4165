"""Reading terms as addresses: the fields that stand in the query of a URL, behind its `?`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from bybit_lint.analysis.syntax.nodes import walk
from bybit_lint.analysis.values.mappings import Entries
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    DictTerm,
    Expression,
    Formatted,
    Invocation,
    Operation,
    Site,
    Term,
    Unknown,
    alternatives,
)
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Span


class Text(NamedTuple):
    """A piece of a text that is written out, and where; `held` is the value that a gap is filled with."""

    text: str
    site: Site
    held: Expression | None = None


Piece: TypeAlias = "Text | Expression"
SEVERAL = Unknown("put together of several pieces")


def query(held: Expression) -> DictTerm | None:
    """The fields in the query of a URL; None if it has none, or if nobody knows whether it has one.

    `if fields: url += f"?{urlencode(fields)}"` has those of the fields: without any, nothing else is sent.
    """
    found = [_query(Expression(held.site, option)) for option in alternatives(held.term)]
    if len(found) == 1:
        return found[0]
    told = {_told(each): each for each in found if each is not None and (each.entries or each.spreads)}
    return next(iter(told.values())) if len(told) == 1 else None


def _told(fields: DictTerm) -> tuple[object, ...]:
    """What the fields of a query are, wherever they are put into it."""
    spread = (s.held.term for s in fields.spreads)
    encoded = (more.positional[0].term if isinstance(more, Invocation) and more.positional else more for more in spread)
    return (*((name, held.term) for name, held in fields.entries.items()), *encoded)


def _query(held: Expression) -> DictTerm | None:
    _, *fields = _fields(pieces(held))
    found = Entries()
    for field in fields:
        _put(found, field, held.site)
    return found.dict(held.site) if fields else None


def place(written: Site, name: str, value: object) -> Span | None:
    """Where the value of a field stands in the text of an address, if it stands there once as it is."""
    return found_once(written, rf"[?&\"']{re.escape(name)}=({re.escape(str(value))})(?=[&#\"'{{]|$)")


def found_once(written: Site, field: str) -> Span | None:
    """The place of a pattern's group in the code of an expression, if it is found there once."""
    source = written.module.source
    whole = source.span(written.node)
    found = list(re.finditer(field.encode("utf-8", "surrogatepass"), source.body[whole.start : whole.end]))
    if len(found) != 1:
        return None
    return source.span_of(whole.start + found[0].start(1), whole.start + found[0].end(1))


def fields_of(term: Term, separator: str = "&", sign: str = "=") -> Site | None:
    """Where the dict is named that a text is joined of: `"&".join(f"{k}={v}" for k, v in sorted(fields.items()))`."""
    match term:
        case Invocation(
            callee=Access(base=Constant(value=str() as written), key=".join"),
            site=Site(
                node=ast.Call(
                    args=[
                        ast.GeneratorExp(elt=elt, generators=[ast.comprehension(iter=rows, ifs=[])])
                        | ast.ListComp(elt=elt, generators=[ast.comprehension(iter=rows, ifs=[])])
                    ]
                )
            ) as site,
        ) if written.strip() == separator and any(_says(node, sign) for node in walk(elt)):
            named = _whose_rows(rows)
            return Site(site.module, named, site.scope) if isinstance(named, (ast.Name, ast.Attribute)) else None
    return None


def _says(node: ast.AST, sign: str) -> bool:
    """True for the sign that stands between a key and its value, be it with what stands around these."""
    return isinstance(node, ast.Constant) and str(node.value).strip("\"' ") == sign


def _whose_rows(rows: ast.expr) -> ast.expr:
    """The dict whose keys, or keys and values, a loop takes."""
    match rows:
        case ast.Call(func=ast.Name(id="sorted" | "list"), args=[inner, *_]):
            return _whose_rows(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr="items"), args=[]):
            return inner
    return rows


def _unquoted(value: str) -> str:
    if "%" not in value and "+" not in value:
        return value
    from urllib.parse import unquote_plus

    return unquote_plus(value)


def _put(found: Entries, field: Sequence[Piece], site: Site) -> None:
    """Put what the pieces of a field say among the others."""
    match field:
        case []:
            pass
        case [Text(text=text, site=written)] if "=" in text:
            name, _, value = text.partition("=")
            found.put(name, Expression(written, Constant(_unquoted(value))))
        case [Text(text=text), Expression() as held] if text.endswith("=") and text.count("=") == 1:
            found.put(text[:-1], held)
        case [Text(text=text), Text(held=Expression() as held)] if text.endswith("=") and text.count("=") == 1:
            found.put(text[:-1], held)
        case [Text(text=text), *_, last] if "=" in text:
            found.put(text.partition("=")[0], Expression(site, SEVERAL))
            found.is_whole &= isinstance(last, Text)  # which is no other field behind this one
        case [Expression() as more]:
            found.spread(more)
        case _:
            found.is_whole = False


def _fields(pieces: Iterator[Piece]) -> Iterator[list[Piece]]:
    """What stands before the query of an address, and then its fields."""
    field: list[Piece] = []
    separator = "?"
    for piece in pieces:
        if isinstance(piece, Expression):
            field.append(piece)
            continue
        text, fragment, _ = piece.text.partition("#")
        while separator in text:
            before, _, text = text.partition(separator)
            yield [*field, *_written(before, piece.site)]
            field, separator = [], "&"
        field += [piece] if text == piece.text else _written(text, piece.site)
        if fragment:
            break
    yield field


def _written(text: str, site: Site) -> list[Piece]:
    return [Text(text, site)] if text else []


def pieces(held: Expression) -> Iterator[Piece]:
    """A text as what it is put together of."""
    term, site = held.term, held.site
    match term:
        case Constant(value=str() | int() as value) if not isinstance(value, bool):
            yield Text(str(value), term.site or site, held)
        case Formatted(parts=[only], spec="", site=Site(node=ast.FormattedValue(value=node))):
            yield from pieces(Expression(Site(term.site.module, node, term.site.scope), only))
        case Formatted(parts=parts, spec=""):
            yield from (piece for part in parts for piece in pieces(Expression(term.site, part)))
        case Operation(operator=ast.Add, operands=(left, right)):
            for operand in (left, right):
                yield from pieces(Expression(term.site, operand))
        case Invocation(callee=Access(base=Constant(value=str() as template), key=".format")):
            yield from _filled(template, term)
        case _:
            yield held


def _filled(template: str, made: Invocation) -> Iterator[Piece]:
    """A text that `template.format(...)` makes."""
    from string import Formatter

    number = 0
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        parts = [("", "", "?", None)]  # nobody knows what becomes of it
    for literal, name, spec, conversion in parts:
        yield from _written(literal, made.site)
        if name is None:
            continue
        key, number = (name, number) if name else (str(number), number + 1)
        by_place = made.positional[int(key)] if key.isdecimal() and int(key) < len(made.positional) else None
        given = by_place or made.keywords.get(key)
        is_plain = given is not None and not spec and not conversion
        yield from pieces(given) if given is not None and is_plain else [Expression(made.site, SEVERAL)]

"""Reading terms as JSON that a bot puts together by itself, as a text: the fields of the object that it says."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from bybit_lint.analysis.domains.queries import SEVERAL, Piece, Text, fields_of, found_once, pieces
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
    Union,
    alternatives,
    qualified_name,
    union,
)
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Span

MARK = "\ue000"
GAP = regex(f"{MARK}([0-9]+){MARK}")
"""What stands for a value while a text is read: characters that no bot writes."""
QUOTES = regex(r'(?<!\\)"')
FRAME = regex(r"[\s{}\[\]:,]+")
WORDS = {"null": None, "true": True, "false": False}
"""What JSON means by words without quotes."""
BROKEN = "\0"
"""No text of JSON has it."""


def fields(term: Term) -> DictTerm | None:
    """The fields of an object of JSON that is written out, but for the values that are put into it."""
    match term:
        case Constant(value=str(), site=Site() as site) | Formatted(spec="", site=site) | Operation(site=site):
            return _read([*pieces(Expression(site, term))], site)
    return None


def is_text(made: DictTerm) -> bool:
    """True if fields stand in a text, where nothing can be put between them as in a dict."""
    return isinstance(made.site.node, (ast.Constant, ast.JoinedStr, ast.BinOp))


def place(written: Site, name: str, value: object) -> Span | None:
    """Where the value of a field stands in a text of JSON, if it stands there once as it is."""
    from json import dumps

    said = value if isinstance(value, str) else dumps(value)
    return found_once(written, rf'"{re.escape(name)}"\s*:\s*"?({re.escape(said)})(?=["\s,}}])')


def joined_of(term: Term) -> Site | None:
    """Where the dict is named that an object is joined of: `"{" + ",".join(f'"{k}":"{v}"' for k, v in ...) + "}"`."""
    match term:
        case Formatted(site=site) | Operation(operator=ast.Add, site=site):
            match [*pieces(Expression(site, term))]:
                case [Text(text="{"), Expression(term=inner), Text(text="}")]:
                    return fields_of(inner, ",", ":")
    return None


def printed(term: Term) -> Term | None:
    """The dict whose own text is made JSON of: `str(fields).replace("'", '"')`."""
    match term:
        case Invocation(
            callee=Access(base=Invocation(positional=[only]) as text, key=".replace"),
            positional=[Expression(term=Constant(value="'")), Expression(term=Constant(value='"'))],
        ) if qualified_name(text.callee) in ("builtins.str", "builtins.repr"):
            return only.term
    return None


def _read(found: list[Piece], site: Site) -> DictTerm | None:
    text, gaps = _marked(found)
    rows = _decoded(text) if text.lstrip().startswith("{") and '"' in text else None
    if rows is None:
        return None
    entries = Entries()
    for name, value in rows:
        entries.put(name, _value(value, gaps, site))
        entries.is_whole &= GAP.search(name) is None
    return entries.dict(site)


def _marked(found: list[Piece]) -> tuple[str, list[Expression]]:
    """A text with marks in the place of the values that are put into it, and these."""
    written, gaps = list[str](), list[Expression]()
    is_quoted = False
    for piece in found:
        held = piece.held if isinstance(piece, Text) else piece
        if isinstance(piece, Text) and (held is None or _is_frame(piece.text, is_quoted)):
            written.append(piece.text if MARK not in piece.text else BROKEN)
            is_quoted ^= len(QUOTES.findall(piece.text)) % 2 == 1
        elif held is not None:
            mark = f"{MARK}{len(gaps)}{MARK}"
            written.append(mark if is_quoted else f'"{mark}"')
            gaps.append(held if is_quoted else _unquoted(held))
    return "".join(written), gaps


def _unquoted(held: Expression) -> Expression:
    """A value that is put in without quotes, be it one of several: what JSON reads there."""
    ways = alternatives(held.term)
    meant = [_read_as(way, held.site) for way in ways]
    if all(one is other for one, other in zip(ways, meant, strict=True)):
        return held
    return Expression(held.site, union(meant, is_certain=not isinstance(held.term, Union) or held.term.is_certain))


def _read_as(way: Term, site: Site) -> Term:
    """Nothing, yes or no for its word, what stands between quotes that are put in with it, else the value itself."""
    if isinstance(way, Constant):
        return Constant(WORDS[way.value], way.site) if isinstance(way.value, str) and way.value in WORDS else way
    match [*pieces(Expression(site, way))]:
        case [Text(text='"'), Expression(term=inner), Text(text='"')]:
            return inner
    return way


def _is_frame(text: str, is_quoted: bool) -> bool:
    """True for what is between the values of an object."""
    return '"' in text or (not is_quoted and FRAME.fullmatch(text) is not None)


@lru_cache(maxsize=256)
def _decoded(text: str) -> tuple[tuple[str, object], ...] | None:
    """The keys and values of an object, as they stand."""
    import json

    try:
        rows = json.loads(text, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return None
    return rows if isinstance(rows, tuple) else None


def _value(value: object, gaps: list[Expression], site: Site) -> Expression:
    if isinstance(value, str) and (gap := GAP.fullmatch(value)):
        return gaps[int(gap[1])]
    if isinstance(value, (tuple, list)) or (isinstance(value, str) and GAP.search(value)):
        return Expression(site, SEVERAL)
    assert value is None or isinstance(value, (str, int, float))
    return Expression(site, Constant(value))

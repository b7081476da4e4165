"""Reading terms as what is signed: the pieces of a text, and how its payload is written."""

from __future__ import annotations

import ast
from enum import Enum
from functools import partial
from itertools import islice, product

from bybit_lint.analysis.bounds import MAX_SIGNED_WAYS, MAX_SIGNING_STEPS
from bybit_lint.analysis.domains import samples
from bybit_lint.analysis.syntax.nodes import called_name, walk
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    Expression,
    Formatted,
    Invocation,
    Operation,
    Site,
    Term,
    alternatives,
    children,
    qualified_name,
)


class Style(Enum):
    """How a payload is written."""

    SPACED = "JSON with a space after each comma and colon, as json.dumps writes it"
    COMPACT = "JSON without spaces"
    QUERY = "a query"
    SORTED = "a query in the order of the alphabet"
    EMPTY = "nothing"


HASHES = {f"hashlib.{name}" for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")}
DIGESTS = (".hexdigest", ".digest", ".hex", ".lower", ".upper")
"""What makes text or bytes of a hash."""
JSON = (Style.SPACED, Style.COMPACT)


def signed_ways(term: Term) -> list[list[Term]]:
    """The pieces of the text that a signature is for, on each way that the text grows; none if that cannot be read.

    Where one way goes on as another one ends, nothing is the last piece of that.
    """
    message = signed_text(term)
    found = ways_of_pieces(message.term) if message else []
    return [[*way, Constant("")] if any(map(partial(_goes_on, way), found)) else way for way in found]


def _goes_on(way: list[Term], other: list[Term]) -> bool:
    return len(way) < len(other) and all(one is another for one, another in zip(way, other, strict=False))


def signed_text(term: Term, depth: int = MAX_SIGNING_STEPS) -> Expression | None:
    """The text that a signature is for, where it is put together; None if that cannot be read."""
    if isinstance(term, Invocation) and qualified_name(term.callee) == "hmac.new":
        message = term.positional[1] if len(term.positional) > 1 else term.keywords.get("msg")
        return message and _unencoded(message)
    found = [text for child in children(term) if depth for text in [signed_text(child, depth - 1)] if text]
    return found[0] if len(found) == 1 else None


def plain_hash(term: Term) -> Invocation | None:
    """The hash without a key that a signature is, if that is proven; one of another hash may be an HMAC by hand."""
    match term:
        case Invocation(callee=Access(base=base, key=key)) if key in DIGESTS:
            return plain_hash(base)
        case Invocation(callee=callee, positional=[text]) if (qualified_name(callee) or "") in HASHES:
            return None if _holds_hash(text.term, MAX_SIGNING_STEPS) else term
    return None


def _holds_hash(term: Term, depth: int) -> bool:
    is_hash = isinstance(term, Invocation) and (qualified_name(term.callee) or "") in HASHES
    return is_hash or (depth > 0 and any(_holds_hash(child, depth - 1) for child in children(term)))


def _unencoded(message: Expression) -> Expression:
    match message.term:
        case Invocation(callee=Access(base=text, key=".encode")):
            return _unencoded(Expression(message.site, text))
        case Invocation(site=site) | Formatted(site=site) | Operation(site=site) as made:
            return Expression(site, made)
    return message


def pieces(term: Term) -> list[Term]:
    """A text as what it is put together of."""
    match term:
        case Invocation(callee=Access(base=base, key=".encode")):
            return pieces(base)
        case Invocation(callee=callee, positional=[first, *_]) if qualified_name(callee) in (
            "builtins.str",
            "builtins.bytes",
        ):
            return pieces(first.term)
        case Formatted(parts=parts):
            return [piece for part in parts for piece in pieces(part)]
        case Operation(operator=ast.Add, operands=operands) if not any(map(samples.is_number, operands)):
            return [piece for operand in operands for piece in pieces(operand)]
    return [term]


def ways_of_pieces(term: Term) -> list[list[Term]]:
    """The same for each way that a text grows, if it is longer after one branch than after another."""
    whole = pieces(term)
    choices = [_ways_of_piece(piece) for piece in whole]
    return [[part for way in chosen for part in way] for chosen in islice(product(*choices), MAX_SIGNED_WAYS)]


def _ways_of_piece(piece: Term) -> list[list[Term]]:
    """A piece; for a text that goes on in one branch, the pieces that it has after each."""
    ways = [way for option in alternatives(piece) for way in [pieces(option)]]
    return ways if len(ways) > 1 and any(len(way) > 1 for way in ways) else [[piece]]


def style(term: Term) -> Style | None:
    """How a payload is written, None if that is not known."""
    match term:
        case Constant(value="" | None):
            return Style.EMPTY
        case Constant(value=str() as text):
            return Style.QUERY if "=" in text else None
        case Invocation(callee=callee, keywords=keywords, site=site) if qualified_name(callee) == "json.dumps":
            return _spacing(keywords.get("separators")) if "sort_keys" not in keywords else None
        case Invocation(callee=callee, site=site) if qualified_name(callee) == "urllib.parse.urlencode":
            return Style.SORTED if is_sorted(site) else Style.QUERY
        case Invocation(callee=Access(base=Constant(value="&"), key=".join"), site=site):
            return Style.SORTED if is_sorted(site) else Style.QUERY
    return None


def _spacing(separators: Expression | None) -> Style | None:
    if separators is None:
        return Style.SPACED
    node = separators.site.node
    is_compact = isinstance(node, ast.Tuple) and [getattr(item, "value", None) for item in node.elts] == [",", ":"]
    return Style.COMPACT if is_compact else None


def is_sorted(site: Site) -> bool:
    """True if something is put in order in an expression, or in what its names were bound to, which no term tells."""
    return bool(sorters(site))


def sorters(site: Site) -> list[ast.Call]:
    """The calls of `sorted` behind an expression."""
    names = [inner.id for inner in walk(site.node) if isinstance(inner, ast.Name)]
    bound = [binding.value for name in names for binding in site.scope.function.bindings.get(name, ())]
    inner = [inner for node in (site.node, *bound) if node is not None for inner in walk(node)]
    return [node for node in inner if isinstance(node, ast.Call) and called_name(node.func) == "sorted" and node.args]

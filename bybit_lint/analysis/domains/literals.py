"""The literals that a value may be, and the dict behind a text of JSON."""

from __future__ import annotations

import ast
from functools import reduce
from typing import TypeGuard

from bybit_lint.analysis.domains import json_texts, strings
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.values.dicts import is_bare
from bybit_lint.analysis.values.mappings import mapping, merged, updated
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    DictTerm,
    Formatted,
    Invocation,
    Operation,
    Site,
    Term,
    Union,
    alternatives,
    qualified_name,
)
from bybit_lint.vocabulary import Literal

ENCODERS = {"json.dumps", "orjson.dumps", "ujson.dumps", "simplejson.dumps", "urllib.parse.urlencode", "builtins.dict"}


def mapping_of(term: Term) -> DictTerm | None:
    """The dict that a term is, or is the JSON or query text of; None beside it does not count.

    `params or {}` is what `params` is: whatever is stored under the name later is stored in that. Nor does a query that
    is joined by hand: the same name holds it where the request is a GET.
    """
    options = [option for option in alternatives(term) if not (_is_nothing(option) or _is_joined(option))]
    bare = [option for option in options if is_bare(option)]
    given = [_decoded(option) for option in options if not is_bare(option)]
    found = list(dict.fromkeys(option for option in given if option is not None))
    is_one = len(found) == 1 or (isinstance(term, Union) and term.is_certain)
    if not found or None in given or not is_one:
        return bare[0] if len(bare) == 1 and not given else None
    return reduce(lambda one, other: updated(one, other, one.site), bare, merged(found))


def _decoded(term: Term) -> DictTerm | None:
    """The dict that a single term is, or is the text of."""
    match term:
        case DictTerm():
            return term
        case Invocation(callee=Access(base=base, key=".encode" | ".decode")):
            return mapping_of(base)
        case Invocation(callee=callee, positional=[first, *_]) if qualified_name(callee) in ENCODERS:
            return mapping_of(first.term) or mapping(first.term)
    printed = json_texts.printed(term)
    return json_texts.fields(term) if printed is None else mapping_of(printed)


def _is_nothing(term: Term) -> bool:
    """True for what stands in the place of a body that is left out, be it encoded."""
    match term:
        case Invocation(callee=Access(base=base, key=".encode" | ".decode")):
            return all(map(_is_nothing, alternatives(base)))
        case Invocation(callee=callee, positional=[first, *_]) if qualified_name(callee) in ENCODERS:
            return all(map(_is_nothing, alternatives(first.term)))
        case Constant(value=value):
            return value in (None, "", "{}", b"", b"{}")
    return False


def _is_joined(term: Term) -> bool:
    match term:
        case Invocation(callee=Access(base=Constant(value="&"), key=".join")):
            return True
    return False


def literals(term: Term) -> tuple[Literal, ...]:
    """The literals that a term is one of; none where it may be something else, or one of them may never get there."""
    if isinstance(term, Union):
        found = [literals(option) for option in term.terms]
        return tuple(literal for way in found for literal in way) if term.is_certain and all(found) else ()
    site = term.site if isinstance(term, Constant) else None
    if not isinstance(term, Constant) or site is None:
        return ()
    if term.value is None:
        return (Literal(None, site.span, "None"),)  # perhaps what `fields.get(name)` gives for what is not there
    if not _is_written_out(site.node):
        return ()
    code = site.module.source.text(site.node) if isinstance(site.node, ast.Constant) else f'"{term.value}"'
    return (Literal(term.value, site.span, code),)


def _is_written_out(node: ast.expr) -> bool:
    """True for a literal, and for what stands for the name of an enum's member."""
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Call) and called_name(node.func) == "auto")


def composed(term: Term) -> tuple[Literal, ...]:
    """The same with texts that are put together, as short as they get; none where there is no such text in it."""
    return _composed(term) if any(map(_is_put_together, alternatives(term))) else ()


def _is_put_together(term: Term) -> TypeGuard[Formatted | Operation | Invocation]:
    is_filled = isinstance(term, Invocation) and isinstance(term.callee, Access) and term.callee.key == ".format"
    return isinstance(term, (Formatted, Operation)) or is_filled


def _composed(term: Term) -> tuple[Literal, ...]:
    if isinstance(term, Union):
        found = [_composed(option) for option in term.terms]
        return tuple(literal for way in found for literal in way) if term.is_certain and all(found) else ()
    if _is_put_together(term):
        code = " ".join(term.site.module.source.text(term.site.node).split())
        return tuple(Literal(text, term.site.span, code) for text in strings.shortest(term))
    return literals(term)


def picked(term: Term, site: Site) -> tuple[Literal, ...]:
    """Those of its literals that an expression itself picks; a name may be asked, or bound again, in between."""
    if not isinstance(site.node, (ast.IfExp, ast.Call)):
        return ()
    return tuple(found for option in alternatives(term) for found in literals(option) if _is_returned(option, site))


def _is_returned(option: Term, site: Site) -> bool:
    """True for a literal that goes from where it is written straight to a site."""
    place = option.site if isinstance(option, Constant) else None
    if place is None:
        return False
    node: ast.AST = place.node
    parents = place.module.names.parents
    while node is not site.node and isinstance(parents[node], ast.IfExp):
        node = parents[node]
    return node is site.node or (isinstance(parents[node], ast.Return) and isinstance(site.node, ast.Call))

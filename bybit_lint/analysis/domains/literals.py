"""The literals that a value may be, and the dict behind a text of JSON."""

from __future__ import annotations

import ast
from functools import reduce

from bybit_lint.analysis.values.dicts import is_bare
from bybit_lint.analysis.values.mappings import updated
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    DictTerm,
    Invocation,
    Term,
    Union,
    alternatives,
    qualified_name,
)
from bybit_lint.vocabulary import Literal

ENCODERS = {"json.dumps", "orjson.dumps", "ujson.dumps", "simplejson.dumps", "urllib.parse.urlencode", "builtins.dict"}


def mapping_of(term: Term) -> DictTerm | None:
    """The dict that a term is, or is the JSON or query text of; None beside it does not count.

    `params or {}` is what `params` is: whatever is stored under the name later is stored in that.
    """
    while True:
        options = [t for t in alternatives(term) if not (isinstance(t, Constant) and t.value is None)]
        bare = [t for t in options if is_bare(t)]
        given = [t for t in options if not is_bare(t)]
        if bare and len(given) == 1 and (found := mapping_of(given[0])) is not None:
            return reduce(lambda one, other: updated(one, other, found.site), bare, found)
        term = options[0] if len(options) == 1 else term
        match term:
            case DictTerm():
                return term
            case Invocation(callee=Access(base=base, key=".encode")):
                term = base
            case Invocation(callee=callee, positional=[first, *_]) if qualified_name(callee) in ENCODERS:
                term = first.term
            case _:
                return None


def literals(term: Term) -> tuple[Literal, ...]:
    """The literals that a term is one of; none where it may be something else, or one of them may never get there."""
    if isinstance(term, Union):
        found = [literals(option) for option in term.terms]
        return tuple(literal for way in found for literal in way) if term.is_certain and all(found) else ()
    site = term.site if isinstance(term, Constant) else None
    if not isinstance(term, Constant) or site is None or not isinstance(site.node, ast.Constant):
        return ()
    return (Literal(term.value, site.span, site.module.source.text(site.node)),)

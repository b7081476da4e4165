"""Reading terms as collections: how many items there are at least."""

from __future__ import annotations

import ast
from math import prod

from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    DictTerm,
    Invocation,
    ListTerm,
    Site,
    Term,
    Union,
)


def least(evaluator: Evaluator, term: Term) -> int:
    """How many items a collection has at least; 0 where nothing is known of it."""
    match term:
        case ListTerm(is_closed=True, items=items):
            return len(items)
        case ListTerm(site=site):
            return _generated(evaluator, site) if evaluator.term(site) is term else 0  # not a part of what stands there
        case DictTerm(is_closed=True, entries=entries):
            return len(entries)
        case Union(terms=terms):
            return min(least(evaluator, option) for option in terms)
        case Invocation(callee=Access(base=Constant(value=str() as text), key=".split"), positional=arguments):
            given = [argument.term.value for argument in arguments if isinstance(argument.term, Constant)]
            separators = [value for value in given if isinstance(value, str) and value]
            is_known = len(separators) == len(arguments) <= 1
            return len(text.split(separators[0] if separators else None)) if is_known else 0
    return 0


def _generated(evaluator: Evaluator, site: Site) -> int:
    """How many items a comprehension makes that leaves none out."""
    node = site.node
    if not isinstance(node, (ast.ListComp, ast.GeneratorExp)) or any(g.ifs for g in node.generators):
        return 0
    first, *more = node.generators
    inner = [evaluator.beside(site, each.iter) for each in more]
    taken = [Site(site.module, first.iter, site.scope), *inner]  # the first is evaluated outside
    return prod(least(evaluator, evaluator.term(each)) for each in taken)

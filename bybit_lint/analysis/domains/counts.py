"""Reading terms as collections: how many items there are at least."""

from __future__ import annotations

import ast
from collections.abc import Iterator
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
            is_whole = evaluator.term(site) is term  # not a part of what stands there
            return (_generated(evaluator, site) or _in_slices(evaluator, site)) if is_whole else 0
        case Access(key="[]", site=Site() as site):
            return _in_slices(evaluator, site)
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


def _in_slices(evaluator: Evaluator, site: Site) -> int:
    """How many items the first slice has where a loop takes a list slice by slice: `rows[at : at + 50]`.

    How many the list has need not be known: nobody slices what goes in one.
    """
    match site.node:
        case ast.Subscript(
            value=whole,
            slice=ast.Slice(lower=ast.Name(id=at), upper=ast.BinOp(ast.Name(id=start), ast.Add(), width), step=None),
        ) if at == start:
            sizes = {_number(evaluator, site, width), *_steps(evaluator, site, at, ast.unparse(whole))}
            size = sizes.pop() if len(sizes) == 1 else 0
            return min(size, least(evaluator, evaluator.term(evaluator.beside(site, whole))) or size)
    return 0


def _steps(evaluator: Evaluator, site: Site, name: str, whole: str) -> Iterator[int]:
    """By how much a name grows in a loop over all of a list: of `range(0, len(rows), 50)` 50, of any other 0."""
    bound = next((s.bindings[name] for s in site.scope.outward() if name in s.bindings), [])
    here = [binding for binding in bound if site.module.names.holds(binding.statement, site.node)]
    for binding in here or bound:
        match binding.value if here else None:
            case ast.Call(ast.Name(id="range"), [_, ast.Call(ast.Name(id="len"), [counted]), step]) if (
                binding.how == "for" and ast.unparse(counted) == whole
            ):
                yield _number(evaluator, site, step)
            case _:
                yield 0


def _number(evaluator: Evaluator, site: Site, node: ast.expr) -> int:
    """The whole number that an expression is; 0 where that is not known."""
    term = evaluator.term(evaluator.beside(site, node))
    return term.value if isinstance(term, Constant) and type(term.value) is int else 0

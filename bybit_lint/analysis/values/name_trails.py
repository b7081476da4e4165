"""The names a value passed through on its way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bybit_lint.analysis.bounds import MAX_TRAIL
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.nodes import access_path
from bybit_lint.analysis.syntax.scopes import Binding
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.terms import DictTerm, Site


def words(name: str) -> list[str]:
    """`BybitTestnetKey`, `bybit_testnet_key` and `BYBIT-TESTNET-KEY` as words in lower case."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    joined = " ".join(part.lower() for part in parts)
    return joined.replace("test net", "testnet").replace("main net", "mainnet").split()


def says(evaluation: Evaluation, site: Site, word: str) -> bool:
    """True if every way to a value passes a name that has a word in it: `BYBIT_API_KEY`."""
    return all(any(word in words(name) for name, _ in way) for way in _ways(evaluation, site, MAX_TRAIL))


def _at(site: Site, node: ast.expr) -> Site:
    return Site(site.module, node, site.scope)


def _ways(evaluation: Evaluation, site: Site, depth: int) -> Iterator[tuple[tuple[str, Site], ...]]:
    """Each way a value may come, as the names it passes through."""
    own, inner = _own_names(site)
    following = [s for node in inner if depth for s in _ways(evaluation, _at(site, node), depth - 1)]
    if not inner and depth:
        for binding in _bindings(site):
            if (value := _assigned(binding)) is not None:
                following += _ways(evaluation, Site(site.module, value, binding.scope), depth - 1)
        if (entry := _entry(evaluation, site)) is not None:
            following += _ways(evaluation, entry, depth - 1)
    if not following:
        yield own
    for way in following:
        yield (*own, *way)


def _own_names(site: Site) -> tuple[tuple[tuple[str, Site], ...], list[ast.expr]]:
    """The names an expression itself says, and the expressions inside it that decide its value."""
    match site.node:
        case ast.Name(id=name):
            return ((name, site),), []
        case ast.Attribute(value=base, attr=name) | ast.Subscript(value=base, slice=ast.Constant(value=str() as name)):
            return (*_own_names(_at(site, base))[0], (name, site)), []
        case ast.Call(args=[ast.Constant(value=str() as key), *_], func=func):
            return ((key, site),), [func] if isinstance(func, ast.Call) else []
        case ast.Call(func=ast.Attribute(value=value), args=[]):
            return (), [value]
        case ast.Call(args=[value, *_]):
            return (), [value]
        case ast.BoolOp(values=values):
            return (), list(values)
        case ast.IfExp(body=body, orelse=orelse):
            return (), [body, orelse]
        case ast.Compare(left=left):
            return (), [left]
    return (), []


def _assigned(binding: Binding) -> ast.expr | None:
    """The expression a binding takes its value from, also where several are assigned at once."""
    value = binding.value if binding.how in ("assign", "walrus") else None
    for position in binding.index:
        value = value.elts[position] if isinstance(value, ast.Tuple) and position < len(value.elts) else None
    return value


def _entry(evaluation: Evaluation, site: Site) -> Site | None:
    """The entry of a dict that an item stands for."""
    match site.node:
        case ast.Subscript(value=base, slice=ast.Constant(value=key)):
            held = evaluation.term(_at(site, base))
            entry = held.entries.get(str(key)) if isinstance(held, DictTerm) else None
            return entry.site if entry is not None else None
    return None


def _bindings(site: Site) -> list[Binding]:
    """The bindings behind a name or attribute, in its own function or, failing that, in its module or class."""
    names = site.module.names
    place = access_path(site.node)
    if place is None:
        return []
    reached = reaching.reaching(names, site.scope.function, place, site.node)
    exact = [b for b in reached.bindings if b.path == place]
    if exact:
        return exact
    if isinstance(site.node, ast.Attribute):
        return [b for b in names.attributes.get(site.node.attr, ()) if b.path == place]
    is_own = place in site.scope.function.bindings
    return [] if is_own else [b for b in names.module.bindings.get(place, ()) if b.how == "assign"]

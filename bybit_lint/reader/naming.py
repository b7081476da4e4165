"""The names a value passed through, and the networks they speak of: `BYBIT_TESTNET_KEY` belongs to testnet."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bybit_lint.names import Binding, access_path
from bybit_lint.reader import flow
from bybit_lint.reader.evaluation import Evaluation
from bybit_lint.reader.terms import DictTerm, Site
from bybit_lint.vocabulary import Named, Network

DEPTH = 8
WORDS = {
    Network.TESTNET: {"testnet", "sandbox"},
    Network.DEMO: {"demo", "paper"},
    Network.MAINNET: {"mainnet", "live", "prod", "production", "real"},
}


def words(name: str) -> list[str]:
    """`BybitTestnetKey`, `bybit_testnet_key` and `BYBIT-TESTNET-KEY` as words in lower case."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    joined = " ".join(part.lower() for part in parts)
    return joined.replace("test net", "testnet").replace("main net", "mainnet").split()


def network_of(name: str) -> Network | None:
    """The one network a name speaks of."""
    found = [network for network, known in WORDS.items() if known.intersection(words(name))]
    return found[0] if len(found) == 1 else None


def says(evaluation: Evaluation, site: Site, word: str) -> bool:
    """True if every way to a value passes a name that has a word in it: `BYBIT_API_KEY`."""
    return all(any(word in words(name) for name, _ in way) for way in _ways(evaluation, site, DEPTH))


def networks(evaluation: Evaluation, site: Site) -> tuple[Named, ...]:
    """Every name on the way to a value that speaks of a network; empty where the way divides."""
    ways = list(_ways(evaluation, site, DEPTH))
    named = [_speaking(way) for way in ways]
    if not named or not all(named):
        return ()
    found = {n.network for names in named for n in names}
    return tuple(dict.fromkeys(n for names in named for n in names)) if len(found) == 1 else ()


def branches(evaluation: Evaluation, site: Site, condition: Site) -> tuple[tuple[Named, ...], tuple[Named, ...]] | None:
    """The names behind a value where `condition` decides which: (if it is true, if it is not)."""
    for _ in range(DEPTH):
        match site.node:
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return _sorted(
                    evaluation, Site(site.module, test, site.scope), condition, _at(site, body), _at(site, orelse)
                )
        bindings = _bindings(site)
        if len(bindings) == 2:
            return _from_if(evaluation, site, condition, bindings)
        value = _assigned(bindings[0]) if len(bindings) == 1 else None
        if value is None:
            return None
        site = Site(site.module, value, bindings[0].scope)
    return None


def _from_if(
    evaluation: Evaluation, site: Site, condition: Site, bindings: list[Binding]
) -> tuple[tuple[Named, ...], tuple[Named, ...]] | None:
    tests = [site.module.names.parents.get(binding.statement) for binding in bindings]
    test = tests[0]
    if test is not tests[1] or not isinstance(test, ast.If):
        return None
    bindings = sorted(bindings, key=lambda b: b.statement not in test.body)
    sites = [Site(site.module, value, b.scope) for b in bindings if (value := _assigned(b)) is not None]
    if len(sites) != 2:
        return None
    return _sorted(evaluation, Site(site.module, test.test, site.scope), condition, sites[0], sites[1])


def _sorted(
    evaluation: Evaluation, test: Site, condition: Site, body: Site, orelse: Site
) -> tuple[tuple[Named, ...], tuple[Named, ...]] | None:
    """Both branches, if `test` is the condition itself or its opposite."""
    asked, is_opposite = ast.dump(condition.node), False
    node = test.node
    while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        node, is_opposite = node.operand, not is_opposite
    if ast.dump(node) != asked:
        return None
    yes, no = networks(evaluation, body), networks(evaluation, orelse)
    return (no, yes) if is_opposite else (yes, no)


def _at(site: Site, node: ast.expr) -> Site:
    return Site(site.module, node, site.scope)


def _speaking(way: tuple[tuple[str, Site], ...]) -> list[Named]:
    """The names of one way that speak of a network: those nearest to the source, where they agree."""
    return [Named(name, network, site.span) for name, site in way if (network := network_of(name))]


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
    reached = flow.reaching(names, site.scope.function, place, site.node)
    exact = [b for b in reached.bindings if b.path == place]
    if exact:
        return exact
    if isinstance(site.node, ast.Attribute):
        return [b for b in names.attributes.get(site.node.attr, ()) if b.path == place]
    is_own = place in site.scope.function.bindings
    return [] if is_own else [b for b in names.module.bindings.get(place, ()) if b.how == "assign"]

"""The names a value passed through, and the networks they speak of: `BYBIT_TESTNET_KEY` belongs to testnet."""

from __future__ import annotations

import ast

from bybit_lint.analysis.bounds import MAX_TRAIL
from bybit_lint.analysis.syntax.scopes import Binding
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.name_trails import (
    _assigned,
    _at,
    _bindings,
    _ways,
    words,
)
from bybit_lint.analysis.values.terms import Site
from bybit_lint.vocabulary import Named, Network

WORDS = {
    Network.TESTNET: {"testnet", "sandbox"},
    Network.DEMO: {"demo", "paper"},
    Network.MAINNET: {"mainnet", "live", "prod", "production", "real"},
}


def network_of(name: str) -> Network | None:
    """The one network a name speaks of."""
    found = [network for network, known in WORDS.items() if known.intersection(words(name))]
    return found[0] if len(found) == 1 else None


def networks(evaluation: Evaluation, site: Site) -> tuple[Named, ...]:
    """Every name on the way to a value that speaks of a network; empty where the way divides."""
    ways = list(_ways(evaluation, site, MAX_TRAIL))
    named = [_speaking(way) for way in ways]
    if not named or not all(named):
        return ()
    found = {n.network for names in named for n in names}
    return tuple(dict.fromkeys(n for names in named for n in names)) if len(found) == 1 else ()


def branches(evaluation: Evaluation, site: Site, condition: Site) -> tuple[tuple[Named, ...], tuple[Named, ...]] | None:
    """The names behind a value where `condition` decides which: (if it is true, if it is not)."""
    for _ in range(MAX_TRAIL):
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
    is_on = _set_beside(condition, test)
    if is_on is not None:
        body, orelse = (networks(evaluation, each) for each in sites)
        return (body, orelse) if is_on else (orelse, body)
    return _sorted(evaluation, Site(site.module, test.test, site.scope), condition, sites[0], sites[1])


def _set_beside(flag: Site, test: ast.If) -> bool | None:
    """Whether a flag is on where an `if` holds, if one branch switches it on and the other off."""
    said: dict[bool, object] = {}
    for binding in _bindings(flag):
        value = _assigned(binding)
        if flag.module.names.parents.get(binding.statement) is not test or not isinstance(value, ast.Constant):
            return None
        said[binding.statement in test.body] = value.value
    match said.get(True), said.get(False):
        case True, False:
            return True
        case False, True:
            return False
    return None


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


def _speaking(way: tuple[tuple[str, Site], ...]) -> list[Named]:
    """The names of one way that speak of a network: those nearest to the source, where they agree."""
    return [Named(name, network, site.span) for name, site in way if (network := network_of(name))]

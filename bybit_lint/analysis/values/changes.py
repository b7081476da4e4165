"""Which changes of a dict come before a place of its function: `fields.update(more)`, on all ways there or on some."""

from __future__ import annotations

import ast

from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.nodes import FUNCTIONS
from bybit_lint.analysis.syntax.scopes import Binding, Scope
from bybit_lint.analysis.values.mappings import Entries
from bybit_lint.analysis.values.terms import Expression, Site, union


class _Ways:
    """What an entry is on the ways that make it something else, and what it was before all of these."""

    def __init__(self, before: Expression | None) -> None:
        self.before = before
        self.changed: dict[Binding, Expression] = {}
        self.put: Expression | None = before


class Changes:
    """The changes of the dict that a name stands for, as a place knows them."""

    def __init__(self, site: Site, scope: Scope, name: str) -> None:
        self.site, self.scope, self.name = site, scope, name
        self._ways: dict[str, _Ways] = {}
        self.ends: dict[str, list[Binding]] = {}
        """By entry, what puts it in other ways: what a round of a loop put before ends there."""
        is_end = site.node is scope.node and not isinstance(site.node, FUNCTIONS)
        self._is_apart = is_end or site.scope.function is not scope.function
        """True of a place in another function: nobody knows when that runs."""

    def is_certain(self, change: Binding) -> bool | None:
        """True for a change on all ways that lead to the place; None for one on no way."""
        if self._is_apart:
            return True
        found = self._reaching(change)
        return found.is_complete and found.bindings == [change] if change in found.bindings else None

    def perhaps(self, change: Binding, more: Entries, found: Entries) -> None:
        """Put what a change on some ways brings beside what is there on the others."""
        for name, held in more.entries.items():
            ways = self._ways.get(name)
            if ways is None or found.entries.get(name) is not ways.put:  # or else a certain one came between
                ways = self._ways[name] = _Ways(found.entries.get(name))
            reached = self._reaching(*self.ends.get(name, ()), change, *ways.changed)
            if change not in reached.bindings:
                continue
            ways.changed[change] = held
            is_always = reached.is_complete and ways.changed.keys() >= {*reached.bindings}
            options = [ways.before] if ways.before is not None and not is_always else []
            ways.put = Expression(held.site, union([each.term for each in (*options, *ways.changed.values())]))
            found.put(name, ways.put)
        for spread in more.spreads:
            found.spread(spread.held)
        found.others += more.others
        found.is_whole &= more.is_whole

    def _reaching(self, *changes: Binding) -> reaching.Reaching:
        return reaching.of_parts(self.site.module.names, self.scope, self.name, changes, self.site.node)


def is_below(change: Binding) -> bool:
    """True for `setdefault`, which changes nothing that is there."""
    return (
        isinstance(change.extra, ast.Call)
        and isinstance(change.extra.func, ast.Attribute)
        and (change.extra.func.attr == "setdefault")
    )

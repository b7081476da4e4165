"""A memory for what was found once, which knows that a value met on the way to itself says nothing new."""

from __future__ import annotations

from collections.abc import Callable

from bybit_lint.analysis import bounds
from bybit_lint.analysis.values.terms import CYCLE, Term, Unknown


class Memo:
    """Does each piece of work once."""

    def __init__(self, bounded: Callable[[Term], Term]) -> None:
        self._bounded = bounded
        self.known: dict[object, Term] = {}
        """What was found, for whoever would rather look than ask: most questions were asked before."""
        self._active: dict[object, None] = {}
        self._cuts: set[object] = set()
        self._is_cut_short = False
        self._tries: dict[object, int] = {}
        self._applications = self._nested = 0

    def once(self, key: object, work: Callable[..., Term], *of: object) -> Term:
        """Do `work(*of)` once per key; a key met again on the way to itself is the same value once more."""
        found = self.known.get(key)
        if found is not None:
            return found
        if key in self._active:
            self._cuts.add(key)
            return CYCLE
        if len(self._active) > bounds.MAX_NESTED_VALUES:
            self._is_cut_short = True
            return Unknown("too far away")
        self._is_cut_short &= bool(self._active)
        self._active[key] = None
        try:
            term = self._bounded(work(*of))
        finally:
            del self._active[key]
        self._cuts.discard(key)
        if not (self._cuts or self._is_cut_short) or self._is_last_try(key):
            self.known[key] = term
        return term

    def applied(self, work: Callable[[], Term]) -> Term:
        """Do work that may lead to ever more of its kind, as `f(f)` does where `f` calls what it is given."""
        if self._nested >= bounds.MAX_NESTED_APPLICATIONS or self._applications >= bounds.MAX_APPLICATIONS:
            self._is_cut_short = True
            return Unknown("too far away")
        self._nested += 1
        self._applications += 1
        try:
            return work()
        finally:
            self._nested -= 1
            self._applications *= self._nested > 0

    def _is_last_try(self, key: object) -> bool:
        self._tries[key] = self._tries.get(key, 0) + 1
        return self._tries[key] == bounds.MAX_RECOMPUTATIONS

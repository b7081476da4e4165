"""A memory for what was found once, which knows that a value met on the way to itself says nothing new."""

from __future__ import annotations

from collections.abc import Callable

from bybit_lint.analysis import bounds
from bybit_lint.analysis.values.terms import CYCLE, Term, Unknown

NOWHERE = -1
"""What no unfinished piece of work stands at: a value that was cut short is whole in no round."""


class Memo:
    """Does each piece of work once.

    A value that is met on the way to itself is unfinished, and so is what is made of it until it is finished. As in
    the search for strongly connected components, each piece knows the outermost unfinished one that it is made of
    (https://en.wikipedia.org/wiki/Tarjan%27s_strongly_connected_components_algorithm).
    """

    def __init__(self, bounded: Callable[[Term], Term]) -> None:
        self._bounded = bounded
        self.known: dict[object, Term] = {}
        """What was found, for whoever would rather look than ask: most questions were asked before."""
        self._active: dict[object, int] = {}
        """The unfinished pieces of work, each with its place among them, outermost first."""
        self._made_of: list[int] = []
        """For each of them the place of the outermost one that it is made of."""
        self._tries: dict[object, int] = {}
        self._cut_short: dict[object, tuple[int, Term]] = {}
        """What was given up as too far away, and at which place: asked from less far in, it may be found."""
        self._applications = self._nested = 0

    @property
    def is_at_work(self) -> bool:
        """Whether anything is unfinished, so that what is asked now may be met on the way to itself."""
        return bool(self._active)

    def once(self, key: object, work: Callable[..., Term], *of: object) -> Term:
        """Do `work(*of)` once per key; a key met again on the way to itself is the same value once more."""
        found = self.known.get(key)
        if found is not None:
            return found
        place = self._active.get(key)
        if place is not None:
            self._depend_on(place)
            return CYCLE
        place = len(self._active)
        if place > bounds.MAX_NESTED_VALUES:
            self._depend_on(NOWHERE)
            return Unknown("too far away")
        cut = self._cut_short.get(key)
        if cut is not None and place > cut[0] // 2:
            self._depend_on(NOWHERE)
            return cut[1]
        self._active[key] = place
        self._made_of.append(place)
        try:
            term = self._bounded(work(*of))
        finally:
            del self._active[key]
            outermost = self._made_of.pop()
        is_cut = outermost == NOWHERE
        if outermost >= place or (is_cut and cut is not None) or self._is_last_try(key):
            self._keep(key, term, place if is_cut else 0)
        if outermost < place:
            self._depend_on(outermost)
        return term

    def _keep(self, key: object, term: Term, lacking_at: int) -> None:
        """Try no further; what lacks only what was too far away, not before it is asked from half as far in."""
        self._tries.pop(key, None)
        if lacking_at:
            self._cut_short[key] = lacking_at, term
        else:
            self.known[key] = term
            self._cut_short.pop(key, None)

    def _depend_on(self, place: int) -> None:
        """The innermost unfinished piece is made of another one."""
        if self._made_of:
            self._made_of[-1] = min(self._made_of[-1], place)

    def applied(self, work: Callable[[], Term]) -> Term:
        """Do work that may lead to ever more of its kind, as `f(f)` does where `f` calls what it is given."""
        if self._nested >= bounds.MAX_NESTED_APPLICATIONS or self._applications >= bounds.MAX_APPLICATIONS:
            self._depend_on(NOWHERE)
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

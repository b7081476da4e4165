"""A field that stands in a text, the query of an address or an object of JSON, instead of in a dict."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, TypeGuard

from bybit_lint.analysis.values.terms import Constant, Expression, Site
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Literal, Span

Find: TypeAlias = Callable[[Site, str, object], Span | None]
"""Finds the place of a field's value in the text."""


class TextField(NamedTuple):
    """Which field of which text; what is written there cannot be written a second time, nor renamed."""

    text: Site
    """What is sent."""
    name: str
    find: Find

    def span(self, held: Expression, *, is_passed: bool) -> Span:
        """The field's place in the text; where that is read elsewhere, too, the text itself, which is sent."""
        place = self._place(held)
        if place is None:
            return held.site.span
        return place if is_passed or self.text.span.holds(place) else self.text.span

    def literal(self, held: Expression) -> Literal | None:
        """The value, where it is written out, but for yes, no and nothing."""
        if not _is_written(held.term) or held.term.value is None or isinstance(held.term.value, bool):
            return None
        said, place = str(held.term.value), self._place(held)
        return Literal(said, place or held.site.span, said if place else "")  # which of several it is nobody can say

    def _place(self, held: Expression) -> Span | None:
        """Where the value is written out; None if it is not, or if nobody can say where."""
        return self.find(held.site, self.name, held.term.value) if _is_written(held.term) else None


def _is_written(term: object) -> TypeGuard[Constant]:
    """True for a value that stands in the text itself, which is no expression of its own."""
    return isinstance(term, Constant) and term.site is None

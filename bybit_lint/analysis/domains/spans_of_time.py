"""How long it is from one moment to another, where both are told by the same clock or by what somebody passes."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from datetime import datetime, timezone

from bybit_lint.analysis.bounds import whole
from bybit_lint.analysis.domains.moments import CLOCKS, SAME
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    Formatted,
    Invocation,
    Operation,
    Parameter,
    Term,
    alternatives,
    qualified_name,
)
from bybit_lint.tuples import NamedTuple

NOW = "now"
DATES = {"datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today"}
DELTA, DATE = "datetime.timedelta", "datetime.datetime"
SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
KEPT = (".timestamp", ".astimezone", ".total_seconds")
"""Methods of dates and distances that leave them what they are."""
CCXT = "ccxt."
CCXT_CLOCKS = {".seconds": 1.0, ".milliseconds": 1e3, ".microseconds": 1e6}
"""Methods of ccxt's exchanges that read this machine's clock (4.5.90, `base/exchange.py`)."""


class Linear(NamedTuple):
    """A number as a sum: a constant, and so much of each of some unknowns."""

    constant: float
    parts: Mapping[object, float] = {}

    def plus(self, other: Linear, factor: float = 1.0) -> Linear:
        keys = {*self.parts, *other.parts}
        parts = {key: self.parts.get(key, 0.0) + factor * other.parts.get(key, 0.0) for key in keys}
        return Linear(self.constant + factor * other.constant, {k: v for k, v in parts.items() if abs(v) > 1e-9})

    def times(self, factor: float) -> Linear:
        return Linear(self.constant * factor, {key: part * factor for key, part in self.parts.items()})


def between(start: Term, end: Term) -> float | None:
    """How much later the end is, in what both count in; None where that is not proven."""
    first, last = linear(start), linear(end)
    distance = last.plus(first, -1.0) if first and last else None
    return distance.constant if distance and not distance.parts else None


def linear(term: Term) -> Linear | None:
    """A term as a sum."""
    match term:
        case Constant(value=bool()):
            return None
        case Constant(value=int() | float() as number):
            return Linear(float(number))
        case Constant(value=str() as text):
            said = whole(text)
            return None if said is None else Linear(float(said))
        case Formatted(parts=[part]):
            return linear(part)
        case Operation(operator=operator, operands=[left, right]):
            return _operated(operator, linear(left), linear(right))
        case Invocation():
            return _called(term)
        case Parameter():
            return Linear(0.0, {term: 1.0})
    return None


def _operated(operator: object, left: Linear | None, right: Linear | None) -> Linear | None:
    if left is None or right is None:
        return None
    if operator in (ast.Add, ast.Sub):
        return left.plus(right, 1.0 if operator is ast.Add else -1.0)
    if operator is ast.Mult and not (left.parts and right.parts):
        return left.times(right.constant) if not right.parts else right.times(left.constant)
    if operator in (ast.Div, ast.FloorDiv) and not right.parts and right.constant:
        return left.times(1 / right.constant)
    return None


def _called(term: Invocation) -> Linear | None:
    names = {qualified_name(callee) for callee in alternatives(term.callee)}
    name = names.pop() if len(names) == 1 else None
    given = [expression.term for expression in term.positional]
    if name in SAME and given:
        return linear(given[0])
    if name in CLOCKS and not given:
        return Linear(0.0, {NOW: CLOCKS[name]})
    if name in DATES:
        return Linear(0.0, {NOW: 1.0})
    if name == DELTA:
        return _distance(term, given)
    if name == DATE:
        return _date(given)
    if name is not None and name.startswith(CCXT) and isinstance(term.callee, Access):
        return _asked_of_ccxt(term.callee.key, given)
    if isinstance(term.callee, Access) and term.callee.key in KEPT:
        return linear(term.callee.base)
    return None


def _asked_of_ccxt(key: str, given: list[Term]) -> Linear | None:
    """What an exchange's own clock says, and the moment that it reads out of a text."""
    match given:
        case [] if key in CCXT_CLOCKS:
            return Linear(0.0, {NOW: CCXT_CLOCKS[key]})
        case [Constant(value=str() as text)] if key == ".parse8601":
            return _written(text)
    return None


def _written(text: str) -> Linear | None:
    """A date in a text, as ccxt reads it: of UTC, in milliseconds."""
    try:
        date = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return Linear((date if date.tzinfo else date.replace(tzinfo=timezone.utc)).timestamp() * 1e3)


def _distance(term: Invocation, given: list[Term]) -> Linear | None:
    said = {**dict(zip(("days", "seconds"), given, strict=False)), **{k: e.term for k, e in term.keywords.items()}}
    parts = [(SECONDS.get(name, 0), linear(value)) for name, value in said.items()]
    if not term.is_closed or any(factor == 0 or part is None for factor, part in parts):
        return None
    total = Linear(0.0)
    for factor, part in parts:
        total = total.plus(part, float(factor)) if part else total
    return total


def _date(given: list[Term]) -> Linear | None:
    """A date that is written out; all in one zone, so that distances are right but for a change of the clocks."""
    numbers = [t.value for t in given if isinstance(t, Constant) and isinstance(t.value, int)]
    if len(numbers) != len(given) or len(numbers) < 3:
        return None
    try:
        return Linear(datetime(*numbers, tzinfo=timezone.utc).timestamp())  # type: ignore[misc, arg-type]  # no more than six
    except (TypeError, ValueError):
        return None

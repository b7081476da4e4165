"""Reading terms as moments: what a timestamp counts in, and whether its time zone was mistaken for another.

Of a moment that may have come several ways each proven one is told; what is not proven to be a moment is left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum

from bybit_lint.analysis.bounds import whole
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    Formatted,
    Invocation,
    Operation,
    Parameter,
    Site,
    Term,
    Union,
    alternatives,
    qualified_name,
)
from bybit_lint.tuples import NamedTuple

CLOCKS = {"time.time": 1.0, "time.time_ns": 1e9, "bybit_lint.shim.server_timestamp": 1e3}
"""Clocks, and how much of what they count makes a second."""
UNITS = {1.0: "seconds", 1e6: "microseconds", 1e9: "nanoseconds"}
"""Units that somebody may have taken for milliseconds."""
MILLISECONDS = 1e3
SAME = {"builtins.int", "builtins.str", "builtins.float", "builtins.round", "math.floor", "math.trunc", "math.ceil"}
SAME_METHODS = (".split", ".encode", ".strip", ".zfill")
WRITTEN = {f"datetime.datetime{made}" for made in ("", ".combine", ".strptime", ".fromisoformat")}
"""What makes a broken-down time of a date that is written out, or of text."""
YEARS = range(1_000_000_000, 10_000_000_000)
"""Seconds since 1970 from 2001 to 2286."""


class Zone(Enum):
    """What the fields of a broken-down time mean."""

    LOCAL = "this machine's time"
    UTC = "UTC, without saying so"
    AWARE = "a zone it names"
    MEANT = "whatever zone it is taken for"
    """A date that is written out or read from text: nobody but its writer knows its zone."""


class Moment(NamedTuple):
    """One way a moment came about: where it begins, and what it counts in."""

    site: Site
    per_second: float
    is_naive: bool = False
    is_literal: bool = False

    @property
    def unit(self) -> str:
        """The unit if it is one of those that are mistaken for milliseconds, else empty."""
        return next((name for factor, name in UNITS.items() if abs(self.per_second / factor - 1) < 1e-6), "")


def moments(term: Term) -> list[Moment]:
    """The moments a term may be, as far as that is proven."""
    return list(dict.fromkeys(found for option in alternatives(term) for found in _moments(option)))


def _moments(term: Term) -> Iterator[Moment]:
    match term:
        case Union(terms=terms):
            for option in terms:
                yield from _moments(option)
        case Constant(value=value, site=Site() as site):
            yield from _literal(value, site)
        case Formatted(parts=[part]):
            yield from _moments(part)
        case Operation():
            yield from _operated(term)
        case Invocation():
            yield from _called(term)
        case Access(base=base, key=key) if key.startswith("["):
            yield from _moments(base)


def _literal(value: object, site: Site) -> Iterator[Moment]:
    if isinstance(value, str):
        value = whole(value)
    if isinstance(value, int) and value in YEARS:
        yield Moment(site, 1.0, is_literal=True)
    elif isinstance(value, int) and value // 1000 in YEARS:
        yield Moment(site, MILLISECONDS, is_literal=True)


def _operated(term: Operation) -> Iterator[Moment]:
    """Arithmetic: factors change the unit; a distance in the same unit that is added does not."""
    if len(term.operands) != 2:
        return
    left, right = term.operands
    match term.operator, left, right:
        case (ast.Mult, moving, Constant(value=int() | float() as factor)) | (
            ast.Mult,
            Constant(value=int() | float() as factor),
            moving,
        ):
            yield from (m._replace(per_second=m.per_second * factor) for m in _moments(moving))
        case ((ast.Div | ast.FloorDiv), moving, Constant(value=int() | float() as factor)) if factor:
            yield from (m._replace(per_second=m.per_second / factor) for m in _moments(moving))
        case ((ast.Add | ast.Sub), moving, distance) if is_distance(distance):
            yield from _moments(moving)
        case (ast.Add, distance, moving) if is_distance(distance):
            yield from _moments(moving)


def is_distance(term: Term) -> bool:
    """True for numbers and what is calculated from them and from parameters: no clock is read in it."""
    match term:
        case Constant(value=value):
            return not isinstance(value, str) and not any(_literal(value, term.site) if term.site else ())
        case Parameter():
            return True
        case Operation(operands=operands) | Union(terms=operands):
            return all(map(is_distance, operands))
        case Invocation(callee=callee, positional=positional) if qualified_name(callee) in SAME:
            return all(is_distance(e.term) for e in positional)
        case Invocation(callee=callee):
            return qualified_name(callee) == "datetime.timedelta"
    return False


def _called(made: Invocation) -> Iterator[Moment]:
    name = qualified_name(made.callee) or ""
    arguments = [argument.term for argument in made.positional]
    if name in CLOCKS:
        yield Moment(made.site, CLOCKS[name])
    elif name in SAME and arguments:
        yield from _moments(arguments[0])
    elif name == "time.mktime" and arguments:
        yield from _counted(made.site, arguments[0], Zone.LOCAL)
    elif name == "calendar.timegm" and arguments:
        yield from _counted(made.site, arguments[0], Zone.UTC)
    elif isinstance(made.callee, Access) and made.callee.key == ".timestamp":
        yield from _counted(made.site, made.callee.base, Zone.LOCAL)
    elif isinstance(made.callee, Access) and made.callee.key in SAME_METHODS:
        yield from _moments(made.callee.base)


def _counted(site: Site, term: Term, taken_for: Zone) -> Iterator[Moment]:
    """Seconds counted from a broken-down time, by a function that takes it for one of a zone."""
    for zone in filter(None, map(_zone, alternatives(term))):
        yield Moment(site, 1.0, is_naive=zone not in (taken_for, Zone.AWARE, Zone.MEANT))


def _zone(term: Term) -> Zone | None:
    """Which zone the fields of a broken-down time belong to, where that is proven."""
    match term:
        case Operation(operands=[moving, distance]) if is_distance(distance):
            return _zone(moving)
        case Invocation(callee=Access(base=base, key=".timetuple")):
            return _zone(base)
        case Invocation(callee=Access(base=base, key=".utctimetuple")):
            return Zone.UTC if _zone(base) in (Zone.UTC, Zone.AWARE) else None
        case Invocation(callee=Access(base=base, key=".replace"), keywords=keywords):
            return _replaced(_zone(base), "tzinfo" in keywords and keywords["tzinfo"].term)
        case Invocation(callee=Access(base=base, key=".astimezone")):
            zone = _zone(base)
            return Zone.AWARE if zone in (Zone.LOCAL, Zone.MEANT) else zone  # what says nothing it takes for local
        case Invocation(callee=callee, positional=positional, keywords=keywords):
            name = qualified_name(callee) or ""
            return Zone.MEANT if name in WRITTEN else _read(name, bool(positional or keywords))
    return None


def _replaced(zone: Zone | None, tzinfo: Term | bool) -> Zone | None:
    """The zone after `replace(tzinfo=...)`: a name for it, or none any more."""
    if not tzinfo:
        return zone
    is_dropped = isinstance(tzinfo, Constant) and tzinfo.value is None
    return None if is_dropped else Zone.AWARE


def _read(name: str, has_zone: bool) -> Zone | None:
    match name:
        case "datetime.datetime.utcnow" | "time.gmtime":
            return Zone.UTC
        case "datetime.datetime.now":
            return Zone.AWARE if has_zone else Zone.LOCAL
        case "datetime.datetime.today" | "time.localtime":
            return Zone.LOCAL
    return None

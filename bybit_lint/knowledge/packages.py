"""Packages that bots are installed with, and which of their versions are broken."""

from __future__ import annotations

from functools import cache

from bybit_lint.knowledge import rows
from bybit_lint.tuples import NamedTuple


class Broken(NamedTuple):
    """A stretch of a package's versions that have one defect: from `first`, or the very first, to before `below`."""

    defect: str
    package: str
    first: str
    below: str
    concern: str
    effect: str
    floor: str
    """The first version without this defect or another; empty where code that runs with these cannot run with it."""
    ret_codes: str
    """What Bybit answers when it shows, separated by commas."""
    source: str
    date: str


@cache
def broken(package: str) -> tuple[Broken, ...]:
    """The broken versions of a package, the earliest first."""
    found = (row for row in rows("broken_versions") if row[1] == package)
    return tuple(Broken(*("" if cell == "-" else cell for cell in row)) for row in found)


@cache
def affected() -> tuple[str, ...]:
    """The packages of which some versions are broken, in the order of their names."""
    return tuple(sorted({row[1] for row in rows("broken_versions")}))


class Clashing(NamedTuple):
    """A package that installs its files over those of another one."""

    package: str
    hides: str
    beside: frozenset[str]
    """Packages that need the one that is hidden."""


@cache
def clashing() -> dict[str, Clashing]:
    """The packages that hide another one, by their names."""
    return {row[0]: Clashing(row[0], row[1], frozenset(row[2].split(","))) for row in rows("clashing_packages")}

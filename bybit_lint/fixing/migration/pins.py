"""The versions of clients that a bot is installed with: pybit's is raised with its code, ccxt's is named."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bybit_lint.analysis import manifests
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.clients import ccxt
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.steps import Level, Step
from bybit_lint.knowledge import packages
from bybit_lint.vocabulary import Defect, Dependency, Pinning, Rewrite

PACKAGE = "pybit"
OTHERS = ("bybit", "pybybit")
"""Clients whose code is that of pybit then."""


def raised(sources: Collection[Source]) -> Iterator[Step]:
    """What manifests ask for with which rewritten code cannot run: an older pybit, or another client in its place."""
    floor = packages.broken(PACKAGE)[-1].floor
    for source in sources:
        for found in () if source.is_code else _asked(source):
            if found.name in OTHERS:
                yield _replaced(source, found, floor)
            elif found.name == PACKAGE and found.versions.is_below(floor):
                yield _step(source, found, floor)


def without_endpoints(sources: Collection[Source]) -> Iterator[Step]:
    """What is asked for of ccxt that has no endpoints of V5; what newer versions change a person has to see."""
    since = ccxt.ENDPOINTS_SINCE
    for source in sources:
        for found in () if source.is_code else _asked(source):
            if found.name == ccxt.LIBRARY and found.versions.is_below(since):
                step = Step(found.where or found.span, found.asked, "", Level.LEFT)
                yield step.left(f"ask for {ccxt.LIBRARY} {since} or newer: older ones do not have V5's endpoints")


def _asked(source: Source) -> list[Dependency]:
    try:
        return list(manifests.dependencies(source))
    except Unreadable:  # said where the file itself is judged
        return []


def _replaced(source: Source, found: Dependency, floor: str) -> Step:
    step = Step(found.span, found.asked, f"{PACKAGE} {floor}", Level.CERTAIN)
    is_plain = found.pinning is Pinning.PLAIN and not found.pin.startswith("(") and source.path.endswith(".txt")
    if not is_plain:
        return step.left(f"ask for {PACKAGE} {floor} or newer in its place")
    end = found.where.end if found.where else found.span.end
    return step._replace(changes={source: [Edit(found.span.start, end, f"{PACKAGE}>={floor}")]})


def _step(source: Source, found: Dependency, floor: str) -> Step:
    step = Step(found.where or found.span, found.asked, f"{PACKAGE} {floor}", Level.CERTAIN)
    repair = found.raise_floor(Defect("exchange", "", floor))
    fix = repair.get("fix")
    if fix is None:
        return step.left(repair.get("not_fixed", ""))
    verbs = [verb for verb in fix.verbs if isinstance(verb, Rewrite)]
    return step._replace(changes={source: [Edit(verb.target.start, verb.target.end, verb.text) for verb in verbs]})

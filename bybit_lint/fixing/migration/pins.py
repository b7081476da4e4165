"""The version of pybit that a bot is installed with, raised with its code."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bybit_lint.analysis import manifests
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.steps import Level, Step
from bybit_lint.knowledge import packages
from bybit_lint.vocabulary import Defect, Dependency, Rewrite

PACKAGE = "pybit"


def raised(sources: Collection[Source]) -> Iterator[Step]:
    """The pins in manifests that leave out every pybit which rewritten code runs with."""
    floor = packages.broken(PACKAGE)[-1].floor
    for source in sources:
        if not source.is_code:
            yield from (_step(source, found, floor) for found in _asked(source) if found.versions.is_below(floor))


def _asked(source: Source) -> list[Dependency]:
    try:
        return [found for found in manifests.dependencies(source) if found.name == PACKAGE]
    except Unreadable:  # said where the file itself is judged
        return []


def _step(source: Source, found: Dependency, floor: str) -> Step:
    step = Step(found.where or found.span, found.asked, f"{PACKAGE} {floor}", Level.CERTAIN)
    repair = found.raise_floor(Defect("exchange", "", floor))
    fix = repair.get("fix")
    if fix is None:
        return step.left(repair.get("not_fixed", ""))
    verbs = [verb for verb in fix.verbs if isinstance(verb, Rewrite)]
    return step._replace(changes={source: [Edit(verb.target.start, verb.target.end, verb.text) for verb in verbs]})

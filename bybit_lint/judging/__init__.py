"""What the rules have to say about each file, and what went wrong while they said it."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from bybit_lint import checks, facts, redaction
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.inputs import suppress
from bybit_lint.inputs.problems import crashed, noted
from bybit_lint.judging import processes
from bybit_lint.knowledge.accounts import UNKNOWN, Account
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Noun, Span

UNREADABLE = "BYB001"
MANY = 6_000_000
"""Objects, of which so many take some 600 MB, and looking for those that nobody uses any more takes a second."""
BATCH = 250_000
"""Bytes of code that are worth a process: judging them takes a second or more, and some 100 MB."""
Batch: TypeAlias = list[tuple[Source, Project]]
"""Files, each with the part of the project that tells of it."""


class Verdict:
    """What was found in one file, and what could not be done there."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.problems: list[str] = []


class Judged(NamedTuple):
    """What is left of the work on a batch: both by path."""

    verdicts: dict[str, Verdict]
    keys: dict[str, redaction.Keys]


def unreadable(path: str, reason: str, line: int = 1, column: int = 1) -> Finding:
    """That a file could not be judged, and where in it the trouble begins."""
    place = Span(path, line, column, line, column, 0, 0)
    return Finding(place, f"this file was not checked: {reason}", code=UNREADABLE)


def verdicts(
    sources: Sequence[Source],
    rules: Sequence[Rule],
    context: Sequence[Source] = (),
    account: Account = UNKNOWN,
    *,
    jobs: int = 0,
) -> dict[str, Verdict]:
    """A verdict on every source that can have to do with Bybit, by path; those in `context` are not judged.

    With `jobs` nobody will judge these sources again. Where there is much to do, it is done by so many processes, and
    of what they worked out only this is left, and what is to be hidden of the files that a finding tells of.
    """
    batches = _batches(facts.units(Project([*sources, *context], account)))
    is_spread = jobs > 0 and len(batches) > 1 and processes.can_fork()
    every = {source.path: source for source in (*context, *sources)}
    named = {source.path for source in sources}

    def judged(batch: Batch) -> Judged:
        found = {source.path: _verdict(source, part, rules) for source, part in batch if source.path in named}
        quoted = {path for verdict in found.values() for finding in verdict.findings for path in finding.paths}
        keys = {path: redaction.keys(every[path]) for path in quoted if jobs and path in every}
        if jobs and not is_spread and gc.get_count()[0] > MANY:
            _let_go(batch)
        return Judged(found, keys)

    found: dict[str, Verdict] = {}
    for result in processes.results(judged, batches, jobs) if is_spread else map(judged, batches):
        found.update(result.verdicts)
        for path, keys in result.keys.items():
            redaction.remember(every[path], keys)
    return {source.path: found[source.path] for source in sources if source.path in found}


def _let_go(batch: Batch) -> None:
    """Free what was worked out of files that were judged: it is full of circles, which nothing else finds."""
    for part in {part for _, part in batch}:
        for module in part.modules.values():
            module.let_go()
    facts.let_go()
    gc.collect()
    gc.freeze()


def _batches(units: Iterable[tuple[Source, Project]]) -> list[Batch]:
    """The files in portions that are worth a process, the largest first; what belongs together stays together."""
    batches: list[Batch] = []
    room = 0
    for _, part in groupby(units, itemgetter(1)):
        together = list(part)
        if room <= 0:
            batches.append([])
            room = BATCH
        batches[-1] += together
        room -= sum(len(source.data) for source, _ in together)
    return sorted(batches, key=lambda batch: -sum(len(source.data) for source, _ in batch))


def _verdict(source: Source, project: Project, rules: Sequence[Rule]) -> Verdict:
    verdict = Verdict()
    with noted(verdict.problems, f"{source.path}: the analysis"):
        try:
            wanted = frozenset(rule.noun for rule in rules if rule.noun)
            found, crashes = facts.of(source, project, wanted), facts.crashes(source, project, wanted)
        except Unreadable as error:
            verdict.findings.append(unreadable(source.path, error.reason, error.line, error.column))
        else:
            verdict.problems.extend(crashed(f"{source.path}: {crash.what}", crash.error) for crash in crashes)
            missed = [crash.nouns for crash in crashes]
            answered = {r.code for r in rules if all(nouns is not None and r.noun not in nouns for nouns in missed)}
            _judge(source, found, rules, answered, verdict)
    return verdict


def _judge(
    source: Source, nouns: Sequence[Noun], rules: Sequence[Rule], answered: AbstractSet[str], verdict: Verdict
) -> None:
    """Ask the rules of each noun. A suppression may be unused only if all nouns for its rule were found: `answered`."""
    found: dict[Finding, None] = {}  # a set in order: one place may be read twice, through two callers of a helper
    judged: set[str] = set()
    kinds = {type(noun) for noun in nouns}
    for rule in rules:
        asked = nouns if rule.noun and any(issubclass(kind, rule.noun) for kind in kinds) else ()
        with noted(verdict.problems, f"{source.path}: the check {rule.code} {rule.name}"):
            found.update(dict.fromkeys([finding for noun in asked for finding in rule.findings(noun)]))
            judged |= {rule.code} & answered
    selected = {rule.code for rule in rules}
    kept = suppress.apply(source, list(found), checks.load(), judged)
    verdict.findings.extend(finding for finding in kept if finding.code in selected)

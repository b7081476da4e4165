"""What the rules have to say about each file, and what went wrong while they said it."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from operator import itemgetter

from bybit_lint import checks, facts
from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.inputs import suppress
from bybit_lint.inputs.problems import crashed, noted
from bybit_lint.knowledge.accounts import UNKNOWN, Account
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Noun, Span

UNREADABLE = "BYB001"
MANY = 6_000_000
"""Objects, of which so many take some 600 MB, and looking for those that nobody uses any more takes a second."""


class Verdict:
    """What was found in one file, and what could not be done there."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.problems: list[str] = []


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
    is_final: bool = False,
) -> dict[str, Verdict]:
    """A verdict on every source that can have to do with Bybit, by path; those in `context` are not judged.

    After a final one nobody will judge these sources again: what was worked out of them is let go once it is much.
    """
    found: dict[str, Verdict] = {}
    judged: list[Module] = []
    named = {source.path for source in sources}
    for part, units in groupby(facts.units(Project([*sources, *context], account)), itemgetter(1)):
        if is_final and gc.get_count()[0] > MANY:
            _let_go(judged)
            judged = []
        for source, _ in units:
            if source.path in named:
                found[source.path] = _verdict(source, part, rules)
        judged += part.modules.values()
    return {source.path: found[source.path] for source in sources if source.path in found}


def _let_go(judged: Iterable[Module]) -> None:
    """Free what was worked out of files that were judged: it is full of circles, which nothing else finds.

    What is found to be in use stays to the end and is not looked through again.
    """
    for module in judged:
        module.let_go()
    facts.let_go()
    gc.collect()
    gc.freeze()


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

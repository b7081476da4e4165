"""What the rules have to say about each file, and what went wrong while they said it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bybit_lint import checks, reader, suppress
from bybit_lint.problems import noted
from bybit_lint.project import Project
from bybit_lint.rule import Rule
from bybit_lint.source import Source, Unreadable
from bybit_lint.vocabulary import Finding, Noun, Span

UNREADABLE = "BYB001"


@dataclass
class Verdict:
    """What was found in one file, and what could not be done there."""

    findings: list[Finding] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def unreadable(path: str, reason: str, line: int = 1, column: int = 1) -> Finding:
    """That a file could not be judged, and where in it the trouble begins."""
    place = Span(path, line, column, line, column, 0, 0)
    return Finding(place, f"this file was not checked: {reason}", code=UNREADABLE)


def verdicts(sources: Sequence[Source], rules: Sequence[Rule], context: Sequence[Source] = ()) -> dict[str, Verdict]:
    """A verdict on every source that can have to do with Bybit, by path; those in `context` are not judged."""
    found: dict[str, Verdict] = {}
    named = {source.path for source in sources}
    for source, part in reader.units(Project([*sources, *context])):
        if source.path in named:
            found[source.path] = _verdict(source, part, rules)
    return {source.path: found[source.path] for source in sources if source.path in found}


def _verdict(source: Source, project: Project, rules: Sequence[Rule]) -> Verdict:
    verdict = Verdict()
    with noted(verdict.problems, f"{source.path}: the reader"):
        try:
            facts = reader.facts(source, project, frozenset(rule.noun for rule in rules if rule.noun))
        except Unreadable as error:
            verdict.findings.append(unreadable(source.path, error.reason, error.line, error.column))
        else:
            _judge(source, facts, rules, verdict)
    return verdict


def _judge(source: Source, facts: Sequence[Noun], rules: Sequence[Rule], verdict: Verdict) -> None:
    found: dict[Finding, None] = {}  # a set in order: one place may be read twice, through two callers of a helper
    judged = set()
    kinds = {type(fact) for fact in facts}
    for rule in rules:
        asked = facts if rule.noun and any(issubclass(kind, rule.noun) for kind in kinds) else ()
        with noted(verdict.problems, f"{source.path}: the check {rule.code} {rule.name}"):
            found.update(dict.fromkeys([finding for fact in asked for finding in rule.findings(fact)]))
            judged.add(rule.code)
    selected = {rule.code for rule in rules}
    kept = suppress.apply(source, list(found), checks.load(), judged)
    verdict.findings.extend(finding for finding in kept if finding.code in selected)

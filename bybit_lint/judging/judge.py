"""What the rules have to say about one file: its facts found, each rule asked, comments that accept a finding heard."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from bybit_lint import checks, facts
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.inputs import days, suppress
from bybit_lint.inputs.problems import crashed, noted
from bybit_lint.judging.verdict import Verdict, unreadable
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Noun


def verdict(source: Source, project: Project, rules: Sequence[Rule]) -> Verdict:
    """The verdict on one file of a project."""
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
            _ask(source, found, rules, answered, verdict)
    return verdict


def early(source: Source, project: Project, rules: Sequence[Rule]) -> Verdict:
    """What can be said of one file in a fraction of the time, before its project is read whole; `verdict` says it all.

    Nothing is said of suppressions that seem to be unused. What went wrong is left to `verdict`, too.
    """
    found = Verdict()
    try:
        nouns = facts.early(source, project, frozenset(rule.noun for rule in rules if rule.noun))
        _ask(source, nouns, rules, frozenset(), found)
    except Unreadable as error:
        found.findings.append(unreadable(source.path, error.reason, error.line, error.column))
    except Exception:  # noqa: BLE001  # the verdict says it
        return Verdict()
    return found


def let_go() -> None:
    """Forget what was found out of the projects that were judged last."""
    facts.let_go()


def _ask(
    source: Source, nouns: Sequence[Noun], rules: Sequence[Rule], answered: AbstractSet[str], verdict: Verdict
) -> None:
    """Ask the rules of each noun. A suppression may be unused only if all nouns for its rule were found: `answered`."""
    told: dict[Finding, Finding] = {}  # by mistake: one place may be read twice, through two callers of a helper
    judged: set[str] = set()
    kinds = {type(noun) for noun in nouns}
    for rule in rules:
        kind = rule.noun
        if kind is None or not any(issubclass(found, kind) for found in kinds):
            judged |= {rule.code} & answered
            continue
        with noted(verdict.problems, f"{source.path}: the check {rule.code} {rule.name}"):
            for finding in [finding for noun in nouns for finding in rule.findings(noun)]:
                before = told.get(finding.mistake)
                told[finding.mistake] = before.for_both(finding) if before else finding
            judged |= {rule.code} & answered
    selected, found = {rule.code for rule in rules}, list(told.values())
    kept = list(suppress.apply(source, found, checks.load(), judged, days.today()))
    verdict.findings.extend(finding for finding in kept if finding.code in selected)
    left = set(kept)
    verdict.accepted.extend(finding for finding in found if finding not in left)

"""The whole dataflow: sources to findings, and findings to fixes to new sources until all is quiet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from bybit_lint.analysis.source import Source
from bybit_lint.inputs.problems import noted
from bybit_lint.judging import verdicts
from bybit_lint.judging.cache import Cache
from bybit_lint.judging.verdict import UNREADABLE, Advance, Verdict
from bybit_lint.knowledge.accounts import UNKNOWN, Account
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Fix
from bybit_lint.vocabulary.record import Record

SHIM = "bybit_lint.shim"
ROUNDS = 5


class Outcome(Record):
    """What a run came to. `sources` are the files as they are now; `problems` is what could not be done.

    `taken_back` names the fixes that broke a promise: their findings are left, and nothing else is amiss.
    """

    sources: Sequence[Source]
    findings: Sequence[Finding]
    fixed: Sequence[Finding] = ()
    problems: Sequence[str] = ()
    taken_back: Sequence[str] = ()
    withheld: Sequence[str] = ()
    """How many findings are not reported, and why, a sentence each."""


Sift: TypeAlias = Callable[[Sequence[Source], Sequence[Finding]], Sequence[Finding]]
"""Which of the findings in some sources are reported."""


def check(
    sources: Sequence[Source],
    rules: Sequence[Rule],
    context: Sequence[Source] = (),
    account: Account = UNKNOWN,
    jobs: int = 1,
    cache: Cache | None = None,
    advance: Advance | None = None,
) -> Outcome:
    """What `rules` have to say about the sources; those in `context` are read with them, but not judged.

    With a `cache`, the fixes of the findings can be told of, but not made. `advance` is told how many files are done,
    and how many there are.
    """
    judged = verdicts(sources, rules, context, account, jobs=jobs, cache=cache, advance=advance).values()
    findings = in_order(finding for verdict in judged for finding in verdict.findings)
    return Outcome(sources, findings, problems=[problem for verdict in judged for problem in verdict.problems])


def fix(
    sources: Sequence[Source],
    rules: Sequence[Rule],
    unsafe: bool = False,
    shim: str = SHIM,
    context: Sequence[Source] = (),
    account: Account = UNKNOWN,
    sift: Sift | None = None,
    advance: Advance | None = None,
) -> Outcome:
    """Make the safe fixes of all findings, or all fixes, round after round until nothing is left to do.

    Nothing is written. A fix that breaks a promise (see `Repair.fault`) is taken back, and its finding is left. With
    `sift`, only what it leaves is fixed. `advance` is told, in each round anew, how many files are done, and how many
    there are.
    """
    return _Fixing(sources, rules, unsafe, shim, context, account, sift, advance).outcome()


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The findings as they are reported: by place, then by code."""
    return sorted(findings, key=lambda f: (f.span.path, f.span.line, f.span.column, f.code, f.message))


class Repair(Record):
    """One file with some of its findings fixed."""

    source: Source
    fixed: Sequence[Finding] = ()

    def fault(self, before: Verdict, after: Verdict) -> str:
        """Which promise is broken: that it parses, that what was fixed is gone, and that nothing new has come.

        In the place of a finding whose fix is partial a lesser one of its rule may have come.
        """
        if lost := [finding.message for finding in after.findings if finding.code == UNREADABLE]:
            return lost[0]
        if after.problems != before.problems:
            return after.problems[-1]
        partly = Counter(f.code for f in self.fixed if f.fix and f.fix.is_partial)
        more = _tally(after.findings) - (_tally(before.findings) - _tally(self.fixed) + partly)
        return f"the fixed file would still have {', '.join(sorted(more))}" if more else ""


def _tally(findings: Sequence[Finding]) -> Counter[str]:
    """The findings by their codes, and again those whose fix is partial: it must not be offered for what it leaves."""
    partial = (f"{f.code} as it was" for f in findings if f.fix and f.fix.is_partial)
    return Counter([*(f.code for f in findings), *partial])


class _Fixing:
    """The files of one run on their way from what they were to what they become."""

    def __init__(
        self,
        sources: Sequence[Source],
        rules: Sequence[Rule],
        unsafe: bool,
        shim: str,
        context: Sequence[Source],
        account: Account,
        sift: Sift | None,
        advance: Advance | None,
    ) -> None:
        self.sift = sift
        self.sources = {source.path: source for source in sources}
        self.rules, self.unsafe, self.shim, self.context, self.account = rules, unsafe, shim, context, account
        self.advance = advance
        self.verdicts = self.judged({})
        self.fixed: list[Finding] = []
        self.refused: dict[Finding, str] = {}
        self.crashes: list[str] = []
        self.taken_back: dict[tuple[str, str], str] = {}  # by path and code, as a place moves from round to round

    def outcome(self) -> Outcome:
        rounds = 0
        while (repairs := self.repairs()) and rounds < ROUNDS:
            self.round(repairs)
            rounds += 1
        verdicts = self.verdicts.values()
        left = (f.replace(not_fixed=self.refused.get(f, f.not_fixed)) for v in verdicts for f in v.findings)
        problems = [problem for verdict in verdicts for problem in verdict.problems]
        problems += [*self.crashes, *(f"{path}: not all was fixed in {ROUNDS} rounds: run again" for path in repairs)]
        told = list(self.taken_back.values())
        return Outcome(list(self.sources.values()), in_order(left), in_order(self.fixed), problems, told)

    def judged(self, repairs: Mapping[str, Repair]) -> dict[str, Verdict]:
        """The verdicts on all files, some of them repaired."""
        sources = [repairs[path].source if path in repairs else source for path, source in self.sources.items()]
        return verdicts(sources, self.rules, self.context, self.account, advance=self.advance)

    def repairs(self) -> dict[str, Repair]:
        """What can be done at once, by path; without the files where nothing can be done."""
        asked = self.asked()
        found = ((path, self.repair(path, findings)) for path, findings in asked.items())
        return {path: repair for path, repair in found if repair.fixed}

    def asked(self) -> dict[str, Sequence[Finding]]:
        """The findings that may be fixed, by path."""
        findings = {path: verdict.findings for path, verdict in self.verdicts.items()}
        if self.sift is None:
            return {**findings}
        left = set(self.sift(list(self.sources.values()), in_order(f for found in findings.values() for f in found)))
        return {path: [finding for finding in found if finding in left] for path, found in findings.items()}

    def repair(self, path: str, findings: Iterable[Finding]) -> Repair:
        """One file with as many of the findings fixed as can be at once. What the editor refuses is remembered."""
        source = self.sources[path]
        fixes = {finding: fix for finding in findings if (fix := self.wanted(finding))}
        if fixes:
            with noted(self.crashes, f"{path}: the editor"):
                return self.edited(source, fixes)
            self.refused.update(dict.fromkeys(fixes, "the editor crashed"))
        return Repair(source)

    def edited(self, source: Source, fixes: Mapping[Finding, Fix]) -> Repair:
        from bybit_lint.fixing import editor

        wanted = list(fixes)
        try:
            plan = editor.plan(source, list(fixes.values()), self.shim)
            data = editor.splice(source, plan.edits)
        except editor.Refused as error:
            self.refused.update(dict.fromkeys(wanted, str(error)))
            return Repair(source)
        self.refused.update({wanted[index]: reason for index, reason in plan.refused.items()})
        return Repair(source.edited(data), [wanted[index] for index in plan.applied])

    def wanted(self, finding: Finding) -> Fix | None:
        fix = finding.fix
        return fix if fix and (self.unsafe or fix.is_safe) and finding not in self.refused else None

    def round(self, repairs: Mapping[str, Repair]) -> None:
        """Take over the repairs that keep their promises, and take back the others."""
        after = self.judged(repairs)
        faults = {path: repair.fault(self.verdicts[path], after[path]) for path, repair in repairs.items()}
        for path, repair in repairs.items():
            if faults[path]:
                self.take_back(path, repair, faults[path])
            else:
                self.sources[path] = repair.source
                self.fixed += repair.fixed
        self.verdicts = self.judged({}) if any(faults.values()) else after

    def take_back(self, path: str, repair: Repair, fault: str) -> None:
        """Never try again those fixes that break a promise alone; all of them if they only do so together."""
        alone = [finding for finding in repair.fixed if self.fault_alone(path, finding)]
        for finding in alone or repair.fixed:
            self.refused[finding] = f"the fix was taken back: {fault}"
            where = f"{self.sources[path].line_name(finding.span.line)}: the fix of {finding.code}"
            self.taken_back.setdefault((path, finding.code), f"{where} was taken back: {fault}")

    def fault_alone(self, path: str, finding: Finding) -> str:
        repair = self.repair(path, [finding])
        return repair.fault(self.verdicts[path], self.judged({path: repair})[path])

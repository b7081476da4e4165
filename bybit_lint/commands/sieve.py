"""Which findings of a run are reported: those that no baseline accepts, and with --since those on changed lines."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from bybit_lint.analysis.source import Source
from bybit_lint.commands.gather import Group
from bybit_lint.engine import Outcome
from bybit_lint.inputs import baseline as baselines
from bybit_lint.inputs import files
from bybit_lint.inputs.baseline import Baseline
from bybit_lint.inputs.changes import Changes
from bybit_lint.inputs.config import Config
from bybit_lint.inputs.fingerprints import Fingerprint, below
from bybit_lint.judging.verdict import UNREADABLE
from bybit_lint.vocabulary import Finding

MOST = 10
"""Entries that are shown of those that are stale."""


class Sieve:
    """The baselines of some groups, and what has changed in their files."""

    def __init__(self, groups: Sequence[Group], path_of: Callable[[Config], str], revision: str | None) -> None:
        """`path_of` says where the baseline for a config lies. Raises BadBaseline and Unanswered."""
        paths = {source.path: path_of(group.config) for group in groups for source in group.sources}
        self.groups, self.path_of = groups, path_of
        self.baselines = {path: baselines.read(path) for path in sorted({*paths.values()} - {""})}
        self.of = {source: self.baselines.get(path) for source, path in paths.items()}
        self.changes = None if revision is None else Changes(revision, [*paths])
        self.context = {source.path: source for group in groups for source in group.context}

    def __call__(self, sources: Sequence[Source], findings: Sequence[Finding]) -> list[Finding]:
        """The findings that are reported, in the same order."""
        return self._sifted(sources, findings)[0]

    def sifted(self, outcome: Outcome) -> Outcome:
        """An outcome with the findings that are reported, and what is said of the others."""
        left, accepted = self._sifted(outcome.sources, outcome.findings)
        known = sum(sum(entries.values()) for entries in accepted.values())
        withheld = [*_counted(known, "accepted by the baseline")]
        withheld += _counted(len(outcome.findings) - len(left) - known, "on lines that have not changed")
        if not outcome.problems:
            for path, entries in accepted.items():
                own = [group for group in self.groups if self.path_of(group.config) == path]
                baseline = self.baselines[path]
                withheld += _told(path, baseline.stale(entries, judged(own, baseline.folder, outcome)))
        return outcome.replace(findings=left, withheld=[*outcome.withheld, *withheld])

    def _sifted(
        self, sources: Sequence[Source], findings: Sequence[Finding]
    ) -> tuple[list[Finding], dict[str, Counter[Fingerprint]]]:
        """The findings that are reported, and the entries that were used, by baseline."""
        by_path = {source.path: source for source in sources}
        left, accepted = list(findings), {}
        for path, baseline in self.baselines.items():
            sift = baseline.sift(left, partial(self._source, baseline, by_path))
            left, accepted[path] = sift.new, sift.accepted
        if self.changes is not None:
            changes = self.changes
            known = self.context | by_path  # what explains a finding may stand in a file that was not named
            left = [f for f in left if f.code == UNREADABLE or changes.touch(f, known)]
        return left, accepted

    def _source(self, baseline: Baseline, sources: Mapping[str, Source], path: str) -> Source | None:
        return sources.get(path) if self.of.get(path) is baseline else None


def judged(groups: Sequence[Group], folder: str, outcome: Outcome) -> Callable[[Fingerprint], bool]:
    """Whether an entry, whose path counts from `folder`, was asked for: its rule, of a file that could be read."""
    broken = {finding.span.path for finding in outcome.findings if finding.code == UNREADABLE}
    asked = {
        below(folder, source.path): {rule.code for rule in group.rules}
        for group in groups
        for source in group.sources
        if source.path not in broken
    }
    return lambda entry: entry.rule in asked.get(entry.path, ())


def _counted(number: int, where: str) -> Iterator[str]:
    if number:
        yield f"{number} {'finding is' if number == 1 else 'findings are'} {where}."


def _told(path: str, stale: Counter[Fingerprint]) -> Iterator[str]:
    if not stale:
        return
    many = sum(stale.values())
    what = "1 entry is" if many == 1 else f"{many} entries are"
    yield f"{what} stale in {files.shown(os.path.abspath(path))}: bybit-lint baseline --prune takes them out."
    for entry, count in sorted(stale.items())[:MOST]:
        where = f"{entry.path}, {entry.function}" if entry.function else entry.path
        yield f"  {entry.rule} in {where}{f' ({count} times)' if count > 1 else ''}"
    if len(stale) > MOST:
        yield f"  and {len(stale) - MOST} more"

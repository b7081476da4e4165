"""The verdicts on the files of projects: those on a part that is as it was are remembered, the others found anew."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence

from bybit_lint import redaction
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.judging import entries, processes
from bybit_lint.judging.cache import Cache
from bybit_lint.judging.parts import Batch, Part, batches, parts
from bybit_lint.judging.verdict import Advance, Judged, Verdict
from bybit_lint.knowledge.accounts import UNKNOWN, Account
from bybit_lint.rule import Rule

MANY = 6_000_000
"""Objects, of which so many take some 600 MB, and looking for those that nobody uses any more takes a second."""
SOME = 600_000
"""How many of them are let go while there is more to do."""


def verdicts(
    sources: Sequence[Source],
    rules: Sequence[Rule],
    context: Sequence[Source] = (),
    account: Account = UNKNOWN,
    *,
    jobs: int = 0,
    cache: Cache | None = None,
    advance: Advance | None = None,
) -> dict[str, Verdict]:
    """A verdict on every source that can have to do with Bybit, by path; those in `context` are not judged.

    With `jobs` nobody will judge these sources again. Where there is much to do, it is done by so many processes, and
    of what they worked out only this is left, and what is to be hidden of the files that a finding tells of. What is
    in the `cache` is not worked out, and its fixes can be told of, but not made. `advance` is told how many files are
    done, and how many there are.
    """
    every = {source.path: source for source in (*context, *sources)}
    named = {source.path for source in sources}
    project = Project([*sources, *context], account)
    asked = [part for part in parts(project) if not named.isdisjoint(part.paths)]
    found: dict[str, Verdict] = {}
    count = sum(len(part.sources) for part in asked)
    for result in _Judging(project, every, named, rules, jobs, cache).of(asked):
        found.update(result.verdicts)
        for path, keys in result.keys.items():
            redaction.remember(every[path], keys)
        if advance:
            advance(len(found), count)
    return {source.path: found[source.path] for source in sources if source.path in found}


class _Judging:
    """How the parts of one project are judged."""

    def __init__(
        self,
        project: Project,
        every: dict[str, Source],
        named: set[str],
        rules: Sequence[Rule],
        jobs: int,
        cache: Cache | None,
    ) -> None:
        self.project, self.every, self.named = project, every, named
        self.rules, self.jobs, self.cache = rules, jobs, cache

    def of(self, asked: Sequence[Part]) -> Iterator[Judged]:
        """What the work on all parts comes to, in any order."""
        left = []
        for part in map(self.with_key, asked):
            if known := self.remembered(part):
                yield known
            else:
                left.append(part)
        tasks = batches(left)
        is_spread = self.jobs > 0 and len(tasks) > 1 and processes.can_fork()
        yield from processes.results(self.judged, tasks, self.jobs) if is_spread else self.one_by_one(tasks)
        if left and self.cache:
            self.cache.tidy()

    def with_key(self, part: Part) -> Part:
        """A part with its key, where there is a cache."""
        return part.replace(key=entries.key(part, self.project.links, self.rules)) if self.cache else part

    def remembered(self, part: Part) -> Judged | None:
        """The verdicts on a part that has not changed since it was judged."""
        found = self.cache.find(part.key) if self.cache else None
        return found and entries.judged(part, found)

    def judged(self, batch: Batch) -> Judged:
        """What is left of the work on some parts."""
        results = [self.judged_part(part) for part in batch]
        verdicts = {path: verdict for result in results for path, verdict in result.verdicts.items()}
        return Judged(verdicts, {path: keys for result in results for path, keys in result.keys.items()})

    def one_by_one(self, tasks: Sequence[Batch]) -> Iterator[Judged]:
        """The same in this process, which lets go of what it worked out if that is much.

        The largest comes last, when what the others took is free again.
        """
        for left, batch in zip(reversed(range(len(tasks))), reversed(tasks), strict=True):
            yield self.judged(batch)
            if self.jobs and gc.get_count()[0] > (SOME if left else MANY):
                _let_go(batch)

    def judged_part(self, part: Part) -> Judged:
        """The verdicts on the files of a part that are asked for, and on its others if they can be remembered."""
        from bybit_lint.judging import judge  # most of the tool, and nobody needs it who finds all in the cache

        asked = part.sources if self.cache else [source for source in part.sources if source.path in self.named]
        found = {source.path: judge.verdict(source, part.project, self.rules) for source in asked}
        quoted = {path for verdict in found.values() for finding in verdict.findings for path in finding.paths}
        keys = {path: redaction.keys(self.every[path]) for path in quoted if self.jobs and path in self.every}
        judged = Judged(found, keys)
        if self.cache and (document := entries.told(part, judged)):
            self.cache.keep(part.key, document)
        return judged


def _let_go(batch: Batch) -> None:
    """Free what was worked out of files that were judged: it is full of circles, which nothing else finds."""
    from bybit_lint.judging import judge

    for part in batch:
        part.let_go()
    judge.let_go()
    gc.collect()
    gc.freeze()

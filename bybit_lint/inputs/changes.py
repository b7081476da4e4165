"""Which lines of a file have changed since a revision: those that are not where they were, or are new.

Compared is with the place where the checked-out branch left the revision, so that what others have done there since
is no change of ours. What git does not know is new.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.inputs import files
from bybit_lint.inputs.git import Repository, Unanswered
from bybit_lint.vocabulary import Finding, Span

SMALL = 100_000
"""Pairs of lines, of which so many are compared one by one."""


class Changes:
    """What has changed since a revision, in the repository of each file."""

    def __init__(self, revision: str, paths: Sequence[str]) -> None:
        """Raises Unanswered if one of the paths is in no repository, or the revision is not in one of them."""
        self.revision = revision
        self._repositories: dict[str, Repository] = {}
        self._known: dict[str, tuple[Source, frozenset[int]]] = {}
        for path in paths:
            self._repository(path)

    def _repository(self, path: str) -> Repository:
        top = _top(os.path.dirname(files.absolute(path)))
        if not top:
            shown = files.shown(path)
            raise Unanswered(f"--since: {shown} is in no git repository; leave --since out, or use a baseline")
        if top not in self._repositories:
            self._repositories[top] = Repository(top, self.revision)
        return self._repositories[top]

    def touch(self, finding: Finding, sources: dict[str, Source]) -> bool:
        """Whether a finding, or a place that explains it, stands on a changed line of one of the sources."""
        spans = (finding.span, *(related.span for related in finding.related))
        return any(span.path in sources and self._touches(span, sources[span.path]) for span in spans)

    def _touches(self, span: Span, source: Source) -> bool:
        changed = self.lines(source)
        return any(line in changed for line in range(span.line, span.end_line + 1))

    def lines(self, source: Source) -> frozenset[int]:
        """The changed lines of a source, from 1. Raises Unanswered."""
        known = self._known.get(source.path)
        if known is None or known[0] is not source:
            known = self._known[source.path] = (source, frozenset(self._lines(source)))
        return known[1]

    def _lines(self, source: Source) -> Iterator[int]:
        repository = self._repository(source.path)
        place = os.path.relpath(files.absolute(source.path), repository.top).replace(os.sep, "/")
        old = repository.blobs.get(place) or repository.blobs.get(repository.renames.get(place, ""))
        try:
            before = Source.of_file(source.path, repository.content(old)).lines if old else []
            return new_lines(before, source.lines)
        except Unreadable:
            return iter(range(1, source.data.count(b"\n") + 2))


@cache
def _top(folder: str) -> str:
    """The top folder of the repository around a folder; empty if there is none."""
    return next((above for above in files.upwards(folder) if os.path.lexists(os.path.join(above, ".git"))), "")


# --- lines ------------------------------------------------------------------------------------------------------------


def new_lines(before: Sequence[str], after: Sequence[str]) -> Iterator[int]:
    """The lines of `after` that are not taken over from `before`, from 1.

    Lines that are there once in both are held against each other first, then what is alike around these (patience
    diff), so that the time grows as the lines do, whatever is in them. Where many stand that are there more than once,
    and no other, all are new.
    """
    kept: set[int] = set()
    gaps = [(0, len(before), 0, len(after))]
    while gaps:
        start, end, first, last = gaps.pop()
        while start < end and first < last and before[start] == after[first]:
            kept.add(first)
            start, first = start + 1, first + 1
        while start < end and first < last and before[end - 1] == after[last - 1]:
            end, last = end - 1, last - 1
            kept.add(last)
        anchors = _anchors(before, start, end, after, first, last) if start < end and first < last else []
        if not anchors and (end - start) * (last - first) <= SMALL:
            kept.update(_matched(before[start:end], after[first:last], first))
        for old, new in anchors:
            kept.add(new)
            gaps.append((start, old, first, new))
            start, first = old + 1, new + 1
        if anchors:
            gaps.append((start, end, first, last))
    return (number + 1 for number in range(len(after)) if number not in kept)


def _matched(before: Sequence[str], after: Sequence[str], first: int) -> Iterator[int]:
    """The lines of a small gap that are taken over; `first` is the number of its first line."""
    from difflib import SequenceMatcher

    for _, start, size in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        yield from range(first + start, first + start + size)


def _anchors(
    before: Sequence[str], start: int, end: int, after: Sequence[str], first: int, last: int
) -> list[tuple[int, int]]:
    """The longest row of lines that are there once on both sides and in the same order, by their places."""
    old, new = Counter(before[start:end]), Counter(after[first:last])
    places = {line: place for place, line in enumerate(before[start:end], start) if old[line] == 1}
    pairs = [
        (places[line], at) for at, line in enumerate(after[first:last], first) if new[line] == 1 and line in places
    ]
    return _longest_rising(pairs)


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs, in their order, whose first numbers rise."""
    tails: list[int] = []  # the smallest first number that a row of each length can end with
    rows: list[int] = []  # and the pair that it is of
    before: list[int] = []
    for number, (old, _) in enumerate(pairs):
        length = bisect_left(tails, old)
        tails[length : length + 1], rows[length : length + 1] = [old], [number]
        before.append(rows[length - 1] if length else -1)
    found = []
    number = rows[-1] if rows else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]

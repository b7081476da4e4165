"""Comments that accept a finding where it stands: `# bybit-lint: ignore[BYB201] the reason` and `# noqa: BYB201`.

With `until=2027-01-31` anywhere behind that, they do so to the end of that day in UTC, everywhere the same.
"""

from __future__ import annotations

import re
import sys
import tokenize
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import count
from typing import TypeAlias

from bybit_lint.analysis.source import Source
from bybit_lint.inputs import selection
from bybit_lint.inputs.days import UNTIL, is_date
from bybit_lint.patterns import regex
from bybit_lint.rule import Rule
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Finding, Span

UNUSED, WITHOUT_CODE, UNKNOWN, EXPIRED = "BYB002", "BYB003", "BYB004", "BYB005"

GUESSES = 20
"""So many unknown words of a file are told with the one that may have been meant, which takes long to find."""

OWN = regex(r"#\s*bybit-lint:\s*ignore\b(?:\[([^\]#]*)\])?")
NOQA = regex(r"#\s*noqa\s*:\s*([A-Z]+\d+(?:[\s,]+[A-Z]+\d+)*)", re.IGNORECASE)
SEPARATOR = regex(r"[\s,]+")
PLAIN = regex(r"(?:^|(?<=\s))#.*")
CONTENT = regex(r"\s*[^\s#]")
LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT)


Reach: TypeAlias = tuple[int, int]
"""The first and the last of some lines, from 1."""
Comment: TypeAlias = tuple[tuple[int, int], str, Reach]
"""A comment: its line (from 1) and column (from 0), its text, and the lines it speaks of."""


class Suppression(NamedTuple):
    """One comment: the words in it, and the lines on which a finding that it accepts begins or ends."""

    span: Span
    words: tuple[str, ...]
    reach: Reach
    until: str | None
    """The last day on which it holds, as it is written; None for one that always does."""

    def has_ended(self, today: str) -> bool:
        return self.until is not None and (not is_date(self.until) or self.until < today)


def apply(
    source: Source, findings: Sequence[Finding], rules: Sequence[Rule], judged: set[str], today: str
) -> Iterator[Finding]:
    """The findings that no comment accepts, and those about the comments themselves.

    `rules` are all there are, `judged` the codes of those that were asked: a comment is unused only on their word.
    What ended before `today` (`2027-01-31`) accepts nothing.
    """
    suppressions = list(_suppressions(source))
    accepted = _accepted([s for s in suppressions if not s.has_ended(today)], rules)
    lost = _accepted([s for s in suppressions if s.has_ended(today)], rules)
    wide = sorted(reach for reach in {*accepted, *lost} if reach[0] < reach[1])
    used: set[tuple[Reach, str]] = set()
    missed: set[tuple[Reach, str]] = set()
    for finding in findings:
        reaches = {reach for line in (finding.span.line, finding.span.end_line) for reach in _around(line, wide)}
        accepting = [(reach, finding.code) for reach in reaches if finding.code in accepted.get(reach, {})]
        used.update(accepting)
        if not accepting:
            missed.update((reach, finding.code) for reach in reaches if finding.code in lost.get(reach, {}))
            yield finding
    places = {place for reach, code in used for place in accepted[reach][code]}
    places |= {place for reach, code in missed for place in lost[reach][code]}
    guessed = count()
    for suppression in suppressions:
        idle = tuple(word for word in suppression.words if (suppression.span, word) not in places)
        if suppression.words and suppression.has_ended(today):
            yield Finding(suppression.span, _ending(suppression, idle), code=EXPIRED)
        yield from _complaints(suppression, idle, rules, judged, guessed, today)


def _accepted(
    suppressions: Iterable[Suppression], rules: Sequence[Rule]
) -> Mapping[Reach, Mapping[str, set[tuple[Span, str]]]]:
    """The codes that are accepted, by where, each with the comments and the words in them that say so."""
    meant = cache(lambda word: selection.named(word, rules))
    found: dict[Reach, dict[str, set[tuple[Span, str]]]] = defaultdict(lambda: defaultdict(set))
    for suppression in suppressions:
        for word in suppression.words:
            for code in meant(word):
                found[suppression.reach][code].add((suppression.span, word))
    return found


def _around(line: int, wide: Sequence[Reach]) -> Iterator[Reach]:
    """A line, and the statement of several lines that it belongs to; no two statements share a line."""
    yield line, line
    place = bisect_right(wide, (line, sys.maxsize)) - 1
    if place >= 0 and line <= wide[place][1]:
        yield wide[place]


def _ending(suppression: Suppression, idle: tuple[str, ...]) -> str:
    """What is said of a suppression whose time is over."""
    if not is_date(suppression.until or ""):
        return f"until={suppression.until} is no date, and so nothing is accepted; write until=YYYY-MM-DD"
    if len(idle) < len(suppression.words):
        return (
            f"this comment ended on {suppression.until}: what it accepted counts again; mend it, or give a later date"
        )
    return f"this comment ended on {suppression.until}, and there is nothing left to accept: take it out"


def _complaints(
    suppression: Suppression,
    idle: tuple[str, ...],
    rules: Sequence[Rule],
    judged: set[str],
    guessed: Iterator[int],
    today: str,
) -> Iterator[Finding]:
    if not suppression.words:
        message = "this comment names no rule and accepts nothing; write `# bybit-lint: ignore[BYB201] the reason`"
        yield Finding(suppression.span, message, code=WITHOUT_CODE)
    for word in idle:
        codes = selection.named(word, rules)
        if not codes:
            choices = rules if next(guessed) < GUESSES else ()
            yield Finding(suppression.span, selection.unknown(word, choices), code=UNKNOWN)
        elif codes <= judged and not suppression.has_ended(today):
            yield Finding(suppression.span, f"{word} finds nothing here: take it out of the comment", code=UNUSED)


def _suppressions(source: Source) -> Iterator[Suppression]:
    body = source.body
    if b"bybit-lint:" not in body and not (b"BYB" in body and b"noqa" in body.lower()):
        return
    for (row, column), comment, reach in _comments(source) if source.is_code else _plain_comments(source):
        place = source.offset(row, len(source.lines[row - 1][:column].encode()))
        end, past = place + len(comment.encode()), 0
        for start, words, until in _said(comment):
            place, past = place + len(comment[past:start].encode()), start
            yield Suppression(source.span_of(place, end), words, reach, until)


def _said(comment: str) -> Iterator[tuple[int, tuple[str, ...], str | None]]:
    """Where in a comment something is suppressed, the words for it, and what is written behind `until=`."""
    found = [(match.start(), SEPARATOR.split(UNTIL.sub("", match[1] or ""))) for match in OWN.finditer(comment)]
    for match in NOQA.finditer(comment):
        words = [word for word in SEPARATOR.split(match[1]) if word.upper().startswith("BYB")]
        if words:  # a noqa for other linters is none of our concern
            found.append((match.start(), words))
    found.sort()
    for (start, words), end in zip(found, [*(start for start, _ in found[1:]), len(comment)], strict=False):
        until = UNTIL.search(comment, start, end)
        yield start, tuple(dict.fromkeys(filter(None, words))), until and until[1]


def _comments(source: Source) -> Iterator[Comment]:
    """Each comment with the lines it speaks of: its own or, where it stands alone, what follows it."""
    for statement in logical_lines(source):
        code = [token.start[0] for token in statement if token.type not in LAYOUT]
        for token in statement:
            if token.type == tokenize.COMMENT:
                row, column = token.start
                is_alone = not source.lines[row - 1][:column].strip()
                target = code[bisect_right(code, row)] if is_alone else row
                yield token.start, token.string, (target, code[-1] if is_alone and target == code[0] else target)


def _plain_comments(source: Source) -> Iterator[Comment]:
    """The same for a manifest, where a comment that stands alone speaks of the next line that is none."""
    below = 0
    found: list[Comment] = []
    for row, line in reversed(list(enumerate(source.lines, start=1))):
        if comment := PLAIN.search(line):
            is_alone = not line[: comment.start()].strip()
            target = below or row if is_alone else row
            found.append(((row, comment.start()), comment[0], (target, target)))
        if CONTENT.match(line):
            below = row
    return reversed(found)


def logical_lines(source: Source) -> Iterator[list[tokenize.TokenInfo]]:
    """The tokens of each logical line, with the comments above it."""
    statement = []
    for token in source.tokens():
        statement.append(token)
        if token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
            yield statement
            statement = []

"""Comments that accept a finding where it stands: `# bybit-lint: ignore[BYB201] the reason` and `# noqa: BYB201`."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from bybit_lint import selection
from bybit_lint.rule import Rule
from bybit_lint.source import Source
from bybit_lint.vocabulary import Finding, Span

UNUSED, WITHOUT_CODE, UNKNOWN = "BYB002", "BYB003", "BYB004"

OWN = re.compile(r"#\s*bybit-lint:\s*ignore\b(?:\[([^\]]*)\])?")
NOQA = re.compile(r"#\s*noqa\s*:\s*([A-Z]+\d+(?:[\s,]+[A-Z]+\d+)*)", re.IGNORECASE)
SEPARATOR = re.compile(r"[\s,]+")
PLAIN = re.compile(r"(?:^|(?<=\s))#.*")
CONTENT = re.compile(r"\s*[^\s#]")
LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT)


Comment: TypeAlias = tuple[tuple[int, int], str, Collection[int]]
"""A comment: its line (from 1) and column (from 0), its text, and the lines it speaks of."""


class Suppression(NamedTuple):
    """One comment: the words in it, and the lines (from 1) on which a finding that it accepts begins or ends."""

    span: Span
    words: tuple[str, ...]
    lines: Collection[int]

    def reaches(self, finding: Finding) -> bool:
        return finding.span.line in self.lines or finding.span.end_line in self.lines


def apply(source: Source, findings: Sequence[Finding], rules: Sequence[Rule], judged: set[str]) -> Iterator[Finding]:
    """The findings that no comment accepts, and those about the comments themselves.

    `rules` are all there are, `judged` the codes of those that were asked: a comment is unused only on their word.
    """
    suppressions = list(_suppressions(source))
    used = set()
    for finding in findings:
        reaching = [(s.span, word) for s in suppressions if s.reaches(finding) for word in s.words]
        accepting = [(span, word) for span, word in reaching if finding.code in selection.named(word, rules)]
        used.update(accepting)
        if not accepting:
            yield finding
    for suppression in suppressions:
        idle = tuple(word for word in suppression.words if (suppression.span, word) not in used)
        yield from _complaints(suppression, idle, rules, judged)


def _complaints(
    suppression: Suppression, idle: tuple[str, ...], rules: Sequence[Rule], judged: set[str]
) -> Iterator[Finding]:
    if not suppression.words:
        message = "this comment names no rule and accepts nothing; write `# bybit-lint: ignore[BYB201] the reason`"
        yield Finding(suppression.span, message, code=WITHOUT_CODE)
    for word in idle:
        codes = selection.named(word, rules)
        if not codes:
            yield Finding(suppression.span, selection.unknown(word, rules), code=UNKNOWN)
        elif codes <= judged:
            yield Finding(suppression.span, f"{word} finds nothing here: take it out of the comment", code=UNUSED)


def _suppressions(source: Source) -> Iterator[Suppression]:
    body = source.body
    if b"bybit-lint:" not in body and not (b"BYB" in body and b"noqa" in body.lower()):
        return
    for (row, column), comment, lines in _comments(source) if source.is_code else _plain_comments(source):
        for start, words in _said(comment):
            before = source.lines[row - 1][: column + start]
            place = source.offset(row, len(before.encode()))
            yield Suppression(source.span_of(place, place + len(comment[start:].encode())), words, lines)


def _said(comment: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Where in a comment something is suppressed, and the words for it."""
    for match in OWN.finditer(comment):
        yield match.start(), tuple(filter(None, SEPARATOR.split(match[1] or "")))
    for match in NOQA.finditer(comment):
        words = tuple(word for word in SEPARATOR.split(match[1]) if word.upper().startswith("BYB"))
        if words:  # a noqa for other linters is none of our concern
            yield match.start(), words


def _comments(source: Source) -> Iterator[Comment]:
    """Each comment with the lines it speaks of: its own or, where it stands alone, what follows it."""
    for statement in _statements(source):
        code = [token.start[0] for token in statement if token.type not in LAYOUT]
        whole = range(code[0], code[-1] + 1)
        for token in statement:
            if token.type == tokenize.COMMENT:
                row, column = token.start
                is_alone = not source.lines[row - 1][:column].strip()
                target = next(line for line in code if line > row) if is_alone else row
                yield token.start, token.string, whole if is_alone and target == code[0] else (target,)


def _plain_comments(source: Source) -> Iterator[Comment]:
    """The same for a manifest, where a comment that stands alone speaks of the next line that is none."""
    for row, line in enumerate(source.lines, start=1):
        if comment := PLAIN.search(line):
            is_alone = not line[: comment.start()].strip()
            below = (number for number, text in enumerate(source.lines[row:], start=row + 1) if CONTENT.match(text))
            yield (row, comment.start()), comment[0], (next(below, row) if is_alone else row,)


def _statements(source: Source) -> Iterator[list[tokenize.TokenInfo]]:
    """The tokens of each logical line, with the comments above it."""
    statement = []
    for token in source.tokens():
        statement.append(token)
        if token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
            yield statement
            statement = []

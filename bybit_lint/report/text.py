"""The findings as a person reads them: message, place, code, what to do."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.report import Report, answered, offered, printable
from bybit_lint.report.frame import Mark, frame, marks
from bybit_lint.report.summary import summary
from bybit_lint.vocabulary import Finding, Severity, Span
from bybit_lint.vocabulary.record import Record

COLORS = {"error": "1;31", "warning": "1;33", "note": "1;36", "frame": "1;34", "strong": "1"}


class Place(Record):
    """A file with something to show, and where to look first."""

    span: Span
    marks: list[Mark]


def render(report: Report) -> str:
    """A block per finding with an empty line after it, then the summary."""
    blocks = ["".join(f"{line}\n" for line in (*_block(finding, report), "")) for finding in report.findings]
    return "".join(blocks) + ("" if report.is_quiet else summary(report))


def _block(finding: Finding, report: Report) -> Iterator[str]:
    rule, paint = report.rules[finding.code], _colored if report.is_colored else _plain
    first, *others = places(finding, rule.severity, report)
    gutter = max((len(str(mark.line)) for place in (first, *others) for mark in place.marks), default=1)
    margin = " " * gutter
    yield paint(f"{rule.severity}[{rule.code}]", rule.severity) + paint(f": {printable(finding.message)}", "strong")
    for arrow, place in (("-->", first), *((":::", other) for other in others)):
        yield f"{paint(margin + arrow, 'frame')} {printable(place.span.path)}:{place.span.line}:{place.span.column}"
        if place.marks:
            yield from frame(report.lines(place.span.path), place.marks, gutter, paint, report.width)
    for note in notes(finding, report):
        yield f"{paint(margin + ' =', 'frame')} {printable(note)}"


def places(finding: Finding, severity: Severity, report: Report) -> list[Place]:
    """What is shown of each file, the finding's own first."""
    own = Place(finding.span, marks(finding.span, report.lines(finding.span.path), "^", severity))
    places = {finding.span.path: own}
    for related in finding.related:
        place = places.setdefault(related.span.path, Place(related.span, []))
        place.marks.extend(marks(related.span, report.lines(related.span.path), "-", "frame", related.message))
    return list(places.values())


def notes(finding: Finding, report: Report) -> Iterator[str]:
    """What there is to do, what Bybit answers, and where to read on."""
    fix = offered(finding)
    if fix:
        yield f"fix: {fix.title} (bybit-lint --fix{'' if fix.is_safe else ' --unsafe-fixes'})"
    if finding.not_fixed:
        yield f"no fix: {finding.not_fixed}"
    if codes := answered(finding, report):
        yield codes
    yield f"read: bybit-lint explain {finding.code}"


def _plain(text: str, _style: str) -> str:
    return text


def _colored(text: str, style: str) -> str:
    return f"\x1b[{COLORS[style]}m{text}\x1b[0m"

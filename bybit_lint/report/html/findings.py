"""Findings on the page, by their files: what is wrong, where it is, and what the fix makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bybit_lint.report import Report, edits_of, ret_codes
from bybit_lint.report.html.diff import hunks
from bybit_lint.report.html.frames import diff, frame
from bybit_lint.report.html.markup import Markup, Tag
from bybit_lint.report.text import notes, places
from bybit_lint.vocabulary import Finding, Span


def section(tag: Tag, name: str, path: str, findings: Sequence[tuple[int, Finding]], report: Report) -> Markup:
    """A file with its numbered findings. `name` is its id."""
    shown = [_article(tag, number, finding, report) for number, finding in findings]
    return tag("section", tag("h2", path), *shown, id=name)


def _article(tag: Tag, number: int, finding: Finding, report: Report) -> Markup:
    """A finding. The filters go by its classes."""
    rule = report.rules[finding.code]
    codes = ret_codes(finding, report) or (None,)
    classes = (rule.severity, rule.code, rule.family, *(f"c{code}" for code in codes))
    name = f"finding{number}"
    place = tag("a", _said(finding.span), href=f"#{name}")
    return tag(
        "article",
        tag("h3", tag("b", rule.severity), " ", finding.message),
        tag("p", place, f" {rule.code} {rule.name}", class_="place"),
        *_frames(tag, finding, report),
        tag("ul", *(tag("li", note) for note in notes(finding, report))),
        *_diff(tag, finding, report),
        class_=" ".join(classes),
        id=name,
    )


def _frames(tag: Tag, finding: Finding, report: Report) -> Iterator[Markup]:
    """The finding's own lines, and those of its second places: where these are in another file, below its name."""
    for place in places(finding, report.rules[finding.code].severity, report):
        if place.span is not finding.span:
            yield tag("p", _said(place.span), class_="place")
        if place.marks:
            yield frame(tag, report.lines(place.span.path), place.marks)


def _diff(tag: Tag, finding: Finding, report: Report) -> Iterator[Markup]:
    edits = edits_of(finding, report)
    if not edits:
        return
    found = hunks(edits, report)
    yield diff(tag, found) if found else tag("p", "What the fix writes is too long for this page: bybit-lint --diff")


def _said(span: Span) -> str:
    return f"{span.path}:{span.line}:{span.column}"

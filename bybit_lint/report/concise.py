"""One line per finding, for editors, grep and people in a hurry."""

from __future__ import annotations

from bybit_lint.report import Report, offered, printable
from bybit_lint.report.summary import summary
from bybit_lint.vocabulary import Finding


def render(report: Report) -> str:
    """`path:line:column: code message`, with `[*]` where --fix helps, then the summary."""
    return "".join(map(_line, report.findings)) + ("" if report.is_quiet else summary(report))


def _line(finding: Finding) -> str:
    span, fix = finding.span, offered(finding)
    star = " [*]" if fix and fix.is_safe else ""
    return f"{printable(span.path)}:{span.line}:{span.column}: {finding.code} {printable(finding.message)}{star}\n"

"""How often each rule spoke, in the place of the findings."""

from __future__ import annotations

from collections import Counter

from bybit_lint.report import Report, offered
from bybit_lint.report.summary import summary


def render(report: Report) -> str:
    """A line per rule, the most frequent first, with `[*]` where --fix helps with some of them; then the summary."""
    counts = Counter(finding.code for finding in report.findings)
    safe = {finding.code for finding in report.findings if (fix := offered(finding)) and fix.is_safe}
    width = len(str(max(counts.values(), default=0)))
    lines = [
        f"{number:>{width}}  {code} {report.rules[code].name}{'  [*]' if code in safe else ''}\n"
        for code, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return "".join(lines) + ("" if report.is_quiet else summary(report))

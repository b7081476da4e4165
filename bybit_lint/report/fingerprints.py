"""What services of others know a finding by from run to run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256

from bybit_lint.report import Report


def fingerprints(report: Report) -> Iterator[str]:
    """One for each finding, in their order: of its rule and line, and which of those it is in its file."""
    seen: Counter[tuple[str, str]] = Counter()
    hashed = cache(lambda code, path, line: _hash(code, report.lines(path)[line - 1 : line]))
    for finding in report.findings:
        line = hashed(finding.code, finding.span.path, finding.span.line)
        seen[finding.span.path, line] += 1
        yield f"{line}:{seen[finding.span.path, line]}"


def _hash(code: str, lines: Sequence[str]) -> str:
    """Stays the same wherever the flagged line moves to, in this file or another, and however it is indented."""
    return sha256(f"{code} {' '.join(''.join(lines).split())}".encode()).hexdigest()[:16]

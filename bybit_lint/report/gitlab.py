"""The findings as GitLab shows them in a merge request: its Code Quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import posixpath
from hashlib import sha256
from typing import Any

from bybit_lint.report import Report, answered, slashed
from bybit_lint.report.fingerprints import fingerprints
from bybit_lint.vocabulary import Finding

SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}


def render(report: Report) -> list[dict[str, Any]]:
    """The list, empty if all is well; no problem has a place in it."""
    return [_issue(*pair, report) for pair in zip(report.findings, fingerprints(report), strict=True)]


def _issue(finding: Finding, fingerprint: str, report: Report) -> dict[str, Any]:
    rule, path = report.rules[finding.code], posixpath.normpath(slashed(finding.span.path))
    return {
        "description": " ".join(filter(None, (f"{finding.message}.", _said(answered(finding, report))))),
        "check_name": f"{rule.code} {rule.name}",
        "fingerprint": sha256(f"{path} {fingerprint}".encode("utf-8", "surrogatepass")).hexdigest(),
        "severity": SEVERITIES[rule.severity],
        "location": {"path": path, "lines": {"begin": finding.span.line}},
    }


def _said(codes: str) -> str:
    return f"({codes})" if codes else ""
